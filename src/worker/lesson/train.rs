//! The worker's end of the lesson. Long work is done in slices, and other messages are answered between them.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::{Ask, Tell, influences, plot, read};
use crate::error::Result;
use crate::lesson::recall::{Kind, Settings, Training};
use crate::worker::host::Host;
use crate::worker::wire::{now, rest};

/// Milliseconds of work after which a training lets other messages in.
const REST_AFTER: f64 = 8.0;
/// Milliseconds between two messages about its progress.
const TELL_AFTER: f64 = 100.0;

/// Answers one message.
///
/// Errors: those of [`read`] and [`plot`].
pub fn hear(host: &Rc<Host>, id: u32, body: &[u8]) -> Result<()> {
    match read(body)? {
        Ask::Influence { seed } => influences(seed).iter().for_each(|tell| host.tell(id, tell)),
        Ask::Train { seed } => {
            host.newest_training.set(id);
            spawn_local(train(host.clone(), id, seed));
        }
        Ask::Stop => host.newest_training.set(id),
        Ask::Effect { signal } => {
            let added = signal.added(host.position_vectors());
            host.tell(id, &Tell::Effect { signal, added });
        }
        Ask::Plot { curves, room } => host.tell(id, &plot(&curves, room)?),
    }
    Ok(())
}

async fn train(host: Rc<Host>, id: u32, seed: u64) {
    for kind in Kind::ALL {
        let settings = Settings::of(kind);
        let mut training = Training::new(kind, seed, settings);
        let mut told = f64::NEG_INFINITY;
        while !training.is_done() {
            rest().await;
            if host.newest_training.get() != id {
                return;
            }
            let began = now();
            let mut progress = training.step();
            let mut held_out = training.checkpoint();
            while held_out.is_none() && !training.is_done() && now() - began < REST_AFTER {
                progress = training.step();
                held_out = training.checkpoint();
            }
            if held_out.is_some() || now() - told > TELL_AFTER {
                host.tell(id, &Tell::Training { kind, progress, of: settings.steps, held_out });
                told = now();
            }
        }
        let (alone, full) = (training.accuracy_by_distance(), training.accuracy_when_full());
        host.tell(id, &Tell::Learnt { kind, alone, full });
    }
}
