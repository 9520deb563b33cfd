//! The lesson's arithmetic: every number that it shows is computed here, or by the engine. No browser, no clock.

pub mod dictionary;
pub mod family_tree;
pub mod influence;
mod numbers;
pub mod positions;
pub mod price;
pub mod recall;
