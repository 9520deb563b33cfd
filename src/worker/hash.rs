//! Hashes in lower-case hex: SHA-256, computed by the browser, which is fast, or here; and git's hash for small files.

use js_sys::Uint8Array;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use wasm_bindgen_futures::JsFuture;

use super::wire::scope;

/// The SHA-256 of `bytes`.
pub async fn sha256(bytes: &[u8]) -> String {
    match by_browser(bytes).await {
        Some(sum) => sum,
        None => by_ourselves(bytes),
    }
}

/// The SHA-256, computed by the browser on another thread. None in an insecure context (plain http), which has no
/// `crypto.subtle`.
pub async fn by_browser(bytes: &[u8]) -> Option<String> {
    let subtle = scope().crypto().ok()?.subtle();
    if subtle.is_undefined() {
        return None;
    }
    // The bytes are copied before this call returns (Web Cryptography, 14.3.5), so wasm memory may grow meanwhile.
    let digest = subtle.digest_with_str_and_u8_array("SHA-256", bytes).ok()?;
    let digest = JsFuture::from(digest).await.ok()?;
    Some(hex(&Uint8Array::new(&digest).to_vec()))
}

/// The SHA-256, computed here. The worker answers nothing during it.
pub fn by_ourselves(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Git's hash of a file: SHA-1 of `blob`, its length and its bytes.
pub fn git_blob(bytes: &[u8]) -> String {
    let mut sum = Sha1::new();
    sum.update(format!("blob {}\0", bytes.len()));
    sum.update(bytes);
    hex(&sum.finalize())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
