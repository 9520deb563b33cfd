use super::task::Batch;
use super::*;

fn small(kind: Kind) -> Settings {
    let task = Task { keys: 5, values: 3, pairs: 4 };
    let width = if kind == Kind::Attention { 6 } else { 5 };
    Settings { task, embedding: 3, width, batch: 4, steps: 60, rate: 0.01 }
}

fn batch(settings: &Settings) -> Batch {
    settings.task.batch(settings.batch, 4, &mut Random::new(8))
}

/// Every number of every tensor.
#[test]
fn gradients_agree_with_finite_differences() {
    const STEP: f64 = 1e-5;
    for kind in Kind::ALL {
        let settings = small(kind);
        let (mut model, batch) = (Model::new(kind, &settings, &mut Random::new(3)), batch(&settings));
        model.learn(&batch);
        let gradients: Vec<(&str, Vec<f64>)> =
            model.parameters().iter().map(|(name, parameter)| (*name, parameter.gradient.clone())).collect();
        for (place, (name, gradient)) in gradients.iter().enumerate() {
            assert!(gradient.iter().any(|g| g.abs() > 1e-4), "{kind:?} {name} is learnt");
            for (i, ours) in gradient.iter().enumerate() {
                let mut loss_at = |by: f64| {
                    model.parameters()[place].1.value[i] += by;
                    let loss = model.answer(&batch).loss;
                    model.parameters()[place].1.value[i] -= by;
                    loss
                };
                let want = (loss_at(STEP) - loss_at(-STEP)) / (2.0 * STEP);
                assert!((ours - want).abs() < 1e-8, "{kind:?} {name} {i}: {ours} is not {want}");
            }
        }
    }
}

#[test]
fn a_seed_always_gives_the_same_training_and_another_gives_another() {
    let run = |kind, seed| {
        let mut training = Training::new(kind, seed, small(kind));
        let losses: Vec<Progress> = (0..10).map(|_| training.step()).collect();
        (losses, training.accuracy_by_distance())
    };
    for kind in Kind::ALL {
        assert_eq!(run(kind, 1), run(kind, 1), "{kind:?}");
        assert_ne!(run(kind, 1), run(kind, 2), "{kind:?}");
    }
}

/// Looking how far a model has come is not a part of its training.
#[test]
fn measuring_changes_nothing() {
    let mut training = [(); 2].map(|()| Training::new(Kind::Lstm, 1, small(Kind::Lstm)));
    let [watched, alone] = &mut training;
    for _ in 0..3 {
        assert_eq!(watched.accuracy_by_distance().len(), 4);
        watched.checkpoint();
        assert_eq!(watched.step(), alone.step());
    }
}

/// The curve that the lesson draws while a model learns: the mean of the shares by distance with all pairs seen is an
/// independent measurement of the same quantity on other held-out sequences.
#[test]
fn checkpoints_measure_the_same_held_out_sequences() {
    let mut training = Training::new(Kind::Attention, 1, small(Kind::Attention));
    let (mut steps, mut last) = (Vec::new(), 0.0);
    while !training.is_done() {
        training.step();
        if let Some(right) = training.checkpoint() {
            assert_eq!(training.checkpoint(), Some(right), "measured twice it is the same");
            steps.push(training.done);
            last = right;
        }
    }
    assert_eq!(steps, (1..=30).map(|i| 2 * i).collect::<Vec<_>>(), "60 steps, a checkpoint every second one");
    let full = training.accuracy_when_full();
    let mean = full.iter().sum::<f64>() / full.len() as f64;
    // Two standard errors of a share of 500 sequences, and of the mean of four such.
    assert!((last - mean).abs() < 0.06, "{last} {mean}");
}

#[test]
fn all_kinds_read_the_same_batches() {
    let next = |kind| {
        let mut training = Training::new(kind, 5, small(kind));
        training.step();
        training.batches.below(usize::MAX)
    };
    assert_eq!(next(Kind::Rnn), next(Kind::Lstm));
    assert_eq!(next(Kind::Rnn), next(Kind::Attention));
}

#[test]
fn parameters_are_about_as_many() {
    let sizes = Kind::ALL.map(|kind| Training::new(kind, 0, Settings::of(kind)).parameters());
    assert_eq!(sizes, [4680, 4808, 4760]);
}

#[test]
fn a_short_training_lowers_the_loss() {
    for kind in Kind::ALL {
        let mut training = Training::new(kind, 1, Settings { steps: 150, ..Settings::of(kind) });
        let losses: Vec<f64> = (0..150).map(|_| training.step().loss).collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let (first, last) = (mean(&losses[..30]), mean(&losses[120..]));
        assert!(last < 0.9 * first, "{kind:?}: {first} to {last}");
        assert!(training.is_done());
    }
}

/// What the lesson shows, with the lesson's own settings.
#[test]
fn attention_recalls_at_every_distance_and_a_state_does_not() {
    let accuracy = |kind| {
        let mut training = Training::new(kind, 1, Settings::of(kind));
        while !training.is_done() {
            training.step();
        }
        [training.accuracy_by_distance(), training.accuracy_when_full()]
    };
    let [rnn, lstm, attention] = Kind::ALL.map(accuracy);
    assert!(attention.iter().flatten().all(|share| *share >= 0.95), "{attention:?}");
    for [by_distance, full] in [&rnn, &lstm] {
        assert!(by_distance[0] >= 0.95 && by_distance[11] < 0.6, "{by_distance:?}");
        assert!(full.iter().all(|share| *share < 0.7), "{full:?}");
    }
    assert!(rnn[0][11] < lstm[0][11], "{rnn:?} {lstm:?}");
    // When as much has always been seen, the plain RNN alone prefers what is near.
    let lost = |full: &[f64]| full[0] - full[11];
    assert!(lost(&rnn[1]) > 0.2 && lost(&lstm[1]).abs() < 0.15, "{rnn:?} {lstm:?}");
}
