//! Links that are written and read back, and links from outside.

use super::*;
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::Intervention;
use crate::source::{HUB, Source};
use crate::state::dice::Dice;
use crate::state::{Sort, TokenRef, View};

fn back(link: &str) -> ViewState {
    let (patch, faults) = read_link(link);
    assert_eq!(faults, [] as [String; 0], "{link}");
    let mut view = ViewState { layer: 5, words: true, sort: Sort::Change, ..ViewState::default() };
    view.apply(&patch);
    view.foreseen(&patch.wanted)
}

#[test]
fn the_start_is_a_short_link() {
    let expected = "v=1&text=The+trophy+did+not+fit+in+the+bag+because+it+was+too+big.&head=L3H1&tokens=10";
    assert_eq!(link(&ViewState::default()), expected);
    assert_eq!(back(expected), ViewState::default());
}

#[test]
fn random_states_come_back() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for _ in 0..2000 {
        let view = dice.view();
        assert_eq!(back(&link(&view)), view, "{}", link(&view));
    }
}

#[test]
fn links_of_every_option_as_they_were_first_written_are_read() {
    let written = "v=1&text=dog+bit&pair=b&model=a/b@c&hub=https://mirror.example&head=L2H4&tokens=1,it&other=c&view=arcs\
        &special=mask&show=norm&side_by_side=1&numbers=1&words=1&mass=0.5&inside=1&downstream=1&chart=entropy&sort=moved\
        &label=broad&from=5&to=12&off=L3H1,L2H4&positions=0&shuffle=7&temperature=2&causal=1";
    let view = back(written);
    let mut altered =
        Intervention { positions_off: true, shuffle: Some(7), temperature: 2.0, causal: true, ..Default::default() };
    altered.heads_off.insert(HeadId::new(3, 1));
    altered.heads_off.insert(HeadId::new(2, 4));
    let expected = ViewState {
        text: "dog bit".into(),
        pair: Some("b".into()),
        model: Some(Source::parse("a/b@c", "https://mirror.example").unwrap()),
        layer: 2,
        head: 4,
        tokens: vec![1],
        view: Some(View::Arcs),
        special: Special::Mask,
        show: Quantity::Norm,
        compare: Some(Baseline::Text("c".into())),
        side_by_side: true,
        numbers: true,
        words: true,
        mass: 0.5,
        inside: true,
        downstream: true,
        chart: Some(Measure::Entropy),
        sort: Sort::Moved,
        label: Some(Label::Broad),
        from: Some(5),
        to: Some(12),
        altered,
    };
    assert_eq!(view, expected);
    let hub_first = "hub=https://mirror.example&text=a&model=a/b@c";
    assert_eq!(back(hub_first).model, expected.model);
}

#[test]
fn a_link_is_made_only_where_it_can_be_read() {
    // A Chinese character takes nine bytes of a link.
    let of = |text: String| ViewState { text, ..ViewState::default() };
    let (short, long) = (of("注".repeat(7000)), of("注".repeat(8000)));
    assert_eq!(back(&link_to(&short).unwrap()), short);
    assert_eq!(link_to(&long), None);
    assert_eq!(link_to(&ViewState { pair: Some(long.text.clone()), ..ViewState::default() }), None);
    let compare = Some(Baseline::Text("a".repeat(1 << 20)));
    assert_eq!(link_to(&ViewState { compare, ..ViewState::default() }), None);
    let text = "a".repeat(MAX_BYTES - link(&of(String::new())).len());
    assert_eq!(link_to(&of(text.clone())).map(|link| link.len()), Some(MAX_BYTES));
    assert_eq!(link_to(&of(text + "a")), None);
}

#[test]
fn a_model_is_named_for_people_to_read() {
    let named = |name: &str, hub: &str| {
        let model = Some(Source::parse(name, hub).unwrap());
        let told = link(&ViewState { text: "a".into(), model: model.clone(), ..ViewState::default() });
        assert_eq!(back(&told).model, model);
        told.replace("v=1&text=a&", "").replace("&head=L3H1&tokens=10", "")
    };
    assert_eq!(named("owner/name@v2", HUB), "model=owner/name@v2");
    assert_eq!(named("a/b", "https://mirror.example/x"), "model=a/b&hub=https://mirror.example/x");
    assert_eq!(named("https://example.org/m/", HUB), "model=https://example.org/m/");
    let (patch, faults) = read_link("text=a&model=a/b");
    assert_eq!((patch.layer, patch.head, faults.len()), (None, None, 0), "the start's head may not be there");
    assert_eq!(patch.wanted.tokens, Some(Vec::new()), "nor its token");
    for (broken, told) in [
        ("model=a+b&text=a", "the model: expected owner/name"),
        ("model=javascript:alert(1)", "the model: expected owner/name"),
        ("model=a/b&hub=nowhere", "the hub's address: expected an address"),
        ("hub=https://mirror.example&text=a", "model: expected owner/name"),
    ] {
        let (patch, faults) = read_link(broken);
        assert_eq!((patch.model, faults.len()), (Some(None), 1), "{broken}");
        assert!(faults[0].starts_with(told), "{broken}: {}", faults[0]);
    }
}

fn changed(link: &str, gone: &str) -> ViewState {
    let (patch, faults) = read_change(link, gone);
    assert_eq!(faults, [] as [String; 0], "{link}");
    let mut altered = Intervention { causal: true, ..Intervention::default() };
    altered.heads_off.insert(HeadId::new(1, 2));
    let mut view = ViewState { text: "a".into(), words: true, altered, from: Some(3), ..ViewState::default() };
    view.apply(&patch);
    view.foreseen(&patch.wanted)
}

#[test]
fn true_and_false_are_read_as_html_and_jsx_write_them() {
    for on in ["1", "true", "", "+"] {
        let (patch, faults) = read_link(&format!("words={on}&inside={on}&causal={on}"));
        assert_eq!((patch.words, patch.inside, faults.len()), (Some(true), Some(true), 0), "{on:?}");
        assert!(patch.altered.unwrap().causal, "{on:?}");
    }
    assert_eq!(read_link("words").0.words, Some(true));
    for off in ["0", "false"] {
        let (patch, faults) = read_link(&format!("words={off}&positions={off}"));
        assert_eq!((patch.words, faults.len()), (Some(false), 0), "{off:?}");
        assert!(patch.altered.unwrap().positions_off, "{off:?}");
    }
    assert_eq!(read_link("words=maybe").1.len(), 1);
}

#[test]
fn a_token_is_a_word_first_and_a_list_that_names_nothing_is_told() {
    let tokens = |link: &str| read_link(link).0.wanted.tokens.unwrap();
    let (word, place) = (|text: &str| TokenRef::Text(text.into()), TokenRef::Index);
    assert_eq!(tokens("token=1999"), [word("1999")]);
    assert_eq!(tokens("token=it, 7"), [word("it"), word("7")]);
    assert_eq!(tokens("tokens=1999,it"), [place(1999), word("it")]);
    assert_eq!(tokens("text=a&tokens="), []);
    for (nothing, told) in [("token=,", "token: "), ("tokens=+,,", "tokens: "), ("off=,", "off: ")] {
        let (_, faults) = read_link(nothing);
        assert!(faults.len() == 1 && faults[0].starts_with(told), "{nothing}: {faults:?}");
    }
}

#[test]
fn a_change_leaves_what_it_does_not_name_and_takes_away_what_is_gone() {
    let view = changed("text=b&mass=0.5", "");
    assert_eq!((view.text.as_str(), view.mass, view.words, view.from), ("b", 0.5, true, Some(3)));
    assert!(view.altered.causal && view.altered.heads_off.len() == 1);
    let view = changed("off=L0H1", "words,from,token,causal,text,head");
    assert_eq!((view.text.as_str(), view.words, view.from, view.tokens.len()), ("a", false, None, 0));
    assert_eq!((view.altered.causal, view.altered.heads_off.len()), (false, 1));
    assert!(changed("", "off").altered.is_none());
    assert_eq!(read_change("leyer=1", "nonsense").1.len(), 1);
}

#[test]
fn the_texts_of_a_link_are_known_before_the_rest() {
    let both = |text: &str, pair: Option<&str>| Some((text.to_owned(), pair.map(str::to_owned)));
    assert_eq!(link_texts("v=1&text=dog+bit&pair=b%20c&words"), both("dog bit", Some("b c")));
    assert_eq!(link_texts("text=a&text=b"), both("b", None), "as the link is read: the last");
    assert_eq!(link_texts("pair=b"), both(&ViewState::default().text, Some("b")));
    assert_eq!(link_texts("v=1&head=L2H4"), None);
    assert_eq!(link_texts(&format!("text={}", "a".repeat(1 << 20))), None);
}

#[test]
fn a_broken_link_gives_what_it_can_and_says_what_it_cannot() {
    let (patch, faults) = read_link(
        "v=9&text=dog+bit&head=L3&layer=2&view=circles&mass=2&causal=maybe&off=L1H2&tokens=dog,1&leyer=7&temperature=1e5",
    );
    assert_eq!(patch.text.as_deref(), Some("dog bit"));
    assert_eq!(patch.wanted.tokens, Some(vec![TokenRef::Text("dog".into()), TokenRef::Index(1)]));
    assert!(patch.altered.unwrap().heads_off.contains(&HeadId::new(1, 2)));
    assert_eq!(patch.view, Some(None), "as at the start");
    for (fault, of) in
        faults.iter().zip(["version 9", "head", "layer", "view", "mass", "causal", "leyer", "temperature"])
    {
        assert!(fault.contains(of), "{fault}: {of}");
    }
    assert_eq!(faults.len(), 8);
    assert_eq!(read_link(&"a".repeat(1 << 20)).1.len(), 1);
    for hostile in ["%", "%ff=%ff", "&&&===", "text", "tokens=99999999999999999999", "off=L99999999999999999999H0"] {
        let _ = read_link(hostile);
    }
}
