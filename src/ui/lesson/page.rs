//! The lesson on screen: one step at a time, with the way through them.

use leptos::html::H2;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::stage::Stage;
use super::{cross, dictionary, family, heads, layers, order, price, puzzle, rnn, softmax, teachers};
use crate::state::lesson_place::{Place, Step};
use crate::state::link;
use crate::text::lesson as text;
use crate::ui::browser::frame::embedded;
use crate::ui::browser::storage::storage;
use crate::ui::page::Page;
use crate::ui::widgets::{Content, content, flag, piece, plain, press, words};

/// Where the reader is and what they have seen, as `heads;puzzle,dictionary`.
const KEY: &str = "attnscope-lesson";

/// What a step says before its live piece.
fn title(step: Step) -> &'static str {
    match step {
        Step::Puzzle => text::puzzle_title(),
        Step::Dictionary => text::dictionary_title(),
        Step::Softmax => text::softmax_title(),
        Step::Cross => text::cross_title(),
        Step::Rnn => text::rnn_title(),
        Step::Price => text::price_title(),
        Step::Heads => text::heads_title(),
        Step::Order => text::order_title(),
        Step::Layers => text::layers_title(),
        Step::Family => text::family_title(),
    }
}

fn paragraphs(step: Step, (layers, heads): (usize, usize)) -> [String; 2] {
    let [first, second] = match step {
        Step::Puzzle => [text::puzzle_1(), text::puzzle_2()],
        Step::Dictionary => [text::dictionary_1(), text::dictionary_2()],
        Step::Softmax => [text::softmax_1(), text::softmax_2()],
        Step::Cross => [text::cross_1(), text::cross_2()],
        Step::Rnn => [text::rnn_1(), text::rnn_2()],
        Step::Price => [text::price_1(), text::price_2()],
        Step::Heads => return [text::heads_1(&layers.to_string(), &heads.to_string()), text::heads_2().into()],
        Step::Order => [text::order_1(), text::order_2()],
        Step::Layers => [text::layers_1(), text::layers_2()],
        Step::Family => [text::family_1(), text::family_2()],
    };
    [first.into(), second.into()]
}

fn live(step: Step, stage: Stage) -> AnyView {
    match step {
        Step::Puzzle => puzzle::live(stage),
        Step::Dictionary => dictionary::live(stage),
        Step::Softmax => softmax::live(stage),
        Step::Cross => cross::live(stage),
        Step::Rnn => rnn::live(stage),
        Step::Price => price::live(stage),
        Step::Heads => heads::live(stage),
        Step::Order => order::live(stage),
        Step::Layers => layers::live(stage),
        Step::Family => family::live(stage),
    }
}

/// Seconds to read what it says and to try it.
fn seconds(step: Step) -> f32 {
    const TO_TRY: f32 = 100.0;
    // 200 words a minute; in kana and ideographs, which are not parted, 450 characters.
    let seconds = |text: &String| match text.contains(|c| ('\u{3040}'..='\u{9fff}').contains(&c)) {
        true => text.chars().count() as f32 * 60.0 / 450.0,
        false => text.split_whitespace().count() as f32 * 60.0 / 200.0,
    };
    paragraphs(step, (6, 12)).iter().map(seconds).sum::<f32>() + TO_TRY
}

fn minutes(seconds: f32) -> usize {
    (seconds / 60.0).round().max(1.0) as usize
}

/// The step that was on screen last, and those seen.
fn kept() -> (String, Vec<String>) {
    let kept = storage().and_then(|s| s.get_item(KEY).ok().flatten()).unwrap_or_default();
    let (step, seen) = kept.split_once(';').unwrap_or((&kept, ""));
    (step.to_owned(), seen.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn keep(step: Step, seen: &[String]) {
    // Refused storage only means that the place is forgotten.
    let _ = storage().map(|s| s.set_item(KEY, &format!("{};{}", step.name(), seen.join(","))));
}

pub fn lesson(page: Page, place: RwSignal<Option<Place>>) -> AnyView {
    let stage = Stage::new(page);
    let session = page.session;
    let of = Memo::new(move |last: Option<&Place>| {
        let place = place.get().or_else(|| last.cloned());
        place.unwrap_or_else(|| Place { step: None, steps: Step::ALL.to_vec(), unknown: Vec::new() })
    });
    let step = Memo::new(move |_| {
        of.with(|place| {
            let (last, _) = kept();
            let was = || place.steps.iter().copied().find(|step| place.is_whole() && step.name() == last);
            place.step.or_else(was).unwrap_or(place.steps[0])
        })
    });
    let seen = RwSignal::new(kept().1);
    let heading = NodeRef::<H2>::new();
    Effect::new(move |before: Option<Step>| {
        let now = step.get();
        stage.desk.stop_training();
        spawn_local(stage.begin(now));
        if before.is_some_and(|before| before != now) {
            seen.update(|seen| {
                let name = before.map(|step| step.name().to_owned());
                seen.extend(name.filter(|name| !seen.contains(name)));
            });
            // Who listens hears the new step; who looks sees its beginning.
            request_animation_frame(move || {
                let _ = heading.get_untracked().map(|heading| heading.focus());
                if !embedded() {
                    window().scroll_to_with_x_and_y(0.0, 0.0);
                }
            });
        }
        // A lesson of a teacher's own steps does not move the reader's place.
        if of.with_untracked(Place::is_whole) && !embedded() {
            seen.with_untracked(|seen| keep(now, seen));
        }
        now
    });
    on_cleanup(move || stage.desk.stop_training());

    let alone = move || of.with(|place| place.steps.len() == 1);
    let lost = move || of.with(|place| place.unknown.first().map(text::step_lost));
    // The sum of the minutes that the steps show, so that it adds up for a reader.
    let all = move || of.with(|place| place.steps.iter().map(|&step| minutes(seconds(step))).sum::<usize>());
    let list = move || {
        let place = of.get();
        let items = place.steps.iter().enumerate().map(|(i, &one)| {
            let current = move || if step.get() == one { "step" } else { "false" }.to_owned();
            let done = move || seen.with(|seen| seen.iter().any(|name| name == one.name()));
            let told = format!("{}. {}", i + 1, title(one));
            view! {
                <li>
                    <a href=format!("#{}", place.address(one)) aria-current=words(current) prop:textContent=Content::from(told)></a>
                    <span class="seen" hidden=flag(move || !done())><span class="unseen">{text::done_mark()}</span></span>
                </li>
            }
        });
        view! { <ol>{items.collect_view()}</ol> }.into_any()
    };
    let place_told = move || {
        of.with(|place| {
            let at = place.steps.iter().position(|&one| one == step.get()).unwrap_or(0) + 1;
            let told = text::step_of(&at.to_string(), &place.steps.len().to_string());
            let time = text::minutes(minutes(seconds(step.get())));
            if place.steps.len() == 1 { time } else { format!("{told} · {time}") }
        })
    };
    let article = move || {
        let now = step.get();
        let told = move |i: usize| content(move || paragraphs(now, session.size())[i].clone());
        view! {
            <p prop:textContent=told(0)></p>
            <p prop:textContent=told(1)></p>
            <div class="live" id=format!("lesson-{}", now.name())>{live(now, stage)}</div>
        }
        .into_any()
    };
    let coming = move || session.saved() && stage_has_run(step.get());
    let [before, behind] = if crate::text::mirrored() { ["→", "←"] } else { ["←", "→"] };
    let ways = move || {
        let place = of.get();
        let at = place.steps.iter().position(|&one| one == step.get()).unwrap_or(0);
        let to = |i: usize| place.steps.get(i).map(|&one| (format!("#{}", place.address(one)), title(one)));
        let back = at
            .checked_sub(1)
            .and_then(to)
            .map(|(href, _)| view! { <a class="way" href=href>{before} " " {text::back()}</a> });
        let next = to(at + 1).map(|(href, title)| {
            let told = format!("{} {behind}", text::next(title));
            view! { <a class="way next" href=href><span prop:textContent=Content::from(told)></span></a> }
        });
        view! { {back} {next} }.into_any()
    };
    let leave = press(move || {
        let now = session.view.with_untracked(link);
        // Refused in some frames: then the reader's own Back does it.
        let _ = window().location().set_hash(&now);
    });
    view! {
        <div class="lesson" id="lesson">
            <div class="lesson-head" hidden=flag(alone)>
                {plain("h2", "class=lesson-title", text::lesson_title())}
                <p class="readout">{text::lesson_about()} " " <span prop:textContent=content(move || text::all_minutes(all()))></span></p>
                <nav aria-label=text::steps()>{piece(list)}</nav>
            </div>
            <article aria-labelledby="step-title">
                <p
                    class="note"
                    role="status"
                    hidden=flag(move || lost().is_none())
                    prop:textContent=content(move || lost().unwrap_or_default())
                ></p>
                <p class="readout" prop:textContent=content(place_told)></p>
                <h2
                    id="step-title"
                    tabindex="-1"
                    node_ref=heading
                    prop:textContent=content(move || title(step.get()).into())
                ></h2>
                {piece(article)}
                <p class="hint" role="status" hidden=flag(move || !coming())>{text::model_coming()}</p>
            </article>
            <nav class="ways" hidden=flag(alone)>
                {piece(ways)}
            </nav>
            {(!embedded()).then(|| view! {
                <p><button class="quiet" id="leave-lesson" on:click=leave>{text::leave()}</button></p>
                {teachers::teachers(of, step)}
            })}
        </div>
    }
    .into_any()
}

/// The step shows a run of the page's own model.
fn stage_has_run(step: Step) -> bool {
    !matches!(step, Step::Cross | Step::Rnn | Step::Family)
}
