//! What llama.cpp's converter calls the tensors of a checkpoint
//! (<https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/tensor_mapping.py>).

/// The names of a family's tensors: of the list of its layers, of the tensors outside of layers, and of those in a
/// layer.
struct Names {
    /// Prefixes of all names in checkpoints that were saved with a head.
    prefix: &'static str,
    layers: &'static str,
    outside: &'static [(&'static str, &'static str)],
    inside: &'static [(&'static str, &'static str)],
}

/// The file's name of a checkpoint's tensor, for the `model_type` that [`super::Gguf::config`] gives; none where
/// the file has no such tensor. With or without the checkpoint's prefix, with `.weight` or `.bias`.
pub fn gguf_name(model_type: &str, name: &str) -> Option<String> {
    let names = names(model_type)?;
    let (name, ending) = name.rsplit_once('.')?;
    if !matches!(ending, "weight" | "bias") {
        return None;
    }
    let name = name.strip_prefix(names.prefix).unwrap_or(name);
    let find = |list: &[(&str, &'static str)], name: &str| list.iter().find(|pair| pair.0 == name).map(|pair| pair.1);
    if let Some(found) = find(names.outside, name) {
        return Some(format!("{found}.{ending}"));
    }
    let (layer, rest) = name.strip_prefix(names.layers)?.split_once('.')?;
    let layer: u32 = layer.parse().ok()?;
    Some(format!("blk.{layer}.{}.{ending}", find(names.inside, rest)?))
}

fn names(model_type: &str) -> Option<&'static Names> {
    Some(match model_type {
        "llama" | "mistral" | "qwen2" | "qwen3" | "gemma" | "smollm3" => &LLAMA,
        "gemma2" | "gemma3_text" | "olmo2" => &GEMMA,
        "phi" => &PHI,
        "gpt2" => &GPT2,
        "gpt_neox" => &NEOX,
        "bloom" => &BLOOM,
        "bert" => &BERT,
        _ => return None,
    })
}

const LLAMA: Names = Names {
    prefix: "model.",
    layers: "layers.",
    outside: &[("embed_tokens", "token_embd"), ("norm", "output_norm"), ("lm_head", "output")],
    inside: &[
        ("input_layernorm", "attn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("self_attn.o_proj", "attn_output"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ],
};

/// As Llama, with norms after attention and MLP.
const GEMMA: Names = Names {
    inside: &[
        ("input_layernorm", "attn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("self_attn.o_proj", "attn_output"),
        ("post_attention_layernorm", "post_attention_norm"),
        ("pre_feedforward_layernorm", "ffn_norm"),
        ("post_feedforward_layernorm", "post_ffw_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ],
    ..LLAMA
};

const PHI: Names = Names {
    prefix: "model.",
    layers: "layers.",
    outside: &[("embed_tokens", "token_embd"), ("final_layernorm", "output_norm"), ("lm_head", "output")],
    inside: &[
        ("input_layernorm", "attn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.qkv_proj", "attn_qkv"),
        ("self_attn.dense", "attn_output"),
        ("mlp.fc1", "ffn_up"),
        ("mlp.fc2", "ffn_down"),
    ],
};

const GPT2: Names = Names {
    prefix: "transformer.",
    layers: "h.",
    outside: &[("wte", "token_embd"), ("wpe", "position_embd"), ("ln_f", "output_norm"), ("lm_head", "output")],
    inside: &[
        ("ln_1", "attn_norm"),
        ("attn.c_attn", "attn_qkv"),
        ("attn.c_proj", "attn_output"),
        ("ln_2", "ffn_norm"),
        ("mlp.c_fc", "ffn_up"),
        ("mlp.c_proj", "ffn_down"),
    ],
};

const NEOX: Names = Names {
    prefix: "gpt_neox.",
    layers: "layers.",
    outside: &[("embed_in", "token_embd"), ("final_layer_norm", "output_norm"), ("embed_out", "output")],
    inside: &[
        ("input_layernorm", "attn_norm"),
        ("attention.query_key_value", "attn_qkv"),
        ("attention.dense", "attn_output"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.dense_h_to_4h", "ffn_up"),
        ("mlp.dense_4h_to_h", "ffn_down"),
    ],
};

const BLOOM: Names = Names {
    prefix: "transformer.",
    layers: "h.",
    outside: &[
        ("word_embeddings", "token_embd"),
        ("word_embeddings_layernorm", "token_embd_norm"),
        ("ln_f", "output_norm"),
        ("lm_head", "output"),
    ],
    inside: &[
        ("input_layernorm", "attn_norm"),
        ("self_attention.query_key_value", "attn_qkv"),
        ("self_attention.dense", "attn_output"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.dense_h_to_4h", "ffn_up"),
        ("mlp.dense_4h_to_h", "ffn_down"),
    ],
};

/// These files do not contain the head for masked words.
const BERT: Names = Names {
    prefix: "bert.",
    layers: "encoder.layer.",
    outside: &[
        ("embeddings.word_embeddings", "token_embd"),
        ("embeddings.position_embeddings", "position_embd"),
        ("embeddings.token_type_embeddings", "token_types"),
        ("embeddings.LayerNorm", "token_embd_norm"),
    ],
    inside: &[
        ("attention.self.query", "attn_q"),
        ("attention.self.key", "attn_k"),
        ("attention.self.value", "attn_v"),
        ("attention.output.dense", "attn_output"),
        ("attention.output.LayerNorm", "attn_output_norm"),
        ("intermediate.dense", "ffn_up"),
        ("output.dense", "ffn_down"),
        ("output.LayerNorm", "layer_output_norm"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_names_become_the_files() {
        for (family, name, found) in [
            ("llama", "model.layers.3.self_attn.q_proj.weight", "blk.3.attn_q.weight"),
            ("llama", "model.embed_tokens.weight", "token_embd.weight"),
            ("llama", "lm_head.weight", "output.weight"),
            ("mistral", "model.layers.31.post_attention_layernorm.weight", "blk.31.ffn_norm.weight"),
            ("qwen2", "model.layers.0.self_attn.k_proj.bias", "blk.0.attn_k.bias"),
            ("qwen3", "layers.0.self_attn.k_norm.weight", "blk.0.attn_k_norm.weight"),
            ("gemma2", "model.layers.1.post_attention_layernorm.weight", "blk.1.post_attention_norm.weight"),
            ("gemma3_text", "model.layers.1.pre_feedforward_layernorm.weight", "blk.1.ffn_norm.weight"),
            ("olmo2", "model.norm.weight", "output_norm.weight"),
            ("phi", "model.layers.2.mlp.fc1.bias", "blk.2.ffn_up.bias"),
            ("gpt2", "transformer.h.11.attn.c_attn.weight", "blk.11.attn_qkv.weight"),
            ("gpt2", "wpe.weight", "position_embd.weight"),
            ("gpt_neox", "gpt_neox.layers.0.attention.query_key_value.bias", "blk.0.attn_qkv.bias"),
            ("bloom", "word_embeddings_layernorm.bias", "token_embd_norm.bias"),
            ("bert", "bert.encoder.layer.5.output.LayerNorm.weight", "blk.5.layer_output_norm.weight"),
            ("bert", "embeddings.LayerNorm.weight", "token_embd_norm.weight"),
        ] {
            assert_eq!(gguf_name(family, name).as_deref(), Some(found), "{name}");
        }
        for (family, name) in [
            ("bert", "cls.predictions.transform.dense.weight"),
            ("bert", "encoder.layer.-1.output.dense.weight"),
            ("bert", "embeddings.position_ids"),
            ("gpt2", "h.0.attn.masked_bias"),
            ("llama", "model.layers..weight"),
            ("t5", "shared.weight"),
        ] {
            assert_eq!(gguf_name(family, name), None, "{name}");
        }
    }
}
