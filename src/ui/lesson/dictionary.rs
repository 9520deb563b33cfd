//! The soft dictionary: a query dragged among four keys, and the model's own query and key.

use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use super::chart::no_hands;
use super::question::question;
use super::stage::Stage;
use crate::lesson::dictionary::{Vector, look_up};
use crate::scene::lesson::Plane;
use crate::scene::{digits, two};
use crate::text::{self, lesson as told};
use crate::ui::views::inside::InsideView;
use crate::ui::views::picture::{Hands, picture};
use crate::ui::widgets::{plain, readout, words};

const NAMES: [&str; 4] = ["A", "B", "C", "D"];
const KEYS: [Vector; 4] = [[1.5, 0.4], [0.2, 1.6], [-1.4, 0.6], [0.5, -1.5]];
const VALUES: [Vector; 4] = [[1.4, 1.4], [-1.5, 1.0], [-1.0, -1.4], [1.3, -1.2]];
const FIRST: Vector = [1.0, 0.8];
/// One press of an arrow key.
const STEP: f32 = 0.1;
const PICTURE: &str = "lesson-plane";

pub fn live(stage: Stage) -> AnyView {
    let Stage { session, look, .. } = stage;
    let query = RwSignal::new(FIRST);
    let room = StoredValue::new(600.0f32);
    let scene = move |across: f32| {
        room.set_value(across);
        let query = query.get();
        let found = look_up(query, &KEYS, &VALUES, 1.0);
        let words = [
            told::dictionary_query(),
            told::dictionary_answer(),
            told::dictionary_key_name(),
            told::dictionary_score(),
            told::dictionary_weight(),
            told::dictionary_value(),
        ];
        let plane = Plane {
            title: told::dictionary_plane(),
            words,
            query,
            names: &NAMES,
            keys: &KEYS,
            values: &VALUES,
            found: &found,
            room: across,
        };
        Some(plane.scene())
    };
    let step = move |x: f32, y: f32| {
        query.update(|query| {
            // Tenths, so that 0 is met.
            let moved = |from: f32, by: f32| (((from + by) * 10.0).round() / 10.0).clamp(-2.0, 2.0);
            *query = [moved(query[0], x), moved(query[1], y)];
        });
        true
    };
    let hands = Hands {
        key: Rc::new(move |key, _| match key {
            "ArrowLeft" => step(-STEP, 0.0),
            "ArrowRight" => step(STEP, 0.0),
            "ArrowUp" => step(0.0, STEP),
            "ArrowDown" => step(0.0, -STEP),
            "0" | "Home" => {
                query.set([0.0, 0.0]);
                true
            }
            _ => false,
        }),
        ..no_hands()
    };
    let frame = NodeRef::<Div>::new();
    let dragging = StoredValue::new(false);
    let drag = move |event: &PointerEvent| {
        let svg = frame.get_untracked().and_then(|frame| frame.query_selector("svg").ok().flatten());
        let Some(bounds) = svg.map(|svg: Element| svg.get_bounding_client_rect()) else { return };
        let (x, y) = (event.client_x() as f64 - bounds.left(), event.client_y() as f64 - bounds.top());
        query.set(Plane::vector_at(room.get_value(), x as f32, y as f32));
    };
    let down = move |event: PointerEvent| {
        dragging.set_value(true);
        // Fails only for a pointer that is gone.
        let target = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let _ = target.map(|target| target.set_pointer_capture(event.pointer_id()));
        drag(&event);
    };
    let moved = move |event: PointerEvent| {
        if dragging.get_value() {
            drag(&event);
        }
    };
    let read_out = move || {
        let query = query.get();
        let found = look_up(query, &KEYS, &VALUES, 1.0);
        let shares = NAMES.iter().zip(&found.weights).map(|(name, share)| told::dictionary_share(&two(*share), *name));
        let [x, y] = query.map(|x| digits(x, 2));
        told::dictionary_told(&x, &y, NAMES[found.hard], &text::list(shares))
    };
    // A place in the plane is no part of it that one could go to: it is set, as by a slider.
    Effect::new(move |_| {
        let [x, _] = query.get();
        let stage = frame.get().and_then(|frame| frame.query_selector(".picture").ok().flatten());
        let names = ["role", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];
        let told = ["slider", "-2", "2", &x.to_string(), &read_out()].map(str::to_owned);
        for (name, told) in names.iter().zip(told) {
            // Fails only on a document that is gone.
            let _ = stage.as_ref().map(|stage| stage.set_attribute(name, &told));
        }
    });
    view! {
        <div
            class="drag"
            node_ref=frame
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| dragging.set_value(false)
            on:pointercancel=move |_| dragging.set_value(false)
        >
            {picture(PICTURE, told::dictionary_keys(), look, Box::new(scene), hands)}
        </div>
        {readout("lesson-plane-told", "off", words(read_out))}
        {plain("h3", "", told::dictionary_real())}
        {plain("p", "", told::dictionary_real_about())}
        <InsideView session look ids=["lesson-inside", "lesson-inside-told", "lesson-soften"]/>
        {question(
            told::dictionary_question(),
            &[told::dictionary_nothing, told::dictionary_mean, told::dictionary_first],
            1,
            told::dictionary_why().into(),
        )}
    }
    .into_any()
}
