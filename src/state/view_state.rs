//! Everything the reader can choose. Plain data: no signals, no clock, no DOM.

use super::value::Value;
use crate::analysis::{Special, find_token};
use crate::engine::{HeadId, Shown};
use crate::error::{Error, Kind, Result};

/// The form of the sentence picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Arcs,
    Columns,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ViewState {
    pub text: String,
    /// A second text, read together with the first.
    pub pair: Option<String>,
    pub layer: usize,
    pub head: usize,
    /// Chosen query tokens, counted from 0, special tokens included; several are shown as their mean row.
    pub tokens: Vec<usize>,
    pub view: View,
    pub special: Special,
    /// Edges are drawn for the strongest keys that together carry this share of the row, 0 to 1.
    pub mass: f32,
}

impl Default for ViewState {
    /// The sentence to explain first, and the head in which *it* reads from *trophy* with weight 0.624.
    fn default() -> Self {
        Self {
            text: "The trophy did not fit in the bag because it was too big.".into(),
            pair: None,
            layer: 3,
            head: 1,
            tokens: vec![10],
            view: View::Arcs,
            special: Special::Show,
            mass: 0.9,
        }
    }
}

/// A change to a [`ViewState`] from outside: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    pub text: Option<String>,
    /// `Some(None)` takes the second text away.
    pub pair: Option<Option<String>>,
    pub layer: Option<usize>,
    pub head: Option<usize>,
    pub tokens: Option<Vec<TokenRef>>,
    pub view: Option<View>,
    pub special: Option<Special>,
    pub mass: Option<f32>,
}

/// A token by its place or by its characters (`"it"`).
#[derive(Clone, Debug, PartialEq)]
pub enum TokenRef {
    Index(usize),
    Text(String),
}

/// The names of a choice's values, as scripts and links write them.
const VIEWS: [(&str, View); 2] = [("arcs", View::Arcs), ("columns", View::Columns)];
const SPECIALS: [(&str, Special); 3] =
    [("show", Special::Show), ("mask", Special::Mask), ("renormalise", Special::Renormalise)];

impl Patch {
    /// Reads what came from outside.
    ///
    /// # Errors
    /// [`Kind::Input`] that names the field at fault.
    pub fn read(value: &Value) -> Result<Self> {
        const FIELDS: &str = "an object with any of text, pair, layer, head, tokens, view, special, mass";
        let Value::Object(fields) = value else { return Err(fault("attnscope.set", FIELDS, value)) };
        let mut patch = Self::default();
        for (name, value) in fields {
            let wrong = |expected: &str| fault(name, expected, value);
            match (name.as_str(), value) {
                ("text", Value::Text(text)) => patch.text = Some(text.clone()),
                ("text", _) => return Err(wrong("a text")),
                ("pair", Value::Text(text)) => patch.pair = Some(Some(text.clone())),
                ("pair", Value::Null) => patch.pair = Some(None),
                ("pair", _) => return Err(wrong("a text, or null for none")),
                ("layer", _) => patch.layer = Some(value.as_index().ok_or_else(|| wrong("a layer, counted from 0"))?),
                ("head", _) => patch.head = Some(value.as_index().ok_or_else(|| wrong("a head, counted from 0"))?),
                ("tokens", Value::List(tokens)) => patch.tokens = Some(token_refs(tokens)?),
                ("tokens", _) => return Err(wrong("a list of tokens")),
                ("view", _) => patch.view = Some(named(name, value, &VIEWS)?),
                ("special", _) => patch.special = Some(named(name, value, &SPECIALS)?),
                ("mass", Value::Number(mass)) if (0.0..=1.0).contains(mass) => patch.mass = Some(*mass as f32),
                ("mass", _) => return Err(wrong("a number from 0 to 1")),
                _ => return Err(fault("attnscope.set", FIELDS, &name.as_str().into())),
            }
        }
        Ok(patch)
    }
}

fn token_refs(tokens: &[Value]) -> Result<Vec<TokenRef>> {
    let read = |token: &Value| match token {
        Value::Text(text) => Ok(TokenRef::Text(text.clone())),
        _ => token
            .as_index()
            .map(TokenRef::Index)
            .ok_or_else(|| fault("tokens", "places counted from 0, or the tokens' characters", token)),
    };
    tokens.iter().map(read).collect()
}

fn named<T: Copy>(field: &str, value: &Value, names: &[(&str, T)]) -> Result<T> {
    let found = names.iter().find(|(name, _)| matches!(value, Value::Text(text) if text == name));
    found.map(|found| found.1).ok_or_else(|| {
        let all: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        fault(field, &format!("one of {}", all.join(", ")), value)
    })
}

fn name_of<T: PartialEq>(value: T, names: &[(&'static str, T)]) -> &'static str {
    names.iter().find(|(_, named)| *named == value).map_or("", |found| found.0)
}

fn fault(what: &str, expected: &str, got: &Value) -> Error {
    Error::new(Kind::Input, what, expected, got.told(), "Correct that field and try again.")
}

impl ViewState {
    /// The same fields that a [`Patch`] takes.
    pub fn to_value(&self) -> Value {
        // A float's own digits, not those of its widening: 0.9 and not 0.8999999761581421.
        let mass = (self.mass as f64 * 1e6).round() / 1e6;
        let fields = [
            ("text", self.text.as_str().into()),
            ("pair", self.pair.as_deref().map_or(Value::Null, Value::from)),
            ("layer", self.layer.into()),
            ("head", self.head.into()),
            ("tokens", Value::List(self.tokens.iter().map(|&t| t.into()).collect())),
            ("view", name_of(self.view, &VIEWS).into()),
            ("special", name_of(self.special, &SPECIALS).into()),
            ("mass", Value::Number(mass)),
        ];
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    }

    pub fn head_id(&self) -> HeadId {
        HeadId::new(self.layer, self.head)
    }

    /// Puts everything but the tokens in place: those are found when the text has been read ([`find_tokens`](Self::find_tokens)).
    pub fn apply(&mut self, patch: &Patch) {
        let patch = patch.clone();
        self.text = patch.text.unwrap_or_else(|| std::mem::take(&mut self.text));
        self.pair = patch.pair.unwrap_or_else(|| self.pair.take());
        self.layer = patch.layer.unwrap_or(self.layer);
        self.head = patch.head.unwrap_or(self.head);
        self.view = patch.view.unwrap_or(self.view);
        self.special = patch.special.unwrap_or(self.special);
        self.mass = patch.mass.unwrap_or(self.mass);
    }

    /// Chooses the tokens named, in a text read as `shown`.
    ///
    /// # Errors
    /// [`Kind::Input`] for a token that is not there; the choice stays as it was.
    pub fn find_tokens(&mut self, wanted: &[TokenRef], shown: &[Shown]) -> Result<()> {
        let found = wanted.iter().map(|wanted| match wanted {
            TokenRef::Text(text) => find_token(shown, text),
            &TokenRef::Index(index) if index < shown.len() => Ok(index),
            TokenRef::Index(index) => {
                let expected = format!("a place below {}", shown.len());
                let advice = "Tokens are counted from 0.";
                Err(Error::new(Kind::Input, "tokens", expected, index.to_string(), advice))
            }
        });
        self.tokens = found.collect::<Result<_>>()?;
        Ok(())
    }

    /// # Errors
    /// [`Kind::Input`] where the model has no such layer or head.
    pub fn check_head(&self, layers: usize, heads: usize) -> Result<()> {
        for (what, got, count) in [("layer", self.layer, layers), ("head", self.head, heads)] {
            if got >= count {
                let advice = "Layers and heads are counted from 0.";
                return Err(Error::new(Kind::Input, what, format!("a number below {count}"), got.to_string(), advice));
            }
        }
        Ok(())
    }

    /// Brings layer and head into what the model has.
    pub fn fit(&mut self, layers: usize, heads: usize) {
        self.layer = self.layer.min(layers.saturating_sub(1));
        self.head = self.head.min(heads.saturating_sub(1));
    }

    /// Keeps chosen tokens on their words while the text around them changes: each goes to the
    /// token of the same characters nearest to where it was, and is let go where there is none.
    pub fn follow(&mut self, old: &[Shown], new: &[Shown]) {
        let kept = self.tokens.iter().filter_map(|&token| {
            let text = &old.get(token)?.text;
            let same = new.iter().enumerate().filter(|(_, s)| s.text == *text);
            same.min_by_key(|(i, _)| i.abs_diff(token)).map(|(i, _)| i)
        });
        let mut kept: Vec<usize> = kept.collect();
        kept.dedup();
        self.tokens = kept;
    }

    /// Click: this token alone. Shift-click: this token too, or no longer.
    pub fn choose(&mut self, token: usize, add: bool) {
        match self.tokens.iter().position(|&t| t == token) {
            Some(at) if add => {
                self.tokens.remove(at);
            }
            _ if add => self.tokens.push(token),
            _ => self.tokens = vec![token],
        }
    }

    /// Arrow keys: the query moves by one within `count` tokens; without one, it comes in from that side.
    pub fn step_token(&mut self, by: isize, count: usize) {
        let Some(last) = count.checked_sub(1) else { return self.tokens.clear() };
        let next = match self.tokens.last() {
            Some(&token) => token.saturating_add_signed(by).min(last),
            None if by > 0 => 0,
            None => last,
        };
        self.tokens = vec![next];
    }

    /// Arrow keys: the head moves within `layers` by `heads`; at the edge it stays.
    pub fn step_head(&mut self, layers_by: isize, heads_by: isize, layers: usize, heads: usize) {
        self.layer = self.layer.saturating_add_signed(layers_by);
        self.head = self.head.saturating_add_signed(heads_by);
        self.fit(layers, heads);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str) -> Vec<Shown> {
        let one = |w: &str| Shown { text: w.into(), continues: false, special: w.starts_with('['), unknown: false };
        words.split(' ').map(one).collect()
    }

    /// `name: value, ...` as an object.
    fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    }

    #[test]
    fn a_patch_changes_only_what_it_names() {
        let mut state = ViewState { pair: Some("b".into()), ..ViewState::default() };
        let patch = object([("layer", 1.into()), ("special", "renormalise".into()), ("mass", Value::Number(0.5))]);
        state.apply(&Patch::read(&patch).unwrap());
        assert_eq!((state.layer, state.head, state.special, state.mass), (1, 1, Special::Renormalise, 0.5));
        assert_eq!(state.pair.as_deref(), Some("b"));
        state.apply(&Patch::read(&object([("pair", Value::Null), ("text", "x".into())])).unwrap());
        assert_eq!((state.pair, state.text.as_str()), (None, "x"));
    }

    #[test]
    fn a_state_comes_back_through_its_values() {
        let before = ViewState {
            text: "a \"b\"".into(),
            pair: Some(String::new()),
            view: View::Columns,
            special: Special::Mask,
            ..ViewState::default()
        };
        let patch = Patch::read(&before.to_value()).unwrap();
        let mut after = ViewState { mass: 0.1, layer: 0, ..ViewState::default() };
        after.apply(&patch);
        assert_eq!(after, before);
        assert_eq!(patch.tokens, Some(vec![TokenRef::Index(10)]));
    }

    #[test]
    fn the_field_at_fault_is_named() {
        for (field, value) in [
            ("layer", "1".into()),
            ("head", Value::Null),
            ("head", Value::Number(-1.0)),
            ("text", 7.into()),
            ("pair", Value::List(vec![])),
            ("tokens", "it".into()),
            ("tokens", Value::List(vec![object([])])),
            ("view", "circles".into()),
            ("special", Value::Bool(true)),
            ("mass", Value::Number(1.5)),
            ("mass", Value::Number(f64::NAN)),
        ] {
            let error = Patch::read(&object([("text", "a".into()), (field, value)])).unwrap_err();
            assert_eq!((error.kind, error.what.as_str()), (Kind::Input, field));
        }
        assert!(Patch::read(&object([("leyer", 1.into())])).unwrap_err().got.contains("leyer"));
        assert!(Patch::read(&7.into()).is_err());
    }

    #[test]
    fn tokens_are_found_by_place_and_by_characters() {
        let mut state = ViewState::default();
        let tokens = shown("[CLS] The dog bit it [SEP]");
        let refs = object([("tokens", Value::List(vec!["IT".into(), 1.into()]))]);
        let refs = Patch::read(&refs).unwrap().tokens.unwrap();
        state.find_tokens(&refs, &tokens).unwrap();
        assert_eq!(state.tokens, [4, 1]);
        let numbers = shown("5 4 3 2 1");
        state.find_tokens(&[TokenRef::Index(1), TokenRef::Text("1".into())], &numbers).unwrap();
        assert_eq!(state.tokens, [1, 4], "a number is a place, a text is characters");
        assert_eq!(state.find_tokens(&[TokenRef::Index(5)], &numbers).unwrap_err().got, "5");
        state.tokens = vec![4, 1];
        let error = state.find_tokens(&[TokenRef::Text("cat".into())], &tokens).unwrap_err();
        assert!(error.got.contains("cat") && error.expected.contains("dog"));
        assert_eq!(state.tokens, [4, 1], "nothing changed");
    }

    #[test]
    fn chosen_tokens_follow_their_words() {
        let mut state = ViewState { tokens: vec![4, 2], ..ViewState::default() };
        state.follow(&shown("[CLS] The dog bit it [SEP]"), &shown("[CLS] The big old cat bit it [SEP]"));
        assert_eq!(state.tokens, [6], "it moved, the dog is gone");
    }

    #[test]
    fn clicks_and_arrows_choose() {
        let mut state = ViewState { tokens: vec![], ..ViewState::default() };
        state.step_token(1, 5);
        assert_eq!(state.tokens, [0]);
        state.step_token(-1, 5);
        assert_eq!(state.tokens, [0]);
        state.choose(3, true);
        assert_eq!(state.tokens, [0, 3]);
        state.choose(0, true);
        assert_eq!(state.tokens, [3]);
        state.choose(4, false);
        state.step_token(1, 5);
        assert_eq!(state.tokens, [4]);
        state.step_head(9, -9, 6, 12);
        assert_eq!((state.layer, state.head), (5, 0));
        assert!(state.check_head(6, 12).is_ok());
        assert_eq!(state.check_head(5, 12).unwrap_err().what, "layer");
    }
}
