//! The conversation with the worker: what is asked, and what is done with the answers.
//!
//! The newest text wins: one run is under way at a time, and a reply for a text that is no longer the reader's is
//! dropped.

use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use js_sys::ArrayBuffer;
use leptos::prelude::*;

use super::{Model, Session};
use crate::engine::HeadId;
use crate::error::{Error, Kind};
use crate::scene::Scene;
use crate::state::{Answer, Asked, Run, Source};
use crate::worker::client::floats;
use crate::worker::protocol::{Picture, Reply, Request, RunRequest, Slot};

/// A picture that the worker has made of the run on screen, and what it says.
pub struct Drawn {
    pub picture: Picture,
    pub scene: Scene,
    pub told: String,
}

/// What a request asks for, whatever it asks about: pictures of different kinds are different things.
fn kind(request: &Request) -> (Discriminant<Request>, Option<Discriminant<Picture>>) {
    let picture = match request {
        Request::Draw { picture, .. } => Some(discriminant(picture)),
        _ => None,
    };
    (discriminant(request), picture)
}

impl Session {
    /// Runs the model on the text on screen, if that is not what is shown or under way.
    pub(super) fn read(&self) {
        let nothing = self.empty_untracked();
        let current = self.run.with_untracked(|run| {
            run.as_ref().is_some_and(|r| self.view.with_untracked(|v| r.is_of(v)) && r.source != Source::Snapshot)
        });
        let ready = self.model.with_untracked(|m| matches!(m, Model::Ready(_)));
        self.reading.set(ready && !nothing && !current);
        if nothing || current || !ready {
            return;
        }
        let (asked, head) = self.view.with_untracked(|v| (v.asked(), v.head_id()));
        self.with_talk(|talk| {
            if let (None, Some(client)) = (&talk.under_way, &talk.client) {
                self.fault.set(None);
                let Asked { text, pair, altered: intervention } = asked.clone();
                let id = client.send(Request::Run(RunRequest { text, pair, head, intervention, keep: Slot::Main }));
                talk.under_way = Some((id, asked));
            }
        });
    }

    /// Asks for the pattern of the head on screen where it has not come yet.
    pub(super) fn fetch_head(&self) {
        let head = self.head_shown();
        let missing =
            self.run.with(|run| run.as_ref().filter(|r| r.has(head) && r.pattern(head).is_none()).map(|r| r.id));
        if let Some(run) = missing {
            self.ask_head(run, head);
        }
    }

    pub fn ask_head(&self, run: u32, head: HeadId) {
        self.ask(run, Request::Head { run, head });
    }

    /// Asks about the run on screen, once. Patterns are all kept; of any other kind of answer only the last is, so
    /// that a question counts as asked until the next of its kind.
    fn ask(&self, run: u32, request: Request) {
        self.with_talk(|talk| {
            if talk.asked.0 != run {
                talk.asked = (run, Vec::new());
            }
            let asked = &mut talk.asked.1;
            if let (Some(client), false) = (&talk.client, asked.contains(&request)) {
                if !matches!(request, Request::Head { .. }) {
                    asked.retain(|before| kind(before) != kind(&request));
                }
                asked.push(request.clone());
                client.send(request);
            }
        });
    }

    /// Asks which heads read the token asked for, where the answer has not come yet.
    pub(super) fn ask_which_heads(&self) {
        let Some(run) = self.run.get().filter(|r| r.source != Source::Snapshot) else { return };
        let Some((queries, keys)) = self.view.with(|view| run.asks(view)) else { return };
        if run.found.as_ref().is_some_and(|found| found.is_to(&queries, &keys)) {
            return;
        }
        self.ask(run.id, Request::Find { run: run.id, queries, keys });
    }

    /// Asks the worker for a picture of the run on screen. It comes as [`Drawn`]; the last one of its kind stays
    /// until then.
    pub fn draw(&self, picture: Picture, room: f32) {
        if let Some(run) = self.run.get() {
            self.ask(run.id, Request::Draw { run: run.id, picture, room });
        }
    }

    pub(super) fn on_reply(&self, id: u32, reply: Reply, buffers: Vec<ArrayBuffer>) {
        match reply {
            Reply::Progress { got_bytes: got, total_bytes: total, seconds, cached } => {
                if self.model.with_untracked(|m| *m != Model::Stopped) {
                    self.model.set(Model::Downloading { got, total, seconds, cached });
                }
            }
            Reply::Retrying { seconds, error } => {
                if self.model.with_untracked(|m| *m != Model::Stopped) {
                    self.model.set(Model::Retrying { seconds, error });
                }
            }
            Reply::Preparing => self.model.set(Model::Preparing),
            Reply::Ready { model } => self.model.set(Model::Ready(model)),
            Reply::Ran { tokens, layers, heads, sent, side, millis, .. } => {
                let Some((_, asked)) = self.with_talk(|t| t.under_way.take_if(|(run, ..)| *run == id)) else {
                    return;
                };
                if self.view.with_untracked(|v| v.asked() == asked) {
                    let thumbs = buffers.get(1).map(floats).unwrap_or_default();
                    let source = Source::Model { millis };
                    let mut run = Run::new(id, asked, tokens, (layers, heads), (thumbs, side), source);
                    let cells = run.tokens.len() * run.tokens.len();
                    let patterns = buffers.first().map(floats).unwrap_or_default();
                    for (head, pattern) in sent.into_iter().zip(patterns.chunks(cells.max(1))) {
                        run.add_pattern(head, pattern.to_vec());
                    }
                    self.show(run);
                    // Only what is on screen is looked at closely.
                    self.ask(id, Request::Survey { run: id });
                }
                self.read();
            }
            Reply::Head { run, head, .. } => {
                if let Some(buffer) = buffers.first() {
                    self.add(run, |shown| shown.add_pattern(head, floats(buffer)));
                }
            }
            Reply::Surveyed { run, heads } => self.add(run, |shown| shown.survey = Arc::new(heads)),
            Reply::Drawn { run, picture, scene, told, .. } => {
                let place = match picture {
                    Picture::Inside { .. } => self.inside,
                    Picture::Chart { .. } => self.chart,
                    Picture::Cost { .. } => self.cost,
                };
                if self.run.with_untracked(|shown| shown.as_ref().is_some_and(|r| r.id == run)) {
                    place.set(Some(Arc::new(Drawn { picture, scene, told })));
                }
            }
            Reply::Timed { tokens, millis } => self.add_pass(id, (tokens, millis as f32)),
            Reply::Found { run, queries, keys, found } => {
                let heads = found.into_iter().map(|found| (found.head, found.weight)).collect();
                self.add(run, |shown| shown.found = Some(Arc::new(Answer { queries, keys, heads })));
            }
            Reply::Failed { error } => self.failed(id, error),
            Reply::Hello { .. }
            | Reply::Embedded
            | Reply::Scores { .. }
            | Reply::Norms { .. }
            | Reply::Predicted { .. } => {}
        }
    }

    /// Adds what has come for the run on screen; what is of another is too late.
    fn add(&self, run: u32, change: impl FnOnce(&mut Run)) {
        if self.run.with_untracked(|shown| shown.as_ref().is_some_and(|r| r.id == run)) {
            self.run.update(|shown| change(Arc::make_mut(shown.as_mut().expect("looked at"))));
        }
    }

    fn show(&self, run: Run) {
        let before = self.run.get_untracked();
        self.with_talk(|talk| talk.unrecorded = true);
        self.view.update(|view| {
            view.fit(run.layers, run.heads);
            if let Some(before) = &before {
                view.follow(&before.shown, &run.shown);
            }
            self.choose_waiting(view, &run);
        });
        self.fault.set(None);
        self.pointed.set(None);
        self.run.set(Some(Arc::new(run)));
    }

    fn failed(&self, id: u32, error: Error) {
        if error.kind == Kind::Worker || self.with_talk(|talk| talk.pass == Some(id)) {
            self.stop_timing();
        }
        let (loading, running) = self.with_talk(|talk| {
            let running = talk.under_way.take_if(|(run, ..)| *run == id || error.kind == Kind::Worker).is_some();
            (talk.load == id, running)
        });
        if running {
            self.reading.set(false);
        }
        if error.kind == Kind::Worker || loading {
            // A download that the reader stopped has not failed.
            if self.model.with_untracked(|m| *m != Model::Stopped) {
                self.model.set(Model::Failed(error));
            }
        } else if running {
            self.fault.set(Some(error));
        } else {
            // Asked of a run that a newer one has taken the place of: nobody waits for it any more.
            leptos::logging::log!("{error}");
        }
    }
}
