//! What is said in other languages: in pictures, and of faults from all layers.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::assert_golden;
use attnscope::analysis::{Edge, HeadMap, Quantity, Special, by_mass};
use attnscope::engine::{HeadId, Shown};
use attnscope::error::{Error, Kind};
use attnscope::scene::colour::Theme;
use attnscope::scene::sentence::{Sentence, TOKEN_SIZE, arcs, columns, written};
use attnscope::scene::svg::svg;
use attnscope::scene::width::estimated_width;
use attnscope::scene::{Scene, Shape, Target};
use attnscope::text::{self, LANGUAGES, speak, translated};
use catalogue::Catalogue;
use ndarray::{Array1, Array2};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn file(code: &str) -> String {
    let all = Catalogue::read(&root().join("lang")).unwrap().files().unwrap();
    all.into_iter().find(|file| file.code == code).map(|file| file.text).unwrap()
}

/// Makes this thread speak a language until the value is dropped: another test may run on the same thread afterwards.
struct Speaking;

impl Speaking {
    fn of(code: &str) -> Self {
        speak(file(code));
        Self
    }
}

impl Drop for Speaking {
    fn drop(&mut self) {
        speak(String::new());
    }
}

/// Plural forms of the CLDR's own examples, in a message that has them.
#[test]
fn every_language_counts_as_it_should() {
    let _arabic = Speaking::of("ar");
    let heads = [0, 1, 2, 3, 11, 72, 100, 103, 111].map(text::heads_off);
    assert_eq!(
        heads,
        [
            "لا رأس موقوف",
            "رأس واحد موقوف",
            "رأسان موقوفان",
            "3 رؤوس موقوفة",
            "11 رأسًا موقوفًا",
            "72 رأسًا موقوفًا",
            "100 رأس موقوف",
            "103 رؤوس موقوفة",
            "111 رأسًا موقوفًا"
        ]
    );
    assert!(text::mirrored());
    let _japanese = Speaking::of("ja");
    assert_eq!([1, 2].map(text::heads_off), ["1 個のヘッドがオフ", "2 個のヘッドがオフ"]);
    assert!(!text::mirrored());
}

#[test]
fn values_keep_their_direction_in_a_text_from_right_to_left() {
    let _arabic = Speaking::of("ar");
    let (open, close) = ('\u{2068}', '\u{2069}');
    let cell = text::cell("it", "trophy", "-0.03");
    assert_eq!(cell, format!("{open}it{close} يقرأ {open}trophy{close}: {open}-0.03{close}"));
    let heads = text::list(["L3 H1 0.62", "L2 H4 0.12"]);
    assert_eq!(heads, format!("{open}L3 H1 0.62{close}، {open}L2 H4 0.12{close}"));
    assert!(text::heads_change(&heads).contains(&heads), "no isolate around isolates: it would have no direction");
}

#[test]
fn a_language_names_itself_and_has_a_file_unless_it_is_english() {
    let names: Vec<_> = LANGUAGES.iter().map(|language| (language.code, language.name)).collect();
    assert_eq!(names, [("en", "English"), ("ar", "العربية"), ("ja", "日本語")]);
    for language in &LANGUAGES {
        assert_eq!(language.file.is_empty(), language.code == "en");
        assert!(language.file.is_empty() || language.file.starts_with(language.code));
    }
}

#[test]
fn a_fault_of_any_layer_is_told_in_the_readers_language() {
    let error = "L9".parse::<HeadId>().unwrap_err();
    let error = Error { what: "the head".into(), ..error };
    let _japanese = Speaking::of("ja");
    assert_eq!(
        translated(&error.to_string()),
        "ヘッド：必要なもの：L3H1 のような層とヘッド、実際：\"L9\"。層とヘッドは 0 から数えます。"
    );
    let download = Error::new(
        Kind::Network,
        "model.safetensors",
        "at most 300 bytes",
        "more",
        "Choose another model, or tell whoever runs this page.",
    );
    assert_eq!(
        translated(&download.to_string()),
        "model.safetensors：必要なもの：300 バイト以下、実際：それ以上。別のモデルを選ぶか、このページの運営者に知らせてください。"
    );
}

/// The English of `fault-…`, its places written `{}`.
fn faults() -> Vec<String> {
    let source = fs::read_to_string(root().join("lang/en.ftl")).unwrap();
    let lines = source.lines().filter(|line| line.starts_with("fault-"));
    let text = |line: &str| {
        let mut out = String::new();
        for part in line.split_once(" = ").unwrap().1.split("{ $") {
            out.push_str(if out.is_empty() && !line.contains("= {") {
                part
            } else {
                part.split_once('}').map_or(part, |p| p.1)
            });
            out.push('\0');
        }
        out
    };
    lines.map(text).collect()
}

/// The names of the messages of `lang/en.ftl`.
fn names() -> Vec<String> {
    let source = fs::read_to_string(root().join("lang/en.ftl")).unwrap();
    let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    lines.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
}

/// A text that nothing shows is translated for nobody.
#[test]
fn every_message_is_used() {
    let mut program = String::new();
    sources(&root().join("src"), &mut program);
    sources(&root().join("xtask"), &mut program);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let words: HashSet<&str> = program.split(|c| !is_of_name(c)).collect();
    let unused: Vec<String> = names()
        .into_iter()
        .filter(|name| !name.starts_with("fault-"))
        .filter(|name| !words.contains(name.as_str()) && !words.contains(name.replace('-', "_").as_str()))
        .collect();
    assert!(unused.is_empty(), "lang/en.ftl has messages that nothing shows: {unused:?}");
}

/// The list stands over the picture of the heads, beside another one.
#[test]
fn the_orders_of_heads_have_short_names_in_every_language() {
    const MOST_COLUMNS: usize = 22;
    for language in &LANGUAGES {
        let _speaking = (language.code != "en").then(|| Speaking::of(language.code));
        let orders = [
            text::order_place(),
            text::order_entropy(),
            text::order_distance(),
            text::order_sinks(),
            text::order_reads(),
            text::order_label(),
            text::order_change(),
            text::order_moved(),
        ];
        for order in orders {
            let columns: usize = order.chars().map(text::column_count).sum();
            assert!(columns <= MOST_COLUMNS, "{}: {order} has {columns} columns", language.code);
        }
    }
}

fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// What is translated is what is said: a sentence changed in the program only is noticed here.
#[test]
fn the_english_of_every_fault_is_in_the_program() {
    let mut program = String::new();
    sources(&root().join("src"), &mut program);
    for fault in faults() {
        for part in fault.split('\0').filter(|part| part.len() > 3) {
            assert!(program.contains(part.trim()), "{part:?} of {fault:?} is nowhere in src");
        }
    }
}

/// Sentences of advice that only scripts, the command line and the worker's own messages can meet.
const UNTRANSLATED: [&str; 4] = [
    "Ask for a picture of some width.",
    "Ask for one head of the layer.",
    "Give one segment id for each token.",
    "Name a model's folder with --model.",
];

#[test]
fn what_a_reader_is_told_to_do_is_translated() {
    let mut program = String::new();
    sources(&root().join("src"), &mut program);
    let known = faults();
    let advice = program.split("let advice = \"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let is_known = |told: &&str| known.iter().any(|fault| fault.trim_end_matches('\0') == *told);
    let lacks: Vec<&str> = advice.filter(|told| !UNTRANSLATED.contains(told) && !is_known(told)).collect();
    assert!(lacks.is_empty(), "lang/en.ftl lacks {lacks:#?}");
}

/// A question in Arabic with a Latin name in it, one of its words in two pieces, read by the last word.
fn question(draw: fn(&Sentence) -> Scene) -> Scene {
    let shown = |text: &str, continues, special| Shown { text: text.into(), continues, special, unknown: false };
    let tokens = [
        shown("[CLS]", false, true),
        shown("هل", false, false),
        shown("يق", false, false),
        shown("رأ", true, false),
        shown("GPT-2", false, false),
        shown("العربية", false, false),
        shown("؟", false, false),
        shown("[SEP]", false, true),
    ];
    let n = tokens.len();
    let mut cells = Array2::from_elem((n, n), 1.0 / n as f32);
    cells.row_mut(5).assign(&Array1::from(vec![0.1, 0.0, 0.3, 0.2, 0.35, 0.05, 0.0, 0.0]));
    let map = HeadMap::new(Quantity::Weight, cells.view(), &vec![false; n], Special::Show);
    let row = map.row(&[5]).unwrap();
    let edges: Vec<Edge> = by_mass(&row, 0.9).0.iter().map(|&(key, weight)| Edge { query: 5, key, weight }).collect();
    let widths: Vec<f32> = tokens.iter().map(|token| estimated_width(&written(token), TOKEN_SIZE)).collect();
    draw(&Sentence {
        name: "L3 H1",
        quantity: Quantity::Weight,
        max: 1.0,
        tokens: &tokens,
        widths: &widths,
        queries: &[5],
        row: Some(&row),
        edges: &edges,
        pointed: None,
        is_off: false,
        right_to_left: text::runs_right_to_left("هل يقرأ GPT-2 العربية؟"),
        room: 700.0,
        height: f32::INFINITY,
    })
}

#[test]
fn a_sentence_that_runs_from_right_to_left_is_drawn_from_there() {
    for (name, draw) in [("arcs_right_to_left", arcs as fn(&Sentence) -> Scene), ("columns_right_to_left", columns)] {
        let scene = question(draw);
        let places: Vec<f32> = (0..8)
            .map(|token| {
                let mark = scene.marks.iter().find(|m| m.target == Some(Target::Query(token))).unwrap();
                let Shape::Rect { at, .. } = mark.shape else { panic!("{mark:?}") };
                assert_eq!(scene.hit(at.x + at.w / 2.0, at.y + at.h / 2.0), Some(Target::Query(token)));
                at.x + at.w / 2.0
            })
            .collect();
        if name.starts_with("arcs") {
            assert!(places.is_sorted_by(|a, b| a > b), "{places:?}");
        } else {
            assert!(places.iter().all(|x| *x > 350.0), "queries on the right: {places:?}");
        }
        assert_golden(name, &scene);
    }
}

#[test]
fn what_runs_from_right_to_left_has_a_direction_of_its_own_in_a_saved_picture() {
    let file = svg(&question(arcs), Theme::Light);
    assert!(file.contains(" direction=\"ltr\""));
    assert!(file.contains(">\u{2068}·رأ\u{2069}</text>") && file.contains(">GPT-2</text>"));
}
