//! Any bytes as a `tokenizer.json`: an error, or a tokenizer that reads.
#![no_main]

use attnscope::engine::TextTokenizer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(tokenizer) = TextTokenizer::load(bytes, 64) else { return };
    for text in ["", " The naïve 🍕<s>\n 12", "e\u{301}\u{200d}ﬁ ab\u{3000}"] {
        for pair in [None, Some(text)] {
            let _ = tokenizer.encode(text, pair).map(|tokens| tokens.shown(text, pair));
        }
    }
});
