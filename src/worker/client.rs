//! The page's end of the connection: starts the worker, sends requests, passes replies on, and notices when the worker
//! ends.

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

/// The name of shared workers, which is followed by a number. When the worker of a number has ended, all frames that
/// shared it go on to the next number, so that they agree without a message.
const SHARED: &str = "attnscope";

/// A connection to a worker. Dropping it ends the worker, or leaves it to the other frames that share it.
pub struct Client {
    line: Rc<Line>,
}

struct Line {
    script_url: String,
    /// The number of the shared worker. None for a worker of this page only.
    shared: Cell<Option<u32>>,
    on_reply: Box<dyn Fn(u32, Reply, Vec<ArrayBuffer>)>,
    newest_id: Cell<u32>,
    state: RefCell<State>,
    pulse: RefCell<Pulse>,
    on_message: Closure<dyn Fn(MessageEvent)>,
    on_error: Closure<dyn Fn(Event)>,
}

/// A request, and its files.
type Message = (Envelope<Request>, Vec<File>);

enum State {
    /// Started, but not listening yet: messages that are posted now would be lost, so they wait here.
    Starting(Link, Vec<Message>),
    Listening(Link),
    /// Ended, for this reason.
    Dead(String),
}

impl Client {
    /// Starts the worker from its script. With `shared` it connects to the worker that all frames of this origin share,
    /// if the browser allows that. `on_reply` gets every reply, with the id of its request. It may call the client, and
    /// is never called within [`send`](Self::send).
    ///
    /// When the worker ends, because its script or WebAssembly is missing or of another version, or because of a panic,
    /// `on_reply` gets a [`Reply::Failed`] of `Kind::Worker` with the newest id, or 0 before the first request. Earlier
    /// requests are not answered any more, and later ones are answered in the same way, until
    /// [`restart`](Self::restart).
    ///
    /// Errors: `Kind::Worker` if the browser does not allow a worker.
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

    /// Sends a request, as soon as the worker listens, and returns the id of its replies.
    pub fn send(&self, request: Request) -> u32 {
        self.send_with(request, Vec::new())
    }

    /// As [`send`](Self::send), with files of the reader's own for the worker to read.
    pub fn send_with(&self, request: Request, files: Vec<File>) -> u32 {
        let id = self.line.newest_id.get() + 1;
        self.line.newest_id.set(id);
        self.line.pulse.borrow_mut().asked();
        self.line.send((Envelope { id, body: request }, files));
        id
    }

    /// Returns whether the worker has not answered for too long. It may have ended, or continue later. To be called at
    /// every [`TICK`](super::pulse::TICK) of the page's timer, with `shown` and `waits` as for [`Pulse::tick`].
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

    /// Gives up a worker that does not answer. If it is shared, the next start uses another one.
    pub fn abandon(&self) {
        self.line.leave_number();
    }

    /// Ends the worker, or this page's session in it, with its model, its downloads and all requests, and starts
    /// another one. Complete files remain in the browser's storage. Ids continue to increase.
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

    /// Starts a worker of this page only, in place of a shared one that cannot be loaded, which some browsers refuse
    /// only after the start to frames within other sites. Returns false if no shared worker was being started, or if
    /// this one cannot be started either.
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

    /// Ends the worker for all frames that share it, because nothing in its memory is reliable after an uncaught error.
    /// The frames are notified by the worker, and in some browsers also by the browser, in any order.
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
                // Its first message is of another version, so the waiting requests would wait for ever.
                if matches!(*self.state.borrow(), State::Starting(..)) {
                    self.end("another version's first word");
                }
                (self.on_reply)(self.newest_id.get(), Reply::Failed { error }, Vec::new());
            }
            // A message of another script in the same worker, or of a browser extension.
            None => (),
        }
    }

    /// Sends the waiting requests, because the worker listens now.
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

/// The numbers of a reply's buffer. Up to three bytes at its end that are not a whole number are ignored.
pub fn floats(buffer: &ArrayBuffer) -> Vec<f32> {
    Float32Array::new_with_byte_offset_and_length(buffer, 0, buffer.byte_length() / 4).to_vec()
}
