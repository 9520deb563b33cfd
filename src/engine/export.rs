//! A run as files for other programs.

use std::borrow::Cow;
use std::path::Path;

use ndarray::s;
use safetensors::tensor::{Dtype, SafeTensorError, View};
use serde_json::json;

use super::model::Model;
use super::model_config::StackKind;
use super::pass::trace::Trace;
use super::tokenizer::tokens::Tokens;

/// The numbers of a tensor to write: borrowed if they are contiguous, otherwise copied.
struct Numbers<'a> {
    shape: Vec<usize>,
    numbers: Cow<'a, [f32]>,
}

impl<'a> Numbers<'a> {
    fn of<D: ndarray::Dimension>(view: ndarray::ArrayView<'a, f32, D>) -> Self {
        let shape = view.shape().to_vec();
        let numbers = view.to_slice().map_or_else(|| view.iter().copied().collect(), Cow::Borrowed);
        Self { shape, numbers }
    }
}

impl View for Numbers<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        match cfg!(target_endian = "little") {
            true => Cow::Borrowed(bytemuck::cast_slice(&self.numbers)),
            false => self.numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),
        }
    }

    fn data_len(&self) -> usize {
        size_of_val::<[f32]>(&self.numbers)
    }
}

/// Writes the record of a run as a safetensors file of F32, with the names of `tests/golden/families`: `attention.{l}`
/// [heads, n, n] for each layer, `last_hidden_state` [n, d_model] and, with `with_logits` and if the model has a head,
/// `logits` [n, vocabulary]. In an encoder-decoder model there are also `decoder_attention.{l}` [heads, m, m] and
/// `cross_attention.{l}` [heads, m, n], and `last_hidden_state` and `logits` have one row for each of the decoder's m
/// tokens. Masked weights are NaN.
///
/// Errors: the file cannot be written.
pub fn write_trace(model: &Model, trace: &Trace, with_logits: bool, path: &Path) -> Result<(), SafeTensorError> {
    let mut tensors: Vec<(String, Numbers<'_>)> = Vec::new();
    for (l, block) in trace.blocks.iter().enumerate() {
        let name = match model.config.architecture.stack(l) {
            None => format!("attention.{l}"),
            Some((StackKind::Encoder, l)) => format!("attention.{l}"),
            Some((StackKind::Decoder, l)) => format!("decoder_attention.{l}"),
            Some((StackKind::Cross, l)) => format!("cross_attention.{l}"),
        };
        let own = trace.pattern.slice(s![l, .., block.queries.clone(), block.keys.clone()]);
        tensors.push((name, Numbers::of(own)));
    }
    tensors.push(("last_hidden_state".to_owned(), Numbers::of(trace.last_hidden.view())));
    let logits = with_logits.then(|| model.logits(trace, 0..trace.outputs.len())).flatten();
    tensors.extend(logits.as_ref().map(|logits| ("logits".to_owned(), Numbers::of(logits.view()))));
    safetensors::serialize_to_file(tensors, None, path)
}

/// The tokens as JSON: `{"ids", "tokens", "offsets", "token_type_ids"}`, each a list with an entry for each token.
/// Offsets are in characters.
pub fn tokens_json(tokens: &Tokens) -> String {
    let items = &tokens.items;
    json!({
        "ids": tokens.ids(),
        "tokens": items.iter().map(|token| &token.token).collect::<Vec<_>>(),
        "offsets": items.iter().map(|token| token.chars).collect::<Vec<_>>(),
        "token_type_ids": tokens.segments(),
    })
    .to_string()
}
