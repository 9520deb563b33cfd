//! Changes from outside: by a script, by the page around, by a link. While one is under way what is on screen is not
//! settled: it is no step of the history and of the address, and nobody is told about it.

use leptos::prelude::*;

use crate::state::{ViewState, Wanted};
use crate::ui::session::state::Session;
use crate::ui::session::types::{Before, Cause, Model};

impl Session {
    /// Begins a change, and says what was on screen before it: of several at once, before the first of them.
    pub fn begin_change(&self) -> Before {
        let view = self.view.get_untracked();
        let before = self.with_pending(|pending| {
            let now = Before { view, source: pending.source.clone(), files: pending.files.clone() };
            pending.changes += 1;
            pending.before.get_or_insert(now).clone()
        });
        self.changing.update(|changing| *changing += 1);
        before
    }

    /// Ends a change. `cause` is who made it if some of it is on screen, and none if nothing of it remains.
    pub fn end_change(&self, cause: Option<Cause>) {
        let view = self.view.get_untracked();
        self.with_pending(|pending| {
            pending.changes -= 1;
            if let Some(cause) = cause {
                pending.caused = Some((view, cause));
            }
            if pending.changes == 0 {
                pending.before = None;
                // One step of the history, whatever happened on the way.
                (pending.whole, pending.unrecorded) = (true, false);
            }
        });
        self.changing.update(|changing| *changing -= 1);
    }

    /// Another change is under way.
    pub fn others_change(&self) -> bool {
        self.with_pending(|pending| pending.changes > 1)
    }

    /// The model is another than it was then.
    pub fn has_other_model(&self, before: &Before) -> bool {
        self.with_pending(|pending| pending.source != before.source)
    }

    /// Puts on screen what was there before a change.
    pub fn take_back(&self, Before { view, source, files }: Before) {
        self.fault.set(None);
        let wanted = Wanted::of(&view);
        let source = source.filter(|source| self.with_pending(|pending| pending.source.as_ref() != Some(source)));
        let Some(source) = source else { return self.arrive(view, wanted) };
        let from_store = !self.has_agreed(&source);
        if self.model.with_untracked(|model| *model == Model::Waiting) {
            self.name_model(source, from_store);
            return self.arrive(view, wanted);
        }
        self.take_model(source, files, from_store);
        self.with_pending(|pending| pending.coming = Some((view, wanted)));
    }

    /// Links come before all other changes.
    pub fn begin_link(&self) {
        self.with_pending(|pending| pending.links += 1);
        self.changing.update(|changing| *changing += 1);
    }

    pub fn end_link(&self) {
        self.with_pending(|pending| pending.links -= 1);
        self.changing.update(|changing| *changing -= 1);
        self.notify();
    }

    pub fn follows_link(&self) -> bool {
        self.with_pending(|pending| pending.links > 0)
    }

    /// Who caused this state, which is on screen now.
    pub fn cause_of(&self, view: &ViewState) -> Cause {
        let caused = self.with_pending(|pending| pending.caused.take());
        caused.filter(|(of, _)| of == view).map_or(Cause::Reader, |(_, cause)| cause)
    }
}
