//! Keys that work anywhere on the page but where the reader types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::engine::HeadId;
use crate::state::{Action, History, ViewState};
use crate::ui::browser::frame::locked;
use crate::ui::browser::keys::meant;
use crate::ui::doors::embed::leave;
use crate::ui::doors::panes;
use crate::ui::panels::help::show_help;
use crate::ui::session::Session;
use crate::ui::widgets::term;

pub fn install(session: Session) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if pressed(session, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// True where the key meant something. A letter or a sign alone means something only while a pane has the focus, and no field
/// in it: speech input, which says the words that it hears as keys, would else do what nobody has asked for (WCAG 2.1.4).
fn pressed(session: Session, event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let is = |selector| target.as_ref().is_some_and(|target| target.matches(selector).unwrap_or(false));
    let typing = is("textarea, select, input[type=text], dialog, dialog *");
    // What had the focus in a dialog may be gone, as a line that was removed: then the key's target is the page's body.
    let behind = document().query_selector("dialog:modal").is_ok_and(|dialog| dialog.is_some());
    if meant(event).as_deref() == Some("Escape") && term::dismiss() {
        return true;
    }
    // A page around has the keys again, so that its slides can be turned: what is chosen stays.
    if meant(event).as_deref() == Some("Escape")
        && !behind
        && session.pointed.with_untracked(Option::is_none)
        && leave()
    {
        return true;
    }
    if behind || locked() {
        return false;
    }
    let Some(key) = meant(event) else { return false };
    // Some layouts have brackets only with Alt.
    let bracket = matches!(key.as_str(), "[" | "]");
    let command = (event.ctrl_key() || event.meta_key()) && !(bracket && event.alt_key());
    match (key.as_str(), command, event.shift_key()) {
        ("F6", false, shift) => return panes::go(!shift),
        // Nothing of the text is undone.
        ("Escape", false, _) if is("header textarea") => return panes::focus("#sentence"),
        _ if typing || event.alt_key() && !bracket => return false,
        _ => {}
    }
    let in_pane = is(".picture, [data-pane], [data-pane] *, .tabs *") && !is("input, select, textarea");
    let changes = !command && matches!(key.as_str(), "[" | "]" | "," | "." | "x" | "r");
    if let Some(target) = target.as_ref().filter(|_| in_pane && changes) {
        panes::stay(target);
    }
    match (key.as_str(), command, event.shift_key()) {
        ("Escape", false, _) => session.let_go(),
        ("r", false, _) if in_pane => session.act(Action::Restore),
        ("x", false, _) if in_pane => {
            session.act(Action::SwitchHead(session.view.with_untracked(ViewState::head_id)));
        }
        ("[", false, _) if in_pane => step(session, [-1, 0]),
        ("]", false, _) if in_pane => step(session, [1, 0]),
        (",", false, _) if in_pane => step(session, [0, -1]),
        (".", false, _) if in_pane => step(session, [0, 1]),
        ("c", false, _) if in_pane => return panes::open("compare"),
        ("f", false, _) if in_pane => return panes::open("find"),
        ("/", false, _) if in_pane => return panes::focus("#text"),
        ("?", false, _) if in_pane => show_help(),
        ("z", true, false) => session.travel(History::undo),
        ("z", true, true) | ("y", true, _) => session.travel(History::redo),
        _ => return false,
    }
    true
}

/// Goes so many layers and heads on, and no further than there are. What was previewed makes room.
fn step(session: Session, [layers, heads]: [isize; 2]) {
    session.point(None);
    let (all_layers, all_heads) = untrack(|| session.size());
    let HeadId { layer, head } = session.view.with_untracked(ViewState::head_id);
    let moved = |from: usize, by, count: usize| from.saturating_add_signed(by).min(count.saturating_sub(1));
    session.act(Action::SetHead(HeadId::new(moved(layer, layers, all_layers), moved(head, heads, all_heads))));
}
