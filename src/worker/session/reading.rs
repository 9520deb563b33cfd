//! A run in progress.

use std::borrow::Cow;
use std::rc::Rc;

use super::super::protocol::{Reply, RunRequest, SEND_ALL_UP_TO};
use super::{Answer, Loaded, Run, within};
use crate::analysis::Thumbnails;
use crate::engine::{Earlier, HeadId, Input, Intervention, ModelConfig, Opened, Pass, Shown, Tokens, read_text};
use crate::error::Result;

/// A run in progress. It is checked before the run that it replaces is removed.
pub struct Reading {
    pub(super) loaded: Rc<Loaded>,
    pub(super) id: u32,
    pub(super) asked: RunRequest,
    pub(super) tokens: Tokens,
    /// The index of each token before words were shuffled.
    pub(super) places: Vec<usize>,
    pub(super) input: Input,
    pub(super) shown: Vec<Shown>,
    /// The run that this one replaces.
    pub(super) before: Option<Run>,
}

impl Reading {
    pub(super) fn new(loaded: Rc<Loaded>, id: u32, asked: RunRequest) -> Result<Self> {
        let model = &loaded.opened.model;
        within(asked.head, model.config.layers, model.config.heads)?;
        let (tokens, places, input) = read(&loaded.opened, &asked.text, asked.pair.as_deref(), &asked.intervention)?;
        let shown = tokens.shown(&asked.text, asked.pair.as_deref());
        Ok(Self { loaded, id, asked, tokens, places, input, shown, before: None })
    }

    /// Begins the forward pass, which is computed layer by layer.
    ///
    /// Errors: those of [`crate::engine::Model::begin`].
    pub fn begin(&self) -> Result<Pass<'_>> {
        let before = self.before.as_ref();
        let earlier = before.map(|run| Earlier { input: &run.input, intervention: &run.altered, trace: &run.trace });
        self.loaded.opened.model.begin_after(&self.input, &self.asked.intervention, earlier)
    }

    /// The reply about the layers that are computed after `millis` milliseconds.
    pub fn so_far(&self, pass: &Pass<'_>, millis: f64) -> Answer<'static> {
        let pattern = pass.pattern();
        let (n, &ModelConfig { layers, heads, .. }) = (pattern.dim().2, &self.loaded.opened.model.config);
        let computed: Vec<usize> = pass.computed().collect();
        let all = n <= SEND_ALL_UP_TO;
        let (mut sent, mut cells) = (Vec::new(), Vec::new());
        let mut thumbs = Thumbnails::new(layers * heads, n);
        for id in HeadId::all(layers, heads) {
            if !computed.contains(&id.layer) {
                thumbs.skip();
                continue;
            }
            let map = pattern.slice(ndarray::s![id.layer, id.head, .., ..]);
            thumbs.add(map);
            if all || id == self.asked.head {
                sent.push(id);
                cells.extend(map);
            }
        }
        let (tokens, places) = (self.tokens.clone(), self.places.clone());
        let (computed, side) = (computed.len(), thumbs.side);
        let reply = Reply::Ran { tokens, places, layers, computed, heads, sent, side, millis };
        Answer { reply, numbers: vec![Cow::Owned(cells), Cow::Owned(thumbs.cells)] }
    }
}

/// The tokens in the order of the model's input, the index of each before words were shuffled, and the input.
///
/// Errors: those of [`Intervention::check`] and [`read_text`].
pub(super) fn read(
    Opened { model, tokenizer, .. }: &Opened,
    text: &str,
    pair: Option<&str>,
    intervention: &Intervention,
) -> Result<(Tokens, Vec<usize>, Input)> {
    intervention.check(&model.config)?;
    let (tokens, decoder) = read_text(tokenizer, model.config.architecture, text, pair)?;
    let (tokens, places) = intervention.arrange(tokens);
    let input = Input::of(&tokens, decoder);
    Ok((tokens, places, input))
}
