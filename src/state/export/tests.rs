//! What is written, read back by the libraries that others will read it with.

use ndarray::{Array4, array};
use safetensors::SafeTensors;

use super::*;
use crate::engine::{HeadId, Token, Tokens};
use crate::state::{Asked, Source};

const TEXT: &str = "a \"b\"\n\u{1}é👩‍👩‍👧,";

fn run() -> (ViewState, Run, Array4<f32>) {
    let token = |i: usize| Token {
        id: i as u32 + 7,
        token: format!("##{i}\""),
        chars: (i, i + 1),
        bytes: (i, i + 1),
        segment: 0,
        sequence: Some(0),
        word: Some(0),
        special: i == 0,
    };
    let tokens = Tokens { items: vec![token(0), token(1)], cuts: vec![] };
    let mut pattern = Array4::from_shape_fn((2, 3, 2, 2), |(l, h, q, k)| (l * 12 + h * 4 + q * 2 + k) as f32 / 48.0);
    pattern[[1, 2, 0, 1]] = f32::NAN;
    let asked = Asked { text: TEXT.into(), ..Asked::default() };
    let view = ViewState { text: TEXT.into(), layer: 1, head: 2, tokens: vec![1], ..ViewState::default() };
    (view, Run::whole(asked, tokens, &pattern, Source::Snapshot), pattern)
}

fn shown(texts: &[&str]) -> Vec<Shown> {
    let one = |text: &&str| Shown { text: (*text).into(), continues: false, special: false, unknown: false };
    texts.iter().map(one).collect()
}

#[test]
fn csv_has_a_byte_order_mark_and_quotes_and_no_text_is_a_formula() {
    let texts = shown(&["a,b", "say \"hi\"\n", "=1+1", "é"]);
    let row = row_table(&texts, &[0.5, f32::NAN, -1e-9, 0.123_456_7], "weight").csv();
    assert_eq!(
        row,
        "\u{feff}token,place,weight\r\n\"a,b\",0,0.5\r\n\"say \"\"hi\"\"\n\",1,\r\n'=1+1,2,0\r\né,3,0.1234567\r\n"
    );
    assert_eq!(row.as_bytes()[..3], [0xef, 0xbb, 0xbf]);
    let map = array![[1.0, f32::NAN], [-0.25, 0.75]];
    let head = head_table(&texts[2..], map.view()).csv();
    assert_eq!(head, "\u{feff}query \\ key,'=1+1,é\r\n'=1+1,1,\r\né,-0.25,0.75\r\n");
}

#[test]
fn on_the_clipboard_cells_are_parted_by_tabs_and_no_text_parts_them() {
    let texts = shown(&["a,b", "\"hi\"", "a\tb\nc", "=1+1"]);
    let row = row_table(&texts, &[0.5, f32::NAN, -0.5, 0.25], "weight").tabs();
    assert_eq!(
        row,
        "token\tplace\tweight\r\na,b\t0\t0.5\r\n\"\"\"hi\"\"\"\t1\t\r\n\"a\tb\nc\"\t2\t-0.5\r\n'=1+1\t3\t0.25\r\n"
    );
}

#[test]
fn json_is_read_back() {
    let (view, run, pattern) = run();
    let json: serde_json::Value = serde_json::from_str(&run_json("m\\n", &view, &run, pattern.view())).unwrap();
    assert_eq!((json["model"].as_str(), json["text"].as_str(), json.get("pair")), (Some("m\\n"), Some(TEXT), None));
    assert_eq!(json["link"].as_str(), Some(link(&view).as_str()));
    assert_eq!((json["tokens"][1]["token"].as_str(), json["tokens"][1]["id"].as_u64()), (Some("##1\""), Some(8)));
    assert_eq!(json["tokens"][0]["special"].as_bool(), Some(true));
    for ((l, h, q, k), &weight) in pattern.indexed_iter() {
        let read = json["attention"][l][h][q][k].as_f64();
        assert!(
            read.map_or(weight.is_nan(), |read| (read as f32 - weight).abs() <= 5.1e-8),
            "{l} {h} {q} {k}: {read:?}"
        );
    }
    let all: String = ('\0'..=char::MAX).collect();
    assert_eq!(serde_json::from_str::<String>(&quoted(&all)).unwrap(), all, "every character there is");
}

#[test]
fn safetensors_are_read_back_bit_for_bit() {
    let (view, run, pattern) = run();
    let file = run_safetensors("m", &view, &run, pattern.view());
    let (_, header) = SafeTensors::read_metadata(&file).unwrap();
    let about = header.metadata().as_ref().unwrap();
    assert_eq!((about["text"].as_str(), about["tokens"].as_str()), (TEXT, "[\"##0\\\"\",\"##1\\\"\"]"));
    let tensors = SafeTensors::deserialize(&file).unwrap();
    assert_eq!(tensors.names().len(), 2);
    for (layer, weights) in pattern.outer_iter().enumerate() {
        let tensor = tensors.tensor(&format!("attention.{layer}")).unwrap();
        assert_eq!((tensor.shape(), tensor.dtype()), ([3, 2, 2].as_slice(), safetensors::Dtype::F32));
        let bits: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
        assert_eq!(tensor.data(), bits);
    }
}

#[test]
fn a_caption_names_all_that_changes_what_is_seen() {
    let (mut view, run, _) = run();
    view.text = "dog".into();
    let mut plain = run.clone();
    plain.asked.text = "dog".into();
    plain.shown = shown(&["[CLS]", "dog"]).into();
    assert_eq!(
        caption("MiniLM", &view, &plain),
        "Attention weights of layer 1, head 2, MiniLM, reading “dog”; query “dog”."
    );
    view.altered.temperature = 2.0;
    view.switch_head(HeadId::new(0, 3));
    (view.words, view.special, view.tokens) = (true, Special::Mask, vec![0, 1]);
    view.compare = Some(Baseline::Text("cat".into()));
    plain.asked.pair = Some("b".into());
    assert_eq!(
        caption("MiniLM", &view, &plain),
        "Difference of the attention weights of layer 1, head 2, MiniLM, reading “dog” and “b”, compared with “cat”; \
         mean of the queries “[CLS]”, “dog”. Subwords are merged into words. Special tokens are hidden. Edited \
         model: off=L0H3, temperature=2."
    );
}
