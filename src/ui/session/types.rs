//! What the session keeps: how far the model is, what was looked up, and whose change is under way.

use web_sys::File;

use crate::error::{Error, Result};
use crate::scene::Scene;
use crate::source::Source;
use crate::state::{Patch, ViewState};
use crate::worker::protocol::{Medium, ModelCard, Picture};

/// How far the model is.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// A saved run stands in for it: it is fetched once more is asked for than that holds.
    Waiting,
    /// Nothing has arrived.
    Starting,
    Downloading {
        got: u64,
        total: u64,
        seconds: f64,
        from: Medium,
    },
    /// The download was cut and is taken up again in so many seconds.
    Retrying {
        seconds: f64,
        error: Error,
    },
    /// So many bytes of so many are laid out.
    Preparing {
        done: u64,
        total: u64,
    },
    Ready(ModelCard),
    /// The reader stopped the download.
    Stopped,
    Failed(Error),
}

pub type HearLesson = dyn Fn(u32, Vec<u8>);

pub type Texts = (String, Option<String>);

pub fn texts(view: &ViewState) -> Texts {
    (view.text.clone(), view.pair.clone())
}

/// Who caused what is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The page began with it.
    Start,
    Reader,
    /// A call of `set`, by a script or by the page around.
    Set,
}

impl Cause {
    /// As scripts read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Reader => "reader",
            Self::Set => "set",
        }
    }
}

/// What was on screen before a change, with the model that it was by.
#[derive(Clone)]
pub struct Before {
    pub view: ViewState,
    pub source: Option<Source>,
    pub files: Vec<File>,
}

/// A picture that the worker has made of the run on screen, and what it says.
pub struct Drawn {
    pub picture: Picture,
    pub scene: Scene,
    pub told: String,
}

/// What loading a model would bring.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub source: Source,
    pub name: String,
    pub licence: String,
    pub files: usize,
    pub bytes: u64,
    /// Bytes that the model takes once it is loaded.
    pub memory: u64,
}

/// A GGUF file of a repository that has several.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub path: String,
    pub bytes: u64,
    /// What names this file alone.
    pub source: Source,
}

/// What was found where a reader looked for a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Plan(Planned),
    Choices(Vec<Choice>),
}

/// Models that are not loaded yet.
#[derive(Clone, Default)]
pub struct Looked {
    /// The one that was looked at last.
    pub at: Option<Source>,
    /// What it would bring, or what is wrong with it.
    pub told: Option<Result<Told>>,
    /// The one that a link, a script or the page around asks for and the reader has not answered to, and what it is to
    /// show.
    pub asked: Option<(Source, Patch)>,
}
