//! The puzzle: what "it" reads from, guessed before it is seen.

use leptos::prelude::*;

use super::article::article;
use super::chip::chip;
use super::question::question;
use super::stage::Stage;
use crate::engine::HeadId;
use crate::scene::two;
use crate::state::{Action, Run};
use crate::text::lesson as text;
use crate::ui::views::sentence::SentenceView;
use crate::ui::widgets::{button, content, flag, piece, plain, press};

const BIG: &str = "The trophy did not fit in the bag because it was too big.";
const SMALL: &str = "The trophy did not fit in the bag because it was too small.";
const PRONOUN: &str = "it";
const HEAD: HeadId = HeadId { layer: 3, head: 1 };

/// The pronoun's row in the head, and the key that it reads most.
fn row(run: &Run) -> Option<(Vec<f32>, usize)> {
    let query = run.shown.iter().position(|token| token.text == PRONOUN)?;
    let row = run.pattern(HEAD)?.row(query).to_vec();
    let most = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]))?;
    Some((row, most))
}

pub fn live(stage: Stage) -> AnyView {
    let Stage { session, readings, look, .. } = stage;
    // A token, or none: only shown.
    let guess = RwSignal::new(None::<Option<usize>>);
    let of_puzzle = |run: &Run| [BIG, SMALL].contains(&run.asked.text.as_str());
    let tokens = Memo::new(move |_| {
        let run = session.run.get().filter(|run| of_puzzle(run))?;
        // Also the pronoun itself and the special tokens: a head may read from any of them, and many do.
        let words = run
            .shown
            .iter()
            .enumerate()
            .filter(|(_, token)| token.special || token.text.chars().all(char::is_alphanumeric));
        Some(words.map(|(i, token)| (i, token.text.clone())).collect::<Vec<_>>())
    });
    let buttons = move || {
        let tokens = tokens.get().unwrap_or_default().into_iter();
        let chip = move |(i, name): (usize, String)| {
            let choose = press(move || guess.set(Some(Some(i))));
            chip(name, move || guess.get() == Some(Some(i)), choose)
        };
        tokens.map(chip).collect_view().into_any()
    };
    let verdict = move || {
        let run = session.run.get().filter(|run| of_puzzle(run));
        let (Some(guess), Some(run)) = (guess.get(), run) else { return String::new() };
        let Some((row, most)) = row(&run) else { return String::new() };
        let (weight, token) = (two(row[most]), run.shown[most].isolated());
        match guess.filter(|&guess| guess != most && guess < row.len()) {
            Some(guess) => text::puzzle_miss(&run.shown[guess].isolated(), &two(row[guess]), &weight, &token),
            None => text::puzzle_hit(&weight, &token),
        }
    };
    let beside_article = move || {
        let run = session.run.get().filter(|run| run.asked.text == BIG);
        let Some((run, (row, _))) = run.and_then(|run| row(&run).map(|row| (run, row))) else { return String::new() };
        let mut keys: Vec<usize> = (0..row.len()).collect();
        keys.sort_by(|&a, &b| row[b].total_cmp(&row[a]));
        let share = |&key: &usize| text::puzzle_share(&two(row[key]), &run.shown[key].isolated());
        text::puzzle_article(&crate::text::list(keys.iter().take(3).map(share)))
    };
    let end = move |text: &'static str| {
        let choose = press(move || {
            session.take_example(text, None, PRONOUN, None);
            session.act(Action::SetHead(HEAD));
        });
        let name = if text == BIG { text::puzzle_big() } else { text::puzzle_small() };
        chip(name.into(), move || session.view.with(|v| v.text == text), choose)
    };
    let hidden = move || guess.get().is_none();
    view! {
        <p
            class="sentence-told"
            dir="ltr"
            lang="en"
            translate="no"
            prop:textContent=content(move || session.view.with(|v| v.text.clone()))
        ></p>
        <div class="chips guesses" role="group" aria-label=text::puzzle_guess()>
            {plain("span", "", text::puzzle_guess())}
            {piece(buttons)}
            {button(text::puzzle_show(), press(move || guess.set(Some(None))))}
        </div>
        <div hidden=flag(hidden)>
            <p class="verdict" id="puzzle-verdict" role="status" prop:textContent=content(verdict)></p>
            <SentenceView session readings look id="lesson-sentence"/>
            <div class="chips">{end(BIG)} {end(SMALL)}</div>
            {article("puzzle-article", beside_article)}
        </div>
        {question(text::puzzle_question(), &[text::puzzle_yes, text::puzzle_no], 1, text::puzzle_why().into())}
    }
    .into_any()
}
