//! Plain values from and for scripts and links. The page reads and writes its state with these instead of serde, which
//! would add ten times as much to the page, and whose errors do not name the faulty field.

use crate::analysis::fixed;

/// A JSON value. The fields of an object are in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The value as an index, if it is an integer of at least 0.
    pub fn as_index(&self) -> Option<usize> {
        match self {
            // 2^32 is larger than all indices, and exact in a float.
            Self::Number(n) if n.fract() == 0.0 && (0.0..4_294_967_296.0).contains(n) => Some(*n as usize),
            _ => None,
        }
    }

    /// The value in a few words, for an error's `got`.
    pub fn told(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Bool(b) => b.to_string(),
            Self::Number(n) => fixed(*n, 6).trim_end_matches('0').trim_end_matches('.').to_owned(),
            Self::Text(text) => format!("“{}”", text.chars().take(60).collect::<String>()),
            Self::List(_) => "a list".into(),
            Self::Object(_) => "an object".into(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<usize> for Value {
    fn from(index: usize) -> Self {
        Self::Number(index as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_count() {
        assert_eq!(Value::Number(3.0).as_index(), Some(3));
        for not in [Value::Number(-1.0), Value::Number(0.5), Value::Number(f64::NAN), Value::Number(1e300), "3".into()]
        {
            assert_eq!(not.as_index(), None, "{not:?}");
        }
    }

    #[test]
    fn values_are_told_in_few_words() {
        assert_eq!(Value::Number(1.5).told(), "1.5");
        assert_eq!(Value::Number(100.0).told(), "100");
        assert_eq!(Value::Text("a".repeat(99)).told().chars().count(), 62);
    }
}
