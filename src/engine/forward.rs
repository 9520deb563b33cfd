//! The forward pass: one, for every family, straight down (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
//!
//! n tokens, h heads of d numbers, width w. What views show is written into the [`Trace`] as it is computed; the
//! other buffers are reused from layer to layer.

use std::ops::Range;

use ndarray::{Array2, Array3, Array4, ArrayView4};

use super::attention::{Mask, Position};
use super::hooks::Intervention;
use super::input::Input;
use super::spec::{Form, Spec};
use super::trace::{Block, HeadId, Trace};
use super::weights::{Attention, Embedding, FeedForward, Layer, Linear, Norms, Positions, Stack, Weights, WordHead};
use crate::error::{Error, Kind, Result};
use crate::math::{Activation, Epilogue, NR, PackedB, Rows, gate, matmul};

/// Queries that are weighed at a time, whole tiles of either kind: their scores, 72 KiB of 512 keys, do not leave the
/// second-level cache until they are recorded.
const QUERY_BLOCK: usize = 36;

const RECORDED: &str = "recorded row by row";

/// One pass under way: what it runs on, how far it is, the record, and scratch.
pub struct Pass<'a> {
    spec: &'a Spec,
    model: &'a Weights,
    input: &'a Input,
    intervention: &'a Intervention,
    /// Leading tokens whose numbers are those of an earlier pass.
    kept: usize,
    /// Layers done of the stack under way.
    done: usize,
    /// That stack's hidden states, without those of the kept tokens [n, w].
    x: Vec<f32>,
    /// The encoder's output [n, w], once the decoder is under way.
    memory: Option<Vec<f32>>,
    /// What a cell of the pattern holds that no block writes.
    nothing: f32,
    // The record, as long as it is written so far.
    pattern: Vec<f32>,     // [block, head, query, key]
    qkv: Vec<f32>,         // [block, token, q k v]
    z: Vec<f32>,           // [block, token, head's output]
    last_hidden: Vec<f32>, // of the kept tokens, then of all [n, w]
    blocks: Vec<Option<Block>>,
    // Scratch.
    keys: PackedB,     // one head's
    values: PackedB,   // one head's
    weights: Vec<f32>, // [query of a block, key]
    normed: Vec<f32>,  // [n, w]
    mixed: Vec<f32>,   // [n, w]
    hidden: Vec<f32>,  // [n, inner]
    gated: Vec<f32>,   // [n, inner]
}

/// The tokens that a block is about: which of the input's read, which are read.
struct Tokens {
    queries: Range<usize>,
    keys: Range<usize>,
}

impl<'a> Pass<'a> {
    /// An input that was checked against the tables, and a checked intervention.
    pub(super) fn new(spec: &'a Spec, model: &'a Weights, input: &'a Input, intervention: &'a Intervention) -> Self {
        let n = input.ids.len();
        // Where a block is about some tokens only, the others' cells stay what they are: not available.
        let nothing = if matches!(spec.form, Form::EncoderDecoder { .. }) { f32::NAN } else { 0.0 };
        Self {
            spec,
            model,
            input,
            intervention,
            kept: 0,
            done: 0,
            x: Vec::new(),
            memory: None,
            nothing,
            pattern: Vec::with_capacity(spec.layers * spec.heads * n * n),
            qkv: Vec::with_capacity(spec.layers * n * spec.qkv()),
            z: Vec::with_capacity(spec.layers * n * spec.all_heads()),
            last_hidden: Vec::new(),
            blocks: vec![None; spec.layers],
            keys: PackedB::default(),
            values: PackedB::default(),
            weights: Vec::new(),
            normed: Vec::new(),
            mixed: vec![0.0; n * spec.width],
            hidden: vec![0.0; n * spec.inner],
            gated: Vec::new(),
        }
    }

    /// Takes over what an earlier pass of this model with the same intervention recorded of leading tokens that both inputs
    /// have, where no token reads from one behind it: there nothing of them changes. Where
    /// that is not so, all are computed.
    pub(super) fn keep(&mut self, before: &Trace, tokens: usize) {
        let (n, old) = (self.input.ids.len(), before.tokens());
        let forward = |block: &Block| matches!(block.rules.mask, Mask::Causal | Mask::CausalWindow(_));
        if !before.is_one_stack() || !before.has_vectors() || !before.blocks.iter().all(forward) {
            return;
        }
        let kept = tokens.min(old).min(n - 1);
        let part = |from: &[f32], to: &mut [f32], rows: usize, width: usize| {
            for (from, to) in from.chunks_exact(old * width).zip(to.chunks_exact_mut(n * width)).take(rows) {
                to[..kept * width].copy_from_slice(&from[..kept * width]);
            }
        };
        self.room(self.spec.layers);
        let &Spec { layers, heads, width, .. } = self.spec;
        part(before.qkv.as_slice().expect(RECORDED), &mut self.qkv, layers, self.spec.qkv());
        part(before.z.as_slice().expect(RECORDED), &mut self.z, layers, self.spec.all_heads());
        self.pattern.fill(f32::NAN);
        let maps = before.pattern.as_slice().expect(RECORDED).chunks_exact(old * old);
        for (from, to) in maps.zip(self.pattern.chunks_exact_mut(n * n)).take(layers * heads) {
            for (from, to) in from.chunks_exact(old).zip(to.chunks_exact_mut(n)).take(kept) {
                to[..kept].copy_from_slice(&from[..kept]);
            }
        }
        self.last_hidden = before.last_hidden.as_slice().expect(RECORDED)[..kept * width].to_vec();
        self.kept = kept;
    }

    /// Makes the record as long as its first blocks.
    fn room(&mut self, blocks: usize) {
        let (n, spec) = (self.input.ids.len(), self.spec);
        lengthen(&mut self.pattern, blocks * spec.heads * n * n, self.nothing);
        lengthen(&mut self.qkv, blocks * n * spec.qkv(), 0.0);
        lengthen(&mut self.z, blocks * n * spec.all_heads(), 0.0);
    }

    /// The leading tokens that are not computed.
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Computes the next layer, of a decoder with both its blocks; false once there is none.
    ///
    /// Errors: [`Kind::Tensor`] when the weights are such that its output is not finite; the layers before hold.
    pub fn step(&mut self) -> Result<bool> {
        let model = self.model;
        let encoder = self.kept..self.input.encoder_len();
        if self.done == model.stack.layers.len() && self.memory.is_none() && model.decoder.is_some() {
            self.memory = Some(std::mem::take(&mut self.x));
            self.done = 0;
        }
        let (stack, own) = match (&model.decoder, &self.memory) {
            (Some(decoder), Some(_)) => (decoder, encoder.end..self.input.ids.len()),
            _ => (&model.stack, encoder.clone()),
        };
        let Some(layer) = stack.layers.get(self.done) else { return Ok(false) };
        let mut x = match self.done {
            0 => self.embed(&stack.embedding, own.clone()),
            _ => std::mem::take(&mut self.x),
        };
        let memory = self.memory.take();
        self.layer(stack, layer, &mut x, own, memory.as_ref().map(|memory| (&memory[..], encoder)));
        self.memory = memory;
        self.done += 1;
        if let (Some(norm), true) = (&stack.last_norm, self.done == stack.layers.len()) {
            norm.apply(&mut x);
        }
        if x.iter().any(|x| !x.is_finite()) {
            let what = match (self.done - 1, &self.memory) {
                (layer, None) => format!("the hidden states behind layer {layer}"),
                (layer, Some(_)) => format!("the hidden states behind decoder layer {layer}"),
            };
            let advice = "The weights hold NaN or infinite numbers; take the checkpoint from its source again.";
            return Err(Error::new(Kind::Tensor, what, "finite numbers", "NaN or infinite ones", advice));
        }
        self.x = x;
        Ok(true)
    }

    /// One layer over a stack's own tokens, those that are kept left out; a decoder's also reads from `memory`, the encoder's output.
    fn layer(
        &mut self,
        stack: &Stack,
        layer: &Layer,
        x: &mut [f32],
        own: Range<usize>,
        memory: Option<(&[f32], Range<usize>)>,
    ) {
        let before = layer.parallel.then(|| x.to_vec());
        let first = if memory.is_some() { self.spec.layers - 2 * stack.layers.len() } else { 0 };
        let block = first + self.done;
        let tokens = Tokens { queries: own.clone(), keys: own.start - self.kept..own.end };
        self.attention(block, &layer.attention, x, None, &tokens);
        if let (Some(cross), Some((memory, keys))) = (&layer.cross, memory) {
            let tokens = Tokens { queries: own, keys };
            self.attention(block + stack.layers.len(), cross, x, Some(memory), &tokens);
        }
        self.feed_forward(&layer.feed_forward, x, before.as_deref());
    }

    /// The blocks that are there, as their layers are counted in the [`Trace`].
    pub fn computed(&self) -> impl Iterator<Item = usize> {
        self.blocks.iter().enumerate().filter_map(|(b, block)| block.as_ref().map(|_| b))
    }

    /// The weights so far [layer, head, query, key]; those of layers that are not [`Self::computed`] mean nothing.
    pub fn pattern(&self) -> ArrayView4<'_, f32> {
        let (n, heads) = (self.input.ids.len(), self.spec.heads);
        ArrayView4::from_shape((self.pattern.len() / (heads * n * n), heads, n, n), &self.pattern)
            .expect("whole layers")
    }

    /// Token, position (unless they are off) and segment rows added up [n, w].
    fn embed(&self, embedding: &Embedding, own: Range<usize>) -> Vec<f32> {
        let input = self.input;
        let width = embedding.tokens.width();
        let mut x = vec![0.0; own.len() * width];
        let mut part = vec![0.0; width];
        for (i, row) in x.chunks_exact_mut(width).enumerate() {
            let (token, place) = (own.start + i, self.kept + i);
            embedding.tokens.row(input.ids[token] as usize, row);
            row.iter_mut().for_each(|x| *x *= embedding.scale);
            if !self.intervention.positions_off {
                match &embedding.positions {
                    Positions::None => part.fill(0.0),
                    Positions::Learned { table, offset } => table.row(offset + place, &mut part),
                    Positions::Sinusoids => sinusoids(place, &mut part),
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
        let mut projected = vec![0.0; own.len() * self.spec.width];
        linear(&x, project, &mut projected, self.spec.width);
        projected
    }

    /// One block over `x` [n, w], the queries' hidden states; keys and values are of `memory` where there is one.
    fn attention(&mut self, b: usize, block: &Attention, x: &mut [f32], memory: Option<&[f32]>, tokens: &Tokens) {
        let Tokens { queries, keys } = tokens;
        let (n, stride, z_stride) = (self.input.ids.len(), self.spec.qkv(), self.spec.all_heads());
        let mut rules = block.rules.clone();
        if self.intervention.positions_off {
            rules.position = Position::None;
        }
        if memory.is_none() {
            rules.mask = self.intervention.mask(rules.mask);
        }
        // Without the pattern, whose cells are written head by head, each while the cache has it.
        lengthen(&mut self.qkv, (b + 1) * n * stride, 0.0);
        lengthen(&mut self.z, (b + 1) * n * z_stride, 0.0);
        let qkv = &mut self.qkv[b * n * stride..][..n * stride];
        let z = &mut self.z[b * n * z_stride..][..n * z_stride];

        let source = normed(x, &block.norms, &mut self.normed);
        let mut column = 0;
        for (i, part) in block.qkv.iter().enumerate() {
            let (from, rows) = memory.filter(|_| i > 0).map_or((source, queries), |memory| (memory, keys));
            linear(from, part, &mut qkv[rows.start * stride + column..], stride);
            column += part.weights.columns();
        }
        let query_columns = rules.heads * rules.head_width;
        let key_columns = rules.kv_heads * rules.head_width;
        // Where the first query stands among the keys. Only blocks whose queries are keys have these norms and turns.
        let kept = if memory.is_none() { queries.start - keys.start } else { 0 };
        for (i, row) in qkv[queries.start * stride..].chunks_exact_mut(stride).take(queries.len()).enumerate() {
            if let Some([q_norm, k_norm]) = &block.qk_norms {
                q_norm.apply(&mut row[..query_columns]);
                k_norm.apply(&mut row[query_columns..][..key_columns]);
            }
            rules.turn(row, kept + i);
        }

        // Rows of whole vectors: the product writes all keys without a tail.
        let width = keys.len().next_multiple_of(NR);
        self.weights.resize(QUERY_BLOCK * width, 0.0);
        for head in 0..rules.heads {
            let [q, k, v] = rules.columns(head);
            let first_cell = (b * self.spec.heads + head) * n * n;
            lengthen(&mut self.pattern, first_cell + n * n, self.nothing);
            let is_on = !self.intervention.heads_off.contains(&HeadId::new(b, head));
            rules.pack_keys(&qkv[keys.start * stride + k..], stride, keys.len(), &mut self.keys);
            self.values.pack(&qkv[keys.start * stride + v..], stride, keys.len(), rules.head_width);
            for first in (0..queries.len()).step_by(QUERY_BLOCK) {
                let rows = QUERY_BLOCK.min(queries.len() - first);
                let (row, asked) = (queries.start + first, kept + first..kept + first + rows);
                let q = Rows { data: &qkv[row * stride + q..], rows, stride };
                rules.scores(head, (q, kept + first), &self.keys, (&mut self.weights, width));
                self.intervention.weigh(&mut self.weights, width, (asked.clone(), keys.len()), rules.mask);
                if is_on {
                    let weights = Rows { data: &self.weights, rows, stride: width };
                    let place = &mut z[row * z_stride + head * rules.head_width..];
                    matmul(weights, &self.values, place, z_stride, Epilogue::None);
                }
                self.intervention.hide(&mut self.weights, width, (asked, keys.len()), rules.mask);
                let record = self.pattern[first_cell + row * n..].chunks_exact_mut(n);
                for (record, weights) in record.zip(self.weights.chunks_exact(width).take(rows)) {
                    record[keys.clone()].copy_from_slice(&weights[..keys.len()]);
                }
            }
        }
        linear(&z[queries.start * z_stride..queries.end * z_stride], &block.output, &mut self.mixed, self.spec.width);
        join(x, &mut self.mixed, &block.norms);
        self.blocks[b] = Some(Block { rules, queries: queries.start - kept..queries.end, keys: keys.clone() });
    }

    /// `activation(x up) down`, or `(activation(x gate) * x up) down`, joined with x [n, w]. In parallel layers it
    /// reads what attention read, `before`.
    fn feed_forward(&mut self, part: &FeedForward, x: &mut [f32], before: Option<&[f32]>) {
        let source = normed(before.unwrap_or(x), &part.norms, &mut self.normed);
        let n = source.len() / self.spec.width;
        let inner = part.up.weights.columns();
        let hidden = &mut self.hidden[..n * inner];
        match &part.gate {
            None => activated(source, &part.up, part.activation, hidden),
            Some(opening) => {
                self.gated.resize(n * inner, 0.0);
                linear(source, opening, hidden, inner);
                linear(source, &part.up, &mut self.gated, inner);
                gate(part.activation, hidden, &self.gated);
            }
        }
        linear(hidden, &part.down, &mut self.mixed, self.spec.width);
        join(x, &mut self.mixed, &part.norms);
    }

    /// The record of all layers: computes those that are left.
    ///
    /// Errors: those of [`Self::step`].
    pub fn finish(mut self) -> Result<Trace> {
        while self.step()? {}
        self.room(self.spec.layers);
        self.last_hidden.append(&mut self.x);
        let n = self.input.ids.len();
        let outputs = if self.memory.is_some() { self.input.encoder_len()..n } else { 0..n };
        let &Spec { layers, heads, width, .. } = self.spec;
        let (stride, z_stride) = (self.spec.qkv(), self.spec.all_heads());
        Ok(Trace {
            pattern: Array4::from_shape_vec((layers, heads, n, n), self.pattern).expect("allocated in this shape"),
            qkv: Array3::from_shape_vec((layers, n, stride), self.qkv).expect("allocated in this shape"),
            z: Array3::from_shape_vec((layers, n, z_stride), self.z).expect("allocated in this shape"),
            last_hidden: Array2::from_shape_vec((outputs.len(), width), self.last_hidden)
                .expect("allocated in this shape"),
            outputs,
            blocks: self.blocks.into_iter().map(|block| block.expect("every block was computed")).collect(),
        })
    }
}

/// A score for each of the vocabulary's entries [n, vocabulary], from last hidden states [n, w].
pub fn word_scores(x: &[f32], head: &WordHead, spec: &Spec) -> Array2<f32> {
    let n = x.len() / spec.width;
    let mut x: Vec<f32> = x.iter().map(|x| x * head.scale).collect();
    if let Some((transform, activation, norm)) = &head.transform {
        let mut transformed = vec![0.0; n * transform.weights.columns()];
        activated(&x, transform, *activation, &mut transformed);
        norm.apply(&mut transformed);
        x = transformed;
    }
    let mut logits = vec![0.0; n * spec.vocabulary];
    linear(&x, &head.decoder, &mut logits, spec.vocabulary);
    if let Some(cap) = head.soft_cap {
        logits.iter_mut().for_each(|score| *score = cap * (*score / cap).tanh());
    }
    Array2::from_shape_vec((n, spec.vocabulary), logits).expect("allocated in this shape")
}

/// `out = x W^T + b`: x without gaps, the rows of `out` `stride` apart.
fn linear(x: &[f32], linear: &Linear, out: &mut [f32], stride: usize) {
    let x = Rows::dense(x, linear.weights.depth());
    linear.weights.matmul(x, out, stride, linear.bias.as_deref().map_or(Epilogue::None, Epilogue::Bias));
}

/// `out = activation(x W^T + b)`, rows without gaps.
fn activated(x: &[f32], linear: &Linear, activation: Activation, out: &mut [f32]) {
    let x = Rows::dense(x, linear.weights.depth());
    linear.weights.matmul(x, out, linear.weights.columns(), Epilogue::activate(linear.bias.as_deref(), activation));
}

/// Never shorter.
fn lengthen(record: &mut Vec<f32>, length: usize, with: f32) {
    record.resize(record.len().max(length), with);
}

/// What a part of a layer reads: x itself, or x normalised.
fn normed<'a>(x: &'a [f32], norms: &Norms, room: &'a mut Vec<f32>) -> &'a [f32] {
    let Some(norm) = &norms.before else {
        return x;
    };
    room.clear();
    room.extend_from_slice(x);
    norm.apply(room);
    room
}

/// `x = sum(x + after(y))`; what `mixed` has behind x is of an earlier, longer part.
fn join(x: &mut [f32], mixed: &mut [f32], norms: &Norms) {
    let mixed = &mut mixed[..x.len()];
    if let Some(norm) = &norms.after {
        norm.apply(mixed);
    }
    add(x, mixed);
    if let Some(norm) = &norms.sum {
        norm.apply(x);
    }
}

fn add(x: &mut [f32], y: &[f32]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

/// Marian's order: all sines, then all cosines.
pub(crate) fn sinusoids(place: usize, out: &mut [f32]) {
    let half = out.len() / 2;
    let (sines, cosines) = out.split_at_mut(out.len() - half);
    let angle = |i: usize| place as f64 / 10_000f64.powf(2.0 * i as f64 / (2 * half) as f64);
    sines.iter_mut().enumerate().for_each(|(i, x)| *x = angle(i).sin() as f32);
    cosines.iter_mut().enumerate().for_each(|(i, x)| *x = angle(i).cos() as f32);
}
