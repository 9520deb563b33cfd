//! Any bytes as a GGUF file: its config, its tokenizer, a tensor.
#![no_main]

use attnscope::engine::TextTokenizer;
use attnscope::engine::formats::WeightFile;
use attnscope::engine::formats::gguf::Gguf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = Gguf::open(bytes.to_vec()) else { return };
    if let Ok(tokenizer) = TextTokenizer::load_gguf(&file, 64) {
        let text = " The naïve 🍕<s>\n 12";
        let _ = tokenizer.encode(text, Some(text)).map(|tokens| tokens.shown(text, Some(text)));
    }
    if let Ok(file) = WeightFile::open(bytes.to_vec()) {
        let _ = file.config();
        let _ = file.tensor("model.layers.0.self_attn.q_proj.weight", &[32, 32]).map(|tensor| tensor.widened());
    }
});
