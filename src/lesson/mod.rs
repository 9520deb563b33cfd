//! The computations of the lesson. Every number that it shows is computed here or by the engine. Nothing here needs a
//! browser or a clock.

pub mod dictionary;
pub mod family_tree;
pub mod influence;
mod numbers;
pub mod positions;
pub mod price;
pub mod recall;
