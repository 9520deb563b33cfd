//! One short file a family: how its `config.json` and its tensor names read as a [`Spec`] and [`Weights`].

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
mod qwen;
mod roberta;
mod smollm3;
mod t5;

use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::Weights;
use crate::error::Result;

/// A family by the name that configs give it.
pub struct Family {
    pub model_type: &'static str,
    pub spec: fn(&Config) -> Result<Spec>,
    pub weights: fn(&Spec, &Config, &WeightFile) -> Result<Weights>,
}

macro_rules! families {
    ($($model_type:literal $spec:path, $weights:path;)*) => {
        &[$(Family { model_type: $model_type, spec: $spec, weights: $weights }),*]
    };
}

/// The built-in model's, which the worker knows before all others (`Opening::usual`).
pub const BERT: Family = Family { model_type: "bert", spec: bert::spec, weights: bert::weights };

const FAMILIES: &[Family] = families! {
    "albert" albert::spec, albert::weights;
    "bart" bart::bart_spec, bart::bart_weights;
    "bert" bert::spec, bert::weights;
    "bloom" bloom::spec, bloom::weights;
    "camembert" roberta::camembert_spec, roberta::weights;
    "distilbert" distilbert::spec, distilbert::weights;
    "electra" electra::spec, electra::weights;
    "gemma" gemma::gemma_spec, gemma::gemma_weights;
    "gemma2" gemma::gemma2_spec, gemma::gemma2_weights;
    "gemma3_text" gemma::gemma3_spec, gemma::gemma3_weights;
    "gpt2" gpt2::spec, gpt2::weights;
    "gpt_neo" gpt_neo::spec, gpt_neo::weights;
    "gpt_neox" gpt_neox::spec, gpt_neox::weights;
    "llama" llama::llama_spec, llama::llama_weights;
    "marian" bart::marian_spec, bart::marian_weights;
    "mistral" llama::mistral_spec, llama::mistral_weights;
    "modernbert" modernbert::spec, modernbert::weights;
    "mpnet" mpnet::spec, mpnet::weights;
    "olmo2" olmo2::spec, olmo2::weights;
    "opt" opt::spec, opt::weights;
    "phi" phi::spec, phi::weights;
    "qwen2" qwen::qwen2_spec, qwen::qwen2_weights;
    "qwen3" qwen::qwen3_spec, qwen::qwen3_weights;
    "roberta" roberta::spec, roberta::weights;
    "smollm3" smollm3::spec, smollm3::weights;
    "t5" t5::spec, t5::weights;
    "xlm-roberta" roberta::xlm_spec, roberta::weights;
};

/// The family that a config names.
///
/// Errors ([`crate::Kind::Config`]): it names none, or one that this engine does not compute.
pub fn family(config: &Config) -> Result<&'static Family> {
    let name = config.text_or("model_type", "")?;
    FAMILIES.iter().find(|family| family.model_type == name).ok_or_else(|| {
        let known: Vec<&str> = FAMILIES.iter().map(|family| family.model_type).collect();
        let advice = "Choose a model of a supported family.";
        config.fault("model_type", format!("a supported family ({})", known.join(", ")), advice)
    })
}

/// The first of several names for what stands before every tensor's name: a model saved under a head has its body's
/// name there.
fn base<'a>(file: &WeightFile, bases: &[&'a str], tensor: &str) -> &'a str {
    bases.iter().copied().find(|base| file.has(&format!("{base}{tensor}"))).unwrap_or(bases[0])
}

// What more than this cannot be computed with here; a config that asks for it is broken or hostile.
const MOST_LAYERS: usize = 1 << 8;
const MOST_HEADS: usize = 1 << 10;
const MOST_WIDTH: usize = 1 << 14;
const MOST_INNER: usize = 1 << 17;
const MOST_VOCABULARY: usize = 1 << 22;
const MOST_POSITIONS: usize = 1 << 20;
const MOST_SEGMENTS: usize = 1 << 10;
