//! The messages between the lesson and the worker, about its small models, position signals and charts. No run is
//! needed.
//!
//! These messages are bytes within [`Request::Lesson`](super::protocol::Request::Lesson) and
//! [`Reply::Lesson`](super::protocol::Reply::Lesson), which only the lesson decodes, so that the first part of the page
//! does not contain code for them. They have the same [`super::protocol::VERSION`].

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

/// The positions of the text whose scores are drawn.
pub const PLACES: usize = 32;
/// The numbers of a query and a key, as in a head of the built-in model.
pub const HEAD_WIDTH: usize = 32;

/// A message from the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Computes the influence curves of all models. Replies: `Influence` for each.
    Influence { seed: u64 },
    /// Trains the models of the recall task one after the other. The newest training wins. Replies: `Training` about
    /// ten times a second, and `Learnt` at the end of each model.
    Train { seed: u64 },
    /// Ends a training. No reply.
    Stop,
    /// The effect of a position signal on the scores of [`PLACES`] positions. Reply: `Effect`.
    Effect { signal: Signal },
    /// A chart of these lines, `room` pixels wide. Reply: `Plotted`.
    Plot { curves: Curves, room: f32 },
}

/// A message to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    Influence {
        curve: Curve,
    },
    /// The progress of a training of `of` steps. `held_out` is the accuracy on held-out sequences, 0 to 1, if it was
    /// measured after this step.
    Training {
        kind: recall::Kind,
        progress: recall::Progress,
        of: usize,
        held_out: Option<f64>,
    },
    /// The accuracies by distance: with no other pairs in the sequence, and with all pairs.
    Learnt {
        kind: recall::Kind,
        alone: Vec<f64>,
        full: Vec<f64>,
    },
    /// The number that is added to each score [query, key], for [`PLACES`] of each, with NaN for masked keys. None if
    /// the loaded model has no position table.
    Effect {
        signal: Signal,
        added: Option<Vec<f32>>,
    },
    Plotted {
        scene: crate::scene::Scene,
    },
}

/// The position signals that are compared, with the lesson's parameters.
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

    /// The scheme of this signal. `table` has the model's position vectors [PLACES, HEAD_WIDTH].
    fn scheme(self, table: Option<Vec<f32>>) -> Option<Scheme> {
        Some(match self {
            Self::None => Scheme::None,
            Self::Sinusoidal => Scheme::Sinusoidal,
            Self::Learned => Scheme::Learned { table: table? },
            Self::Buckets => {
                // Half of the 32 buckets are for later keys. The bias decreases with the distance.
                let biases = (0..32).map(|bucket| -0.25 * (bucket % 16) as f32).collect();
                Scheme::Buckets { biases, most: 128, both_ways: true }
            }
            Self::Rotary => Scheme::Rotary { theta: 10_000.0 },
            Self::Alibi => Scheme::Alibi { slope: positions::alibi_slopes(8)[2] },
        })
    }

    /// The numbers that it adds to the scores of a query and a key, which are random and the same for all schemes.
    pub fn added(self, table: Option<Vec<f32>>) -> Option<Vec<f32>> {
        let scheme = self.scheme(table)?;
        let mut random = Random::new(1);
        let [q, k] = [(); 2].map(|()| (0..HEAD_WIDTH).map(|_| random.normal() as f32).collect::<Vec<_>>());
        Some(positions::effect(&scheme, &q, &k, PLACES).added().into_raw_vec_and_offset().0)
    }
}

/// The influence curves of all models.
pub fn influences(seed: u64) -> Vec<Tell> {
    influence::curves(seed).into_iter().map(|curve| Tell::Influence { curve }).collect()
}

/// A chart of these lines.
///
/// Errors ([`Kind::Input`]): lines that cannot be drawn.
pub fn plot(curves: &Curves, room: f32) -> Result<Tell> {
    if !room.is_finite() || !curves.can_be_drawn() {
        let advice = "Reload the page, so that all its parts are of one version.";
        return Err(Error::new(Kind::Input, "a chart", "lines of numbers", "something else", advice));
    }
    Ok(Tell::Plotted { scene: curves.scene(room.clamp(*ROOM.start(), *ROOM.end())) })
}

/// Writes a message of the lesson.
pub fn write<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_allocvec(message).expect("messages are plain data")
}

/// Reads a message of the lesson.
///
/// Errors ([`Kind::Worker`]): the bytes are not such a message.
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
