//! What the worker holds between messages: the model, and one run in each [`Slot`]. Knows no browser.

mod pictures;

use std::borrow::Cow;
use std::cell::OnceCell;

use ndarray::{ArrayView, Dimension};

use super::manifest::Manifest;
use super::protocol::{MOST_PREDICTIONS, ModelCard, Predicted, Reply, RunRequest, SEND_ALL_UP_TO, Slot};
use crate::analysis::{HeadSurvey, find_heads, survey, thumbnails};
use crate::engine::{HeadId, Intervention, Model, Shown, TextTokenizer, Tokens, Trace, embedding, predictions};
use crate::error::{Error, Kind, Result};

#[derive(Default)]
pub struct Session {
    loaded: Option<Loaded>,
    main: Option<Run>,
    other: Option<Run>,
}

struct Loaded {
    model: Model,
    tokenizer: TextTokenizer,
}

struct Run {
    /// Of the request that asked for it.
    id: u32,
    /// The tokens as they are written, by which heads are labelled.
    shown: Vec<Shown>,
    trace: Trace,
    /// The vocabulary's ids, to run them again.
    ids: Vec<u32>,
    /// Of the softmax.
    temperature: f32,
    /// Of the forward pass.
    millis: f64,
    /// Computed once, for lists and charts.
    surveyed: OnceCell<Vec<HeadSurvey>>,
}

impl Run {
    fn survey(&self) -> &[HeadSurvey] {
        self.surveyed.get_or_init(|| survey(self.trace.pattern.view(), &self.shown))
    }
}

/// A reply and the numbers that go with it, in the order and of the shapes that [`Reply`] gives.
pub struct Answer<'a> {
    pub reply: Reply,
    pub numbers: Vec<Cow<'a, [f32]>>,
}

impl Session {
    /// Takes a model in the place of the one before, which stays if this one does not hold.
    ///
    /// Errors: those of [`Model::load`] and [`TextTokenizer::load`]; `Kind::Config` if `config` is no text.
    pub fn load(
        &mut self,
        manifest: &Manifest,
        config: &[u8],
        tokenizer: &[u8],
        weights: Vec<u8>,
    ) -> Result<ModelCard> {
        let config = std::str::from_utf8(config).map_err(|fault| {
            Error::new(Kind::Config, "config.json", "UTF-8 text", fault.to_string(), "Choose another model.")
        })?;
        let model = Model::load(config, weights)?;
        let tokenizer = TextTokenizer::load(tokenizer, model.spec.positions)?;
        let card = ModelCard {
            name: manifest.name.clone(),
            family: model.spec.family.to_owned(),
            layers: model.spec.layers,
            heads: model.spec.heads,
            width: model.spec.width,
            positions: model.spec.positions,
            parameters: model.parameters(),
            bytes: manifest.total_bytes(),
            licence: manifest.licence.clone(),
        };
        *self = Self { loaded: Some(Loaded { model, tokenizer }), main: None, other: None };
        Ok(card)
    }

    /// One forward pass; `clock` tells milliseconds. Request `id` names the run from now on, and the run
    /// before in its slot is gone once the text has been read.
    ///
    /// Errors: `Kind::Input` without a model or for a head it does not have, and those of
    /// [`Intervention::check`], [`TextTokenizer::encode`] and [`Model::run`].
    pub fn run(&mut self, id: u32, asked: &RunRequest, clock: impl Fn() -> f64) -> Result<Answer<'_>> {
        let loaded = self.loaded.as_ref().ok_or_else(no_model)?;
        within(asked.head, loaded.model.spec.layers, loaded.model.spec.heads)?;
        let (tokens, places) = loaded.read(&asked.text, asked.pair.as_deref(), &asked.intervention)?;

        // Given up first: three traces at once would be more memory than the two that are kept.
        let slot = match asked.keep {
            Slot::Main => &mut self.main,
            Slot::Other => &mut self.other,
        };
        *slot = None;
        let began = clock();
        let trace = loaded.model.run(&tokens.ids(), &tokens.segments(), &asked.intervention)?;
        let millis = clock() - began;

        let shown = tokens.shown(&asked.text, asked.pair.as_deref());
        let (ids, temperature) = (tokens.ids(), asked.intervention.temperature);
        let run = Run { id, shown, trace, ids, temperature, millis, surveyed: OnceCell::new() };
        let trace = &slot.insert(run).trace;
        let (layers, heads) = (trace.layers(), trace.heads());
        let (sent, patterns) = if trace.tokens() <= SEND_ALL_UP_TO {
            let all = (0..layers).flat_map(|layer| (0..heads).map(move |head| HeadId::new(layer, head)));
            (all.collect(), row_major(trace.pattern.view()))
        } else {
            (vec![asked.head], row_major(trace.head(asked.head)))
        };
        let (thumbs, side) = thumbnails(trace.pattern.view());
        let reply = Reply::Ran { tokens, places, layers, heads, sent, side, millis };
        Ok(Answer { reply, numbers: vec![patterns, Cow::Owned(thumbs), Cow::Owned(embedding(trace))] })
    }

    /// The embedding of one text, whose run is not kept.
    ///
    /// Errors: as [`Self::run`].
    pub fn embed(&self, text: &str, intervention: &Intervention) -> Result<Answer<'_>> {
        let loaded = self.loaded.as_ref().ok_or_else(no_model)?;
        let (tokens, _) = loaded.read(text, None, intervention)?;
        let trace = loaded.model.run(&tokens.ids(), &tokens.segments(), intervention)?;
        Ok(Answer { reply: Reply::Embedded, numbers: vec![Cow::Owned(embedding(&trace))] })
    }

    /// The time of one pass over so many tokens, those of the main run over and over; `clock` tells milliseconds.
    ///
    /// Errors: `Kind::Input` without a model or a main run, and those of [`Model::run`].
    pub fn time(&self, tokens: usize, clock: impl Fn() -> f64) -> Result<Answer<'_>> {
        let loaded = self.loaded.as_ref().ok_or_else(no_model)?;
        let Some(main) = &self.main else {
            let advice = "Run a text first.";
            return Err(Error::new(Kind::Input, "the tokens to time", "a main run that is kept", "none", advice));
        };
        // One more than fits is enough for the model to refuse it.
        let count = tokens.min(loaded.model.spec.positions + 1);
        let ids: Vec<u32> = main.ids.iter().copied().cycle().take(count).collect();
        let began = clock();
        loaded.model.run(&ids, &vec![0; count], &Intervention::default())?;
        Ok(Answer { reply: Reply::Timed { tokens, millis: clock() - began }, numbers: Vec::new() })
    }

    /// One head's pattern of the run with the id `run`.
    ///
    /// Errors: `Kind::Input` if that run is not kept, or for a head it does not have.
    pub fn head(&self, run: u32, head: HeadId) -> Result<Answer<'_>> {
        let trace = self.kept_head(run, head)?;
        let reply = Reply::Head { run, head, n: trace.tokens() };
        Ok(Answer { reply, numbers: vec![row_major(trace.head(head))] })
    }

    /// One head's scores; errors as for [`Self::head`].
    pub fn scores(&self, run: u32, head: HeadId) -> Result<Answer<'_>> {
        let trace = self.kept_head(run, head)?;
        let reply = Reply::Scores { run, head, n: trace.tokens() };
        Ok(Answer { reply, numbers: vec![Cow::Owned(trace.scores(head).into_raw_vec_and_offset().0)] })
    }

    /// One head's value-weighted norms; errors as for [`Self::head`].
    pub fn norms(&self, run: u32, head: HeadId) -> Result<Answer<'_>> {
        let trace = self.kept_head(run, head)?;
        let loaded = self.loaded.as_ref().ok_or_else(no_model)?;
        let of_keys = loaded.model.value_norms(trace, head); // [n]
        let rows = trace.head(head);
        let norms = rows.outer_iter().flat_map(|row| row.into_iter().zip(&of_keys)).map(|(weight, norm)| weight * norm);
        let reply = Reply::Norms { run, head, n: trace.tokens() };
        Ok(Answer { reply, numbers: vec![norms.collect()] })
    }

    /// The `most` likeliest tokens at a position.
    ///
    /// Errors: `Kind::Input` if that run is not kept, for a token that it does not have, for a number out of
    /// range, and when the model predicts nothing.
    pub fn predict(&self, run: u32, position: usize, most: usize) -> Result<Answer<'_>> {
        let trace = self.kept(run)?;
        let loaded = self.loaded.as_ref().ok_or_else(no_model)?;
        token_within(position, trace.tokens())?;
        if !(1..=MOST_PREDICTIONS).contains(&most) {
            let expected = format!("1 to {MOST_PREDICTIONS}");
            return Err(Error::new(Kind::Input, "the predictions", expected, most.to_string(), "Ask for as many."));
        }
        let found = predictions(trace, position, most).ok_or_else(|| {
            let expected = "a model with a language-model head";
            let advice = "Choose a model that predicts words, such as one saved as BertForMaskedLM.";
            Error::new(Kind::Input, "the predictions", expected, "one without", advice)
        })?;
        let predictions = found.into_iter().map(|found| Predicted {
            // Vocabularies of weights are padded beyond their tokenizer's.
            token: loaded.tokenizer.token(found.id).unwrap_or_else(|| format!("[{}]", found.id)),
            probability: found.probability,
        });
        let reply = Reply::Predicted { run, position, predictions: predictions.collect() };
        Ok(Answer { reply, numbers: Vec::new() })
    }

    /// Measures and labels of every head.
    ///
    /// Errors: `Kind::Input` if that run is not kept.
    pub fn survey(&self, run: u32) -> Result<Answer<'_>> {
        let kept = self.kept_run(run)?;
        let heads = kept.survey().to_vec();
        Ok(Answer { reply: Reply::Surveyed { run, heads }, numbers: Vec::new() })
    }

    /// The heads by how much the queries read from the keys.
    ///
    /// Errors: `Kind::Input` if that run is not kept, without a query or key, or for a token that it does not have.
    pub fn find(&self, run: u32, queries: Vec<usize>, keys: Vec<usize>) -> Result<Answer<'_>> {
        let trace = self.kept(run)?;
        if queries.is_empty() || keys.is_empty() {
            let advice = "Choose a token that reads and one that is read.";
            return Err(Error::new(Kind::Input, "the tokens", "a query and a key", "none", advice));
        }
        queries.iter().chain(&keys).try_for_each(|&token| token_within(token, trace.tokens()))?;
        let found = find_heads(trace.pattern.view(), &queries, &keys);
        Ok(Answer { reply: Reply::Found { run, queries, keys, found }, numbers: Vec::new() })
    }

    fn kept(&self, run: u32) -> Result<&Trace> {
        self.kept_run(run).map(|kept| &kept.trace)
    }

    fn kept_run(&self, run: u32) -> Result<&Run> {
        let kept = || self.main.iter().chain(&self.other);
        kept().find(|kept| kept.id == run).ok_or_else(|| {
            let ids: Vec<String> = kept().map(|kept| kept.id.to_string()).collect();
            let got = if ids.is_empty() { "none is kept".to_owned() } else { format!("kept: {}", ids.join(", ")) };
            Error::new(Kind::Input, "the run asked about", format!("run {run}"), got, "Run the text again.")
        })
    }

    fn kept_head(&self, run: u32, head: HeadId) -> Result<&Trace> {
        let trace = self.kept(run)?;
        within(head, trace.layers(), trace.heads())?;
        Ok(trace)
    }
}

impl Loaded {
    /// The tokens as the model is to read them, and where each stood in its text; all checked before a run that
    /// is kept is given up.
    fn read(&self, text: &str, pair: Option<&str>, intervention: &Intervention) -> Result<(Tokens, Vec<usize>)> {
        intervention.check(&self.model.spec)?;
        Ok(intervention.arrange(self.tokenizer.encode(text, pair)?))
    }
}

fn no_model() -> Error {
    Error::new(Kind::Input, "the model", "one that is loaded", "none yet", "Load a model first.")
}

fn token_within(token: usize, n: usize) -> Result<()> {
    if token < n {
        return Ok(());
    }
    let expected = format!("one of {n} tokens, counted from 0");
    Err(Error::new(Kind::Input, "the token", expected, token.to_string(), "Choose a token of this run."))
}

fn within(head: HeadId, layers: usize, heads: usize) -> Result<()> {
    if head.layer < layers && head.head < heads {
        return Ok(());
    }
    let expected = format!("one of {layers} layers and {heads} heads, both counted from 0");
    Err(Error::new(Kind::Input, "the head", expected, head.to_string(), "Choose a head that this model has."))
}

/// The numbers as they lie in memory where that is row-major, as the engine's are.
fn row_major<D: Dimension>(view: ArrayView<'_, f32, D>) -> Cow<'_, [f32]> {
    match view.to_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(view.iter().copied().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Array3, Array4};

    /// A run of 1 layer, 2 heads and 2 tokens, without the model.
    fn run(id: u32) -> Option<Run> {
        let trace = Trace {
            pattern: Array4::from_shape_fn((1, 2, 2, 2), |(_, h, q, k)| (h * 4 + q * 2 + k) as f32),
            qkv: Array3::zeros((1, 2, 6)),
            z: Array3::zeros((1, 2, 2)),
            last_hidden: Array2::zeros((2, 2)),
            logits: None,
        };
        let (shown, ids, surveyed) = (Vec::new(), Vec::new(), OnceCell::new());
        Some(Run { id, shown, trace, ids, temperature: 1.0, millis: 0.0, surveyed })
    }

    fn after_two_runs() -> Session {
        Session { loaded: None, main: run(9), other: run(4) }
    }

    fn refused(answer: Result<Answer<'_>>) -> (Kind, String) {
        let error = answer.err().expect("an error");
        (error.kind, error.got)
    }

    #[test]
    fn a_run_needs_a_model() {
        let (intervention, keep) = (Intervention::default(), Slot::Main);
        let asked = RunRequest { text: "a".into(), pair: None, head: HeadId::default(), intervention, keep };
        let none = (Kind::Input, "none yet".to_owned());
        assert_eq!(refused(Session::default().run(1, &asked, || 0.0)), none);
        assert_eq!(refused(Session::default().embed("a", &asked.intervention)), none);
        assert_eq!(refused(Session::default().time(16, || 0.0)), none);
    }

    #[test]
    fn a_head_comes_from_either_run_that_is_kept() {
        assert_eq!(refused(Session::default().head(9, HeadId::default())), (Kind::Input, "none is kept".into()));
        let session = after_two_runs();
        assert_eq!(refused(session.head(8, HeadId::default())), (Kind::Input, "kept: 9, 4".into()));
        for id in [9, 4] {
            let answer = session.head(id, HeadId::new(0, 1)).unwrap();
            assert_eq!(answer.reply, Reply::Head { run: id, head: HeadId::new(0, 1), n: 2 });
            assert!(matches!(&answer.numbers[..], [Cow::Borrowed([4.0, 5.0, 6.0, 7.0])]));
        }
    }

    #[test]
    fn a_head_the_model_does_not_have_is_refused() {
        let session = after_two_runs();
        for head in [HeadId::new(1, 0), HeadId::new(0, 2), HeadId::new(usize::MAX, usize::MAX)] {
            assert_eq!(refused(session.head(9, head)), (Kind::Input, head.to_string()));
            assert_eq!(refused(session.scores(9, head)), (Kind::Input, head.to_string()));
            assert_eq!(refused(session.norms(4, head)), (Kind::Input, head.to_string()));
        }
    }

    #[test]
    fn a_model_that_does_not_hold_leaves_everything_as_it_was() {
        let mut session = after_two_runs();
        let manifest = Manifest { name: "m".into(), licence: "l".into(), files: Vec::new() };
        assert_eq!(session.load(&manifest, b"\xff", b"", Vec::new()).unwrap_err().kind, Kind::Config);
        assert!(session.load(&manifest, b"{}", b"", Vec::new()).is_err());
        assert!(session.head(9, HeadId::default()).is_ok());
        assert!(session.head(4, HeadId::default()).is_ok());
    }

    #[test]
    fn numbers_that_do_not_lie_row_major_are_put_so() {
        let array = Array2::from_shape_vec((2, 2), vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!(row_major(array.t()), vec![1.0, 3.0, 2.0, 4.0]);
    }
}
