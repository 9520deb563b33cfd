//! What page and worker say to each other.
//!
//! A message is `{ head, buffers }`: `head` is a `Uint8Array` of one [`Envelope`] as postcard (the id,
//! then the body), `buffers` are `ArrayBuffer`s that are transferred, not copied. A run's numbers travel in
//! buffers only, as little-endian f32 in row-major order. Requests have no buffers.
//!
//! Postcard writes values without their names, so both ends must be of one [`VERSION`].
//!
//! The worker speaks first: [`Reply::Hello`] says that it listens and in which version, and what is posted to
//! it before that is lost. Then it answers requests in the order they came, save that a `Load` goes on in the
//! background: while it waits for the network, all other requests are answered.
//! A `Run` keeps the worker busy until it is done, so a page that runs the model while the reader
//! types should have one `Run` under way and send the newest text when its reply comes.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::analysis::{Found, HeadSurvey, Measure, Moved, Place, Quantity};
use crate::engine::{Architecture, HeadId, Intervention, Note, Tokens};
use crate::error::{Error, Kind, Result};
use crate::scene::Scene;
use crate::source::Source;

/// A request and every reply to it carry the same id. Id 0 answers nobody: [`Reply::Hello`], and the
/// failure of a message whose id could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    pub id: u32,
    pub body: T,
}

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Download (or carry on downloading) and load a model; files of the reader's own come with the message. Replies:
    /// `Progress` and `Retrying` any number
    /// of times, then as often `Preparing`, then `Ready`; or `Failed` at any point, and a model loaded before
    /// goes on working. The newest `Load` wins: one under way is answered `Failed`, and what it has
    /// downloaded is carried on with if it is the same model.
    Load { source: Source },
    /// Stop the download; what has arrived is kept for the next `Load`. And stop the run under way. Both are answered
    /// `Failed`; `Cancel` itself has no reply.
    Cancel,
    /// One forward pass; replies: `Ran` or `Failed`. A pass that takes long is told of by a `Ran` with the layers that
    /// are there, any number of times before. The request's id names the run in the requests below, once all of it is
    /// there. The newest `Run` wins: one under way is answered `Failed`.
    Run(RunRequest),
    /// How alike the embeddings of two inputs are; their runs are not kept, and those that are stay.
    /// Replies: `Similar` or `Failed`.
    Similar { a: Passage, b: Passage },
    /// One head's map. Replies: `Head` or `Failed`, as it is with all requests below when a run is not
    /// kept any more or has no such head or token.
    Head { of: MapsOf, head: HeadId },
    /// All heads' maps of a quantity that every head has its own of: small, and those that a run sends whole.
    /// Replies: `Maps` or `Failed`.
    Maps { of: MapsOf, head: HeadId },
    /// What `run` and `with` share, and by how much each head differs. Replies: `Compared` or `Failed`.
    Compare { run: u32, with: u32 },
    /// A picture of the run for so much room across, in CSS pixels: finite, and brought into [`ROOM`]. Replies:
    /// `Drawn` or `Failed`.
    Draw { run: u32, picture: Picture, room: f32 },
    /// The `most` (1 to [`MOST_PREDICTIONS`]) likeliest tokens at a position, and how likely they are in the run
    /// `with`. Replies: `Predicted`, or `Failed` also when the model has no language-model head.
    Predict { run: u32, with: Option<u32>, position: usize, most: usize },
    /// What every head does on this text. Replies: `Surveyed` or `Failed`.
    Survey { run: u32 },
    /// Which heads read these keys from these queries. Replies: `Found` or `Failed`.
    Find { run: u32, queries: Vec<usize>, keys: Vec<usize> },
    /// By how much every head turned from the key `from` to the key `to`: `run` less `with`, tokens counted in
    /// `run`. Replies: `Moved`, or `Failed` also for a token that `with` does not have.
    Moved { run: u32, with: u32, query: usize, from: usize, to: usize },
    /// How long one forward pass over so many tokens takes: those of the main run, over and over, by the model as it
    /// is. That pass is not kept, and those that are stay. Replies: `Timed`, or `Failed` also when no run is kept.
    Time { tokens: usize },
    /// Say what is said in pictures and of heads in the language of this file, `lang/*.txt` of the page; empty for English,
    /// which is spoken until then. No reply. Faults stay English: the page translates them.
    Speak { file: String },
    /// What there is to bring for a model. Replies: `Planned`, `Choices` or `Failed`.
    Plan { source: Source },
    /// What this browser keeps of models. Reply: `Stored`.
    Stored,
    /// Removes what is kept of one. Reply: `Stored`, with what is left.
    Forget { address: String },
    /// What the model itself writes next, `tokens` long at most (1 to [`MOST_CONTINUED`]), each time the likeliest.
    /// Replies: `Continued`, or `Failed` also when the model is none that writes.
    Continue { run: u32, tokens: usize },
    /// Shows the attention in the file that comes with the message. Replies: `Imported`, then `Ran` with two buffers; or
    /// `Failed`.
    Import,
    /// Whether all files of a model are in this browser's storage, so that `LoadKept` brings it. Reply: `IsKept`.
    IsKept { source: Source },
    /// As `Load`, from this browser's storage alone: no request is made. `Failed` also where something is missing there.
    LoadKept { source: Source },
    /// A message of the lesson: [`super::lesson::Ask`]. Replies: `Lesson` as told there, or `Failed`.
    Lesson { body: Vec<u8> },
}

/// Which maps: one quantity of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapsOf {
    pub run: u32,
    pub quantity: Quantity,
    /// The run that is taken off, for a difference.
    pub with: Option<u32>,
}

/// What the worker draws: pictures that need the whole trace, or a library that the page is too small for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Picture {
    /// What one head did with one query: its vectors, scores, weights and shares of the output.
    Inside {
        head: HeadId,
        query: usize,
        /// The key whose product is shown; none for the one read most.
        key: Option<usize>,
        /// Dimensions by what they add.
        sorted: bool,
        /// Of the softmax over this row alone; one of [`crate::engine::TEMPERATURES`].
        temperature: f32,
    },
    /// One measure of every head, by layer.
    Chart { measure: Measure, chosen: HeadId, pointed: Option<HeadId> },
    /// What runs of different lengths took: tokens and milliseconds of at least one and at most [`MOST_PASSES`], of the
    /// model's lengths, in any order. The median of each length is drawn, and the run's own time beside it.
    Cost { passes: Vec<(usize, f32)> },
}

/// A text, or two, to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    pub text: String,
    pub pair: Option<String>,
    /// The head on screen: its pattern always comes with the reply.
    pub head: HeadId,
    pub intervention: Intervention,
    pub keep: Slot,
}

/// What a model may read, and what is changed in it then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    pub text: String,
    pub pair: Option<String>,
    pub intervention: Intervention,
}

/// Where a run is kept. There are two places, so that two runs can be compared; a run takes the place of the one
/// before in its slot, whose memory is given up first (512 tokens in the built-in model: 95 MB each).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// The run on screen.
    #[default]
    Main,
    /// The one it is compared with.
    Other,
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The worker listens. Posted once, with id 0. First in this list, so that every version can read it.
    Hello {
        version: u32,
    },
    /// The download so far, over all files; at most about ten a second. The first comes before any byte
    /// of this `Load`, with what was kept from the last one, so that a speed can be told from the next.
    /// `seconds` since this `Load` began; `from`: where the file that is being read comes from.
    Progress {
        got_bytes: u64,
        total_bytes: u64,
        seconds: f64,
        from: Medium,
    },
    /// The transfer failed for the reason given and is tried again, from where it stopped, in so many seconds.
    Retrying {
        seconds: f64,
        error: Error,
    },
    /// All bytes are here and checked; `done` of `total` bytes are laid out. The first reply has 0 of 0.
    Preparing {
        done: u64,
        total: u64,
    },
    /// The model can run.
    Ready {
        model: ModelCard,
    },
    /// A forward pass over n = `tokens.len()` tokens, which took `millis` (the pass alone). Three buffers:
    /// the patterns of `sent`, one after the other [sent, n, n]: every head's in the order of layers and
    /// then heads when n is at most [`SEND_ALL_UP_TO`], else that of the head on screen alone; the
    /// thumbnails of all heads [layers, heads, side, side]; and the embedding of the whole input `[width]`.
    /// NaN in a pattern or thumbnail: not available, under a causal mask or in a layer that is not among the `computed`
    /// ones yet; while those are not all `layers`, there is no embedding either, and `sent` are of them alone. `tokens`
    /// are in the order in which the model read them; token i stood at `places[i]` before the words were shuffled (at i where they were not).
    Ran {
        tokens: Tokens,
        places: Vec<usize>,
        layers: usize,
        computed: usize,
        heads: usize,
        sent: Vec<HeadId>,
        side: usize,
        millis: f64,
    },
    /// The cosine of the angle between the two embeddings, -1 to 1.
    Similar {
        a: Passage,
        b: Passage,
        cosine: f32,
    },
    /// One head's map. One buffer: [n, n], NaN where the pattern has it and where a difference has nothing to
    /// take off.
    Head {
        of: MapsOf,
        head: HeadId,
        n: usize,
    },
    /// Two buffers: the maps of `sent`, as in `Ran`, and the thumbnails of all heads [layers, heads, side, side].
    Maps {
        of: MapsOf,
        sent: Vec<HeadId>,
        n: usize,
        side: usize,
    },
    /// The tokens that both have, in `run` and in `with`, and each head's mean absolute difference over them, L0 H0
    /// first.
    Compared {
        run: u32,
        with: u32,
        aligned: Vec<Place>,
        changes: Vec<f32>,
    },
    /// `picture` and `room` as they were asked for, save that `Inside` names the key it shows; and what the picture says,
    /// in a sentence or two. The scene has no raster.
    Drawn {
        run: u32,
        picture: Picture,
        room: f32,
        scene: Scene,
        told: String,
    },
    /// The likeliest first.
    Predicted {
        run: u32,
        with: Option<u32>,
        position: usize,
        predictions: Vec<Predicted>,
    },
    /// Every head, L0 H0 first.
    Surveyed {
        run: u32,
        heads: Vec<HeadSurvey>,
    },
    /// The heads by how much `queries` read from `keys`, most first.
    Found {
        run: u32,
        queries: Vec<usize>,
        keys: Vec<usize>,
        found: Vec<Found>,
    },
    /// The heads that turned most from `from` to `to` first, those that turned the other way last.
    Moved {
        run: u32,
        with: u32,
        query: usize,
        from: usize,
        to: usize,
        heads: Vec<Moved>,
    },
    /// `millis`: the pass alone; `bytes`: what its record takes.
    Timed {
        tokens: usize,
        millis: f64,
        bytes: u64,
    },
    /// The request could not be met. `Kind::Worker`: the boundary itself is broken (the worker has died, or the
    /// two ends are of different versions); any other kind: the worker lives on and answers the next request.
    Failed {
        error: Error,
    },
    /// What a `Load` of the same source would bring: files, their bytes, and the memory that the model takes.
    Planned {
        source: Source,
        name: String,
        licence: String,
        files: usize,
        bytes: u64,
        memory: u64,
    },
    /// Several GGUF files of a repository fit: the paths of all, in order, and their bytes.
    Choices {
        source: Source,
        files: Vec<(String, u64)>,
    },
    Stored {
        models: Vec<Kept>,
    },
    /// The model's own words behind the text of `run`.
    Continued {
        run: u32,
        text: String,
    },
    /// What a file of attention says of itself.
    Imported {
        model: String,
        text: String,
    },
    IsKept {
        kept: bool,
    },
    /// Bytes of what a `Load` has downloaded that this browser does not keep: they must be downloaded again next time.
    /// May come after `Ready`, and again with more.
    NotKept {
        bytes: u64,
    },
    /// One buffer: a message of the lesson, [`super::lesson::Tell`].
    Lesson,
}

/// Where a model's bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Medium {
    Network,
    /// This browser's storage.
    Storage,
    /// Files of the reader's own.
    Files,
}

/// A vocabulary entry that may stand at a position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// As it is shown: `·ing`, `the`.
    pub token: String,
    /// 0 to 1.
    pub probability: f32,
    /// In the run that it is compared with, where that has the position.
    pub before: Option<f32>,
}

/// What the page says about the model it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// Empty where nothing says what it is called.
    pub name: String,
    pub family: String,
    pub layers: usize,
    pub heads: usize,
    pub width: usize,
    /// The longest input, in tokens.
    pub positions: usize,
    pub parameters: u64,
    /// Bytes of all its files.
    pub bytes: u64,
    pub licence: String,
    /// It has a language-model head.
    pub predicts: bool,
    /// Its stacks of layers.
    pub architecture: Architecture,
    /// What a reader should know about its tokenizer.
    pub note: Option<Note>,
}

/// A model in this browser's storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The folder that its files came from, or its file's address.
    pub address: String,
    /// Of what is stored.
    pub bytes: u64,
}

/// Goes up whenever the bytes of a message change; a test holds them.
pub const VERSION: u32 = 6;

/// The longest head of a message, in bytes: many times a book. What it holds takes six times as much at most.
pub const MOST_BYTES: usize = 16 << 20;

/// Runs of up to this many tokens send every head's pattern along (72 heads of 128 tokens: 4.7 MB),
/// so that moving between heads needs no further message.
pub const SEND_ALL_UP_TO: usize = 128;

/// A list of more predictions than this is for no reader.
pub const MOST_PREDICTIONS: usize = 100;

/// A reader sees what each of a few tokens reads from, not a novel.
pub const MOST_CONTINUED: usize = 64;

/// Pictures are at least and at most so wide, in CSS pixels.
pub const ROOM: RangeInclusive<f32> = 240.0..=4096.0;

/// More passes than this make no chart clearer.
pub const MOST_PASSES: usize = 1000;

/// The head of a message.
pub fn write<T: Serialize>(message: &Envelope<T>) -> Vec<u8> {
    postcard::to_allocvec(message).expect("messages are plain data")
}

/// Reads the head of a message to the worker.
///
/// What cannot be read comes back as the id to answer (0 where not even that could be read) and an error:
/// `Kind::Worker`, or `Kind::Input` where it is longer than [`MOST_BYTES`].
pub fn read_request(head: &[u8]) -> std::result::Result<Envelope<Request>, (u32, Error)> {
    read(head, "a message to the worker", "one of the worker's requests")
}

/// Reads the head of a message from the worker; errors as for [`read_request`], and `Kind::Worker` for a
/// [`Reply::Hello`] of another version.
pub fn read_reply(head: &[u8]) -> Result<Envelope<Reply>> {
    let reply = read(head, "a message from the worker", "one of its replies").map_err(|(_, error)| error)?;
    match reply.body {
        Reply::Hello { version } if version != VERSION => {
            Err(unreadable("the engine's worker", format!("version {VERSION}"), format!("version {version}")))
        }
        _ => Ok(reply),
    }
}

fn read<T: DeserializeOwned>(
    head: &[u8],
    what: &str,
    expected: &str,
) -> std::result::Result<Envelope<T>, (u32, Error)> {
    // In two steps, so that a request with a wrong field is still answered under its own id.
    let (id, body) = postcard::take_from_bytes(head).map_err(|fault| (0, unreadable(what, expected, fault)))?;
    if head.len() > MOST_BYTES {
        let most = format!("at most {} MB", MOST_BYTES >> 20);
        return Err((id, Error::new(Kind::Input, what, most, "more", "Choose a shorter text.")));
    }
    // Hostile lengths: postcard takes no more text than there is, and serde sets aside 1 MiB of a list at most.
    match postcard::take_from_bytes(body) {
        Ok((body, [])) => Ok(Envelope { id, body }),
        Ok((_, rest)) => Err((id, unreadable(what, expected, format!("{} bytes more", rest.len())))),
        Err(fault) => Err((id, unreadable(what, expected, fault))),
    }
}

fn unreadable(what: &str, expected: impl Into<String>, got: impl ToString) -> Error {
    // Both ends are built together: a message that one does not know comes from another version.
    let advice = "Reload the page, so that all its parts are of one version.";
    Error::new(Kind::Worker, what, expected, got.to_string(), advice)
}

#[cfg(test)]
mod tests;
