//! The forward pass of every family (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
//!
//! For n tokens, `heads` heads of `d_head` numbers, `d_model` numbers of a token between the layers and `d_mlp` within
//! the MLP, a layer computes, with the names of TransformerLens:
//!
//! ```text
//! q, k, v  = x W_Q + b_Q, x W_K + b_K, x W_V + b_V    [n, heads, d_head], rotary positions applied to q and k
//! scores   = q k^T / sqrt(d_head) + bias              [heads, n, n]
//! pattern  = softmax(mask(scores))                    [heads, n, n]
//! z        = pattern v                                [n, heads, d_head]
//! attn_out = z W_O + b_O                              [n, d_model]
//! x        = x + attn_out                             [n, d_model]
//! mlp_out  = activation(x W_in + b_in) W_out + b_out  [n, d_model]
//! x        = x + mlp_out                              [n, d_model]
//! ```
//!
//! [`Pass::attention`] and [`Pass::mlp`] follow these lines in this order. Where a layer normalizes is described by
//! [`Norms`]. What views show is recorded as it is computed; all other buffers are reused from layer to layer.

use std::ops::Range;

use ndarray::{Array2, ArrayView4};

use super::attention::{AttentionConfig, Mask, Position};
use super::intervention::Intervention;
use super::prefix_cache;
use super::record::{BlockVectors, Record};
use super::trace::{Block, HeadId, Trace};
use crate::engine::input::Input;
use crate::engine::model_config::ModelConfig;
use crate::engine::weights::{
    Attention, Embedding, FeedForward, HeadTransform, Layer, Linear, LmHead, Norms, Positions, Stack, Weights,
};
use crate::error::{Error, Kind, Result};
use crate::math::{Activation, Epilogue, NR, PackedB, Rows, gate, matmul, softmax_rows};

/// Queries of one head whose scores are computed at a time, a multiple of the rows of either kind of tile. Their scores
/// over 512 keys have 72 KiB and stay in the second-level cache until they are recorded.
const QUERY_BLOCK: usize = 36;

/// A forward pass under way: what it runs on, how far it is, what it has recorded, and buffers.
pub struct Pass<'a> {
    config: &'a ModelConfig,
    weights: &'a Weights,
    input: &'a Input,
    intervention: &'a Intervention,
    /// How many leading tokens were copied from an earlier run and are not computed.
    prefix: usize,
    /// How many layers of the current stack are done.
    done: usize,
    /// The hidden states of the current stack's tokens, without the prefix [n, d_model].
    x: Vec<f32>,
    /// The encoder's output [n, d_model], once the decoder runs.
    encoder_output: Option<Vec<f32>>,
    record: Record<'a>,
    buffers: Buffers,
}

#[derive(Default)]
struct Buffers {
    /// One head's keys, transposed and scaled [d_head, keys].
    k: PackedB,
    /// One head's values [keys, d_head].
    v: PackedB,
    /// One head's scores, then its pattern [QUERY_BLOCK, keys].
    scores: Vec<f32>,
    /// What a part of a layer reads, normalized [n, d_model].
    normed: Vec<f32>,
    /// `attn_out` or `mlp_out` [n, d_model].
    out: Vec<f32>,
    /// The MLP's hidden numbers [n, d_mlp].
    hidden: Vec<f32>,
    /// What a gated MLP multiplies them with [n, d_mlp].
    up: Vec<f32>,
}

/// What one block of attention is computed from.
struct BlockInput<'a> {
    /// Which block it is, in the order of [`crate::engine::Architecture`].
    index: usize,
    attention: &'a Attention,
    /// The tokens that attend.
    queries: Range<usize>,
    /// The tokens that are attended to.
    keys: Range<usize>,
    /// In cross-attention, the hidden states of the keys [keys, d_model].
    encoder_output: Option<&'a [f32]>,
}

/// The encoder's output, as the decoder reads it.
struct Encoded<'a> {
    /// [tokens, d_model].
    x: &'a [f32],
    tokens: Range<usize>,
}

/// Some consecutive queries' scores or pattern in one head: a row of `keys` numbers for each query.
pub(crate) struct AttentionRows<'a> {
    pub numbers: &'a mut [f32],
    /// Numbers from one row to the next.
    pub stride: usize,
    /// The queries' positions among the keys.
    pub queries: Range<usize>,
    pub keys: usize,
}

impl<'a> Pass<'a> {
    /// A pass over an input that was checked against the model's tables, with a checked intervention.
    pub(in crate::engine) fn new(
        config: &'a ModelConfig,
        weights: &'a Weights,
        input: &'a Input,
        intervention: &'a Intervention,
    ) -> Self {
        let n = input.ids.len();
        let buffers =
            Buffers { out: vec![0.0; n * config.d_model], hidden: vec![0.0; n * config.d_mlp], ..Buffers::default() };
        Self {
            config,
            weights,
            input,
            intervention,
            prefix: 0,
            done: 0,
            x: Vec::new(),
            encoder_output: None,
            record: Record::new(config, n),
            buffers,
        }
    }

    /// Copies the record of up to `tokens` leading tokens, which both inputs have in common, from an earlier run of
    /// this model with the same intervention. Does nothing if a token can attend to a later one.
    pub(in crate::engine) fn reuse_prefix(&mut self, before: &Trace, tokens: usize) {
        self.prefix = prefix_cache::copy(before, tokens, &mut self.record);
    }

    /// How many leading tokens were copied from an earlier run and are not computed.
    pub fn prefix(&self) -> usize {
        self.prefix
    }

    /// Computes the next layer; of a decoder that reads from an encoder, both blocks of it. Returns false when no layer
    /// is left.
    ///
    /// Errors: [`Kind::Tensor`] when the layer's output is not finite. The layers before stay valid.
    pub fn step(&mut self) -> Result<bool> {
        let weights = self.weights;
        let encoder = self.prefix..self.input.encoder_len();
        if self.done == weights.stack.layers.len() && self.encoder_output.is_none() && weights.decoder.is_some() {
            self.encoder_output = Some(std::mem::take(&mut self.x));
            self.done = 0;
        }
        let (stack, own) = match (&weights.decoder, &self.encoder_output) {
            (Some(decoder), Some(_)) => (decoder, encoder.end..self.input.ids.len()),
            _ => (&weights.stack, encoder.clone()),
        };
        let Some(layer) = stack.layers.get(self.done) else { return Ok(false) };
        let mut x = match self.done {
            0 => self.embed(&stack.embedding, own.clone()),
            _ => std::mem::take(&mut self.x),
        };
        let encoder_output = self.encoder_output.take();
        self.layer(stack, layer, &mut x, own, encoder_output.as_deref().map(|x| Encoded { x, tokens: encoder }));
        self.encoder_output = encoder_output;
        self.done += 1;
        if let (Some(norm), true) = (&stack.last_norm, self.done == stack.layers.len()) {
            norm.apply(&mut x);
        }
        if x.iter().any(|x| !x.is_finite()) {
            return Err(self.not_finite());
        }
        self.x = x;
        Ok(true)
    }

    /// The token, position and token-type embeddings, added up and normalized as the model does [n, d_model].
    fn embed(&self, embedding: &Embedding, own: Range<usize>) -> Vec<f32> {
        let input = self.input;
        let width = embedding.tokens.width();
        let mut x = vec![0.0; own.len() * width];
        let mut part = vec![0.0; width];
        for (i, row) in x.chunks_exact_mut(width).enumerate() {
            let (token, position) = (own.start + i, self.prefix + i);
            embedding.tokens.row(input.ids[token] as usize, row);
            row.iter_mut().for_each(|x| *x *= embedding.scale);
            if !self.intervention.positions_off {
                match &embedding.positions {
                    Positions::None => part.fill(0.0),
                    Positions::Learned { table, offset } => table.row(offset + position, &mut part),
                    Positions::Sinusoids => sinusoids(position, &mut part),
                }
                add(row, &part);
            }
            if let Some(table) = &embedding.segments {
                table.row(input.segments[token] as usize, &mut part);
                add(row, &part);
            }
        }
        if let Some(norm) = &embedding.norm {
            norm.apply(&mut x);
        }
        let Some(project) = &embedding.project else {
            return x;
        };
        let mut projected = vec![0.0; own.len() * self.config.d_model];
        linear(&x, project, &mut projected, self.config.d_model);
        projected
    }

    /// One layer, in place, over the tokens `own` of its stack: self-attention, in a decoder with an encoder
    /// cross-attention, MLP.
    fn layer(&mut self, stack: &Stack, layer: &Layer, x: &mut [f32], own: Range<usize>, encoded: Option<Encoded<'_>>) {
        // In a parallel layer, attention and MLP both read the layer's input.
        let parallel_input = layer.parallel.then(|| x.to_vec());
        let first = if encoded.is_some() { self.config.layers - 2 * stack.layers.len() } else { 0 };
        let index = first + self.done;
        let self_attention = BlockInput {
            index,
            attention: &layer.attention,
            queries: own.clone(),
            keys: own.start - self.prefix..own.end,
            encoder_output: None,
        };
        self.attention(&self_attention, x);
        if let (Some(attention), Some(Encoded { x: encoder_output, tokens })) = (&layer.cross, encoded) {
            let index = index + stack.layers.len();
            let encoder_output = Some(encoder_output);
            self.attention(&BlockInput { index, attention, queries: own, keys: tokens, encoder_output }, x);
        }
        self.mlp(&layer.feed_forward, x, parallel_input.as_deref());
    }

    /// One block of attention over the hidden states x of the queries [queries, d_model], in place.
    fn attention(&mut self, block: &BlockInput<'_>, x: &mut [f32]) {
        let BlockInput { index, attention, queries, keys, encoder_output } = block;
        let is_cross = encoder_output.is_some();
        let mut config = attention.config.clone();
        if self.intervention.positions_off {
            config.position = Position::None;
        }
        if !is_cross {
            config.mask = self.intervention.mask(config.mask);
        }
        // The first query's position among the keys. Between two stacks positions have no meaning, and nothing uses it.
        let first_query = if is_cross { 0 } else { queries.start - keys.start };
        let Record { pattern, vectors, blocks, .. } = &mut self.record;
        let BlockVectors { qkv, qkv_stride, z, z_stride } = vectors.block(*index);

        // q, k, v = x W + b. The keys and values of cross-attention are made of the encoder's output.
        let normed = pre_norm(x, &attention.norms, &mut self.buffers.normed);
        let mut column = 0;
        for (i, part) in attention.qkv.iter().enumerate() {
            let (source, rows) = match encoder_output {
                Some(encoder_output) if i > 0 => (*encoder_output, keys),
                _ => (normed, queries),
            };
            linear(source, part, &mut qkv[rows.start * qkv_stride + column..], qkv_stride);
            column += part.weights.columns();
        }

        // Norms and rotary positions on q and k. Cross-attention has neither.
        let (q_width, k_width) = (config.heads * config.d_head, config.kv_heads * config.d_head);
        for (i, row) in qkv[queries.start * qkv_stride..].chunks_exact_mut(qkv_stride).take(queries.len()).enumerate() {
            if let Some([q_norm, k_norm]) = &attention.qk_norms {
                q_norm.apply(&mut row[..q_width]);
                k_norm.apply(&mut row[q_width..][..k_width]);
            }
            config.apply_rotary(row, first_query + i);
        }

        // Rows of scores are a multiple of NR long, so that the product writes whole vectors.
        let stride = keys.len().next_multiple_of(NR);
        let Buffers { k: packed_k, v: packed_v, scores: numbers, .. } = &mut self.buffers;
        numbers.resize(QUERY_BLOCK * stride, 0.0);
        for head in 0..config.heads {
            let columns = config.columns(head);
            let id = HeadId::new(*index, head);
            let is_on = !self.intervention.heads_off.contains(&id);
            let k = &qkv[keys.start * qkv_stride + columns.k..];
            let v = &qkv[keys.start * qkv_stride + columns.v..];
            // k^T / sqrt(d_head): the keys have the scale of the scores in them.
            packed_k.pack_transposed(k, qkv_stride, keys.len(), config.d_head, config.scale);
            packed_v.pack(v, qkv_stride, keys.len(), config.d_head);
            let mut record = pattern.head(id);

            for first in (0..queries.len()).step_by(QUERY_BLOCK) {
                let count = QUERY_BLOCK.min(queries.len() - first);
                let row = queries.start + first;
                let positions = first_query + first..first_query + first + count;
                let mut rows =
                    AttentionRows { numbers: &mut numbers[..], stride, queries: positions, keys: keys.len() };

                // scores = q k^T / sqrt(d_head) + bias
                let q = Rows { data: &qkv[row * qkv_stride + columns.q..], rows: count, stride: qkv_stride };
                scores(&config, head, q, packed_k, &mut rows);
                // pattern = softmax(mask(scores))
                mask_and_softmax(&mut rows, config.mask, self.intervention.temperature);
                // z = pattern v
                if is_on {
                    let weights = Rows { data: &*rows.numbers, rows: count, stride };
                    let z = &mut z[row * z_stride + head * config.d_head..];
                    matmul(weights, packed_v, z, z_stride, Epilogue::None);
                }
                mark_masked(&mut rows, config.mask);
                record.write(row, keys, &rows);
            }
        }

        // attn_out = z W_O + b_O, and x = x + attn_out
        let z = &z[queries.start * z_stride..queries.end * z_stride];
        linear(z, &attention.output, &mut self.buffers.out, self.config.d_model);
        add_residual(x, &mut self.buffers.out, &attention.norms);
        let keys = keys.clone();
        blocks[*index] = Some(Block { config, queries: queries.start - first_query..queries.end, keys });
    }

    /// The MLP over x [n, d_model], in place: `activation(x W_in) W_out`, or gated `(activation(x W_gate) * x W_in)
    /// W_out`. In a parallel layer it reads `parallel_input` instead of x.
    fn mlp(&mut self, mlp: &FeedForward, x: &mut [f32], parallel_input: Option<&[f32]>) {
        let Buffers { normed, out, hidden, up, .. } = &mut self.buffers;
        let normed = pre_norm(parallel_input.unwrap_or(x), &mlp.norms, normed);
        let n = normed.len() / self.config.d_model;
        let d_mlp = mlp.up.weights.columns();
        // hidden = activation(x W_in + b_in)
        let hidden = &mut hidden[..n * d_mlp];
        match &mlp.gate {
            None => linear_with_activation(normed, &mlp.up, mlp.activation, hidden),
            Some(gate_weights) => {
                up.resize(n * d_mlp, 0.0);
                linear(normed, gate_weights, hidden, d_mlp);
                linear(normed, &mlp.up, up, d_mlp);
                gate(mlp.activation, hidden, up);
            }
        }
        // mlp_out = hidden W_out + b_out, and x = x + mlp_out
        linear(hidden, &mlp.down, out, self.config.d_model);
        add_residual(x, out, &mlp.norms);
    }

    /// The fault of a layer whose output is not finite, which is the last one of the current stack that is done.
    fn not_finite(&self) -> Error {
        let layer = self.done - 1;
        let what = match self.encoder_output {
            None => format!("the hidden states behind layer {layer}"),
            Some(_) => format!("the hidden states behind decoder layer {layer}"),
        };
        let advice = "The weights hold NaN or infinite numbers; take the checkpoint from its source again.";
        Error::new(Kind::Tensor, what, "finite numbers", "NaN or infinite ones", advice)
    }

    /// The blocks that are computed, in the order of [`Trace`].
    pub fn computed(&self) -> impl Iterator<Item = usize> {
        self.record.blocks.iter().enumerate().filter_map(|(index, block)| block.as_ref().map(|_| index))
    }

    /// The pattern so far [block, head, query, key]. Blocks that are not in [`Self::computed`] have no valid numbers.
    pub fn pattern(&self) -> ArrayView4<'_, f32> {
        self.record.pattern.view()
    }

    /// Computes the layers that are left, and returns the whole record.
    ///
    /// Errors: those of [`Self::step`].
    pub fn finish(mut self) -> Result<Trace> {
        while self.step()? {}
        self.record.last_hidden.append(&mut self.x);
        let n = self.input.ids.len();
        let outputs = if self.encoder_output.is_some() { self.input.encoder_len()..n } else { 0..n };
        Ok(self.record.into_trace(outputs))
    }
}

/// `scores = q k^T / sqrt(d_head) + bias` of one head, before mask and softmax. `q` are the queries of `out` [queries,
/// d_head]; `k` are all keys, transposed and scaled [d_head, keys].
pub(crate) fn scores(config: &AttentionConfig, head: usize, q: Rows<'_>, k: &PackedB, out: &mut AttentionRows<'_>) {
    matmul(q, k, out.numbers, out.stride, Epilogue::None);
    let bias = match &config.position {
        Position::Bias(bias) => Some(bias),
        _ => None,
    };
    if config.soft_cap.is_none() && bias.is_none() {
        return;
    }
    for (query, row) in out.queries.clone().zip(out.numbers.chunks_mut(out.stride)) {
        let row = &mut row[..out.keys];
        if let Some(cap) = config.soft_cap {
            row.iter_mut().for_each(|score| *score = cap * (*score / cap).tanh());
        }
        if let Some(bias) = bias {
            let distance = |key: usize| key as isize - query as isize;
            row.iter_mut().enumerate().for_each(|(key, score)| *score += bias.at(head, distance(key)));
        }
    }
}

/// `pattern = softmax(mask(scores) / temperature)`, in place. Masked keys get the weight 0, so that they add nothing to
/// z.
fn mask_and_softmax(rows: &mut AttentionRows<'_>, mask: Mask, temperature: f32) {
    for (query, row) in rows.queries.clone().zip(rows.numbers.chunks_mut(rows.stride)) {
        let row = &mut row[..rows.keys];
        let available = mask.keys(query, rows.keys);
        row[..available.start].fill(0.0);
        row[available.end..].fill(0.0);
        softmax_with_temperature(&mut row[available], temperature);
    }
}

/// Marks the weights of masked keys as not available, NaN, for the record. To be called after z is computed.
fn mark_masked(rows: &mut AttentionRows<'_>, mask: Mask) {
    for (query, row) in rows.queries.clone().zip(rows.numbers.chunks_mut(rows.stride)) {
        let available = mask.keys(query, rows.keys);
        row[..available.start].fill(f32::NAN);
        row[available.end..rows.keys].fill(f32::NAN);
    }
}

/// `softmax(scores / temperature)` of one row of available scores, in place, as the forward pass computes it.
///
/// Panics for an empty row.
pub fn softmax_with_temperature(scores: &mut [f32], temperature: f32) {
    if temperature != 1.0 {
        scores.iter_mut().for_each(|score| *score /= temperature);
    }
    softmax_rows(scores, scores.len());
}

/// The logits of the whole vocabulary [n, vocabulary] for last hidden states x [n, d_model].
pub(in crate::engine) fn logits(x: &[f32], head: &LmHead, config: &ModelConfig) -> Array2<f32> {
    let n = x.len() / config.d_model;
    let mut x: Vec<f32> = x.iter().map(|x| x * head.scale).collect();
    if let Some(HeadTransform { linear, activation, norm }) = &head.transform {
        let mut transformed = vec![0.0; n * linear.weights.columns()];
        linear_with_activation(&x, linear, *activation, &mut transformed);
        norm.apply(&mut transformed);
        x = transformed;
    }
    let mut logits = vec![0.0; n * config.vocabulary];
    linear(&x, &head.decoder, &mut logits, config.vocabulary);
    if let Some(cap) = head.soft_cap {
        logits.iter_mut().for_each(|score| *score = cap * (*score / cap).tanh());
    }
    Array2::from_shape_vec((n, config.vocabulary), logits).expect("allocated in this shape")
}

/// `out = x W^T + b`. Rows of x follow each other without gaps; rows of `out` begin `stride` numbers apart.
fn linear(x: &[f32], linear: &Linear, out: &mut [f32], stride: usize) {
    let x = Rows::dense(x, linear.weights.depth());
    linear.weights.matmul(x, out, stride, linear.bias.as_deref().map_or(Epilogue::None, Epilogue::Bias));
}

/// `out = activation(x W^T + b)`. Rows follow each other without gaps.
fn linear_with_activation(x: &[f32], linear: &Linear, activation: Activation, out: &mut [f32]) {
    let x = Rows::dense(x, linear.weights.depth());
    linear.weights.matmul(x, out, linear.weights.columns(), Epilogue::activate(linear.bias.as_deref(), activation));
}

/// What a part of a layer reads: `before(x)`, written to `buffer`, or x itself if there is no such norm.
fn pre_norm<'a>(x: &'a [f32], norms: &Norms, buffer: &'a mut Vec<f32>) -> &'a [f32] {
    let Some(norm) = &norms.before else {
        return x;
    };
    buffer.clear();
    buffer.extend_from_slice(x);
    norm.apply(buffer);
    buffer
}

/// `x = sum(x + after(out))`, where each norm is left out if there is none. `out` may be longer than x; the rest is not
/// read.
fn add_residual(x: &mut [f32], out: &mut [f32], norms: &Norms) {
    let out = &mut out[..x.len()];
    if let Some(norm) = &norms.after {
        norm.apply(out);
    }
    add(x, out);
    if let Some(norm) = &norms.sum {
        norm.apply(x);
    }
}

fn add(x: &mut [f32], y: &[f32]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

/// The sinusoidal embedding of a position (Vaswani et al. 2017, section 3.5) in Marian's order: all sines, then all
/// cosines.
pub(crate) fn sinusoids(position: usize, out: &mut [f32]) {
    let half = out.len() / 2;
    let (sines, cosines) = out.split_at_mut(out.len() - half);
    let angle = |i: usize| position as f64 / 10_000f64.powf(2.0 * i as f64 / (2 * half) as f64);
    sines.iter_mut().enumerate().for_each(|(i, x)| *x = angle(i).sin() as f32);
    cosines.iter_mut().enumerate().for_each(|(i, x)| *x = angle(i).cos() as f32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_softmax_at_a_temperature_by_hand() {
        // e^(ln 4 / 2) = 2 and e^0 = 1.
        let mut row = [4f32.ln(), 0.0];
        softmax_with_temperature(&mut row, 2.0);
        assert!((row[0] - 2.0 / 3.0).abs() < 1e-6 && (row[1] - 1.0 / 3.0).abs() < 1e-6, "{row:?}");
    }

    #[test]
    fn a_causal_row_does_not_depend_on_later_keys() {
        let mut scores = vec![3.0, 9.0, 9.0, 0.0, 0.0, 9.0, 1.0, 1.0, 1.0];
        let mut rows = AttentionRows { numbers: &mut scores, stride: 3, queries: 0..3, keys: 3 };
        mask_and_softmax(&mut rows, Mask::Causal, 1.0);
        assert_eq!(rows.numbers[..6], [1.0, 0.0, 0.0, 0.5, 0.5, 0.0]);
        mark_masked(&mut rows, Mask::Causal);
        assert!([1, 2, 5].iter().all(|&at| rows.numbers[at].is_nan()));
        assert_eq!(scores.iter().filter(|weight| weight.is_nan()).count(), 3);
    }

    #[test]
    fn a_window_masks_both_ends_and_leaves_the_numbers_between_rows() {
        let mut scores = vec![0.0; 12]; // three keys in rows of four
        let mut rows = AttentionRows { numbers: &mut scores, stride: 4, queries: 0..3, keys: 3 };
        mask_and_softmax(&mut rows, Mask::Window(0), 1.0);
        assert_eq!(rows.numbers, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        mark_masked(&mut rows, Mask::CausalWindow(2));
        let masked: Vec<usize> = (0..12).filter(|&at| scores[at].is_nan()).collect();
        assert_eq!(masked, [1, 2, 6, 8]);
    }
}
