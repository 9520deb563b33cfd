//! The page's end: starts the worker, sends requests, hands replies on, notices when the worker dies.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{ArrayBuffer, Float32Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, Event, File, MessageEvent};

use super::link::{Link, ending};
use super::protocol::{Envelope, Reply, Request, read_reply, write};
use super::pulse::{BEAT, Pulse, Step};
use super::wire::{attach, pack, said, unpack};
use crate::error::{Error, Kind, Result};

/// The workers that frames share are called so, and counted: the one of a number that has ended is left for the one of
/// the next, which all its frames agree on without a word.
const SHARED: &str = "attnscope";

/// A worker and the way to it. Dropping it ends the worker, or leaves it to the others that share it.
pub struct Client {
    line: Rc<Line>,
}

struct Line {
    script_url: String,
    /// The number of the worker to share; none for a worker of its own.
    shared: Cell<Option<u32>>,
    on_reply: Box<dyn Fn(u32, Reply, Vec<ArrayBuffer>)>,
    newest_id: Cell<u32>,
    state: RefCell<State>,
    pulse: RefCell<Pulse>,
    on_message: Closure<dyn Fn(MessageEvent)>,
    on_error: Closure<dyn Fn(Event)>,
}

/// A request, and files that go with it.
type Message = (Envelope<Request>, Vec<File>);

enum State {
    /// Started, but not yet listening: what is posted now would be lost.
    Starting(Link, Vec<Message>),
    Listening(Link),
    /// Why, as readers are told.
    Dead(String),
}

impl Client {
    /// Starts the worker from its script, or with `shared` connects to the one that all frames of this origin have
    /// where the browser lets them. `on_reply` gets every reply with the id of its request; it may call
    /// the client, and is never called from within [`send`](Self::send).
    ///
    /// Whatever ends the worker (its script or wasm missing or of another version, a panic) reaches `on_reply` as
    /// a `Kind::Worker` [`Reply::Failed`] with the newest id (0 before the first request). Then nothing that was
    /// asked before is answered any more, and everything sent is answered so, until [`restart`](Self::restart).
    ///
    /// Errors: `Kind::Worker` where the browser does not allow a worker.
    pub fn start(
        script_url: &str,
        shared: bool,
        on_reply: impl Fn(u32, Reply, Vec<ArrayBuffer>) + 'static,
    ) -> Result<Self> {
        let line = Rc::new_cyclic(|line: &Weak<Line>| {
            let (to_hear, to_end) = (line.clone(), line.clone());
            Line {
                script_url: script_url.to_owned(),
                shared: Cell::new(shared.then_some(1)),
                on_reply: Box::new(on_reply),
                newest_id: Cell::new(0),
                state: RefCell::new(State::Dead(String::new())),
                pulse: RefCell::default(),
                on_message: Closure::new(move |event: MessageEvent| {
                    if let Some(line) = to_hear.upgrade() {
                        line.hear(&event.data());
                    }
                }),
                on_error: Closure::new(move |event: Event| {
                    if let Some(line) = to_end.upgrade() {
                        let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|why| !why.is_empty());
                        match why {
                            Some(why) => line.crash(&why),
                            None if line.begin_alone() => {}
                            None => line.die(&format!("its {} event", event.type_())),
                        }
                    }
                }),
            }
        });
        line.begin()?;
        Ok(Self { line })
    }

    /// Sends a request, as soon as the worker listens; returns the id of its replies.
    pub fn send(&self, request: Request) -> u32 {
        self.send_with(request, Vec::new())
    }

    /// As [`send`](Self::send), with files of the reader's own, which the worker reads.
    pub fn send_with(&self, request: Request, files: Vec<File>) -> u32 {
        let id = self.line.newest_id.get() + 1;
        self.line.newest_id.set(id);
        self.line.pulse.borrow_mut().asked();
        self.line.send((Envelope { id, body: request }, files));
        id
    }

    /// To be called at every [`TICK`](super::pulse::TICK) of the page's timer; `shown` and `waits` as for [`Pulse::tick`]. Whether
    /// the worker has not answered for too long: it may be gone, or go on at some time.
    pub fn tick(&self, shown: bool, waits: bool) -> bool {
        let state = self.line.state.borrow();
        let (link, listens) = match &*state {
            State::Starting(link, _) => (link, false),
            State::Listening(link) => (link, true),
            State::Dead(_) => return false,
        };
        let step = self.line.pulse.borrow_mut().tick(shown, waits, listens);
        if step == Step::Ask && listens {
            link.ping();
        }
        step == Step::Silent
    }

    /// Gives up a worker that does not answer: where frames share it, the next start is of another.
    pub fn abandon(&self) {
        self.line.leave_number();
    }

    /// Ends the worker, or this page's part in it, with its model, its downloads and all that was asked of it, and
    /// starts another. Files that are whole are still in the browser's storage. Ids go on counting.
    ///
    /// Errors: as [`start`](Self::start).
    pub fn restart(&self) -> Result<()> {
        self.line.end("a new start");
        self.line.begin()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.line.end("nobody listens");
    }
}

impl Line {
    fn begin(&self) -> Result<()> {
        let name = self.shared.get().map(|number| format!("{SHARED} {number}"));
        let link = Link::start(&self.script_url, name.as_deref(), &self.on_message, &self.on_error);
        let link = link.map_err(|fault| {
            let advice = "Allow this page to start workers, or open it in another browser.";
            Error::new(Kind::Worker, "the engine's worker", "a worker that starts", said(&fault), advice)
        })?;
        self.pulse.take();
        self.state.replace(State::Starting(link, Vec::new()));
        Ok(())
    }

    /// Starts a worker of the page's own in the place of a shared one that cannot be loaded: some browsers refuse one late
    /// to frames within other sites. False where none was being started, or this one cannot be started either.
    fn begin_alone(&self) -> bool {
        if !matches!(*self.state.borrow(), State::Starting(..)) || self.shared.take().is_none() {
            return false;
        }
        let State::Starting(link, waiting) = self.state.replace(State::Dead(String::new())) else { return false };
        link.end();
        let begun = self.begin().is_ok();
        if let State::Starting(_, queue) = &mut *self.state.borrow_mut() {
            *queue = waiting;
        }
        begun
    }

    fn end(&self, why: &str) {
        if let State::Starting(link, _) | State::Listening(link) = self.state.replace(State::Dead(why.to_owned())) {
            link.end();
        }
    }

    /// After an uncaught error nothing in the worker's memory can be relied on, so that is its end, for all that share
    /// it. They hear of it from the worker, and in some browsers from the browser as well, in any order.
    fn crash(&self, why: &str) {
        self.leave_number();
        self.die(why);
    }

    fn leave_number(&self) {
        self.shared.set(self.shared.get().map(|number| number + 1));
    }

    fn die(&self, why: &str) {
        self.end(why);
        (self.on_reply)(self.newest_id.get(), stopped(why), Vec::new());
    }

    fn send(self: &Rc<Self>, request: Message) {
        match &mut *self.state.borrow_mut() {
            State::Starting(_, queue) => queue.push(request),
            State::Listening(link) => post(link, &request),
            State::Dead(why) => {
                let (line, id, reply) = (Rc::downgrade(self), request.0.id, stopped(why));
                spawn_local(async move {
                    if let Some(line) = line.upgrade() {
                        (line.on_reply)(id, reply, Vec::new());
                    }
                });
            }
        }
    }

    fn hear(&self, message: &JsValue) {
        let is_beat = message.as_string().is_some_and(|message| message == BEAT);
        self.pulse.borrow_mut().heard(!is_beat);
        if is_beat {
            return;
        }
        if let Some(why) = ending(message) {
            return self.crash(&why);
        }
        let reply = unpack(message).map(|(head, buffers)| (read_reply(&head), buffers));
        match reply {
            Some((Ok(Envelope { body: Reply::Hello { .. }, .. }), _)) => self.open(),
            Some((Ok(Envelope { id, body }), buffers)) => (self.on_reply)(id, body, buffers),
            Some((Err(error), _)) => {
                // Its first word is not ours: what waits for it would wait for ever.
                if matches!(*self.state.borrow(), State::Starting(..)) {
                    self.end("another version's first word");
                }
                (self.on_reply)(self.newest_id.get(), Reply::Failed { error }, Vec::new());
            }
            // Not a message of ours at all: another script's in the same worker, a browser extension's.
            None => (),
        }
    }

    /// The worker listens: it gets what has waited.
    fn open(&self) {
        let mut state = self.state.borrow_mut();
        *state = match std::mem::replace(&mut *state, State::Dead(String::new())) {
            State::Starting(link, queue) => {
                queue.iter().for_each(|request| post(&link, request));
                State::Listening(link)
            }
            other => other,
        };
    }
}

fn post(link: &Link, (request, files): &Message) {
    let (message, _) = pack(&write(request), &[]);
    if !files.is_empty() {
        attach(&message, files);
    }
    link.post(&message);
}

fn stopped(why: &str) -> Reply {
    let advice = "Start the engine again; if it stops again, try a shorter text or another browser.";
    Reply::Failed { error: Error::new(Kind::Worker, "the engine's worker", "an answer", why, advice) }
}

/// The numbers of a reply's buffer; a rest of less than four bytes is left out.
pub fn floats(buffer: &ArrayBuffer) -> Vec<f32> {
    Float32Array::new_with_byte_offset_and_length(buffer, 0, buffer.byte_length() / 4).to_vec()
}
