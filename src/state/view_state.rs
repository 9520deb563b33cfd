//! Everything that the reader can choose, as plain data without signals, clock or DOM.

use super::asked::Asked;
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::{HeadId, Intervention, Shown};
use crate::error::{Error, Kind, Result};
use crate::source::Source;

/// The form of the picture of the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Arcs,
    Columns,
    /// Tokens wrapped in lines.
    Text,
}

/// The default share of a row that is drawn as edges.
pub const MASS: f32 = 0.9;

/// The order of all heads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By layer and head.
    #[default]
    Place,
    /// By entropy, in ascending order.
    Entropy,
    /// By distance, in ascending order.
    Distance,
    /// By the weight on sinks, in ascending order.
    SinkShare,
    /// By the weight from the chosen queries to the token `from`, in descending order.
    Reads,
    /// By the score of the filter's label or, without a filter, by the highest score, in descending order.
    Label,
    /// By the difference from the run that is compared with, in descending order.
    Change,
    /// By the shift of the query's attention from the token `from` to the token `to`, relative to the run that is
    /// compared with, in descending order.
    Moved,
}

/// What the run on screen is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Baseline {
    /// The same text in the unchanged model.
    Unaltered,
    /// Another text in the same model.
    Text(String),
}

/// The embeddings that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// Those of the two texts of a pair, each in a run of its own.
    Pair,
    /// Those of the text on screen and of the one that it is compared with.
    Compared,
    /// The same two in the unchanged model.
    Before,
    /// Those of the text in the changed and in the unchanged model.
    Altered,
}

/// All that the reader has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewState {
    pub text: String,
    /// A second text, which is in the same input as the first.
    pub pair: Option<String>,
    /// The model. None for the built-in one, and for files of the reader's own, which nobody else has.
    pub model: Option<Source>,
    pub layer: usize,
    pub head: usize,
    /// The indices of the chosen queries, where special tokens count. Several are shown as their mean row.
    pub tokens: Vec<usize>,
    /// The form of the sentence. None for arcs if they fit, else text.
    pub view: Option<View>,
    pub special: Special,
    /// The quantity of the maps, if nothing is compared.
    pub show: Quantity,
    pub compare: Option<Baseline>,
    /// Whether a comparison shows both runs instead of their difference.
    pub side_by_side: bool,
    /// Whether all heads are shown by one number each instead of their maps.
    pub numbers: bool,
    /// Whether subword tokens are merged into words.
    pub words: bool,
    /// Edges are drawn for the strongest keys that together have this share of the row, 0 to 1.
    pub mass: f32,
    /// Whether the steps of the head are open.
    pub inside: bool,
    /// Whether the predictions and embeddings of the model are open.
    pub downstream: bool,
    /// The measure of the charts. None if they are closed.
    pub chart: Option<Measure>,
    pub sort: Sort,
    /// Heads without this label are paled.
    pub label: Option<Label>,
    /// The key in the question which heads attend to it.
    pub from: Option<usize>,
    /// The key in the question which heads shifted their attention to it from `from`.
    pub to: Option<usize>,
    /// The changes in the model.
    pub altered: Intervention,
}

impl Default for ViewState {
    /// The first sentence, and the head in which *it* attends to *trophy* with weight 0.624.
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
    /// The input of the run on screen.
    pub fn asked(&self) -> Asked {
        Asked { text: self.text.clone(), pair: self.pair.clone(), altered: self.altered.clone() }
    }

    /// The input of the run to compare with. None if nothing is compared, or its text is still empty.
    pub fn other_asked(&self) -> Option<Asked> {
        match self.compare.as_ref()? {
            Baseline::Unaltered => Some(self.unaltered()),
            Baseline::Text(text) if text.trim().is_empty() => None,
            Baseline::Text(text) => Some(Asked { text: text.clone(), pair: None, altered: self.altered.clone() }),
        }
    }

    /// The input of the run on screen in the unchanged model.
    pub fn unaltered(&self) -> Asked {
        Asked { altered: Intervention::default(), ..self.asked() }
    }

    /// The inputs whose embeddings are compared: the two texts of a pair, or this text and the one that it is compared
    /// with. In a changed model also the same in the unchanged model, and the text in the changed and the unchanged
    /// model.
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

    /// The quantity of every map: the difference if two runs are compared in one picture.
    pub fn quantity(&self) -> Quantity {
        if self.other_asked().is_some() && !self.side_by_side { Quantity::Difference } else { self.show }
    }

    pub fn head_id(&self) -> HeadId {
        HeadId::new(self.layer, self.head)
    }

    /// The text and the second text, to which indices of tokens refer.
    pub fn texts(&self) -> (&str, Option<&str>) {
        (&self.text, self.pair.as_deref())
    }

    /// Sets the baseline. Without one, an order of heads that needs a comparison ends.
    pub fn compare_with(&mut self, with: Option<Baseline>) {
        if with.is_none() && matches!(self.sort, Sort::Change | Sort::Moved) {
            self.sort = Sort::Place;
        }
        self.compare = with;
    }

    /// # Errors
    /// [`Kind::Input`] if the model does not have the layer or head, or one of those that are switched off.
    pub fn check_heads(&self, layers: usize, heads: usize) -> Result<()> {
        for (what, got, count) in [("layer", self.layer, layers), ("head", self.head, heads)] {
            if got >= count {
                let advice = "Layers and heads are counted from 0.";
                return Err(Error::new(Kind::Input, what, format!("a number below {count}"), got.to_string(), advice));
            }
        }
        self.altered.check_heads(layers, heads)
    }

    /// Clamps layer and head to those of the model, and removes heads that it does not have from those that are
    /// switched off.
    pub fn fit(&mut self, layers: usize, heads: usize) {
        self.altered.heads_off.retain(|head| head.layer < layers && head.head < heads);
        self.layer = self.layer.min(layers.saturating_sub(1));
        self.head = self.head.min(heads.saturating_sub(1));
    }

    /// Keeps the chosen tokens and the keys of questions on their words when the text changes. Each becomes the nearest
    /// token with the same characters, and is removed if there is none. If no query is left, the last word is chosen
    /// and returned, because the edges of all queries together would not be readable. `stand_in` is the token that was
    /// chosen so last time; it is not kept, because the reader did not choose it.
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

    /// Switches a head off, or on if it is off.
    pub fn switch_head(&mut self, head: HeadId) {
        if !self.altered.heads_off.remove(&head) {
            self.altered.heads_off.insert(head);
        }
    }

    /// Switches off every head for which `which` is true, and switches on all others.
    pub fn switch_heads(&mut self, layers: usize, heads: usize, which: impl Fn(HeadId) -> bool) {
        self.altered.heads_off.clear();
        // One by one, because collecting a set would add 5 KB to the page.
        HeadId::all(layers, heads).filter(|&head| which(head)).for_each(|head| {
            self.altered.heads_off.insert(head);
        });
    }

    /// Chooses this query only, or with `add` adds it to the chosen ones, or removes it if it is one of them.
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

/// The last token of the text that is part of a word. In a text without words, the last token.
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
