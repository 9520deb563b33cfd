//! A model that can run.

use std::ops::Range;

use ndarray::Array2;

use super::config_json::ConfigJson;
use super::families::{Family, family};
use super::formats::WeightFile;
use super::input::Input;
use super::model_config::{Architecture, ModelConfig};
use super::pass::forward::{Pass, logits};
use super::pass::intervention::Intervention;
use super::pass::trace::Trace;
use super::steps::{Steps, at_once};
use super::weights::{Positions, Weights};
use crate::error::{Error, Kind, Result};

/// The most memory that a run may take: a quarter of a browser's 32-bit memory.
const MAX_RUN_BYTES: u64 = 1 << 30;

/// An earlier run of the same model.
#[derive(Clone, Copy)]
pub struct Earlier<'a> {
    pub input: &'a Input,
    pub intervention: &'a Intervention,
    pub trace: &'a Trace,
}

/// A model that can run. Weights that are used as they are stored keep their file in memory.
pub struct Model {
    pub config: ModelConfig,
    parameters: u64,
    pub(super) weights: Weights,
}

impl Model {
    /// Opens a model from the text of a `config.json` and the bytes of a `model.safetensors`, which are kept without a
    /// copy.
    ///
    /// Errors: as [`Self::open`].
    pub fn load(config_json: &str, weights: Vec<u8>) -> Result<Self> {
        Self::open(Some(config_json), vec![weights])
    }

    /// Opens a model from the bytes of one GGUF file, or from the safetensors files of a checkpoint and the text of its
    /// `config.json`.
    ///
    /// Errors: [`Kind::Config`] for a config that this engine does not compute, or a missing one; [`Kind::Format`] for
    /// a broken file; [`Kind::Tensor`] for a tensor that is missing or not as the config says.
    pub fn open(config_json: Option<&str>, weights: Vec<Vec<u8>>) -> Result<Self> {
        at_once(Self::of_file(config_json, &mut WeightFile::open(weights)?, &Steps::default()))
    }

    /// As [`Self::open`], in steps, from a file that is open. No tensor of it may have been read before.
    pub async fn of_file(config_json: Option<&str>, file: &mut WeightFile, steps: &Steps) -> Result<Self> {
        let json = config_json.map(ConfigJson::parse).transpose()?;
        let json = match (file.config(), json) {
            (Some(own), _) => ConfigJson::of(own?),
            (None, Some(json)) => json,
            (None, None) => {
                let advice = "Choose config.json together with the weights.";
                return Err(Error::new(Kind::Config, "config.json", "the file beside the weights", "none", advice));
            }
        };
        Self::of_family(family(&json)?, &json, file, steps).await
    }

    /// As [`Self::of_file`], for a family that is known.
    pub(super) async fn of_family(
        family: &Family,
        json: &ConfigJson,
        file: &mut WeightFile,
        steps: &Steps,
    ) -> Result<Self> {
        json.check_unquantized()?;
        let config = (family.config)(json)?;
        file.lay_out(steps).await;
        let mut weights = (family.weights)(&config, json, file)?;
        weights.unpack(steps).await;
        Ok(Self { config, parameters: file.parameters(), weights })
    }

    /// Numbers in the weight file.
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// The first `width` numbers of each of the first `count` rows of the learned position table [count, width]. None
    /// if the model has no such table, or a smaller one.
    pub fn position_vectors(&self, count: usize, width: usize) -> Option<Vec<f32>> {
        let embedding = &self.weights.stack.embedding;
        let Positions::Learned { table, offset } = &embedding.positions else { return None };
        if count > self.config.max_positions || width > table.width() {
            return None;
        }
        let mut row = vec![0.0; table.width()];
        let rows = (0..count).flat_map(|place| {
            table.row(offset + place, &mut row);
            row[..width].to_vec()
        });
        Some(rows.collect())
    }

    /// Whether it has a language-model head.
    pub fn predicts(&self) -> bool {
        self.weights.lm_head.is_some()
    }

    /// Runs one forward pass over the ids in the order in which they come, with the changes of `intervention`.
    ///
    /// Errors: those of [`Self::begin`] and [`Pass::finish`].
    pub fn run(&self, input: &Input, intervention: &Intervention) -> Result<Trace> {
        self.begin(input, intervention)?.finish()
    }

    /// Begins a forward pass, which can be computed layer by layer.
    ///
    /// Errors: [`Kind::Input`] when there are no tokens, or more than the model has positions for or memory can record;
    /// when there are not as many segments as ids; when decoder ids are given for a model without an encoder, or
    /// missing for one with an encoder; when an id is not in its table; and those of [`Intervention::check`].
    pub fn begin<'a>(&'a self, input: &'a Input, intervention: &'a Intervention) -> Result<Pass<'a>> {
        self.begin_after(input, intervention, None)
    }

    /// As [`Self::begin`]. If no token attends to later ones, the record of the leading tokens that `before` has in
    /// common with this input is taken over, so that only the new tokens of a growing text are computed.
    ///
    /// Errors: as [`Self::begin`].
    pub fn begin_after<'a>(
        &'a self,
        input: &'a Input,
        intervention: &'a Intervention,
        before: Option<Earlier<'_>>,
    ) -> Result<Pass<'a>> {
        self.check_input(input)?;
        intervention.check(&self.config)?;
        let mut pass = Pass::new(&self.config, &self.weights, input, intervention);
        if let Some(before) = before.filter(|before| before.intervention == intervention) {
            let of = |at: usize, input: &Input| Some((*input.ids.get(at)?, *input.segments.get(at)?));
            let same = |&at: &usize| of(at, before.input) == of(at, input);
            pass.reuse_prefix(before.trace, (0..input.ids.len()).take_while(same).count());
        }
        Ok(pass)
    }

    /// The logits [outputs, vocabulary] for some of a run's outputs, counted from the first one. None if the model has
    /// no language-model head. They are computed on request, because with a large vocabulary they are larger than all
    /// the rest of a run.
    ///
    /// Panics for outputs that the run does not have.
    pub fn logits(&self, trace: &Trace, outputs: Range<usize>) -> Option<Array2<f32>> {
        let head = self.weights.lm_head.as_ref()?;
        let hidden = trace.last_hidden.as_slice().expect("recorded row by row");
        Some(logits(
            &hidden[outputs.start * self.config.d_model..outputs.end * self.config.d_model],
            head,
            &self.config,
        ))
    }

    /// The longest input of one stack, in tokens: limited by the model's positions and by the memory for the record.
    pub fn longest(&self) -> usize {
        let stacks = if matches!(self.config.architecture, Architecture::EncoderDecoder { .. }) { 2 } else { 1 };
        let fits = |n: usize| self.run_bytes((stacks * n) as u64) <= MAX_RUN_BYTES;
        let (mut most, mut beyond) = (1, self.config.max_positions + 1);
        while beyond - most > 1 {
            let middle = (most + beyond) / 2;
            if fits(middle) { most = middle } else { beyond = middle }
        }
        most
    }

    fn check_input(&self, input: &Input) -> Result<()> {
        let config = &self.config;
        let fault = |what: &str, expected, got, advice| Err(Error::new(Kind::Input, what, expected, got, advice));
        let n = input.ids.len();
        let both = matches!(config.architecture, Architecture::EncoderDecoder { .. });
        if !both && input.decoder > 0 || input.decoder > n {
            let advice = "Leave decoder_input_ids out: this model has one stack of layers.";
            return fault("the decoder's ids", "none".to_owned(), format!("{}", input.decoder), advice);
        }
        let decoder = both.then_some(("the decoder's input", input.decoder));
        for (what, n) in [("the input", input.encoder_len())].into_iter().chain(decoder) {
            if n == 0 || n > config.max_positions {
                let advice = "Give the model a text, and one short enough for it.";
                return fault(what, format!("1 to {} tokens", config.max_positions), format!("{n}"), advice);
            }
        }
        if input.segments.len() != n {
            let advice = "Give one segment id for each token.";
            return fault("the segments", format!("{n} segment ids"), format!("{}", input.segments.len()), advice);
        }
        for (what, numbers, rows) in
            [("token", &input.ids, config.vocabulary), ("segment", &input.segments, config.type_vocab_size)]
        {
            if let Some((at, &bad)) = numbers.iter().enumerate().find(|&(_, &id)| id as usize >= rows) {
                let advice = "The tokenizer is of another model than the weights.";
                return fault(&format!("{what} id {at}"), format!("a number below {rows}"), format!("{bad}"), advice);
            }
        }
        let bytes = self.run_bytes(n as u64);
        if bytes > MAX_RUN_BYTES {
            let most = format!("a run in at most {} MiB", MAX_RUN_BYTES >> 20);
            let advice = "Take a shorter text: the record grows with the square of its length.";
            return fault("the input", most, format!("{} MiB for {n} tokens", bytes >> 20), advice);
        }
        Ok(())
    }

    /// The bytes of a [`Trace`] over n tokens and of the buffers that are used to compute it.
    fn run_bytes(&self, n: u64) -> u64 {
        let config = &self.config;
        let sizes =
            [config.layers, config.heads, config.qkv() + config.all_heads(), 3 * config.d_model + 2 * config.d_mlp];
        let [layers, heads, recorded, scratch] = sizes.map(|size| size as u64);
        4 * n * (layers * heads * n + layers * recorded + scratch)
    }
}

/// Shows the sizes only, not the weights.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("config", &self.config).finish_non_exhaustive()
    }
}
