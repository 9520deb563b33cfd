//! LayerNorm (Ba, Kiros and Hinton 2016, <https://arxiv.org/abs/1607.06450>) and RMSNorm (Zhang and Sennrich 2019,
//! <https://arxiv.org/abs/1910.07467>).

use wide::f32x8;

/// LayerNorm in place: scales each row of `x` [rows, width] to mean 0 and variance 1, then multiplies it with `gain`
/// `[width]` and adds `bias` `[width]`. `epsilon` is added to the variance.
pub fn layer_norm(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    for row in x.chunks_exact_mut(gain.len()) {
        norm_row(row, gain, bias, epsilon);
    }
}

/// RMSNorm in place: scales each row of `x` [rows, width] to a root mean square of 1, then multiplies it with `gain`
/// `[width]`. `epsilon` is added to the mean square.
pub fn rms_norm(x: &mut [f32], gain: &[f32], epsilon: f32) {
    for row in x.chunks_exact_mut(gain.len()) {
        let square = sum_of(row, |x| x * x) / gain.len() as f32;
        let scale = 1.0 / (square + epsilon).sqrt();
        row.iter_mut().zip(gain).for_each(|(x, gain)| *x *= scale * gain);
    }
}

fn norm_row(row: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    let width = row.len() as f32;
    let mean = sum_of(row, |x| x) / width;
    // The variance takes a second pass over the row: the mean of squares minus the square of the mean would lose
    // digits.
    let variance = sum_of(row, |x| (x - mean) * (x - mean)) / width;
    let scale = 1.0 / (variance + epsilon).sqrt();
    for ((x, &g), &b) in row.iter_mut().zip(gain).zip(bias) {
        *x = (*x - mean) * scale * g + b;
    }
}

/// The sum of `f` over a row, in eight partial sums.
#[inline(always)]
fn sum_of<F>(row: &[f32], f: F) -> f32
where
    F: Fn(f32) -> f32,
{
    let (eights, rest) = row.as_chunks::<8>();
    let mut lanes = [0.0f32; 8];
    for eight in eights {
        for (lane, &x) in lanes.iter_mut().zip(eight) {
            *lane += f(x);
        }
    }
    f32x8::new(lanes).reduce_add() + rest.iter().map(|&x| f(x)).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::noise;

    /// The scalar twin, in f64.
    fn naive(row: &[f32], gain: &[f32], bias: &[f32], epsilon: f64) -> Vec<f64> {
        let n = row.len() as f64;
        let mean = row.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
        let variance = row.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n;
        let normed = row.iter().map(|&x| (f64::from(x) - mean) / (variance + epsilon).sqrt());
        normed.zip(gain.iter().zip(bias)).map(|(x, (&g, &b))| x * f64::from(g) + f64::from(b)).collect()
    }

    #[test]
    fn rms_by_hand() {
        // Mean square (9 + 16) / 2, and with epsilon 12.5 + 3.5 = 16.
        let mut x = [3.0, 4.0, 0.0, 0.0];
        rms_norm(&mut x, &[2.0, 1.0], 3.5);
        assert_eq!(x, [1.5, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn agrees_with_its_twin() {
        for width in [1, 7, 8, 33, 384] {
            let x = noise(2 * width, 3.0, 1);
            let (gain, bias) = (noise(width, 1.5, 3), noise(width, 1.0, 4));
            let mut normed = x.clone();
            layer_norm(&mut normed, &gain, &bias, 1e-5);
            for (ours, x) in normed.chunks(width).zip(x.chunks(width)) {
                for (got, want) in ours.iter().zip(naive(x, &gain, &bias, 1e-5)) {
                    assert!((f64::from(*got) - want).abs() < 5e-6, "width {width}: {got} is not {want}");
                }
            }
        }
    }
}
