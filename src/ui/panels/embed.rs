//! A place in another page: the lines to put there, and what they will show.

use js_sys::{Array, Function, Object, Reflect};
use leptos::html::{Dialog, Iframe};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

use crate::state::{Frame, link_to, snippet};
use crate::text;
use crate::ui::browser::clipboard;
use crate::ui::browser::files::address;
use crate::ui::browser::message::{field, message};
use crate::ui::browser::theme::Look;
use crate::ui::panels::export::drawn;
use crate::ui::panels::help::plain_form;
use crate::ui::session::{Session, save};
use crate::ui::widgets::{button, check, content, flag, piece, plain, press, select, typed, words};

const CONTROLS: [(&str, text::Name); 3] =
    [("none", text::embed_none), ("simple", text::embed_simple), ("full", text::embed_full)];

/// The widths that the preview can have: a phone, the column of an article, a wide page.
const WIDTHS: [u32; 3] = [380, 720, 1000];

const THEMES: [(&str, text::Name); 3] = [("", text::embed_readers_theme), ("light", text::light), ("dark", text::dark)];

#[component]
pub fn EmbedDialog(session: Session, look: Look) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let open = RwSignal::new(false);
    let (controls, locked, still) = (RwSignal::new(1usize), RwSignal::new(false), RwSignal::new(false));
    // None: the reader's own.
    let language = RwSignal::new(None::<usize>);
    let lang = move || language.get().map_or("", |i| text::LANGUAGES[i].code);
    // The frame stands, and with it the script.
    let stands = RwSignal::new(false);
    let (theme, width) = (RwSignal::new(0usize), RwSignal::new(1usize));
    let said = RwSignal::new(String::new());
    let code = move || {
        let base = address("./");
        // Drawn as it is on screen now: what stands in the page later is what is seen here.
        let picture = open.get() && still.get();
        let picture = picture.then(|| drawn(session, look, "sentence").ok()).flatten().map(|(svg, _)| svg);
        let picture = picture.unwrap_or_default();
        let frame = Frame {
            controls: CONTROLS[controls.get()].0,
            locked: locked.get(),
            lang: lang(),
            theme: THEMES[theme.get()].0,
        };
        let link = session.view.with(link_to);
        link.map_or_else(|| text::link_too_long().into(), |link| snippet(&base, &link, frame, &picture))
    };
    let show = press(move || {
        if let Some(dialog) = dialog.get_untracked() {
            said.set(String::new());
            load_script();
            open.set(true);
            // Fails only while it is open already.
            let _ = dialog.show_modal();
        }
    });
    let copy = press(move || {
        let copying = clipboard::copy(&untrack(code));
        spawn_local(async move {
            said.set(if copying.await { text::embed_copied() } else { text::embed_by_hand() }.into());
        });
    });
    let options = || CONTROLS.map(|(_, told)| told().to_owned()).to_vec();
    let languages = || {
        let names = text::LANGUAGES.iter().map(|language| language.name.to_owned());
        [text::embed_readers().to_owned()].into_iter().chain(names).collect()
    };
    let preview = move || {
        if !open.get() {
            return ().into_any();
        }
        let lock = if locked.get() { "&lock" } else { "" };
        let lang = if lang().is_empty() { String::new() } else { format!("&lang={}", lang()) };
        let theme = if theme.get() == 0 { String::new() } else { format!("&theme={}", THEMES[theme.get()].0) };
        let origin = window().location().origin().unwrap_or_default();
        let (controls, locked) = (CONTROLS[controls.get()].0, locked.get());
        let src = format!("{}?embed&saved&controls={controls}{lock}{lang}{theme}&origin={origin}", address("./"));
        let text = session.view.with_untracked(|view| [&view.text, view.pair.as_deref().unwrap_or_default()].join(" "));
        let height = move || {
            stands.track();
            height_at(WIDTHS[width.get()], controls, locked, &text)
        };
        view! { <Preview session src stands width=Signal::derive(move || WIDTHS[width.get()]) height=Signal::derive(height)/> }
            .into_any()
    };
    view! {
        {button(text::embed_open(), show)}
        <dialog id="embed" class="wide" aria-labelledby="embed-title" node_ref=dialog on:close=move |_| open.set(false)>
            {plain("h2", "id=embed-title", text::embed_title())}
            <div class="changes">
                <div class="control">
                    {plain("label", "for=embed-controls", text::embed_with())}
                    {select("embed-controls".into(), options, move || controls.get(), move |i| controls.set(i.min(2)))}
                </div>
                <div class="control">
                    {plain("label", "for=embed-language", text::embed_language())}
                    {select(
                        "embed-language".into(),
                        languages,
                        move || language.get().map_or(0, |i| i + 1),
                        move |i| language.set(i.checked_sub(1).filter(|&i| i < text::LANGUAGES.len())),
                    )}
                </div>
                <div class="control">
                    {plain("label", "for=embed-theme", text::theme())}
                    {select(
                        "embed-theme".into(),
                        || THEMES.map(|(_, name)| name().to_owned()).to_vec(),
                        move || theme.get(),
                        move |i| theme.set(i.min(THEMES.len() - 1)),
                    )}
                </div>
                {check(
                    text::embed_still(),
                    flag(move || still.get()),
                    typed(move |_| still.update(|s| *s = !*s)),
                )}
                {check(text::embed_lock(), flag(move || locked.get()), typed(move |_| locked.update(|l| *l = !*l)))}
            </div>
            {plain("label", "for=snippet", text::embed_lines())}
            <textarea id="snippet" readonly rows="6" dir="ltr" spellcheck="false" prop:value=words(code)></textarea>
            <p>
                {button(text::embed_copy(), copy)}
                <span class="readout" role="status" prop:textContent=content(move || said.get())></span>
            </p>
            <div class="changes">
                {plain("h3", "", text::preview())}
                <div class="options" role="group" aria-label=text::embed_width()>
                    {WIDTHS.iter().enumerate().map(|(i, pixels)| view! {
                        <button
                            aria-pressed=words(move || (width.get() == i).to_string())
                            on:click=press(move || width.set(i))
                        >
                            {format!("{pixels} px")}
                        </button>
                    }).collect_view()}
                </div>
            </div>
            {piece(preview)}
            {plain_form()}
        </dialog>
    }
}

/// Brings the script of embedded views, which knows how high a view is.
fn load_script() {
    let (Ok(None), Some(head)) = (document().query_selector("#embed-script"), document().head()) else { return };
    if let Ok(script) = document().create_element("script") {
        // Setting attributes and adding an element do not fail.
        for (name, value) in [("id", "embed-script"), ("src", &*address("embed.js"))] {
            let _ = script.set_attribute(name, value);
        }
        let _ = head.append_child(&script);
    }
}

/// The height in pixels that `<attn-scope>` gives itself at this width; that of a small view while its script is not here.
fn height_at(width: u32, controls: &str, lock: bool, text: &str) -> f64 {
    const SMALL: f64 = 420.0;
    let height = || {
        let registry = Reflect::get(&window(), &"customElements".into()).ok()?;
        let find: Function = Reflect::get(&registry, &"get".into()).ok()?.dyn_into().ok()?;
        let class = find.call1(&registry, &"attn-scope".into()).ok()?;
        let height: Function = Reflect::get(&class, &"height".into()).ok()?.dyn_into().ok()?;
        let arguments = Array::of5(&width.into(), &controls.into(), &lock.into(), &JsValue::NULL, &text.into());
        height.apply(&class, &arguments).ok()?.as_f64()
    };
    height().unwrap_or(SMALL)
}

/// The page in a frame, with the run on screen: no model is fetched for it.
#[component]
fn Preview(
    session: Session,
    src: String,
    stands: RwSignal<bool>,
    width: Signal<u32>,
    height: Signal<f64>,
) -> impl IntoView {
    let frame = NodeRef::<Iframe>::new();
    let handle = window_event_listener_untyped("message", move |event| {
        let event: MessageEvent = event.unchecked_into();
        let Some(inner) = frame.get_untracked().and_then(|frame| frame.content_window()) else { return };
        if event.source().is_none_or(|source| !Object::is(&source, &inner)) {
            return;
        }
        let field = |name: &str| field(&event.data(), name);
        if field("type").as_string().as_deref() == Some("attnscope:hello") {
            spawn_local(async move {
                stands.set(true);
                let Ok(bytes) = save::snapshot(session).await else { return };
                let bytes = js_sys::Uint8Array::from(bytes.as_slice()).buffer();
                let message = message("snapshot", &[("bytes", bytes.into())]);
                // A page of a file has no origin to send to; the frame holds this page and no other.
                let origin = window().location().origin().ok().filter(|origin| origin.starts_with("http"));
                let _ = inner.post_message(&message, origin.as_deref().unwrap_or("*"));
            });
        }
    });
    on_cleanup(move || handle.remove());
    view! {
        <div class="preview">
            <iframe
                id="preview"
                title=text::preview()
                src=src
                node_ref=frame
                style:width=move || format!("{}px", width.get())
                style:height=move || format!("{}px", height.get())
            ></iframe>
        </div>
    }
}
