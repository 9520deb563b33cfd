//! Undo and redo over the [`ViewState`].

use super::view_state::{Baseline, ViewState};

/// The most steps that are kept.
const MOST: usize = 200;

/// The earlier states, and those that were undone.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<ViewState>,
    future: Vec<ViewState>,
    /// Whether the last step changed only texts, so that further typing belongs to it.
    typing: bool,
    step: u32,
}

impl History {
    /// The number of the step on screen. It changes with each step, also by undo and redo, and stays the same while a
    /// sentence is typed.
    pub fn step(&self) -> u32 {
        self.step
    }

    /// Records a change from one state to another. Typing is one step, however many letters there are.
    pub fn record(&mut self, before: &ViewState, after: &ViewState) {
        if before == after {
            return;
        }
        // Chosen tokens change with the text.
        let mut typed = ViewState {
            text: after.text.clone(),
            pair: after.pair.clone(),
            tokens: after.tokens.clone(),
            ..before.clone()
        };
        if let (Some(Baseline::Text(_)), Some(Baseline::Text(_))) = (&before.compare, &after.compare) {
            typed.compare.clone_from(&after.compare);
        }
        let texts = |state: &ViewState| (state.text.clone(), state.pair.clone(), state.compare.clone());
        let typing = typed == *after && texts(before) != texts(after);
        self.future.clear();
        if !(typing && self.typing) {
            self.step += 1;
            self.past.push(before.clone());
            if self.past.len() > MOST {
                self.past.remove(0);
            }
        }
        self.typing = typing;
    }

    /// The same for a change that is always a step of its own, also between typing.
    pub fn record_apart(&mut self, before: &ViewState, after: &ViewState) {
        self.typing = false;
        self.record(before, after);
        self.typing = false;
    }

    pub fn undo(&mut self, now: &ViewState) -> Option<ViewState> {
        let before = self.past.pop()?;
        self.future.push(now.clone());
        (self.typing, self.step) = (false, self.step + 1);
        Some(before)
    }

    pub fn redo(&mut self, now: &ViewState) -> Option<ViewState> {
        let after = self.future.pop()?;
        self.past.push(now.clone());
        (self.typing, self.step) = (false, self.step + 1);
        Some(after)
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(text: &str, layer: usize) -> ViewState {
        ViewState { text: text.into(), layer, ..ViewState::default() }
    }

    #[test]
    fn steps_are_undone_and_redone_in_order() {
        let mut history = History::default();
        history.record(&state("a", 0), &state("a", 1));
        history.record(&state("a", 1), &state("a", 2));
        assert_eq!(history.undo(&state("a", 2)), Some(state("a", 1)));
        assert_eq!(history.undo(&state("a", 1)), Some(state("a", 0)));
        assert_eq!(history.undo(&state("a", 0)), None);
        assert_eq!(history.redo(&state("a", 0)), Some(state("a", 1)));
        history.record(&state("a", 1), &state("a", 5));
        assert!(!history.can_redo(), "a new step leaves what was undone behind");
    }

    #[test]
    fn typing_is_one_step() {
        let mut history = History::default();
        history.record(&state("", 0), &state("d", 0));
        history.record(&state("d", 0), &state("do", 0));
        history.record(&state("do", 0), &state("dog", 0));
        history.record(&state("dog", 0), &state("dog", 1));
        history.record(&state("dog", 1), &state("dogs", 1));
        assert_eq!(history.undo(&state("dogs", 1)), Some(state("dog", 1)));
        assert_eq!(history.undo(&state("dog", 1)), Some(state("dog", 0)));
        assert_eq!(history.undo(&state("dog", 0)), Some(state("", 0)));
        assert!(!history.can_undo());
    }

    #[test]
    fn a_sentence_that_is_typed_has_one_number() {
        let mut history = History::default();
        let mut steps = vec![history.step()];
        let mut add = |history: &History| steps.push(history.step());
        for (before, after) in [("", "d"), ("d", "do"), ("do", "dog")] {
            history.record(&state(before, 0), &state(after, 0));
            add(&history);
        }
        history.record(&state("dog", 0), &state("dog", 1));
        add(&history);
        history.undo(&state("dog", 1));
        add(&history);
        history.redo(&state("dog", 0));
        add(&history);
        history.record(&state("dog", 1), &state("dogs", 1));
        add(&history);
        assert_eq!(steps, [0, 1, 1, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_step_of_its_own_is_parted_from_typing() {
        let mut history = History::default();
        history.record(&state("", 0), &state("d", 0));
        history.record_apart(&state("d", 0), &state("an example", 0));
        history.record(&state("an example", 0), &state("an example!", 0));
        assert_eq!(history.undo(&state("an example!", 0)), Some(state("an example", 0)));
        assert_eq!(history.undo(&state("an example", 0)), Some(state("d", 0)));
    }

    #[test]
    fn typing_what_is_compared_with_is_one_step_too() {
        let other = |text: Option<&str>| ViewState {
            compare: text.map(|text| Baseline::Text(text.into())),
            ..ViewState::default()
        };
        let mut history = History::default();
        history.record(&other(None), &other(Some("a")));
        history.record(&other(Some("a")), &other(Some("ab")));
        history.record(&other(Some("ab")), &other(Some("abc")));
        assert_eq!(history.undo(&other(Some("abc"))), Some(other(Some("a"))));
        assert_eq!(history.undo(&other(Some("a"))), Some(other(None)));
    }

    #[test]
    fn the_oldest_steps_are_forgotten() {
        let mut history = History::default();
        (0..2 * MOST).for_each(|l| history.record(&state("", l), &state("", l + 1)));
        let mut steps = 0;
        let mut now = state("", 2 * MOST);
        while let Some(before) = history.undo(&now) {
            (now, steps) = (before, steps + 1);
        }
        assert_eq!((steps, now.layer), (MOST, MOST));
    }
}
