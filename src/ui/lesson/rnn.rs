//! Why not an RNN: influence by exact derivative, path lengths, and a recall task trained here.

use leptos::prelude::*;

use super::chart::chart;
use super::desk::{Learnt, Trained, now};
use super::question::question;
use super::stage::Stage;
use crate::analysis::fixed;
use crate::lesson::influence::{LENGTHS, Model};
use crate::lesson::recall::Kind;
use crate::scene::charts::{Curves, Named};
use crate::scene::digits;
use crate::text::{self, lesson as told};
use crate::ui::widgets::{Content, button, content, flag, piece, plain, press, readout, typed, words};

fn called(model: Model) -> &'static str {
    match model {
        Model::Rnn => told::rnn_plain(),
        Model::Lstm => told::rnn_lstm(),
        Model::AttentiveRnn => told::rnn_attentive(),
        Model::SelfAttention => told::rnn_attention(),
    }
}

fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Rnn => told::rnn_plain(),
        Kind::Lstm => told::rnn_lstm(),
        Kind::Attention => told::rnn_attention(),
    }
}

/// The place of a network's ink in [`STYLES`](crate::scene::charts::STYLES): the same in every chart of this step.
fn style(model: Model) -> usize {
    Model::ALL.iter().position(|&one| one == model).unwrap_or(0)
}

fn style_of(kind: Kind) -> usize {
    style(match kind {
        Kind::Rnn => Model::Rnn,
        Kind::Lstm => Model::Lstm,
        Kind::Attention => Model::SelfAttention,
    })
}

fn percent(share: f64) -> String {
    format!("{} %", fixed(100.0 * share, 0))
}

/// Words of the table of ways.
const TABLE: usize = 100;

pub fn live(stage: Stage) -> AnyView {
    let question = question(told::rnn_question(), &[told::rnn_a, told::rnn_b, told::rnn_c], 0, told::rnn_why().into());
    view! { {influence(stage)} {ways()} {recall(stage)} {question} }.into_any()
}

fn influence(stage: Stage) -> AnyView {
    let desk = stage.desk;
    let seed = StoredValue::new(1u64);
    desk.draw_weights(1);
    let again = press(move || {
        seed.update_value(|seed| *seed += 1);
        desk.draw_weights(seed.get_value());
    });
    let curves = move || {
        let curves = desk.influence.get();
        if curves.len() < Model::ALL.len() {
            return None;
        }
        let line = |curve: &crate::lesson::influence::Curve| Named {
            name: called(curve.model).into(),
            style: style(curve.model),
            points: LENGTHS.iter().zip(&curve.influence).map(|(&n, &x)| (n as f32, x as f32)).collect(),
        };
        Some(Curves {
            title: told::rnn_influence().into(),
            axes: [text::axis_tokens().into(), told::rnn_axis().into()],
            lines: curves.iter().map(line).collect(),
            x_log: true,
            y_log: true,
            y_most: 10.0,
        })
    };
    let at_end = move || {
        let curves = desk.influence.get();
        let Some(longest) = LENGTHS.last().filter(|_| !curves.is_empty()) else { return told::rnn_computing().into() };
        let each = curves.iter().map(|curve| {
            let last = curve.influence.last().copied().unwrap_or_default();
            told::rnn_result(called(curve.model), &small(last))
        });
        text::sentences([&told::rnn_at_end(&longest.to_string(), &text::list(each)), told::rnn_spread()])
    };
    view! {
        {plain("h3", "", told::rnn_influence())}
        {readout("lesson-influence-told", "polite", words(at_end))}
        {chart(stage, "lesson-influence", curves)}
        {button(told::rnn_draw_again(), again)}
    }
    .into_any()
}

/// `0.52`, `0.0031`, `2e-57`.
fn small(number: f64) -> String {
    match number {
        x if x >= 0.001 => digits(x, 4),
        x if x > 0.0 => format!("{x:.0e}"),
        _ => "0".into(),
    }
}

/// How far the first word's news has to go, and what waits.
fn ways() -> AnyView {
    let row = |model: Model| {
        let (path, wait) = (model.path_length(TABLE).to_string(), model.sequential_steps(TABLE).to_string());
        view! { <tr><th scope="row">{called(model)}</th><td>{path}</td><td>{wait}</td></tr> }
    };
    view! {
        <div class="wide-table">
            <table class="numbers" id="lesson-ways">
                <caption>{told::rnn_path(&TABLE.to_string())}</caption>
                <thead>
                    <tr>
                        {[told::rnn_column_model(), told::rnn_column_path(), told::rnn_column_wait()]
                            .map(|name| view! { <th scope="col">{name}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{Model::ALL.map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn recall(stage: Stage) -> AnyView {
    let desk = stage.desk;
    let seed = RwSignal::new(1u64);
    let busy = move || desk.trained.with(|trained| trained.now.is_some());
    let done = move || desk.trained.with(|trained| trained.learnt.len() == Kind::ALL.len());
    let running = move || {
        let Some((kind, progress, of)) = desk.trained.with(|trained| trained.now) else { return ().into_any() };
        let all = of * Kind::ALL.len();
        let so_far = Kind::ALL.iter().position(|&k| k == kind).unwrap_or(0) * of + progress.step;
        let right = desk.trained.with(|trained| {
            let line = trained.learning.iter().find(|(known, _)| *known == kind);
            line.and_then(|(_, points)| points.last()).map_or(0.0, |point| f64::from(point.1))
        });
        let line = told::rnn_training(named(kind), &progress.step.to_string(), &of.to_string(), &percent(right));
        // By the steps so far; the networks' steps take different times, so this is an estimate.
        let spent = now() - desk.trained.with(|trained| trained.began);
        let left = spent / so_far.max(1) as f64 * (all - so_far) as f64;
        let left = told::rnn_left(&fixed((left / 1000.0).ceil(), 0));
        view! {
            <progress aria-label=told::rnn_learning() max=all.to_string() value=so_far.to_string()></progress>
            <span prop:textContent=Content::from(text::sentences([line, left]))></span>
        }
        .into_any()
    };
    let learning = move || {
        let lines = desk.trained.with(|trained| trained.learning.clone());
        let lines: Vec<Named> = lines
            .into_iter()
            .map(|(kind, points)| Named { name: named(kind).into(), style: style_of(kind), points })
            .collect();
        right_answers(told::rnn_learning(), told::rnn_steps(), lines)
    };
    let by_distance = move || {
        let learnt = desk.trained.with(|trained| trained.learnt.clone());
        let line = |Learnt { kind, full, .. }: Learnt| Named {
            name: named(kind).into(),
            style: style_of(kind),
            points: full.iter().enumerate().map(|(i, &right)| ((i + 1) as f32, right as f32)).collect(),
        };
        let lines: Vec<Named> = learnt.into_iter().map(line).collect();
        right_answers(told::rnn_recall(), told::rnn_ago(), lines)
    };
    let results = move || {
        let learnt = desk.trained.with(|trained| trained.learnt.clone());
        if learnt.is_empty() {
            return String::new();
        }
        let each = |of: fn(&Learnt) -> Option<&f64>| {
            let right = |l: &Learnt| percent(of(l).copied().unwrap_or_default());
            text::list(learnt.iter().map(|l| told::rnn_result(named(l.kind), &right(l))))
        };
        let first = told::rnn_trained(&each(|l| l.full.last()));
        let alone = told::rnn_alone(&each(|l| l.alone.first()));
        text::sentences([alone, first])
    };
    let none_yet = move |is: fn(&Trained) -> bool| desk.trained.with(is);
    let seeded = typed(move |text| {
        if let Ok(number) = text.parse() {
            seed.set(number);
        }
    });
    view! {
        {plain("p", "", told::rnn_train_about())}
        <div class="changes">
            <label class="control">
                {told::rnn_seed()}
                <input
                    type="number"
                    id="lesson-seed"
                    min="1"
                    max="9999"
                    prop:value=words(move || seed.get().to_string())
                    on:input=seeded
                />
            </label>
            <button id="lesson-train" hidden=flag(busy) on:click=press(move || desk.train(seed.get_untracked()))>
                {told::rnn_train()}
            </button>
            <button id="lesson-stop" hidden=flag(move || !busy()) on:click=press(move || desk.stop_training())>
                {told::rnn_train_stop()}
            </button>
        </div>
        <div class="status" id="lesson-training">{piece(running)}</div>
        <div hidden=flag(move || none_yet(|trained| trained.learning.is_empty()))>
            {plain("h3", "", told::rnn_learning())}
            {chart(stage, "lesson-learning", learning)}
        </div>
        <div hidden=flag(move || none_yet(|trained| trained.learnt.is_empty()))>
            {plain("h3", "", told::rnn_recall())}
            {chart(stage, "lesson-recall", by_distance)}
        </div>
        <p
            class="readout"
            id="lesson-recall-told"
            role="status"
            hidden=flag(move || !done())
            prop:textContent=content(results)
        ></p>
    }
    .into_any()
}

/// Shares of right answers, once there are any.
fn right_answers(title: &str, across: &str, lines: Vec<Named>) -> Option<Curves> {
    let axes = [across, told::rnn_right()].map(str::to_owned);
    let even = Curves { title: title.to_owned(), axes, lines, x_log: false, y_log: false, y_most: 1.0 };
    (!even.lines.is_empty()).then_some(even)
}
