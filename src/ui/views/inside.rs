//! The numbers inside the chosen head, drawn by the worker: open on demand.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::scene::{Scene, Target};
use crate::state::Action;
use crate::text;
use crate::ui::browser::theme::Look;
use crate::ui::session::Session;
use crate::ui::views::picture::{Hands, Told, picture};
use crate::ui::widgets::slider::slider;
use crate::ui::widgets::term::{Term, with_terms};
use crate::ui::widgets::{button, check, disclosure, flag, piece, press, typed};
use crate::worker::protocol::Picture;

/// Wider than this, bars only grow apart.
const WIDEST: f32 = 760.0;

/// `ids`: of the picture, of what it says, and of the temperature's slider.
#[component]
pub fn InsideView(
    session: Session,
    look: Look,
    ids: [&'static str; 3],
    /// A tab opens it, and not a button of its own.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let [id, told_id, slider_id] = ids;
    let sorted = RwSignal::new(false);
    // The run's temperature when the reader chose another, and that one: it holds until the run's is another.
    let (of_then, chosen) = (RwSignal::new(1.0f32), RwSignal::new(1.0f32));
    let of_run = move || session.run.with(|r| r.as_ref().map_or(1.0, |r| r.asked.altered.temperature));
    let temperature = move || if of_then.get() == of_run() { chosen.get() } else { of_run() };
    let soften = move |temperature: f32| {
        of_then.set(untrack(of_run));
        chosen.set(temperature);
    };
    let open = move || session.view.with(|v| v.inside);
    let query = move || {
        let count = session.run.with(|r| r.as_ref().map_or(0, |r| r.tokens.len()));
        session.view.with(|v| v.tokens.last().copied().filter(|&query| query < count))
    };
    // Why there is nothing to see.
    let lacking = move || match query() {
        None => Some(text::choose_query()),
        Some(_) => session.saved().then(text::numbers_later),
    };
    // The key pointed at in any picture that counts tokens; else the one read most.
    let key = move || {
        let count = session.run.with(|r| r.as_ref().map_or(0, |r| r.tokens.len()));
        let merged = session.view.with(|v| v.words);
        match session.pointed.get() {
            Some(Target::Key(key) | Target::Cell { key, .. }) if !merged && key < count => Some(key),
            _ => None,
        }
    };
    let scene = move |room: f32| {
        if !open() {
            return None;
        }
        let (Some(query), None) = (query(), lacking()) else {
            return Some(Scene { title: text::inside_none().into(), ..Scene::default() });
        };
        let (head, key, sorted, temperature) = (session.head_shown(), key(), sorted.get(), temperature());
        session.draw(Picture::Inside { head, query, key, sorted, temperature }, room.min(WIDEST));
        session.inside.with(|drawn| drawn.as_ref().map(|d| d.scene.clone()))
    };
    let told = move || match lacking().filter(|_| open()) {
        Some(lacking) => lacking.into(),
        None => session.inside.with(|drawn| drawn.as_ref().map(|d| d.told.clone())).unwrap_or_default(),
    };
    let step = move |by: isize| {
        let drawn = session.inside.with_untracked(|drawn| match drawn.as_ref().map(|d| &d.picture) {
            Some(Picture::Inside { key, .. }) => *key,
            _ => None,
        });
        // The key asked for comes first: the picture of it may still be on its way.
        if let (Some(now), Some(run)) = (untrack(key).or(drawn), session.run.get_untracked()) {
            let last = run.tokens.len().saturating_sub(1);
            session.point(Some(Target::Key(now.saturating_add_signed(by).min(last))));
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
        told: Told::Keys,
    };
    let picture = picture(id, text::keys_inside(), look, Box::new(scene), hands);
    let sort = typed(move |_| sorted.update(|s| *s = !*s));
    let inner = view! {
        <div class="changes">
            {check(text::largest_first(), flag(move || sorted.get()), sort)}
            {slider(slider_id, text::row_temperature(), temperature, soften)}
            {button(text::back_to_one(), press(move || soften(1.0)))}
        </div>
        <p class="readout" id=told_id aria-live="off">{piece(move || told_with_terms(&told()))}</p>
        {picture}
    };
    if bare {
        return view! { <div class="inside">{inner}</div> }.into_any();
    }
    let toggle = press(move || session.act(Action::ToggleSteps));
    view! { <div class="inside">{disclosure(text::inside_open(), Arc::new(open), toggle, inner.into_any())}</div> }
        .into_any()
}

/// The way of one weight in words, with its terms explained.
fn told_with_terms(told: &str) -> AnyView {
    let words = [
        (Term::Query, "q"),
        (Term::Key, "k"),
        (Term::Score, text::word_score()),
        (Term::Softmax, "softmax"),
        (Term::Value, text::word_value()),
        (Term::Output, text::word_output()),
    ];
    with_terms(told, &words)
}
