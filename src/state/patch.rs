//! A [`ViewState`] as plain values: how scripts write it and change it.

use super::fields::{FIELDS, Field, Patch};
use super::form::fault;
use super::value::Value;
use super::view_state::ViewState;
use crate::error::{Error, Result};

impl Patch {
    /// Reads what came from outside.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::error::Kind::Input) that names the option at fault.
    pub fn read(value: &Value) -> Result<Self> {
        let Value::Object(values) = value else { return Err(unknown(value)) };
        let mut patch = Self::default();
        for (name, value) in values {
            let field = Field::named(name).ok_or_else(|| unknown(&name.as_str().into()))?;
            (field.read)(&mut patch, value)?;
        }
        Ok(patch)
    }
}

/// What is no option, nor an object of options.
pub fn unknown(got: &Value) -> Error {
    let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    fault("attnscope.set", &format!("an object with any of {}", names.join(", ")), got)
}

impl ViewState {
    /// Puts everything but the tokens in place: those are found when the text has been read ([`find`](Self::find)).
    pub fn apply(&mut self, patch: &Patch) {
        if let Some(with) = &patch.compare {
            self.compare_with(with.clone());
        }
        FIELDS.iter().for_each(|field| (field.apply)(patch, self));
    }

    /// The same options that a [`Patch`] takes.
    pub fn to_value(&self) -> Value {
        Value::Object(FIELDS.iter().map(|field| (field.name.to_owned(), (field.get)(self))).collect())
    }
}

#[cfg(test)]
mod tests;
