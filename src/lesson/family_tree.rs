//! Well-known transformers, as their papers describe them.

/// One published model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    pub name: &'static str,
    /// The year of the paper or, without one, of the release.
    pub year: u16,
    /// The layers of the encoder and of the decoder; 0 if there is none.
    pub encoder_layers: usize,
    pub decoder_layers: usize,
    /// d_model.
    pub width: usize,
    /// The heads of each block of attention, and the heads of keys and values that they share.
    pub heads: usize,
    pub kv_heads: usize,
    /// Millions of parameters, as the authors state them. If they state only "7B", the number is computed from the
    /// shapes.
    pub millions: f32,
    /// The bytes of a number in the safetensors file on the Hub.
    pub bytes_per_number: f32,
    pub objective: Objective,
    pub positions: Positions,
    pub weights: Weights,
}

/// The objective of the training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Predict masked tokens, and whether the second text follows the first.
    MaskedAndNextSentence,
    /// Predict masked tokens.
    Masked,
    /// Generate the spans that were removed.
    SpanCorruption,
    /// Predict the next token.
    NextToken,
    /// Give related texts similar embeddings.
    Contrastive,
}

/// How positions are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Positions {
    /// A learned vector for each position.
    Learned,
    /// A learned bias for each bucket of distances.
    Buckets,
    /// Queries and keys are rotated by their position.
    Rotary,
}

/// The availability of the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// Available to everyone, under this Hub id.
    Open(&'static str),
    /// Available on agreement to the maker's terms, under this Hub id if the maker has published it there.
    OnTerms(Option<&'static str>),
    /// Not available.
    Closed,
}

impl Member {
    /// The bytes of its weights.
    pub fn file_bytes(&self) -> u64 {
        (f64::from(self.millions) * 1e6 * f64::from(self.bytes_per_number)) as u64
    }

    /// The number of all layers.
    pub fn depth(&self) -> usize {
        self.encoder_layers + self.decoder_layers
    }
}

/// In ascending order of the year, with the sizes of a family together.
pub const FAMILY_TREE: &[Member] = &[
    bert("BERT base", 12, 768, 12, 110.0, "google-bert/bert-base-uncased"),
    bert("BERT large", 24, 1024, 16, 340.0, "google-bert/bert-large-uncased"),
    gpt2("GPT-2", 12, 768, 12, 124.0, "openai-community/gpt2"),
    gpt2("GPT-2 medium", 24, 1024, 16, 355.0, "openai-community/gpt2-medium"),
    gpt2("GPT-2 large", 36, 1280, 20, 774.0, "openai-community/gpt2-large"),
    gpt2("GPT-2 XL", 48, 1600, 25, 1558.0, "openai-community/gpt2-xl"),
    roberta("RoBERTa base", 12, 768, 12, 125.0, "FacebookAI/roberta-base"),
    roberta("RoBERTa large", 24, 1024, 16, 355.0, "FacebookAI/roberta-large"),
    t5("T5 small", 6, 512, 8, 60.0, "google-t5/t5-small"),
    t5("T5 base", 12, 768, 12, 220.0, "google-t5/t5-base"),
    t5("T5 large", 24, 1024, 16, 770.0, "google-t5/t5-large"),
    Member {
        positions: Positions::Learned,
        weights: Weights::Closed,
        // https://arxiv.org/abs/2005.14165
        ..decoder("GPT-3", 2020, 96, 12_288, 96, 175_000.0)
    },
    // MiniLM (Wang et al. 2020), trained further on pairs of sentences, and released without a paper of its own.
    Member {
        name: "all-MiniLM-L6-v2",
        year: 2021,
        millions: 22.7,
        objective: Objective::Contrastive,
        // https://arxiv.org/abs/2002.10957
        ..bert("", 6, 384, 12, 0.0, "sentence-transformers/all-MiniLM-L6-v2")
    },
    llama("LLaMA 7B", 32, 4096, 32, 6_700.0),
    llama("LLaMA 13B", 40, 5120, 40, 13_000.0),
    llama("LLaMA 33B", 60, 6656, 52, 32_500.0),
    llama("LLaMA 65B", 80, 8192, 64, 65_200.0),
    Member {
        weights: Weights::OnTerms(Some("meta-llama/Llama-2-7b-hf")),
        // https://arxiv.org/abs/2307.09288
        ..llama("Llama 2 7B", 32, 4096, 32, 6_738.0)
    },
    Member {
        kv_heads: 8,
        bytes_per_number: 2.0,
        weights: Weights::Open("mistralai/Mistral-7B-v0.1"),
        // https://arxiv.org/abs/2310.06825
        ..llama("Mistral 7B", 32, 4096, 32, 7_242.0)
    },
    Member {
        year: 2024,
        kv_heads: 8,
        bytes_per_number: 2.0,
        weights: Weights::OnTerms(Some("meta-llama/Llama-3.1-8B")),
        // https://arxiv.org/abs/2407.21783
        ..llama("Llama 3.1 8B", 32, 4096, 32, 8_030.0)
    },
    Member {
        kv_heads: 3,
        bytes_per_number: 2.0,
        weights: Weights::Open("HuggingFaceTB/SmolLM2-135M"),
        // https://arxiv.org/abs/2502.02737
        ..decoder("SmolLM2 135M", 2025, 30, 576, 9, 135.0)
    },
    Member {
        kv_heads: 8,
        bytes_per_number: 2.0,
        weights: Weights::Open("Qwen/Qwen3-0.6B"),
        // https://arxiv.org/abs/2505.09388
        ..decoder("Qwen3 0.6B", 2025, 28, 1024, 16, 600.0)
    },
];

const fn bert(
    name: &'static str,
    layers: usize,
    width: usize,
    heads: usize,
    millions: f32,
    hub: &'static str,
) -> Member {
    Member {
        name,
        year: 2018,
        encoder_layers: layers,
        decoder_layers: 0,
        width,
        heads,
        kv_heads: heads,
        millions,
        bytes_per_number: 4.0,
        objective: Objective::MaskedAndNextSentence,
        positions: Positions::Learned,
        weights: Weights::Open(hub),
        // https://arxiv.org/abs/1810.04805
    }
}

const fn roberta(
    name: &'static str,
    layers: usize,
    width: usize,
    heads: usize,
    millions: f32,
    hub: &'static str,
) -> Member {
    Member {
        year: 2019,
        objective: Objective::Masked,
        // https://arxiv.org/abs/1907.11692
        ..bert(name, layers, width, heads, millions, hub)
    }
}

/// A T5, which has the same number of layers in encoder and decoder.
const fn t5(name: &'static str, layers: usize, width: usize, heads: usize, millions: f32, hub: &'static str) -> Member {
    Member {
        year: 2019,
        decoder_layers: layers,
        objective: Objective::SpanCorruption,
        positions: Positions::Buckets,
        // https://arxiv.org/abs/1910.10683
        ..bert(name, layers, width, heads, millions, hub)
    }
}

/// A decoder with rotary positions, whose weights are not available and which has no paper, unless the fields say
/// otherwise.
const fn decoder(name: &'static str, year: u16, layers: usize, width: usize, heads: usize, millions: f32) -> Member {
    Member {
        name,
        year,
        encoder_layers: 0,
        decoder_layers: layers,
        width,
        heads,
        kv_heads: heads,
        millions,
        bytes_per_number: 4.0,
        objective: Objective::NextToken,
        positions: Positions::Rotary,
        weights: Weights::Closed,
    }
}

const fn gpt2(
    name: &'static str,
    layers: usize,
    width: usize,
    heads: usize,
    millions: f32,
    hub: &'static str,
) -> Member {
    Member {
        positions: Positions::Learned,
        weights: Weights::Open(hub),
        // https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
        ..decoder(name, 2019, layers, width, heads, millions)
    }
}

/// A model of the first LLaMA, whose weights were available to researchers on request.
const fn llama(name: &'static str, layers: usize, width: usize, heads: usize, millions: f32) -> Member {
    Member {
        weights: Weights::OnTerms(None),
        // https://arxiv.org/abs/2302.13971
        ..decoder(name, 2023, layers, width, heads, millions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str) -> &'static Member {
        FAMILY_TREE.iter().find(|member| member.name == name).unwrap()
    }

    #[test]
    fn every_line_is_whole() {
        for (place, member) in FAMILY_TREE.iter().enumerate() {
            let name = member.name;
            assert!(!name.is_empty() && FAMILY_TREE[..place].iter().all(|other| other.name != name), "{name}");
            assert!(place == 0 || FAMILY_TREE[place - 1].year <= member.year, "{name} stands by its year");
            assert!(member.depth() > 0 && member.millions > 0.0, "{name}");
            assert_eq!(member.width % member.heads, 0, "{name}: heads share the width");
            assert_eq!(member.heads % member.kv_heads, 0, "{name}: heads share keys and values");
            if let Weights::Open(hub) | Weights::OnTerms(Some(hub)) = member.weights {
                let (owner, repository) = hub.split_once('/').unwrap();
                let plain = |part: &str| {
                    !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
                };
                assert!(plain(owner) && plain(repository), "{name}: {hub}");
            }
        }
    }

    /// About twelve squares of the width a layer, four of attention and eight of the feed-forward part, and four more
    /// where a decoder reads from an encoder; the rest is the vocabulary.
    #[test]
    fn parameters_fit_the_shapes() {
        for member in FAMILY_TREE {
            let both = if member.encoder_layers > 0 { 4 * member.decoder_layers } else { 0 };
            let squares = 12 * member.depth() + both;
            let layers = (squares * member.width * member.width) as f32 / 1e6;
            let rest = member.millions - layers;
            assert!((0.0..0.6).contains(&(rest / member.millions)), "{}: {layers} in layers", member.name);
        }
    }

    #[test]
    fn heads_that_the_lesson_names() {
        assert_eq!((member("GPT-2").heads, member("GPT-2").depth()), (12, 12));
        assert_eq!((member("GPT-3").heads, member("GPT-3").depth()), (96, 96));
        assert_eq!(member("GPT-3").weights, Weights::Closed);
        assert_eq!(member("T5 base").depth(), 24);
    }

    #[test]
    fn a_file_has_the_bytes_of_its_numbers() {
        let megabytes = |name: &str| member(name).file_bytes() / 1_000_000;
        assert_eq!([megabytes("GPT-2"), megabytes("GPT-2 XL"), megabytes("Mistral 7B")], [496, 6232, 14_484]);
        assert_eq!([megabytes("SmolLM2 135M"), megabytes("T5 large")], [270, 3080]);
    }

    /// The built-in model's line says what its own config says.
    #[test]
    fn the_built_in_model() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/all-minilm-l6-v2/config.json");
        let config: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(folder).unwrap()).unwrap();
        let built_in = member("all-MiniLM-L6-v2");
        let of = |field: &str| config[field].as_u64().unwrap() as usize;
        assert_eq!(of("num_hidden_layers"), built_in.depth());
        assert_eq!((of("hidden_size"), of("num_attention_heads")), (built_in.width, built_in.heads));
    }
}
