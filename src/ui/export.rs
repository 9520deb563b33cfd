//! Pictures and numbers as files, or on the clipboard.

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, ClipboardItem, HtmlCanvasElement, HtmlImageElement, Url,
};

use super::parts::{button, press, select, words};
use super::picture::scene_of;
use super::session::Session;
use super::share::{clipboard, copy, save, save_blob, whole};
use super::theme::Look;
use super::views::Readings;
use crate::error::{Error, Kind, Result};
use crate::scene::svg::figure;
use crate::state::{caption, head_csv, row_csv, run_json, run_safetensors};
use crate::text;

/// What can be taken along: its picture's id, its name, and what its file is called.
const PICTURES: [(&str, text::Name, &str); 8] = [
    ("sentence", text::the_sentence, "sentence"),
    ("heatmap", text::the_heatmap, "heatmap"),
    ("grid", text::the_heads, "heads"),
    ("sentence-other", text::the_other_sentence, "other-sentence"),
    ("heatmap-other", text::the_other_heatmap, "other-heatmap"),
    ("inside", text::the_inside, "inside"),
    ("chart", text::the_chart, "chart"),
    ("cost", text::the_cost, "cost"),
];

/// SVG, or PNG with so many pixels to one of the page's.
const FORMS: [(&str, Option<f32>); 5] =
    [("SVG", None), ("PNG", Some(1.0)), ("PNG, 2×", Some(2.0)), ("PNG, 3×", Some(3.0)), ("PNG, 4×", Some(4.0))];

const NUMBERS: [(text::Name, &str); 4] = [
    (text::row_csv, "row.csv"),
    (text::head_csv, "head.csv"),
    (text::run_json, "run.json"),
    (text::run_safetensors, "run.safetensors"),
];

/// The longest text whose run is written as JSON: 12 MB.
const MOST_TOKENS_JSON: usize = 128;
/// Browsers refuse a larger canvas, some of them silently.
const MOST_PIXELS: f32 = 16_000.0;

fn refused(what: &str, expected: &str, got: impl Into<String>, advice: &str) -> Error {
    Error::new(Kind::Input, what, expected, got, advice)
}

/// The caption of what is on screen.
fn captioned(session: Session) -> String {
    session.run.with(|run| {
        run.as_ref().map_or_else(String::new, |run| session.view.with(|view| caption(&session.made_by(run), view, run)))
    })
}

/// The SVG of a picture on screen, with its size in pixels.
pub fn drawn(session: Session, look: Look, id: &str) -> Result<(String, [f32; 2])> {
    let advice = "Open that part of the page first, or choose another picture.";
    let scene = scene_of(id).filter(|scene| scene.width > 0.0);
    let scene = scene.ok_or_else(|| refused("the picture", "one that is on screen", "none", advice))?;
    let drawn = untrack(|| figure(&scene, look.theme(), &captioned(session)));
    Ok((drawn, [scene.width, scene.height]))
}

/// An SVG as pixels, by the browser's own drawing.
async fn png(svg: &str, [width, height]: [f32; 2], scale: f32) -> Result<Blob> {
    let (width, height) = ((width * scale).ceil(), (height * scale).ceil());
    if width.max(height) > MOST_PIXELS {
        let advice = "Choose a smaller scale, or SVG.";
        return Err(refused("the picture", "at most 16000 pixels a side", format!("{width} × {height}"), advice));
    }
    let fault = |_: JsValue| refused("the picture", "pixels", "a refusal by the browser", "Choose SVG.");
    let kind = BlobPropertyBag::new();
    kind.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&svg.into()), &kind).map_err(fault)?;
    let url = Url::create_object_url_with_blob(&blob).map_err(fault)?;
    let image = HtmlImageElement::new().map_err(fault)?;
    image.set_src(&url);
    let decoded = JsFuture::from(image.decode()).await;
    let _ = Url::revoke_object_url(&url);
    decoded.map_err(fault)?;
    let canvas: HtmlCanvasElement = document().create_element("canvas").map_err(fault)?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let pen = canvas.get_context("2d").map_err(fault)?.map(|pen| pen.unchecked_into::<CanvasRenderingContext2d>());
    let pen = pen.ok_or_else(|| fault(JsValue::NULL))?;
    pen.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width.into(), height.into())
        .map_err(fault)?;
    let made = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| resolve.call1(&JsValue::NULL, &blob));
        if let Err(refusal) = canvas.to_blob(done.unchecked_ref()) {
            let _ = reject.call1(&JsValue::NULL, &refusal);
        }
    });
    JsFuture::from(made).await.map_err(fault)?.dyn_into().map_err(fault)
}

/// Puts an image on the clipboard; false where the browser does not allow that.
async fn copy_image(blob: &Blob) -> bool {
    let item = Object::new();
    let _ = Reflect::set(&item, &"image/png".into(), blob);
    match (clipboard(), ClipboardItem::new_with_record_from_str_to_blob_promise(&item)) {
        (Some(clipboard), Ok(item)) => JsFuture::from(clipboard.write(&Array::of1(&item))).await.is_ok(),
        _ => false,
    }
}

/// The numbers chosen, as a file's bytes.
async fn numbers(session: Session, readings: Readings, which: usize) -> Result<Vec<u8>> {
    let advice = "Choose a token in the sentence first.";
    if let 0 | 1 = which {
        let reading = readings.pinned.get_untracked();
        let reading =
            reading.ok_or_else(|| refused("the numbers", "a head on screen", "none", "Type a sentence first."))?;
        let (shot, chosen) = (&reading.shot, &reading.chosen);
        if which == 1 {
            return Ok(head_csv(&shot.shown, shot.map.weights.view()).into_bytes());
        }
        let row = chosen.row.as_ref().ok_or_else(|| refused("the row", "a chosen token", "none", advice))?;
        return Ok(row_csv(&shot.shown, &row.weights, shot.quantity().noun()).into_bytes());
    }
    let (run, pattern) = whole(session).await?;
    let (model, view) = (session.made_by(&run), session.view.get_untracked());
    if which == 3 {
        return Ok(run_safetensors(&model, &view, &run, pattern.view()));
    }
    let n = run.tokens.len();
    if n > MOST_TOKENS_JSON {
        let advice = "Take safetensors, which holds the same in a tenth of the room.";
        return Err(refused("the run as JSON", "128 tokens at most", format!("{n}"), advice));
    }
    Ok(run_json(&model, &view, &run, pattern.view()).into_bytes())
}

#[component]
pub fn Export(session: Session, look: Look, readings: Readings) -> impl IntoView {
    let (picture, form, number) = (RwSignal::new(0usize), RwSignal::new(0usize), RwSignal::new(0usize));
    let said = RwSignal::new(String::new());
    let say = move |done: Result<String>| said.set(done.unwrap_or_else(|error| text::translated(&error.to_string())));
    let copied = |what: &str, is: bool| {
        let advice = "Save it instead.";
        let got = "a refusal by the browser";
        if is { Ok(text::on_clipboard(what)) } else { Err(refused("the clipboard", "room", got, advice)) }
    };
    let take_picture = move |to_clipboard: bool| {
        spawn_local(async move {
            let ((id, name, file), (_, scale)) = (PICTURES[picture.get_untracked()], FORMS[form.get_untracked()]);
            let done = async {
                let (svg, size) = drawn(session, look, id)?;
                let file = format!("{}-{file}.{}", session.file_name(), if scale.is_some() { "png" } else { "svg" });
                match scale {
                    None if to_clipboard => return copied(name(), copy(&svg).await),
                    None => save(&file, svg.as_bytes())?,
                    Some(scale) => {
                        let blob = png(&svg, size, scale).await?;
                        if to_clipboard {
                            return copied(name(), copy_image(&blob).await);
                        }
                        save_blob(&file, &blob)?;
                    }
                }
                Ok(text::saved_file(&file))
            };
            say(done.await);
        });
    };
    let take_numbers = move |to_clipboard: bool| {
        spawn_local(async move {
            let which = number.get_untracked();
            let done = async {
                let bytes = numbers(session, readings, which).await?;
                if to_clipboard {
                    let table = String::from_utf8(bytes)
                        .map_err(|_| refused("the clipboard", "text", "a file that is none", "Save it instead."))?;
                    return copied(NUMBERS[which].0(), copy(&table).await);
                }
                let file = format!("{}-{}", session.file_name(), NUMBERS[which].1);
                save(&file, &bytes)?;
                Ok(text::saved_size(&file, bytes.len().div_ceil(1000)))
            };
            say(done.await);
        });
    };
    let copy_caption = press(move || {
        spawn_local(async move {
            let caption = untrack(|| captioned(session));
            say(copied(text::the_caption(), copy(&caption).await));
        });
    });
    let list = |id: &'static str, name: &'static str, names: Vec<String>, chosen: RwSignal<usize>| {
        let last = names.len() - 1;
        let list = select(id.into(), move || names.clone(), move || chosen.get(), move |i| chosen.set(i.min(last)));
        view! { <div class="control"><label for=id>{name}</label>{list}</div> }
    };
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    view! {
        <div class="changes" role="group" aria-label=text::pictures()>
            {list("export-picture", text::picture(), names(&PICTURES.map(|p| p.1())), picture)}
            {list("export-form", text::picture_as(), names(&FORMS.map(|f| f.0)), form)}
            {button(text::save_picture(), press(move || take_picture(false)))}
            {button(text::copy_picture(), press(move || take_picture(true)))}
        </div>
        <div class="changes" role="group" aria-label=text::numbers()>
            {list("export-numbers", text::numbers(), names(&NUMBERS.map(|n| n.0())), number)}
            {button(text::save_numbers(), press(move || take_numbers(false)))}
            {button(text::copy_numbers(), press(move || take_numbers(true)))}
        </div>
        <p class="facts" id="caption">{words(move || captioned(session))}</p>
        {button(text::copy_caption(), copy_caption)}
        <p class="readout" id="exported" role="status">{words(move || said.get())}</p>
    }
}
