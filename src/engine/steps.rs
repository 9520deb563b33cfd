//! Long work in steps, so that the caller can report progress, do something else or stop in between. It is written as
//! `async` code that waits for nothing: each poll is one step, and neither an executor nor a clock is needed.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::folder::Opened;
use crate::error::Result;

/// The bytes of weights that one step processes, which takes a few milliseconds in a browser.
pub const STEP_BYTES: usize = 1 << 20;

/// Counts the work done, and ends a step when it is enough for one.
#[derive(Default)]
pub struct Steps {
    done: Cell<u64>,
    in_this_step: Cell<usize>,
}

impl Steps {
    /// Counts `bytes` as done; the step ends here if that makes it [`STEP_BYTES`] or more.
    pub async fn worked(&self, bytes: usize) {
        self.done.set(self.done.get() + bytes as u64);
        self.in_this_step.set(self.in_this_step.get().saturating_add(bytes));
        if self.in_this_step.get() >= STEP_BYTES {
            self.end_step().await;
        }
    }

    /// Ends the step. To be called before work that cannot be divided.
    pub async fn end_step(&self) {
        self.in_this_step.set(0);
        let mut ended = false;
        poll_fn(|_| if std::mem::replace(&mut ended, true) { Poll::Ready(()) } else { Poll::Pending }).await;
    }
}

/// Runs all steps of some work without a break.
pub fn at_once<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Poll::Ready(result) = poll(work.as_mut()) {
            return result;
        }
    }
}

fn poll<T>(work: Pin<&mut dyn Future<Output = T>>) -> Poll<T> {
    work.poll(&mut Context::from_waker(Waker::noop()))
}

/// A model that is being opened step by step.
pub struct Opening {
    work: Pin<Box<dyn Future<Output = Result<Opened>>>>,
    opened: Option<Opened>,
    steps: Rc<Steps>,
    /// The bytes of all files.
    total: u64,
}

impl Opening {
    /// Begins work on files of `total` bytes, which counts its progress in the [`Steps`] that it is given.
    pub(super) fn new<F>(total: u64, work: impl FnOnce(Rc<Steps>) -> F) -> Self
    where
        F: Future<Output = Result<Opened>> + 'static,
    {
        let steps = Rc::new(Steps::default());
        Self { work: Box::pin(work(steps.clone())), opened: None, steps, total }
    }

    /// Does one step. Returns false when the model is open.
    ///
    /// Errors: those of [`super::open_folder`].
    ///
    /// Panics when it is called again after an error.
    pub fn step(&mut self) -> Result<bool> {
        if self.opened.is_none()
            && let Poll::Ready(opened) = poll(self.work.as_mut())
        {
            self.opened = Some(opened?);
        }
        Ok(self.opened.is_none())
    }

    /// The bytes processed so far, and those of all files.
    pub fn progress(&self) -> (u64, u64) {
        (self.steps.done.get().min(self.total), self.total)
    }

    /// Does all steps that are left, and returns the model.
    ///
    /// Errors and panics: as for [`Self::step`].
    pub fn finish(mut self) -> Result<Opened> {
        while self.step()? {}
        Ok(self.opened.expect("the last step has left it there"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_ends_when_enough_is_done() {
        let steps = Steps::default();
        let mut work = pin!(async {
            for _ in 0..5 {
                steps.worked(STEP_BYTES / 2).await;
            }
            steps.end_step().await;
            7
        });
        let polls = (0..).map(|_| poll(work.as_mut())).take_while(Poll::is_pending).count();
        assert_eq!((polls, steps.done.get()), (3, 5 * STEP_BYTES as u64 / 2));
        assert_eq!(at_once(async { steps.worked(STEP_BYTES).await }), ());
    }
}
