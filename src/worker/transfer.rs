//! Transfers over the network: streamed, with progress, and continued where they were interrupted.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestCache,
    RequestInit, Response,
};

use super::protocol::{Medium, Reply};
use super::resume::{PAUSES, Verdict, judge};
use super::wire::{now, said, scope};
use crate::error::{Error, Kind, Result};

/// Milliseconds between two reports of progress.
const REPORT_EVERY: f64 = 100.0;

/// Seconds without a byte after which a request counts as lost. Seconds in which the browser is offline or this worker
/// sleeps do not count.
const QUIET_FOR: u32 = 30;

/// The error of a `Load` that `Cancel` or a newer `Load` has stopped.
pub fn cancelled() -> Error {
    Error::new(
        Kind::Network,
        "the download",
        "all bytes",
        "a request to stop",
        "Load the model again: what has arrived is kept.",
    )
}

/// One body to receive.
pub struct Goal<'a> {
    pub name: &'a str,
    pub url: &'a str,
    /// Its exact or greatest size.
    pub size: Size,
    /// Called after every chunk with the number of received bytes.
    pub so_far: &'a dyn Fn(usize),
    /// Called after every chunk with the received bytes. An error ends the transfer.
    pub look: &'a dyn Fn(&[u8]) -> Result<()>,
}

/// The size of a body in bytes.
#[derive(Clone, Copy)]
pub enum Size {
    Exactly(u64),
    AtMost(u64),
}

impl Size {
    fn known(self) -> Option<u64> {
        match self {
            Self::Exactly(bytes) => Some(bytes),
            Self::AtMost(_) => None,
        }
    }
}

/// Why an attempt ended early, which decides about the received bytes.
pub enum Trouble {
    /// It was stopped. The bytes are kept for the next `Load`.
    Stopped,
    /// A temporary error. The transfer continues after a pause.
    Passing(Error),
    /// A permanent error. The bytes are discarded.
    Final(Error),
}

/// The transfers of one `Load`.
pub struct Transfer<'a> {
    pub signal: &'a AbortSignal,
    report: &'a dyn Fn(Reply),
    /// The time of the beginning in milliseconds.
    began: f64,
    /// The time of the last report of progress in milliseconds.
    reported: Cell<f64>,
}

impl<'a> Transfer<'a> {
    pub fn new(signal: &'a AbortSignal, report: &'a dyn Fn(Reply)) -> Self {
        Self { signal, report, began: now(), reported: Cell::new(f64::NEG_INFINITY) }
    }

    /// Receives the rest of a body, with new attempts as long as [`PAUSES`] allow.
    ///
    /// Errors ([`Kind::Network`]): the last attempt's, or [`cancelled`].
    pub async fn fill(&self, bytes: &mut Vec<u8>, goal: &Goal<'_>, cache: RequestCache) -> Result<()> {
        let mut pauses = PAUSES.iter();
        let mut farthest = bytes.len();
        loop {
            let error = match self.attempt(bytes, goal, cache).await {
                Ok(()) => return Ok(()),
                Err(Trouble::Passing(error)) if !self.signal.aborted() => error,
                Err(Trouble::Passing(_) | Trouble::Stopped) => return Err(cancelled()),
                Err(Trouble::Final(error)) => {
                    *bytes = Vec::new();
                    return Err(error);
                }
            };
            if bytes.len() > farthest {
                farthest = bytes.len();
                pauses = PAUSES.iter();
            }
            let Some(&seconds) = pauses.next() else { return Err(error) };
            (self.report)(Reply::Retrying { seconds, error });
            self.pause(seconds).await;
        }
    }

    /// Makes one request, for the bytes after those that are received.
    async fn attempt(
        &self,
        bytes: &mut Vec<u8>,
        goal: &Goal<'_>,
        cache: RequestCache,
    ) -> std::result::Result<(), Trouble> {
        if self.signal.aborted() {
            return Err(Trouble::Stopped);
        }
        match goal.size.known() {
            Some(size) if bytes.len() as u64 == size => return Ok(()),
            Some(_) => (),
            // A file of unknown size cannot be continued.
            None => bytes.clear(),
        }
        let watch = Watch::start(self.signal);
        let init = RequestInit::new();
        init.set_cache(cache);
        init.set_signal(Some(&watch.controller.signal()));
        if !bytes.is_empty() {
            let headers = Headers::new().expect("headers without arguments");
            headers.set("Range", &format!("bytes={}-", bytes.len())).expect("a header of plain ASCII");
            init.set_headers_headers(&headers);
        }
        let answer = JsFuture::from(scope().fetch_with_str_and_init(goal.url, &init)).await;
        let response: Response = match answer {
            Ok(response) => response.unchecked_into(),
            Err(_) if self.signal.aborted() => return Err(Trouble::Stopped),
            Err(fault) => return Err(Trouble::Passing(unanswered(goal, &watch.why(&fault)))),
        };
        watch.heard();
        let range = response.headers().get("Content-Range").ok().flatten();
        match judge(goal.name, response.status(), range.as_deref(), bytes.len() as u64, goal.size.known()) {
            Verdict::Append => (),
            Verdict::StartOver => bytes.clear(),
            Verdict::Wait(error) => return Err(Trouble::Passing(error)),
            Verdict::Refuse(error) => return Err(Trouble::Final(error)),
        }
        self.pour(&response, bytes, goal, Some(&watch)).await
    }

    /// Appends a body to the bytes. `watch` is for bodies from the network.
    pub async fn pour(
        &self,
        response: &Response,
        bytes: &mut Vec<u8>,
        goal: &Goal<'_>,
        watch: Option<&Watch>,
    ) -> std::result::Result<(), Trouble> {
        let Some(body) = response.body() else {
            return Err(Trouble::Passing(cut(goal, bytes.len(), "an empty answer")));
        };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let poured = self.read(&reader, bytes, goal, watch).await;
        if poured.is_err() {
            // Otherwise the rest would still be downloaded. For a broken stream this fails again, which is ignored.
            let _ = JsFuture::from(reader.cancel()).await;
        }
        poured
    }

    async fn read(
        &self,
        reader: &ReadableStreamDefaultReader,
        bytes: &mut Vec<u8>,
        goal: &Goal<'_>,
        watch: Option<&Watch>,
    ) -> std::result::Result<(), Trouble> {
        let (Size::Exactly(limit) | Size::AtMost(limit)) = goal.size;
        loop {
            let read = JsFuture::from(reader.read()).await;
            if self.signal.aborted() {
                return Err(Trouble::Stopped);
            }
            let read: ReadableStreamReadResult = match read {
                Ok(read) => read.unchecked_into(),
                Err(fault) => {
                    let why = watch.map_or_else(|| said(&fault), |watch| watch.why(&fault));
                    return Err(Trouble::Passing(cut(goal, bytes.len(), &why)));
                }
            };
            if let Some(watch) = watch {
                watch.heard();
            }
            if read.get_done() == Some(true) {
                break;
            }
            let chunk: Uint8Array = read.get_value().unchecked_into();
            let (start, end) = (bytes.len(), bytes.len() + chunk.length() as usize);
            if end as u64 > limit {
                return Err(Trouble::Final(too_long(goal, limit)));
            }
            // The memory is reserved, so that this is the only copy.
            bytes.resize(end, 0);
            chunk.copy_to(&mut bytes[start..]);
            (goal.so_far)(end);
            (goal.look)(bytes).map_err(Trouble::Final)?;
        }
        match goal.size.known() {
            Some(size) if (bytes.len() as u64) < size => Err(Trouble::Passing(cut(goal, bytes.len(), "the end"))),
            _ => Ok(()),
        }
    }

    /// Reports the received bytes, if the last report is old enough or these are all bytes.
    pub fn progress(&self, got_bytes: u64, total_bytes: u64, from: Medium) {
        let now = now();
        if now - self.reported.get() >= REPORT_EVERY || got_bytes == total_bytes {
            self.reported.set(now);
            (self.report)(Reply::Progress { got_bytes, total_bytes, seconds: (now - self.began) / 1000.0, from });
        }
    }

    /// Waits for this time, or until the signal stops it.
    async fn pause(&self, seconds: f64) {
        let over = Promise::new(&mut |resolve, _| {
            let millis = (seconds * 1000.0) as i32;
            scope()
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis)
                .and(self.signal.add_event_listener_with_callback("abort", &resolve))
                .expect("a timer and a listener");
        });
        let _ = JsFuture::from(over).await;
    }
}

/// Ends a request that has not received anything for [`QUIET_FOR`] seconds, or whose `Load` is stopped.
pub struct Watch {
    controller: AbortController,
    signal: AbortSignal,
    quiet: Rc<Cell<u32>>,
    timer: i32,
    /// Owned as long as the timer runs.
    _tick: Closure<dyn Fn()>,
    stop: Closure<dyn Fn()>,
}

impl Watch {
    fn start(signal: &AbortSignal) -> Self {
        let controller = AbortController::new().expect("a controller without arguments");
        let quiet = Rc::new(Cell::new(0));
        let tick = Closure::new({
            let (controller, quiet) = (controller.clone(), quiet.clone());
            move || {
                if quiet.get() < QUIET_FOR && scope().navigator().on_line() {
                    quiet.set(quiet.get() + 1);
                    if quiet.get() == QUIET_FOR {
                        controller.abort();
                    }
                }
            }
        });
        let stop = Closure::new({
            let controller = controller.clone();
            move || controller.abort()
        });
        let timer = scope()
            .set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), 1000)
            .expect("a timer");
        signal.add_event_listener_with_callback("abort", stop.as_ref().unchecked_ref()).expect("a listener");
        Self { controller, signal: signal.clone(), quiet, timer, _tick: tick, stop }
    }

    fn heard(&self) {
        if self.quiet.get() < QUIET_FOR {
            self.quiet.set(0);
        }
    }

    /// The reason for the failure of a request.
    fn why(&self, fault: &JsValue) -> String {
        if self.quiet.get() == QUIET_FOR { format!("nothing for {QUIET_FOR} seconds") } else { said(fault) }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        scope().clear_interval_with_handle(self.timer);
        let stop = self.stop.as_ref().unchecked_ref();
        self.signal.remove_event_listener_with_callback("abort", stop).expect("a listener");
    }
}

fn unanswered(goal: &Goal<'_>, why: &str) -> Error {
    Error::new(Kind::Network, goal.name, "an answer from the server", why, "Check the connection and try again.")
}

fn cut(goal: &Goal<'_>, here: usize, why: &str) -> Error {
    let expected = goal.size.known().map_or("the whole file".to_owned(), |size| format!("{size} bytes"));
    let advice = "Check the connection and try again: what has arrived is kept.";
    Error::new(Kind::Network, goal.name, expected, format!("{why} after {here} bytes"), advice)
}

fn too_long(goal: &Goal<'_>, limit: u64) -> Error {
    let advice = "Choose another model, or tell whoever runs this page.";
    Error::new(Kind::Network, goal.name, format!("at most {limit} bytes"), "more", advice)
}
