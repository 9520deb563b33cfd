//! Whether the worker still answers, and another one in its place where it does not.

use std::time::Duration;

use leptos::prelude::*;

use crate::error::{Error, Kind};
use crate::ui::session::state::Session;
use crate::ui::session::types::Model;
use crate::worker::client::Client;
use crate::worker::pulse::TICK;

impl Session {
    /// Watches the worker for as long as the page stands.
    pub(super) fn watch(self) {
        let tick = move || {
            let (shown, waits) = (!document().hidden(), self.waits());
            let silent =
                self.with_pending(|pending| pending.client.as_ref().is_some_and(|client| client.tick(shown, waits)));
            if self.silent.get_untracked() != silent {
                self.silent.set(silent);
            }
        };
        set_interval(tick, Duration::from_millis(TICK));
    }

    /// The reader waits for the worker.
    fn waits(&self) -> bool {
        let loading = self.model.with_untracked(|model| {
            !matches!(model, Model::Waiting | Model::Ready(_) | Model::Stopped | Model::Failed(_))
        });
        loading || [self.reading, self.writing, self.timing].iter().any(|of| of.get_untracked())
    }

    /// Starts another worker in the place of one that does not answer. What has been typed stays, and is read again.
    pub fn replace_worker(&self) {
        self.silent.set(false);
        self.with_pending(|pending| pending.client.as_ref().map(Client::abandon));
        let (what, advice) = ("the engine's worker", "Start the engine again.");
        self.failed(0, Error::new(Kind::Worker, what, "an answer", "none", advice));
        self.load_with(true);
    }
}
