//! A file's keys as the `config.json` of the checkpoint that it was made of, so that families read one kind of
//! config (<https://github.com/ggml-org/llama.cpp/blob/master/convert_hf_to_gguf.py>).

use serde_json::{Map, Value, json};

use super::Gguf;
use super::metadata::Metadata;
use crate::error::{Error, Kind, Result};

const ADVICE: &str = "Convert the checkpoint again with llama.cpp's convert_hf_to_gguf.py, or choose another model.";

/// GGUF's names of architectures, with the `model_type` of configs for each.
const FAMILIES: &[(&str, &str)] = &[
    ("llama", "llama"),
    ("qwen2", "qwen2"),
    ("qwen3", "qwen3"),
    ("gemma", "gemma"),
    ("gemma2", "gemma2"),
    ("gemma3", "gemma3_text"),
    ("smollm3", "smollm3"),
    ("olmo2", "olmo2"),
    ("phi2", "phi"),
    ("gpt2", "gpt2"),
    ("gptneox", "gpt_neox"),
    ("bloom", "bloom"),
    ("bert", "bert"),
];

/// A config that is being put together.
struct Draft<'a> {
    file: &'a Gguf,
    architecture: &'a str,
    fields: Map<String, Value>,
}

impl Gguf {
    /// The fields of an equivalent `config.json`. Beside those of Hugging Face it has, where they are true,
    /// `rope_interleaved` (rows of q and k are in pairs: number 2i turns with 2i + 1), `norm_offset_included` (the
    /// 1 that Gemma adds to a norm's gain is in it), `conv1d_transposed` (GPT-2's matrices are [outputs, inputs]),
    /// `qkv_by_kind` (all queries, then all keys, then all values, not head by head), and
    /// `rope_frequency_factors` (each pair's frequency is divided by its one).
    ///
    /// Errors ([`Kind::Config`]): an architecture that is not known here, a size that is missing or differs from
    /// layer to layer, a mixture of experts.
    pub fn config(&self) -> Result<Map<String, Value>> {
        let (architecture, model_type) = architecture(&self.metadata, self.head())?;
        let mut draft = Draft { file: self, architecture, fields: Map::new() };
        draft.put("model_type", json!(model_type));
        draft.sizes(model_type)?;
        match model_type {
            "gpt2" | "bloom" => draft.put("layer_norm_epsilon", draft.epsilon("layer_norm_epsilon")?),
            "gpt_neox" | "phi" | "bert" => draft.put("layer_norm_eps", draft.epsilon("layer_norm_epsilon")?),
            _ => draft.put("rms_norm_eps", draft.epsilon("layer_norm_rms_epsilon")?),
        }
        match model_type {
            "llama" => draft.llama(),
            "gemma" | "gemma2" | "gemma3_text" => draft.gemma(model_type)?,
            "smollm3" => {
                draft.put("no_rope_layer_interval", json!(4));
                draft.put("rope_interleaved", json!(true));
            }
            "gpt2" => {
                draft.put("activation_function", json!("gelu_new"));
                draft.put("conv1d_transposed", json!(true));
            }
            "gpt_neox" => {
                draft.put("hidden_act", json!("gelu"));
                draft.put("use_parallel_residual", json!(draft.switch("use_parallel_residual").unwrap_or(true)));
                draft.put("qkv_by_kind", json!(true));
            }
            "bloom" => draft.put("qkv_by_kind", json!(true)),
            "phi" => draft.put("hidden_act", json!("gelu_new")),
            "bert" => draft.bert(),
            _ => {}
        }
        if !matches!(model_type, "gpt2" | "bloom" | "bert") {
            draft.rotary(model_type)?;
        }
        if matches!(model_type, "llama" | "mistral" | "qwen2" | "qwen3" | "olmo2" | "smollm3") {
            draft.put("hidden_act", json!("silu"));
        }
        draft.put("tie_word_embeddings", json!(!self.has("output.weight")));
        Ok(draft.fields)
    }
}

/// The file's own name of its architecture, and the `model_type` for it.
///
/// Errors ([`Kind::Config`]): the architecture is not known here, or is a mixture of experts.
pub(super) fn architecture<'a>(metadata: &Metadata, head: &'a [u8]) -> Result<(&'a str, &'static str)> {
    let architecture = metadata.text(head, "general.architecture").unwrap_or("none");
    let Some(&(_, model_type)) = FAMILIES.iter().find(|family| family.0 == architecture) else {
        let known: Vec<&str> = FAMILIES.iter().map(|family| family.0).collect();
        let expected = format!("one of {}", known.join(", "));
        return Err(fault("general.architecture", &expected, architecture.chars().take(60).collect()));
    };
    if metadata.whole(head, &format!("{architecture}.expert_count")).is_some_and(|count| count > 0) {
        return Err(fault("expert_count", "a model without experts", "a mixture of them".to_owned()));
    }
    Ok((architecture, model_type))
}

impl Draft<'_> {
    fn put(&mut self, field: &str, value: Value) {
        self.fields.insert(field.to_owned(), value);
    }

    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.architecture)
    }

    fn whole(&self, key: &str) -> Option<u64> {
        self.file.whole(&self.key(key)).and_then(|number| u64::try_from(number).ok())
    }

    fn real(&self, key: &str) -> Option<f64> {
        self.file.real(&self.key(key)).filter(|number| number.is_finite())
    }

    fn switch(&self, key: &str) -> Option<bool> {
        self.file.switch(&self.key(key))
    }

    fn size(&self, key: &str) -> Result<u64> {
        self.whole(key).filter(|&size| size > 0).ok_or_else(|| {
            let got = if self.file.has_key(&self.key(key)) { "another value" } else { "nothing" };
            fault(&self.key(key), "a whole number above 0, the same for every layer", got.to_owned())
        })
    }

    fn size_or(&self, key: &str, otherwise: u64) -> Result<u64> {
        if self.file.has_key(&self.key(key)) { self.size(key) } else { Ok(otherwise) }
    }

    fn epsilon(&self, key: &str) -> Result<Value> {
        let key = format!("attention.{key}");
        let number = self.real(&key).ok_or_else(|| fault(&self.key(&key), "a number", "nothing".to_owned()))?;
        // The file stores numbers such as 1e-5 as f32.
        Ok(json!(shortest(number)))
    }

    /// Writes the sizes under the names that the family's configs have for them.
    fn sizes(&mut self, model_type: &str) -> Result<()> {
        let [layers, width, heads, inner, positions] = match model_type {
            "gpt2" => ["n_layer", "n_embd", "n_head", "n_inner", "n_positions"],
            "bloom" => ["n_layer", "hidden_size", "n_head", "intermediate_size", "seq_length"],
            _ => [
                "num_hidden_layers",
                "hidden_size",
                "num_attention_heads",
                "intermediate_size",
                "max_position_embeddings",
            ],
        };
        let head_count = self.size("attention.head_count")?;
        for (field, key) in [
            (layers, "block_count"),
            (width, "embedding_length"),
            (inner, "feed_forward_length"),
            (positions, "context_length"),
        ] {
            let size = self.size(key)?;
            self.put(field, json!(size));
        }
        self.put(heads, json!(head_count));
        // The table's shape is the most reliable source: the key counts the tokenizer's tokens, or is absent.
        let tokens = self.file.tensors.get("token_embd.weight").map(|tensor| tensor.shape[0]);
        let tokens = tokens.ok_or_else(|| fault("token_embd.weight", "the table of tokens", "nothing".to_owned()))?;
        self.put("vocab_size", json!(tokens));
        if !matches!(model_type, "gpt2" | "bloom" | "bert" | "gpt_neox") {
            let grouped = self.size_or("attention.head_count_kv", head_count)?;
            self.put("num_key_value_heads", json!(grouped));
            let d_head = self.d_head()?;
            self.put("head_dim", json!(d_head));
            let biased = self.file.has("blk.0.attn_q.bias");
            self.put("attention_bias", json!(biased));
            self.put("mlp_bias", json!(self.file.has("blk.0.ffn_up.bias")));
        }
        Ok(())
    }

    fn d_head(&self) -> Result<u64> {
        self.size_or("attention.key_length", self.size("embedding_length")? / self.size("attention.head_count")?)
    }

    /// Mistral's files give Llama's architecture; they are recognized by their window.
    fn llama(&mut self) {
        if let Some(window) = self.whole("attention.sliding_window").filter(|&window| window > 0) {
            self.put("model_type", json!("mistral"));
            self.put("sliding_window", json!(window));
        }
        self.put("rope_interleaved", json!(true));
    }

    fn gemma(&mut self, model_type: &str) -> Result<()> {
        self.put("norm_offset_included", json!(true));
        self.put("hidden_act", json!("gelu_pytorch_tanh"));
        self.put("hidden_activation", json!("gelu_pytorch_tanh"));
        if model_type == "gemma" {
            return Ok(());
        }
        let layers = self.size("block_count")?;
        let window = self.size("attention.sliding_window")?;
        self.put("sliding_window", json!(window));
        for (field, key) in [
            ("attn_logit_softcapping", "attn_logit_softcapping"),
            ("final_logit_softcapping", "final_logit_softcapping"),
        ] {
            let cap = self.real(key);
            self.put(field, json!(cap));
        }
        // Only the largest scale by the mean width of a head; llama.cpp knows them by their layers too.
        let (every, largest) = if model_type == "gemma2" { (2, 46) } else { (6, 62) };
        let scalar = if layers == largest {
            self.size("embedding_length")? / self.size("attention.head_count")?
        } else {
            self.d_head()?
        };
        self.put("query_pre_attn_scalar", json!(scalar));
        if layers > MAX_LAYERS {
            return Err(fault(&self.key("block_count"), &format!("at most {MAX_LAYERS} layers"), layers.to_string()));
        }
        let kind = |layer: u64| if (layer + 1).is_multiple_of(every) { "full_attention" } else { "sliding_attention" };
        self.put("layer_types", (0..layers).map(|layer| json!(kind(layer))).collect());
        Ok(())
    }

    fn bert(&mut self) {
        self.put("hidden_act", json!("gelu"));
        // A model of one kind of text may have been converted without the table.
        if let Some(segments) = self.file.tensors.get("token_types.weight").map(|tensor| tensor.shape[0]) {
            self.put("type_vocab_size", json!(segments));
        }
    }

    /// Writes `rope_parameters` in the form of newer configs.
    fn rotary(&mut self, model_type: &str) -> Result<()> {
        let theta = self.real("rope.freq_base").unwrap_or(10_000.0);
        let mut parameters = json!({"rope_theta": theta, "rope_type": "default"});
        let scaling = self.file.text(&self.key("rope.scaling.type")).unwrap_or("none");
        // Older files have only the factor.
        let factor = self.real("rope.scaling.factor").or_else(|| self.real("rope.scale_linear"));
        if let Some(factor) = factor.filter(|&factor| scaling != "none" || factor != 1.0) {
            parameters["rope_type"] = json!(if scaling == "none" { "linear" } else { scaling });
            parameters["factor"] = json!(factor);
            let original = self.whole("rope.scaling.original_context_length");
            parameters["original_max_position_embeddings"] = json!(original);
        }
        if matches!(model_type, "phi" | "gpt_neox") {
            let turning = self.size("rope.dimension_count")?;
            parameters["partial_rotary_factor"] = json!(turning as f64 / self.d_head()? as f64);
        }
        if model_type == "gemma3_text" {
            let near = self.real("rope.freq_base_swa").unwrap_or(10_000.0);
            parameters = json!({
                "full_attention": parameters,
                "sliding_attention": {"rope_theta": near, "rope_type": "default"},
            });
        }
        self.put("rope_parameters", parameters);
        // Llama 3 scales each frequency by a factor that the converter has computed.
        if self.file.has("rope_freqs.weight") {
            let pairs = self.d_head()? / 2;
            let factors = self.file.tensor("rope_freqs.weight", &[pairs as usize])?.to_f32();
            if !factors.iter().all(|&factor| factor.is_finite() && factor > 0.0) {
                return Err(fault("rope_freqs.weight", "numbers above 0", "another number".to_owned()));
            }
            self.put("rope_frequency_factors", json!(factors));
        }
        Ok(())
    }
}

const MAX_LAYERS: u64 = 1 << 8;

/// The decimal number with the fewest digits that is stored as the same f32.
fn shortest(number: f64) -> f64 {
    (number as f32).to_string().parse().unwrap_or(number)
}

fn fault(what: &str, expected: &str, got: String) -> Error {
    Error::new(Kind::Config, format!("`{what}` in the GGUF file"), expected, got, ADVICE)
}
