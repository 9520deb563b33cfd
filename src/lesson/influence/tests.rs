use super::*;

fn drawn(width: usize, tokens: usize, seed: u64) -> (Drawn, Vec<f64>) {
    let mut random = Random::new(seed);
    let x = (0..tokens * width).map(|_| random.normal()).collect();
    (Drawn::new(width, &mut random), x)
}

/// Columns of a Jacobian by finite differences: column `j` is the derivative by x[at + j].
fn differences(drawn: &Drawn, model: Model, x: &[f64], tokens: usize, at: usize, width: usize) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let mut jacobian = vec![0.0; width * width];
    for j in 0..width {
        let moved = |by: f64| {
            let mut x = x.to_vec();
            x[at + j] += by;
            drawn.outputs(model, &x, &[tokens]).remove(0).y
        };
        for (i, (up, down)) in moved(STEP).iter().zip(moved(-STEP)).enumerate() {
            jacobian[i * width + j] = (up - down) / (2.0 * STEP);
        }
    }
    jacobian
}

#[test]
fn derivatives_agree_with_finite_differences() {
    let width = 6;
    for model in Model::ALL {
        for tokens in [2, 3, 4, 8, 16, 32] {
            let (drawn, x) = drawn(width, tokens, 40 + tokens as u64);
            let output = drawn.outputs(model, &x, &[tokens]).remove(0);
            let ends = [(&output.by_first, 0), (&output.by_last, (tokens - 1) * width)];
            for (ours, at) in ends {
                let want = differences(&drawn, model, &x, tokens, at, width);
                for (ours, want) in ours.iter().zip(want) {
                    assert!((ours - want).abs() < 1e-9, "{model:?}, {tokens} tokens: {ours} is not {want}");
                }
            }
        }
    }
}

/// In a sequence of one token, the first token is the last.
#[test]
fn one_token_counts_as_itself() {
    let (drawn, x) = drawn(5, 1, 2);
    for model in [Model::Rnn, Model::Lstm] {
        assert_eq!(drawn.influence(model, &x, &[1]), [1.0], "{model:?}");
    }
}

#[test]
fn a_seed_always_gives_the_same_numbers_and_another_gives_others() {
    let (one, again, other) = (curves(1), curves(1), curves(2));
    assert_eq!(one, again);
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.influence.len(), LENGTHS.len());
        assert!(one.influence.iter().zip(&other.influence).all(|(a, b)| a != b && a.is_finite() && *a > 0.0));
    }
}

/// The statement of the lesson: recurrent models lose a share of the influence with every token, and attention does
/// not.
#[test]
fn a_state_forgets_exponentially_and_attention_does_not() {
    for seed in 0..8 {
        let curves = curves(seed);
        let at = |model: Model, tokens: usize| {
            let place = LENGTHS.iter().position(|&n| n == tokens).unwrap();
            curves.iter().find(|curve| curve.model == model).unwrap().influence[place]
        };
        for model in [Model::Rnn, Model::Lstm] {
            assert!(at(model, 128) < 1e-6, "{model:?}, seed {seed}");
            assert!(at(model, 512) < at(model, 128).powi(2), "{model:?}, seed {seed}");
        }
        for model in [Model::AttentiveRnn, Model::SelfAttention] {
            assert!(at(model, 512) > 1e-4, "{model:?}, seed {seed}");
        }
    }
}

#[test]
fn paths_and_steps() {
    assert_eq!(Model::ALL.map(|model| model.path_length(512)), [511, 511, 1, 1]);
    assert_eq!(Model::ALL.map(|model| model.sequential_steps(512)), [512, 512, 512, 1]);
}

#[test]
fn norms_of_tiny_numbers() {
    assert_eq!(norm(&[3e-200, -4e-200]), 5e-200);
    assert_eq!(norm(&[0.0, 0.0]), 0.0);
}
