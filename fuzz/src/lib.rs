//! What is done with any bytes, for each kind of file and text that comes from outside: an error, or a thing that works;
//! each says whether it took them. The fuzzer's targets call these, and `tests/native/fuzzed.rs` with changed files of
//! every kind.

use attnscope::engine::formats::WeightFile;
use attnscope::engine::formats::gguf::Gguf;
use attnscope::engine::{Input, Intervention, Model, TextTokenizer, read_attention};
use attnscope::state::{Snapshot, ViewState, link, read_link};
use attnscope::worker::protocol::{read_reply, read_request};

const CONFIG: &str = include_str!("../../tests/golden/families/bert/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../tests/golden/families/bert/model.safetensors");
const TEXT: &str = " The naïve 🍕<s>\n 12";

fn runs(model: &Model) -> bool {
    model.run(&Input::new(vec![1, 2], vec![0, 1]), &Intervention::default()).is_ok()
}

fn reads(tokenizer: &TextTokenizer) -> bool {
    let mut all = true;
    for text in ["ab", TEXT, "e\u{301}\u{200d}ﬁ ab\u{3000}"] {
        for pair in [None, Some(text)] {
            all &= tokenizer.encode(text, pair).map(|tokens| tokens.shown(text, pair)).is_ok();
        }
    }
    all
}

/// A checkpoint, with a config that is whole.
pub fn safetensors(bytes: &[u8]) -> bool {
    Model::load(CONFIG, bytes.to_vec()).is_ok_and(|model| runs(&model))
}

/// A config, with a checkpoint that is whole.
pub fn config_json(bytes: &[u8]) -> bool {
    Model::load(&String::from_utf8_lossy(bytes), WEIGHTS.to_vec()).is_ok_and(|model| runs(&model))
}

/// A GGUF file: its config, its tokenizer, a tensor, the model.
pub fn gguf(bytes: &[u8]) -> bool {
    let Ok(file) = Gguf::open(bytes.to_vec()) else { return false };
    let read = TextTokenizer::load_gguf(&file, 64).is_ok_and(|tokenizer| reads(&tokenizer));
    let Ok(file) = WeightFile::open(vec![bytes.to_vec()]) else { return read };
    let config = file.config().is_some_and(|config| config.is_ok());
    let numbers = file.numbers("model.layers.0.self_attn.q_proj.weight", &[32, 32]).is_ok();
    let ran = Model::open(None, vec![bytes.to_vec()]).is_ok_and(|model| runs(&model));
    read || config && numbers || ran
}

pub fn tokenizer_json(bytes: &[u8]) -> bool {
    TextTokenizer::load(bytes, 64).is_ok_and(|tokenizer| reads(&tokenizer))
}

/// Parted at the first two zeros: `vocab.json`, `merges.txt` and `tokenizer_config.json`; and the first part as `vocab.txt`.
pub fn vocab_merges(bytes: &[u8]) -> bool {
    let mut parts = bytes.splitn(3, |&byte| byte == 0);
    let (vocab, merges, config) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
    let pairs = TextTokenizer::load_byte_pairs(vocab, merges, config, None, 64);
    let pieces = TextTokenizer::load_word_pieces(vocab, config, 64);
    // Both in any case.
    [pairs, pieces].map(|tokenizer| tokenizer.is_ok_and(|tokenizer| reads(&tokenizer))).contains(&true)
}

/// A saved run.
pub fn snapshot(bytes: &[u8]) -> bool {
    Snapshot::from_bytes(bytes).map(|snapshot| snapshot.run()).is_ok()
}

/// Attention that was computed elsewhere.
pub fn attention(bytes: &[u8]) -> bool {
    read_attention(bytes.to_vec()).is_ok()
}

/// What a link asks for, and the link to that.
pub fn address(bytes: &[u8]) -> bool {
    let (patch, faults) = read_link(&String::from_utf8_lossy(bytes));
    let mut view = ViewState::default();
    view.apply(&patch);
    let again = link(&view);
    faults.is_empty() && read_link(&again).1.is_empty()
}

/// A message to the worker or from it.
pub fn message(bytes: &[u8]) -> bool {
    read_request(bytes).is_ok() | read_reply(bytes).is_ok()
}
