//! How fast the kernels are here: products by rows of A and by how the weights are stored, and what goes over rows.

use std::time::Instant;

use attnscope::math::{Activation, DType, Epilogue, PackedB, Rows, StoredB, TensorData, TensorView, WeightMatrix};
use attnscope::math::{layer_norm, softmax_rows};

/// A feed-forward part of a small model.
const DEPTH: usize = 512;
const COLUMNS: usize = 1536;

fn main() {
    println!("products [rows, {DEPTH}, {COLUMNS}], GFLOP/s, best of many");
    print!("{:24}", "");
    let rows = [1, 4, 16, 64, 256];
    println!("{}", rows.map(|rows| format!("{rows:7}")).concat());
    let a = vec![0.5; rows[4] * DEPTH];
    let mut out = vec![0.0; rows[4] * COLUMNS];
    for dtype in [DType::F32, DType::F16, DType::Q8_0, DType::Q4_1, DType::Q4_K, DType::Q6_K] {
        // Bytes that are small numbers of every kind.
        let bytes = vec![0x11; dtype.bytes_of(DEPTH * COLUMNS)];
        let panels = WeightMatrix::Packed(PackedB::from_weights(&[TensorView { dtype, bytes: &bytes }], DEPTH));
        let stored = WeightMatrix::Stored(StoredB::new(vec![TensorData::interleaved(dtype, bytes, DEPTH)], DEPTH));
        for (name, matrix) in [("in panels", panels), ("as stored", stored)] {
            if dtype != DType::F32 && name == "in panels" {
                continue; // the same as F32
            }
            print!("{:24}", format!("{dtype:?}, {name}"));
            for rows in rows {
                let a = Rows::dense(&a[..rows * DEPTH], DEPTH);
                let seconds = best(|| matrix.matmul(a, &mut out, COLUMNS, Epilogue::None));
                print!("{:7.1}", 2e-9 * (rows * DEPTH * COLUMNS) as f64 / seconds);
            }
            println!();
        }
    }

    println!("\nnanoseconds a number, rows of 512, best of many");
    let numbers: Vec<f32> = (0..64 * 512).map(|i| (i % 97) as f32 / 20.0 - 2.0).collect();
    let mut x = numbers.clone();
    let each = |seconds: f64| 1e9 * seconds / numbers.len() as f64;
    println!(
        "softmax    {:6.2}",
        each(best(|| {
            x.copy_from_slice(&numbers);
            softmax_rows(&mut x, 512);
        }))
    );
    let (gain, bias) = (vec![1.0; 512], vec![0.0; 512]);
    println!("layer norm {:6.2}", each(best(|| layer_norm(&mut x, &gain, &bias, 1e-5))));
    for activation in [Activation::Gelu, Activation::GeluTanh, Activation::Silu] {
        let apply = || x.as_chunks_mut::<8>().0.iter_mut().for_each(|x| *x = activation.of((*x).into()).to_array());
        println!("{:10} {:6.2}", format!("{activation:?}"), each(best(apply)));
    }
}

/// Seconds of the fastest run within a fifth of a second.
fn best(mut work: impl FnMut()) -> f64 {
    let (mut best, begun) = (f64::INFINITY, Instant::now());
    while begun.elapsed().as_secs_f64() < 0.2 {
        let once = Instant::now();
        work();
        best = best.min(once.elapsed().as_secs_f64());
    }
    best
}
