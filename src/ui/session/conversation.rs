//! The conversation with the worker: what is asked, and what is done with the answers.
//!
//! The newest text wins: one run is under way at a time, a newer one takes its place, and a reply for a text that is no
//! longer the reader's is dropped.

use std::mem::{Discriminant, discriminant};
use std::sync::Arc;
use std::time::Duration;

use js_sys::ArrayBuffer;
use leptos::prelude::*;

use crate::engine::{HeadId, Tokens};
use crate::error::{Error, Kind};
use crate::source::Source as ModelSource;
use crate::state::{Answer, Asked, Compared, Of, Predictions, Run, Source, Turned, ViewState};
use crate::text;
use crate::ui::session::state::Session;
use crate::ui::session::types::{Choice, Drawn, Model, Planned, Told, texts};
use crate::worker::client::floats;
use crate::worker::protocol::{MapsOf, Passage, Picture, Reply, Request, RunRequest, Slot};

/// Tokens predicted at a position that are worth a line.
const PREDICTIONS: usize = 5;

/// How long a text stands before all its heads are looked at: longer than between two keys of who types on.
const SURVEY_AFTER: Duration = Duration::from_millis(150);

/// A run as it came: its tokens, layers and heads, the heads whose weights were sent, and the side of thumbnails.
pub(super) fn received(
    id: u32,
    asked: Asked,
    tokens: Tokens,
    size: (usize, usize),
    (sent, side): (Vec<HeadId>, usize),
    buffers: &[ArrayBuffer],
    source: Source,
) -> Run {
    let thumbs = buffers.get(1).map(floats).unwrap_or_default();
    let mut run = Run::new(id, asked, tokens, size, (thumbs, side), source);
    let cells = run.tokens.len() * run.tokens.len();
    let patterns = buffers.first().map(floats).unwrap_or_default();
    for (head, pattern) in sent.into_iter().zip(patterns.chunks(cells.max(1))) {
        run.add_map(Of::default(), head, pattern.to_vec());
    }
    run
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
    /// Runs the model on the text on screen, and on what that is compared with, where they are not shown or under
    /// way.
    pub(super) fn read(&self) {
        let nothing = self.empty_untracked();
        let ready = self.model.with_untracked(|m| matches!(m, Model::Ready(_)));
        let (asked, head) = self.view.with_untracked(|v| (v.asked(), v.head_id()));
        let other = untrack(|| self.other_asked());
        let of = |run: &Option<Arc<Run>>| {
            let is_here = |r: &&Arc<Run>| r.is_whole() && !self.stands_in(r) && !self.is_anothers(r);
            run.as_ref().filter(is_here).map(|r| r.asked.clone())
        };
        let (shown, beside) = (self.run.with_untracked(of), self.other.with_untracked(of));
        if other.is_none() && beside.is_some() {
            self.other.set(None);
        }
        let wanted = match other {
            _ if shown.as_ref() != Some(&asked) => Some((asked, Slot::Main)),
            Some(other) if beside.as_ref() != Some(&other) => Some((other, Slot::Other)),
            _ => None,
        };
        let wanted = wanted.filter(|_| !nothing);
        // An emptied field is about to have another text.
        let is_asked = wanted.is_some() || nothing;
        let needed = |run: &Arc<Run>| self.view.with_untracked(|view| view.needs_model(run));
        let more = self.run.with_untracked(|run| run.as_ref().is_some_and(needed));
        if is_asked && more && self.model.with_untracked(|model| *model == Model::Waiting) {
            self.load();
        }
        if nothing {
            self.clear();
        }
        let wanted = wanted.filter(|_| ready);
        self.reading.set(wanted.is_some());
        let Some((asked, keep)) = wanted else { return };
        self.with_pending(|pending| {
            // The worker leaves a run for a newer one.
            let is_new = pending.under_way.as_ref().is_none_or(|(_, before, slot)| (before, *slot) != (&asked, keep));
            if let (true, Some(client)) = (is_new, &pending.client) {
                self.fault.set(None);
                let Asked { text, pair, altered: intervention } = asked.clone();
                let id = client.send(Request::Run(RunRequest { text, pair, head, intervention, keep }));
                pending.under_way = Some((id, asked, keep));
            }
        });
    }

    /// Nothing is on screen any more, and nothing is said about what was.
    fn clear(&self) {
        if self.run.with_untracked(Option::is_some) {
            self.with_pending(|pending| pending.emptied = true);
            self.fault.set(None);
            self.pointed.set(None);
            self.other.set(None);
            self.run.set(None);
        }
    }

    /// A saved run that the model here will read anew. One that was opened and is by another model stays while it holds
    /// all that is asked.
    fn stands_in(&self, run: &Run) -> bool {
        let other = self.model.with_untracked(|model| match model {
            Model::Ready(card) => run.opened && !card.name.eq_ignore_ascii_case(&run.saved_by),
            _ => false,
        });
        run.source == Source::Snapshot && !(other && self.view.with_untracked(|view| !view.needs_model(run)))
    }

    /// Asks for the maps of the head on screen where they have not come yet.
    pub(super) fn fetch_maps(&self) {
        let head = self.head_shown();
        if let (Some(run), Some(of)) = (self.run.get(), self.of()) {
            self.fetch(&run, of, head);
        }
        let beside = self.view.with(|v| Of { quantity: v.show, with: None });
        if let Some(other) = self.other.get().filter(|_| self.view.with(|v| v.side_by_side)) {
            self.fetch(&other, beside, head);
        }
    }

    pub fn fetch(&self, run: &Run, of: Of, head: HeadId) {
        let Of { quantity, with } = of;
        let missing = run.has(head) && run.map(of, head).is_none() && run.source != Source::Snapshot && run.is_whole();
        let of_run = MapsOf { run: run.id, quantity, with };
        if missing && quantity.is_of_heads() && run.maps(of).is_none() {
            self.ask(Request::Maps { of: of_run, head });
        } else if missing {
            self.ask(Request::Head { of: of_run, head });
        }
    }

    /// Asks about a run on screen, once. Maps are all kept; of any other kind of answer only the last is, so
    /// that a question counts as asked until the next of its kind.
    fn ask(&self, request: Request) {
        self.with_pending(|pending| {
            let asked = &mut pending.asked;
            if let (Some(client), false) = (&pending.client, asked.contains(&request)) {
                if !matches!(request, Request::Head { .. } | Request::Maps { .. } | Request::Similar { .. }) {
                    asked.retain(|before| kind(before) != kind(&request));
                }
                asked.push(request.clone());
                client.send(request);
            }
        });
    }

    /// Asks what the two runs share, how much each head differs and, where that is asked, which heads turned.
    pub(super) fn ask_what_changed(&self) {
        let (Some(run), Some(other)) = (self.run.get(), self.other.get()) else { return };
        let (id, with) = (run.id, other.id);
        if run.source == Source::Snapshot {
            return;
        }
        if run.compared.as_ref().is_none_or(|compared| compared.with != with) {
            return self.ask(Request::Compare { run: id, with });
        }
        let shared = |token: &usize| run.compared.as_ref().is_some_and(|c| c.other(*token).is_some());
        let asked = self.view.with(|view| run.asks_turned(view)).filter(|tokens| tokens.iter().all(shared));
        let Some(tokens @ [query, from, to]) = asked else { return };
        if run.turned.as_ref().is_none_or(|turned| (turned.with, turned.tokens) != (with, tokens)) {
            self.ask(Request::Moved { run: id, with, query, from, to });
        }
    }

    /// Asks which heads read the token asked for, where the answer has not come yet.
    pub(super) fn ask_which_heads(&self) {
        let Some(run) = self.run.get().filter(|r| r.source != Source::Snapshot) else { return };
        let Some((queries, keys)) = self.view.with(|view| run.asks(view)) else { return };
        if run.found.as_ref().is_some_and(|found| found.is_to(&queries, &keys)) {
            return;
        }
        self.ask(Request::Find { run: run.id, queries, keys });
    }

    /// Asks the worker for a picture of the run on screen. It comes as [`Drawn`]; the last one of its kind stays
    /// until then.
    pub fn draw(&self, picture: Picture, room: f32) {
        if let Some(run) = self.run.get() {
            self.ask(Request::Draw { run: run.id, picture, room });
        }
    }

    /// Asks what comes of the run, while that is open: what the model predicts, or how alike embeddings are.
    pub(super) fn ask_downstream(&self) {
        let Some(run) = self.run.get().filter(|r| r.source != Source::Snapshot) else { return };
        // Once all is read: a newer text asks anew.
        if self.reading.get() || !self.view.with(|v| v.downstream && run.is_of(v)) {
            return;
        }
        if self.predicts() {
            let position = self.view.with(|v| v.tokens.last().copied()).filter(|&token| token < run.tokens.len());
            let with = self.other.with(|other| other.as_ref().map(|o| o.id));
            let known =
                |p: usize| run.predicted.as_ref().is_some_and(|known| (known.with, known.position) == (with, p));
            if let Some(position) = position.filter(|&position| !known(position)) {
                self.ask(Request::Predict { run: run.id, with, position, most: PREDICTIONS });
            }
            return;
        }
        for (_, both) in self.view.with(ViewState::alike) {
            if run.cosine(&both).is_none() {
                let [a, b] = both.map(|Asked { text, pair, altered }| Passage { text, pair, intervention: altered });
                self.ask(Request::Similar { a, b });
            }
        }
    }

    pub(super) fn on_reply(&self, id: u32, reply: Reply, buffers: Vec<ArrayBuffer>) {
        match reply {
            Reply::Progress { got_bytes: got, total_bytes: total, seconds, from } => {
                self.loading(id, Model::Downloading { got, total, seconds, from });
            }
            Reply::Retrying { seconds, error } => self.loading(id, Model::Retrying { seconds, error }),
            Reply::Preparing { done, total } => self.loading(id, Model::Preparing { done, total }),
            Reply::Ready { mut model } => {
                if model.name.is_empty() {
                    text::your_model().clone_into(&mut model.name);
                }
                self.model_is_here(id, &model);
                self.model.set(Model::Ready(model));
            }
            Reply::Planned { source, name, licence, files, bytes, memory } => {
                self.found(id, Told::Plan(Planned { source, name, licence, files, bytes, memory }));
            }
            Reply::Choices { source: ModelSource::Hub(repository), files } => {
                let choice = |(path, bytes): (String, u64)| {
                    let source = ModelSource::Hub(repository.with_file(&path));
                    Choice { path, bytes, source }
                };
                self.found(id, Told::Choices(files.into_iter().map(choice).collect()));
            }
            Reply::Choices { .. } => {}
            Reply::NotKept { bytes } => {
                if self.with_pending(|pending| pending.load == id) {
                    self.not_kept.set(bytes);
                }
            }
            Reply::IsKept { kept } => {
                self.with_pending(|pending| pending.kept.push((id, kept)));
                self.notify();
            }
            Reply::Stored { models } => self.are_stored(models),
            Reply::Continued { run, text } => self.written(run, &text),
            Reply::Imported { model, text } => self.with_pending(|pending| pending.imported = Some((id, model, text))),
            Reply::Ran { tokens, layers, heads, sent, side, .. } if self.is_import(id) => {
                self.show_import(tokens, (layers, heads), (sent, side), &buffers);
            }
            Reply::Ran { tokens, layers, computed, heads, sent, side, millis, .. } => {
                let whole = computed == layers;
                let under_way = self.with_pending(|pending| {
                    let of_this = pending.under_way.clone().filter(|(run, ..)| *run == id)?;
                    pending.under_way.take_if(|_| whole);
                    Some(of_this)
                });
                let Some((_, asked, keep)) = under_way.filter(|(.., keep)| whole || *keep == Slot::Main) else {
                    return;
                };
                if self.is_wanted(&asked, keep) {
                    let source = Source::Model { millis };
                    let mut run = received(id, asked, tokens, (layers, heads), (sent, side), &buffers, source);
                    run.computed = computed;
                    self.with_pending(|pending| pending.asked.clear());
                    if keep == Slot::Other {
                        self.other.set(Some(Arc::new(run)));
                    } else {
                        self.show(run);
                        if !whole {
                            return;
                        }
                        let session = *self;
                        set_timeout(move || session.survey(id), SURVEY_AFTER);
                    }
                }
                self.read();
            }
            Reply::Head { of: MapsOf { run, quantity, with }, head, .. } => {
                if let Some(buffer) = buffers.first() {
                    self.add(run, |shown| shown.add_map(Of { quantity, with }, head, floats(buffer)));
                }
            }
            Reply::Maps { of: MapsOf { run, quantity, with }, sent, n, side } => {
                let [maps, thumbs] = [0, 1].map(|i| buffers.get(i).map(floats).unwrap_or_default());
                let of = Of { quantity, with };
                self.add(run, |shown| {
                    shown.add_maps(of, thumbs, side);
                    for (head, map) in sent.into_iter().zip(maps.chunks((n * n).max(1))) {
                        shown.add_map(of, head, map.to_vec());
                    }
                });
            }
            Reply::Compared { run, with, aligned, changes } => {
                self.add(run, |shown| shown.compared = Some(Arc::new(Compared { with, aligned, changes })));
                self.show_most_changed();
            }
            Reply::Moved { run, with, query, from, to, heads } => {
                let heads = heads.into_iter().map(|moved| (moved.head, moved.moved)).collect();
                let turned = Turned { with, tokens: [query, from, to], heads };
                self.add(run, |shown| shown.turned = Some(Arc::new(turned)));
                self.show_most_shifted();
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
            Reply::Timed { tokens, millis, bytes } => self.add_pass(id, (tokens, millis as f32), bytes),
            Reply::Found { run, queries, keys, found } => {
                let heads = found.into_iter().map(|found| (found.head, found.weight)).collect();
                self.add(run, |shown| shown.found = Some(Arc::new(Answer { queries, keys, heads })));
            }
            Reply::Failed { error } => self.failed(id, error),
            Reply::Similar { a, b, cosine } => {
                let both =
                    [a, b].map(|Passage { text, pair, intervention }| Asked { text, pair, altered: intervention });
                if let Some(run) = self.run.with_untracked(|run| run.as_ref().map(|r| r.id)) {
                    self.add(run, |shown| shown.alike.push((both, cosine)));
                }
            }
            Reply::Predicted { run, with, position, predictions } => {
                let tokens = predictions.into_iter().map(|p| (p.token, p.probability, p.before)).collect();
                let predicted = Predictions { with, position, tokens };
                self.add(run, |shown| shown.predicted = Some(Arc::new(predicted)));
            }
            Reply::Lesson => self.lesson_told(id, &buffers),
            Reply::Hello { .. } => {}
        }
    }

    /// Shows the head that changed most, unless a question about shifts comes after this, or the one on screen changed.
    pub(super) fn show_most_changed(&self) {
        let Some(run) = self.run.get_untracked() else { return };
        let asks_shift = self.view.with_untracked(|view| run.asks_turned(view).is_some());
        let with = self.view.with_untracked(|view| view.compare.as_ref().and_then(|_| view.other_asked()));
        let other = self.other.get_untracked().filter(|other| with.as_ref() == Some(&other.asked));
        let is_compared = other.is_some_and(|o| run.compared.as_ref().is_some_and(|compared| compared.with == o.id));
        if is_compared && !asks_shift {
            let ranked = run.most_changed();
            self.show_telling(&ranked, |head| ranked.iter().any(|(id, change)| *id == head && *change > 0.0));
        }
    }

    fn show_most_shifted(&self) {
        let turned = self.run.with_untracked(|run| run.as_ref().and_then(|run| run.turned.clone()));
        if let Some(turned) = turned {
            self.show_telling(&turned.heads, |_| false);
        }
    }

    /// What a run was to read is still what the reader asks for.
    fn is_wanted(&self, asked: &Asked, keep: Slot) -> bool {
        let wanted = untrack(|| match keep {
            Slot::Main => Some(self.view.with(ViewState::asked)),
            Slot::Other => self.other_asked(),
        });
        wanted.as_ref() == Some(asked)
    }

    /// Only what stays on screen is looked at closely: it takes the worker about as long as reading does.
    pub(super) fn survey(self, run: u32) {
        if self.run.with_untracked(|r| r.as_ref().is_none_or(|r| r.id != run)) {
            return;
        }
        if self.reading.get_untracked() {
            set_timeout(move || self.survey(run), SURVEY_AFTER);
        } else {
            self.ask(Request::Survey { run });
        }
    }

    /// Adds what has come for the run on screen; what is of another is too late.
    fn add(&self, run: u32, change: impl FnOnce(&mut Run)) {
        let is_it = |shown: &Option<Arc<Run>>| shown.as_ref().is_some_and(|r| r.id == run);
        if let Some(place) = [self.run, self.other].into_iter().find(|place| place.with_untracked(is_it)) {
            place.update(|shown| change(Arc::make_mut(shown.as_mut().expect("looked at"))));
        }
    }

    pub(super) fn show(&self, run: Run) {
        let before = self.run.get_untracked();
        if before.as_ref().is_some_and(|before| before.id == run.id && !before.is_whole()) {
            // More of its layers.
            return self.run.set(Some(Arc::new(run)));
        }
        let (wanted, emptied, mut stand_in) = self.with_pending(|pending| {
            pending.unrecorded = true;
            (pending.wanted.take(), std::mem::take(&mut pending.emptied), pending.stand_in.take())
        });
        self.set_view.update(|view| {
            view.fit(run.layers, run.heads);
            stand_in = match &before {
                Some(before) => view.follow(&before.shown, &run.shown, stand_in),
                None if emptied => view.follow(&[], &run.shown, stand_in),
                None => None,
            };
            // Whoever asked for tokens that are not there asks again and is told.
            let of_this = wanted.filter(|(of, _)| *of == texts(view));
            let _ = of_this.map(|(_, wanted)| view.find(&wanted, &run.shown));
        });
        self.with_pending(|pending| pending.stand_in = stand_in);
        self.fault.set(None);
        self.pointed.set(None);
        self.run.set(Some(Arc::new(run)));
    }

    pub(super) fn failed(&self, id: u32, mut error: Error) {
        self.writing.set(false);
        if self.plan_failed(id, &error) {
            return;
        }
        if error.kind == Kind::Worker || self.with_pending(|pending| pending.pass == Some(id)) {
            self.stop_timing();
        }
        let (loading, stopped) = self.with_pending(|pending| {
            (pending.load == id, pending.under_way.take_if(|(run, ..)| *run == id || error.kind == Kind::Worker))
        });
        let running = stopped.is_some();
        if error.kind != Kind::Worker && matches!(&stopped, Some((.., Slot::Other))) {
            error.what = format!("The run to compare with, {}", error.what);
        }
        if running {
            self.reading.set(false);
        }
        if error.kind == Kind::Worker || loading {
            // A download that the reader stopped has not failed, and the model from before it is still there.
            let stopped = self.model.with_untracked(|m| matches!(m, Model::Stopped | Model::Ready(_)));
            if error.kind != Kind::Worker && !stopped && self.go_back() {
                self.fault.set(Some(error));
            } else if !stopped || error.kind == Kind::Worker && self.model.with_untracked(|m| *m != Model::Stopped) {
                self.model.set(Model::Failed(error));
            }
        } else if stopped.is_some_and(|(_, asked, keep)| !self.is_wanted(&asked, keep)) {
            // Nobody waits for it, but for what has been typed since.
            self.read();
        } else if running || self.is_import(id) || self.is_elsewhere() {
            self.fault.set(Some(error));
        } else {
            // Asked of a run that a newer one has taken the place of: nobody waits for it any more.
            leptos::logging::log!("{error}");
        }
    }
}
