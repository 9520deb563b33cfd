//! One run of the model as the page holds it: the tokens, thumbnails of all heads, and the
//! patterns that have come over so far.

use std::sync::Arc;

use ndarray::{Array2, Array4};

use super::maps::{Compared, Maps, Of, Predictions, Turned};
use super::view_state::{Sort, ViewState};
use crate::analysis::{HeadLabel, HeadSurvey, Label, Words, sort_strongest_first, thumbnails};
use crate::engine::{HeadId, Intervention, Shown, Tokens};
use crate::text::runs_right_to_left;

/// Where the numbers come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// A trace saved earlier, shown while the model is not there.
    Snapshot,
    /// The model in this page, in so many milliseconds.
    Model { millis: f64 },
    /// Another program, from a file: the worker has the weights and nothing else.
    Elsewhere,
}

/// What a run is about: the texts, and what is changed in the model that reads them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub text: String,
    pub pair: Option<String>,
    pub altered: Intervention,
}

/// Which heads read `keys` from `queries`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub queries: Vec<usize>,
    pub keys: Vec<usize>,
    /// Most first.
    pub heads: Vec<(HeadId, f32)>,
}

impl Answer {
    pub fn is_to(&self, queries: &[usize], keys: &[usize]) -> bool {
        self.queries == queries && self.keys == keys
    }
}

#[derive(Clone, Debug)]
pub struct Run {
    /// The worker's number for it, to ask for more heads.
    pub id: u32,
    pub asked: Asked,
    pub tokens: Tokens,
    pub shown: Arc<Vec<Shown>>,
    /// The text runs from right to left.
    pub right_to_left: bool,
    pub layers: usize,
    /// Layers that are there: fewer than all while the pass is under way.
    pub computed: usize,
    pub heads: usize,
    pub weights: Maps,
    pub source: Source,
    /// The model that a saved run was made by.
    pub saved_by: String,
    /// A saved run that was opened, and does not only stand in until the model is here.
    pub opened: bool,
    /// What every head does on this text, L0 H0 first; empty until it is known.
    pub survey: Arc<Vec<HeadSurvey>>,
    /// The last answer to which heads read these keys from these queries.
    pub found: Option<Arc<Answer>>,
    /// What it shares with the run that it was last compared with.
    pub compared: Option<Arc<Compared>>,
    /// The last answer to which heads turned from one key to another.
    pub turned: Option<Arc<Turned>>,
    /// The predictions last asked for.
    pub predicted: Option<Arc<Predictions>>,
    /// Cosines of the embeddings that were asked about while this run is on screen.
    pub alike: Vec<([Asked; 2], f32)>,
    /// Maps of what else was asked for.
    more: Vec<(Of, Maps)>,
}

impl Run {
    /// `thumbs` [layers, heads, side, side]; patterns are added as they arrive.
    pub fn new(
        id: u32,
        asked: Asked,
        tokens: Tokens,
        (layers, heads): (usize, usize),
        (thumbs, side): (Vec<f32>, usize),
        source: Source,
    ) -> Self {
        let shown = Arc::new(tokens.shown(&asked.text, asked.pair.as_deref()));
        let right_to_left =
            runs_right_to_left(&format!("{} {}", asked.text, asked.pair.as_deref().unwrap_or_default()));
        Self {
            id,
            right_to_left,
            asked,
            tokens,
            shown,
            layers,
            computed: layers,
            heads,
            weights: Maps::new(layers * heads, thumbs, side),
            source,
            saved_by: String::new(),
            opened: false,
            survey: Arc::default(),
            found: None,
            compared: None,
            turned: None,
            predicted: None,
            alike: Vec::new(),
            more: Vec::new(),
        }
    }

    /// A run whose patterns [layers, heads, n, n] are all here.
    pub fn whole(asked: Asked, tokens: Tokens, pattern: &Array4<f32>, source: Source) -> Self {
        let (layers, heads, ..) = pattern.dim();
        let mut run = Self::new(0, asked, tokens, (layers, heads), thumbnails(pattern.view()), source);
        for (layer, maps) in pattern.outer_iter().enumerate() {
            for (head, map) in maps.outer_iter().enumerate() {
                run.weights.set(layer * heads + head, map.to_owned());
            }
        }
        run
    }

    /// Takes in thumbnails of all heads [layers, heads, side, side] of a quantity; its maps are added as they arrive.
    pub fn add_maps(&mut self, of: Of, thumbs: Vec<f32>, side: usize) {
        // Only one comparison is on screen.
        self.more.retain(|(before, _)| before.quantity != of.quantity);
        self.more.push((of, Maps::new(self.layers * self.heads, thumbs, side)));
    }

    /// Adds one head's map, row-major [n, n]; another length or a head that is not there is left alone.
    pub fn add_map(&mut self, of: Of, head: HeadId, cells: Vec<f32>) {
        let n = self.tokens.len();
        if !of.quantity.is_of_heads() && self.maps(of).is_none() {
            self.add_maps(of, Vec::new(), 0);
        }
        let place = self.place(of, head);
        let maps = self.more.iter_mut().find(|(other, _)| *other == of).map(|(_, maps)| maps);
        let maps = if of == Of::default() { Some(&mut self.weights) } else { maps };
        if let (Some(maps), Some(place), Ok(map)) = (maps, place, Array2::from_shape_vec((n, n), cells)) {
            maps.set(place, map);
        }
    }

    pub fn maps(&self, of: Of) -> Option<&Maps> {
        match of == Of::default() {
            true => Some(&self.weights),
            false => self.more.iter().find(|(other, _)| *other == of).map(|(_, maps)| maps),
        }
    }

    /// One head's map [query, key], if it is here.
    pub fn map(&self, of: Of, head: HeadId) -> Option<Arc<Array2<f32>>> {
        self.maps(of)?.get(self.place(of, head)?)
    }

    /// One head's weights [query, key], if they are here.
    pub fn pattern(&self, head: HeadId) -> Option<Arc<Array2<f32>>> {
        self.map(Of::default(), head)
    }

    /// Where a head's map is kept: heads that share one have their layer's first place.
    fn place(&self, of: Of, head: HeadId) -> Option<usize> {
        let head = if of.quantity.is_of_heads() { head } else { HeadId::new(head.layer, 0) };
        self.has(head).then_some(head.layer * self.heads + head.head)
    }

    /// Is there such a head?
    pub fn has(&self, head: HeadId) -> bool {
        head.layer < self.layers && head.head < self.heads
    }

    /// All heads in the order asked for, each with the number it is ranked by; none for their own places, and
    /// while the numbers are not known.
    pub fn ranked(&self, view: &ViewState) -> Option<Vec<(HeadId, f32)>> {
        let number: fn(&HeadSurvey) -> f32 = match view.sort {
            Sort::Place => return None,
            Sort::Reads => {
                let answer =
                    self.found.as_ref().filter(|found| self.asks(view).is_some_and(|(q, k)| found.is_to(&q, &k)))?;
                return Some(answer.heads.clone());
            }
            Sort::Change | Sort::Moved if view.compare.is_none() => return None,
            Sort::Moved => {
                let turned = self.turned.as_ref().filter(|turned| self.asks_turned(view) == Some(turned.tokens))?;
                return Some(turned.heads.clone());
            }
            Sort::Change => return self.compared.is_some().then(|| self.most_changed()),
            Sort::Label => {
                let wanted = |label: &&HeadLabel| view.label.is_none_or(|wanted| wanted == label.label);
                let score = |head: &HeadSurvey| head.labels.iter().find(wanted).map_or(0.0, |label| label.score);
                return (!self.survey.is_empty()).then(|| self.most_first(self.survey.iter().map(score)));
            }
            Sort::Entropy => |head| head.measures.entropy,
            Sort::Distance => |head| head.measures.distance,
            Sort::SinkShare => |head| head.measures.sink_share,
        };
        // Least first: the one sort of the page puts the strongest first.
        let least_first = self.most_first(self.survey.iter().map(|head| -number(head))).into_iter();
        (!self.survey.is_empty()).then(|| least_first.map(|(head, number)| (head, -number)).collect())
    }

    /// All heads with how much each differs from the run that this one was compared with last, most first; empty where it
    /// was compared with none.
    pub fn most_changed(&self) -> Vec<(HeadId, f32)> {
        let compared = self.compared.as_ref();
        compared.map(|compared| self.most_first(compared.changes.iter().copied())).unwrap_or_default()
    }

    /// Heads by these numbers, L0 H0's first.
    fn most_first(&self, numbers: impl Iterator<Item = f32>) -> Vec<(HeadId, f32)> {
        let mut ranked: Vec<_> = numbers.enumerate().collect();
        sort_strongest_first(&mut ranked);
        ranked.into_iter().map(|(i, number)| (self.head_at(i), number)).collect()
    }

    fn head_at(&self, place: usize) -> HeadId {
        HeadId::new(place / self.heads, place % self.heads)
    }

    /// The question which heads turned, reading the last chosen query, from the key `from` to the key `to`.
    pub fn asks_turned(&self, view: &ViewState) -> Option<[usize; 3]> {
        let tokens = [*view.tokens.last()?, view.from?, view.to?];
        tokens.iter().all(|&token| token < self.tokens.len()).then_some(tokens)
    }

    /// Heads that do not have this label here, L0 H0 first; empty while that is not known.
    pub fn without(&self, label: Label) -> Vec<bool> {
        self.survey.iter().map(|head| head.labels.iter().all(|l| l.label != label)).collect()
    }

    /// The question which heads read the token `from` from the chosen ones: query tokens and key tokens of this
    /// run, with their words where words are merged.
    pub fn asks(&self, view: &ViewState) -> Option<(Vec<usize>, Vec<usize>)> {
        let count = self.tokens.len();
        let from = view.from.filter(|&token| token < count)?;
        let words = view.words.then(|| Words::new(&self.tokens, &self.shown));
        let whole = |token: usize| match &words {
            Some(words) => words.tokens(words.of_token[token]).collect(),
            None => vec![token],
        };
        let queries: Vec<usize> = view.tokens.iter().filter(|&&t| t < count).flat_map(|&t| whole(t)).collect();
        (!queries.is_empty()).then(|| (queries, whole(from)))
    }

    /// The cosine of these two inputs' embeddings, once it has come.
    pub fn cosine(&self, both: &[Asked; 2]) -> Option<f32> {
        self.alike.iter().find(|(known, _)| known == both).map(|(_, cosine)| *cosine)
    }

    /// All of it is there, and the worker can be asked about it.
    pub fn is_whole(&self) -> bool {
        self.computed == self.layers
    }

    /// What was read.
    pub fn texts(&self) -> (&str, Option<&str>) {
        (&self.asked.text, self.asked.pair.as_deref())
    }

    /// Is it what the reader asks for now?
    pub fn is_of(&self, view: &ViewState) -> bool {
        let Asked { text, pair, altered } = &self.asked;
        (text, pair, altered) == (&view.text, &view.pair, &view.altered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{HeadMeasures, Quantity};
    use crate::engine::Token;
    use crate::state::Baseline;

    /// Three tokens, the last two one word, in one layer of two heads.
    fn run() -> Run {
        let token = |i: usize, word: u32| Token {
            id: 0,
            token: String::new(),
            chars: (i, i + 1),
            bytes: (i, i + 1),
            segment: 0,
            sequence: Some(0),
            word: Some(word),
            special: false,
        };
        let tokens = Tokens { items: vec![token(0, 0), token(1, 1), token(2, 1)], cuts: vec![] };
        let asked = Asked { text: "abc".into(), ..Asked::default() };
        let mut run = Run::whole(asked, tokens, &Array4::from_elem((1, 2, 3, 3), 1.0 / 3.0), Source::Snapshot);
        let measures = |entropy, distance| HeadMeasures { entropy, distance, sink_share: 0.0, strongest: 0.5 };
        let label = HeadLabel { label: Label::Broad, score: 0.9, evidence: String::new() };
        run.survey = Arc::new(vec![
            HeadSurvey { measures: measures(1.5, 1.0), labels: vec![label] },
            HeadSurvey { measures: measures(0.5, 2.0), labels: vec![] },
        ]);
        run
    }

    #[test]
    fn heads_are_ranked_by_what_is_asked() {
        let (run, [a, b]) = (run(), [HeadId::new(0, 0), HeadId::new(0, 1)]);
        let ranked = |sort| run.ranked(&ViewState { sort, ..ViewState::default() });
        assert_eq!(ranked(Sort::Place), None);
        assert_eq!(ranked(Sort::Entropy), Some(vec![(b, 0.5), (a, 1.5)]));
        assert_eq!(ranked(Sort::Distance), Some(vec![(a, 1.0), (b, 2.0)]));
        assert_eq!(ranked(Sort::Reads), None, "not asked");
        assert_eq!(ranked(Sort::Label), Some(vec![(a, 0.9), (b, 0.0)]));
        let induction = ViewState { sort: Sort::Label, label: Some(Label::Induction), ..ViewState::default() };
        assert_eq!(run.ranked(&induction), Some(vec![(a, 0.0), (b, 0.0)]));
        assert_eq!(run.without(Label::Broad), [false, true]);
    }

    #[test]
    fn a_saved_run_has_weights_and_no_more() {
        let run = run();
        let view = ViewState { text: "abc".into(), head: 0, tokens: vec![2], ..ViewState::default() };
        assert!(!view.needs_model(&run));
        assert!(!ViewState { words: true, layer: 0, mass: 0.1, ..view.clone() }.needs_model(&run));
        assert!(ViewState { text: "abcd".into(), ..view.clone() }.needs_model(&run));
        assert!(ViewState { show: Quantity::Norm, ..view.clone() }.needs_model(&run));
        assert!(ViewState { compare: Some(Baseline::Unaltered), ..view.clone() }.needs_model(&run));
        assert!(ViewState { from: Some(1), ..view.clone() }.needs_model(&run));
        assert!(ViewState { inside: true, ..view }.needs_model(&run));
    }

    #[test]
    fn an_answer_counts_for_its_question_alone() {
        let mut run = run();
        let mut view = ViewState { sort: Sort::Reads, tokens: vec![0], from: Some(2), ..ViewState::default() };
        assert_eq!(run.asks(&view), Some((vec![0], vec![2])));
        let heads = vec![(HeadId::new(0, 1), 0.6), (HeadId::new(0, 0), 0.1)];
        run.found = Some(Arc::new(Answer { queries: vec![0], keys: vec![2], heads: heads.clone() }));
        assert_eq!(run.ranked(&view), Some(heads));
        view.words = true;
        assert_eq!(run.asks(&view), Some((vec![0], vec![1, 2])), "the whole word");
        assert_eq!(run.ranked(&view), None);
        view.tokens = vec![];
        assert_eq!(run.asks(&view), None);
    }

    #[test]
    fn maps_are_kept_by_quantity_and_a_new_comparison_replaces_the_last() {
        let (mut run, head) = (run(), HeadId::new(0, 1));
        let of = |quantity, with| Of { quantity, with };
        let (norms, mean) = (of(Quantity::Norm, None), of(Quantity::LayerMean, None));
        run.add_map(norms, head, vec![1.0; 9]);
        assert!(run.map(norms, head).is_none(), "thumbnails come first");
        run.add_maps(norms, vec![-3.0, 2.0], 1);
        run.add_map(norms, head, vec![1.0; 9]);
        assert_eq!((run.maps(norms).unwrap().max, run.map(norms, head).unwrap()[[2, 2]]), (3.0, 1.0));
        run.add_map(norms, HeadId::new(0, 0), vec![1.0; 8]);
        run.add_map(norms, HeadId::new(0, 2), vec![1.0; 9]);
        assert!(run.map(norms, HeadId::new(0, 0)).is_none() && run.map(norms, HeadId::new(0, 2)).is_none());
        run.add_map(mean, head, vec![2.0; 9]);
        assert_eq!(run.map(mean, HeadId::new(0, 0)).unwrap()[[0, 0]], 2.0, "one map for the layer");
        for with in [4, 5] {
            run.add_maps(of(Quantity::Difference, Some(with)), vec![0.0; 2], 1);
        }
        assert!(run.maps(of(Quantity::Difference, Some(4))).is_none());
        assert!(run.maps(of(Quantity::Difference, Some(5))).is_some() && run.maps(norms).is_some());
        assert_eq!(run.pattern(head).unwrap()[[0, 0]], 1.0 / 3.0);
    }

    #[test]
    fn heads_are_ranked_by_what_changed_and_where_they_turned() {
        let mut run = run();
        let compare = Some(Baseline::Unaltered);
        let mut view = ViewState { sort: Sort::Change, tokens: vec![0], compare, ..ViewState::default() };
        assert_eq!(run.ranked(&view), None);
        run.compared = Some(Arc::new(Compared { with: 4, aligned: vec![(0, 0), (2, 1)], changes: vec![0.1, 0.3] }));
        let (a, b) = (HeadId::new(0, 0), HeadId::new(0, 1));
        assert_eq!(run.ranked(&view), Some(vec![(b, 0.3), (a, 0.1)]));
        assert_eq!(run.compared.as_ref().map(|c| (c.other(2), c.other(1), c.ours(1))), Some((Some(1), None, Some(2))));
        assert_eq!(run.ranked(&ViewState { compare: None, ..view.clone() }), None, "nothing is compared");
        view = ViewState { sort: Sort::Moved, from: Some(1), to: Some(2), ..view };
        assert_eq!(run.asks_turned(&view), Some([0, 1, 2]));
        let turned = Turned { with: 4, tokens: [0, 1, 2], heads: vec![(a, 0.2), (b, -0.1)] };
        run.turned = Some(Arc::new(turned.clone()));
        assert_eq!(run.ranked(&view), Some(turned.heads));
        view.to = Some(3);
        assert_eq!((run.asks_turned(&view), run.ranked(&view)), (None, None));
    }
}
