//! Complete and checked files in this browser's storage (the Cache API).
//!
//! Nothing here can make a download fail. If there is no storage (plain http, a private window, a full disk, or
//! settings that forbid it), a warning on the console and a line on the page report it, and every file is downloaded.

use std::cell::Cell;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, Headers, Request, Response, ResponseInit, console};

use super::plan::Plan;
use super::protocol::Kept;
use super::wire::{said, scope};
use crate::source::Source;

const NAME: &str = "attnscope-models-v1";

/// The cache of this origin for models.
#[derive(Clone)]
pub struct Store {
    cache: Cache,
}

impl Store {
    /// Opens the cache. None if the browser has none, or does not allow it.
    pub async fn open() -> Option<Self> {
        // Read by reflection, because the getter can throw, and is missing in an insecure context.
        let caches = Reflect::get(&scope(), &"caches".into()).unwrap_or(JsValue::UNDEFINED);
        if caches.is_undefined() {
            warn("this page has no Cache API");
            return None;
        }
        match JsFuture::from(caches.unchecked_into::<CacheStorage>().open(NAME)).await {
            Ok(cache) => Some(Self { cache: cache.unchecked_into() }),
            Err(fault) => {
                warn(&said(&fault));
                None
            }
        }
    }

    /// The file that was stored as `url` under this key. Its bytes must be checked again.
    pub async fn find(&self, url: &str, version: &str) -> Option<Response> {
        JsFuture::from(self.cache.match_with_str(&key(url, version))).await.ok()?.dyn_into().ok()
    }

    /// The plan that [`keep_plan`](Self::keep_plan) has stored for a model.
    pub async fn plan(&self, source: &Source) -> Option<Plan> {
        let end = format!("?{}", plan_key(source));
        let request = self.requests().await.into_iter().find(|request| request.url().ends_with(&end))?;
        let response: Response = JsFuture::from(self.cache.match_with_request(&request)).await.ok()?.dyn_into().ok()?;
        let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
        serde_json::from_slice(&Uint8Array::new(&buffer).to_vec()).ok()
    }

    /// Whether all files of a plan are stored.
    pub async fn has(&self, plan: &Plan) -> bool {
        for file in &plan.files {
            if self.find(&file.url, &file.check.key()).await.is_none() {
                return false;
            }
        }
        true
    }

    /// Stores the plan of a model beside its files, so that they can be found without a request to their server. It is
    /// listed and removed with the files.
    pub async fn keep_plan(&self, source: &Source, plan: &Plan) {
        if let (Some(file), Ok(bytes)) = (plan.files.first(), serde_json::to_vec(plan)) {
            self.keep(&group(&file.url), &plan_key(source), &bytes).await;
        }
    }

    /// The stored models: the address of the folder or file, and the bytes of each.
    pub async fn list(&self) -> Vec<Kept> {
        let mut all: Vec<Kept> = Vec::new();
        for request in self.requests().await {
            let url = request.url();
            let response = JsFuture::from(self.cache.match_with_request(&request)).await.ok();
            let response = response.and_then(|response| response.dyn_into::<Response>().ok());
            let bytes = match response {
                Some(response) => stored_bytes(&response).await,
                None => 0,
            };
            let address = group(&url);
            match all.iter_mut().find(|kept| kept.address == address) {
                Some(kept) => kept.bytes += bytes,
                None => all.push(Kept { address, bytes }),
            }
        }
        all
    }

    /// Removes the files of a folder, or the file with this address.
    pub async fn forget(&self, address: &str) {
        for request in self.requests().await.into_iter().filter(|request| group(&request.url()) == address) {
            if let Err(fault) = JsFuture::from(self.cache.delete_with_request(&request)).await {
                warn(&said(&fault));
            }
        }
    }

    /// The keys of all stored files.
    async fn requests(&self) -> Vec<Request> {
        match JsFuture::from(self.cache.keys()).await {
            Ok(keys) => keys.unchecked_into::<Array>().iter().map(JsCast::unchecked_into).collect(),
            Err(fault) => {
                warn(&said(&fault));
                Vec::new()
            }
        }
    }

    /// Removes one file.
    pub async fn remove(&self, url: &str, version: &str) {
        if let Err(fault) = JsFuture::from(self.cache.delete_with_str(&key(url, version))).await {
            warn(&said(&fault));
        }
    }

    /// Stores a file and removes the files that were stored as `url` under other keys. Returns false if the browser
    /// refuses. The call itself copies the bytes, so that the future does not need them.
    pub fn keep(&self, url: &str, version: &str, bytes: &[u8]) -> impl Future<Output = bool> + 'static {
        // The bytes are copied here, although a Response must copy its bytes (Fetch, "extract a body"). WebKit's keeps
        // a reference to the worker's memory instead, which is detached when that memory grows, and then stores
        // nothing.
        let init = ResponseInit::new();
        let length = Headers::new().and_then(|headers| {
            // With this header, the list of stored models does not need to read the body.
            headers.set("Content-Length", &bytes.len().to_string())?;
            Ok(headers)
        });
        if let Ok(headers) = length {
            init.set_headers_headers(&headers);
        }
        let response = Response::new_with_opt_js_u8_array_and_init(Some(&Uint8Array::from(bytes)), &init);
        let (cache, prefix, key) = (self.cache.clone(), key(url, ""), key(url, version));
        async move {
            let kept = async {
                for request in JsFuture::from(cache.keys()).await?.unchecked_into::<Array>().iter() {
                    let request = request.unchecked_into::<Request>();
                    if request.url().starts_with(&prefix) && request.url() != key {
                        JsFuture::from(cache.delete_with_request(&request)).await?;
                    }
                }
                JsFuture::from(cache.put_with_str(&key, &response?)).await
            };
            let kept = kept.await;
            if let Err(fault) = &kept {
                warn(&said(fault));
            }
            kept.is_ok()
        }
    }
}

/// The length of a stored file, from the header that [`Store::keep`] has written, or from the body itself.
async fn stored_bytes(response: &Response) -> u64 {
    let written = response.headers().get("Content-Length").ok().flatten().and_then(|length| length.parse().ok());
    if let Some(bytes) = written {
        return bytes;
    }
    let Ok(blob) = response.blob() else { return 0 };
    JsFuture::from(blob).await.map_or(0, |blob| blob.unchecked_into::<Blob>().size() as u64)
}

/// A key for a source, of characters that do not need escaping in an address.
fn plan_key(source: &Source) -> String {
    let named = format!("{} {}", source.mirror().unwrap_or_default(), source.written());
    named.bytes().fold("plan=".to_owned(), |key, byte| key + &format!("{byte:02x}"))
}

/// The address under which the files of a model are listed: that of their folder, or of a GGUF file.
fn group(url: &str) -> String {
    let file = url.split('?').next().unwrap_or_default();
    if file.ends_with(".gguf") { file.to_owned() } else { file[..=file.rfind('/').unwrap_or_default()].to_owned() }
}

/// The address of a stored file. It contains the version, so that a new version is never taken for an old one.
fn key(url: &str, version: &str) -> String {
    format!("{url}?{version}")
}

/// Writes a warning to the console, once in the life of a worker.
fn warn(why: &str) {
    thread_local!(static WARNED: Cell<bool> = const { Cell::new(false) });
    if !WARNED.replace(true) {
        console::warn_1(
            &format!("Attnscope cannot keep models in this browser and downloads them each time: {why}").into(),
        );
    }
}
