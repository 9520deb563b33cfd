//! Whole states that come to the screen: undone ones, examples, links, saved runs. Their tokens are those of their own
//! texts, and are found when those have been read.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::HeadId;
use crate::error::Result;
use crate::state::{Action, Baseline, History, Run, Snapshot, Sort, Source, TokenRef, ViewState, Wanted};
use crate::ui::session::state::Session;
use crate::ui::session::types::{Model, texts};

impl Session {
    /// Takes over a saved run of what the reader asks for, unless a newer one is there already.
    pub fn show_snapshot(&self, bytes: &[u8]) {
        let run = match Snapshot::from_bytes(bytes) {
            Ok(snapshot) => snapshot.run(),
            Err(error) => return leptos::logging::warn!("{error}"),
        };
        if self.run.with_untracked(Option::is_none) && self.view.with_untracked(|view| run.is_of(view)) {
            self.show(run);
        }
    }

    /// The run on screen does not hold all that is asked for, and the model has to read it.
    pub fn needs_model(&self) -> bool {
        let needs = |run: &Arc<Run>| run.source == Source::Snapshot && self.view.with(|view| view.needs_model(run));
        self.run.with(|run| run.as_ref().is_some_and(needs))
    }

    /// Shows a saved run as it was on screen, with those of the tokens wanted that are there.
    pub fn open(&self, mut run: Run, view: ViewState, wanted: Wanted) {
        run.opened = true;
        self.fault.set(None);
        self.pointed.set(None);
        self.run.set(Some(Arc::new(run)));
        self.arrive(view, wanted);
    }

    /// Puts a state on screen, with the tokens wanted where they are there.
    pub fn arrive(&self, view: ViewState, wanted: Wanted) {
        if self.go(view.clone(), wanted).is_err() {
            // A choice of nothing is there in any text.
            let _ = self.go(view, Wanted::default());
        }
    }

    /// Brings [`Session::steps`] up to date with the history.
    pub(super) fn show_steps(&self) {
        let steps = self.with_pending(|pending| [pending.history.can_undo(), pending.history.can_redo()]);
        if self.steps.get_untracked() != steps {
            self.steps.set(steps);
        }
    }

    /// Takes the last step back, or does it again.
    pub fn travel(&self, way: fn(&mut History, &ViewState) -> Option<ViewState>) {
        let view = self.view.get_untracked();
        let there = self.with_pending(|pending| {
            let now = pending.settled(&view);
            way(&mut pending.history, &now)
        });
        self.show_steps();
        if let Some(there) = there {
            self.pointed.set(None);
            let wanted = Wanted::of(&there);
            let ViewState { tokens, from, to, model, .. } = view;
            let there = ViewState { tokens, from, to, ..there };
            if there.model != model {
                // It comes with its model.
                let source = there.model.clone().unwrap_or_else(|| self.own_model());
                let from_store = !self.has_agreed(&source);
                self.take_model(source, Vec::new(), from_store);
                return self.with_pending(|pending| pending.coming = Some((there, wanted)));
            }
            self.with_pending(|pending| pending.unrecorded = true);
            self.arrive(there, wanted);
        }
    }

    /// Does what the reader asks for. A comparison shows the head that differs most once that is known.
    pub fn act(&self, action: Action) {
        let compares = match &action {
            Action::Compare(with) => Some(with.is_some()),
            _ => None,
        };
        if let Some(seeks) = compares {
            self.with_pending(|pending| pending.seeks = seeks);
        }
        let size = untrack(|| self.size());
        let before = self.view.with_untracked(|view| view.altered.clone());
        self.set_view.update(|view| view.act(action, size));
        // What is set beside the original model differs elsewhere now.
        if self.view.with_untracked(|view| view.compare == Some(Baseline::Unaltered) && view.altered != before) {
            self.with_pending(|pending| pending.seeks = true);
        }
        // *Effect* may have compared the two already.
        if compares == Some(true) {
            self.show_most_changed();
        }
    }

    /// Puts texts on screen that were not typed here. Words chosen in other texts are let go.
    pub fn put_texts(&self, text: String, pair: Option<String>) {
        self.set_view.update(|view| {
            if (&view.text, &view.pair) != (&text, &pair) {
                view.tokens.clear();
            }
            (view.text, view.pair) = (text, pair);
        });
    }

    /// Reads this text, and chooses the token of these characters once it has been read; the head, where the built-in model
    /// reads it.
    pub fn take_example(&self, text: &str, pair: Option<&str>, token: &'static str, head: Option<HeadId>) {
        let wanted = Wanted { tokens: Some(vec![TokenRef::Text(token.to_owned())]), ..Wanted::default() };
        self.take(text, wanted, |v| {
            v.pair = pair.map(str::to_owned);
            if let Some(head) = head.filter(|_| v.model.is_none()) {
                (v.layer, v.head) = (head.layer, head.head);
            }
        });
    }

    /// Shows the first of these heads, where a comparison has just been asked for and the head on screen is not `telling`.
    pub(super) fn show_telling(&self, heads: &[(HeadId, f32)], telling: impl Fn(HeadId) -> bool) {
        let seeks = self.with_pending(|pending| std::mem::take(&mut pending.seeks));
        let first = heads.first().filter(|(_, number)| *number != 0.0);
        if let Some((head, _)) = first.filter(|_| seeks && !telling(self.view.with_untracked(ViewState::head_id))) {
            self.with_pending(|pending| pending.unrecorded = true);
            self.set_view.update(|view| (view.layer, view.head) = (head.layer, head.head));
        }
    }

    /// Reads a text and compares it with another, and asks which heads turned from one of its tokens to another.
    pub fn take_comparison(&self, [text, other]: [&str; 2], token: &'static str, between: [&'static str; 2]) {
        self.with_pending(|pending| pending.seeks = true);
        let one = |text: &str| TokenRef::Text(text.to_owned());
        let [from, to] = between.map(|text| Some(Some(one(text))));
        self.take(text, Wanted { tokens: Some(vec![one(token)]), from, to }, |v| {
            (v.pair, v.compare, v.sort) = (None, Some(Baseline::Text(other.to_owned())), Sort::Moved);
        });
    }

    fn take(&self, text: &str, wanted: Wanted, change: impl FnOnce(&mut ViewState)) {
        let mut next = self.view.get_untracked();
        next.text = text.to_owned();
        change(&mut next);
        self.arrive(next, wanted);
    }

    /// Puts a state on screen with these tokens of its text: now if that has been read, else once it has been.
    ///
    /// # Errors
    /// Of tokens that are not there; then all stays as it is.
    pub fn go(&self, mut next: ViewState, wanted: Wanted) -> Result<()> {
        match self.run.get_untracked().filter(|run| run.texts() == next.texts() && !self.is_anothers(run)) {
            Some(run) => {
                next.find(&wanted, &run.shown)?;
                self.with_pending(|pending| pending.wanted = None);
            }
            None => self.with_pending(|pending| {
                let of = texts(&next);
                let before = pending.wanted.take().filter(|(before, _)| *before == of);
                pending.wanted = Some((of, wanted.over(before.map(|(_, wanted)| wanted).unwrap_or_default())));
            }),
        }
        self.with_pending(|pending| pending.whole = true);
        self.set_view.set(next);
        Ok(())
    }

    /// The reader's text cannot be read before the model is here, and the run on screen is of another text.
    pub fn awaits_model(&self) -> bool {
        let ready = self.model.with(|model| matches!(model, Model::Ready(_)));
        let other =
            || self.run.with(|run| self.view.with(|view| run.as_ref().is_some_and(|r| r.texts() != view.texts())));
        !ready && !self.empty() && other()
    }

    /// What is on screen is not, or not all, what the reader asks for.
    pub fn stale(&self) -> bool {
        let other = self.view.with(ViewState::other_asked);
        let behind = self.run.with(|r| r.as_ref().is_some_and(|r| self.view.with(|v| !r.is_of(v))));
        behind || other.is_some() && self.other.with(|o| o.as_ref().map(|o| &o.asked) != other.as_ref())
    }

    /// The state with the tokens of its own text; none while that has not been read, or is being changed from outside.
    pub fn settled(&self) -> Option<ViewState> {
        if self.changing.get() > 0 {
            return None;
        }
        let run = self.run.get().filter(|run| !self.is_anothers(run))?;
        self.view.with(|view| (run.texts() == view.texts()).then(|| view.clone()))
    }
}
