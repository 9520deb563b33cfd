//! Tests that also run in a dedicated worker of a real browser, where the engine lives.

use attnscope::engine::{Cut, HeadId, Token, Tokens};
use attnscope::worker::protocol::{Envelope, Reply, Request};
use attnscope::{Error, Kind};

#[cfg(not(target_arch = "wasm32"))]
use std::prelude::v1::test as test_here;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test_here;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[test_here]
fn requests_come_back_from_json_as_they_were() {
    let requests = [
        Request::Load { folder: "models/all-minilm-l6-v2/".into() },
        Request::Cancel,
        Request::Run {
            text: "Zoë 👩‍👩‍👧 \"注意\" \u{0}\n".into(), pair: Some(String::new()), head: HeadId::new(3, 1)
        },
        Request::Head { run: u32::MAX, head: HeadId::new(5, 11) },
    ];
    for (id, body) in (0..).zip(requests) {
        let sent = Envelope { id, body };
        let json = serde_json::to_string(&sent).unwrap();
        assert_eq!(serde_json::from_str::<Envelope<Request>>(&json).unwrap(), sent, "{json}");
    }
}

/// The numbers go over what wasm makes hard: a `usize` is 32 bits there, byte counts are 64.
#[test_here]
fn replies_come_back_from_json_as_they_were() {
    let token = Token {
        id: 30521,
        token: "##ing".into(),
        chars: (4, 7),
        bytes: (5, 8),
        segment: 1,
        sequence: Some(1),
        word: None,
        special: false,
    };
    let tokens = Tokens { items: vec![token], cuts: vec![Cut { sequence: 0, from_char: 9, of_chars: 4_000_000_000 }] };
    let replies = [
        Reply::Progress { got_bytes: 5_000_000_000, total_bytes: u64::MAX, seconds: 0.1, cached: true },
        Reply::Preparing,
        Reply::Ran { tokens, layers: 6, heads: 12, sent: vec![HeadId::new(0, 1)], side: 64, millis: 12.345_678_9 },
        Reply::Failed { error: Error::new(Kind::Network, "model.safetensors", "45 MB", "a cut", "Try again.") },
    ];
    for (id, body) in (0..).zip(replies) {
        let sent = Envelope { id, body };
        let json = serde_json::to_string(&sent).unwrap();
        assert_eq!(serde_json::from_str::<Envelope<Reply>>(&json).unwrap(), sent, "{json}");
    }
}

#[test_here]
fn a_request_with_a_field_too_many_is_refused() {
    let json = r#"{"id":1,"body":{"do":"head","run":1,"head":{"layer":0,"head":0},"extra":1}}"#;
    assert!(serde_json::from_str::<Envelope<Request>>(json).is_err());
}

#[cfg(target_arch = "wasm32")]
#[test_here]
fn these_tests_run_in_a_worker() {
    use wasm_bindgen::JsCast;
    assert!(js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>().is_ok());
}
