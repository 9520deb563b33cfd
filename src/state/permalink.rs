//! A [`ViewState`] as an address: what follows the `#` of a link, short and for people to read.
//!
//! `v=1&text=dog+bit+man&head=L2H4&tokens=1`: fields as `attnscope.set` names them, left out where they are as at the
//! start; `model` and, for one of a mirror, `hub` name the model; the head is one field, and what is changed in the model are fields of their own (`off=L3H1,L2H4`,
//! `positions=0`, `shuffle=7`, `temperature=2`, `causal=1`).

use form_urlencoded::{Serializer, byte_serialize, parse};

use super::patch::{Patch, fault};
use super::value::Value;
use super::view_state::{Baseline, ViewState};
use crate::analysis::fixed;
use crate::engine::HeadId;

/// Goes up when an old link would mean something else.
const VERSION: &str = "1";
/// The longest link that is made or read: a browser's own limit is not far above.
const MAX_BYTES: usize = 64 << 10;
/// Fields that are true or false.
const FLAGS: [&str; 4] = ["words", "inside", "downstream", "side_by_side"];
/// Fields that are a part of `altered`.
const ALTERED: [&str; 5] = ["off", "positions", "shuffle", "temperature", "causal"];

/// The state as a link; none where that would be longer than any that [`read_link`] reads.
pub fn link_to(view: &ViewState) -> Option<String> {
    let other = match &view.compare {
        Some(Baseline::Text(text)) => text.len(),
        _ => 0,
    };
    // In a link, a byte of a text takes one byte at least: most that are too long need not be written.
    let texts = view.text.len() + view.pair.as_ref().map_or(0, String::len) + other;
    (texts <= MAX_BYTES).then(|| link(view)).filter(|link| link.len() <= MAX_BYTES)
}

/// The state as a link, however long.
pub fn link(view: &ViewState) -> String {
    let start = ViewState::default();
    let mut out = Serializer::new(String::new());
    out.append_pair("v", VERSION).append_pair("text", &view.text);
    if let Some(pair) = &view.pair {
        out.append_pair("pair", pair);
    }
    if let Some(model) = &view.model {
        out = with_address(out, "model", &model.written());
        if let Some(hub) = model.mirror() {
            out = with_address(out, "hub", hub);
        }
    }
    let HeadId { layer, head } = view.head_id();
    out.append_pair("head", &format!("L{layer}H{head}"));
    let tokens: Vec<String> = view.tokens.iter().map(usize::to_string).collect();
    out.append_pair("tokens", &tokens.join(","));
    match &view.compare {
        Some(Baseline::Unaltered) => {
            out.append_pair("compare", "unaltered");
        }
        Some(Baseline::Text(text)) => {
            out.append_pair("other", text);
        }
        None => {}
    }
    let (Value::Object(now), Value::Object(before)) = (view.to_value(), start.to_value()) else { return out.finish() };
    let written = ["text", "pair", "model", "layer", "head", "tokens", "compare", "altered"];
    for ((name, value), (_, old)) in now.iter().zip(&before).filter(|((name, _), _)| !written.contains(&name.as_str()))
    {
        if value != old {
            out.append_pair(name, &plain(value));
        }
    }
    let altered = &view.altered;
    if !altered.heads_off.is_empty() {
        let off: Vec<_> = altered.heads_off.iter().map(|id| format!("L{}H{}", id.layer, id.head)).collect();
        out.append_pair("off", &off.join(","));
    }
    if altered.positions_off {
        out.append_pair("positions", "0");
    }
    if let Some(seed) = altered.shuffle {
        out.append_pair("shuffle", &seed.to_string());
    }
    if altered.temperature != 1.0 {
        out.append_pair("temperature", &plain(&Value::Number(altered.temperature.into())));
    }
    if altered.causal {
        out.append_pair("causal", "1");
    }
    out.finish()
}

/// Adds a field with the signs of names and addresses as they are: nothing reads them for others behind a `#`.
fn with_address<'a>(mut out: Serializer<'a, String>, name: &str, address: &str) -> Serializer<'a, String> {
    let text: String = byte_serialize(address.as_bytes()).collect();
    let text = text.replace("%2F", "/").replace("%3A", ":").replace("%40", "@");
    let whole = out.finish() + "&" + name + "=" + &text;
    Serializer::new(whole)
}

/// The texts that a link names: what the page must read before anything else of the link can be put in place. None where
/// the link leaves the text as it is at the start.
pub fn link_texts(link: &str) -> Option<(String, Option<String>)> {
    if link.len() > MAX_BYTES {
        return None;
    }
    let (mut text, mut pair) = (None, None);
    for (name, value) in parse(link.as_bytes()) {
        match name.as_ref() {
            "text" => text = Some(value.into_owned()),
            "pair" => pair = Some(value.into_owned()),
            _ => {}
        }
    }
    let is_named = text.is_some() || pair.is_some();
    is_named.then(|| (text.unwrap_or_else(|| ViewState::default().text), pair))
}

/// What a link asks for, and what of it could not be read, each in a sentence. The rest holds all the same.
pub fn read_link(link: &str) -> (Patch, Vec<String>) {
    // A link is the whole state: what it does not name is as at the start.
    let Value::Object(mut fields) = ViewState::default().to_value() else { return Default::default() };
    // The token and the head of the start are of its own text and model.
    let names = |field: &str| parse(link.as_bytes()).any(|(name, _)| name == field);
    if names("text") {
        put_unchecked(&mut fields, "tokens", Value::List(Vec::new()));
    }
    if names("model") {
        fields.retain(|(name, _)| name != "layer" && name != "head");
    }
    read_fields(fields, link)
}

/// As [`read_link`], of attributes that have changed: what `link` does not name stays as it is, and what is `gone` (names
/// with commas between) becomes as at the start.
pub fn read_change(link: &str, gone: &str) -> (Patch, Vec<String>) {
    let Value::Object(start) = ViewState::default().to_value() else { return Default::default() };
    let mut fields = Vec::new();
    for name in gone.split(',') {
        let field = match name {
            "token" | "tokens" => {
                put_unchecked(&mut fields, "tokens", Value::List(Vec::new()));
                continue;
            }
            "other" => "compare",
            name if ALTERED.contains(&name) => "altered",
            // There is always a text, and always a head.
            "text" | "layer" | "head" => continue,
            name => name,
        };
        fields.extend(start.iter().filter(|(name, _)| name == field).cloned());
    }
    read_fields(fields, link)
}

/// Puts the fields of a link in the place of those that are there already.
fn read_fields(mut fields: Vec<(String, Value)>, link: &str) -> (Patch, Vec<String>) {
    let mut faults = Vec::new();
    if link.len() > MAX_BYTES {
        return (Patch::default(), vec!["The link is longer than any that this page makes.".into()]);
    }
    let mut altered = Vec::new();
    let (mut model, mut hub) = (None, None);
    for (name, text) in parse(link.as_bytes()) {
        let list = |item: fn(&str) -> Value| list(&name, &text, item);
        let taken = match name.as_ref() {
            "v" if text == VERSION => Ok(()),
            "v" => Err(format!("The link is of version {}, which this page does not know.", short(&text))),
            "model" => {
                model = Some(text.into_owned());
                Ok(())
            }
            "hub" => {
                hub = Some(text.into_owned());
                Ok(())
            }
            "head" => match text.parse::<HeadId>() {
                Ok(id) => put(&mut fields, "layer", id.layer.into()).and(put(&mut fields, "head", id.head.into())),
                Err(error) => Err(error.to_string()),
            },
            "tokens" => list(item).and_then(|tokens| put(&mut fields, "tokens", tokens)),
            // By its characters first: whoever writes a number by hand may mean the word.
            "token" => list(|text| text.into()).and_then(|tokens| put(&mut fields, "tokens", tokens)),
            "other" => {
                let other = Value::Object(vec![("text".into(), text.as_ref().into())]);
                put(&mut fields, "compare", other)
            }
            "off" => list(|text| text.into()).and_then(|heads| put_altered(&mut altered, "heads_off", heads)),
            "positions" | "causal" => put_altered(&mut altered, &name, flag(&text)),
            "shuffle" | "temperature" => put_altered(&mut altered, &name, number(&text)),
            "mass" => put(&mut fields, &name, number(&text)),
            "from" | "to" => put(&mut fields, &name, item(&text)),
            name if FLAGS.contains(&name) => put(&mut fields, name, flag(&text)),
            name => put(&mut fields, name, text.as_ref().into()),
        };
        faults.extend(taken.err());
    }
    // Where the mirror cannot be read, the model is of nowhere.
    if model.is_some() || hub.is_some() {
        let named = match (model, hub) {
            (Some(name), None) => Value::Text(name),
            (name, hub) => {
                let both = [("name", name), ("hub", hub)].map(|(field, text)| (field, text.map(Value::Text)));
                Value::Object(both.map(|(field, text)| (field.to_owned(), text.unwrap_or(Value::Null))).to_vec())
            }
        };
        faults.extend(put(&mut fields, "model", named).err());
    }
    if !altered.is_empty() {
        put_unchecked(&mut fields, "altered", Value::Object(altered));
    }
    match Patch::read(&Value::Object(fields)) {
        Ok(patch) => (patch, faults),
        // Each field has been read before.
        Err(error) => (Patch::default(), vec![error.to_string()]),
    }
}

/// What stands between commas. An empty text is an empty list; one that has commas and nothing else names nothing.
fn list(name: &str, text: &str, item: fn(&str) -> Value) -> Result<Value, String> {
    let expected = if name == "off" { "heads like L3 H1" } else { "a list of tokens" };
    let items: Vec<Value> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(item).collect();
    match items.is_empty() && !text.trim().is_empty() {
        true => Err(fault(name, expected, &text.into()).to_string()),
        false => Ok(Value::List(items)),
    }
}

/// Takes the field if it alone can be read.
fn put(fields: &mut Vec<(String, Value)>, name: &str, value: Value) -> Result<(), String> {
    Patch::read(&Value::Object(vec![(name.to_owned(), value.clone())])).map_err(|error| error.to_string())?;
    put_unchecked(fields, name, value);
    Ok(())
}

fn put_unchecked(fields: &mut Vec<(String, Value)>, name: &str, value: Value) {
    fields.retain(|(other, _)| other != name);
    fields.push((name.to_owned(), value));
}

fn put_altered(altered: &mut Vec<(String, Value)>, name: &str, value: Value) -> Result<(), String> {
    put(&mut Vec::new(), "altered", Value::Object(vec![(name.to_owned(), value.clone())]))?;
    put_unchecked(altered, name, value);
    Ok(())
}

/// A value without braces.
fn plain(value: &Value) -> String {
    match value {
        Value::Bool(is) => if *is { "1" } else { "0" }.into(),
        Value::Number(number) => fixed(*number, 6).trim_end_matches('0').trim_end_matches('.').to_owned(),
        Value::Text(text) => text.clone(),
        Value::Null | Value::List(_) | Value::Object(_) => String::new(),
    }
}

/// As the page writes it (`1`, `0`), and as HTML and JSX write attributes: the name alone is true.
fn flag(text: &str) -> Value {
    match text.trim() {
        "1" | "true" | "" => Value::Bool(true),
        "0" | "false" => Value::Bool(false),
        other => other.into(),
    }
}

/// Digits with at most one point; anything else stays text, which the field refuses. (The standard library's reader
/// of floats would cost the page more than all of this.)
fn number(text: &str) -> Value {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |digits: &str| (digits.len() <= 9).then(|| digits.parse::<u32>().ok()).flatten();
    match (digits(whole), digits(part)) {
        (Some(whole), Some(value)) => {
            Value::Number(f64::from(whole) + f64::from(value) / 10f64.powi(part.len() as i32))
        }
        _ => text.into(),
    }
}

/// A token by its place, or by its characters.
fn item(text: &str) -> Value {
    match number(text) {
        Value::Number(number) => Value::Number(number),
        _ => text.into(),
    }
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Label, Measure, Quantity, Special};
    use crate::engine::Intervention;
    use crate::source::{HUB, Source};
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

    /// A small generator (xorshift): the same states on every machine.
    struct Dice(u64);
    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % sides as u64) as usize
        }
        fn coin(&mut self) -> bool {
            self.roll(2) == 1
        }
        fn text(&mut self) -> String {
            let pieces = ["dog ", "&", "=", "#", "+", "%41", "é", "猫", "👩‍👩‍👧", "\n", "\"<b>", "שלום", "'", ";,"];
            (0..self.roll(6)).map(|_| pieces[self.roll(pieces.len())]).collect()
        }
        fn model(&mut self) -> Source {
            let names = [
                "a/b",
                "gpt2",
                "a/b@v1.0",
                "a/b/c.Q4_1.gguf",
                "a/b/c.gguf@refs",
                "https://example.org/m/",
                "https://example.org/a%2Fb/m/?x=1&y=%40+é#/",
                "http://localhost:1/x.gguf?download=1",
            ];
            let hubs = [HUB, "https://mirror.example", "http://127.0.0.1:8080/under"];
            Source::parse(names[self.roll(names.len())], hubs[self.roll(hubs.len())]).unwrap()
        }
        fn some<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
            if self.coin() { Some(make(self)) } else { None }
        }
    }

    #[test]
    fn random_states_come_back() {
        let mut dice = Dice(0x2545_f491_4f6c_dd1d);
        for _ in 0..2000 {
            let mut altered = Intervention {
                positions_off: dice.coin(),
                shuffle: dice.some(|d| d.roll(1 << 20) as u32),
                temperature: [1.0, 0.5, 2.0, 0.125, 10.0][dice.roll(5)],
                causal: dice.coin(),
                ..Intervention::default()
            };
            (0..dice.roll(4)).for_each(|_| {
                altered.heads_off.insert(HeadId::new(dice.roll(6), dice.roll(12)));
            });
            let view = ViewState {
                text: dice.text(),
                pair: dice.some(Dice::text),
                model: dice.some(Dice::model),
                layer: dice.roll(6),
                head: dice.roll(12),
                tokens: (0..dice.roll(4)).map(|_| dice.roll(512)).collect(),
                view: [None, Some(View::Arcs), Some(View::Columns), Some(View::Text)][dice.roll(4)],
                special: [Special::Show, Special::Mask, Special::Renormalise][dice.roll(3)],
                show: [Quantity::Weight, Quantity::Score, Quantity::Norm, Quantity::LayerMean, Quantity::Rollout]
                    [dice.roll(5)],
                compare: [None, Some(Baseline::Unaltered), Some(Baseline::Text(dice.text()))][dice.roll(3)].clone(),
                side_by_side: dice.coin(),
                words: dice.coin(),
                mass: dice.roll(101) as f32 / 100.0,
                inside: dice.coin(),
                downstream: dice.coin(),
                chart: [None, Some(Measure::Entropy), Some(Measure::SinkShare)][dice.roll(3)],
                sort: [Sort::Place, Sort::Reads, Sort::Moved, Sort::Label][dice.roll(4)],
                label: dice.some(|d| Label::ALL[d.roll(Label::ALL.len())]),
                from: dice.some(|d| d.roll(512)),
                to: dice.some(|d| d.roll(512)),
                altered,
            };
            assert_eq!(back(&link(&view)), view, "{}", link(&view));
        }
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
        for hostile in ["%", "%ff=%ff", "&&&===", "text", "tokens=99999999999999999999", "off=L99999999999999999999H0"]
        {
            let _ = read_link(hostile);
        }
    }
}
