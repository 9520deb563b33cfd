//! A run as files that other programs read.

use safetensors::tensor::{Dtype, TensorView};
use serde_json::json;

use super::tokens::Tokens;
use super::trace::Trace;

/// The bytes of a safetensors file, F32, with names as in `tests/golden/families`: `attention.{l}`
/// [heads, n, n] for each layer, `last_hidden_state` [n, width], and `logits` [n, vocabulary] where there are some.
pub fn trace_file(trace: &Trace) -> Vec<u8> {
    let [n, width] = [trace.tokens(), trace.last_hidden.ncols()];
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (l, pattern) in trace.pattern.outer_iter().enumerate() {
        tensors.push((format!("attention.{l}"), vec![trace.heads(), n, n], little_endian(pattern.iter())));
    }
    tensors.push(("last_hidden_state".to_owned(), vec![n, width], little_endian(trace.last_hidden.iter())));
    if let Some(logits) = &trace.logits {
        tensors.push(("logits".to_owned(), vec![n, logits.ncols()], little_endian(logits.iter())));
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
