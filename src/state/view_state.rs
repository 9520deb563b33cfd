//! Everything the reader can choose. Plain data: no signals, no clock, no DOM.

use super::asked::Asked;
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::{HeadId, Intervention, Shown};
use crate::error::{Error, Kind, Result};
use crate::source::Source;

/// The form of the sentence picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Arcs,
    Columns,
    /// Wrapped in lines.
    Text,
}

/// The share of a row that is drawn where nobody has asked for another.
pub const MASS: f32 = 0.9;

/// The order of all heads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Layers down, heads across.
    #[default]
    Place,
    /// Fewest bits first.
    Entropy,
    /// Shortest first.
    Distance,
    /// Least on sinks first.
    SinkShare,
    /// By how much the chosen queries read from the token `from`, most first.
    Reads,
    /// By how much they are what the filter asks for or, without one, what they are most, most first.
    Label,
    /// By how much they differ from the run that is compared with, most first.
    Change,
    /// By how much the query turned from the token `from` to the token `to`, against the run that is compared with.
    Moved,
}

/// What the run on screen is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Baseline {
    /// The same text in the model as it is, before it was altered.
    Unaltered,
    /// Another text in the same model.
    Text(String),
}

/// Which embeddings are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// The two texts of a pair, each read alone.
    Pair,
    /// The text on screen and the one it is compared with.
    Compared,
    /// The two before, in the model as it is.
    Before,
    /// The text in the altered model and in the model as it is.
    Altered,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ViewState {
    pub text: String,
    /// A second text, read together with the first.
    pub pair: Option<String>,
    /// The model that reads them; none for the page's own, and for files of the reader's, which nobody else has.
    pub model: Option<Source>,
    pub layer: usize,
    pub head: usize,
    /// Chosen query tokens, counted from 0, special tokens included; several are shown as their mean row.
    pub tokens: Vec<usize>,
    /// None: arcs where they fit, else text.
    pub view: Option<View>,
    pub special: Special,
    /// What the cells of every map say, where nothing is compared.
    pub show: Quantity,
    pub compare: Option<Baseline>,
    /// Both runs are shown, and not their difference.
    pub side_by_side: bool,
    /// All heads are shown by one number each, not by their maps.
    pub numbers: bool,
    /// Subword tokens are merged into words.
    pub words: bool,
    /// Edges are drawn for the strongest keys that together carry this share of the row, 0 to 1.
    pub mass: f32,
    /// The inside of the head is open.
    pub inside: bool,
    /// What comes of it downstream is open.
    pub downstream: bool,
    /// What the charts show; none while they are closed.
    pub chart: Option<Measure>,
    pub sort: Sort,
    /// Heads without this label are paled.
    pub label: Option<Label>,
    /// The key token of the question which head reads it.
    pub from: Option<usize>,
    /// The key token of the question which head turned to it from `from`.
    pub to: Option<usize>,
    /// What is changed in the model.
    pub altered: Intervention,
}

impl Default for ViewState {
    /// The sentence to explain first, and the head in which *it* reads from *trophy* with weight 0.624.
    fn default() -> Self {
        Self {
            text: "The trophy did not fit in the bag because it was too big.".into(),
            pair: None,
            model: None,
            layer: 3,
            head: 1,
            tokens: vec![10],
            view: None,
            special: Special::Show,
            show: Quantity::Weight,
            compare: None,
            side_by_side: false,
            numbers: false,
            words: false,
            mass: MASS,
            inside: false,
            downstream: false,
            chart: None,
            sort: Sort::Place,
            label: None,
            from: None,
            to: None,
            altered: Intervention::default(),
        }
    }
}

impl ViewState {
    /// What the model is to read.
    pub fn asked(&self) -> Asked {
        Asked { text: self.text.clone(), pair: self.pair.clone(), altered: self.altered.clone() }
    }

    /// What the model is to read to compare with: nothing where the reader has not written it yet.
    pub fn other_asked(&self) -> Option<Asked> {
        match self.compare.as_ref()? {
            Baseline::Unaltered => Some(self.unaltered()),
            Baseline::Text(text) if text.trim().is_empty() => None,
            Baseline::Text(text) => Some(Asked { text: text.clone(), pair: None, altered: self.altered.clone() }),
        }
    }

    /// The same in the model as it is.
    pub fn unaltered(&self) -> Asked {
        Asked { altered: Intervention::default(), ..self.asked() }
    }

    /// Whose embeddings are worth comparing, with what that says: the two texts of a pair, or this one and the one
    /// that it is compared with; and, in an altered model, the same before the change. Of an altered model also how
    /// far the change moved the embedding of the text.
    pub fn alike(&self) -> Vec<(Alike, [Asked; 2])> {
        let alone =
            |text: &str, altered: &Intervention| Asked { text: text.to_owned(), pair: None, altered: altered.clone() };
        let mut all = Vec::new();
        let other = match (&self.pair, &self.compare) {
            (Some(pair), _) => Some((Alike::Pair, pair)),
            (None, Some(Baseline::Text(other))) => Some((Alike::Compared, other)),
            _ => None,
        };
        let plain = Intervention::default();
        if let Some((what, other)) = other.filter(|(_, other)| !other.trim().is_empty()) {
            let both = |altered| [alone(&self.text, altered), alone(other, altered)];
            all.push((what, both(&self.altered)));
            if !self.altered.is_none() {
                all.push((Alike::Before, both(&plain)));
            }
        }
        if !self.altered.is_none() {
            all.push((Alike::Altered, [self.asked(), self.unaltered()]));
        }
        all
    }

    /// What every map shows: differences where two runs are compared in one picture.
    pub fn quantity(&self) -> Quantity {
        if self.other_asked().is_some() && !self.side_by_side { Quantity::Difference } else { self.show }
    }

    pub fn head_id(&self) -> HeadId {
        HeadId::new(self.layer, self.head)
    }

    /// What is read, whatever is changed in the model: tokens are counted in these.
    pub fn texts(&self) -> (&str, Option<&str>) {
        (&self.text, self.pair.as_deref())
    }

    /// Compares with this; with nothing, heads have no order that asks for a comparison.
    pub fn compare_with(&mut self, with: Option<Baseline>) {
        if with.is_none() && matches!(self.sort, Sort::Change | Sort::Moved) {
            self.sort = Sort::Place;
        }
        self.compare = with;
    }

    /// # Errors
    /// [`Kind::Input`] where the model has no such layer or head, or none of those that are switched off.
    pub fn check_heads(&self, layers: usize, heads: usize) -> Result<()> {
        for (what, got, count) in [("layer", self.layer, layers), ("head", self.head, heads)] {
            if got >= count {
                let advice = "Layers and heads are counted from 0.";
                return Err(Error::new(Kind::Input, what, format!("a number below {count}"), got.to_string(), advice));
            }
        }
        self.altered.check_heads(layers, heads)
    }

    /// Brings layer and head, and the heads that are switched off, into what the model has.
    pub fn fit(&mut self, layers: usize, heads: usize) {
        self.altered.heads_off.retain(|head| head.layer < layers && head.head < heads);
        self.layer = self.layer.min(layers.saturating_sub(1));
        self.head = self.head.min(heads.saturating_sub(1));
    }

    /// Keeps chosen tokens, the one asked for too, on their words while the text around them changes: each goes to the
    /// token of the same characters nearest to where it was, and is let go where there is none. Where no chosen one is left,
    /// the last word is chosen and returned: without a query the edges of all tokens are drawn, and nothing can be read
    /// from them. `stand_in` is the token that was chosen so last time: nobody asked for it, and it is not kept.
    pub fn follow(&mut self, old: &[Shown], new: &[Shown], stand_in: Option<usize>) -> Option<usize> {
        let found = |token: usize| {
            let text = &old.get(token)?.text;
            let same = new.iter().enumerate().filter(|(_, s)| s.text == *text);
            same.min_by_key(|(i, _)| i.abs_diff(token)).map(|(i, _)| i)
        };
        let had_query = !self.tokens.is_empty();
        if stand_in.is_some_and(|token| self.tokens == [token]) {
            self.tokens.clear();
        }
        self.tokens = self.tokens.iter().filter_map(|&token| found(token)).collect();
        self.tokens.dedup();
        let stand_in = last_word(new).filter(|_| had_query && self.tokens.is_empty());
        self.tokens.extend(stand_in);
        self.from = self.from.and_then(found);
        self.to = self.to.and_then(found);
        stand_in
    }

    /// Switches a head off, or on again.
    pub fn switch_head(&mut self, head: HeadId) {
        if !self.altered.heads_off.remove(&head) {
            self.altered.heads_off.insert(head);
        }
    }

    /// Switches off every head for which `which` says so, and on every other.
    pub fn switch_heads(&mut self, layers: usize, heads: usize, which: impl Fn(HeadId) -> bool) {
        self.altered.heads_off.clear();
        // One by one: a set that collects sorts first, which costs the page 5 KB.
        HeadId::all(layers, heads).filter(|&head| which(head)).for_each(|head| {
            self.altered.heads_off.insert(head);
        });
    }

    /// Click: this token alone. Shift-click: this token too, or no longer.
    pub fn choose(&mut self, token: usize, add: bool) {
        match self.tokens.iter().position(|&t| t == token) {
            Some(at) if add => {
                self.tokens.remove(at);
            }
            _ if add => self.tokens.push(token),
            _ => self.tokens = vec![token],
        }
    }
}

/// The last token of the text that is part of a word; of a text without words, as of signs alone, its last token.
fn last_word(tokens: &[Shown]) -> Option<usize> {
    let is_own = |shown: &Shown| !shown.special;
    let is_word = |shown: &Shown| is_own(shown) && shown.text.chars().any(char::is_alphanumeric);
    tokens.iter().rposition(is_word).or_else(|| tokens.iter().rposition(is_own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str) -> Vec<Shown> {
        let one = |w: &str| Shown { text: w.into(), continues: false, special: w.starts_with('['), unknown: false };
        words.split(' ').map(one).collect()
    }

    #[test]
    fn heads_are_switched_one_by_one_and_by_rule() {
        let mut state = ViewState::default();
        let plain = state.clone();
        state.switch_head(HeadId::new(2, 4));
        assert_ne!(state.asked(), plain.asked());
        state.switch_head(HeadId::new(2, 4));
        assert!(state.asked() == plain.asked() && state.altered.is_none());
        state.switch_heads(2, 3, |head| head != HeadId::new(1, 1));
        assert_eq!(state.altered.heads_off.len(), 5);
        assert!(!state.altered.heads_off.contains(&HeadId::new(1, 1)));
    }

    #[test]
    fn chosen_tokens_follow_their_words() {
        let mut state = ViewState { tokens: vec![4, 2], ..ViewState::default() };
        state.follow(&shown("[CLS] The dog bit it [SEP]"), &shown("[CLS] The big old cat bit it [SEP]"), None);
        assert_eq!(state.tokens, [6], "it moved, the dog is gone");
        state.from = Some(5);
        state.follow(&shown("[CLS] The big old cat bit it [SEP]"), &shown("bit it"), None);
        assert_eq!((state.tokens.as_slice(), state.from), ([1].as_slice(), Some(0)));
        let stand_in = state.follow(&shown("bit it"), &shown("[CLS] A [SEP]"), None);
        assert_eq!(state.tokens, [1], "the last word, where none of the chosen ones is left");
        let stand_in = state.follow(&shown("[CLS] A [SEP]"), &shown("[CLS] A red house . [SEP]"), stand_in);
        assert_eq!(state.tokens, [3], "the last word of what is typed on");
        state.choose(1, false);
        assert_eq!(state.follow(&shown("[CLS] A red house"), &shown("[CLS] A blue house"), stand_in), None);
        assert_eq!(state.tokens, [1], "what a reader has chosen since stays");
        state.follow(&shown("[CLS] A blue house"), &shown("[CLS] ? ! [SEP]"), None);
        assert_eq!(state.tokens, [2], "a text without words has a query, too");
        state.tokens.clear();
        state.follow(&shown("A red house"), &shown("A blue house"), None);
        assert_eq!(state.tokens, [0; 0], "a reader who chose none has none");
    }

    #[test]
    fn clicks_and_arrows_choose() {
        let mut state = ViewState { tokens: vec![0], ..ViewState::default() };
        state.choose(3, true);
        assert_eq!(state.tokens, [0, 3]);
        state.choose(0, true);
        assert_eq!(state.tokens, [3]);
        state.choose(4, false);
        assert_eq!(state.tokens, [4]);
        (state.layer, state.head) = (9, 0);
        state.switch_head(HeadId::new(6, 0));
        state.switch_head(HeadId::new(5, 11));
        state.fit(6, 12);
        assert_eq!((state.layer, state.head), (5, 0));
        assert_eq!(state.altered.heads_off.iter().collect::<Vec<_>>(), [&HeadId::new(5, 11)]);
        assert!(state.check_heads(6, 12).is_ok());
        assert_eq!(state.check_heads(5, 12).unwrap_err().what, "layer");
        state.switch_head(HeadId::new(5, 12));
        assert_eq!(state.check_heads(6, 12).unwrap_err().got, "L5 H12");
        assert!(state.check_heads(6, 13).is_ok());
    }

    #[test]
    fn what_is_compared_with_is_another_run_or_nothing_yet() {
        let mut state = ViewState { show: Quantity::Norm, ..ViewState::default() };
        state.switch_head(HeadId::new(2, 4));
        assert_eq!((state.other_asked(), state.quantity()), (None, Quantity::Norm));
        state.compare = Some(Baseline::Unaltered);
        let other = state.other_asked().unwrap();
        assert!(other.altered.is_none() && other.text == state.text && state.quantity() == Quantity::Difference);
        state.compare = Some(Baseline::Text(" ".into()));
        assert_eq!((state.other_asked(), state.quantity()), (None, Quantity::Norm));
        state.compare = Some(Baseline::Text("a".into()));
        assert_eq!(state.other_asked().unwrap().altered, state.altered, "both in the same model");
        state.side_by_side = true;
        assert_eq!(state.quantity(), Quantity::Norm);
        state.sort = Sort::Moved;
        state.compare_with(Some(Baseline::Unaltered));
        assert_eq!(state.sort, Sort::Moved);
        state.compare_with(None);
        assert_eq!((state.compare.as_ref(), state.sort), (None, Sort::Place));
    }

    #[test]
    fn embeddings_are_compared_before_and_after_a_change() {
        let what = |state: &ViewState| state.alike().into_iter().map(|(what, _)| what).collect::<Vec<_>>();
        let mut state = ViewState { pair: Some(" ".into()), ..ViewState::default() };
        assert_eq!(what(&state), []);
        state.pair = Some("b".into());
        assert_eq!(what(&state), [Alike::Pair]);
        state.altered.causal = true;
        assert_eq!(what(&state), [Alike::Pair, Alike::Before, Alike::Altered]);
        let [before, altered] = [1, 2].map(|i| state.alike().swap_remove(i).1);
        assert!(before.iter().all(|asked| asked.altered.is_none() && asked.pair.is_none()) && before[1].text == "b");
        assert!(altered[0] == state.asked() && altered[1] == state.unaltered());
        state = ViewState { compare: Some(Baseline::Text("c".into())), ..ViewState::default() };
        assert_eq!(what(&state), [Alike::Compared]);
    }
}
