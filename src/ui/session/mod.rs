//! The page's shared signals, and what its reader does with them.

mod conversation;
mod moves;
mod timing;

pub use conversation::Drawn;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::analysis::Quantity;
use crate::engine::HeadId;
use crate::error::{Error, Kind};
use crate::scene::Target;
use crate::state::{Asked, History, Of, Run, Snapshot, Source, ViewState, Wanted};
use crate::text;
use crate::worker::client::Client;
use crate::worker::protocol::{ModelCard, Request, Slot};

/// How far the model is.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// A saved run stands in for it: it is fetched once more is asked for than that holds.
    Waiting,
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
    /// The run that it is compared with.
    pub other: RwSignal<Option<Arc<Run>>>,
    pub model: RwSignal<Model>,
    /// What lies under the pointer: shown, not chosen.
    pub pointed: RwSignal<Option<Target>>,
    /// The last thing that went wrong with a run.
    pub fault: RwSignal<Option<Error>>,
    /// A run is under way for the text on screen.
    pub reading: RwSignal<bool>,
    /// The worker's last picture of each kind.
    pub inside: RwSignal<Option<Arc<Drawn>>>,
    pub chart: RwSignal<Option<Arc<Drawn>>>,
    pub cost: RwSignal<Option<Arc<Drawn>>>,
    /// Runs of different lengths are being timed, and the part of them that is done.
    pub timing: RwSignal<bool>,
    pub timed: RwSignal<f32>,
    talk: StoredValue<Rc<RefCell<Talk>>, LocalStorage>,
}

/// The half of the session that is not for looking at.
#[derive(Default)]
struct Talk {
    client: Option<Client>,
    /// The worker's script, and the folder of the model.
    worker: String,
    folder: String,
    load: u32,
    /// The run under way: its id, what it reads, and where it goes.
    under_way: Option<(u32, Asked, Slot)>,
    /// What has been asked about the runs on screen.
    asked: Vec<Request>,
    /// The pass whose time is waited for.
    pass: Option<u32>,
    /// What the passes so far took: tokens and milliseconds.
    passes: Vec<(usize, f32)>,
    /// What the pointer lies on but no longer previews.
    passed: Option<Target>,
    /// Tokens to choose once these texts have been read.
    wanted: Option<(Texts, Wanted)>,
    waiting: Vec<Function>,
    history: History,
    /// The view's next change is no step of the reader's: one that the history has, or one that follows the text.
    unrecorded: bool,
    /// The view's next change is a step of its own, and no typing.
    whole: bool,
}

type Texts = (String, Option<String>);

fn texts(view: &ViewState) -> Texts {
    (view.text.clone(), view.pair.clone())
}

impl Talk {
    /// What is on screen, or will be once it has been read.
    fn settled(&self, view: &ViewState) -> ViewState {
        let wanted = self.wanted.as_ref().filter(|(of, _)| *of == texts(view));
        wanted.map_or_else(|| view.clone(), |(_, wanted)| view.foreseen(wanted))
    }
}

impl Session {
    pub fn new() -> Self {
        let session = Self {
            view: RwSignal::new(ViewState::default()),
            run: RwSignal::new(None),
            other: RwSignal::new(None),
            model: RwSignal::new(Model::Starting),
            pointed: RwSignal::new(None),
            fault: RwSignal::new(None),
            reading: RwSignal::new(false),
            inside: RwSignal::new(None),
            chart: RwSignal::new(None),
            cost: RwSignal::new(None),
            timing: RwSignal::new(false),
            timed: RwSignal::new(0.0),
            talk: StoredValue::new_local(Rc::default()),
        };
        Effect::new(move |_| {
            session.view.track();
            session.model.track();
            session.read();
        });
        Effect::new(move |before: Option<ViewState>| {
            let view = session.view.get();
            session.with_talk(|talk| {
                let now = talk.settled(&view);
                let whole = std::mem::take(&mut talk.whole);
                if let (Some(before), false) = (before, std::mem::take(&mut talk.unrecorded)) {
                    match whole {
                        true => talk.history.record_apart(&before, &now),
                        false => talk.history.record(&before, &now),
                    }
                }
                now
            })
        });
        Effect::new(move |_| session.fetch_maps());
        Effect::new(move |_| session.ask_what_changed());
        Effect::new(move |_| session.ask_downstream());
        Effect::new(move |_| session.ask_which_heads());
        Effect::new(move |_| {
            session.run.track();
            session.other.track();
            session.model.track();
            session.fault.track();
            session.view.track();
            session.notify();
        });
        session
    }

    /// Starts the worker and the download of the model in `folder` (an address that ends in `/`): now or, where a
    /// saved run comes first, when more is asked for.
    pub fn start(&self, worker: &str, folder: &str, saved: bool) {
        self.with_talk(|talk| (talk.worker, talk.folder) = (worker.to_owned(), folder.to_owned()));
        if saved {
            self.model.set(Model::Waiting);
        } else {
            self.load();
        }
    }

    /// Begins or carries on the download; what has arrived before is kept.
    pub fn load(&self) {
        let lost = self.model.with_untracked(|m| matches!(m, Model::Failed(e) if e.kind == Kind::Worker));
        self.model.set(Model::Starting);
        let session = *self;
        let begun = self.with_talk(|talk| {
            let client = match talk.client.take() {
                Some(client) if lost => {
                    talk.under_way = None;
                    client.restart().map(|()| client)
                }
                Some(client) => Ok(client),
                None => Client::start(&talk.worker, move |id, reply, buffers| session.on_reply(id, reply, buffers)),
            }?;
            if !text::spoken().is_empty() {
                client.send(Request::Speak { file: text::spoken().to_owned() });
            }
            talk.load = client.send(Request::Load { folder: talk.folder.clone() });
            talk.client = Some(client);
            Ok(())
        });
        if let Err(error) = begun {
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
            Ok(snapshot) if self.run.with_untracked(Option::is_none) => self.show(snapshot.run()),
            Ok(_) => {}
            Err(error) => leptos::logging::warn!("{error}"),
        }
    }

    /// The head in the pictures: the one pointed at, else the chosen one.
    pub fn head_shown(&self) -> HeadId {
        match self.pointed.get() {
            Some(Target::Head(head)) => head,
            _ => self.view.with(ViewState::head_id),
        }
    }

    /// What the model is called that made a run.
    pub fn made_by(&self, run: &Run) -> String {
        let here = || self.model.with(|m| if let Model::Ready(card) = m { card.name.clone() } else { String::new() });
        if run.source == Source::Snapshot { run.saved_by.clone() } else { here() }
    }

    /// What files of what is on screen are called.
    pub fn file_name(&self) -> String {
        let HeadId { layer, head } = self.view.with_untracked(ViewState::head_id);
        format!("attnscope-L{layer}H{head}")
    }

    /// The model has a language-model head.
    pub fn predicts(&self) -> bool {
        self.model.with(|m| matches!(m, Model::Ready(card) if card.predicts))
    }

    /// What is to be read beside the text on screen: what that is compared with, or what predictions in an altered
    /// model are set beside.
    pub fn other_asked(&self) -> Option<Asked> {
        let predicts = self.predicts();
        self.view.with(|v| {
            let before = || (v.downstream && predicts && !v.altered.is_none()).then(|| v.unaltered());
            v.other_asked().or_else(before)
        })
    }

    /// The maps in the pictures; none while what they are compared with is on its way.
    pub fn of(&self) -> Option<Of> {
        let quantity = self.view.with(ViewState::quantity);
        let with = self.other.with(|other| {
            let other = other.as_ref().filter(|o| self.view.with(|v| v.other_asked().as_ref() == Some(&o.asked)));
            other.map(|o| o.id)
        });
        match (quantity, with) {
            (Quantity::Difference, Some(_)) => Some(Of { quantity, with }),
            // It will not come: the run on screen stands alone.
            (Quantity::Difference, None) if self.fault.with(Option::is_some) => {
                Some(Of { quantity: self.view.with(|v| v.show), with: None })
            }
            (Quantity::Difference, None) => None,
            _ => Some(Of { quantity, with: None }),
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

    /// There is no run of the model in this page on screen: nothing can be asked about what is.
    pub fn saved(&self) -> bool {
        self.run.with(|r| r.as_ref().is_none_or(|r| r.source == Source::Snapshot))
    }

    /// Layers and heads of the run on screen.
    pub fn size(&self) -> (usize, usize) {
        self.run.with(|r| r.as_ref().map_or((1, 1), |r| (r.layers, r.heads)))
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
