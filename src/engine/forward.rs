//! The forward pass: one, for every family, straight down (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
//!
//! n tokens, h heads of d numbers, width w = h d. What views show is written into the [`Trace`] as it is
//! computed; the other buffers are reused from layer to layer.

use ndarray::{Array2, Array3, Array4};

use super::formats::safetensors::{Table, WeightFile};
use super::hooks::Intervention;
use super::spec::Spec;
use super::trace::{HeadId, Trace};
use super::weights::{Layer, Linear, Norm, Weights, WordHead};
use crate::math::{Panels, Rows, Then, add_layer_norm, layer_norm, matmul};

/// `ids` and `segments` `[n]`, already checked against the tables, and a checked intervention.
pub fn forward(
    spec: &Spec,
    weights: &Weights,
    file: &WeightFile,
    (ids, segments): (&[u32], &[u32]),
    intervention: &Intervention,
) -> Trace {
    let n = ids.len();
    let &Spec { layers, heads, width, inner, .. } = spec;

    // The record.
    let mut pattern = vec![0.0; layers * heads * n * n]; // [layer, head, query, key]
    let mut qkv = vec![0.0; layers * n * 3 * width]; // [layer, token, q k v]
    let mut z = vec![0.0; layers * n * width]; // [layer, token, head's output]

    // Scratch.
    let mut mixed = vec![0.0; n * width]; // [n, w]
    let mut hidden = vec![0.0; n * inner]; // [n, inner]
    let mut panels = Panels::default(); // one head's keys, then its values

    let positions = (!intervention.positions_off).then_some(&weights.positions);
    let mut x = embed(weights, positions, file, (ids, segments), width); // [n, w]
    normalise(&mut x, &weights.embedding_norm, spec);

    for (l, layer) in weights.layers.iter().enumerate() {
        let pattern = &mut pattern[l * heads * n * n..][..heads * n * n]; // [h, n, n]
        let qkv = &mut qkv[l * n * 3 * width..][..n * 3 * width]; // [n, 3 w]
        let z = &mut z[l * n * width..][..n * width]; // [n, w]

        linear(&x, &layer.qkv, qkv);
        for head in 0..heads {
            let pattern = &mut pattern[head * n * n..][..n * n];
            attention(spec, HeadId::new(l, head), qkv, pattern, z, &mut panels, intervention);
        }
        linear(z, &layer.output, &mut mixed);
        add_and_normalise(&mut x, &mixed, &layer.attention_norm, spec);

        feed_forward(&x, layer, &mut hidden, &mut mixed, spec);
        add_and_normalise(&mut x, &mixed, &layer.feed_forward_norm, spec);
    }

    let logits = weights.word_head.as_ref().map(|head| word_scores(&x, head, spec));
    Trace {
        pattern: Array4::from_shape_vec((layers, heads, n, n), pattern).expect("allocated in this shape"),
        qkv: Array3::from_shape_vec((layers, n, 3 * width), qkv).expect("allocated in this shape"),
        z: Array3::from_shape_vec((layers, n, width), z).expect("allocated in this shape"),
        last_hidden: Array2::from_shape_vec((n, width), x).expect("allocated in this shape"),
        logits,
    }
}

/// Token, position (unless they are off) and segment rows added up [n, w].
fn embed(
    weights: &Weights,
    positions: Option<&Table>,
    file: &WeightFile,
    (ids, segments): (&[u32], &[u32]),
    width: usize,
) -> Vec<f32> {
    let mut x = vec![0.0; ids.len() * width];
    let mut part = vec![0.0; width];
    for (position, row) in x.chunks_exact_mut(width).enumerate() {
        file.row(&weights.tokens, ids[position] as usize).widen_into(row);
        let segment = (&weights.segments, segments[position] as usize);
        for (table, index) in positions.map(|table| (table, position)).into_iter().chain([segment]) {
            file.row(table, index).widen_into(&mut part);
            row.iter_mut().zip(&part).for_each(|(x, part)| *x += part);
        }
    }
    x
}

/// One head: `pattern = softmax(q k^T / sqrt(d))` [n, n], `z = pattern v` [n, d] into the head's columns of `z`,
/// which are zero as they come and stay so in a head that is off.
fn attention(
    spec: &Spec,
    id: HeadId,
    qkv: &[f32],
    pattern: &mut [f32],
    z: &mut [f32],
    panels: &mut Panels,
    intervention: &Intervention,
) {
    let &Spec { width, head_width: d, .. } = spec;
    let stride = 3 * width;
    let n = qkv.len() / stride;
    let own = id.head * d;
    let q = Rows { data: &qkv[own..], rows: n, stride }; // [n, d]
    let k = &qkv[width + own..]; // [n, d]
    let v = &qkv[2 * width + own..]; // [n, d]

    scores(q, k, d, panels, pattern); // [n, n]
    intervention.weigh(pattern, n);

    if !intervention.heads_off.contains(&id) {
        panels.pack(v, stride, n, d);
        matmul(Rows::dense(pattern, n), panels, &mut z[own..], width, Then::Nothing);
    }
    intervention.hide(pattern, n);
}

/// `q k^T / sqrt(d)`: queries [rows, d] with all keys [n, d], their rows as far apart as the queries', into
/// `out` [rows, n].
pub fn scores(q: Rows<'_>, k: &[f32], d: usize, panels: &mut Panels, out: &mut [f32]) {
    let n = out.len() / q.rows;
    panels.pack_transposed(k, q.stride, n, d, 1.0 / (d as f32).sqrt()); // the scale is packed into the keys
    matmul(q, panels, out, n, Then::Nothing);
}

/// `activation(x up) down` [n, w] into `out`, through `hidden` [n, inner].
fn feed_forward(x: &[f32], layer: &Layer, hidden: &mut [f32], out: &mut [f32], spec: &Spec) {
    let up = Then::BiasActivate(&layer.up.bias, spec.activation);
    matmul(Rows::dense(x, spec.width), &layer.up.weights, hidden, spec.inner, up);
    linear(hidden, &layer.down, out);
}

/// A score for every token and vocabulary entry [n, vocabulary].
fn word_scores(x: &[f32], head: &WordHead, spec: &Spec) -> Array2<f32> {
    let n = x.len() / spec.width;
    let mut transformed = vec![0.0; x.len()]; // [n, w]
    let then = Then::BiasActivate(&head.transform.bias, spec.activation);
    matmul(Rows::dense(x, spec.width), &head.transform.weights, &mut transformed, spec.width, then);
    normalise(&mut transformed, &head.norm, spec);
    let mut logits = vec![0.0; n * spec.vocabulary];
    linear(&transformed, &head.decoder, &mut logits);
    Array2::from_shape_vec((n, spec.vocabulary), logits).expect("allocated in this shape")
}

/// `out = x W^T + b`, rows without gaps.
fn linear(x: &[f32], linear: &Linear, out: &mut [f32]) {
    let x = Rows::dense(x, linear.weights.depth());
    matmul(x, &linear.weights, out, linear.weights.columns(), Then::Bias(&linear.bias));
}

fn normalise(x: &mut [f32], norm: &Norm, spec: &Spec) {
    layer_norm(x, &norm.gain, &norm.bias, spec.norm_epsilon);
}

fn add_and_normalise(x: &mut [f32], y: &[f32], norm: &Norm, spec: &Spec) {
    add_layer_norm(x, y, &norm.gain, &norm.bias, spec.norm_epsilon);
}
