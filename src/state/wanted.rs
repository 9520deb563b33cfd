//! Tokens that are chosen before their text is tokenized.

use super::view_state::ViewState;
use crate::analysis::find_token;
use crate::engine::Shown;
use crate::error::{Error, Kind, Result};

/// A token by its index or by its characters (`"it"`).
#[derive(Clone, Debug, PartialEq)]
pub enum TokenRef {
    Index(usize),
    Text(String),
}

/// The tokens of a [`ViewState`] that are chosen in its text. Those that are left out stay on their words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    pub tokens: Option<Vec<TokenRef>>,
    /// `Some(None)` ends the question.
    pub from: Option<Option<TokenRef>>,
    /// `Some(None)` ends the question.
    pub to: Option<Option<TokenRef>>,
}

impl Wanted {
    /// All tokens of a state, by their indices.
    pub fn of(view: &ViewState) -> Self {
        Self {
            tokens: Some(view.tokens.iter().copied().map(TokenRef::Index).collect()),
            from: Some(view.from.map(TokenRef::Index)),
            to: Some(view.to.map(TokenRef::Index)),
        }
    }

    /// These tokens, and those of `before` that they leave out.
    pub fn over(self, before: Self) -> Self {
        Self { tokens: self.tokens.or(before.tokens), from: self.from.or(before.from), to: self.to.or(before.to) }
    }
}

impl ViewState {
    /// Chooses tokens in a text whose tokens are `shown`.
    ///
    /// # Errors
    /// [`Kind::Input`] for a token that does not exist. The choice then stays as it was.
    pub fn find(&mut self, wanted: &Wanted, shown: &[Shown]) -> Result<()> {
        let one = |what: &str, token: &TokenRef| match token {
            TokenRef::Text(text) => find_token(shown, text),
            &TokenRef::Index(index) if index < shown.len() => Ok(index),
            // An index that does not exist may be a word of the text, as 1999 in a sentence of ten words.
            TokenRef::Index(index) => find_token(shown, &index.to_string()).map_err(|_| {
                let expected = format!("a place below {}", shown.len());
                Error::new(Kind::Input, what, expected, index.to_string(), "Tokens are counted from 0.")
            }),
        };
        let asked = |what: &str, token: &Option<Option<TokenRef>>, now: Option<usize>| match token {
            None => Ok(now),
            Some(token) => token.as_ref().map(|token| one(what, token)).transpose(),
        };
        let tokens = wanted.tokens.as_ref().map(|all| all.iter().map(|t| one("tokens", t)).collect::<Result<_>>());
        let (from, to) = (asked("from", &wanted.from, self.from)?, asked("to", &wanted.to, self.to)?);
        if let Some(tokens) = tokens {
            self.tokens = tokens?;
        }
        (self.from, self.to) = (from, to);
        Ok(())
    }

    /// The state after its text is tokenized, as far as indices determine it.
    pub fn foreseen(&self, wanted: &Wanted) -> Self {
        let place = |token: &TokenRef| match token {
            TokenRef::Index(index) => Some(*index),
            TokenRef::Text(_) => None,
        };
        let one = |token: &Option<Option<TokenRef>>, now| token.as_ref().map_or(now, |t| t.as_ref().and_then(place));
        Self {
            tokens: wanted.tokens.as_ref().map_or(self.tokens.clone(), |all| all.iter().filter_map(place).collect()),
            from: one(&wanted.from, self.from),
            to: one(&wanted.to, self.to),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str) -> Vec<Shown> {
        let one = |w: &str| Shown { text: w.into(), continues: false, special: w.starts_with('['), unknown: false };
        words.split(' ').map(one).collect()
    }

    fn tokens(all: &[TokenRef]) -> Wanted {
        Wanted { tokens: Some(all.to_vec()), ..Wanted::default() }
    }

    #[test]
    fn tokens_are_found_by_place_and_by_characters() {
        let (index, text) = (TokenRef::Index, |text: &str| TokenRef::Text(text.into()));
        let mut state = ViewState { from: Some(2), ..ViewState::default() };
        let words = shown("[CLS] The dog bit it [SEP]");
        state.find(&tokens(&[text("IT"), index(1)]), &words).unwrap();
        assert_eq!((state.tokens.as_slice(), state.from), ([4, 1].as_slice(), Some(2)));
        let numbers = shown("5 4 3 2 1");
        state.find(&tokens(&[index(1), text("1")]), &numbers).unwrap();
        assert_eq!(state.tokens, [1, 4], "a number is a place, a text is characters");
        let mut years = state.clone();
        years.find(&tokens(&[index(1999), text("2000")]), &shown("in 1999 and 2000")).unwrap();
        assert_eq!(years.tokens, [1, 3], "a number that is no place may be a word");
        state.find(&Wanted { from: Some(Some(text("5"))), to: Some(Some(index(3))), tokens: None }, &numbers).unwrap();
        assert_eq!((state.tokens.as_slice(), state.from, state.to), ([1, 4].as_slice(), Some(0), Some(3)));
        state.find(&Wanted { from: Some(None), ..Wanted::default() }, &numbers).unwrap();
        assert_eq!((state.from, state.to), (None, Some(3)));
    }

    #[test]
    fn what_is_not_there_changes_nothing() {
        let mut state = ViewState { tokens: vec![4, 1], from: Some(0), to: None, ..ViewState::default() };
        let before = state.clone();
        let words = shown("[CLS] The dog bit it [SEP]");
        let here = Some(vec![TokenRef::Index(2)]);
        let to = |to| Wanted { tokens: here.clone(), from: Some(None), to: Some(Some(to)) };
        let error = state.find(&to(TokenRef::Index(6)), &words).unwrap_err();
        assert_eq!((error.what.as_str(), error.got.as_str()), ("to", "6"));
        let error = state.find(&to(TokenRef::Text("cat".into())), &words).unwrap_err();
        assert!(error.got.contains("cat") && error.expected.contains("dog"));
        let error = state.find(&tokens(&[TokenRef::Index(9)]), &words).unwrap_err();
        assert_eq!((error.what.as_str(), error.got.as_str()), ("tokens", "9"));
        assert_eq!(state, before);
    }

    #[test]
    fn a_state_is_foreseen_where_places_are_wanted() {
        let state = ViewState { tokens: vec![4, 1], from: Some(0), to: Some(1), ..ViewState::default() };
        let other = ViewState { text: "a".into(), ..ViewState::default() };
        let there = other.foreseen(&Wanted::of(&state));
        assert_eq!(there, ViewState { text: "a".into(), ..state });
        assert_eq!(other.foreseen(&Wanted::default()), other);
        assert!(other.foreseen(&tokens(&[TokenRef::Text("a".into())])).tokens.is_empty());
    }
}
