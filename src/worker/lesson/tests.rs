use super::*;
use crate::lesson::recall::{Kind as Network, Progress};
use crate::scene::charts::Named;

fn curves() -> Curves {
    let lines = vec![Named { name: "a".into(), style: 0, points: vec![(1.0, 0.5), (2.0, 0.25)] }];
    Curves { title: "t".into(), axes: ["x".into(), "y".into()], lines, x_log: true, y_log: true, y_most: 1.0 }
}

#[test]
fn every_message_there_and_back() {
    for ask in [
        Ask::Influence { seed: u64::MAX },
        Ask::Train { seed: 7 },
        Ask::Stop,
        Ask::Effect { signal: Signal::Learned },
        Ask::Plot { curves: curves(), room: 400.0 },
    ] {
        assert_eq!(read::<Ask>(&write(&ask)).unwrap(), ask);
    }
    let progress = Progress { step: 3, loss: 2.0, accuracy: 0.5 };
    for tell in [
        Tell::Training { kind: Network::Lstm, progress, of: 3000, held_out: Some(0.5) },
        Tell::Learnt { kind: Network::Attention, alone: vec![1.0], full: vec![0.5] },
        Tell::Effect { signal: Signal::None, added: None },
        plot(&curves(), 400.0).unwrap(),
    ] {
        assert_eq!(read::<Tell>(&write(&tell)).unwrap(), tell);
    }
    let mut bytes = write(&Ask::Stop);
    bytes.push(0);
    assert_eq!(read::<Ask>(&bytes).unwrap_err().kind, Kind::Worker);
    assert_eq!(read::<Ask>(&[200]).unwrap_err().kind, Kind::Worker);
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    assert!(plot(&curves(), f32::NAN).is_err());
    let mut wrong = curves();
    wrong.lines[0].points[0].1 = f32::INFINITY;
    assert_eq!(plot(&wrong, 400.0).unwrap_err().kind, Kind::Input);
    wrong.lines.clear();
    assert!(plot(&wrong, 400.0).is_err());
}

/// As the lesson says: of these three, the same distance is the same change, wherever in the text.
#[test]
fn relative_schemes_have_even_diagonals() {
    let table: Vec<f32> = (0..PLACES * HEAD_WIDTH).map(|i| (i as f32 * 0.37).sin()).collect();
    for signal in Signal::ALL {
        let added = signal.added(Some(table.clone())).unwrap();
        assert_eq!(added.len(), PLACES * PLACES);
        let steps = (0..PLACES - 1).flat_map(|i| (0..PLACES - 1).map(move |j| (i, j)));
        let spread = steps.map(|(i, j)| (added[(i + 1) * PLACES + j + 1] - added[i * PLACES + j]).abs());
        let spread = spread.filter(|step| !step.is_nan()).fold(0.0, f32::max);
        match signal {
            Signal::Sinusoidal | Signal::Learned => assert!(spread > 0.1, "{signal:?} {spread}"),
            _ => assert!(spread < 1e-4, "{signal:?} {spread}"),
        }
        assert_eq!(added.iter().any(|cell| cell.is_nan()), signal == Signal::Alibi);
    }
    assert_eq!(Signal::Learned.added(None), None);
}
