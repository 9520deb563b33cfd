//! The numbers inside the chosen head: open on demand.

use std::rc::Rc;

use leptos::prelude::*;

use crate::scene::inside::{Inside, inside};
use crate::scene::{Scene, Target};
use crate::state::Run;
use crate::ui::parts::{flag, press, typed, words};
use crate::ui::picture::{Hands, picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

/// Wider than this, bars only grow apart.
const WIDEST: f32 = 760.0;

/// The picture, or the sentence.
type Looked = (Scene, String);

#[component]
pub fn InsideView(session: Session, look: Look) -> impl IntoView {
    let sorted = RwSignal::new(false);
    let open = move || session.view.with(|v| v.inside);
    // The key pointed at in any picture that counts tokens; else the one read most.
    let key = move |run: &Run| {
        let looked = run.inside.as_ref()?;
        let merged = session.view.with(|v| v.words);
        let pointed = match session.pointed.get() {
            Some(Target::Key(key) | Target::Cell { key, .. }) if !merged && key < looked.scores.len() => Some(key),
            _ => None,
        };
        let strongest =
            || looked.weights.iter().enumerate().filter(|(_, w)| !w.is_nan()).max_by(|a, b| a.1.total_cmp(b.1));
        pointed.or_else(|| strongest().map(|(key, _)| key))
    };
    let looked = move |room: f32, make: fn(&Inside) -> Looked| {
        let run = session.run.get().filter(|_| open())?;
        let looked = run.inside.as_ref()?;
        Some(make(&Inside {
            head: looked.head,
            tokens: &run.shown,
            query: looked.query,
            key: key(&run)?,
            q: &looked.q,
            k: &looked.k,
            scores: &looked.scores,
            weights: &looked.weights,
            lengths: &looked.lengths,
            sorted: sorted.get(),
            room,
        }))
    };
    let scene = move |room: f32| looked(room.min(WIDEST), |s| (inside(s), String::new())).map(|l| l.0);
    let told = move || match looked(0.0, |s| (Scene::default(), s.told())) {
        Some((_, told)) => told,
        None if open() => "Choose a query token; the numbers come with the model.".into(),
        None => String::new(),
    };
    let step = move |by: isize| {
        if let Some(run) = session.run.get_untracked() {
            let last = run.tokens.len().saturating_sub(1);
            if let Some(now) = untrack(|| key(&run)) {
                session.point(Some(Target::Key(now.saturating_add_signed(by).min(last))));
            }
        }
        true
    };
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, _| session.point(Some(target))),
        key: Rc::new(move |key, _| match key {
            "ArrowUp" | "ArrowLeft" => step(-1),
            "ArrowDown" | "ArrowRight" => step(1),
            _ => false,
        }),
        in_sight: Rc::new(|| None),
    };
    let picture = picture("inside", "Arrow keys move the key.", look, Box::new(scene), hands);
    view! {
        <div class="inside">
            <button
                class="quiet"
                aria-expanded=words(move || open().to_string())
                on:click=press(move || session.view.update(|v| v.inside = !v.inside))
            >
                {words(move || if open() { "Close the inside of this head".into() } else { "Inside this head".into() })}
            </button>
            <div hidden=flag(move || !open())>
                <label class="check">
                    <input type="checkbox" prop:checked=flag(move || sorted.get()) on:change=typed(move |_| sorted.update(|s| *s = !*s))/>
                    "Largest contributions first"
                </label>
                <p class="readout" id="inside-told">{words(told)}</p>
                {picture}
            </div>
        </div>
    }
}
