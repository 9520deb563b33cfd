//! A model's numbers, laid out for the forward pass; which tensor is which is the family's business.

use std::sync::Arc;

use super::config_json::ConfigJson;
use super::formats::{Table, WeightFile};
use super::model_config::ModelConfig;
use super::pass::attention::AttentionConfig;
use super::steps::{STEP_BYTES, Steps};
use crate::error::{Error, Kind, Result};
use crate::math::{Activation, DType, PackedB, StoredB, TensorData, WeightMatrix, layer_norm, rms_norm};

/// All weights of one model: one stack of layers, or an encoder's and a decoder's.
pub struct Weights {
    /// Of a model with one stack, whatever its mask; of an encoder-decoder, the encoder.
    pub stack: Stack,
    /// Reads from the stack above.
    pub decoder: Option<Stack>,
    pub lm_head: Option<LmHead>,
}

impl Embedding {
    /// Rows as they are.
    pub fn plain(tokens: Table) -> Self {
        Self { tokens, scale: 1.0, positions: Positions::None, segments: None, norm: None, project: None }
    }
}

impl Weights {
    /// The attention of a block, in the order of [`super::model_config::Architecture`]. Panics for one that the model
    /// does not have.
    pub fn block(&self, block: usize) -> &Attention {
        let encoder = &self.stack.layers;
        let decoder = self.decoder.as_ref().map_or(&[][..], |decoder| &decoder.layers);
        match block.checked_sub(encoder.len()) {
            None => &encoder[block].attention,
            Some(layer) if layer < decoder.len() => &decoder[layer].attention,
            Some(cross) => decoder[cross - decoder.len()].cross.as_ref().expect("a decoder reads from its encoder"),
        }
    }
}

impl Weights {
    /// Makes the panels of all matrices that a family's file has named.
    pub async fn unpack(&mut self, steps: &Steps) {
        for stack in std::iter::once(&mut self.stack).chain(&mut self.decoder) {
            stack.unpack(steps).await;
        }
        if let Some(head) = &mut self.lm_head {
            let transform = head.transform.as_mut().map(|transform| &mut transform.linear);
            for linear in transform.into_iter().chain([&mut head.decoder]) {
                linear.unpack(steps).await;
            }
        }
    }
}

/// Layers over an embedding.
pub struct Stack {
    pub embedding: Embedding,
    /// The same one several times where layers share their weights (ALBERT).
    pub layers: Vec<Arc<Layer>>,
    pub last_norm: Option<Norm>,
}

impl Stack {
    async fn unpack(&mut self, steps: &Steps) {
        if let Some(project) = &mut self.embedding.project {
            project.unpack(steps).await;
        }
        // A layer that stands at several places is unpacked once.
        let mut layers: Vec<Arc<Layer>> = Vec::new();
        let mut order = Vec::new();
        for layer in std::mem::take(&mut self.layers) {
            let known = layers.iter().position(|known| Arc::ptr_eq(known, &layer));
            order.push(known.unwrap_or(layers.len()));
            layers.extend(known.is_none().then_some(layer));
        }
        for layer in &mut layers {
            for linear in Arc::get_mut(layer).expect("each is in the list once").linears() {
                linear.unpack(steps).await;
            }
        }
        self.layers = order.into_iter().map(|at| layers[at].clone()).collect();
    }
}

impl Layer {
    fn linears(&mut self) -> impl Iterator<Item = &mut Linear> {
        let FeedForward { gate, up, down, .. } = &mut self.feed_forward;
        let blocks = std::iter::once(&mut self.attention).chain(&mut self.cross);
        let attention = blocks.flat_map(|block| block.qkv.iter_mut().chain([&mut block.output]));
        attention.chain(gate).chain([up, down])
    }
}

/// From token ids to vectors.
pub struct Embedding {
    /// Rows for token ids [vocabulary, embedding width], looked up in the file's bytes.
    pub tokens: Table,
    /// A token's row is multiplied by it.
    pub scale: f32,
    pub positions: Positions,
    /// Rows for segment ids [segments, embedding width].
    pub segments: Option<Table>,
    /// On the sum of them.
    pub norm: Option<Norm>,
    /// Embedding width -> width, where they differ.
    pub project: Option<Linear>,
}

/// What the embedding says of a token's place.
pub enum Positions {
    /// Nothing.
    None,
    /// Rows [offset + positions, embedding width]; the first `offset` are not for positions.
    Learned { table: Table, offset: usize },
    /// Sines of rising wavelengths, then as many cosines (Vaswani et al. 2017, section 3.5).
    Sinusoids,
}

/// One layer: attention, in a decoder also attention to the encoder, and the feed-forward part.
pub struct Layer {
    pub attention: Attention,
    pub cross: Option<Attention>,
    pub feed_forward: FeedForward,
    /// Attention and feed-forward read the same input, and both are added to it (GPT-J, GPT-NeoX).
    pub parallel: bool,
}

/// One block of attention.
pub struct Attention {
    pub config: AttentionConfig,
    /// Queries, keys and values, one product for all or one for each: width -> `ModelConfig::qkv`.
    pub qkv: Vec<Linear>,
    /// On queries and keys, each head's numbers or all of them at once, as the norms are wide.
    pub qk_norms: Option<[Norm; 2]>,
    /// All heads' outputs mixed: heads * d_head -> width.
    pub output: Linear,
    pub norms: Norms,
}

pub struct FeedForward {
    pub activation: Activation,
    /// width -> inner; what it lets through is multiplied by `up` (Shazeer 2020).
    pub gate: Option<Linear>,
    /// width -> inner, activated where there is no gate.
    pub up: Linear,
    /// inner -> width.
    pub down: Linear,
    pub norms: Norms,
}

/// Where a part of a layer is normalised: `sum(x + after(part(before(x))))`. Post-norm layers have `sum` alone
/// (Vaswani et al. 2017), pre-norm layers `before` (Xiong et al. 2020, <https://arxiv.org/abs/2002.04745>).
#[derive(Default)]
pub struct Norms {
    pub before: Option<Norm>,
    pub after: Option<Norm>,
    pub sum: Option<Norm>,
}

/// From hidden states to a score for every entry of the vocabulary.
pub struct LmHead {
    /// width -> embedding width, activated and normalised.
    pub transform: Option<HeadTransform>,
    /// Hidden states are multiplied by it (T5).
    pub scale: f32,
    /// embedding width -> vocabulary.
    pub decoder: Linear,
    /// Scores s become `cap tanh(s / cap)`.
    pub soft_cap: Option<f32>,
}

/// The layer of a masked language model's head before its decoder: `norm(activation(x W^T + b))`.
pub struct HeadTransform {
    /// d_model -> embedding width.
    pub linear: Linear,
    pub activation: Activation,
    pub norm: Norm,
}

/// `x W^T + b`.
pub struct Linear {
    /// Empty until [`Weights::unpack`] where `packed` says what it is made of.
    pub weights: WeightMatrix,
    packed: Option<Packed>,
    /// One number for each output.
    pub bias: Option<Vec<f32>>,
}

/// Numbers in a file that are unpacked to panels when a model is opened.
enum Packed {
    /// Parts [outputs, inputs], one below the other.
    Rows { parts: Vec<TensorData>, inputs: usize },
    /// [inputs, outputs]
    Columns { weights: TensorData, inputs: usize, outputs: usize },
}

/// LayerNorm or RMSNorm with its vectors, `[width]` each.
#[derive(Clone)]
pub struct Norm {
    pub gain: Vec<f32>,
    pub kind: NormKind,
    /// Added to the variance or the mean square.
    pub epsilon: f32,
}

#[derive(Clone)]
pub enum NormKind {
    Layer { bias: Vec<f32> },
    Rms,
}

impl LmHead {
    /// A decoder's head: `{name}.weight` where the file has it, or the token table `words` where the config ties them;
    /// none in a model that was saved without.
    pub fn tied(
        config: &ModelConfig,
        json: &ConfigJson,
        file: &WeightFile,
        name: &str,
        words: &str,
    ) -> Result<Option<Self>> {
        let own = format!("{name}.weight");
        let weights = match (file.has(&own), json.is_on_or("tie_word_embeddings", true)?) {
            (true, _) => own.as_str(),
            (false, true) => words,
            (false, false) => return Ok(None),
        };
        let weights = file.tensor(weights, &[config.vocabulary, config.d_model])?;
        let bias = format!("{name}.bias");
        let bias = if file.has(&bias) { Some(file.numbers(&bias, &[config.vocabulary])?) } else { None };
        let decoder = Linear::of(file, vec![weights], config.d_model, bias)?;
        Ok(Some(Self { transform: None, scale: 1.0, decoder, soft_cap: json.positive("final_logit_softcapping")? }))
    }
}

impl Linear {
    /// From `{name}.weight` [outputs, inputs] and, where there is a bias, `{name}.bias` `[outputs]`.
    pub fn load(file: &WeightFile, name: &str, inputs: usize, outputs: usize, has_bias: bool) -> Result<Self> {
        Self::joined(file, &[(name.to_owned(), outputs)], inputs, has_bias)
    }

    /// One product from the tensors of several names, their outputs side by side.
    pub fn joined(file: &WeightFile, parts: &[(String, usize)], inputs: usize, has_bias: bool) -> Result<Self> {
        let mut weights = Vec::new();
        let mut bias = Vec::new();
        for (name, outputs) in parts {
            weights.push(file.tensor(&format!("{name}.weight"), &[*outputs, inputs])?);
            if has_bias {
                bias.extend(file.numbers(&format!("{name}.bias"), &[*outputs])?);
            }
        }
        Self::of(file, weights, inputs, has_bias.then_some(bias))
    }

    /// From weights of a file [outputs, inputs], the parts below each other.
    ///
    /// Errors ([`crate::Kind::Tensor`]): a row that is not whole blocks.
    pub fn of(file: &WeightFile, weights: Vec<TensorData>, inputs: usize, bias: Option<Vec<f32>>) -> Result<Self> {
        if let Some(part) = weights.iter().find(|part| !inputs.is_multiple_of(part.dtype().block().0)) {
            let expected = format!("rows of whole blocks of {}", part.dtype().block().0);
            let advice = "Convert the checkpoint again with llama.cpp's convert_hf_to_gguf.py.";
            return Err(Error::new(Kind::Tensor, "a matrix", expected, format!("rows of {inputs}"), advice));
        }
        if weights.iter().all(|part| part.as_row_major().is_some() && file.unpacks(part.dtype())) {
            return Ok(Self::packed(Packed::Rows { parts: weights, inputs }, bias));
        }
        Ok(Self { weights: WeightMatrix::Stored(StoredB::new(weights, inputs)), packed: None, bias })
    }

    fn packed(packed: Packed, bias: Option<Vec<f32>>) -> Self {
        Self { weights: WeightMatrix::Packed(PackedB::default()), packed: Some(packed), bias }
    }

    async fn unpack(&mut self, steps: &Steps) {
        if let Some(packed) = self.packed.take() {
            self.weights = WeightMatrix::of(packed.panels(steps).await);
        }
    }

    /// From `{name}.weight` [inputs, outputs], as GPT-2's `Conv1D` keeps it, and `{name}.bias`.
    pub fn transposed(file: &WeightFile, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        let weights = file.tensor(&format!("{name}.weight"), &[inputs, outputs])?;
        let bias = file.numbers(&format!("{name}.bias"), &[outputs])?;
        Ok(Self::packed(Packed::Columns { weights, inputs, outputs }, Some(bias)))
    }

    /// The product of all heads' queries, keys and values from a tensor [heads, 3, d_head, d_model], in which each head
    /// has them together. Here all heads' queries come first, then the keys, then the values. Some files have that
    /// order already, and say `qkv_by_kind`.
    pub fn interleaved_qkv(
        config: &ModelConfig,
        json: &ConfigJson,
        file: &WeightFile,
        name: &str,
        has_bias: bool,
    ) -> Result<Self> {
        let &ModelConfig { d_model, heads, d_head, .. } = config;
        let rows = heads * 3 * d_head;
        if json.is_on("qkv_by_kind")? {
            return Self::load(file, name, d_model, rows, has_bias);
        }
        let weights = file.tensor(&format!("{name}.weight"), &[rows, d_model])?;
        if weights.dtype().block().0 > d_model {
            return Self::of(file, vec![weights], d_model, None); // which is an error that names the reason
        }
        let order = (0..3).flat_map(|part| (0..heads).map(move |head| (head * 3 + part) * d_head));
        let parts = order.clone().map(|row| weights.part(row * d_model, d_head * d_model)).collect();
        let bias = if has_bias {
            let bias = file.numbers(&format!("{name}.bias"), &[rows])?;
            Some(order.flat_map(|row| bias[row..row + d_head].to_vec()).collect())
        } else {
            None
        };
        Self::of(file, parts, d_model, bias)
    }
}

impl Packed {
    /// Some rows in each step.
    async fn panels(self, steps: &Steps) -> PackedB {
        match self {
            Self::Rows { parts, inputs } => {
                let mut panels = PackedB::zeros(inputs, parts.iter().map(|part| part.len() / inputs).sum());
                let mut column = 0;
                for part in parts {
                    let floats = part.as_row_major().expect("the numbers of a part that is unpacked");
                    let rows = rows_of_step(part.dtype(), inputs);
                    for first in (0..floats.len()).step_by(rows * inputs) {
                        let some = floats.part(first, (rows * inputs).min(floats.len() - first));
                        panels.set_columns(column, some);
                        column += some.len() / inputs;
                        steps.worked(some.bytes.len()).await;
                    }
                }
                panels
            }
            Self::Columns { weights, inputs, outputs } => {
                let mut panels = PackedB::zeros(inputs, outputs);
                let rows = rows_of_step(weights.dtype(), outputs);
                let mut numbers = vec![0.0; rows.min(inputs) * outputs];
                for first in (0..inputs).step_by(rows) {
                    numbers.truncate((inputs - first) * outputs);
                    weights.to_f32_into(first * outputs, &mut numbers);
                    panels.set_rows(first, &numbers, outputs);
                    steps.worked(weights.dtype().bytes_of(numbers.len())).await;
                }
                panels
            }
        }
    }
}

fn rows_of_step(dtype: DType, width: usize) -> usize {
    (STEP_BYTES / dtype.bytes_of(width).max(1)).max(1)
}

impl Norm {
    /// LayerNorm from `{name}.weight` and `{name}.bias` `[width]`; TensorFlow's names for them are `gamma` and `beta`.
    pub fn layer(file: &WeightFile, name: &str, width: usize, epsilon: f32) -> Result<Self> {
        let old = file.has(&format!("{name}.gamma"));
        let (gain, bias) = if old { ("gamma", "beta") } else { ("weight", "bias") };
        let bias = file.numbers(&format!("{name}.{bias}"), &[width])?;
        let gain = file.numbers(&format!("{name}.{gain}"), &[width])?;
        Ok(Self { gain, kind: NormKind::Layer { bias }, epsilon })
    }

    /// LayerNorm from `{name}.weight` alone.
    pub fn layer_without_bias(file: &WeightFile, name: &str, width: usize, epsilon: f32) -> Result<Self> {
        let gain = file.numbers(&format!("{name}.weight"), &[width])?;
        Ok(Self { gain, kind: NormKind::Layer { bias: vec![0.0; width] }, epsilon })
    }

    /// RMSNorm from `{name}.weight`, to which `more` is added: Gemma's files hold what is more than 1.
    pub fn rms(file: &WeightFile, name: &str, width: usize, epsilon: f32, more: f32) -> Result<Self> {
        let mut gain = file.numbers(&format!("{name}.weight"), &[width])?;
        gain.iter_mut().for_each(|gain| *gain += more);
        Ok(Self { gain, kind: NormKind::Rms, epsilon })
    }

    /// Rows of as many numbers as the norm is wide, in place.
    pub fn apply(&self, x: &mut [f32]) {
        match &self.kind {
            NormKind::Layer { bias } => layer_norm(x, &self.gain, bias, self.epsilon),
            NormKind::Rms => rms_norm(x, &self.gain, self.epsilon),
        }
    }
}

impl Norms {
    pub fn before(norm: Norm) -> Self {
        Self { before: Some(norm), ..Self::default() }
    }

    pub fn sum(norm: Norm) -> Self {
        Self { sum: Some(norm), ..Self::default() }
    }
}
