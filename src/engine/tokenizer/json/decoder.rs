//! Decoders, from tokens to text, for text that a model generates.

use serde_json::Value;

/// Whether a decoder consists of parts whose code was read: none of them can panic for any token or run long.
/// Tokenizers with other decoders are accepted without them; their models cannot generate text.
pub fn is_known(decoder: &Value) -> bool {
    match decoder["type"].as_str() {
        Some("ByteLevel" | "Metaspace" | "ByteFallback" | "Fuse" | "WordPiece") => true,
        Some("Replace") => decoder["pattern"]["String"].as_str().is_some_and(|pattern| !pattern.is_empty()),
        // With both ends cut it would slice out of range.
        Some("Strip") => decoder["stop"] == 0 && decoder["start"].as_u64().is_some_and(|start| start <= 1),
        Some("Sequence") => decoder["decoders"].as_array().is_some_and(|parts| {
            let is_plain = |part: &Value| part["type"] != "Sequence" && is_known(part);
            parts.len() <= 16 && parts.iter().all(is_plain)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_was_read_is_let_in() {
        let strip = |start: u64, stop: u64| json!({"type": "Strip", "content": " ", "start": start, "stop": stop});
        assert!(is_known(&json!({"type": "ByteLevel"})));
        assert!(is_known(&json!({"type": "Sequence", "decoders": [{"type": "Fuse"}, strip(1, 0)]})));
        for other in [
            strip(0, 1),
            strip(9, 0),
            json!(null),
            json!({"type": "CTC"}),
            json!({"type": "Replace", "pattern": {"String": ""}, "content": "x"}),
            json!({"type": "Replace", "pattern": {"Regex": "(a*)*b"}, "content": "x"}),
            json!({"type": "Sequence", "decoders": [{"type": "Sequence", "decoders": []}]}),
            json!({"type": "Sequence"}),
        ] {
            assert!(!is_known(&other), "{other}");
        }
    }
}
