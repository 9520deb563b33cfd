//! The messages between page and worker.
//!
//! A message is `{ head, buffers }`. `head` is a `Uint8Array` of one [`Envelope`] in postcard's format: the id,
//! followed by the body. `buffers` are `ArrayBuffer`s, which are transferred without a copy. The numbers of a run are
//! only in buffers, as little-endian f32 in row-major order. Requests have no buffers.
//!
//! Postcard does not write the names of fields, so both ends must have the same [`VERSION`].
//!
//! The worker sends the first message, [`Reply::Hello`], when it begins to listen. Messages that are posted to it
//! before are lost. Then it answers requests in the order in which they arrive, except that a `Load` continues in the
//! background and a `Run` lets other requests in between its layers. A page that runs the model while the reader types
//! should have one `Run` in progress, and send the newest text when its reply arrives.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::analysis::{Found, HeadSurvey, Measure, Moved, Place, Quantity};
use crate::engine::{Architecture, HeadId, Intervention, Note, Tokens};
use crate::error::{Error, Kind, Result};
use crate::scene::Scene;
use crate::source::Source;

/// A request and all replies to it have the same id. The id 0 is for replies without a request: [`Reply::Hello`], and
/// the failure of a message whose id could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    pub id: u32,
    pub body: T,
}

/// A message from the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Downloads a model, or continues its download, and loads it. Files of the reader's own come with the message.
    /// Replies: any number of `Progress` and `Retrying`, any number of `Preparing`, then `Ready`; or `Failed` at any
    /// point, after which the model that was loaded before still works. The newest `Load` wins: one in progress is
    /// answered `Failed`, and its download continues if it is of the same model.
    Load { source: Source },
    /// Stops the download, whose bytes are kept for the next `Load`, and the run in progress. Both are answered
    /// `Failed`. `Cancel` itself has no reply.
    Cancel,
    /// One forward pass. Replies: `Ran` or `Failed`. During a long pass there is any number of `Ran` with the layers
    /// that are computed so far. When all layers are computed, the request's id names the run in the requests below.
    /// The newest `Run` wins: one in progress is answered `Failed`.
    Run(RunRequest),
    /// The similarity of the embeddings of two inputs. Their runs are not kept and replace none. Replies: `Similar` or
    /// `Failed`.
    Similar { a: Passage, b: Passage },
    /// The map of one head. Replies: `Head`, or `Failed`, which is also the reply to all requests below if a run is no
    /// longer kept or does not have the head or token.
    Head { of: MapsOf, head: HeadId },
    /// The maps of all heads for a quantity that every head has its own map of: their thumbnails, and the whole maps of
    /// the heads whose patterns `Ran` has. Replies: `Maps` or `Failed`.
    Maps { of: MapsOf, head: HeadId },
    /// The tokens that `run` and `with` have in common, and the difference of each head. Replies: `Compared` or
    /// `Failed`.
    Compare { run: u32, with: u32 },
    /// A picture of the run, `room` CSS pixels wide, which must be finite and is clamped to [`ROOM`]. Replies: `Drawn`
    /// or `Failed`.
    Draw { run: u32, picture: Picture, room: f32 },
    /// The `most` (1 to [`MOST_PREDICTIONS`]) most likely tokens at a position, with their probabilities in this run
    /// and in the run `with`. Replies: `Predicted` or `Failed`, also if the model has no language-model head.
    Predict { run: u32, with: Option<u32>, position: usize, most: usize },
    /// The measures and labels of every head on this text. Replies: `Surveyed` or `Failed`.
    Survey { run: u32 },
    /// The weight with which each head attends from these queries to these keys. Replies: `Found` or `Failed`.
    Find { run: u32, queries: Vec<usize>, keys: Vec<usize> },
    /// How far the attention of every head shifts from the key `from` to the key `to`, from the run `with` to `run`.
    /// Tokens are indices in `run`. Replies: `Moved` or `Failed`, also for a token that `with` does not have.
    Moved { run: u32, with: u32, query: usize, from: usize, to: usize },
    /// The time of one forward pass over `tokens` tokens, which repeat those of the main run, in the unchanged model.
    /// That pass is not kept and replaces none. Replies: `Timed` or `Failed`, also if no run is kept.
    Time { tokens: usize },
    /// Sets the language of the text in pictures and of the evidence for labels, by the content of a file `lang/*.txt`
    /// of the page; empty for English, which is the language until then. No reply. Errors stay English, and the page
    /// translates them.
    Speak { file: String },
    /// The files to download for a model. Replies: `Planned`, `Choices` or `Failed`.
    Plan { source: Source },
    /// The models in this browser's storage. Reply: `Stored`.
    Stored,
    /// Removes a model from this browser's storage. Reply: `Stored`, with the models that are left.
    Forget { address: String },
    /// The continuation of the text by the model, of at most `tokens` tokens (1 to [`MOST_CONTINUED`]), each time the
    /// most likely one. Replies: `Continued` or `Failed`, also if the model does not generate text.
    Continue { run: u32, tokens: usize },
    /// Opens the attention in the file that comes with the message. Replies: `Imported`, then `Ran` with two buffers;
    /// or `Failed`.
    Import,
    /// Whether all files of a model are in this browser's storage, so that `LoadKept` can load it. Reply: `IsKept`.
    IsKept { source: Source },
    /// As `Load`, but only from this browser's storage, without a request to a server. `Failed` also if a file is
    /// missing there.
    LoadKept { source: Source },
    /// A message of the lesson, [`super::lesson::Ask`]. Replies: `Lesson` as described there, or `Failed`.
    Lesson { body: Vec<u8> },
}

/// Identifies maps: a quantity of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapsOf {
    pub run: u32,
    pub quantity: Quantity,
    /// The run that is subtracted, for a difference.
    pub with: Option<u32>,
}

/// The pictures that the worker draws, because they need the whole trace, or a library that would make the page too
/// large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Picture {
    /// The computation of one head for one query: its vectors, scores, weights and contributions to the output.
    Inside {
        head: HeadId,
        query: usize,
        /// The key whose product with the query is shown. None for the key with the largest weight.
        key: Option<usize>,
        /// Whether dimensions are sorted by their contributions to the score.
        sorted: bool,
        /// The temperature of the softmax of this row only, within [`crate::engine::TEMPERATURES`].
        temperature: f32,
    },
    /// A measure of every head, by layer.
    Chart { measure: Measure, chosen: HeadId, pointed: Option<HeadId> },
    /// The times of runs of different lengths: tokens and milliseconds of at least one and at most [`MOST_PASSES`]
    /// runs, in any order. The median of each length is drawn, with the time of the run itself beside it.
    Cost { passes: Vec<(usize, f32)> },
}

/// A request for a run of one or two texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    pub text: String,
    pub pair: Option<String>,
    /// The head on screen, whose pattern is always part of the reply.
    pub head: HeadId,
    pub intervention: Intervention,
    pub keep: Slot,
}

/// One or two texts, and the changes in the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    pub text: String,
    pub pair: Option<String>,
    pub intervention: Intervention,
}

/// Where a run is kept. There are two slots, so that two runs can be compared. A run replaces the one before in its
/// slot, whose memory is freed first, because 512 tokens in the built-in model take 95 MB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// The run on screen.
    #[default]
    Main,
    /// The run that it is compared with.
    Other,
}

/// A message from the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The worker listens. Posted once, with id 0. It is the first in this list, so that every version can read it.
    Hello {
        version: u32,
    },
    /// The state of the download of all files, at most about ten times a second. The first one comes before any byte of
    /// this `Load`, with the bytes that were kept from the last one, so that the speed can be computed from the next
    /// one. `seconds` counts from the beginning of this `Load`, and `from` is the medium of the current file.
    Progress {
        got_bytes: u64,
        total_bytes: u64,
        seconds: f64,
        from: Medium,
    },
    /// The transfer failed with this error. It continues from where it stopped after this number of seconds.
    Retrying {
        seconds: f64,
        error: Error,
    },
    /// All bytes have arrived and are checked. Of `total` bytes `done` are laid out for the forward pass. The first
    /// reply has 0 of 0.
    Preparing {
        done: u64,
        total: u64,
    },
    /// The model can run.
    Ready {
        model: ModelCard,
    },
    /// A forward pass over n = `tokens.len()` tokens, which took `millis` milliseconds. There are three buffers: the
    /// patterns of the heads `sent` [sent, n, n], which are all heads in the order L0 H0, L0 H1, ... if n is at most
    /// [`SEND_ALL_UP_TO`], otherwise only the head on screen; the thumbnails of all heads [layers, heads, side, side];
    /// and the embedding of the whole input `[d_model]`.
    ///
    /// Cells that are not available are NaN, because of a mask or because their layer is not among the `computed` ones
    /// yet. Until all `layers` are computed, there is no embedding, and `sent` has only heads of computed layers.
    ///
    /// `tokens` are in the order of the model's input. Token i was at `places[i]` before words were shuffled, and at i
    /// if they were not.
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
    /// The cosine similarity of the two embeddings, -1 to 1.
    Similar {
        a: Passage,
        b: Passage,
        cosine: f32,
    },
    /// The map of one head, as one buffer [n, n]. Cells are NaN where the pattern's are, and in a difference for tokens
    /// that the other run does not have.
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
    /// The indices of the common tokens in `run` and in `with`, and the mean absolute difference of each head over
    /// them, in the order L0 H0, L0 H1, ...
    Compared {
        run: u32,
        with: u32,
        aligned: Vec<Place>,
        changes: Vec<f32>,
    },
    /// `picture` and `room` are those of the request, except that `Inside` has the key that is shown. `told` describes
    /// the picture in a sentence or two. The scene has no raster.
    Drawn {
        run: u32,
        picture: Picture,
        room: f32,
        scene: Scene,
        told: String,
    },
    /// In descending order of probability.
    Predicted {
        run: u32,
        with: Option<u32>,
        position: usize,
        predictions: Vec<Predicted>,
    },
    /// All heads, in the order L0 H0, L0 H1, ...
    Surveyed {
        run: u32,
        heads: Vec<HeadSurvey>,
    },
    /// The heads in descending order of the weight from `queries` to `keys`.
    Found {
        run: u32,
        queries: Vec<usize>,
        keys: Vec<usize>,
        found: Vec<Found>,
    },
    /// The heads in descending order of their shift from `from` to `to`.
    Moved {
        run: u32,
        with: u32,
        query: usize,
        from: usize,
        to: usize,
        heads: Vec<Moved>,
    },
    /// The time of the pass in milliseconds, and the bytes of its record.
    Timed {
        tokens: usize,
        millis: f64,
        bytes: u64,
    },
    /// The request failed. With `Kind::Worker` the connection itself is broken: the worker has ended, or the two ends
    /// have different versions. After an error of any other kind the worker answers the next request.
    Failed {
        error: Error,
    },
    /// What a `Load` of the same source would download: the number of files, their bytes, and the bytes of memory that
    /// the model takes.
    Planned {
        source: Source,
        name: String,
        licence: String,
        files: usize,
        bytes: u64,
        memory: u64,
    },
    /// Several GGUF files of a repository are possible: their paths, sorted, and their bytes.
    Choices {
        source: Source,
        files: Vec<(String, u64)>,
    },
    Stored {
        models: Vec<Kept>,
    },
    /// The text that the model appends to that of `run`.
    Continued {
        run: u32,
        text: String,
    },
    /// The names of the model and of the text in a file of attention.
    Imported {
        model: String,
        text: String,
    },
    IsKept {
        kept: bool,
    },
    /// The bytes of a `Load` that this browser could not store, and that must be downloaded again next time. It can
    /// come after `Ready`, and again with a larger number.
    NotKept {
        bytes: u64,
    },
    /// A message of the lesson, [`super::lesson::Tell`], as one buffer.
    Lesson,
}

/// The source of a model's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Medium {
    Network,
    /// This browser's storage.
    Storage,
    /// Files of the reader's own.
    Files,
}

/// A prediction of a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// The token as it is shown: `·ing`, `the`.
    pub token: String,
    /// Its probability, 0 to 1.
    pub probability: f32,
    /// Its probability in the other run, if that has the position.
    pub before: Option<f32>,
}

/// The description of a model for readers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// May be empty.
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
    /// Whether it has a language-model head.
    pub predicts: bool,
    /// The kind of its stacks of layers.
    pub architecture: Architecture,
    /// What a reader should know about its tokenizer.
    pub note: Option<Note>,
}

/// A model in this browser's storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The address of the folder of its files, or of its only file.
    pub address: String,
    /// The bytes that are stored.
    pub bytes: u64,
}

/// It increases whenever the bytes of a message change, which a test checks.
pub const VERSION: u32 = 6;

/// The longest head of a message, in bytes: many times the length of a book. Decoded, it takes at most six times as
/// much.
pub const MOST_BYTES: usize = 16 << 20;

/// The most tokens of a run whose reply has the patterns of all heads (72 heads of 128 tokens take 4.7 MB), so that
/// choosing another head needs no further message.
pub const SEND_ALL_UP_TO: usize = 128;

/// The most predictions of a request.
pub const MOST_PREDICTIONS: usize = 100;

/// The most tokens of a continuation.
pub const MOST_CONTINUED: usize = 64;

/// The least and the greatest width of a picture, in CSS pixels.
pub const ROOM: RangeInclusive<f32> = 240.0..=4096.0;

/// The most runs of a chart of times.
pub const MOST_PASSES: usize = 1000;

/// Writes the head of a message.
pub fn write<T: Serialize>(message: &Envelope<T>) -> Vec<u8> {
    postcard::to_allocvec(message).expect("messages are plain data")
}

/// Reads the head of a message to the worker.
///
/// Errors: the id to answer, or 0 if even the id could not be read, with an error of `Kind::Worker`, or of
/// `Kind::Input` for a head that is longer than [`MOST_BYTES`].
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
    // False lengths are safe: postcard reads no more text than there is, and serde allocates at most 1 MiB for a list
    // in advance.
    match postcard::take_from_bytes(body) {
        Ok((body, [])) => Ok(Envelope { id, body }),
        Ok((_, rest)) => Err((id, unreadable(what, expected, format!("{} bytes more", rest.len())))),
        Err(fault) => Err((id, unreadable(what, expected, fault))),
    }
}

fn unreadable(what: &str, expected: impl Into<String>, got: impl ToString) -> Error {
    // Both ends are built together, so that an unknown message is from another version.
    let advice = "Reload the page, so that all its parts are of one version.";
    Error::new(Kind::Worker, what, expected, got.to_string(), advice)
}

#[cfg(test)]
mod tests;
