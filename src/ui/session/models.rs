//! Other models than the one the page comes with: looked at, loaded, kept, forgotten; and what a model writes itself.

use std::rc::Rc;

use js_sys::{ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::analysis::Quantity;
use crate::engine::{Architecture, HeadId, Tokens};
use crate::error::{Error, Kind};
use crate::source::Source;
use crate::state::{Asked, Run, Source as RunSource, ViewState, Wanted};
use crate::text::line_feeds;
use crate::ui::session::conversation::received;
use crate::ui::session::state::{Pending, Session};
use crate::ui::session::types::{HearLesson, Looked, Model, Told};
use crate::worker::protocol::{Kept, ModelCard, Request};

/// Tokens that a model writes at a time.
const WRITTEN: usize = 8;

impl Session {
    /// Asks how large a model is and under which licence; the answer is in `looked`.
    pub fn look(&self, source: Source) {
        self.looked.update(|looked| (looked.at, looked.told) = (Some(source.clone()), None));
        self.send(|client, pending| pending.look = client.send(Request::Plan { source }));
    }

    /// Loads the model that the reader has chosen in the place of the one that is here, which stays if this one fails.
    pub fn load_from(&self, source: Source, files: Vec<File>) {
        self.looked.set(Looked::default());
        self.ask_to_persist(&source);
        self.take_model(source, files, false);
    }

    /// Asks the browser not to remove what this page keeps when room is short. Some browsers ask the reader, so this
    /// follows only a reader's own choice of a model that will be kept.
    pub fn ask_to_persist(&self, source: &Source) {
        if matches!(source, Source::Own(_)) || *source == self.own_model() {
            return;
        }
        // Missing on pages that are not secure, where nothing is kept either.
        let ask = || {
            let storage = Reflect::get(&window().navigator(), &"storage".into()).ok()?;
            let persist = Reflect::get(&storage, &"persist".into()).ok()?.dyn_into::<Function>().ok()?;
            persist.call0(&storage).ok()?.dyn_into::<Promise>().ok()
        };
        if let Some(asked) = ask() {
            leptos::task::spawn_local(async move {
                // The answer changes nothing here.
                let _ = JsFuture::from(asked).await;
            });
        }
    }

    /// Loads a model, or takes it from this browser's storage alone.
    pub fn take_model(&self, source: Source, files: Vec<File>, from_store: bool) {
        self.fault.set(None);
        self.with_pending(|pending| {
            (pending.source, pending.files, pending.from_store, pending.coming) =
                (Some(source), files, from_store, None);
        });
        self.load();
    }

    /// This model will be loaded once more is asked for than the saved run on screen holds.
    pub fn name_model(&self, source: Source, from_store: bool) {
        let model = self.with_pending(|pending| {
            (pending.source, pending.from_store) = (Some(source.clone()), from_store);
            Some(source).filter(|_| pending.source != pending.own)
        });
        self.set_view.update(|view| view.model = model);
    }

    /// The page's own model.
    pub fn own_model(&self) -> Source {
        self.with_pending(|pending| pending.own.clone()).expect("the page starts with it")
    }

    /// What the reader has let the page ask for may be asked for again; all else has come from the storage.
    pub fn has_agreed(&self, source: &Source) -> bool {
        self.with_pending(|pending| pending.agreed.contains(source) || pending.own.as_ref() == Some(source))
    }

    /// Asks whether a model is in this browser's storage; the id is that of the answer.
    pub fn ask_kept(&self, source: Source) -> u32 {
        let mut id = 0;
        self.send(|client, _| id = client.send(Request::IsKept { source }));
        id
    }

    pub fn is_kept(&self, id: u32) -> Option<bool> {
        let found = |kept: &Vec<(u32, bool)>| kept.iter().find(|(of, _)| *of == id).map(|(_, kept)| *kept);
        self.with_pending(|pending| found(&pending.kept))
    }

    /// The run is of a model that is no longer here.
    pub fn is_anothers(&self, run: &Run) -> bool {
        matches!(run.source, RunSource::Model { .. }) && run.id < self.with_pending(|pending| pending.loaded)
    }

    /// Layers and heads that what comes to the screen next may have: those of the model, unless what a reader has opened
    /// stands in for it.
    pub fn next_size(&self) -> Option<(usize, usize)> {
        let run = self.run.get_untracked();
        match self.model.get_untracked() {
            Model::Ready(card) if run.as_ref().is_none_or(|run| !run.opened) => Some((card.layers, card.heads)),
            _ => run.map(|run| (run.layers, run.heads)),
        }
    }

    /// The model that the page came with, or another, is where the one on screen is from.
    pub fn source(&self) -> Option<Source> {
        self.model.track();
        self.with_pending(|pending| pending.source.clone())
    }

    /// Asks what this browser keeps of models; the answer is in `stored`.
    pub fn ask_stored(&self) {
        self.send(|client, _| {
            client.send(Request::Stored);
        });
    }

    pub fn forget(&self, address: String) {
        self.send(|client, _| {
            client.send(Request::Forget { address });
        });
    }

    /// Lets the model write on behind the text on screen.
    pub fn write_on(&self) {
        let Some(run) = self.run.get_untracked() else { return };
        self.writing.set(true);
        self.send(|client, _| {
            client.send(Request::Continue { run: run.id, tokens: WRITTEN });
        });
    }

    /// The model writes text, from left to right.
    pub fn writes(&self) -> bool {
        self.model
            .with(|m| matches!(m, Model::Ready(card) if card.predicts && card.architecture != Architecture::Encoder))
    }

    pub(super) fn written(&self, run: u32, text: &str) {
        self.writing.set(false);
        let both = self.model.with_untracked(
            |m| matches!(m, Model::Ready(card) if matches!(card.architecture, Architecture::EncoderDecoder { .. })),
        );
        let is_shown = self.run.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.id == run));
        let text = &line_feeds(text);
        if is_shown && !text.is_empty() {
            self.set_view.update(|view| match both {
                true => view.pair = Some((view.pair.take().unwrap_or_default() + text).trim_start().to_owned()),
                false => view.text += text,
            });
        }
    }

    /// How far a `Load` is, unless the reader has stopped it.
    pub(super) fn loading(&self, id: u32, model: Model) {
        let over = self.model.with_untracked(|m| matches!(m, Model::Stopped | Model::Ready(_)));
        if !over && self.with_pending(|pending| pending.load == id) {
            self.model.set(model);
        }
    }

    /// A model came: runs from before it are another's. It is a step of its own, unless it is one back.
    pub(super) fn model_is_here(&self, id: u32, card: &ModelCard) {
        let (named, coming) = self.with_pending(|pending| {
            pending.loaded = id;
            pending.here = pending.source.clone().map(|source| (source, card.clone()));
            pending.asked.clear();
            if !pending.from_store {
                pending.agreed.extend(pending.source.clone());
            }
            let named = pending.source.clone().filter(|_| pending.source != pending.own);
            (named.filter(|source| !matches!(source, Source::Own(_))), pending.coming.take())
        });
        self.other.set(None);
        if let Some((view, wanted)) = coming.filter(|(view, _)| view.model == named) {
            self.with_pending(|pending| pending.unrecorded = true);
            return self.arrive(view, wanted);
        }
        // It may have fewer heads than the one before.
        let mut next = self.view.get_untracked();
        next.fit(card.layers, card.heads);
        let is_another = next.model != named;
        next.model = named;
        if self.view.with_untracked(|view| *view != next) {
            self.with_pending(|pending| (pending.whole, pending.unrecorded) = (is_another, !is_another));
            self.set_view.set(next);
        }
    }

    /// The model from before the last `Load` is still there: back to it. False where there is none.
    pub(super) fn go_back(&self) -> bool {
        let here = self.with_pending(|pending| {
            let (source, card) = pending.here.clone()?;
            pending.from_store = !pending.agreed.contains(&source);
            pending.source = Some(source);
            pending.files.clear();
            Some(card)
        });
        let is_there = here.is_some();
        if let Some(card) = here {
            self.model.set(Model::Ready(card));
        }
        is_there
    }

    /// What was found for the `Plan` of this id.
    pub(super) fn found(&self, id: u32, told: Told) {
        if self.with_pending(|pending| pending.look == id) {
            self.looked.update(|looked| looked.told = Some(Ok(told)));
        }
    }

    /// What is told of a failed `Plan`; false for the id of another request.
    pub(super) fn plan_failed(&self, id: u32, error: &Error) -> bool {
        let is_it = error.kind != Kind::Worker && self.with_pending(|pending| pending.look == id);
        if is_it {
            self.looked.update(|looked| looked.told = Some(Err(error.clone())));
        }
        is_it
    }

    pub(super) fn are_stored(&self, models: Vec<Kept>) {
        self.stored.set(models);
    }

    /// Shows attention that another program computed, from a file.
    pub fn import(&self, file: File) {
        self.fault.set(None);
        self.send(|client, pending| pending.import = client.send_with(Request::Import, vec![file]));
    }

    pub(super) fn is_import(&self, id: u32) -> bool {
        self.with_pending(|pending| pending.import == id)
    }

    /// What is on screen was computed elsewhere.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.run.with_untracked(|run| run.as_ref().is_some_and(|run| run.source == RunSource::Elsewhere))
    }

    pub(super) fn show_import(
        &self,
        tokens: Tokens,
        size: (usize, usize),
        sent: (Vec<HeadId>, usize),
        buffers: &[ArrayBuffer],
    ) {
        let Some((id, model, text)) = self.with_pending(|pending| pending.imported.take()) else { return };
        let asked = Asked { text, ..Asked::default() };
        let view = ViewState { text: asked.text.clone(), tokens: Vec::new(), ..self.view.get_untracked() };
        let view = ViewState { pair: None, altered: asked.altered.clone(), compare: None, ..view };
        let mut run = received(id, asked, tokens, size, sent, buffers, RunSource::Elsewhere);
        run.saved_by = model;
        self.with_pending(|pending| pending.asked.clear());
        self.other.set(None);
        let mut view = ViewState { show: Quantity::Weight, ..view };
        view.fit(run.layers, run.heads);
        self.open(run, view, Wanted::default());
        let session = *self;
        session.survey(id);
    }

    /// Sends a message of the lesson; its id.
    pub fn ask_lesson(&self, body: Vec<u8>) -> u32 {
        let mut id = 0;
        self.send(|client, _| id = client.send(Request::Lesson { body }));
        id
    }

    pub fn hear_lesson(&self, hear: Rc<HearLesson>) {
        self.with_pending(|pending| pending.lesson = Some(hear));
    }

    pub(super) fn lesson_told(&self, id: u32, buffers: &[ArrayBuffer]) {
        if let (Some(hear), Some(buffer)) = (self.with_pending(|pending| pending.lesson.clone()), buffers.first()) {
            hear(id, Uint8Array::new(buffer).to_vec());
        }
    }

    fn send(&self, action: impl FnOnce(&crate::worker::client::Client, &mut Pending)) {
        if let Err(error) = self.with_client(false, action) {
            self.model.set(Model::Failed(error));
        }
    }
}
