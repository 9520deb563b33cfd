//! A finger on a grid of cells or heads: dragging previews what lies under it, lifting chooses it. Meanwhile a loupe over
//! the finger shows what the finger hides.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlElement, PointerEvent};

use crate::scene::{Area, Scene, Shape, Target, area};
use crate::ui::browser::frame::locked;
use crate::ui::session::Session;
use crate::ui::views::picture::{Picture, picture_of};
use crate::ui::views::voice::short_name;

/// A finger that moves less than this taps.
const STILL: f64 = 4.0;
/// Cells to either side of the one in the loupe's middle.
const AROUND: f32 = 3.0;
/// The side of the enlarged piece, and the room that the loupe keeps from the finger and from the window's edge.
const SIDE: f64 = 88.0;
const ABOVE: f64 = 26.0;
const BESIDE: f64 = 44.0;
const EDGE: f64 = 4.0;

/// A finger that is down.
struct Finger {
    id: i32,
    from: (f64, f64),
    picture: Picture,
    is_dragging: bool,
}

/// Follows fingers on all pictures of the page.
pub fn install(session: Session) {
    let finger: Rc<RefCell<Option<Finger>>> = Rc::default();
    let (down, moved, up, cancelled) = (finger.clone(), finger.clone(), finger.clone(), finger);
    let down = window_event_listener(leptos::ev::pointerdown, move |event| {
        // A second finger zooms.
        let last = down.take();
        if let Some(last) = last.filter(|last| last.is_dragging) {
            let_go(&last);
        }
        if event.is_primary() {
            down.replace(put_down(&event));
        }
    });
    let moved = window_event_listener(leptos::ev::pointermove, move |event| {
        if let Some(finger) = moved.borrow_mut().as_mut().filter(|finger| finger.id == event.pointer_id()) {
            drag(session, finger, at(&event));
        }
    });
    let up = window_event_listener(leptos::ev::pointerup, move |event| {
        let lifted = up.borrow_mut().take_if(|finger| finger.id == event.pointer_id());
        if let Some(finger) = lifted.filter(|finger| finger.is_dragging) {
            lift(&finger, at(&event));
        }
    });
    // The browser scrolls or zooms instead.
    let cancelled = window_event_listener(leptos::ev::pointercancel, move |event| {
        let lost = cancelled.borrow_mut().take_if(|finger| finger.id == event.pointer_id());
        if let Some(finger) = lost.filter(|finger| finger.is_dragging) {
            let_go(&finger);
        }
    });
    on_cleanup(move || [down, moved, up, cancelled].into_iter().for_each(|handle| handle.remove()));
}

fn at(event: &PointerEvent) -> (f64, f64) {
    (event.client_x().into(), event.client_y().into())
}

/// The finger, where it is put down on a grid.
fn put_down(event: &PointerEvent) -> Option<Finger> {
    let under = event.target()?.dyn_into::<Element>().ok().filter(|_| event.pointer_type() == "touch")?;
    let stage = under.closest(".picture[role=grid]").ok().flatten()?;
    let picture = picture_of(&stage.id())?;
    Some(Finger { id: event.pointer_id(), from: at(event), picture, is_dragging: false })
}

fn drag(session: Session, finger: &mut Finger, (x, y): (f64, f64)) {
    finger.is_dragging |= (x - finger.from.0).hypot(y - finger.from.1) > STILL;
    if !finger.is_dragging {
        return;
    }
    let Picture { hands, .. } = &finger.picture;
    let target = finger.picture.hit(x, y);
    (hands.point)(target);
    // Fails only on a document that is gone.
    let _ = match target.and_then(|target| Some((target, short_name(session, hands.told, target)?))) {
        Some((target, name)) => show(&finger.picture, target, &name, (x, y)),
        None => hide(),
    };
}

fn lift(finger: &Finger, (x, y): (f64, f64)) {
    let target = finger.picture.hit(x, y);
    let_go(finger);
    if let Some(target) = target.filter(|_| !locked()) {
        (finger.picture.hands.choose)(target, false);
    }
}

fn let_go(finger: &Finger) {
    (finger.picture.hands.point)(None);
    let _ = hide();
}

fn loupe() -> Option<HtmlElement> {
    document().query_selector(".loupe").ok().flatten()?.dyn_into().ok()
}

fn hide() -> Result<(), JsValue> {
    loupe().map_or(Ok(()), |loupe| loupe.set_attribute("hidden", ""))
}

/// Shows what lies under the finger, enlarged, and what it is called.
fn show(picture: &Picture, target: Target, name: &str, finger: (f64, f64)) -> Result<(), JsValue> {
    let loupe = match loupe() {
        Some(loupe) => loupe,
        None => made()?,
    };
    loupe.remove_attribute("hidden")?;
    if let Some(told) = loupe.last_element_child().filter(|told| told.text_content().as_deref() != Some(name)) {
        told.set_text_content(Some(name));
    }
    let canvas = loupe.first_element_child().and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
    if let (Some(canvas), Some((piece, cell))) = (canvas, picture.with_scene(|scene| piece_of(scene, target))) {
        enlarge(picture, piece, cell, &canvas)?;
    }
    let (left, top) = place(finger, (loupe.offset_width().into(), loupe.offset_height().into()));
    let style = loupe.style();
    style.set_property("left", &format!("{left}px"))?;
    style.set_property("top", &format!("{top}px"))
}

fn made() -> Result<HtmlElement, JsValue> {
    let loupe = document().create_element("div")?;
    loupe.set_class_name("loupe");
    // What it says is said by the picture.
    loupe.set_attribute("aria-hidden", "true")?;
    loupe.set_attribute("translate", "no")?;
    loupe.append_child(&document().create_element("canvas")?.into())?;
    loupe.append_child(&document().create_element("p")?.into())?;
    document().body().ok_or(JsValue::NULL)?.append_child(&loupe)?;
    loupe.dyn_into::<HtmlElement>().map_err(JsValue::from)
}

/// The part of a scene around a target, and the target's own place in it.
fn piece_of(scene: &Scene, target: Target) -> Option<(Area, Area)> {
    scene.marks.iter().find_map(|mark| match (&mark.shape, mark.target?, target) {
        (Shape::Raster { at, .. }, of, Target::Head(_)) if of == target => Some((*at, *at)),
        (Shape::Raster { at, cells }, Target::Cell { .. }, Target::Cell { query, key }) => {
            let (wide, high) = (at.w / cells.columns as f32, at.h / cells.rows as f32);
            let cell = area(at.x + key as f32 * wide, at.y + query as f32 * high, wide, high);
            let (across, down) = (AROUND * wide, AROUND * high);
            Some((area(cell.x - across, cell.y - down, wide + 2.0 * across, high + 2.0 * down), cell))
        }
        _ => None,
    })
}

/// Draws this piece of a picture as large as the loupe, with a frame around the cell.
fn enlarge(picture: &Picture, piece: Area, cell: Area, canvas: &HtmlCanvasElement) -> Result<(), JsValue> {
    let source = picture.stage.get_untracked().and_then(|stage| stage.query_selector("canvas").ok().flatten());
    let Some(source) = source.and_then(|source| source.dyn_into::<HtmlCanvasElement>().ok()) else { return Ok(()) };
    let ratio = f64::from(source.width()) / f64::from(source.offset_width().max(1));
    let sharp = window().device_pixel_ratio().max(1.0);
    canvas.set_width((SIDE * sharp) as u32);
    canvas.set_height((SIDE * sharp) as u32);
    let pen = canvas.get_context("2d")?.and_then(|pen| pen.dyn_into::<CanvasRenderingContext2d>().ok());
    let Some(pen) = pen else { return Ok(()) };
    pen.set_image_smoothing_enabled(false);
    let [x, y, w, h] = [piece.x, piece.y, piece.w, piece.h].map(|side| f64::from(side) * ratio);
    let side = SIDE * sharp;
    pen.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &source, x, y, w, h, 0.0, 0.0, side, side,
    )?;
    if cell != piece {
        let scale = side / f64::from(piece.w);
        let [x, y] = [cell.x - piece.x, cell.y - piece.y].map(|from| f64::from(from) * scale);
        pen.set_stroke_style_str("currentcolor");
        pen.set_line_width(2.0 * sharp);
        pen.stroke_rect(x, y, f64::from(cell.w) * scale, f64::from(cell.h) * scale);
    }
    Ok(())
}

/// Where the loupe of this size stands in the window: over the finger or, where there is no room, beside it.
fn place((x, y): (f64, f64), (wide, high): (f64, f64)) -> (f64, f64) {
    let across = document().document_element().map_or(0.0, |root| f64::from(root.client_width()));
    let (top, left) = match y - ABOVE - high {
        top if top >= EDGE => (top, x - wide / 2.0),
        _ if x + BESIDE + wide <= across - EDGE => (EDGE, x + BESIDE),
        _ => (EDGE, x - BESIDE - wide),
    };
    (left.clamp(EDGE, (across - wide - EDGE).max(EDGE)), top)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::HeadId;
    use crate::scene::{Cells, Ink, Mark, Role};

    #[test]
    fn the_loupe_shows_a_head_whole_and_a_cell_with_those_around_it() {
        let cells = |side: usize| Cells { columns: side, rows: side, values: Arc::default(), start: 0, max: 1.0 };
        let raster = |at, side, target| {
            Mark::new(Role::Cells, Ink::Edge, Shape::Raster { at, cells: cells(side) }).target(target)
        };
        let head = Target::Head(HeadId::new(1, 2));
        let other = raster(area(0.0, 0.0, 40.0, 40.0), 8, Target::Head(HeadId::new(0, 0)));
        let heads = vec![other, raster(area(50.0, 60.0, 40.0, 40.0), 8, head)];
        let grid = Scene { marks: heads, ..Scene::default() };
        let at = area(50.0, 60.0, 40.0, 40.0);
        assert_eq!(piece_of(&grid, head), Some((at, at)));
        let first = Target::Cell { query: 0, key: 0 };
        let map = Scene { marks: vec![raster(area(10.0, 20.0, 160.0, 160.0), 16, first)], ..Scene::default() };
        let cell = area(10.0 + 20.0, 20.0 + 100.0, 10.0, 10.0);
        let around = area(cell.x - 30.0, cell.y - 30.0, 70.0, 70.0);
        assert_eq!(piece_of(&map, Target::Cell { query: 10, key: 2 }), Some((around, cell)));
        assert_eq!(piece_of(&map, head), None);
    }
}
