//! A model's sizes, whatever its family. How its parts compute is described beside their weights.

use serde::{Deserialize, Serialize};

/// A model's sizes, read from its `config.json` and checked there.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    /// The config's `model_type`.
    pub family: &'static str,
    pub architecture: Architecture,
    /// Blocks of attention, which are what a reader chooses as layers. [`Architecture`] describes their order.
    pub layers: usize,
    /// Query heads of a block.
    pub heads: usize,
    /// Heads of keys and values, a divisor of `heads`: `heads / kv_heads` query heads share one (Ainslie et al. 2023,
    /// <https://arxiv.org/abs/2305.13245>).
    pub kv_heads: usize,
    /// Numbers of one token between the layers.
    pub d_model: usize,
    /// Numbers of one token's query, key or value in one head.
    pub d_head: usize,
    /// Numbers of one token within the MLP.
    pub d_mlp: usize,
    /// Rows of the token table.
    pub vocabulary: usize,
    /// The longest input, in tokens.
    pub max_positions: usize,
    /// Rows of the table of token types (segments); 1 if there is none.
    pub type_vocab_size: usize,
}

/// Which stacks of layers a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Architecture {
    /// Every token attends to all tokens.
    Encoder,
    /// Every token attends to itself and the tokens before it.
    Decoder,
    /// The encoder's blocks come first, then the decoder's self-attention, then its cross-attention to the encoder: one
    /// block of each for every layer of the decoder.
    EncoderDecoder {
        /// Layers of the encoder.
        encoder: usize,
        /// Layers of the decoder.
        decoder: usize,
        /// The token that the decoder starts with.
        start: u32,
    },
}

/// Which stack of an encoder-decoder model a block belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackKind {
    /// Self-attention of the encoder.
    Encoder,
    /// Self-attention of the decoder.
    Decoder,
    /// Attention of the decoder to the encoder.
    Cross,
}

impl Architecture {
    /// The stack of a block, and the block's layer within that stack. None for models of one stack.
    pub fn stack(self, block: usize) -> Option<(StackKind, usize)> {
        let Self::EncoderDecoder { encoder, decoder, .. } = self else {
            return None;
        };
        Some(match block {
            block if block < encoder => (StackKind::Encoder, block),
            block if block < encoder + decoder => (StackKind::Decoder, block - encoder),
            block => (StackKind::Cross, block - encoder - decoder),
        })
    }
}

impl ModelConfig {
    /// Numbers of one token's outputs of all heads together.
    pub fn all_heads(&self) -> usize {
        self.heads * self.d_head
    }

    /// Numbers of one token's queries, keys and values together.
    pub fn qkv(&self) -> usize {
        (self.heads + 2 * self.kv_heads) * self.d_head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_in_their_order() {
        let architecture = Architecture::EncoderDecoder { encoder: 2, decoder: 3, start: 0 };
        let stacks: Vec<_> = [0, 1, 2, 4, 5, 7].map(|block| architecture.stack(block).unwrap()).into();
        let [e, d, c] = [StackKind::Encoder, StackKind::Decoder, StackKind::Cross];
        assert_eq!(stacks, [(e, 0), (e, 1), (d, 0), (d, 2), (c, 0), (c, 2)]);
        assert_eq!(Architecture::Decoder.stack(0), None);
    }
}
