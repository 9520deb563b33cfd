//! The worker of a page: its own, or one that it shares with the other frames of its origin.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, MessagePort, PageTransitionEvent, SharedWorker, Window, Worker};

use super::pulse::PING;
use super::wire::GOODBYE;

/// A connection to a worker.
pub enum Link {
    Own(Worker),
    Shared { port: MessagePort, worker: SharedWorker, on_leave: Closure<dyn Fn(PageTransitionEvent)> },
}

type OnMessage = Closure<dyn Fn(MessageEvent)>;
type OnError = Closure<dyn Fn(Event)>;

impl Link {
    /// Connects to the shared worker of this name if the browser allows it, otherwise starts a worker of this page
    /// only.
    pub fn start(
        script_url: &str,
        shared: Option<&str>,
        on_message: &OnMessage,
        on_error: &OnError,
    ) -> Result<Self, JsValue> {
        let (on_message, on_error) = (on_message.as_ref().unchecked_ref(), on_error.as_ref().unchecked_ref());
        // Some browsers have no shared workers, or none for frames within other sites.
        if let Some(worker) = shared.and_then(|name| SharedWorker::new_with_str(script_url, name).ok()) {
            let port = worker.port();
            port.set_onmessage(Some(on_message));
            port.set_onmessageerror(Some(on_error));
            // The script cannot be loaded. Later errors are reported by the worker itself, and in Firefox here, too.
            worker.set_onerror(Some(on_error));
            let on_leave = {
                let port = port.clone();
                Closure::new(move |event: PageTransitionEvent| {
                    // A persisted page can be shown again, and continues as before.
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

    /// Posts a message.
    pub fn post(&self, message: &Object) {
        match self {
            Self::Own(worker) => worker.post_message(message),
            Self::Shared { port, .. } => port.post_message(message),
        }
        .expect("bytes can be posted");
    }

    /// Asks the worker for a sign of life.
    pub fn ping(&self) {
        match self {
            Self::Own(worker) => worker.post_message(&PING.into()),
            Self::Shared { port, .. } => port.post_message(&PING.into()),
        }
        .expect("a text can be posted");
    }

    /// Ends the worker, or leaves it to the other pages.
    pub fn end(self) {
        // Without its listeners, because messages that it posted before its end would still arrive.
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

/// The reason for the end of a shared worker, if this message reports it.
pub fn ending(message: &JsValue) -> Option<String> {
    Reflect::get(message, &"ended".into()).ok()?.as_string()
}
