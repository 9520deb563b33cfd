//! What a reader does to the view. Every change by a control is one of these, and [`ViewState::act`] is the one place
//! that makes it.

use super::tab::Tab;
use super::view_state::{Baseline, Sort, View, ViewState};
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::HeadId;

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    SetText(String),
    /// Adds a second text, changes it, or drops it.
    SetPair(Option<String>),
    /// Changes the text that the one on screen is compared with.
    SetOther(String),
    SetHead(HeadId),
    /// Chooses a query token; with `add` also, or no longer.
    Choose {
        token: usize,
        add: bool,
    },
    Show(Quantity),
    /// Sets the form of the sentence; none for the one that fits.
    SetForm(Option<View>),
    SetWords(bool),
    SetSpecial(Special),
    /// Sets the share of a row that is drawn as edges, 0 to 1.
    SetShare(f32),
    SetSideBySide(bool),
    /// Shows all heads by one number each, not by their maps.
    SetNumbers(bool),
    Open(Tab),
    /// Opens the steps of a head, or closes them.
    ToggleSteps,
    SetMeasure(Measure),
    SetSort(Sort),
    SetLabel(Option<Label>),
    /// Asks which heads read this key token.
    ReadFrom(Option<usize>),
    /// The same of a token that was pointed out: heads stay in their order.
    AskOf(usize),
    /// Asks which heads shifted to this key token.
    ShiftTo(Option<usize>),
    Compare(Option<Baseline>),
    /// Switches a head off, or on again.
    SwitchHead(HeadId),
    /// Switches off the heads of this layer, and all others on.
    SwitchLayerOff(usize),
    /// Switches off all heads but this one.
    KeepHead(HeadId),
    TakePositions(bool),
    /// Shuffles the tokens by this seed; none for their own order.
    Shuffle(Option<u32>),
    SetCausal(bool),
    SetTemperature(f32),
    /// Takes all edits of the model back.
    Restore,
}

impl ViewState {
    /// Makes the change; `size` is the number of layers and of heads a layer. The first edit of a model opens the tab that
    /// shows its effect.
    pub fn act(&mut self, action: Action, size: (usize, usize)) {
        let was_plain = self.altered.is_none();
        self.make(action, size);
        if was_plain && !self.altered.is_none() {
            Tab::Effect.open(self);
        }
    }

    fn make(&mut self, action: Action, (layers, heads): (usize, usize)) {
        match action {
            Action::SetText(text) => self.text = text,
            Action::SetPair(pair) => self.pair = pair,
            Action::SetOther(text) => self.compare = Some(Baseline::Text(text)),
            Action::SetHead(head) => (self.layer, self.head) = (head.layer, head.head),
            Action::Choose { token, add } => self.choose(token, add),
            Action::Show(quantity) => self.show = quantity,
            Action::SetForm(form) => self.view = form,
            Action::SetWords(words) => self.words = words,
            Action::SetSpecial(special) => self.special = special,
            Action::SetShare(share) => self.mass = share.clamp(0.0, 1.0),
            Action::SetSideBySide(side_by_side) => self.side_by_side = side_by_side,
            Action::SetNumbers(numbers) => self.numbers = numbers,
            Action::Open(tab) => tab.open(self),
            Action::ToggleSteps => self.inside = !self.inside,
            Action::SetMeasure(measure) => self.chart = Some(measure),
            Action::SetSort(sort) => self.sort = sort,
            Action::SetLabel(label) => self.label = label,
            Action::ReadFrom(token) => {
                self.from = token;
                self.sort = if token.is_some() { Sort::Reads } else { Sort::Place };
            }
            Action::AskOf(token) => self.from = Some(token),
            Action::ShiftTo(token) => {
                self.to = token;
                self.sort = if token.is_some() { Sort::Moved } else { Sort::Place };
            }
            Action::Compare(with) => self.compare_with(with),
            Action::SwitchHead(head) => self.switch_head(head),
            Action::SwitchLayerOff(layer) => self.switch_heads(layers, heads, |head| head.layer == layer),
            Action::KeepHead(kept) => self.switch_heads(layers, heads, |head| head != kept),
            Action::TakePositions(off) => self.altered.positions_off = off,
            Action::Shuffle(seed) => self.altered.shuffle = seed,
            Action::SetCausal(causal) => self.altered.causal = causal,
            Action::SetTemperature(temperature) => self.altered.temperature = temperature,
            Action::Restore => self.altered = Default::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize) = (2, 3);

    fn after(actions: impl IntoIterator<Item = Action>) -> ViewState {
        let mut view = ViewState::default();
        actions.into_iter().for_each(|action| view.act(action, SIZE));
        view
    }

    #[test]
    fn the_first_edit_opens_its_effect_and_a_later_one_leaves_the_tab() {
        let off = || Action::SwitchHead(HeadId::new(1, 2));
        assert_eq!(Tab::of(&after([off()])), Tab::Effect);
        assert_eq!(Tab::of(&after([off(), Action::Open(Tab::Row), Action::SetCausal(true)])), Tab::Row);
        assert_eq!(Tab::of(&after([Action::Restore])), Tab::Row, "nothing was edited");
        assert!(after([off(), Action::SetTemperature(2.0), Action::Restore]).altered.is_none());
    }

    #[test]
    fn heads_are_switched_off_together() {
        let off = |action| after([action]).altered.heads_off.iter().copied().collect::<Vec<_>>();
        assert_eq!(off(Action::SwitchLayerOff(1)), [0, 1, 2].map(|head| HeadId::new(1, head)));
        let others = off(Action::KeepHead(HeadId::new(0, 1)));
        assert_eq!((others.len(), others.contains(&HeadId::new(0, 1))), (5, false));
    }

    #[test]
    fn a_question_about_heads_ranks_them_and_none_puts_them_in_their_places() {
        let view = after([Action::ReadFrom(Some(2))]);
        assert_eq!((view.from, view.sort), (Some(2), Sort::Reads));
        assert_eq!(after([Action::ReadFrom(Some(2)), Action::ReadFrom(None)]).sort, Sort::Place);
        let asked = after([Action::AskOf(2)]);
        assert_eq!((asked.from, asked.sort), (Some(2), Sort::Place));
        assert_eq!(after([Action::ShiftTo(Some(1))]).sort, Sort::Moved);
        let compared = after([Action::SetOther("a".into()), Action::SetSort(Sort::Change), Action::Compare(None)]);
        assert_eq!((compared.compare, compared.sort), (None, Sort::Place));
    }
}
