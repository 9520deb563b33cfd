//! The heads of a run in the order of the view, and the questions to the worker that the order depends on.

use super::run::Run;
use super::view_state::{Sort, ViewState};
use crate::analysis::{HeadLabel, HeadSurvey, Label, Words, sort_strongest_first};
use crate::engine::HeadId;

impl Run {
    /// All heads in the view's order, each with the number that it is ranked by. None if the order is by layer and
    /// head, and while the numbers are not known.
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
        // In ascending order: the numbers are negated, because the page has one sort, which is descending.
        let least_first = self.most_first(self.survey.iter().map(|head| -number(head))).into_iter();
        (!self.survey.is_empty()).then(|| least_first.map(|(head, number)| (head, -number)).collect())
    }

    /// All heads with their difference from the run that this one was compared with last, in descending order. Empty if
    /// it was compared with none.
    pub fn most_changed(&self) -> Vec<(HeadId, f32)> {
        let compared = self.compared.as_ref();
        compared.map(|compared| self.most_first(compared.changes.iter().copied())).unwrap_or_default()
    }

    /// The heads in descending order of these numbers, which are given in the order L0 H0, L0 H1, ...
    fn most_first(&self, numbers: impl Iterator<Item = f32>) -> Vec<(HeadId, f32)> {
        let mut ranked: Vec<_> = numbers.enumerate().collect();
        sort_strongest_first(&mut ranked);
        ranked.into_iter().map(|(i, number)| (self.head_at(i), number)).collect()
    }

    fn head_at(&self, place: usize) -> HeadId {
        HeadId::new(place / self.heads, place % self.heads)
    }

    /// The question how far heads shifted their attention from the key `from` to the key `to`: the last chosen query
    /// and the two keys. None while they are not chosen.
    pub fn asks_turned(&self, view: &ViewState) -> Option<[usize; 3]> {
        let tokens = [*view.tokens.last()?, view.from?, view.to?];
        tokens.iter().all(|&token| token < self.tokens.len()).then_some(tokens)
    }

    /// Whether each head, in the order L0 H0, L0 H1, ..., lacks this label. Empty while that is not known.
    pub fn without(&self, label: Label) -> Vec<bool> {
        self.survey.iter().map(|head| head.labels.iter().all(|l| l.label != label)).collect()
    }

    /// The question which heads attend from the chosen tokens to the token `from`: the query and the key tokens of this
    /// run, or all tokens of their words if words are merged. None while they are not chosen.
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::run::tests::run;
    use crate::state::{Answer, Baseline, Compared, Turned};
    use std::sync::Arc;

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
