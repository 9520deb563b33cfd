//! The worker's end of the connection: receives requests, owns the session and the download, and answers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{ArrayBuffer, Float32Array, Reflect, Set, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    AbortController, AbortSignal, DedicatedWorkerGlobalScope, File, MessageEvent, MessagePort, SharedWorkerGlobalScope,
};

use super::alive;
use super::fetch::{self, Brought, Download, NotKept};
use super::lesson;
use super::models::{Fetched, Models};
use super::plan::{Found, Plan};
use super::protocol::{Envelope, ModelCard, Reply, Request, VERSION, read_request, write};
use super::pulse::{BEAT, PING};
use super::relaxed_simd;
use super::segments;
use super::session::{Answer, Reading, Session};
use super::store::Store;
use super::threads;
use super::transfer::cancelled;
use super::wire::{GOODBYE, files, now, pack, rest, unpack};
use crate::error::{Error, Kind, Result};
use crate::source::Source;
use crate::text;

/// Makes this worker listen, and posts [`Reply::Hello`] to its page, or to every page that connects to it. To be called
/// once, at the worker's start. `others` loads the code for models that are not of the built-in model's kind.
pub fn start(others: fn() -> Fetched) {
    console_error_panic_hook::set_once();
    segments::install();
    alive::install();
    if relaxed_simd::start() {
        // Usually the page is not isolated (its headers allow no shared memory), and then there are no threads.
        let _ = threads::start();
    }
    let models = Rc::new(Models::new(others));
    let global = js_sys::global();
    match global.dyn_into::<DedicatedWorkerGlobalScope>() {
        Ok(page) => serve_alone(&page, models),
        Err(global) => serve_all(&global.unchecked_into(), models),
    }
}

fn serve_alone(page: &DedicatedWorkerGlobalScope, models: Rc<Models>) {
    let host = Host::new(models, {
        let page = page.clone();
        move |id, reply, buffers| {
            let (message, transferred) = pack(&write(&Envelope { id, body: reply }), &buffers);
            page.post_message_with_transfer(&message, &transferred).expect("bytes and buffers can be posted");
        }
    });
    let hear = Closure::<dyn Fn(MessageEvent)>::new({
        let (host, page) = (host.clone(), page.clone());
        move |event: MessageEvent| match event.data() {
            ping if is(&ping, PING) => page.post_message(&BEAT.into()).expect("a text can be posted"),
            message => host.hear(&message),
        }
    });
    // The listener remains for the life of the worker.
    page.set_onmessage(Some(hear.into_js_value().unchecked_ref()));
    host.hello();
}

fn serve_all(global: &SharedWorkerGlobalScope, models: Rc<Models>) {
    // The pages that have connected so far, before this call. They are collected by worker_boot.js.
    let ports = alive::ports(global);
    let serve = {
        let ports = ports.clone();
        move |port: MessagePort| serve_port(port, models.clone(), ports.clone())
    };
    ports.for_each(&mut |port, _, _| serve(port.unchecked_into()));
    let connect = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        serve(event.ports().get(0).unchecked_into());
    });
    global.set_onconnect(Some(connect.into_js_value().unchecked_ref()));
}

/// Serves one page until it leaves.
fn serve_port(port: MessagePort, models: Rc<Models>, ports: Set) {
    let host = Host::new(models, {
        let port = port.clone();
        move |id, reply, buffers| {
            let (message, transferred) = pack(&write(&Envelope { id, body: reply }), &buffers);
            port.post_message_with_transferable(&message, &transferred).expect("bytes and buffers can be posted");
        }
    });
    let leave = Rc::new({
        let (host, port) = (host.clone(), port.clone());
        move || {
            // The listeners own all of this, and are dropped with their last reference.
            port.set_onmessage(None);
            on_close(&port, &JsValue::NULL);
            port.close();
            ports.delete(&port);
            host.leave();
        }
    });
    let hear = Closure::<dyn Fn(MessageEvent)>::new({
        let (host, leave, port) = (host.clone(), leave.clone(), port.clone());
        move |event: MessageEvent| match event.data() {
            goodbye if is(&goodbye, GOODBYE) => leave(),
            ping if is(&ping, PING) => port.post_message(&BEAT.into()).expect("a text can be posted"),
            message => host.hear(&message),
        }
    });
    // A page can end without a message. Only Chromium reports it.
    let gone = Closure::<dyn Fn()>::new(move || leave());
    on_close(&port, &gone.into_js_value());
    port.set_onmessage(Some(hear.into_js_value().unchecked_ref()));
    host.hello();
}

fn is(message: &JsValue, text: &str) -> bool {
    message.as_string().is_some_and(|message| message == text)
}

/// Sets the listener for the end of a port, an event that web-sys does not have yet.
fn on_close(port: &MessagePort, listener: &JsValue) {
    Reflect::set(port, &"onclose".into(), listener).expect("an object takes any field");
}

/// Milliseconds of work after which a run lets other messages in, at the end of a layer.
const REST_AFTER: f64 = 8.0;
/// Milliseconds between two replies about the layers that are computed so far.
const TELL_AFTER: f64 = 100.0;

type Post = dyn Fn(u32, Reply, Vec<ArrayBuffer>);

/// The state of one page's connection. Nothing is borrowed while a `Load` waits, so that other requests can be
/// answered.
pub struct Host {
    post: Box<Post>,
    /// Shared with the hosts of other pages.
    models: Rc<Models>,
    /// The content of the file of the page's language, which is used for answers to that page. English until the page
    /// sets it.
    spoken: Cell<&'static str>,
    session: RefCell<Session>,
    /// The download of a `Load` that failed or was stopped.
    kept: RefCell<Option<Download>>,
    /// The `Load` that begins when none is in progress.
    next: RefCell<Option<Load>>,
    /// Stops the `Load` in progress.
    stop: RefCell<Option<AbortController>>,
    loading: Cell<bool>,
    /// The id of the newest run. Any other run in progress stops.
    newest_run: Cell<u32>,
    pub(super) newest_training: Cell<u32>,
    left: Cell<bool>,
}

impl Host {
    /// `models` are those of this worker. `post` gets every reply: the id, the reply and its buffers.
    pub fn new(models: Rc<Models>, post: impl Fn(u32, Reply, Vec<ArrayBuffer>) + 'static) -> Rc<Self> {
        Rc::new(Self {
            post: Box::new(post),
            models,
            // The thread's language at this moment is that of another page.
            spoken: Cell::new(""),
            session: RefCell::default(),
            kept: RefCell::default(),
            next: RefCell::default(),
            stop: RefCell::default(),
            loading: Cell::new(false),
            newest_run: Cell::new(0),
            newest_training: Cell::new(0),
            left: Cell::new(false),
        })
    }

    fn hello(&self) {
        (self.post)(0, Reply::Hello { version: VERSION }, Vec::new());
    }

    /// Stops all work for the page, which has left, and drops its runs, its model and its download.
    pub fn leave(&self) {
        self.cancel();
        self.newest_run.set(0);
        self.newest_training.set(0);
        self.session.take();
        self.kept.take();
        self.left.set(true);
    }

    /// Answers one message of any form. A `Load` is answered in the background.
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
        if self.spoken.get() != text::spoken() {
            text::speak(self.spoken.get().to_owned());
        }
        match body {
            Request::Load { source } => self.load(Load { id, source, from_store: false, files: files(message) }),
            Request::LoadKept { source } => self.load(Load { id, source, from_store: true, files: Vec::new() }),
            Request::IsKept { source } => spawn_local(self.clone().is_kept(id, source)),
            Request::Plan { source } => spawn_local(self.clone().plan(id, source)),
            Request::Stored => spawn_local(self.clone().stored(id, None)),
            Request::Forget { address } => spawn_local(self.clone().stored(id, Some(address))),
            Request::Import => {
                self.newest_run.set(id);
                spawn_local(self.clone().import(id, files(message)));
            }
            Request::Continue { run, tokens } => self.answer(id, self.session.borrow().continued(run, tokens)),
            Request::Cancel => {
                self.newest_run.set(id);
                self.cancel();
            }
            Request::Run(asked) => {
                self.newest_run.set(id);
                let reading = self.session.borrow_mut().read(id, asked);
                match reading {
                    Ok(reading) => spawn_local(self.clone().run(id, reading)),
                    Err(error) => self.fail(id, error),
                }
            }
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
            Request::Speak { file } => {
                text::speak(file);
                self.spoken.set(text::spoken());
            }
            Request::Time { tokens } => self.answer(id, self.session.borrow().time(tokens, now)),
            Request::Lesson { body } => {
                if let Err(error) = lesson::hear(self, id, &body) {
                    self.fail(id, error);
                }
            }
        }
    }

    /// Posts a message of the lesson.
    pub(super) fn tell(&self, id: u32, tell: &lesson::Tell) {
        let bytes = Uint8Array::new_from_slice(&lesson::write(tell)).buffer();
        (self.post)(id, Reply::Lesson, vec![bytes]);
    }

    /// The first vectors of the model's position table, for the lesson.
    pub(super) fn position_vectors(&self) -> Option<Vec<f32>> {
        self.session.borrow().position_vectors(lesson::PLACES, lesson::HEAD_WIDTH)
    }

    fn answer(&self, id: u32, answer: Result<Answer<'_>>) {
        match answer {
            // This array in JavaScript's memory is the only copy. The memory of WebAssembly cannot be transferred.
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

    /// Begins a `Load` after the one in progress, which it stops, has put its download aside.
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

    async fn load_now(
        self: &Rc<Self>,
        Load { id, source, from_store, files }: &Load,
        signal: &AbortSignal,
    ) -> Result<ModelCard> {
        let report = |reply| (self.post)(*id, reply, Vec::new());
        let brought = match source {
            Source::Own(paths) if !files.is_empty() => {
                fetch::own((paths, files), signal, &report).await.map(Brought::Files)
            }
            source => {
                let mut kept = self.kept.take();
                let not_kept: Rc<NotKept> = Rc::new({
                    let (host, id, all) = (self.clone(), *id, Cell::new(0));
                    move |bytes| {
                        all.set(all.get() + bytes);
                        (host.post)(id, Reply::NotKept { bytes: all.get() }, Vec::new());
                    }
                });
                let (wanted, models) = ((source, *from_store), &self.models);
                let brought = fetch::model(wanted, &mut kept, signal, &report, models, &not_kept).await;
                // A page that has left will not continue the download.
                self.kept.replace(kept.filter(|_| !self.left.get()));
                brought
            }
        };
        let brought = brought?;
        if signal.aborted() {
            return Err(cancelled());
        }
        let loaded = match brought {
            Brought::Model(loaded) => loaded,
            Brought::Files(files) => {
                let between = async |(done, total)| {
                    report(Reply::Preparing { done, total });
                    rest().await;
                    if signal.aborted() { Err(cancelled()) } else { Ok(()) }
                };
                between((0, 0)).await?;
                self.models.open(files, between).await?
            }
        };
        if signal.aborted() {
            return Err(cancelled());
        }
        Ok(self.session.borrow_mut().take(loaded))
    }

    async fn run(self: Rc<Self>, id: u32, reading: Reading) {
        if let Err(error) = self.run_by_layers(id, reading).await {
            self.fail(id, error);
        }
    }

    /// Computes a run. Between layers, and before the first one, other messages are answered, and a newer run stops
    /// this one.
    async fn run_by_layers(&self, id: u32, reading: Reading) -> Result<()> {
        let mut pass = reading.begin()?;
        let (mut worked, mut told) = (0.0, now());
        loop {
            rest().await;
            if self.newest_run.get() != id {
                return Err(stopped());
            }
            let began = now();
            let mut more = true;
            while more && now() - began < REST_AFTER {
                more = pass.step()?;
            }
            worked += now() - began;
            if !more {
                break;
            }
            if now() - told > TELL_AFTER {
                self.answer(id, Ok(reading.so_far(&pass, worked)));
                told = now();
            }
        }
        let trace = pass.finish()?;
        self.answer(id, self.session.borrow_mut().keep(reading, trace, worked));
        Ok(())
    }

    async fn plan(self: Rc<Self>, id: u32, source: Source) {
        let signal = AbortController::new().expect("a controller without arguments").signal();
        match fetch::plan(&source, &signal, &self.models).await {
            Ok(Found::OneOf(files)) => (self.post)(id, Reply::Choices { source, files }, Vec::new()),
            Ok(Found::Model(plan)) => {
                let (bytes, memory, files) = (plan.total_bytes(), plan.memory(), plan.files.len());
                let Plan { name, licence, .. } = plan;
                (self.post)(id, Reply::Planned { source, name, licence, files, bytes, memory }, Vec::new());
            }
            Err(error) => self.fail(id, error),
        }
    }

    async fn is_kept(self: Rc<Self>, id: u32, source: Source) {
        let kept = fetch::kept_plan(&source).await.is_some();
        (self.post)(id, Reply::IsKept { kept }, Vec::new());
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

    /// Answers with the stored models, after removing the one to `forget`.
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
    /// Whether it is loaded only from this browser's storage.
    from_store: bool,
    /// Files of the reader's own.
    files: Vec<File>,
}

/// The error of a `Run` that `Cancel` or a newer `Run` has stopped.
fn stopped() -> Error {
    Error::new(Kind::Input, "the run", "all layers", "a request to stop", "Run the text again.")
}
