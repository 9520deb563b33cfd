//! Prose whose heads and tokens can be pointed at and chosen: each is a button.

use leptos::ev::{FocusEvent, PointerEvent};
use leptos::prelude::*;

use crate::engine::HeadId;
use crate::scene::Target;
use crate::state::Action;
use crate::ui::session::Session;
use crate::ui::widgets::{Content, press};

/// Encloses a name that is a button. These code points are private: no message has them, and a token's are taken out.
const BEGIN: char = '\u{e000}';
const MIDDLE: char = '\u{e001}';
const END: char = '\u{e002}';

/// What a name in a sentence stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Named {
    Head(HeadId),
    /// A token of the run on screen, chosen as the query.
    Token(usize),
}

/// A head's name for a sentence that [`linked`] shows.
pub fn head_name(head: HeadId) -> String {
    format!("{BEGIN}{}.{}{MIDDLE}{head}{END}", head.layer, head.head)
}

/// A token's name for a sentence that [`linked`] shows.
pub fn token_name(token: usize, name: &str) -> String {
    let name = name.replace([BEGIN, MIDDLE, END], "\u{fffd}");
    format!("{BEGIN}{token}{MIDDLE}{name}{END}")
}

/// The pieces of a sentence: text, and what a name stands for.
fn pieces(sentence: &str) -> Vec<(String, Option<Named>)> {
    let mut pieces = Vec::new();
    for part in sentence.split(BEGIN) {
        let (name, rest) = match part.split_once(END) {
            Some((name, rest)) => (name.split_once(MIDDLE), rest),
            None => (None, part),
        };
        if let Some((what, name)) = name {
            let head = what.split_once('.').and_then(|(l, h)| Some(HeadId::new(l.parse().ok()?, h.parse().ok()?)));
            let named = head.map(Named::Head).or_else(|| what.parse().ok().map(Named::Token));
            pieces.push((name.to_owned(), named));
        }
        if !rest.is_empty() {
            pieces.push((rest.to_owned(), None));
        }
    }
    pieces
}

/// A sentence with its heads and tokens as buttons: the pointer or the focus previews one, a click chooses it.
pub fn linked(session: Session, sentence: String) -> AnyView {
    let parts = pieces(&sentence).into_iter().map(|(text, named)| match named {
        None => view! { <span prop:textContent=Content::from(text)></span> }.into_any(),
        Some(named) => {
            let target = match named {
                Named::Head(head) => Some(Target::Head(head)),
                // Pictures of words count words.
                Named::Token(token) => session.view.with_untracked(|v| !v.words).then_some(Target::Query(token)),
            };
            let choose = press(move || match named {
                Named::Head(head) => session.act(Action::SetHead(head)),
                Named::Token(token) => session.act(Action::Choose { token, add: false }),
            });
            view! {
                <button
                    class="name"
                    translate="no"
                    on:click=choose
                    on:pointerenter=move |event: PointerEvent| {
                        if event.pointer_type() != "touch" {
                            session.point(target);
                        }
                    }
                    on:pointerleave=move |_| session.point(None)
                    on:focus=move |_: FocusEvent| session.point(target)
                    on:blur=move |_: FocusEvent| session.point(None)
                    prop:textContent=Content::from(text)
                ></button>
            }
            .into_any()
        }
    });
    parts.collect::<Vec<_>>().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_buttons_and_hostile_tokens_stay_text() {
        let head = HeadId::new(3, 1);
        let sentence = format!("{} reads {}.", head_name(head), token_name(4, "a\u{e000}9\u{e001}b\u{e002}"));
        let found = pieces(&sentence);
        assert_eq!(found[0], ("L3 H1".into(), Some(Named::Head(head))));
        assert_eq!(found[1], (" reads ".into(), None));
        assert_eq!(found[2], ("a\u{fffd}9\u{fffd}b\u{fffd}".into(), Some(Named::Token(4))));
        assert_eq!(found[3], (".".into(), None));
        assert_eq!(pieces("plain"), [("plain".into(), None)]);
    }
}
