//! The worker that a page talks to: its own, or one that it shares with the other frames of its origin.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, MessagePort, PageTransitionEvent, SharedWorker, Window, Worker};

use super::pulse::PING;
use super::wire::GOODBYE;

/// A worker that has been started or connected to.
pub enum Link {
    Own(Worker),
    Shared { port: MessagePort, worker: SharedWorker, on_leave: Closure<dyn Fn(PageTransitionEvent)> },
}

type OnMessage = Closure<dyn Fn(MessageEvent)>;
type OnError = Closure<dyn Fn(Event)>;

impl Link {
    /// The shared worker of this name, where this page may have one; else a worker of its own.
    pub fn start(
        script_url: &str,
        shared: Option<&str>,
        on_message: &OnMessage,
        on_error: &OnError,
    ) -> Result<Self, JsValue> {
        let (on_message, on_error) = (on_message.as_ref().unchecked_ref(), on_error.as_ref().unchecked_ref());
        // Where a browser has no such workers, or not for frames within other sites.
        if let Some(worker) = shared.and_then(|name| SharedWorker::new_with_str(script_url, name).ok()) {
            let port = worker.port();
            port.set_onmessage(Some(on_message));
            port.set_onmessageerror(Some(on_error));
            // Its script cannot be loaded. All that comes later is told by the worker itself, and by Firefox here too.
            worker.set_onerror(Some(on_error));
            let on_leave = {
                let port = port.clone();
                Closure::new(move |event: PageTransitionEvent| {
                    // A page that is kept may come back, and finds all as it was.
                    if !event.persisted() {
                        leave(&port);
                    }
                })
            };
            window().add_event_listener_with_callback("pagehide", on_leave.as_ref().unchecked_ref())?;
            return Ok(Self::Shared { port, worker, on_leave });
        }
        let worker = Worker::new(script_url)?;
        worker.set_onmessage(Some(on_message));
        worker.set_onmessageerror(Some(on_error));
        worker.set_onerror(Some(on_error));
        Ok(Self::Own(worker))
    }

    pub fn post(&self, message: &Object) {
        match self {
            Self::Own(worker) => worker.post_message(message),
            Self::Shared { port, .. } => port.post_message(message),
        }
        .expect("bytes can be posted");
    }

    /// Asks whether the worker lets messages in.
    pub fn ping(&self) {
        match self {
            Self::Own(worker) => worker.post_message(&PING.into()),
            Self::Shared { port, .. } => port.post_message(&PING.into()),
        }
        .expect("a text can be posted");
    }

    /// Ends the worker, or leaves it to the others.
    pub fn end(self) {
        // Without its listeners, else what it posted before its end would still arrive.
        match self {
            Self::Own(worker) => {
                worker.set_onmessage(None);
                worker.set_onmessageerror(None);
                worker.set_onerror(None);
                worker.terminate();
            }
            Self::Shared { port, worker, on_leave } => {
                port.set_onmessage(None);
                port.set_onmessageerror(None);
                worker.set_onerror(None);
                let _ = window().remove_event_listener_with_callback("pagehide", on_leave.as_ref().unchecked_ref());
                leave(&port);
            }
        }
    }
}

fn leave(port: &MessagePort) {
    port.post_message(&GOODBYE.into()).expect("a text can be posted");
    port.close();
}

fn window() -> Window {
    web_sys::window().expect("only pages share workers")
}

/// How a shared worker ended; none for its other messages.
pub fn ending(message: &JsValue) -> Option<String> {
    Reflect::get(message, &"ended".into()).ok()?.as_string()
}
