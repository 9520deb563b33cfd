//! The page's shared signals, and what its reader does with them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::analysis::Quantity;
use crate::engine::HeadId;
use crate::error::{Error, Kind, Result};
use crate::scene::Target;
use crate::source::Source as ModelSource;
use crate::state::{Action, Asked, History, Of, Run, Source, ViewState, Wanted};
use crate::text;
use crate::ui::browser::frame::{self, may_share};
use crate::ui::session::types::{Before, Cause, Drawn, HearLesson, Looked, Model, Texts, texts};
use crate::worker::client::Client;
use crate::worker::protocol::{Kept, ModelCard, Request, Slot};

#[derive(Clone, Copy)]
pub struct Session {
    /// What the reader has chosen. [`Session::act`] changes it.
    pub view: ReadSignal<ViewState>,
    pub(super) set_view: WriteSignal<ViewState>,
    pub run: RwSignal<Option<Arc<Run>>>,
    /// The run that it is compared with.
    pub other: RwSignal<Option<Arc<Run>>>,
    pub model: RwSignal<Model>,
    /// Pixels across for the sentence: its form is chosen by them.
    pub room: RwSignal<f32>,
    /// What lies under the pointer: shown, not chosen.
    pub pointed: RwSignal<Option<Target>>,
    /// The worker has not answered for too long.
    pub silent: RwSignal<bool>,
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
    /// What the records of the runs that were timed take: tokens and bytes.
    pub records: RwSignal<Vec<(usize, u64)>>,
    /// A model that was looked at, and one that is asked for.
    pub looked: RwSignal<Looked>,
    /// The models in this browser's storage.
    pub stored: RwSignal<Vec<Kept>>,
    /// Bytes of the model that this browser does not keep.
    pub not_kept: RwSignal<u64>,
    /// The model is writing on.
    pub writing: RwSignal<bool>,
    /// Whether there is a step to undo, and one to redo.
    pub steps: RwSignal<[bool; 2]>,
    /// How many changes from outside are under way, links among them.
    pub(super) changing: RwSignal<u32>,
    pub(super) pending: StoredValue<Rc<RefCell<Pending>>, LocalStorage>,
}

/// The half of the session that is not for looking at.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) client: Option<Client>,
    /// The worker's script.
    pub(super) worker: String,
    /// Where the model is from, and the reader's own files where it is of such.
    pub(super) source: Option<ModelSource>,
    pub(super) files: Vec<File>,
    /// It is to come from this browser's storage alone.
    pub(super) from_store: bool,
    /// The page's own model.
    pub(super) own: Option<ModelSource>,
    /// Those for which the reader has let the page ask where they are.
    pub(super) agreed: Vec<ModelSource>,
    /// The answers to which models are kept, by the requests' ids.
    pub(super) kept: Vec<(u32, bool)>,
    /// What comes to the screen with the model that is being loaded.
    pub(super) coming: Option<(ViewState, Wanted)>,
    /// The last `Load`, and the one whose model the worker has: runs before it were another's.
    pub(super) load: u32,
    pub(super) loaded: u32,
    /// The model that the worker has, and where it is from: it stays where the next one fails.
    pub(super) here: Option<(ModelSource, ModelCard)>,
    /// The source that was looked at last.
    pub(super) look: u32,
    /// The file of attention asked for last, and what it says of itself: the request, the model, the text.
    pub(super) import: u32,
    pub(super) imported: Option<(u32, String, String)>,
    /// The run under way: its id, what it reads, and where it goes.
    pub(super) under_way: Option<(u32, Asked, Slot)>,
    /// What has been asked about the runs on screen.
    pub(super) asked: Vec<Request>,
    /// The pass whose time is waited for.
    pub(super) pass: Option<u32>,
    /// What the passes so far took: tokens and milliseconds.
    pub(super) passes: Vec<(usize, f32)>,
    /// What the pointer lies on but no longer previews.
    pub(super) passed: Option<Target>,
    /// Tokens to choose once these texts have been read.
    pub(super) wanted: Option<(Texts, Wanted)>,
    pub(super) waiting: Vec<Function>,
    /// How many changes and links are under way, and what was on screen before the first of the changes.
    pub(super) changes: u32,
    pub(super) links: u32,
    pub(super) before: Option<Before>,
    /// The state that the last of them brought, and whose change it was.
    pub(super) caused: Option<(ViewState, Cause)>,
    /// Hears what the worker answers to the lesson: the request's id, and the message.
    pub(super) lesson: Option<Rc<HearLesson>>,
    pub(super) history: History,
    /// The view's next change is no step of the reader's: one that the history has, or one that follows the text.
    pub(super) unrecorded: bool,
    /// The view's next change is a step of its own, and no typing.
    pub(super) whole: bool,
    /// A comparison was asked for: the head that differs most is shown once it is known.
    pub(super) seeks: bool,
    /// The field was emptied: what was chosen before was of another text than the next.
    pub(super) emptied: bool,
    /// The token that was chosen because the text had none of the chosen words any more.
    pub(super) stand_in: Option<usize>,
}

impl Pending {
    /// What is on screen, or will be once it has been read.
    pub(super) fn settled(&self, view: &ViewState) -> ViewState {
        let wanted = self.wanted.as_ref().filter(|(of, _)| *of == texts(view));
        wanted.map_or_else(|| view.clone(), |(_, wanted)| view.foreseen(wanted))
    }
}

impl Session {
    pub fn new() -> Self {
        let (view, set_view) = signal(ViewState::default());
        let session = Self {
            view,
            set_view,
            run: RwSignal::new(None),
            other: RwSignal::new(None),
            model: RwSignal::new(Model::Starting),
            room: RwSignal::new(frame::room()),
            pointed: RwSignal::new(None),
            silent: RwSignal::new(false),
            fault: RwSignal::new(None),
            reading: RwSignal::new(false),
            inside: RwSignal::new(None),
            chart: RwSignal::new(None),
            cost: RwSignal::new(None),
            timing: RwSignal::new(false),
            timed: RwSignal::new(0.0),
            records: RwSignal::default(),
            looked: RwSignal::new(Looked::default()),
            stored: RwSignal::new(Vec::new()),
            not_kept: RwSignal::new(0),
            writing: RwSignal::new(false),
            steps: RwSignal::new([false; 2]),
            changing: RwSignal::new(0),
            pending: StoredValue::new_local(Rc::default()),
        };
        Effect::new(move |_| {
            session.view.track();
            session.model.track();
            session.read();
        });
        Effect::new(move |before: Option<ViewState>| {
            let view = session.view.get();
            let changing = session.changing.get() > 0;
            let now = session.with_pending(|pending| {
                let now = pending.settled(&view);
                if changing {
                    return before.unwrap_or(now);
                }
                let whole = std::mem::take(&mut pending.whole);
                if let (Some(before), false) = (before, std::mem::take(&mut pending.unrecorded)) {
                    match whole {
                        true => pending.history.record_apart(&before, &now),
                        false => pending.history.record(&before, &now),
                    }
                }
                now
            });
            session.show_steps();
            now
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
        session.watch();
        session
    }

    /// Starts the worker and the download of the model in `folder` (an address that ends in `/`): now or, where a
    /// saved run comes first, when more is asked for.
    pub fn start(&self, worker: &str, folder: &str, saved: bool) {
        let source = Some(ModelSource::Folder(folder.to_owned()));
        self.with_pending(|pending| {
            (pending.worker, pending.source, pending.own) = (worker.to_owned(), source.clone(), source);
        });
        if saved {
            self.model.set(Model::Waiting);
        } else {
            self.load();
        }
    }

    /// Begins or carries on the download; what has arrived before is kept.
    pub fn load(&self) {
        self.load_with(self.model.with_untracked(|m| matches!(m, Model::Failed(e) if e.kind == Kind::Worker)));
    }

    /// The same, with another worker where this one is `lost`.
    pub(super) fn load_with(&self, lost: bool) {
        self.model.set(Model::Starting);
        self.not_kept.set(0);
        if lost {
            self.with_pending(|pending| (pending.under_way, pending.here) = (None, None));
        }
        let begun = self.with_client(lost, |client, pending| {
            if let Some(source) = pending.source.clone() {
                pending.load = match pending.from_store {
                    true => client.send(Request::LoadKept { source }),
                    false => client.send_with(Request::Load { source }, pending.files.clone()),
                };
            }
        });
        if let Err(error) = begun {
            self.model.set(Model::Failed(error));
        }
    }

    /// Does something with the worker, which is started where it has not been yet, or has been `lost`.
    pub(super) fn with_client(&self, lost: bool, action: impl FnOnce(&Client, &mut Pending)) -> Result<()> {
        let session = *self;
        self.with_pending(|pending| {
            let is_new = lost || pending.client.is_none();
            let client = match pending.client.take() {
                Some(client) if lost => client.restart().map(|()| client),
                Some(client) => Ok(client),
                // The frames of one page, or of several, have one worker and one model in memory.
                None => Client::start(&pending.worker, may_share(), move |id, reply, buffers| {
                    session.on_reply(id, reply, buffers);
                }),
            }?;
            if is_new && !text::spoken().is_empty() {
                client.send(Request::Speak { file: text::spoken().to_owned() });
            }
            action(&client, pending);
            pending.client = Some(client);
            Ok(())
        })
    }

    pub fn cancel(&self) {
        self.with_pending(|pending| pending.client.as_ref().map(|c| c.send(Request::Cancel)));
        if !self.go_back() {
            self.model.set(Model::Stopped);
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
        if matches!(run.source, Source::Model { .. }) { here() } else { run.saved_by.clone() }
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

    /// What is to be read beside the text on screen: what that is compared with, or what the output of an
    /// edited model is set beside.
    pub fn other_asked(&self) -> Option<Asked> {
        self.view.with(|v| {
            let before = || (v.downstream && !v.altered.is_none()).then(|| v.unaltered());
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

    /// The number of the reader's step that is on screen: see [`History::step`].
    pub fn step(&self) -> u32 {
        self.with_pending(|pending| pending.history.step())
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
            self.set_view.update(|v| v.tokens.clear());
        }
    }

    /// Shows what the pointer is over; nothing is chosen.
    pub fn point(&self, target: Option<Target>) {
        let passed = self.with_pending(|pending| {
            pending.passed = pending.passed.filter(|_| pending.passed == target);
            pending.passed.is_some()
        });
        if !passed && self.pointed.get_untracked() != target {
            self.pointed.set(target);
        }
    }

    /// Click: this token is the query. With `add`: one more query, and their mean is shown at once,
    /// though the pointer still lies on `target`.
    pub fn choose(&self, target: Target, token: usize, add: bool) {
        if add {
            self.with_pending(|pending| pending.passed = Some(target));
            self.pointed.set(None);
        }
        self.act(Action::Choose { token, add });
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
            let change = Promise::new(&mut |resolve, _| self.with_pending(|pending| pending.waiting.push(resolve)));
            // This promise is never rejected.
            let _ = JsFuture::from(change).await;
        }
    }

    pub(super) fn notify(&self) {
        for resolve in self.with_pending(|pending| std::mem::take(&mut pending.waiting)) {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }

    pub(super) fn with_pending<T>(&self, action: impl FnOnce(&mut Pending) -> T) -> T {
        self.pending.with_value(|pending| action(&mut pending.borrow_mut()))
    }
}
