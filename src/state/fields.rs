//! The table of the view's options. The permalink, the script interface, the attributes of `<attn-scope>` and
//! docs/options.md are made from it, or held equal to it by a test.
//!
//! An option is one entry here and its field in [`ViewState`]; a new type of option also needs its [`Form`].

use super::form::Form;
use super::value::Value;
use super::view_state::{Baseline, Sort, View, ViewState};
use super::wanted::{TokenRef, Wanted};
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::Intervention;
use crate::error::Result;
use crate::source::Source;

/// When a link has an option, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InLink {
    Always,
    /// Where it is not as at the start.
    Changed,
    /// The same, with `/`, `:` and `@` as they are.
    Address,
    /// Layer and head together, as `head=L3H1`.
    Head,
    /// Never by itself: another option writes it.
    Never,
}

/// One option of the view.
pub struct Field {
    pub name: &'static str,
    pub in_link: InLink,
    /// The names that links and attributes have for it.
    pub parts: &'static [&'static str],
    /// Its value for scripts.
    pub get: fn(&ViewState) -> Value,
    /// Reads a script's value into a patch.
    pub read: fn(&mut Patch, &Value) -> Result<()>,
    /// Puts what a patch has of it in place.
    pub apply: fn(&Patch, &mut ViewState),
    /// [`Form::to_link`] of its value.
    pub to_link: fn(&ViewState) -> Vec<(&'static str, String)>,
    /// [`Form::from_link`] of its type.
    pub from_link: fn(&str, &str, Option<&Value>) -> Result<Value>,
    /// One line for docs/options.md.
    #[cfg(test)]
    pub doc: &'static str,
}

impl Field {
    pub fn named(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }
}

/// The names that a link has for an option of type `T`.
const fn parts<T: Form>(own: &'static [&'static str]) -> &'static [&'static str] {
    if T::PARTS.is_empty() { own } else { T::PARTS }
}

/// Makes [`Patch`] and [`FIELDS`]. Options under `set` are put in place as they are; those under `find` are tokens, which
/// a [`Patch`] has in its `wanted` until their text has been read.
macro_rules! options {
    (
        set { $(#[doc = $doc:literal] $name:ident: $type:ty, $link:ident;)* }
        find { $(#[doc = $token_doc:literal] $token:ident: $token_type:ty, $token_link:ident;)* }
        set { $(#[doc = $more_doc:literal] $more:ident: $more_type:ty, $more_link:ident;)* }
    ) => {
        /// A change to a [`ViewState`] from outside: what is left out stays as it is.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Patch {
            $(#[doc = $doc] pub $name: Option<$type>,)*
            $(#[doc = $more_doc] pub $more: Option<$more_type>,)*
            /// The options that are tokens.
            pub wanted: Wanted,
        }

        /// All options, in the order in which scripts, links and the documentation have them.
        pub static FIELDS: &[Field] = &[
            $(options!(@set $doc, $name, $type, $link),)*
            $(options!(
                @field $token_doc, $token, $token_type, $token_link,
                |view| Wanted::of(view).$token.unwrap_or_default(),
                |patch, value| patch.wanted.$token = Some(value),
                // `ViewState::find` puts tokens in place, once their text has been read.
                |_, _| {}
            ),)*
            $(options!(@set $more_doc, $more, $more_type, $more_link),)*
        ];
    };
    (@set $doc:literal, $name:ident, $type:ty, $link:ident) => {
        options!(
            @field $doc, $name, $type, $link,
            |view| view.$name.clone(),
            |patch, value| patch.$name = Some(value),
            |patch, view| if let Some(value) = &patch.$name { view.$name = value.clone() }
        )
    };
    (
        @field $doc:literal, $name:ident, $type:ty, $link:ident,
        |$view:ident| $value:expr, |$patch:ident, $read:ident| $put:expr, $apply:expr
    ) => {
        Field {
            name: stringify!($name),
            in_link: InLink::$link,
            parts: parts::<$type>(&[stringify!($name)]),
            get: |$view| <$type as Form>::write(&$value),
            read: |$patch, value| {
                let $read = <$type as Form>::read(stringify!($name), value)?;
                $put;
                Ok(())
            },
            apply: $apply,
            to_link: |$view| <$type as Form>::to_link(&$value, stringify!($name)),
            from_link: <$type as Form>::from_link,
            #[cfg(test)]
            doc: $doc,
        }
    };
}

options! {
    set {
        /// The text that the model reads.
        text: String, Always;
        /// A second text, read together with the first; null takes it away.
        pair: Option<String>, Changed;
        /// The model that reads the texts, `hub` the mirror that it is fetched from; null for the page's own.
        model: Option<Source>, Address;
        /// The layer of the head on screen; in a link, `head=L3H1` names both.
        layer: usize, Head;
        /// The head on screen, in its layer.
        head: usize, Never;
    }
    find {
        /// The query tokens. Several are shown as the mean of their rows.
        tokens: Vec<TokenRef>, Always;
        /// The key token of the question which heads read it.
        from: Option<TokenRef>, Changed;
        /// The key token of the question which heads turned to it from the token `from`, in a comparison.
        to: Option<TokenRef>, Changed;
    }
    set {
        /// What the run is compared with: the model without its changes, or another text (`other`); null ends it.
        compare: Option<Baseline>, Changed;
        /// The form of the sentence; null chooses arcs where they fit, else text.
        view: Option<View>, Changed;
        /// What is done with special tokens: shown, masked, or masked and the rest of the row scaled to 1.
        special: Special, Changed;
        /// The number that the cells of the maps show where nothing is compared.
        show: Quantity, Changed;
        /// A comparison shows both runs, not their difference.
        side_by_side: bool, Changed;
        /// Each head is shown as one number instead of a map: the number it is ranked by, or its entropy without a ranking.
        numbers: bool, Changed;
        /// Subword tokens are merged into words.
        words: bool, Changed;
        /// The share of the row for which edges are drawn, the strongest first.
        mass: f32, Changed;
        /// The steps from the query and the keys to the weights are open.
        inside: bool, Changed;
        /// What the model makes of the text is open.
        downstream: bool, Changed;
        /// The measure that the charts show; null closes them.
        chart: Option<Measure>, Changed;
        /// The order of the heads. `reads` asks which read the token `from`, `moved` which turned to `to`.
        sort: Sort, Changed;
        /// Heads without this label are paled; null pales none.
        label: Option<Label>, Changed;
        /// What is changed in the model; null is the model as it is.
        altered: Intervention, Changed;
    }
}

#[cfg(test)]
mod tests;
