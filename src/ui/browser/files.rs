//! Files of this page and of its reader: addresses, fetching, choosing and saving.

use std::time::Duration;

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList, HtmlElement, HtmlInputElement, Url};

use crate::error::{Error, Kind, Result};

const MODEL: &str = "models/all-minilm-l6-v2/";

/// The folder of the model that the page comes with.
pub fn model_folder() -> String {
    address(MODEL)
}

/// The absolute address of a file of this page, under whatever path it is served.
pub fn address(file: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(file, &base).map(|url| url.href()).unwrap_or_else(|_| file.to_owned())
}

/// A file's bytes; none where it could not be fetched.
pub async fn fetched(url: &str) -> Option<Vec<u8>> {
    let response = JsFuture::from(window().fetch_with_str(url)).await.ok()?.dyn_into::<web_sys::Response>().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok().filter(|_| response.ok())?).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Gives the reader a file.
pub fn save(name: &str, bytes: &[u8]) -> Result<()> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)));
    save_blob(name, &blob.map_err(|_| unsaved(name))?)
}

pub fn save_blob(name: &str, blob: &Blob) -> Result<()> {
    let refused = |_| unsaved(name);
    let url = Url::create_object_url_with_blob(blob).map_err(refused)?;
    let anchor: HtmlElement = document().create_element("a").map_err(refused)?.unchecked_into();
    let set = |attribute, value: &str| anchor.set_attribute(attribute, value).map_err(refused);
    set("href", &url)?;
    set("download", name)?;
    anchor.click();
    // Safari reads the address some time after the click.
    set_timeout(
        move || {
            // Fails only for what is no address.
            let _ = Url::revoke_object_url(&url);
        },
        KEPT,
    );
    Ok(())
}

fn unsaved(name: &str) -> Error {
    Error::new(Kind::Input, name, "a file that the browser takes", "a refusal", "Try again, or in another browser.")
}

/// How long the address of a saved file is good for. A page that is left drops its addresses by itself.
const KEPT: Duration = Duration::from_secs(60);

pub fn files(list: Option<FileList>) -> Vec<File> {
    let list = list.into_iter().flat_map(|list| (0..list.length()).filter_map(move |i| list.get(i)));
    list.collect()
}

/// The files that a reader has chosen in a field. It is emptied, so that choosing the same ones again is a change, too.
pub fn taken(event: &web_sys::Event) -> Vec<File> {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let chosen = files(field.as_ref().and_then(HtmlInputElement::files));
    if let Some(field) = field {
        field.set_value("");
    }
    chosen
}
