//! The functions, from `lang/*.ftl` by build.rs.

// A sentence takes as many values as it has.
#![allow(clippy::too_many_arguments)]

use super::{Arg, Language, filled, plain};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
