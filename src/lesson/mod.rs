//! The lesson's arithmetic: every number that it shows is computed here, or by the engine. No browser, no clock.

pub mod influence;
pub mod recall;
