//! A run as files that other programs read.

use ndarray::s;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::json;

use super::model::Model;
use super::spec::Part;
use super::tokens::Tokens;
use super::trace::Trace;

/// The bytes of a safetensors file, F32, with names as in `tests/golden/families`: `attention.{l}`
/// [heads, n, n] for each layer, `last_hidden_state` [n, width], and `logits` [n, vocabulary] where the model has a
/// language-model head; of an encoder-decoder also `decoder_attention.{l}` [heads, m, m] and `cross_attention.{l}`
/// [heads, m, n], the last two of the m tokens of the decoder. What a mask hides is NaN.
pub fn trace_file(model: &Model, trace: &Trace) -> Vec<u8> {
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (l, (pattern, block)) in trace.pattern.outer_iter().zip(&trace.blocks).enumerate() {
        let name = match model.spec.form.part(l) {
            None => format!("attention.{l}"),
            Some((Part::Encoder, l)) => format!("attention.{l}"),
            Some((Part::Decoder, l)) => format!("decoder_attention.{l}"),
            Some((Part::Cross, l)) => format!("cross_attention.{l}"),
        };
        let own = pattern.slice(s![.., block.queries.clone(), block.keys.clone()]);
        tensors.push((name, own.shape().to_vec(), little_endian(own.iter())));
    }
    let shape = trace.last_hidden.shape().to_vec();
    tensors.push(("last_hidden_state".to_owned(), shape, little_endian(trace.last_hidden.iter())));
    if let Some(logits) = model.logits(trace, 0..trace.outputs.len()) {
        tensors.push(("logits".to_owned(), logits.shape().to_vec(), little_endian(logits.iter())));
    }
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes).expect("as many bytes as the shape says");
        (name, view)
    });
    safetensors::serialize(views, None).expect("a header of names and shapes")
}

/// `{"ids", "tokens", "offsets", "token_type_ids"}`, a list with an entry for each token; offsets in characters.
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

fn little_endian<'a>(numbers: impl Iterator<Item = &'a f32>) -> Vec<u8> {
    numbers.flat_map(|number| number.to_le_bytes()).collect()
}
