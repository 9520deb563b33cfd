//! The functions, from `lang/*.ftl` by build.rs.

use super::{Arg, Language, filled, plain};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
