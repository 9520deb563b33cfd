//! Whole, checked files in this browser's storage (the Cache API).
//!
//! Nothing here can fail a download: where there is no storage (plain http, a private window, a full disk,
//! a reader who forbids it) one warning on the console says so and every file is fetched.

use std::cell::Cell;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response, console};

use super::wire::{said, scope};

const NAME: &str = "attnscope-models-v1";

/// The cache of this origin that holds models.
#[derive(Clone)]
pub struct Store {
    cache: Cache,
}

impl Store {
    pub async fn open() -> Option<Self> {
        // Looked up by hand: the getter may throw, and is missing in an insecure context.
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

    /// The file that was kept as `url` with this hash. Its bytes are to be checked again.
    pub async fn find(&self, url: &str, sha256: &str) -> Option<Response> {
        JsFuture::from(self.cache.match_with_str(&key(url, sha256))).await.ok()?.dyn_into().ok()
    }

    pub async fn remove(&self, url: &str, sha256: &str) {
        if let Err(fault) = JsFuture::from(self.cache.delete_with_str(&key(url, sha256))).await {
            warn(&said(&fault));
        }
    }

    /// Keeps a file and drops what was kept as `url` with another hash. The bytes are copied by this call;
    /// the future does the rest and needs them no more.
    pub fn keep(&self, url: &str, sha256: &str, bytes: &[u8]) -> impl Future<Output = ()> + 'static {
        // Copied here, though a Response should copy what it is made of (Fetch, "extract a body"): WebKit's holds on to
        // the worker's own memory, which is gone from under it as soon as that grows, and then stores nothing.
        let response = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes)));
        let (cache, prefix, key) = (self.cache.clone(), key(url, ""), key(url, sha256));
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
            if let Err(fault) = kept.await {
                warn(&said(&fault));
            }
        }
    }
}

/// The hash is part of the key, so that a new version of a file is never taken for the old one.
fn key(url: &str, sha256: &str) -> String {
    format!("{url}?sha256={sha256}")
}

/// Once in the life of a worker.
fn warn(why: &str) {
    thread_local!(static WARNED: Cell<bool> = const { Cell::new(false) });
    if !WARNED.replace(true) {
        console::warn_1(
            &format!("Attnscope cannot keep models in this browser and downloads them each time: {why}").into(),
        );
    }
}
