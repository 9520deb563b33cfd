//! A scene one can point at, click, touch and move through with the keyboard.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos::svg::Svg;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{KeyboardEvent, MouseEvent, PointerEvent, ResizeObserver};

use super::draw::Drawing;
use super::theme::Look;
use crate::scene::{Scene, Target};

/// What a picture does with its reader's hands.
#[derive(Clone)]
pub struct Hands {
    /// The pointer is over this, or over nothing.
    pub point: Rc<dyn Fn(Option<Target>)>,
    /// Click or tap; true with the shift key.
    pub choose: Rc<dyn Fn(Target, bool)>,
    /// A key; true where it meant something here.
    pub key: Rc<dyn Fn(&str, bool) -> bool>,
}

#[component]
pub fn Picture(
    id: &'static str,
    scene: Signal<Option<Arc<Scene>>>,
    look: Look,
    /// Gets the room across in CSS pixels.
    room: RwSignal<f32>,
    hands: Hands,
    /// What the keys do here, for the screen reader.
    keys: &'static str,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let svg = NodeRef::<Svg>::new();
    let canvas = NodeRef::<Canvas>::new();
    let drawing: Rc<RefCell<Option<Drawing>>> = Rc::default();

    Effect::new(move |_| {
        if let Some(frame) = frame.get() {
            watch_room(&frame, room);
        }
    });
    Effect::new(move |_| {
        let (Some(svg), Some(canvas), Some(scene)) = (svg.get(), canvas.get(), scene.get()) else { return };
        let theme = look.theme();
        let ratio = window().device_pixel_ratio() as f32;
        let mut drawing = drawing.borrow_mut();
        let drawing = drawing.get_or_insert_with(|| Drawing::new(svg.unchecked_into(), canvas));
        drawing.draw(&scene, theme, ratio);
    });

    let hit = move |event: &MouseEvent| {
        let bounds = svg.get_untracked()?.unchecked_into::<web_sys::Element>().get_bounding_client_rect();
        let (x, y) = (event.client_x() as f64 - bounds.left(), event.client_y() as f64 - bounds.top());
        scene.get_untracked()?.hit(x as f32, y as f32)
    };
    let (point, leave, choose, key) = (hands.point.clone(), hands.point, hands.choose, hands.key);
    let blur = leave.clone();
    let on_move = move |event: PointerEvent| {
        // A finger chooses; it does not hover.
        if event.pointer_type() != "touch" {
            point(hit(&event));
        }
    };
    let on_click = move |event: MouseEvent| {
        if let Some(target) = hit(&event) {
            choose(target, event.shift_key());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain && key(&event.key(), event.shift_key()) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let title = move || scene.with(|s| s.as_ref().map(|s| format!("{}. {keys}", s.title)));
    view! {
        <div class="frame" node_ref=frame>
            <div
                class="picture"
                id=id
                tabindex="0"
                role="application"
                aria-label=title
                on:pointermove=on_move
                on:pointerleave=move |_| leave(None)
                on:blur=move |_| blur(None)
                on:click=on_click
                on:keydown=on_key
            >
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                <svg node_ref=svg aria-hidden="true"></svg>
            </div>
        </div>
    }
}

/// Keeps `room` at the frame's inner width.
fn watch_room(frame: &web_sys::HtmlElement, room: RwSignal<f32>) {
    let element = frame.clone();
    let read = move || {
        let width = element.client_width() as f32;
        if width > 0.0 && room.get_untracked() != width {
            room.set(width);
        }
    };
    read();
    let on_resize = Closure::<dyn FnMut()>::new(read);
    if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
        observer.observe(frame);
        // Pictures come and go with the text: the observer goes with its frame.
        let held = StoredValue::new_local((observer, on_resize));
        on_cleanup(move || {
            held.try_with_value(|(observer, _)| observer.disconnect());
        });
    }
}
