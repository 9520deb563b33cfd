//! Gets the files of a model, by its plan, from this browser's storage or over the network, and checks them.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, File, RequestCache, RequestInit, Response, Url};

use super::hash::{git_blob, sha256};
use super::manifest::{MAX_MANIFEST_BYTES, Manifest};
use super::models::Models;
use super::own;
use super::plan::{Check, Found, Piece, Plan, check_memory};
use super::protocol::{Medium, Reply};
use super::session::Loaded;
use super::store::Store;
use super::transfer::{Goal, Size, Transfer, cancelled};
use super::turn::{Turn, turn};
use super::wire::{said, scope};
use crate::engine::{is_usual_config, is_weights, needed, understood};
use crate::error::{Error, Kind, Result};
use crate::source::{Repository, Source};

/// The most bytes of a list of a repository's files.
const MOST_LISTING_BYTES: u64 = 8 << 20;
/// Received bytes of a GGUF file at which its head is examined first. They are enough for the keys before its
/// vocabulary.
const FIRST_LOOK: usize = 1 << 16;

/// The download of a model. It outlives the `Load` that began it, so that the next one can continue it.
pub struct Download {
    plan: Plan,
    /// In the order of `plan.files`.
    parts: Vec<Part>,
}

#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    /// Whether it is complete and passes the plan's check.
    checked: bool,
}

/// The complete and checked files of a model, with their names.
pub struct Files {
    /// None for files of the reader's own.
    pub plan: Option<Plan>,
    pub name: String,
    pub licence: String,
    pub files: Vec<(String, Vec<u8>)>,
    /// The lock, which is held until the model is open, so that the next page that requests the same model finds it in
    /// memory.
    pub turn: Rc<Option<Turn>>,
}

/// Called with the bytes of a file that could not be stored.
pub type NotKept = dyn Fn(u64);

/// The result of a download.
pub enum Brought {
    Files(Files),
    /// A model that is already in memory.
    Model(Rc<Loaded>),
}

impl Download {
    fn new(plan: Plan) -> Self {
        let parts = plan.files.iter().map(|_| Part::default()).collect();
        Self { plan, parts }
    }

    fn got_bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes.len() as u64).sum()
    }

    /// The received bytes of all other parts, and the bytes of the whole model.
    fn beside(&self, at: usize) -> (u64, u64) {
        (self.got_bytes() - self.parts[at].bytes.len() as u64, self.plan.total_bytes())
    }

    fn into_files(self, turn: Rc<Option<Turn>>) -> Files {
        let names = self.plan.files.iter().map(|file| file.name.clone());
        let files = names.zip(self.parts.into_iter().map(|part| part.bytes)).collect();
        Files { name: self.plan.name.clone(), licence: self.plan.licence.clone(), plan: Some(self.plan), files, turn }
    }
}

/// Gets the files of a model, from this browser's storage if it has them. `kept` is the download of an earlier call,
/// which is continued; if this call fails or `signal` stops it, its download is put there again. If `models` has the
/// model, also after waiting for another page's download, that one is returned. With `from_store` no request is made to
/// a server. Weights come last, and the download of a GGUF file ends when its head shows that it cannot be used.
/// `not_kept` is called for every downloaded file that the browser cannot store, possibly after this call.
///
/// Errors: those of [`plan`] and [`crate::engine::refusal`], and `Kind::Network` for failures of the server or the
/// network and for files that are missing in the storage.
pub async fn model(
    (source, from_store): (&Source, bool),
    kept: &mut Option<Download>,
    signal: &AbortSignal,
    report: &dyn Fn(Reply),
    models: &Models,
    not_kept: &Rc<NotKept>,
) -> Result<Brought> {
    let transfer = Transfer::new(signal, report);
    let plan = match from_store {
        true => kept_plan(source).await.ok_or_else(|| not_all_kept(source))?,
        false => planned(&transfer, source).await?.model()?,
    };
    if let Some(model) = models.find(&plan) {
        return Ok(Brought::Model(model));
    }
    let earlier = kept.take().filter(|earlier| earlier.plan == plan);
    let download = kept.insert(earlier.unwrap_or_else(|| Download::new(plan)));
    let total = download.plan.total_bytes();

    transfer.progress(download.got_bytes(), total, Medium::Network);
    let turn = Rc::new(turn(&download.plan.files[0].url, signal).await);
    if let Some(model) = models.find(&download.plan) {
        *kept = None;
        return Ok(Brought::Model(model));
    }
    let store = Store::open().await;
    for weights in [false, true] {
        for at in 0..download.parts.len() {
            if is_weights(&download.plan.files[at].name) != weights {
                continue;
            }
            if !download.parts[at].checked && !from_storage(&transfer, download, at, store.as_ref()).await? {
                if from_store {
                    return Err(not_all_kept(source));
                }
                over_network(&transfer, download, at, (store.as_ref(), models), (&turn, not_kept)).await?;
            }
            if download.plan.files[at].name == "config.json" {
                check_config(models, &download.parts[at].bytes).await?;
            }
        }
    }
    // Files of the page's own origin can be requested at any time, so their plan is not needed.
    if let Some(store) = store.filter(|_| !from_store && source.origin() != scope().location().origin()) {
        let (source, plan) = (source.clone(), download.plan.clone());
        spawn_local(async move { store.keep_plan(&source, &plan).await });
    }
    Ok(Brought::Files(kept.take().expect("put there above").into_files(turn)))
}

/// The files to download for a model. The `config.json` of a repository is read, so that a model that cannot be
/// computed is refused before the reader is asked for consent to download its weights.
///
/// Errors: `Kind::Input` for an invalid address and for a model that is too large, `Kind::Format` for an invalid
/// manifest or list, `Kind::Config` for a repository without the files of a model, `Kind::Network` for failures of the
/// server or the network, and those of [`crate::engine::refusal`].
pub async fn plan(source: &Source, signal: &AbortSignal, models: &Models) -> Result<Found> {
    let transfer = Transfer::new(signal, &|_| ());
    let found = planned(&transfer, source).await?;
    if let (Source::Hub(_), Found::Model(plan)) = (source, &found) {
        check_plan(&transfer, plan, models).await?;
    }
    Ok(found)
}

/// As [`check_config`], for the config of a plan. If it cannot be fetched, errors are reported when the model is
/// loaded.
async fn check_plan(transfer: &Transfer<'_>, plan: &Plan, models: &Models) -> Result<()> {
    let config = plan.files.iter().find(|file| file.name == "config.json" && file.bytes <= MOST_LISTING_BYTES);
    let Some(config) = config else { return Ok(()) };
    let kept = match Store::open().await {
        Some(store) => stored(transfer, &store, config, &|_| ()).await?,
        None => None,
    };
    let bytes = match kept {
        Some(bytes) => Ok(bytes),
        None => small(transfer, &config.name, &config.url, config.bytes).await,
    };
    match bytes {
        Ok(bytes) if check(&bytes, &config.check).await.is_ok() => check_config(models, &bytes).await,
        _ => Ok(()),
    }
}

async fn planned(transfer: &Transfer<'_>, source: &Source) -> Result<Found> {
    match source {
        Source::Folder(folder) => {
            let folder = absolute(folder)?;
            let url = format!("{folder}manifest.json");
            let bytes = small(transfer, "manifest.json", &url, MAX_MANIFEST_BYTES).await?;
            Ok(Found::Model(Plan::of_manifest(&folder, Manifest::read(&bytes)?)))
        }
        Source::Hub(repository) => {
            let Repository { hub, id, .. } = repository;
            let url = format!("{hub}/api/models/{id}/revision/{}?blobs=true", repository.revision_part());
            Plan::of_repository(repository, &small(transfer, id, &url, MOST_LISTING_BYTES).await?)
        }
        Source::File(url) => {
            let init = RequestInit::new();
            init.set_method("HEAD");
            init.set_signal(Some(transfer.signal));
            let answer = JsFuture::from(scope().fetch_with_str_and_init(url, &init)).await;
            let fault = |got: String| {
                let advice = "Check the address; the server must allow other pages to read it (CORS).";
                Error::new(Kind::Network, url, "an answer that says how long the file is", got, advice)
            };
            let response: Response = answer.map_err(|bad| fault(said(&bad)))?.unchecked_into();
            if !response.ok() {
                return Err(fault(format!("HTTP status {}", response.status())));
            }
            let header = |name: &str| response.headers().get(name).ok().flatten();
            let bytes =
                header("Content-Length").and_then(|length| length.parse().ok()).filter(|&bytes: &u64| bytes > 0);
            let bytes = bytes.ok_or_else(|| fault("one that does not".to_owned()))?;
            let version = header("ETag").or_else(|| header("Last-Modified")).unwrap_or_default();
            Plan::of_file(url, bytes, &format!("{version}-{bytes}")).map(Found::Model)
        }
        Source::Own(_) => Err(Error::new(
            Kind::Worker,
            "the files to load",
            "files with the message",
            "none",
            "Choose the files again.",
        )),
    }
}

/// Receives a body of unknown size, of at most `most` bytes.
async fn small(transfer: &Transfer<'_>, name: &str, url: &str, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let goal = Goal { name, url, size: Size::AtMost(most), so_far: &|_| (), look: &|_| Ok(()) };
    transfer.fill(&mut bytes, &goal, RequestCache::NoCache).await?;
    Ok(bytes)
}

/// The address of a folder, resolved relative to the worker's script.
fn absolute(folder: &str) -> Result<String> {
    let url = Url::new_with_base(folder, &scope().location().href()).map(|url| url.href()).ok();
    url.filter(|url| url.ends_with('/')).ok_or_else(|| {
        let advice = "Check the model's address: it is that of the folder with its manifest.json.";
        Error::new(Kind::Input, "the model's address", "an address that ends in /", format!("{folder:?}"), advice)
    })
}

/// The plan of a model, if all its files are in this browser's storage.
pub async fn kept_plan(source: &Source) -> Option<Plan> {
    let store = Store::open().await?;
    let plan = store.plan(source).await?;
    store.has(&plan).await.then_some(plan)
}

fn not_all_kept(source: &Source) -> Error {
    let advice = "Load the model again: what has arrived is kept.";
    Error::new(Kind::Network, source.written(), "all its files in this browser", "not all of them", advice)
}

/// Takes one part from this browser's storage. Returns false if it is not there.
async fn from_storage(
    transfer: &Transfer<'_>,
    download: &mut Download,
    at: usize,
    store: Option<&Store>,
) -> Result<bool> {
    let Some(store) = store else { return Ok(false) };
    let (others, total) = download.beside(at);
    let so_far = |here: usize| transfer.progress(others + here as u64, total, Medium::Storage);
    let Some(bytes) = stored(transfer, store, &download.plan.files[at], &so_far).await? else { return Ok(false) };
    download.parts[at] = Part { bytes, checked: true };
    Ok(true)
}

/// Checks that a `config.json` is of a model that can be computed.
///
/// Errors: those of [`crate::engine::refusal`].
async fn check_config(models: &Models, bytes: &[u8]) -> Result<()> {
    if is_usual_config(bytes) {
        return Ok(());
    }
    let others = models.others().await;
    others.and_then(|others| (others.refusal)("config.json", bytes)).map_or(Ok(()), Err)
}

/// Downloads one part, or the rest of it, and checks it.
async fn over_network(
    transfer: &Transfer<'_>,
    download: &mut Download,
    at: usize,
    (store, models): (Option<&Store>, &Models),
    (turn, not_kept): (&Rc<Option<Turn>>, &Rc<NotKept>),
) -> Result<()> {
    let (others, total) = download.beside(at);
    let (file, part) = (&download.plan.files[at], &mut download.parts[at]);

    reserve(&mut part.bytes, &file.name, file.bytes)?;
    let so_far = |here| transfer.progress(others + here as u64, total, Medium::Network);
    let others = if file.name.ends_with(".gguf") { models.others().await } else { None };
    let looked_at = Cell::new(FIRST_LOOK);
    // The number of bytes doubles each time, so that all examinations together cost little more than the last one.
    let look = |bytes: &[u8]| {
        let Some(others) = others.filter(|_| bytes.len() >= looked_at.get()) else { return Ok(()) };
        looked_at.set(2 * bytes.len());
        (others.refusal)(&file.name, bytes).map_or(Ok(()), Err)
    };
    let size = Size::Exactly(file.bytes);
    let goal = Goal { name: &file.name, url: &file.url, size, so_far: &so_far, look: &look };
    // The browser's own cache does not need a second copy of files that are stored here.
    let usual = if store.is_some() { RequestCache::NoStore } else { RequestCache::Default };
    let mut wrong = String::new();
    for cache in [usual, RequestCache::Reload] {
        transfer.fill(&mut part.bytes, &goal, cache).await?;
        let checked = check(&part.bytes, &file.check).await;
        if transfer.signal.aborted() {
            return Err(cancelled());
        }
        match checked {
            Ok(()) => {
                part.checked = true;
                let Some(store) = store else {
                    not_kept(file.bytes);
                    return Ok(());
                };
                let kept = store.keep(&file.url, &file.check.key(), &part.bytes);
                let (turn, not_kept, bytes) = (turn.clone(), not_kept.clone(), file.bytes);
                spawn_local(async move {
                    if !kept.await {
                        not_kept(bytes);
                    }
                    // The lock is released only now, so that the next page finds the file in the storage.
                    drop(turn);
                });
                return Ok(());
            }
            Err(got) => wrong = got,
        }
        part.bytes.clear();
    }
    part.bytes = Vec::new();
    let advice =
        "Try again; if it stays so, tell whoever runs this page that the model's files do not belong together.";
    let expected = match &file.check {
        Check::Sha256(sum) => format!("bytes of SHA-256 {sum}"),
        Check::GitBlob(sum) => format!("bytes of git's SHA-1 {sum}"),
        Check::Size(_) => format!("{} bytes", file.bytes),
    };
    Err(Error::new(Kind::Network, &file.name, expected, wrong, advice))
}

/// Checks bytes.
///
/// Errors: the hash of the bytes, if it is not the expected one.
async fn check(bytes: &[u8], check: &Check) -> std::result::Result<(), String> {
    let (sum, expected) = match check {
        Check::Sha256(expected) => (sha256(bytes).await, expected),
        Check::GitBlob(expected) => (git_blob(bytes), expected),
        // Their number is already checked.
        Check::Size(_) => return Ok(()),
    };
    if sum == *expected { Ok(()) } else { Err(sum) }
}

/// The bytes of a file in this browser's storage. None if it is not there or fails its check.
async fn stored(
    transfer: &Transfer<'_>,
    store: &Store,
    file: &Piece,
    so_far: &dyn Fn(usize),
) -> Result<Option<Vec<u8>>> {
    let key = file.check.key();
    let Some(response) = store.find(&file.url, &key).await else { return Ok(None) };
    let mut bytes = Vec::new();
    reserve(&mut bytes, &file.name, file.bytes)?;
    let size = Size::Exactly(file.bytes);
    let goal = Goal { name: &file.name, url: &file.url, size, so_far, look: &|_| Ok(()) };
    let poured = transfer.pour(&response, &mut bytes, &goal, None).await;
    let whole = poured.is_ok() && check(&bytes, &file.check).await.is_ok();
    if transfer.signal.aborted() {
        return Err(cancelled());
    }
    if !whole {
        store.remove(&file.url, &key).await;
        return Ok(None);
    }
    Ok(Some(bytes))
}

/// Reads those of the reader's own files that make a model. Their paths have folders or not, as they were chosen.
///
/// Errors: [`Kind::Input`] for files that are too large or cannot be read, and those of [`needed`].
pub async fn own((paths, files): (&[String], &[File]), signal: &AbortSignal, report: &dyn Fn(Reply)) -> Result<Files> {
    let transfer = Transfer::new(signal, report);
    let together: Vec<usize> = own::together(paths).into_iter().filter(|&at| at < files.len()).collect();
    let names: Vec<String> = understood(&together.iter().map(|&at| files[at].name()).collect::<Vec<_>>());
    let needed = needed(&names, None)?;
    let taken: Vec<(usize, String)> =
        together.into_iter().zip(names).filter(|(_, name)| needed.contains(name)).collect();
    let sizes: Vec<(&str, u64)> = taken.iter().map(|(at, name)| (name.as_str(), files[*at].size() as u64)).collect();
    check_memory(&sizes)?;
    let total = sizes.iter().map(|(_, bytes)| bytes).sum();
    let weights = taken.iter().find(|(_, name)| is_weights(name));
    let name = weights.map(|(at, file)| own::name(&paths[*at], file)).unwrap_or_default();
    let mut read = Vec::new();
    let mut before = 0;
    for (at, name) in taken {
        let so_far = |here: usize| transfer.progress(before + here as u64, total, Medium::Files);
        let bytes = slices(&files[at], Some(signal), &so_far).await?;
        before += bytes.len() as u64;
        read.push((name, bytes));
    }
    Ok(Files { plan: None, name, licence: String::new(), files: read, turn: Rc::new(None) })
}

/// Reads a file of the reader's own.
///
/// Errors ([`Kind::Input`]): it is too large or cannot be read.
pub async fn whole(file: &File) -> Result<Vec<u8>> {
    check_memory(&[(&file.name(), file.size() as u64)])?;
    slices(file, None, &|_| ()).await
}

/// Reads a file in slices, because one buffer for the whole file would take twice its memory.
async fn slices(file: &File, signal: Option<&AbortSignal>, so_far: &dyn Fn(usize)) -> Result<Vec<u8>> {
    const SLICE: u64 = 4 << 20;
    let (name, size) = (file.name(), file.size() as u64);
    let mut bytes = Vec::new();
    reserve(&mut bytes, &name, size)?;
    for from in (0..size).step_by(SLICE as usize) {
        let to = (from + SLICE).min(size);
        let slice = async { JsFuture::from(file.slice_with_f64_and_f64(from as f64, to as f64)?.array_buffer()).await };
        let buffer = slice.await.map_err(|fault| {
            let advice = "Check that the file is still there and choose it again.";
            Error::new(Kind::Input, &name, "a file that can be read", said(&fault), advice)
        })?;
        if signal.is_some_and(AbortSignal::aborted) {
            return Err(cancelled());
        }
        let chunk = Uint8Array::new(&buffer);
        let (start, end) = (bytes.len(), bytes.len() + chunk.length() as usize);
        bytes.resize(end, 0);
        chunk.copy_to(&mut bytes[start..]);
        so_far(end);
    }
    Ok(bytes)
}

/// Reserves memory for a whole file, so that its bytes are not moved while they arrive.
///
/// Errors ([`Kind::Network`]): there is not enough memory.
fn reserve(bytes: &mut Vec<u8>, name: &str, size: u64) -> Result<()> {
    let more = (size as usize).saturating_sub(bytes.len());
    bytes.try_reserve_exact(more).map_err(|_| {
        let advice = "Close other pages, or choose a smaller model.";
        Error::new(Kind::Network, name, format!("{size} bytes of memory"), "not as many", advice)
    })
}
