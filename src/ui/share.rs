//! What a reader takes along: the link, the run as a file, a place in another page.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ndarray::Array4;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Blob, Clipboard, ClipboardItem, HtmlElement, Url};

use super::app::address as file_address;
use super::consent::NoLink;
use super::embed::EmbedDialog;
use super::export::{Export, captioned};
use super::open::OpenFile;
use super::parts::{button, content, press};
use super::popover::popover;
use super::session::Session;
use super::theme::Look;
use super::views::Readings;
use crate::engine::HeadId;
use crate::error::{Error, Kind, Result};
use crate::state::{Of, Run, Snapshot, link_to};
use crate::text;

/// The page's own address with this state; none where that would be longer than the page reads.
pub fn address(session: Session) -> Option<String> {
    Some(format!("{}#{}", file_address("./"), session.view.with(link_to)?))
}

/// Puts a text on the clipboard; false where the browser does not allow that. The browser is asked before this returns:
/// Safari allows it only within the click.
pub fn copy(text: &str) -> impl Future<Output = bool> + use<> {
    let writing = clipboard().map(|clipboard| JsFuture::from(clipboard.write_text(text)));
    async move {
        match writing {
            Some(writing) => writing.await.is_ok(),
            None => false,
        }
    }
}

/// What is being made.
pub type Made = Pin<Box<dyn Future<Output = Result<Blob>>>>;

/// Puts on the clipboard what is still to be made, as [`copy`] does; `media` is its media type.
///
/// # Errors
/// Those of making it.
pub fn copy_made(media: &str, made: Made) -> impl Future<Output = Result<bool>> + use<> {
    let fault = Rc::new(RefCell::new(None));
    let failed = fault.clone();
    let blob = future_to_promise(async move {
        made.await.map(JsValue::from).map_err(|error| {
            failed.replace(Some(error));
            JsValue::NULL
        })
    });
    let item = Object::new();
    // Setting a field on a fresh object cannot fail.
    let _ = Reflect::set(&item, &media.into(), &blob);
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&item).ok();
    let writing = clipboard().zip(item).map(|(clipboard, item)| JsFuture::from(clipboard.write(&Array::of1(&item))));
    async move {
        let copied = match writing {
            Some(writing) => writing.await.is_ok(),
            None => {
                // It is made all the same, so that what is wrong with it is known.
                let _ = JsFuture::from(blob).await;
                false
            }
        };
        fault.take().map_or(Ok(copied), Err)
    }
}

/// None on pages that are not secure.
fn clipboard() -> Option<Clipboard> {
    // Looked up by hand: the getter's type says that it is always there.
    Reflect::get(&window().navigator(), &"clipboard".into()).ok()?.dyn_into().ok()
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

/// How long the address of a saved file is good for. A page that is left drops its addresses by itself.
const KEPT: Duration = Duration::from_secs(60);

fn unsaved(name: &str) -> Error {
    Error::new(Kind::Input, name, "a file that the browser takes", "a refusal", "Try again, or in another browser.")
}

/// The run on screen with all its weights [layers, heads, n, n]. Of a long text heads come from the worker first.
///
/// # Errors
/// Where there is no run, or a newer one has taken its place meanwhile.
pub async fn whole(session: Session) -> Result<(Arc<Run>, Array4<f32>)> {
    let nothing = |got: &str| {
        let advice = "Wait until your text has been read, and try again.";
        Error::new(Kind::Input, "the run", "one on screen", got, advice)
    };
    let is_here = |run: &Arc<Run>| session.view.with_untracked(|view| run.is_of(view));
    let id = session.run.get_untracked().filter(is_here).ok_or_else(|| nothing("none"))?.id;
    let now = move || session.run.get_untracked().filter(|now| now.id == id);
    session
        .until(&move || {
            let Some(run) = now() else { return true };
            let missing: Vec<_> = heads(&run).filter(|&head| run.pattern(head).is_none()).collect();
            missing.iter().for_each(|&head| session.fetch(&run, Of::default(), head));
            missing.is_empty()
        })
        .await;
    let run = now().ok_or_else(|| nothing("another one by now"))?;
    let n = run.tokens.len();
    let mut cells = Vec::with_capacity(run.layers * run.heads * n * n);
    heads(&run).filter_map(|head| run.pattern(head)).for_each(|map| cells.extend(map.iter()));
    let pattern = Array4::from_shape_vec((run.layers, run.heads, n, n), cells).map_err(|_| nothing("a part of it"))?;
    Ok((run, pattern))
}

fn heads(run: &Run) -> impl Iterator<Item = HeadId> {
    HeadId::all(run.layers, run.heads)
}

/// The run on screen as a snapshot's bytes.
///
/// # Errors
/// As [`whole`].
pub async fn snapshot(session: Session) -> Result<Vec<u8>> {
    let (run, pattern) = whole(session).await?;
    let view = session.view.get_untracked();
    Snapshot::new(&session.made_by(&run), &view, run.tokens.clone(), pattern).to_bytes()
}

#[component]
pub fn Share(session: Session, look: Look, readings: Readings) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let copy_link = press(move || {
        let Some(link) = untrack(|| address(session)) else { return said.set(text::link_too_long().into()) };
        let copying = copy(&link);
        spawn_local(async move {
            said.set(if copying.await { text::link_copied().into() } else { text::link_copy_by_hand(&link) });
        });
    });
    let save_run = press(move || {
        spawn_local(async move {
            let name = format!("{}.safetensors", session.file_name());
            let saved = snapshot(session).await.and_then(|bytes| save(&name, &bytes).map(|()| bytes.len()));
            said.set(match saved {
                Ok(bytes) => text::snapshot_saved(&name, bytes.div_ceil(1000)),
                Err(error) => text::translated(&error.to_string()),
            });
        });
    });
    let inner = view! {
        <div class="changes">
            {button(text::copy_link(), copy_link)}
            {button(text::save_snapshot(), save_run)}
            <EmbedDialog session look/>
        </div>
        <NoLink session/>
        <p class="readout" id="shared" role="status" prop:textContent=content(move || said.get())></p>
        <Export session look readings/>
        <OpenFile session/>
    };
    popover("share", text::share(), inner.into_any())
}

/// What is on screen, in a sentence for paper.
#[component]
pub fn OnPaper(session: Session) -> impl IntoView {
    view! { <p class="on-paper" prop:textContent=content(move || captioned(session))></p> }
}
