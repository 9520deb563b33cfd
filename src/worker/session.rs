//! What the worker holds between messages: the model and the newest run. Knows no browser.

use std::borrow::Cow;

use ndarray::{ArrayView, Dimension};

use super::manifest::Manifest;
use super::protocol::{ModelCard, Reply, SEND_ALL_UP_TO};
use crate::analysis::thumbnails;
use crate::engine::{HeadId, Model, TextTokenizer, Trace};
use crate::error::{Error, Kind, Result};

#[derive(Default)]
pub struct Session {
    loaded: Option<Loaded>,
    newest: Option<Run>,
}

struct Loaded {
    model: Model,
    tokenizer: TextTokenizer,
}

struct Run {
    /// Of the request that asked for it.
    id: u32,
    trace: Trace,
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
        self.newest = None;
        self.loaded = Some(Loaded { model, tokenizer });
        Ok(card)
    }

    /// One forward pass; `clock` tells milliseconds. Request `id` names the run from now on, and the run
    /// before is gone once the text has been read.
    ///
    /// Errors: `Kind::Input` without a model or for a head it does not have, and those of
    /// [`TextTokenizer::encode`] and [`Model::run`].
    pub fn run(
        &mut self,
        id: u32,
        text: &str,
        pair: Option<&str>,
        head: HeadId,
        clock: impl Fn() -> f64,
    ) -> Result<Answer<'_>> {
        let Some(Loaded { model, tokenizer }) = &self.loaded else {
            return Err(Error::new(Kind::Input, "the model", "one that is loaded", "none yet", "Load a model first."));
        };
        within(head, model.spec.layers, model.spec.heads)?;
        let tokens = tokenizer.encode(text, pair)?;

        // Two traces at once would be the most memory this worker ever needs.
        self.newest = None;
        let began = clock();
        let trace = model.run(&tokens.ids(), &tokens.segments())?;
        let millis = clock() - began;

        let trace = &self.newest.insert(Run { id, trace }).trace;
        let (layers, heads) = (trace.layers(), trace.heads());
        let (sent, patterns) = if trace.tokens() <= SEND_ALL_UP_TO {
            let all = (0..layers).flat_map(|layer| (0..heads).map(move |head| HeadId::new(layer, head)));
            (all.collect(), row_major(trace.pattern.view()))
        } else {
            (vec![head], row_major(trace.head(head)))
        };
        let (thumbs, side) = thumbnails(trace.pattern.view());
        let reply = Reply::Ran { tokens, layers, heads, sent, side, millis };
        Ok(Answer { reply, numbers: vec![patterns, Cow::Owned(thumbs)] })
    }

    /// One head's pattern of the run with the id `run`.
    ///
    /// Errors: `Kind::Input` if that is not the newest run, or for a head it does not have.
    pub fn head(&self, run: u32, head: HeadId) -> Result<Answer<'_>> {
        let Some(newest) = self.newest.as_ref().filter(|newest| newest.id == run) else {
            let got =
                self.newest.as_ref().map_or("none is kept".to_owned(), |newest| format!("the newest is {}", newest.id));
            return Err(Error::new(Kind::Input, "the run of a head", format!("run {run}"), got, "Run the text again."));
        };
        let trace = &newest.trace;
        within(head, trace.layers(), trace.heads())?;
        let reply = Reply::Head { run, head, n: trace.tokens() };
        Ok(Answer { reply, numbers: vec![row_major(trace.head(head))] })
    }
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

    /// A run with the id 9 of 1 layer, 2 heads and 2 tokens.
    fn after_a_run() -> Session {
        let trace = Trace {
            pattern: Array4::from_shape_fn((1, 2, 2, 2), |(_, h, q, k)| (h * 4 + q * 2 + k) as f32),
            qkv: Array3::zeros((1, 2, 6)),
            z: Array3::zeros((1, 2, 2)),
            last_hidden: Array2::zeros((2, 2)),
            logits: None,
        };
        Session { loaded: None, newest: Some(Run { id: 9, trace }) }
    }

    fn refused(answer: Result<Answer<'_>>) -> (Kind, String) {
        let error = answer.err().expect("an error");
        (error.kind, error.got)
    }

    #[test]
    fn a_run_needs_a_model() {
        let mut session = Session::default();
        let answer = session.run(1, "a", None, HeadId::default(), || 0.0);
        assert_eq!(refused(answer), (Kind::Input, "none yet".into()));
    }

    #[test]
    fn a_head_comes_from_the_newest_run_alone() {
        assert_eq!(refused(Session::default().head(9, HeadId::default())), (Kind::Input, "none is kept".into()));
        let session = after_a_run();
        assert_eq!(refused(session.head(8, HeadId::default())), (Kind::Input, "the newest is 9".into()));
        let answer = session.head(9, HeadId::new(0, 1)).unwrap();
        assert_eq!(answer.reply, Reply::Head { run: 9, head: HeadId::new(0, 1), n: 2 });
        assert!(matches!(&answer.numbers[..], [Cow::Borrowed([4.0, 5.0, 6.0, 7.0])]));
    }

    #[test]
    fn a_head_the_model_does_not_have_is_refused() {
        let session = after_a_run();
        for head in [HeadId::new(1, 0), HeadId::new(0, 2), HeadId::new(usize::MAX, usize::MAX)] {
            assert_eq!(refused(session.head(9, head)), (Kind::Input, head.to_string()));
        }
    }

    #[test]
    fn a_model_that_does_not_hold_leaves_everything_as_it_was() {
        let mut session = after_a_run();
        let manifest = Manifest { name: "m".into(), licence: "l".into(), files: Vec::new() };
        assert_eq!(session.load(&manifest, b"\xff", b"", Vec::new()).unwrap_err().kind, Kind::Config);
        assert!(session.load(&manifest, b"{}", b"", Vec::new()).is_err());
        assert!(session.head(9, HeadId::default()).is_ok());
    }

    #[test]
    fn numbers_that_do_not_lie_row_major_are_put_so() {
        let array = Array2::from_shape_vec((2, 2), vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!(row_major(array.t()), vec![1.0, 3.0, 2.0, 4.0]);
    }
}
