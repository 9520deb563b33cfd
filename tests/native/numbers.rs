//! The T5 that comes with the page, which turns English number words into German ones (`golden/make_numbers.py`).

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::common::{bytes, differences, disagreement, golden, input, json, project, tensors, updating};
use attnscope::analysis::find_token;
use attnscope::engine::{HeadId, Input, Intervention, Opened, Tokens, Trace, continued, open_folder, read_text};
use attnscope::state::{Snapshot, ViewState};
use attnscope::worker::manifest::{FILES, Manifest};
use sha2::{Digest, Sha256};

/// The number of the saved run, held out as well.
const SHOWN: usize = 223;
/// The head in which the decoder reads the encoder's word for what it is about to write.
const ALIGNED: HeadId = HeadId { layer: 3, head: 1 };

fn folder() -> PathBuf {
    project().join("assets/models/numbers")
}

fn opened() -> &'static Opened {
    static OPENED: OnceLock<Opened> = OnceLock::new();
    OPENED.get_or_init(|| {
        let files = FILES.map(|name| (name.to_owned(), bytes(&folder().join(name))));
        open_folder(files.into()).expect("the model loads")
    })
}

/// Numbers that it was not trained on.
fn held_out() -> Vec<usize> {
    serde_json::from_value(json(&golden().join("numbers/held_out.json"))).unwrap()
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn english(n: usize) -> String {
    let and_rest = |rest: usize| if rest == 0 { String::new() } else { format!(" {}", english(rest)) };
    match n {
        0..20 => ONES[n].to_owned(),
        20..100 if n.is_multiple_of(10) => TENS[n / 10].to_owned(),
        20..100 => format!("{}-{}", TENS[n / 10], ONES[n % 10]),
        100..1000 => format!("{} hundred{}", ONES[n / 100], and_rest(n % 100)),
        _ => format!("{} thousand{}", english(n / 1000), and_rest(n % 1000)),
    }
}

/// Written from the rules of German anew, not as the script writes them: what is there of a number below 1000, and `eins`
/// only where nothing follows.
fn german(n: usize) -> String {
    let below = |n: usize, one: &str| {
        let [hundreds, tens, ones] = [n / 100, n / 10 % 10, n % 10];
        let digit = |d: usize| ["", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"][d];
        let hundreds = if hundreds > 0 { format!("{}hundert", digit(hundreds)) } else { String::new() };
        let rest = match (tens, ones) {
            (0, 1) => one.to_owned(),
            (0, ones) => digit(ones).to_owned(),
            (1, 1) => "elf".to_owned(),
            (1, 2) => "zwölf".to_owned(),
            (1, 6) => "sechzehn".to_owned(),
            (1, 7) => "siebzehn".to_owned(),
            (1, ones) => format!("{}zehn", digit(ones)),
            (tens, ones) => {
                let and = if ones > 0 { "und" } else { "" };
                let tens =
                    ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"][tens - 2];
                format!("{}{and}{tens}", digit(ones))
            }
        };
        hundreds + &rest
    };
    match (n / 1000, n % 1000) {
        (0, 0) => "null".to_owned(),
        (0, n) => below(n, "eins"),
        (thousands, rest) => format!("{}tausend{}", below(thousands, "ein"), below(rest, "eins")),
    }
}

#[test]
fn the_words_are_those_of_the_languages() {
    assert_eq!(english(223), "two hundred twenty-three");
    assert_eq!(english(19_040), "nineteen thousand forty");
    for (n, words) in [
        (0, "null"),
        (1, "eins"),
        (16, "sechzehn"),
        (21, "einundzwanzig"),
        (101, "einhunderteins"),
        (1000, "eintausend"),
        (223, "zweihundertdreiundzwanzig"),
        (31_017, "einunddreißigtausendsiebzehn"),
        (101_001, "einhunderteintausendeins"),
    ] {
        assert_eq!(german(n), words);
    }
}

#[test]
fn its_manifest_is_of_its_files() {
    let manifest = Manifest::read(&bytes(&folder().join("manifest.json"))).unwrap();
    assert_eq!((manifest.name.as_str(), manifest.licence.as_str()), ("numbers", "Apache-2.0"));
    for file in &manifest.files {
        let bytes = bytes(&folder().join(&file.path));
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((bytes.len() as u64, sum), (file.bytes, file.sha256.clone()), "{}", file.path);
    }
    assert!(manifest.total_bytes() < 600_000, "{} bytes", manifest.total_bytes());
}

/// All three kinds of attention, the last hidden state and the logits.
#[test]
fn its_numbers_are_hugging_faces() {
    let Opened { model, .. } = opened();
    let golden = golden().join("numbers");
    let expected = tensors(&bytes(&golden.join("expected.safetensors")));
    let trace = model.run(&input(&golden), &Intervention::default()).unwrap();
    for (tensor, difference) in differences(model, &trace, &expected) {
        println!("{tensor:20} {difference:.2e}");
    }
    assert_eq!(disagreement(model, &trace, &expected), None);
}

/// The likeliest token each time, until it ends the word; also as the British say it, and in large letters.
#[test]
fn it_writes_german_for_numbers_that_it_has_not_seen() {
    let opened = opened();
    for n in held_out() {
        for words in [english(n), english(n).replace("hundred ", "Hundred and ")] {
            let (tokens, decoder) =
                read_text(&opened.tokenizer, opened.model.config.architecture, &words, None).unwrap();
            let written = continued(opened, &Input::of(&tokens, decoder), &Intervention::default(), 20).unwrap();
            assert_eq!(written, german(n), "{words}");
        }
    }
}

/// A number with what the decoder has written of it.
fn read(n: usize) -> (Tokens, Trace) {
    let Opened { model, tokenizer, .. } = opened();
    let (tokens, decoder) = read_text(tokenizer, model.config.architecture, &english(n), Some(&german(n))).unwrap();
    let trace = model.run(&Input::of(&tokens, decoder), &Intervention::default()).unwrap();
    (tokens, trace)
}

/// At `und` the decoder is about to write the tens, which English has said before the ones.
#[test]
fn where_it_writes_the_tens_it_reads_the_tens() {
    let crossing = held_out().into_iter().filter(|n| n % 100 > 20 && n % 10 > 0);
    let weights: Vec<(usize, f32)> = crossing
        .map(|n| {
            let (tokens, trace) = read(n);
            let und = tokens.items.iter().rposition(|token| token.token == "und").unwrap();
            let tens = tokens.items.iter().rposition(|token| token.token.ends_with("ty")).unwrap();
            (n, trace.head(ALIGNED)[[und, tens]])
        })
        .collect();
    println!("{weights:?}");
    assert!(weights.len() > 10 && weights.iter().all(|&(_, weight)| weight > 0.9), "{weights:?}");
}

/// Each token of the decoder reads the English one of what it is about to write: from left to right, but for the crossing.
#[test]
fn the_shown_head_aligns_the_whole_sentence() {
    let (tokens, trace) = read(SHOWN);
    let shown = tokens.shown(&english(SHOWN), Some(&german(SHOWN)));
    for (query, key) in [
        ("<pad>", "two"),
        ("zwei", "hundred"),
        ("hundert", "three"),
        ("drei", "-"),
        ("und", "twenty"),
        ("zwanzig", "</s>"),
    ] {
        let [q, k] = [query, key].map(|token| find_token(&shown, token).unwrap());
        let weight = trace.head(ALIGNED)[[q, k]];
        println!("{query:8} {key:8} {weight:.4}");
        assert!(weight > 0.95, "{query} reads {key} with {weight}");
    }
}

#[test]
fn the_saved_run_is_what_the_model_computes() {
    let (tokens, trace) = read(SHOWN);
    let (text, pair) = (english(SHOWN), Some(german(SHOWN)));
    let und = find_token(&tokens.shown(&text, pair.as_deref()), "und").unwrap();
    let HeadId { layer, head } = ALIGNED;
    let view = ViewState { text, pair, layer, head, tokens: vec![und], ..ViewState::default() };
    let fresh = Snapshot::new("numbers", &view, tokens, trace.pattern.clone());
    let file = project().join("assets/snapshots/numbers.safetensors");
    if updating() {
        std::fs::write(&file, fresh.to_bytes().unwrap()).unwrap();
    }
    let saved = bytes(&file);
    assert!(saved.len() < 60_000, "{} bytes", saved.len());
    let saved = Snapshot::from_bytes(&saved).unwrap();
    assert_eq!(saved.about, fresh.about);
    let difference = saved.largest_difference(trace.pattern.view()).unwrap();
    // As for the page's first sentence in scenes.rs.
    assert!(difference <= 2e-5, "{difference}");
}
