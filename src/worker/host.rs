//! The worker's end: hears requests, owns the session and the download, answers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{ArrayBuffer, Float32Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal, File, MessageEvent};

use super::fetch::{self, Download, Files};
use super::plan::Plan;
use super::protocol::{Envelope, ModelCard, Reply, Request, VERSION, read_request, write};
use super::segments;
use super::session::{Answer, Session};
use super::source::Source;
use super::store::Store;
use super::transfer::cancelled;
use super::wire::{files, now, pack, scope, unpack};
use crate::error::{Error, Kind, Result};
use crate::text;

/// Makes this worker listen, then says [`Reply::Hello`]. To be called once, at its start.
pub fn start() {
    console_error_panic_hook::set_once();
    segments::install();
    let host = Host::new(|id, reply, buffers| {
        let (message, transferred) = pack(&write(&Envelope { id, body: reply }), &buffers);
        scope().post_message_with_transfer(&message, &transferred).expect("bytes and buffers can be posted");
    });
    let hear = {
        let host = host.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| host.hear(&event.data()))
    };
    scope().set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It listens for as long as it lives.
    hear.forget();
    (host.post)(0, Reply::Hello { version: VERSION }, Vec::new());
}

type Post = dyn Fn(u32, Reply, Vec<ArrayBuffer>);

/// The state behind the messages. No borrow is held while a `Load` waits, so that other requests are answered.
pub struct Host {
    post: Box<Post>,
    session: RefCell<Session>,
    /// What a `Load` that failed or was stopped had downloaded.
    kept: RefCell<Option<Download>>,
    /// The `Load` to begin as soon as none is under way.
    next: RefCell<Option<Load>>,
    /// Stops the `Load` under way.
    stop: RefCell<Option<AbortController>>,
    loading: Cell<bool>,
}

impl Host {
    /// `post` takes every reply: the id, the reply, its buffers.
    pub fn new(post: impl Fn(u32, Reply, Vec<ArrayBuffer>) + 'static) -> Rc<Self> {
        Rc::new(Self {
            post: Box::new(post),
            session: RefCell::default(),
            kept: RefCell::default(),
            next: RefCell::default(),
            stop: RefCell::default(),
            loading: Cell::new(false),
        })
    }

    /// Answers one message, whatever it is; a `Load` is answered in the background.
    pub fn hear(self: &Rc<Self>, message: &JsValue) {
        let Some((head, _)) = unpack(message) else {
            let expected = "an object of a head and buffers";
            let advice = "Reload the page, so that all its parts are of one version.";
            return self
                .fail(0, Error::new(Kind::Worker, "a message to the worker", expected, "something else", advice));
        };
        let Envelope { id, body } = match read_request(&head) {
            Ok(request) => request,
            Err((id, error)) => return self.fail(id, error),
        };
        match body {
            Request::Load { source } => self.load(Load { id, source, files: files(message) }),
            Request::Plan { source } => spawn_local(self.clone().plan(id, source)),
            Request::Stored => spawn_local(self.clone().stored(id, None)),
            Request::Forget { address } => spawn_local(self.clone().stored(id, Some(address))),
            Request::Import => spawn_local(self.clone().import(id, files(message))),
            Request::Continue { run, tokens } => self.answer(id, self.session.borrow().continued(run, tokens)),
            Request::Cancel => self.cancel(),
            Request::Run(asked) => self.answer(id, self.session.borrow_mut().run(id, &asked, now)),
            Request::Similar { a, b } => self.answer(id, self.session.borrow().similar(a, b)),
            Request::Head { of, head } => self.answer(id, self.session.borrow().head(of, head)),
            Request::Maps { of, head } => self.answer(id, self.session.borrow().maps(of, head)),
            Request::Compare { run, with } => self.answer(id, self.session.borrow().compare(run, with)),
            Request::Moved { run, with, query, from, to } => {
                self.answer(id, self.session.borrow().moved(run, with, query, [from, to]));
            }
            Request::Draw { run, picture, room } => {
                self.answer(id, self.session.borrow().draw(run, picture, room));
            }
            Request::Predict { run, with, position, most } => {
                self.answer(id, self.session.borrow().predict(run, with, position, most));
            }
            Request::Survey { run } => {
                self.answer(id, self.session.borrow().survey(run));
            }
            Request::Find { run, queries, keys } => {
                self.answer(id, self.session.borrow().find(run, queries, keys));
            }
            Request::Speak { file } => text::speak(file),
            Request::Time { tokens } => self.answer(id, self.session.borrow().time(tokens, now)),
        }
    }

    fn answer(&self, id: u32, answer: Result<Answer<'_>>) {
        match answer {
            // A new array in JavaScript's memory: the one copy, as wasm's own memory cannot be transferred.
            Ok(Answer { reply, numbers }) => {
                let buffers = numbers.iter().map(|numbers| Float32Array::new_from_slice(numbers).buffer()).collect();
                (self.post)(id, reply, buffers);
            }
            Err(error) => self.fail(id, error),
        }
    }

    fn fail(&self, id: u32, error: Error) {
        (self.post)(id, Reply::Failed { error }, Vec::new());
    }

    /// The newest `Load` wins: it stops the one under way and begins when that has put away what it had.
    fn load(self: &Rc<Self>, load: Load) {
        self.cancel();
        self.next.replace(Some(load));
        if !self.loading.replace(true) {
            spawn_local(self.clone().load_in_turn());
        }
    }

    fn cancel(&self) {
        if let Some(Load { id, .. }) = self.next.take() {
            self.fail(id, cancelled());
        }
        if let Some(stop) = self.stop.borrow().as_ref() {
            stop.abort();
        }
    }

    async fn load_in_turn(self: Rc<Self>) {
        while let Some(load) = self.next.take() {
            let stop = AbortController::new().expect("a controller without arguments");
            self.stop.replace(Some(stop.clone()));
            let loaded = self.load_now(&load, &stop.signal()).await;
            self.stop.replace(None);
            match loaded {
                Ok(model) => (self.post)(load.id, Reply::Ready { model }, Vec::new()),
                Err(error) => self.fail(load.id, error),
            }
        }
        self.loading.set(false);
    }

    async fn load_now(&self, Load { id, source, files }: &Load, signal: &AbortSignal) -> Result<ModelCard> {
        let report = |reply| (self.post)(*id, reply, Vec::new());
        let files = match source {
            Source::Own(_) if !files.is_empty() => fetch::own(files, signal, &report).await,
            source => {
                let mut kept = self.kept.take();
                let files = fetch::model(source, &mut kept, signal, &report).await;
                self.kept.replace(kept);
                files
            }
        };
        let Files { name, licence, files } = files?;
        report(Reply::Preparing);
        self.session.borrow_mut().load(&name, &licence, files)
    }

    async fn plan(self: Rc<Self>, id: u32, source: Source) {
        let signal = AbortController::new().expect("a controller without arguments").signal();
        match fetch::plan(&source, &signal).await {
            Ok(plan) => {
                let (bytes, memory, files) = (plan.total_bytes(), plan.memory(), plan.files.len());
                let Plan { name, licence, .. } = plan;
                (self.post)(id, Reply::Planned { source, name, licence, files, bytes, memory }, Vec::new());
            }
            Err(error) => self.fail(id, error),
        }
    }

    async fn import(self: Rc<Self>, id: u32, files: Vec<File>) {
        let bytes = match files.first() {
            Some(file) => fetch::whole(file).await,
            None => Err(Error::new(Kind::Worker, "the message", "a file", "none", "Choose the file again.")),
        };
        match bytes {
            Ok(bytes) => match self.session.borrow_mut().import(id, bytes) {
                Ok(answers) => answers.into_iter().for_each(|answer| self.answer(id, Ok(answer))),
                Err(error) => self.fail(id, error),
            },
            Err(error) => self.fail(id, error),
        }
    }

    /// What is kept, once what is to be forgotten is gone.
    async fn stored(self: Rc<Self>, id: u32, forget: Option<String>) {
        let models = match Store::open().await {
            Some(store) => {
                if let Some(address) = forget {
                    store.forget(&address).await;
                }
                store.list().await
            }
            None => Vec::new(),
        };
        (self.post)(id, Reply::Stored { models }, Vec::new());
    }
}

/// A model to load.
struct Load {
    id: u32,
    source: Source,
    /// Of the reader's own.
    files: Vec<File>,
}
