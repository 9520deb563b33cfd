//! Pictures and numbers as files, or on the clipboard.

use std::pin::Pin;

use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url};

use crate::error::{Error, Kind, Result};
use crate::scene::Ink;
use crate::scene::colour::{Rgb, rgb};
use crate::scene::svg::figure;
use crate::state::{Table, caption, head_table, row_table, run_json, run_safetensors};
use crate::text;
use crate::ui::browser::clipboard::{copy, copy_made};
use crate::ui::browser::files::{save, save_blob};
use crate::ui::browser::theme::Look;
use crate::ui::session::Session;
use crate::ui::session::save::whole;
use crate::ui::views::picture::scene_of;
use crate::ui::views::selection::Readings;
use crate::ui::widgets::{button, content, press, select};

/// What can be taken along: its picture's id, its name, and what its file is called.
const PICTURES: [Picture; 8] = [
    ("sentence", text::the_sentence, "sentence"),
    ("heatmap", text::the_heatmap, "heatmap"),
    ("grid", text::the_heads, "heads"),
    ("sentence-other", text::the_other_sentence, "other-sentence"),
    ("heatmap-other", text::the_other_heatmap, "other-heatmap"),
    ("inside", text::the_inside, "inside"),
    ("chart", text::the_chart, "chart"),
    ("cost", text::the_cost, "cost"),
];

type Picture = (&'static str, text::Name, &'static str);

/// SVG, or PNG with so many pixels to one of the page's.
const FORMS: [(&str, Option<f32>); 5] =
    [("SVG", None), ("PNG", Some(1.0)), ("PNG, 2×", Some(2.0)), ("PNG, 3×", Some(3.0)), ("PNG, 4×", Some(4.0))];

const NUMBERS: [(text::Name, &str); 4] = [
    (text::row_csv, "row.csv"),
    (text::head_csv, "head.csv"),
    (text::run_json, "run.json"),
    (text::run_safetensors, "run.safetensors"),
];

/// Where these stand in [`NUMBERS`].
const ROW: usize = 0;
const HEAD: usize = 1;
const SAFETENSORS: usize = 3;

/// The longest text whose run is written as JSON: 12 MB.
const MOST_TOKENS_JSON: usize = 128;
/// Browsers refuse a larger canvas, some of them silently.
const MOST_PIXELS: f32 = 16_000.0;

fn refused(what: &str, expected: &str, got: impl Into<String>, advice: &str) -> Error {
    Error::new(Kind::Input, what, expected, got, advice)
}

/// The caption of what is on screen.
pub fn captioned(session: Session) -> String {
    session.run.with(|run| {
        run.as_ref().map_or_else(String::new, |run| session.view.with(|view| caption(&session.made_by(run), view, run)))
    })
}

/// The SVG of a picture on screen, with its size in pixels.
///
/// # Errors
/// Where it is not on screen, or shows an older run than the reader asks for.
pub fn drawn(session: Session, look: Look, id: &str) -> Result<(String, [f32; 2])> {
    settled(session)?;
    let advice = "Open that part of the page first, or choose another picture.";
    let scene = scene_of(id).filter(|scene| scene.width > 0.0);
    let scene = scene.ok_or_else(|| refused("the picture", "one that is on screen", "none", advice))?;
    let drawn = untrack(|| figure(&scene, look.theme(), &captioned(session)));
    // As the SVG has it.
    Ok((drawn, [scene.width, scene.height].map(|side| (side * 100.0).round() / 100.0)))
}

fn paper(look: Look) -> Rgb {
    rgb(untrack(|| look.theme()), Ink::Paper)
}

fn typed_blob(content: &JsValue, media: &str) -> std::result::Result<Blob, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(media);
    Blob::new_with_buffer_source_sequence_and_options(&Array::of1(content), &kind)
}

/// An SVG as pixels, by the browser's own drawing, on this paper.
///
/// # Errors
/// Where the browser cannot draw it, or gives other pixels than it drew.
async fn png(svg: &str, [width, height]: [f32; 2], scale: f32, paper: Rgb) -> Result<Blob> {
    let (width, height) = ((width * scale).ceil(), (height * scale).ceil());
    if width.max(height) > MOST_PIXELS {
        let advice = "Choose a smaller scale, or SVG.";
        return Err(refused("the picture", "at most 16000 pixels a side", format!("{width} × {height}"), advice));
    }
    let fault = |_: JsValue| refused("the picture", "pixels", "a refusal by the browser", "Choose SVG.");
    let blob = typed_blob(&svg.into(), "image/svg+xml").map_err(fault)?;
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
    if !is_true(&pen, paper) {
        let advice = "Choose SVG, or allow this page to read its canvases.";
        return Err(refused("the picture", "its own colours", "colours that this browser has changed", advice));
    }
    let made = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| resolve.call1(&JsValue::NULL, &blob));
        if let Err(refusal) = canvas.to_blob(done.unchecked_ref()) {
            let _ = reject.call1(&JsValue::NULL, &refusal);
        }
    });
    JsFuture::from(made).await.map_err(fault)?.dyn_into().map_err(fault)
}

/// A picture has the paper's colour near its corner, where the edge is not blended with what is around it. Browsers that
/// hide what tells their readers apart give pages noise in the place of what was drawn on a canvas.
fn is_true(pen: &CanvasRenderingContext2d, paper: Rgb) -> bool {
    let pixel = pen.get_image_data(2.0, 2.0, 1.0, 1.0).map(|image| image.data().0).unwrap_or_default();
    // Colours may be rounded on their way.
    pixel.len() == 4 && pixel.iter().zip([paper[0], paper[1], paper[2], 255]).all(|(&is, want)| is.abs_diff(want) <= 1)
}

/// What is on screen is what the reader asks for.
fn settled(session: Session) -> Result<()> {
    let advice = "Wait until your text has been read, and try again.";
    match untrack(|| session.stale()) {
        true => Err(refused("the run", "a run of your text and settings", "an older one", advice)),
        false => Ok(()),
    }
}

/// One row, or one head.
fn table(session: Session, readings: Readings, which: usize) -> Result<Table> {
    settled(session)?;
    let reading = readings.pinned.get_untracked();
    let reading =
        reading.ok_or_else(|| refused("the numbers", "a head on screen", "none", "Type a sentence first."))?;
    let (shot, chosen) = (&reading.shot, &reading.chosen);
    if which == HEAD {
        return Ok(head_table(&shot.shown, shot.map.weights.view()));
    }
    let advice = "Choose a token in the sentence first.";
    let row = chosen.row.as_ref().ok_or_else(|| refused("the row", "a chosen token", "none", advice))?;
    Ok(row_table(&shot.shown, &row.weights, shot.quantity().noun()))
}

/// The whole run, as a file's bytes.
async fn run_file(session: Session, which: usize) -> Result<Vec<u8>> {
    let (run, pattern) = whole(session).await?;
    let (model, view) = (session.made_by(&run), session.view.get_untracked());
    if which == SAFETENSORS {
        return Ok(run_safetensors(&model, &view, &run, pattern.view()));
    }
    let n = run.tokens.len();
    if n > MOST_TOKENS_JSON {
        let advice = "Take safetensors, which holds the same in a tenth of the room.";
        return Err(refused("the run as JSON", "128 tokens at most", format!("{n}"), advice));
    }
    Ok(run_json(&model, &view, &run, pattern.view()).into_bytes())
}

/// What a press has begun, and how it ends: with what is said of it.
type Work = Pin<Box<dyn Future<Output = Result<String>>>>;

fn copied(what: &str, is: bool) -> Result<String> {
    match is {
        true => Ok(text::on_clipboard(what)),
        false => Err(refused("the clipboard", "room", "a refusal by the browser", "Save it instead.")),
    }
}

fn copy_text(what: &'static str, text: &str) -> Work {
    let copying = copy(text);
    Box::pin(async move { copied(what, copying.await) })
}

fn copy_picture(session: Session, look: Look, (id, name, _): Picture, scale: Option<f32>) -> Result<Work> {
    let (svg, size) = drawn(session, look, id)?;
    let Some(scale) = scale else { return Ok(copy_text(name(), &svg)) };
    let paper = paper(look);
    let copying = copy_made("image/png", Box::pin(async move { png(&svg, size, scale, paper).await }));
    Ok(Box::pin(async move { copied(name(), copying.await?) }))
}

fn save_picture(session: Session, look: Look, (id, _, file): Picture, scale: Option<f32>) -> Result<Work> {
    let (svg, size) = drawn(session, look, id)?;
    let file = format!("{}-{file}.{}", session.file_name(), if scale.is_some() { "png" } else { "svg" });
    let paper = paper(look);
    Ok(Box::pin(async move {
        match scale {
            None => save(&file, svg.as_bytes())?,
            Some(scale) => save_blob(&file, &png(&svg, size, scale, paper).await?)?,
        }
        Ok(text::saved_file(&file))
    }))
}

fn copy_numbers(session: Session, readings: Readings, which: usize) -> Result<Work> {
    match which {
        ROW => Ok(copy_text(text::row_tabs(), &table(session, readings, ROW)?.tabs())),
        HEAD => Ok(copy_text(text::head_tabs(), &table(session, readings, HEAD)?.tabs())),
        SAFETENSORS => Err(refused("the clipboard", "text", "a file that is none", "Save it instead.")),
        _ => {
            let fault = |_| refused("the clipboard", "room", "a refusal by the browser", "Save it instead.");
            let made = async move {
                let bytes = run_file(session, which).await?;
                typed_blob(&Uint8Array::from(bytes.as_slice()), "text/plain").map_err(fault)
            };
            let copying = copy_made("text/plain", Box::pin(made));
            Ok(Box::pin(async move { copied(NUMBERS[which].0(), copying.await?) }))
        }
    }
}

fn save_numbers(session: Session, readings: Readings, which: usize) -> Result<Work> {
    let file = format!("{}-{}", session.file_name(), NUMBERS[which].1);
    let table = matches!(which, ROW | HEAD).then(|| table(session, readings, which)).transpose()?;
    Ok(Box::pin(async move {
        let bytes = match table {
            Some(table) => table.csv().into_bytes(),
            None => run_file(session, which).await?,
        };
        save(&file, &bytes)?;
        Ok(text::saved_size(&file, bytes.len().div_ceil(1000)))
    }))
}

#[component]
pub fn Export(session: Session, look: Look, readings: Readings) -> impl IntoView {
    let (picture, form, number) = (RwSignal::new(0usize), RwSignal::new(0usize), RwSignal::new(0usize));
    let said = RwSignal::new(String::new());
    let say = move |done: Result<String>| said.set(done.unwrap_or_else(|error| text::translated(&error.to_string())));
    // What it begins with is done within the click.
    let follow = move |begun: Result<Work>| match begun {
        Ok(work) => spawn_local(async move { say(work.await) }),
        Err(error) => say(Err(error)),
    };
    let chosen = move || (PICTURES[picture.get_untracked()], FORMS[form.get_untracked()].1);
    let picture_saved = press(move || follow(save_picture(session, look, chosen().0, chosen().1)));
    let picture_copied = press(move || follow(copy_picture(session, look, chosen().0, chosen().1)));
    let numbers_saved = press(move || follow(save_numbers(session, readings, number.get_untracked())));
    let numbers_copied = press(move || follow(copy_numbers(session, readings, number.get_untracked())));
    let caption_copied = press(move || follow(Ok(copy_text(text::the_caption(), &untrack(|| captioned(session))))));
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
            {button(text::save_picture(), picture_saved)}
            {button(text::copy_picture(), picture_copied)}
        </div>
        <div class="changes" role="group" aria-label=text::numbers()>
            {list("export-numbers", text::numbers(), names(&NUMBERS.map(|n| n.0())), number)}
            {button(text::save_numbers(), numbers_saved)}
            {button(text::copy_numbers(), numbers_copied)}
        </div>
        <p class="facts" id="caption" prop:textContent=content(move || captioned(session))></p>
        {button(text::copy_caption(), caption_copied)}
        <p class="readout" id="exported" role="status" prop:textContent=content(move || said.get())></p>
    }
}
