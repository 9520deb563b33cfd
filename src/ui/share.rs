//! What a reader takes along: the link, the run as a file, a place in another page.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ndarray::Array4;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlElement, Url};

use super::embed::EmbedDialog;
use super::open::OpenFile;
use super::parts::{button, press, words};
use super::session::Session;
use crate::engine::HeadId;
use crate::error::{Error, Kind, Result};
use crate::state::{Of, Run, Snapshot, Source, link};

/// The page's own address with this state.
pub fn address(session: Session) -> String {
    let location = window().location();
    let base = location.origin().and_then(|origin| location.pathname().map(|path| origin + &path));
    format!("{}#{}", base.unwrap_or_default(), session.view.with(link))
}

/// Puts a text on the clipboard; false where the browser does not allow that.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Not there on pages that are not secure.
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Gives the reader a file.
pub fn save(name: &str, bytes: &[u8]) -> Result<()> {
    let refused = |_| {
        let advice = "Try again, or in another browser.";
        Error::new(Kind::Input, name, "a file that the browser takes", "a refusal", advice)
    };
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).map_err(refused)?;
    let url = Url::create_object_url_with_blob(&blob).map_err(refused)?;
    let anchor: HtmlElement = document().create_element("a").map_err(refused)?.unchecked_into();
    let set = |attribute, value: &str| anchor.set_attribute(attribute, value).map_err(refused);
    set("href", &url)?;
    set("download", name)?;
    anchor.click();
    // The browser has taken hold of it.
    Url::revoke_object_url(&url).map_err(refused)
}

/// The run on screen as a file. Of a long text heads come from the worker first.
///
/// # Errors
/// Where there is no run, or a newer one has taken its place meanwhile.
pub async fn snapshot(session: Session) -> Result<Vec<u8>> {
    let nothing = |got: &str| {
        Error::new(
            Kind::Input,
            "the snapshot",
            "a run on screen",
            got,
            "Wait until your text has been read, and try again.",
        )
    };
    let view = session.view.get_untracked();
    let run = session.run.get_untracked().filter(|run| run.is_of(&view)).ok_or_else(|| nothing("none"))?;
    let heads = move |run: &Run| {
        (0..run.layers * run.heads).map(|at| HeadId::new(at / run.heads, at % run.heads)).collect::<Vec<_>>()
    };
    let now = move || session.run.get_untracked().filter(|now| now.id == run.id);
    let ask = now.clone();
    session
        .until(&move || {
            let Some(run) = ask() else { return true };
            let missing: Vec<_> = heads(&run).into_iter().filter(|&head| run.pattern(head).is_none()).collect();
            missing.iter().for_each(|&head| session.fetch(&run, Of::default(), head));
            missing.is_empty()
        })
        .await;
    let run = now().ok_or_else(|| nothing("another one by now"))?;
    let n = run.tokens.len();
    let cells: Vec<f32> = heads(&run)
        .into_iter()
        .filter_map(|head| run.pattern(head))
        .flat_map(|map| map.iter().copied().collect::<Vec<_>>())
        .collect();
    let pattern = Array4::from_shape_vec((run.layers, run.heads, n, n), cells).map_err(|_| nothing("a part of it"))?;
    let model = match run.source {
        Source::Snapshot => run.saved_by.clone(),
        Source::Model { .. } => session.model_name(),
    };
    Snapshot::new(&model, &view, run.tokens.clone(), pattern).to_bytes()
}

/// A file's name for what is on screen.
fn file_name(session: Session) -> String {
    let HeadId { layer, head } = session.view.with_untracked(|view| view.head_id());
    format!("attnscope-L{layer}H{head}.safetensors")
}

#[component]
pub fn Share(session: Session) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let copy_link = press(move || {
        spawn_local(async move {
            let text = address(session);
            let copied = copy(&text).await;
            said.set(if copied { "The link is on the clipboard.".into() } else { format!("Copy this link: {text}") });
        });
    });
    let save_run = press(move || {
        spawn_local(async move {
            let name = file_name(session);
            let saved = snapshot(session).await.and_then(|bytes| save(&name, &bytes).map(|()| bytes.len()));
            said.set(match saved {
                Ok(bytes) => format!(
                    "Saved {name}: {} KB, weights off by at most 0.000008. Open it here, or give its address to an <attn-scope>.",
                    bytes.div_ceil(1000)
                ),
                Err(error) => error.to_string(),
            });
        });
    });
    view! {
        <details class="alter" id="share">
            <summary>"Share"</summary>
            <div class="changes">
                {button("Copy the link", copy_link)}
                {button("Save a snapshot", save_run)}
                <EmbedDialog session/>
                <OpenFile session/>
                <p class="readout" id="shared" role="status">{words(move || said.get())}</p>
            </div>
        </details>
    }
}
