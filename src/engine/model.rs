//! A model that can run.

use super::config::Config;
use super::families::family;
use super::formats::safetensors::WeightFile;
use super::forward::forward;
use super::hooks::Intervention;
use super::spec::Spec;
use super::trace::Trace;
use super::weights::Weights;
use crate::error::{Error, Kind, Result};

/// A run may take this much: a quarter of all of a browser's 32-bit memory.
const MOST_RUN_BYTES: u64 = 1 << 30;

/// Weights laid out for the forward pass, and the file they came from: embedding rows are read there.
pub struct Model {
    pub spec: Spec,
    file: WeightFile,
    pub(super) weights: Weights,
}

impl Model {
    /// From the text of a `config.json` and the bytes of a `model.safetensors`, which are kept, not copied.
    ///
    /// Errors: [`Kind::Config`] for a config this engine does not compute, [`Kind::Format`] for a broken
    /// file, [`Kind::Tensor`] for a tensor that is missing or not as the config says.
    pub fn load(config_json: &str, weights: Vec<u8>) -> Result<Self> {
        let config = Config::parse(config_json)?;
        let family = family(&config)?;
        let spec = (family.spec)(&config)?;
        let file = WeightFile::open(weights)?;
        let weights = (family.weights)(&spec, &file)?;
        Ok(Self { spec, file, weights })
    }

    /// Numbers in the weight file.
    pub fn parameters(&self) -> u64 {
        self.file.parameters()
    }

    /// It has a language-model head.
    pub fn predicts(&self) -> bool {
        self.weights.word_head.is_some()
    }

    /// One forward pass over `ids` and `segments` `[n]`, in the order in which they come, with the changes of
    /// `intervention`.
    ///
    /// Errors: [`Kind::Input`] when there are no tokens, more than the model has positions for or than
    /// memory can record, not as many segments as ids, or a number that is not in its table,
    /// and those of [`Intervention::check`]; [`Kind::Tensor`] when the weights are such that the result is not finite.
    pub fn run(&self, ids: &[u32], segments: &[u32], intervention: &Intervention) -> Result<Trace> {
        self.check_input(ids, segments)?;
        intervention.check(&self.spec)?;
        let trace = forward(&self.spec, &self.weights, &self.file, (ids, segments), intervention);
        if trace.last_hidden.iter().all(|x| x.is_finite()) {
            return Ok(trace);
        }
        let advice = "The weights hold NaN or infinite numbers; take the checkpoint from its source again.";
        Err(Error::new(Kind::Tensor, "the hidden states", "finite numbers", "NaN or infinite ones", advice))
    }

    fn check_input(&self, ids: &[u32], segments: &[u32]) -> Result<()> {
        let spec = &self.spec;
        let n = ids.len();
        let fault = |what: &str, expected, got, advice| Err(Error::new(Kind::Input, what, expected, got, advice));
        if n == 0 || n > spec.positions {
            let advice = "Give the model a text, and one short enough for it.";
            return fault("the input", format!("1 to {} tokens", spec.positions), format!("{n}"), advice);
        }
        if segments.len() != n {
            let advice = "Give one segment id for each token.";
            return fault("the segments", format!("{n} segment ids"), format!("{}", segments.len()), advice);
        }
        for (what, numbers, rows) in [("token", ids, spec.vocabulary), ("segment", segments, spec.segments)] {
            if let Some((at, &bad)) = numbers.iter().enumerate().find(|&(_, &id)| id as usize >= rows) {
                let advice = "The tokenizer is of another model than the weights.";
                return fault(&format!("{what} id {at}"), format!("a number below {rows}"), format!("{bad}"), advice);
            }
        }
        let bytes = self.run_bytes(n as u64);
        if bytes > MOST_RUN_BYTES {
            let most = format!("a run in at most {} MiB", MOST_RUN_BYTES >> 20);
            let advice = "Take a shorter text: the record grows with the square of its length.";
            return fault("the input", most, format!("{} MiB for {n} tokens", bytes >> 20), advice);
        }
        Ok(())
    }

    /// Bytes of a [`Trace`] over n tokens and of the buffers it is computed in.
    fn run_bytes(&self, n: u64) -> u64 {
        let Spec { layers, heads, width, inner, vocabulary, .. } = self.spec;
        let [layers, heads, width, inner] = [layers, heads, width, inner].map(|size| size as u64);
        let logits = if self.weights.word_head.is_some() { vocabulary as u64 } else { 0 };
        4 * n * (layers * heads * n + layers * 4 * width + 2 * width + inner + logits)
    }
}

/// The sizes alone: nobody wants to read the numbers.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("spec", &self.spec).finish_non_exhaustive()
    }
}
