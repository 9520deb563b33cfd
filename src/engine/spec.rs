//! What a model is, whatever its family: sizes alone. How its parts compute lies with its weights.

use serde::{Deserialize, Serialize};

/// A model's sizes, read from its `config.json` and checked there.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// The config's `model_type`.
    pub family: &'static str,
    pub form: Form,
    /// Attention blocks: what a reader chooses as a layer. See [`Form`] for their order.
    pub layers: usize,
    /// Query heads of a block.
    pub heads: usize,
    /// Heads of keys and values, a divisor of `heads`: so many queries share one (Ainslie et al. 2023,
    /// <https://arxiv.org/abs/2305.13245>).
    pub kv_heads: usize,
    /// Numbers of one token between the layers.
    pub width: usize,
    /// Numbers of one token's query, key or value in one head.
    pub head_width: usize,
    /// Numbers of one token inside the feed-forward layer.
    pub inner: usize,
    /// Rows of the token table.
    pub vocabulary: usize,
    /// The longest input, in tokens.
    pub positions: usize,
    /// Rows of the segment table; 1 where there is none.
    pub segments: usize,
}

/// Which stacks of layers a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Every token reads from every other.
    Encoder,
    /// Every token reads from itself and those before it.
    Decoder,
    /// The encoder's blocks come first, then the decoder's own, then those in which the decoder reads from the
    /// encoder, one for each of its layers.
    EncoderDecoder {
        encoder: usize,
        decoder: usize,
        /// The token that the decoder starts with.
        start: u32,
    },
}

/// What a block of an encoder-decoder model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Encoder,
    Decoder,
    Cross,
}

impl Form {
    /// What a block is of, and which one of these it is; none in models of one stack.
    pub fn part(self, block: usize) -> Option<(Part, usize)> {
        let Self::EncoderDecoder { encoder, decoder, .. } = self else {
            return None;
        };
        Some(match block {
            block if block < encoder => (Part::Encoder, block),
            block if block < encoder + decoder => (Part::Decoder, block - encoder),
            block => (Part::Cross, block - encoder - decoder),
        })
    }
}

impl Spec {
    /// Numbers of one token in all heads together.
    pub fn all_heads(&self) -> usize {
        self.heads * self.head_width
    }

    /// Numbers of one token's queries, keys and values together.
    pub fn qkv(&self) -> usize {
        (self.heads + 2 * self.kv_heads) * self.head_width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_in_their_order() {
        let form = Form::EncoderDecoder { encoder: 2, decoder: 3, start: 0 };
        let parts: Vec<_> = [0, 1, 2, 4, 5, 7].map(|block| form.part(block).unwrap()).into();
        let [e, d, c] = [Part::Encoder, Part::Decoder, Part::Cross];
        assert_eq!(parts, [(e, 0), (e, 1), (d, 0), (d, 2), (c, 0), (c, 2)]);
        assert_eq!(Form::Decoder.part(0), None);
    }
}
