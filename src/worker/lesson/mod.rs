//! What the lesson asks of the worker: its small models, position signals, and charts. No run is needed.
//!
//! These messages travel within [`Request::Lesson`](super::protocol::Request::Lesson) and
//! [`Reply::Lesson`](super::protocol::Reply::Lesson) as bytes that only the lesson reads, so that the page's first part
//! knows nothing of them. [`super::protocol::VERSION`] is theirs, too.

#[cfg(target_arch = "wasm32")]
mod train;

#[cfg(target_arch = "wasm32")]
pub use train::hear;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};
use crate::lesson::influence::{self, Curve};
use crate::lesson::positions::{self, Scheme};
use crate::lesson::recall;
use crate::math::Random;
use crate::scene::charts::Curves;
use crate::worker::protocol::ROOM;

/// Places of the text whose scores are drawn, and numbers of its query and key: those of one head of the built-in model.
pub const PLACES: usize = 32;
pub const HEAD_WIDTH: usize = 32;

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Replies: `Influence` for each model.
    Influence { seed: u64 },
    /// Trains the models of the recall task one after the other; the newest training wins. Replies: `Training` about ten
    /// times a second, and `Learnt` at the end of each.
    Train { seed: u64 },
    /// Ends a training; no reply.
    Stop,
    /// What positions do to the scores of [`PLACES`] places. Reply: `Effect`.
    Effect { signal: Signal },
    /// A chart of these lines, so many pixels across. Reply: `Plotted`.
    Plot { curves: Curves, room: f32 },
}

/// To the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    Influence {
        curve: Curve,
    },
    /// `of`: steps in all; `held_out`: the share of right answers on held-out sequences, 0 to 1, where it was measured
    /// after this step.
    Training {
        kind: recall::Kind,
        progress: recall::Progress,
        of: usize,
        held_out: Option<f64>,
    },
    /// Shares of right answers by distance: with nothing else seen, and with all pairs seen.
    Learnt {
        kind: recall::Kind,
        alone: Vec<f64>,
        full: Vec<f64>,
    },
    /// What is added to each score [query, key], [`PLACES`] of each; NaN where a query may not read. None where the model
    /// here has no table of positions.
    Effect {
        signal: Signal,
        added: Option<Vec<f32>>,
    },
    Plotted {
        scene: crate::scene::Scene,
    },
}

/// The position signals that are compared, each with the numbers that the lesson gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signal {
    None,
    Sinusoidal,
    /// The model's own table.
    Learned,
    Buckets,
    Rotary,
    Alibi,
}

impl Signal {
    pub const ALL: [Self; 6] = [Self::None, Self::Sinusoidal, Self::Learned, Self::Buckets, Self::Rotary, Self::Alibi];

    /// `table`: the model's own vectors, [`PLACES`] of [`HEAD_WIDTH`] numbers.
    fn scheme(self, table: Option<Vec<f32>>) -> Option<Scheme> {
        Some(match self {
            Self::None => Scheme::None,
            Self::Sinusoidal => Scheme::Sinusoidal,
            Self::Learned => Scheme::Learned { table: table? },
            Self::Buckets => {
                // Half of the 32 buckets are for keys behind; farther ones cost more.
                let biases = (0..32).map(|bucket| -0.25 * (bucket % 16) as f32).collect();
                Scheme::Buckets { biases, most: 128, both_ways: true }
            }
            Self::Rotary => Scheme::Rotary { theta: 10_000.0 },
            Self::Alibi => Scheme::Alibi { slope: positions::alibi_slopes(8)[2] },
        })
    }

    /// What it adds to the scores of one query and one key, drawn once for all schemes.
    pub fn added(self, table: Option<Vec<f32>>) -> Option<Vec<f32>> {
        let scheme = self.scheme(table)?;
        let mut random = Random::new(1);
        let [q, k] = [(); 2].map(|()| (0..HEAD_WIDTH).map(|_| random.normal() as f32).collect::<Vec<_>>());
        Some(positions::effect(&scheme, &q, &k, PLACES).added().into_raw_vec_and_offset().0)
    }
}

/// The curves of all models, one after the other.
pub fn influences(seed: u64) -> Vec<Tell> {
    influence::curves(seed).into_iter().map(|curve| Tell::Influence { curve }).collect()
}

/// Errors ([`Kind::Input`]): lines that cannot be drawn.
pub fn plot(curves: &Curves, room: f32) -> Result<Tell> {
    if !room.is_finite() || !curves.can_be_drawn() {
        let advice = "Reload the page, so that all its parts are of one version.";
        return Err(Error::new(Kind::Input, "a chart", "lines of numbers", "something else", advice));
    }
    Ok(Tell::Plotted { scene: curves.scene(room.clamp(*ROOM.start(), *ROOM.end())) })
}

pub fn write<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_allocvec(message).expect("messages are plain data")
}

/// Errors ([`Kind::Worker`]): bytes that are no such message.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        _ => {
            let advice = "Reload the page, so that all its parts are of one version.";
            Err(Error::new(Kind::Worker, "a message of the lesson", "one of this version", "another", advice))
        }
    }
}

#[cfg(test)]
mod tests;
