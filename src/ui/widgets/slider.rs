//! A slider over temperatures.

use leptos::prelude::*;

use crate::scene::two;
use crate::ui::widgets::{content, typed, words};

/// A slider over temperatures from a tenth to ten.
pub fn slider(
    id: &'static str,
    name: &'static str,
    get: impl Fn() -> f32 + Copy + Send + 'static,
    set: impl Fn(f32) + 'static,
) -> AnyView {
    let steps = move || ((get().ln() / STEP.ln()).round() as i32).to_string();
    let heat = move |text: String| {
        if let Ok(steps) = text.parse::<i32>() {
            set(STEP.powi(steps.clamp(-20, 20)));
        }
    };
    view! {
        <div class="control">
            <label for=id>{name} <output translate="no" prop:textContent=content(move || two(get()))></output></label>
            <input id=id type="range" min="-20" max="20" step="1" prop:value=words(steps) on:input=typed(heat)/>
        </div>
    }
    .into_any()
}

/// One step of the slider; twenty of them are a factor of ten.
const STEP: f32 = 1.122_018_5;
