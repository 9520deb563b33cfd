//! Everything the reader can choose. Plain data: no signals, no clock, no DOM.

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use crate::analysis::{Special, find_token};
use crate::engine::{HeadId, Shown};
use crate::error::{Error, Kind, Result};

/// The form of the sentence picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    #[default]
    Arcs,
    Columns,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// Left to the caller to write: serde_json's tables for floats would cost the page 10 KB.
    #[serde(skip_serializing)]
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Patch {
    #[serde(deserialize_with = "present")]
    pub text: Option<String>,
    /// `null` takes the second text away; leaving it out keeps it.
    #[serde(deserialize_with = "present")]
    pub pair: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    pub layer: Option<usize>,
    #[serde(deserialize_with = "present")]
    pub head: Option<usize>,
    #[serde(deserialize_with = "present")]
    pub tokens: Option<Vec<TokenRef>>,
    #[serde(deserialize_with = "present")]
    pub view: Option<View>,
    #[serde(deserialize_with = "present")]
    pub special: Option<Special>,
    #[serde(deserialize_with = "present")]
    pub mass: Option<f32>,
}

/// A token by its place or by its characters (`"it"`).
#[derive(Clone, Debug, PartialEq)]
pub enum TokenRef {
    Index(usize),
    Text(String),
}

// By hand: serde's untagged enums read into a tree first, which costs the page 10 KB.
impl<'de> Deserialize<'de> for TokenRef {
    fn deserialize<D: Deserializer<'de>>(value: D) -> std::result::Result<Self, D::Error> {
        value.deserialize_any(TokenRefVisitor)
    }
}

struct TokenRefVisitor;

impl Visitor<'_> for TokenRefVisitor {
    type Value = TokenRef;

    fn expecting(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str("a token's place, counted from 0, or its characters")
    }

    fn visit_u64<E: serde::de::Error>(self, index: u64) -> std::result::Result<TokenRef, E> {
        Ok(TokenRef::Index(usize::try_from(index).unwrap_or(usize::MAX)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<TokenRef, E> {
        Ok(TokenRef::Text(text.to_owned()))
    }
}

/// A field that is there has a value of its own type: `null` is not "left out".
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

impl Patch {
    /// Reads JSON from outside.
    ///
    /// # Errors
    /// [`Kind::Input`] that names the field at fault.
    pub fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|e| {
            let what = match last_field(json, e.column()) {
                Some(field) => format!("attnscope.set, {field}"),
                None => "attnscope.set".to_owned(),
            };
            let fields = "an object with any of text, pair, layer, head, tokens, view, special, mass";
            Error::new(Kind::Input, what, fields, e.to_string(), "Correct that field and call set again.")
        })
    }
}

/// The field of the outermost object in which the first `bytes` bytes of one line of JSON end.
fn last_field(json: &str, bytes: usize) -> Option<&str> {
    let (mut depth, mut string, mut last, mut field) = (0, None, None, None);
    for (at, byte) in json.bytes().enumerate().take(bytes) {
        match (byte, string) {
            (b'"', None) => string = Some(at + 1),
            (b'"', Some(start)) if !json[start..at].ends_with('\\') => {
                (string, last) = (None, Some(&json[start..at]));
            }
            (b'{' | b'[', None) => depth += 1,
            (b'}' | b']', None) => depth -= 1,
            (b':', None) if depth == 1 => field = last,
            _ => {}
        }
    }
    field
}

impl ViewState {
    pub fn head_id(&self) -> HeadId {
        HeadId::new(self.layer, self.head)
    }

    /// Puts everything but the tokens in place: those are found when the text has been read ([`find_tokens`](Self::find_tokens)).
    ///
    /// # Errors
    /// [`Kind::Input`] for a mass outside 0 to 1; nothing is changed then.
    pub fn apply(&mut self, patch: &Patch) -> Result<()> {
        if let Some(mass) = patch.mass.filter(|m| !(0.0..=1.0).contains(m)) {
            let advice = "Give the share of the row to draw, for example 0.9.";
            return Err(Error::new(Kind::Input, "mass", "a number from 0 to 1", format!("{mass:.3}"), advice));
        }
        let patch = patch.clone();
        self.text = patch.text.unwrap_or_else(|| std::mem::take(&mut self.text));
        self.pair = patch.pair.unwrap_or_else(|| self.pair.take());
        self.layer = patch.layer.unwrap_or(self.layer);
        self.head = patch.head.unwrap_or(self.head);
        self.view = patch.view.unwrap_or(self.view);
        self.special = patch.special.unwrap_or(self.special);
        self.mass = patch.mass.unwrap_or(self.mass);
        Ok(())
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

    #[test]
    fn a_patch_changes_only_what_it_names() {
        let mut state = ViewState { pair: Some("b".into()), ..ViewState::default() };
        state.apply(&Patch::parse(r#"{"layer": 1, "special": "renormalise"}"#).unwrap()).unwrap();
        assert_eq!((state.layer, state.head, state.special), (1, 1, Special::Renormalise));
        assert_eq!(state.pair.as_deref(), Some("b"));
        state.apply(&Patch::parse(r#"{"pair": null, "text": "x"}"#).unwrap()).unwrap();
        assert_eq!((state.pair, state.text.as_str()), (None, "x"));
    }

    #[test]
    fn what_a_patch_does_not_know_is_named() {
        let error = Patch::parse(r#"{"leyer": 1}"#).unwrap_err();
        assert_eq!(error.kind, Kind::Input);
        assert!(error.got.contains("leyer"), "{error}");
        for (json, field) in [
            (r#"{"layer": "1"}"#, "layer"),
            (r#"{"text": "a: \"b\"", "head": null, "mass": 1}"#, "head"),
            (r#"{"layer": 1, "tokens": [{}]}"#, "tokens"),
            (r#"{"pair": []}"#, "pair"),
            (r#"{"text": 7}"#, "text"),
            (r#"{"view": "circles"}"#, "view"),
        ] {
            let error = Patch::parse(json).unwrap_err();
            assert_eq!(error.what, format!("attnscope.set, {field}"), "{json}");
        }
        assert!(Patch::parse("7").is_err());
        assert!(Patch::parse(r#"{"layer": -1}"#).is_err());
        let mut state = ViewState::default();
        assert!(state.apply(&Patch { mass: Some(1.5), layer: Some(0), ..Patch::default() }).is_err());
        assert!(state.apply(&Patch { mass: Some(f32::NAN), ..Patch::default() }).is_err());
        assert_eq!(state, ViewState::default());
    }

    #[test]
    fn tokens_are_found_by_place_and_by_characters() {
        let mut state = ViewState::default();
        let tokens = shown("[CLS] The dog bit it [SEP]");
        let refs = Patch::parse(r#"{"tokens": ["IT", 1]}"#).unwrap().tokens.unwrap();
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
