//! The functions that build.rs makes from `lang/*.ftl`.

// A function has a parameter for each placeholder of its message.
#![allow(clippy::too_many_arguments)]

use super::{Arg, Language, filled, plain};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
