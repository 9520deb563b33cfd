//! What page and worker say to each other.
//!
//! A message is `{ head, buffers }`: `head` is one [`Envelope`] as JSON text, `buffers` are
//! `ArrayBuffer`s that are transferred, not copied. Numbers travel in buffers only, as
//! little-endian f32 in row-major order. Requests have no buffers.
//!
//! The worker speaks first: [`Reply::Hello`] says that it listens, and what is posted to it before
//! that is lost. Then it answers requests in the order they came, save that a `Load` goes on in the
//! background: while it waits for the network, all other requests are answered.
//! A `Run` keeps the worker busy until it is done, so a page that runs the model while the reader
//! types should have one `Run` under way and send the newest text when its reply comes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::{HeadId, Intervention, Tokens};
use crate::error::{Error, Kind, Result};

/// A request and every reply to it carry the same id. Id 0 answers nobody: [`Reply::Hello`], and the
/// failure of a message whose id could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    pub id: u32,
    pub body: T,
}

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Download (or carry on downloading) and load the model in this folder: an address that ends in
    /// `/`, absolute or relative to the worker's script. Replies: `Progress` and `Retrying` any number
    /// of times, then `Preparing`, then `Ready`; or `Failed` at any point, and a model loaded before
    /// goes on working. The newest `Load` wins: one under way is answered `Failed`, and what it has
    /// downloaded is carried on with if it is the same model.
    Load { folder: String },
    /// Stop the download; what has arrived is kept for the next `Load`. The `Load` is answered
    /// `Failed`; `Cancel` itself has no reply.
    Cancel,
    /// One forward pass; replies: `Ran` or `Failed`. The request's id names the run in the requests below.
    Run(RunRequest),
    /// The embedding of one text alone, such as each of a pair's; its run is not kept, and those that are stay.
    /// Replies: `Embedded` or `Failed`.
    Embed {
        text: String,
        #[serde(default)]
        intervention: Intervention,
    },
    /// One head's pattern. Replies: `Head` or `Failed`, as it is with all requests below when the run is not
    /// kept any more or has no such head or token.
    Head { run: u32, head: HeadId },
    /// One head's scores. Replies: `Scores` or `Failed`.
    Scores { run: u32, head: HeadId },
    /// One head's value-weighted norms. Replies: `Norms` or `Failed`.
    Norms { run: u32, head: HeadId },
    /// All that one head did with one query. Replies: `Inside` or `Failed`.
    Inside { run: u32, head: HeadId, query: usize },
    /// The `most` (1 to [`MOST_PREDICTIONS`]) likeliest tokens at a position. Replies: `Predicted`, or `Failed`
    /// also when the model has no language-model head.
    Predict { run: u32, position: usize, most: usize },
}

/// A text, or two, to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRequest {
    pub text: String,
    pub pair: Option<String>,
    /// The head on screen: its pattern always comes with the reply.
    pub head: HeadId,
    #[serde(default)]
    pub intervention: Intervention,
    #[serde(default)]
    pub keep: Slot,
}

/// Where a run is kept. There are two places, so that two runs can be compared; a run takes the place of the one
/// before in its slot, whose memory is given up first (512 tokens in the built-in model: 95 MB each).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The run on screen.
    #[default]
    Main,
    /// The one it is compared with.
    Other,
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The worker listens. Posted once, with id 0.
    Hello,
    /// The download so far, over all files; at most about ten a second. The first comes before any byte
    /// of this `Load`, with what was kept from the last one, so that a speed can be told from the next.
    /// `seconds` since this `Load` began; `cached`: the file being read comes from this browser's storage.
    Progress { got_bytes: u64, total_bytes: u64, seconds: f64, cached: bool },
    /// The transfer failed for the reason given and is tried again, from where it stopped, in so many seconds.
    Retrying { seconds: f64, error: Error },
    /// All bytes are here and checked; weights are being laid out.
    Preparing,
    /// The model can run.
    Ready { model: ModelCard },
    /// A forward pass over n = `tokens.len()` tokens, which took `millis` (the pass alone). Three buffers:
    /// the patterns of `sent`, one after the other [sent, n, n]: every head's in the order of layers and
    /// then heads when n is at most [`SEND_ALL_UP_TO`], else that of the head on screen alone; the
    /// thumbnails of all heads [layers, heads, side, side]; and the embedding of the whole input `[width]`.
    /// NaN in a pattern or thumbnail: not available, under a causal mask. `tokens` are in the order in which the
    /// model read them; token i stood at `places[i]` before the words were shuffled (at i where they were not).
    Ran { tokens: Tokens, places: Vec<usize>, layers: usize, heads: usize, sent: Vec<HeadId>, side: usize, millis: f64 },
    /// One buffer: the embedding `[width]`.
    Embedded,
    /// One head's pattern. One buffer: [n, n].
    Head { run: u32, head: HeadId, n: usize },
    /// `q k^T / sqrt(d)`, before temperature, mask and softmax. One buffer: [n, n], numbers in every cell.
    Scores { run: u32, head: HeadId, n: usize },
    /// `weight |v W_O|` (Kobayashi et al. 2020). One buffer: [n, n], NaN where the pattern has it.
    Norms { run: u32, head: HeadId, n: usize },
    /// Six buffers, of n tokens and `width` numbers a token in this head: the query's q `[width]`; every key's
    /// k [n, width] and v [n, width]; the row's scores `[n]` (as in `Scores`) and weights `[n]` (as in `Head`);
    /// and the query's z `[width]`, which is zero in a head that is switched off.
    Inside { run: u32, head: HeadId, query: usize, n: usize, width: usize },
    /// The likeliest first.
    Predicted { run: u32, position: usize, predictions: Vec<Predicted> },
    /// The request could not be met. `Kind::Worker`: the boundary itself is broken (the worker has died, or the
    /// two ends are of different versions); any other kind: the worker lives on and answers the next request.
    Failed { error: Error },
}

/// A vocabulary entry that may stand at a position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// The vocabulary's own string: `##ing`, `Ġthe`.
    pub token: String,
    /// 0 to 1.
    pub probability: f32,
}

/// What the page says about the model it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
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
}

/// Runs of up to this many tokens send every head's pattern along (72 heads of 128 tokens: 4.7 MB),
/// so that moving between heads needs no further message.
pub const SEND_ALL_UP_TO: usize = 128;

/// A list of more predictions than this is for no reader.
pub const MOST_PREDICTIONS: usize = 100;

/// Reads the head of a message to the worker.
///
/// What cannot be read comes back as the id to answer (0 where not even that could be read) and a
/// `Kind::Worker` error.
pub fn read_request(head: &str) -> std::result::Result<Envelope<Request>, (u32, Error)> {
    // In two steps, so that a request with a wrong field is still answered under its own id.
    let Envelope { id, body } = serde_json::from_str::<Envelope<Value>>(head)
        .map_err(|fault| (0, unreadable("a message to the worker", "an id and a body as JSON", fault)))?;
    match serde_json::from_value(body) {
        Ok(body) => Ok(Envelope { id, body }),
        Err(fault) => Err((id, unreadable("a message to the worker", "one of the worker's requests", fault))),
    }
}

/// Reads the head of a message from the worker; `Kind::Worker` if it is none of this version's.
pub fn read_reply(head: &str) -> Result<Envelope<Reply>> {
    serde_json::from_str(head).map_err(|fault| unreadable("a message from the worker", "one of its replies", fault))
}

fn unreadable(what: &str, expected: &str, fault: serde_json::Error) -> Error {
    // Both ends are built together: a message that one does not know comes from another version.
    Error::new(
        Kind::Worker,
        what,
        expected,
        fault.to_string(),
        "Reload the page, so that all its parts are of one version.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn altered() -> Intervention {
        let heads_off = [HeadId::new(3, 1), HeadId::new(0, 11)].into();
        Intervention { heads_off, positions_off: true, shuffle: Some(u32::MAX), temperature: 0.1, causal: true }
    }

    #[test]
    fn requests_come_back_as_they_were_sent() {
        let head = HeadId::new(3, 1);
        for body in [
            Request::Load { folder: "models/all-minilm-l6-v2/".into() },
            Request::Cancel,
            Request::Run(RunRequest {
                text: "a \"b\"\n\u{1F600}".into(),
                pair: None,
                head,
                intervention: Intervention::default(),
                keep: Slot::Main,
            }),
            Request::Run(RunRequest {
                text: String::new(),
                pair: Some("c".into()),
                head,
                intervention: altered(),
                keep: Slot::Other,
            }),
            Request::Embed { text: "a".into(), intervention: altered() },
            Request::Head { run: 7, head },
            Request::Scores { run: 7, head },
            Request::Norms { run: 7, head },
            Request::Inside { run: 7, head, query: 511 },
            Request::Predict { run: 7, position: 3, most: 5 },
        ] {
            let sent = Envelope { id: u32::MAX, body };
            assert_eq!(read_request(&serde_json::to_string(&sent).unwrap()), Ok(sent));
        }
    }

    #[test]
    fn replies_come_back_as_they_were_sent() {
        let head = HeadId::new(0, 11);
        let error = Error::new(Kind::Network, "a", "b", "c", "D.");
        let model = ModelCard {
            name: "m".into(),
            family: "bert".into(),
            layers: 6,
            heads: 12,
            width: 384,
            positions: 512,
            parameters: 22_565_376,
            bytes: 45_608_791,
            licence: "Apache-2.0".into(),
        };
        for body in [
            Reply::Hello,
            Reply::Progress { got_bytes: 1 << 33, total_bytes: 1 << 34, seconds: 0.1, cached: true },
            Reply::Retrying { seconds: 0.5, error: error.clone() },
            Reply::Preparing,
            Reply::Ready { model },
            Reply::Ran {
                tokens: Tokens::default(),
                places: vec![0, 2, 1],
                layers: 6,
                heads: 12,
                sent: vec![head],
                side: 9,
                millis: 12.25,
            },
            Reply::Embedded,
            Reply::Head { run: 3, head, n: 200 },
            Reply::Scores { run: 3, head, n: 200 },
            Reply::Norms { run: 3, head, n: 200 },
            Reply::Inside { run: 3, head, query: 199, n: 200, width: 32 },
            Reply::Predicted {
                run: 3,
                position: 4,
                predictions: vec![Predicted { token: "##\"ing".into(), probability: 0.1 }],
            },
            Reply::Failed { error },
        ] {
            let sent = Envelope { id: 5, body };
            assert_eq!(read_reply(&serde_json::to_string(&sent).unwrap()), Ok(sent));
        }
    }

    #[test]
    fn the_wire_format_is_plain() {
        let head = HeadId::new(3, 1);
        assert_eq!(
            serde_json::to_string(&Envelope { id: 2, body: Request::Head { run: 1, head } }).unwrap(),
            r#"{"id":2,"body":{"head":{"run":1,"head":{"layer":3,"head":1}}}}"#
        );
        assert_eq!(
            serde_json::to_string(&Envelope { id: 0, body: Reply::Hello }).unwrap(),
            r#"{"id":0,"body":"hello"}"#
        );
        // What is left out of a run is the model as it is, on screen.
        let short = r#"{"id":4,"body":{"run":{"text":"a","pair":null,"head":{"layer":3,"head":1}}}}"#;
        let plain =
            RunRequest { text: "a".into(), pair: None, head, intervention: Intervention::default(), keep: Slot::Main };
        assert_eq!(read_request(short).unwrap().body, Request::Run(plain));
        let hot = r#"{"id":4,"body":{"embed":{"text":"a","intervention":{"temperature":2}}}}"#;
        let intervention = Intervention { temperature: 2.0, ..Default::default() };
        assert_eq!(read_request(hot).unwrap().body, Request::Embed { text: "a".into(), intervention });
    }

    #[test]
    fn a_hostile_message_is_an_error_under_the_id_it_carries() {
        for (head, id) in [
            ("", 0),
            ("null", 0),
            ("[]", 0),
            ("{\"id\":4", 0),
            (r#"{"body":"cancel"}"#, 0),
            (r#"{"id":-1,"body":"cancel"}"#, 0),
            (r#"{"id":4294967296,"body":"cancel"}"#, 0),
            (r#"{"id":4,"body":null}"#, 4),
            (r#"{"id":4,"body":{}}"#, 4),
            (r#"{"id":4,"body":"dance"}"#, 4),
            (r#"{"id":4,"body":"load"}"#, 4),
            (r#"{"id":4,"body":{"load":{"folder":7}}}"#, 4),
            (r#"{"id":4,"body":{"load":{"folder":"a/","more":1}}}"#, 4),
            (r#"{"id":4,"body":{"head":{"run":1,"head":{"layer":-1,"head":0}}}}"#, 4),
            (r#"{"id":4,"body":{"run":{"text":"a","head":{"layer":0.5,"head":0}}}}"#, 4),
            (r#"{"id":4,"body":{"run":{"text":"a","head":{"layer":0,"head":0},"keep":"all"}}}"#, 4),
            (r#"{"id":4,"body":{"run":{"text":"a","head":{"layer":0,"head":0},"more":1}}}"#, 4),
            (r#"{"id":4,"body":{"embed":{"text":"a","intervention":{"temperature":null}}}}"#, 4),
            (r#"{"id":4,"body":{"embed":{"text":"a","intervention":{"temperature":1e999}}}}"#, 0),
            (r#"{"id":4,"body":{"embed":{"text":"a","intervention":{"shuffle":-1}}}}"#, 4),
            (r#"{"id":4,"body":{"embed":{"text":"a","intervention":{"heads_off":[{"layer":0}]}}}}"#, 4),
            (r#"{"id":4,"body":{"embed":{"text":"a","intervention":{"colder":true}}}}"#, 4),
            (r#"{"id":4,"body":{"inside":{"run":1,"head":{"layer":0,"head":0},"query":-1}}}"#, 4),
            (r#"{"id":4,"body":{"predict":{"run":1,"position":0,"most":1.5}}}"#, 4),
        ] {
            let (answered, error) = read_request(head).expect_err(head);
            assert_eq!((answered, error.kind), (id, Kind::Worker), "{head}");
        }
        let deep = format!(r#"{{"id":4,"body":{}}}"#, "[".repeat(100_000));
        assert!(read_request(&deep).is_err());
        assert_eq!(read_reply(r#"{"id":1,"body":"dinner"}"#).unwrap_err().kind, Kind::Worker);
    }
}
