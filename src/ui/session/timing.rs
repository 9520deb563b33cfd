//! Timing runs of different lengths: one message a pass, so that the worker answers the reader between two.

use leptos::prelude::*;

use crate::analysis::{next_length, passes_in_all};
use crate::ui::session::state::Session;
use crate::ui::session::types::Model;
use crate::worker::protocol::{Picture, Request};

impl Session {
    /// Begins anew.
    pub fn time_runs(&self) {
        self.with_pending(|pending| pending.passes.clear());
        self.records.set(Vec::new());
        self.timing.set(true);
        self.time_next();
    }

    /// What has been measured stays; the pass under way counts no more.
    pub fn stop_timing(&self) {
        self.with_pending(|pending| pending.pass = None);
        self.timing.set(false);
    }

    /// Asks for the chart of what has been measured.
    pub fn draw_times(&self, room: f32) {
        let passes = self.with_pending(|pending| pending.passes.clone());
        if !passes.is_empty() {
            self.draw(Picture::Cost { passes }, room);
        }
    }

    pub(super) fn add_pass(&self, id: u32, pass: (usize, f32), bytes: u64) {
        let waited_for = self.with_pending(|pending| {
            let waited_for = pending.pass == Some(id);
            if waited_for {
                pending.passes.push(pass);
            }
            waited_for
        });
        if waited_for {
            let record = (pass.0, bytes);
            if self.records.with_untracked(|records| !records.contains(&record)) {
                self.records.update(|records| records.push(record));
            }
            self.time_next();
        }
    }

    fn time_next(&self) {
        let positions = self.model.with_untracked(|m| if let Model::Ready(card) = m { card.positions } else { 0 });
        let (done, pass) = self.with_pending(|pending| {
            let next = next_length(pending.passes.len(), positions).zip(pending.client.as_ref());
            pending.pass = next.map(|(tokens, client)| client.send(Request::Time { tokens }));
            (pending.passes.len(), pending.pass)
        });
        self.timed.set(done as f32 / passes_in_all(positions).max(1) as f32);
        self.timing.set(pass.is_some());
    }
}
