//! A model's weights, laid out for the forward pass. Which tensor of a file becomes which part is described in the
//! family's file.

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
    /// The only stack of a model, whatever its mask; in an encoder-decoder model, the encoder.
    pub stack: Stack,
    /// The decoder of an encoder-decoder model, whose cross-attention reads the stack above.
    pub decoder: Option<Stack>,
    pub lm_head: Option<LmHead>,
}

impl Embedding {
    /// Token rows as they are: no scale, no positions, no norm.
    pub fn plain(tokens: Table) -> Self {
        Self { tokens, scale: 1.0, positions: Positions::None, segments: None, norm: None, project: None }
    }

    /// Token rows with a row of `positions` added, where row `offset` is the first position's.
    pub fn learned(tokens: Table, positions: Table, offset: usize) -> Self {
        Self { positions: Positions::Learned { table: positions, offset }, ..Self::plain(tokens) }
    }
}

impl Weights {
    /// The attention of a block, in the order of [`crate::engine::Architecture`].
    ///
    /// Panics for a block that the model does not have.
    pub fn block(&self, block: usize) -> &Attention {
        let encoder = &self.stack.layers;
        let decoder = self.decoder.as_ref().map_or(&[][..], |decoder| &decoder.layers);
        match block.checked_sub(encoder.len()) {
            None => &encoder[block].attention,
            Some(layer) if layer < decoder.len() => &decoder[layer].attention,
            Some(cross) => decoder[cross - decoder.len()].cross.as_ref().expect("a decoder reads from its encoder"),
        }
    }

    /// Packs all matrices that are not used as they are stored. Loading a family only names them.
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

/// An embedding and the layers above it.
pub struct Stack {
    pub embedding: Embedding,
    /// Layers that share their weights are the same one several times (ALBERT).
    pub layers: Vec<Arc<Layer>>,
    pub last_norm: Option<Norm>,
}

impl Stack {
    async fn unpack(&mut self, steps: &Steps) {
        if let Some(project) = &mut self.embedding.project {
            project.unpack(steps).await;
        }
        // A layer that is in the list several times is packed once.
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
    /// Rows for token ids [vocabulary, embedding width], read from the file's bytes.
    pub tokens: Table,
    /// Factor of a token's row.
    pub scale: f32,
    pub positions: Positions,
    /// Rows for token types (segments) [type_vocab_size, embedding width].
    pub segments: Option<Table>,
    /// Applied to the sum of the rows.
    pub norm: Option<Norm>,
    /// embedding width -> d_model, if they differ.
    pub project: Option<Linear>,
}

/// What the embedding adds for a token's position.
pub enum Positions {
    /// Nothing.
    None,
    /// Rows [offset + max_positions, embedding width]. The first `offset` rows are not used for positions.
    Learned { table: Table, offset: usize },
    /// Sines of rising wavelengths, followed by as many cosines (Vaswani et al. 2017, section 3.5).
    Sinusoids,
}

/// One layer: self-attention, in a decoder with an encoder also cross-attention, and the MLP.
pub struct Layer {
    pub attention: Attention,
    pub cross: Option<Attention>,
    pub feed_forward: FeedForward,
    /// Whether attention and MLP both read the layer's input, and both results are added to it (GPT-J, GPT-NeoX).
    pub parallel: bool,
}

/// One block of attention.
pub struct Attention {
    pub config: AttentionConfig,
    /// The projections W_Q, W_K and W_V with their biases: d_model -> `ModelConfig::qkv`, as one matrix or as one for
    /// each.
    pub qkv: Vec<Linear>,
    /// Norms on queries and keys, over each head's numbers or over all heads' at once, depending on the norms' width.
    pub qk_norms: Option<[Norm; 2]>,
    /// The output projection W_O with its bias: heads * d_head -> d_model.
    pub output: Linear,
    pub norms: Norms,
}

/// The MLP of a layer.
pub struct FeedForward {
    pub activation: Activation,
    /// d_model -> d_mlp. Its activated output is multiplied with that of `up` (Shazeer 2020).
    pub gate: Option<Linear>,
    /// W_in: d_model -> d_mlp, activated if there is no gate.
    pub up: Linear,
    /// W_out: d_mlp -> d_model.
    pub down: Linear,
    pub norms: Norms,
}

/// Where a part of a layer normalizes: `sum(x + after(part(before(x))))`. Post-norm layers have only `sum` (Vaswani et
/// al. 2017), and pre-norm layers only `before` (Xiong et al. 2020, <https://arxiv.org/abs/2002.04745>).
#[derive(Default)]
pub struct Norms {
    pub before: Option<Norm>,
    pub after: Option<Norm>,
    pub sum: Option<Norm>,
}

/// The language-model head, from hidden states to a logit for every entry of the vocabulary.
pub struct LmHead {
    /// Applied to the hidden states first: d_model -> embedding width.
    pub transform: Option<HeadTransform>,
    /// Factor of the hidden states (T5).
    pub scale: f32,
    /// embedding width -> vocabulary.
    pub decoder: Linear,
    /// If set, logits s become `cap tanh(s / cap)`.
    pub soft_cap: Option<f32>,
}

/// The layer of a masked language model's head before its decoder: `norm(activation(x W^T + b))`.
pub struct HeadTransform {
    /// d_model -> embedding width.
    pub linear: Linear,
    pub activation: Activation,
    pub norm: Norm,
}

/// A matrix and a bias: `x W^T + b`.
pub struct Linear {
    /// Empty until [`Weights::unpack`] if `packed` is set.
    pub weights: WeightMatrix,
    packed: Option<Packed>,
    /// `[outputs]`.
    pub bias: Option<Vec<f32>>,
}

/// Stored numbers that are packed when a model is opened.
enum Packed {
    /// Parts [outputs, inputs], whose outputs follow each other.
    Rows { parts: Vec<TensorData>, inputs: usize },
    /// [inputs, outputs]
    Columns { weights: TensorData, inputs: usize, outputs: usize },
}

/// LayerNorm or RMSNorm, with vectors of as many numbers as the norm is wide.
#[derive(Clone)]
pub struct Norm {
    pub gain: Vec<f32>,
    pub kind: NormKind,
    /// Added to the variance, or to the mean square.
    pub epsilon: f32,
}

#[derive(Clone)]
pub enum NormKind {
    Layer { bias: Vec<f32> },
    Rms,
}

impl LmHead {
    /// A decoder's head: `{name}.weight` [vocabulary, d_model] if the file has it, or the token table `words` if the
    /// config ties them. None for a model that was saved without a head.
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
    /// From `{name}.weight` [outputs, inputs] and, with `has_bias`, `{name}.bias` `[outputs]`.
    pub fn load(file: &WeightFile, name: &str, inputs: usize, outputs: usize, has_bias: bool) -> Result<Self> {
        Self::joined(file, &[(name.to_owned(), outputs)], inputs, has_bias)
    }

    /// One matrix from the tensors of several names, with their numbers of outputs; the outputs follow each other.
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

    /// From parts [outputs, inputs] of a file, whose outputs follow each other.
    ///
    /// Errors ([`crate::Kind::Tensor`]): rows that are not whole blocks.
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

    /// From `{name}.weight` [inputs, outputs], as GPT-2's `Conv1D` stores it, and `{name}.bias` `[outputs]`.
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
    /// Packs the numbers, some rows in each step.
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
    /// LayerNorm from `{name}.weight` and `{name}.bias` `[width]`, or from `gamma` and `beta`, which are TensorFlow's
    /// names for them.
    pub fn layer(file: &WeightFile, name: &str, width: usize, epsilon: f32) -> Result<Self> {
        let old = file.has(&format!("{name}.gamma"));
        let (gain, bias) = if old { ("gamma", "beta") } else { ("weight", "bias") };
        let bias = file.numbers(&format!("{name}.{bias}"), &[width])?;
        let gain = file.numbers(&format!("{name}.{gain}"), &[width])?;
        Ok(Self { gain, kind: NormKind::Layer { bias }, epsilon })
    }

    /// LayerNorm from `{name}.weight` `[width]`, without a bias.
    pub fn layer_without_bias(file: &WeightFile, name: &str, width: usize, epsilon: f32) -> Result<Self> {
        let gain = file.numbers(&format!("{name}.weight"), &[width])?;
        Ok(Self { gain, kind: NormKind::Layer { bias: vec![0.0; width] }, epsilon })
    }

    /// RMSNorm from `{name}.weight` `[width]`, to which `offset` is added: Gemma's files store the gain minus 1.
    pub fn rms(file: &WeightFile, name: &str, width: usize, epsilon: f32, offset: f32) -> Result<Self> {
        let mut gain = file.numbers(&format!("{name}.weight"), &[width])?;
        gain.iter_mut().for_each(|gain| *gain += offset);
        Ok(Self { gain, kind: NormKind::Rms, epsilon })
    }

    /// Normalizes, in place, rows of as many numbers as the norm is wide.
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
