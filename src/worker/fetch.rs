//! Downloads a model: streamed, with progress, carried on where it was cut, checked by hash.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestCache, RequestInit, Response,
    Url,
};

use super::hash::sha256;
use super::manifest::{MAX_MANIFEST_BYTES, Manifest, ManifestFile};
use super::protocol::Reply;
use super::resume::{PAUSES, Verdict, judge};
use super::store::Store;
use super::turn::{Turn, turn};
use super::wire::{now, said, scope};
use crate::error::{Error, Kind, Result};

/// Milliseconds between two reports of progress.
const REPORT_EVERY: f64 = 100.0;

/// A model on its way. Outlives the `Load` that began it, so that the next one carries on.
pub struct Download {
    folder: String,
    manifest: Manifest,
    /// In the order of `manifest.files`.
    parts: Vec<Part>,
}

#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    /// Whole, and of the hash the manifest gives.
    checked: bool,
}

/// A model's files, whole and checked.
pub struct Files {
    pub manifest: Manifest,
    pub config: Vec<u8>,
    pub tokenizer: Vec<u8>,
    pub weights: Vec<u8>,
}

impl Download {
    fn new(folder: String, manifest: Manifest) -> Self {
        let parts = manifest.files.iter().map(|_| Part::default()).collect();
        Self { folder, manifest, parts }
    }

    fn got_bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes.len() as u64).sum()
    }

    fn into_files(mut self) -> Files {
        let mut take = |name| {
            let at = self.manifest.files.iter().position(|file| file.path == name);
            std::mem::take(&mut self.parts[at.expect("Manifest::read asks for every file")].bytes)
        };
        let (config, tokenizer, weights) = (take("config.json"), take("tokenizer.json"), take("model.safetensors"));
        Files { manifest: self.manifest, config, tokenizer, weights }
    }
}

/// Brings the files of the model in `folder`, from this browser's storage where it has them. `kept` is what
/// an earlier call left; what this one has when it fails or is stopped by `signal` is left there again.
///
/// Errors: `Kind::Input` for an address that is none, `Kind::Format` for a manifest that does not hold,
/// `Kind::Network` for everything that is the server's or the network's.
pub async fn model(
    folder: &str,
    kept: &mut Option<Download>,
    signal: &AbortSignal,
    report: &dyn Fn(Reply),
) -> Result<Files> {
    let transfer = Transfer { signal, report, began: now(), reported: Cell::new(f64::NEG_INFINITY) };
    let folder = absolute(folder)?;
    let manifest = transfer.manifest(&folder).await?;
    let earlier = kept.take().filter(|earlier| earlier.folder == folder && earlier.manifest == manifest);
    let download = kept.insert(earlier.unwrap_or_else(|| Download::new(folder, manifest)));
    let total = download.manifest.total_bytes();

    transfer.progress(download.got_bytes(), total, false);
    let turn = Rc::new(turn(&download.folder, signal).await);
    let store = Store::open().await;
    for at in 0..download.parts.len() {
        if !download.parts[at].checked {
            transfer.part(download, at, store.as_ref(), &turn).await?;
        }
    }
    Ok(kept.take().expect("put there above").into_files())
}

/// The address of a folder, made absolute by that of the worker's script.
fn absolute(folder: &str) -> Result<String> {
    let url = Url::new_with_base(folder, &scope().location().href()).map(|url| url.href()).ok();
    url.filter(|url| url.ends_with('/')).ok_or_else(|| {
        let advice = "Check the model's address: it is that of the folder with its manifest.json.";
        Error::new(Kind::Input, "the model's address", "an address that ends in /", format!("{folder:?}"), advice)
    })
}

/// What a `Load` says when `Cancel` or a newer `Load` stopped it.
pub fn cancelled() -> Error {
    Error::new(
        Kind::Network,
        "the download",
        "all bytes",
        "a request to stop",
        "Load the model again: what has arrived is kept.",
    )
}

/// One body to bring.
struct Goal<'a> {
    name: &'a str,
    url: &'a str,
    /// Bytes it must have; none: at most [`MAX_MANIFEST_BYTES`].
    size: Option<u64>,
    /// Called with the bytes that are here after every chunk.
    so_far: &'a dyn Fn(usize),
}

/// Why a try ended early, and so what becomes of the bytes.
enum Trouble {
    /// Asked to stop: they are kept for the next `Load`.
    Stopped,
    /// They are carried on with after a pause.
    Passing(Error),
    /// They are dropped.
    Final(Error),
}

/// One call of [`model`].
struct Transfer<'a> {
    signal: &'a AbortSignal,
    report: &'a dyn Fn(Reply),
    /// Milliseconds, as `reported`.
    began: f64,
    reported: Cell<f64>,
}

impl Transfer<'_> {
    async fn manifest(&self, folder: &str) -> Result<Manifest> {
        let url = format!("{folder}manifest.json");
        let mut bytes = Vec::new();
        let goal = Goal { name: "manifest.json", url: &url, size: None, so_far: &|_| () };
        self.fill(&mut bytes, &goal, RequestCache::NoCache).await?;
        Manifest::read(&bytes)
    }

    /// Makes one part whole and checked.
    async fn part(
        &self,
        download: &mut Download,
        at: usize,
        store: Option<&Store>,
        turn: &Rc<Option<Turn>>,
    ) -> Result<()> {
        let others = download.got_bytes() - download.parts[at].bytes.len() as u64;
        let total = download.manifest.total_bytes();
        let (file, part) = (&download.manifest.files[at], &mut download.parts[at]);
        let url = format!("{}{}", download.folder, file.path);

        if let Some(store) = store
            && let Some(bytes) =
                self.stored(store, &url, file, &|here| self.progress(others + here as u64, total, true)).await?
        {
            *part = Part { bytes, checked: true };
            return Ok(());
        }

        reserve(&mut part.bytes, file)?;
        let so_far = |here| self.progress(others + here as u64, total, false);
        let goal = Goal { name: &file.path, url: &url, size: Some(file.bytes), so_far: &so_far };
        // What is kept by us need not be kept a second time by the browser.
        let usual = if store.is_some() { RequestCache::NoStore } else { RequestCache::Default };
        let mut sum = String::new();
        for cache in [usual, RequestCache::Reload] {
            self.fill(&mut part.bytes, &goal, cache).await?;
            sum = sha256(&part.bytes).await;
            if self.signal.aborted() {
                return Err(cancelled());
            }
            if sum == file.sha256 {
                part.checked = true;
                if let Some(store) = store {
                    let (stored, turn) = (store.keep(&url, &sum, &part.bytes), turn.clone());
                    spawn_local(async move {
                        stored.await;
                        // The next page is to find it there.
                        drop(turn);
                    });
                }
                return Ok(());
            }
            part.bytes.clear();
        }
        part.bytes = Vec::new();
        let advice =
            "Try again; if it stays so, tell whoever runs this page that the model's files do not belong together.";
        Err(Error::new(Kind::Network, &file.path, format!("bytes of SHA-256 {}", file.sha256), sum, advice))
    }

    /// The file as it was kept in this browser; none if it is not there or no longer what it was.
    async fn stored(
        &self,
        store: &Store,
        url: &str,
        file: &ManifestFile,
        so_far: &dyn Fn(usize),
    ) -> Result<Option<Vec<u8>>> {
        let Some(response) = store.find(url, &file.sha256).await else { return Ok(None) };
        let mut bytes = Vec::new();
        reserve(&mut bytes, file)?;
        let goal = Goal { name: &file.path, url, size: Some(file.bytes), so_far };
        let poured = self.pour(&response, &mut bytes, &goal).await;
        let whole = poured.is_ok() && sha256(&bytes).await == file.sha256;
        if self.signal.aborted() {
            return Err(cancelled());
        }
        if !whole {
            store.remove(url, &file.sha256).await;
            return Ok(None);
        }
        Ok(Some(bytes))
    }

    /// Brings the rest of a body, trying again as long as [`PAUSES`] allow.
    async fn fill(&self, bytes: &mut Vec<u8>, goal: &Goal<'_>, cache: RequestCache) -> Result<()> {
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

    /// One request, from where the bytes end.
    async fn attempt(
        &self,
        bytes: &mut Vec<u8>,
        goal: &Goal<'_>,
        cache: RequestCache,
    ) -> std::result::Result<(), Trouble> {
        if self.signal.aborted() {
            return Err(Trouble::Stopped);
        }
        match goal.size {
            Some(size) if bytes.len() as u64 == size => return Ok(()),
            Some(_) => (),
            // A file whose size is not known cannot be carried on with.
            None => bytes.clear(),
        }
        let init = RequestInit::new();
        init.set_cache(cache);
        init.set_signal(Some(self.signal));
        if !bytes.is_empty() {
            let headers = Headers::new().expect("headers without arguments");
            headers.set("Range", &format!("bytes={}-", bytes.len())).expect("a header of plain ASCII");
            init.set_headers_headers(&headers);
        }
        let answer = JsFuture::from(scope().fetch_with_str_and_init(goal.url, &init)).await;
        let response: Response = match answer {
            Ok(response) => response.unchecked_into(),
            Err(_) if self.signal.aborted() => return Err(Trouble::Stopped),
            Err(fault) => return Err(Trouble::Passing(unanswered(goal, &said(&fault)))),
        };
        let range = response.headers().get("Content-Range").ok().flatten();
        match judge(goal.name, response.status(), range.as_deref(), bytes.len() as u64, goal.size) {
            Verdict::Append => (),
            Verdict::StartOver => bytes.clear(),
            Verdict::Wait(error) => return Err(Trouble::Passing(error)),
            Verdict::Refuse(error) => return Err(Trouble::Final(error)),
        }
        self.pour(&response, bytes, goal).await
    }

    /// Adds a body to the bytes.
    async fn pour(
        &self,
        response: &Response,
        bytes: &mut Vec<u8>,
        goal: &Goal<'_>,
    ) -> std::result::Result<(), Trouble> {
        let Some(body) = response.body() else {
            return Err(Trouble::Passing(cut(goal, bytes.len(), "an empty answer")));
        };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let poured = self.read(&reader, bytes, goal).await;
        if poured.is_err() {
            // Or the rest would go on arriving for nobody. A stream that is already broken says so again here.
            let _ = JsFuture::from(reader.cancel()).await;
        }
        poured
    }

    async fn read(
        &self,
        reader: &ReadableStreamDefaultReader,
        bytes: &mut Vec<u8>,
        goal: &Goal<'_>,
    ) -> std::result::Result<(), Trouble> {
        let limit = goal.size.unwrap_or(MAX_MANIFEST_BYTES);
        loop {
            let read = JsFuture::from(reader.read()).await;
            if self.signal.aborted() {
                return Err(Trouble::Stopped);
            }
            let read: ReadableStreamReadResult = match read {
                Ok(read) => read.unchecked_into(),
                Err(fault) => return Err(Trouble::Passing(cut(goal, bytes.len(), &said(&fault)))),
            };
            if read.get_done() == Some(true) {
                break;
            }
            let chunk: Uint8Array = read.get_value().unchecked_into();
            let (start, end) = (bytes.len(), bytes.len() + chunk.length() as usize);
            if end as u64 > limit {
                return Err(Trouble::Final(too_long(goal, limit)));
            }
            // Within what was reserved, so nothing moves: this copy is the only one.
            bytes.resize(end, 0);
            chunk.copy_to(&mut bytes[start..]);
            (goal.so_far)(end);
        }
        match goal.size {
            Some(size) if (bytes.len() as u64) < size => Err(Trouble::Passing(cut(goal, bytes.len(), "the end"))),
            _ => Ok(()),
        }
    }

    /// Reports the bytes that are here, if the last report is old enough or they are all.
    fn progress(&self, got_bytes: u64, total_bytes: u64, cached: bool) {
        let now = now();
        if now - self.reported.get() >= REPORT_EVERY || got_bytes == total_bytes {
            self.reported.set(now);
            (self.report)(Reply::Progress { got_bytes, total_bytes, seconds: (now - self.began) / 1000.0, cached });
        }
    }

    /// Waits, or until the signal stops it.
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

/// Room for a whole file, so that its bytes never move while they arrive.
fn reserve(bytes: &mut Vec<u8>, file: &ManifestFile) -> Result<()> {
    let more = (file.bytes as usize).saturating_sub(bytes.len());
    bytes.try_reserve_exact(more).map_err(|_| {
        let expected = format!("{} bytes of memory", file.bytes);
        Error::new(Kind::Network, &file.path, expected, "not as many", "Close other pages, or choose a smaller model.")
    })
}

fn unanswered(goal: &Goal<'_>, why: &str) -> Error {
    Error::new(Kind::Network, goal.name, "an answer from the server", why, "Check the connection and try again.")
}

fn cut(goal: &Goal<'_>, here: usize, why: &str) -> Error {
    let expected = goal.size.map_or("the whole file".to_owned(), |size| format!("{size} bytes"));
    let advice = "Check the connection and try again: what has arrived is kept.";
    Error::new(Kind::Network, goal.name, expected, format!("{why} after {here} bytes"), advice)
}

fn too_long(goal: &Goal<'_>, limit: u64) -> Error {
    let advice = "Choose another model, or tell whoever runs this page.";
    Error::new(Kind::Network, goal.name, format!("at most {limit} bytes"), "more", advice)
}
