//! The page's shared signals and the conversation with the worker.
//!
//! The newest text wins: one run is under way at a time, and a reply for a text that is no
//! longer the reader's is dropped.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{ArrayBuffer, Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::engine::HeadId;
use crate::error::{Error, Kind};
use crate::scene::Target;
use crate::state::{Answer, Asked, History, Inside, Run, Snapshot, Source, TokenRef, ViewState};
use crate::worker::client::{Client, floats};
use crate::worker::protocol::{ModelCard, Reply, Request, RunRequest, Slot};

/// How far the model is.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// Nothing has arrived.
    Starting,
    Downloading {
        got: u64,
        total: u64,
        seconds: f64,
        cached: bool,
    },
    /// The download was cut and is taken up again in so many seconds.
    Retrying {
        seconds: f64,
        error: Error,
    },
    Preparing,
    Ready(ModelCard),
    /// The reader stopped the download.
    Stopped,
    Failed(Error),
}

#[derive(Clone, Copy)]
pub struct Session {
    pub view: RwSignal<ViewState>,
    pub run: RwSignal<Option<Arc<Run>>>,
    pub model: RwSignal<Model>,
    /// What lies under the pointer: shown, not chosen.
    pub pointed: RwSignal<Option<Target>>,
    /// The last thing that went wrong with a run.
    pub fault: RwSignal<Option<Error>>,
    /// A run is under way for the text on screen.
    pub reading: RwSignal<bool>,
    talk: StoredValue<Rc<RefCell<Talk>>, LocalStorage>,
}

type Question = (u32, Vec<usize>, Vec<usize>);

/// The half of the session that is not for looking at.
#[derive(Default)]
struct Talk {
    client: Option<Client>,
    folder: String,
    load: u32,
    /// The run under way: its id and what it reads.
    under_way: Option<(u32, Asked)>,
    /// Heads asked for of the run with this id.
    asked: (u32, Vec<HeadId>),
    /// The last question which heads read what: run, queries and keys.
    question: Option<Question>,
    /// What the pointer lies on but no longer previews.
    passed: Option<Target>,
    /// A token to choose in the next run shown.
    choose: Option<&'static str>,
    waiting: Vec<Function>,
    history: History,
    /// The view's next change is no step of the reader's: one that the history has, or one that follows the text.
    unrecorded: bool,
}

impl Session {
    pub fn new() -> Self {
        let session = Self {
            view: RwSignal::new(ViewState::default()),
            run: RwSignal::new(None),
            model: RwSignal::new(Model::Starting),
            pointed: RwSignal::new(None),
            fault: RwSignal::new(None),
            reading: RwSignal::new(false),
            talk: StoredValue::new_local(Rc::default()),
        };
        Effect::new(move |_| {
            session.view.track();
            session.model.track();
            session.read();
        });
        Effect::new(move |before: Option<ViewState>| {
            let now = session.view.get();
            session.with_talk(|talk| {
                if let (Some(before), false) = (before, std::mem::take(&mut talk.unrecorded)) {
                    talk.history.record(&before, &now);
                }
            });
            now
        });
        Effect::new(move |_| session.fetch_head());
        Effect::new(move |_| session.ask_which_heads());
        Effect::new(move |_| session.look_inside());
        Effect::new(move |_| {
            session.run.track();
            session.model.track();
            session.fault.track();
            session.view.track();
            session.notify();
        });
        session
    }

    /// Starts the worker and the download of the model in `folder` (an address that ends in `/`).
    pub fn start(&self, worker: &str, folder: &str) {
        let session = *self;
        let started = Client::start(worker, move |id, reply, buffers| session.on_reply(id, reply, buffers));
        match started {
            Ok(client) => {
                self.with_talk(|talk| (talk.client, talk.folder) = (Some(client), folder.to_owned()));
                self.load();
            }
            Err(error) => self.model.set(Model::Failed(error)),
        }
    }

    /// Begins or carries on the download; what has arrived before is kept.
    pub fn load(&self) {
        let lost = self.model.with_untracked(|m| matches!(m, Model::Failed(e) if e.kind == Kind::Worker));
        self.model.set(Model::Starting);
        let failed = self.with_talk(|talk| {
            let client = talk.client.as_mut()?;
            if lost {
                talk.under_way = None;
                client.restart().err()?;
            }
            talk.load = client.send(Request::Load { folder: talk.folder.clone() });
            None::<Error>
        });
        if let Some(error) = failed {
            self.model.set(Model::Failed(error));
        }
    }

    pub fn cancel(&self) {
        self.with_talk(|talk| talk.client.as_ref().map(|c| c.send(Request::Cancel)));
        self.model.set(Model::Stopped);
    }

    /// Takes over a saved run, unless a newer one is there already.
    pub fn show_snapshot(&self, bytes: &[u8]) {
        match Snapshot::from_bytes(bytes) {
            Ok(snapshot) if self.run.with_untracked(Option::is_none) => self.run.set(Some(Arc::new(snapshot.run()))),
            Ok(_) => {}
            Err(error) => leptos::logging::warn!("{error}"),
        }
    }

    /// Runs the model on the text on screen, if that is not what is shown or under way.
    fn read(&self) {
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
    fn fetch_head(&self) {
        let head = self.head_shown();
        let missing =
            self.run.with(|run| run.as_ref().filter(|r| r.has(head) && r.pattern(head).is_none()).map(|r| r.id));
        if let Some(run) = missing {
            self.ask_head(run, head);
        }
    }

    pub fn ask_head(&self, run: u32, head: HeadId) {
        self.with_talk(|talk| {
            if talk.asked.0 != run {
                talk.asked = (run, Vec::new());
            }
            if let (false, Some(client)) = (talk.asked.1.contains(&head), &talk.client) {
                talk.asked.1.push(head);
                client.send(Request::Head { run, head });
            }
        });
    }

    /// Asks which heads read the token asked for, where the answer has not come yet.
    fn ask_which_heads(&self) {
        let Some(run) = self.run.get().filter(|r| r.source != Source::Snapshot) else { return };
        let Some((queries, keys)) = self.view.with(|view| run.asks(view)) else { return };
        if run.found.as_ref().is_some_and(|found| found.is_to(&queries, &keys)) {
            return;
        }
        self.with_talk(|talk| {
            let question = (run.id, queries.clone(), keys.clone());
            if let (Some(client), true) = (&talk.client, talk.question.as_ref() != Some(&question)) {
                client.send(Request::Find { run: run.id, queries, keys });
                talk.question = Some(question);
            }
        });
    }

    /// Asks what the head on screen does with the query, while its inside is open.
    fn look_inside(&self) {
        let Some(run) = self.run.get().filter(|r| r.source != Source::Snapshot) else { return };
        let head = self.head_shown();
        let query = self.view.with(|v| v.tokens.last().copied().filter(|_| v.inside));
        let Some(query) = query.filter(|&q| q < run.tokens.len() && run.has(head)) else { return };
        if run.inside.as_ref().is_none_or(|i| (i.head, i.query) != (head, query)) {
            self.with_talk(|talk| talk.client.as_ref().map(|c| c.send(Request::Inside { run: run.id, head, query })));
        }
    }

    /// The head in the pictures: the one pointed at, else the chosen one.
    pub fn head_shown(&self) -> HeadId {
        match self.pointed.get() {
            Some(Target::Head(head)) => head,
            _ => self.view.with(ViewState::head_id),
        }
    }

    /// Takes the last step back, or does it again.
    pub fn travel(&self, way: fn(&mut History, &ViewState) -> Option<ViewState>) {
        let now = self.view.get_untracked();
        if let Some(there) = self.with_talk(|talk| way(&mut talk.history, &now)) {
            self.with_talk(|talk| talk.unrecorded = true);
            self.pointed.set(None);
            self.view.set(there);
        }
    }

    /// The model as it is.
    pub fn restore(&self) {
        if self.view.with_untracked(|v| !v.altered.is_none()) {
            self.view.update(|v| v.altered = Default::default());
        }
    }

    /// There is nothing to read.
    pub fn empty(&self) -> bool {
        self.view.with(|v| v.text.trim().is_empty() && v.pair.as_deref().is_none_or(|p| p.trim().is_empty()))
    }

    pub fn empty_untracked(&self) -> bool {
        untrack(|| self.empty())
    }

    /// Lets go: of the preview first, of the chosen tokens next.
    pub fn let_go(&self) {
        if self.pointed.get_untracked().is_some() {
            self.pointed.set(None);
        } else if self.view.with_untracked(|v| !v.tokens.is_empty()) {
            self.view.update(|v| v.tokens.clear());
        }
    }

    /// Reads this text, and chooses the token of these characters once it has been read.
    pub fn take_example(&self, text: &str, pair: Option<&str>, token: &'static str) {
        self.with_talk(|talk| talk.choose = Some(token));
        self.view.update(|v| (v.text, v.pair) = (text.to_owned(), pair.map(str::to_owned)));
        if let Some(run) = self.run.get_untracked().filter(|r| self.view.with_untracked(|v| r.is_of(v))) {
            self.view.update(|view| self.choose_waiting(view, &run));
        }
    }

    fn choose_waiting(&self, view: &mut ViewState, run: &Run) {
        if let Some(token) = self.with_talk(|talk| talk.choose.take()) {
            // An example's token is in its text; in any other the choice stays as it is.
            let _ = view.find_tokens(&[TokenRef::Text(token.to_owned())], &run.shown);
        }
    }

    /// Shows what the pointer is over; nothing is chosen.
    pub fn point(&self, target: Option<Target>) {
        let passed = self.with_talk(|talk| {
            talk.passed = talk.passed.filter(|_| talk.passed == target);
            talk.passed.is_some()
        });
        if !passed && self.pointed.get_untracked() != target {
            self.pointed.set(target);
        }
    }

    /// Click: this token is the query. With `add`: one more query, and their mean is shown at once,
    /// though the pointer still lies on `target`.
    pub fn choose(&self, target: Target, token: usize, add: bool) {
        if add {
            self.with_talk(|talk| talk.passed = Some(target));
            self.pointed.set(None);
        }
        self.view.update(|v| v.choose(token, add));
    }

    /// Layers and heads of the run on screen.
    pub fn size(&self) -> (usize, usize) {
        self.run.with(|r| r.as_ref().map_or((1, 1), |r| (r.layers, r.heads)))
    }

    fn on_reply(&self, id: u32, reply: Reply, buffers: Vec<ArrayBuffer>) {
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
                }
                self.read();
                // Only what stays on screen is looked at closely.
                if !self.reading.get_untracked() {
                    self.with_talk(|talk| talk.client.as_ref().map(|c| c.send(Request::Survey { run: id })));
                }
            }
            Reply::Head { run, head, .. } => {
                if let Some(buffer) = buffers.first() {
                    self.add(run, |shown| shown.add_pattern(head, floats(buffer)));
                }
            }
            Reply::Surveyed { run, heads } => self.add(run, |shown| shown.survey = Arc::new(heads)),
            Reply::Inside { run, head, query, .. } => {
                let parts: Vec<Vec<f32>> = buffers.iter().take(5).map(floats).collect();
                if let Some(inside) = parts.try_into().ok().and_then(|parts| Inside::new(head, query, parts)) {
                    self.add(run, |shown| shown.inside = Some(Arc::new(inside)));
                }
            }
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

    /// Waits until `there` says so; it is asked again after each change of the session.
    pub async fn until(&self, there: &dyn Fn() -> bool) {
        while !there() {
            let change = Promise::new(&mut |resolve, _| self.with_talk(|talk| talk.waiting.push(resolve)));
            // This promise is never rejected.
            let _ = JsFuture::from(change).await;
        }
    }

    fn notify(&self) {
        for resolve in self.with_talk(|talk| std::mem::take(&mut talk.waiting)) {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }

    fn with_talk<T>(&self, action: impl FnOnce(&mut Talk) -> T) -> T {
        self.talk.with_value(|talk| action(&mut talk.borrow_mut()))
    }
}
