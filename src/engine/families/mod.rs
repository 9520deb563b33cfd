//! The families of models. Each has a short file that reads its `config.json` into a [`ModelConfig`] and its tensors
//! into [`Weights`].

mod albert;
mod bart;
mod bert;
mod bloom;
mod distilbert;
mod electra;
mod gemma;
mod gpt2;
mod gpt_neo;
mod gpt_neox;
mod llama;
mod modernbert;
mod mpnet;
mod olmo2;
mod opt;
mod phi;
mod plain;
mod qwen;
mod roberta;
mod smollm3;
mod t5;

use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::weights::Weights;
use crate::error::Result;

/// A family, by the `model_type` of its configs.
pub struct Family {
    pub model_type: &'static str,
    pub config: fn(&ConfigJson) -> Result<ModelConfig>,
    pub weights: fn(&ModelConfig, &ConfigJson, &WeightFile) -> Result<Weights>,
}

macro_rules! families {
    ($($model_type:literal $config:path, $weights:path;)*) => {
        &[$(Family { model_type: $model_type, config: $config, weights: $weights }),*]
    };
}

/// The built-in model's family, which the worker tries before all others (`Opening::usual`).
pub const BERT: Family = Family { model_type: "bert", config: bert::config, weights: bert::weights };

const FAMILIES: &[Family] = families! {
    "albert" albert::config, albert::weights;
    "bart" bart::bart_config, bart::bart_weights;
    "bert" bert::config, bert::weights;
    "bloom" bloom::config, bloom::weights;
    "camembert" roberta::camembert_config, roberta::weights;
    "distilbert" distilbert::config, distilbert::weights;
    "electra" electra::config, electra::weights;
    "gemma" gemma::gemma_config, gemma::gemma_weights;
    "gemma2" gemma::gemma2_config, gemma::gemma2_weights;
    "gemma3_text" gemma::gemma3_config, gemma::gemma3_weights;
    "gpt2" gpt2::config, gpt2::weights;
    "gpt_neo" gpt_neo::config, gpt_neo::weights;
    "gpt_neox" gpt_neox::config, gpt_neox::weights;
    "llama" llama::llama_config, llama::llama_weights;
    "marian" bart::marian_config, bart::marian_weights;
    "mistral" llama::mistral_config, llama::mistral_weights;
    "modernbert" modernbert::config, modernbert::weights;
    "mpnet" mpnet::config, mpnet::weights;
    "olmo2" olmo2::config, olmo2::weights;
    "opt" opt::config, opt::weights;
    "phi" phi::config, phi::weights;
    "qwen2" qwen::qwen2_config, qwen::qwen2_weights;
    "qwen3" qwen::qwen3_config, qwen::qwen3_weights;
    "roberta" roberta::config, roberta::weights;
    "smollm3" smollm3::config, smollm3::weights;
    "t5" t5::config, t5::weights;
    "xlm-roberta" roberta::xlm_config, roberta::weights;
};

/// The family that a config names.
///
/// Errors ([`crate::Kind::Config`]): it names no family, or one that this engine does not compute.
pub fn family(json: &ConfigJson) -> Result<&'static Family> {
    let name = json.text_or("model_type", "")?;
    FAMILIES.iter().find(|family| family.model_type == name).ok_or_else(|| {
        let known: Vec<&str> = FAMILIES.iter().map(|family| family.model_type).collect();
        let advice = "Choose a model of a supported family.";
        json.fault("model_type", format!("a supported family ({})", known.join(", ")), advice)
    })
}

/// The first of several prefixes with which the file has a tensor: in a model that was saved with a head, all names
/// begin with the name of its body.
fn base<'a>(file: &WeightFile, bases: &[&'a str], tensor: &str) -> &'a str {
    bases.iter().copied().find(|base| file.has(&format!("{base}{tensor}"))).unwrap_or(bases[0])
}

// The largest sizes that this engine computes with. A config with larger ones is broken or hostile.
const MAX_LAYERS: usize = 1 << 8;
const MAX_HEADS: usize = 1 << 10;
const MAX_D_MODEL: usize = 1 << 14;
const MAX_D_MLP: usize = 1 << 17;
const MAX_VOCABULARY: usize = 1 << 22;
const MAX_POSITIONS: usize = 1 << 20;
const MAX_TYPE_VOCAB: usize = 1 << 10;
const MAX_BUCKETS: usize = 1 << 10;
