//! Any bytes, parted at the first two zeros, as `vocab.json`, `merges.txt` and `tokenizer_config.json`; and the
//! first part as `vocab.txt`.
#![no_main]

use attnscope::engine::TextTokenizer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(3, |&byte| byte == 0);
    let (vocab, merges, config) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
    let tokenizers = [
        TextTokenizer::load_byte_pairs((vocab, merges), config, None, 64),
        TextTokenizer::load_word_pieces(vocab, config, 64),
    ];
    for tokenizer in tokenizers.into_iter().flatten() {
        let text = " The naïve 🍕<s>\n 12";
        let _ = tokenizer.encode(text, Some(text)).map(|tokens| tokens.shown(text, Some(text)));
    }
});
