//! The models that this worker has in memory, for all its sessions.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use super::fetch::Files;
use super::plan::Plan;
use super::session::Loaded;
use super::wire::now;
use crate::engine::{self, Opening};
use crate::error::{Error, Kind, Result};

/// Milliseconds of work after which the opening of a model lets other messages in.
const REST_AFTER: f64 = 30.0;

/// The code that only models of other kinds than the built-in one need.
#[derive(Clone, Copy)]
pub struct Others {
    /// [`Opening::any`], which opens every model.
    pub open: fn(engine::Files) -> Opening,
    /// [`engine::refusal`].
    pub refusal: fn(&str, &[u8]) -> Option<Error>,
}

/// A request for that code. None if it could not be fetched.
pub type Fetched = Pin<Box<dyn Future<Output = Option<Others>>>>;

/// The models in memory. It does not own them: a model is dropped with the last session that has it.
pub struct Models {
    here: RefCell<Vec<(Plan, Weak<Loaded>)>>,
    /// Fetches the code for models that are not of the built-in model's kind.
    others: fn() -> Fetched,
}

impl Models {
    /// No models yet. `others` fetches the code for models that are not of the built-in model's kind.
    pub fn new(others: fn() -> Fetched) -> Self {
        Self { here: RefCell::default(), others }
    }

    /// The model with this plan, if it is in memory.
    pub fn find(&self, plan: &Plan) -> Option<Rc<Loaded>> {
        self.here.borrow().iter().find(|(here, _)| here == plan).and_then(|(_, model)| model.upgrade())
    }

    /// The code that models of other kinds than the built-in one need. None if it could not be fetched.
    pub async fn others(&self) -> Option<Others> {
        (self.others)().await
    }

    /// Opens a model, or returns the one in memory if another page has opened the same one in the meantime. It is
    /// opened in slices. Between two slices `rest` gets the bytes that are laid out and those of all files, and its
    /// error ends the opening.
    ///
    /// Errors: those of [`engine::open_folder`] and of `rest`, and [`Kind::Network`] if the code that opens the model
    /// could not be fetched.
    pub async fn open(
        &self,
        Files { plan, name, licence, files, turn }: Files,
        rest: impl AsyncFn((u64, u64)) -> Result<()>,
    ) -> Result<Rc<Loaded>> {
        let find = || plan.as_ref().and_then(|plan| self.find(plan));
        let bytes = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        let mut opening = match Opening::usual(files) {
            Ok(opening) => opening,
            Err(files) => (self.others().await.ok_or_else(lost)?.open)(files),
        };
        while slice(&mut opening)? {
            rest(opening.progress()).await?;
            if let Some(here) = find() {
                return Ok(here);
            }
        }
        let model = Loaded::new(&name, &licence, bytes, opening.finish()?);
        let mut here = self.here.borrow_mut();
        here.retain(|(_, model)| model.strong_count() > 0);
        here.extend(plan.map(|plan| (plan, Rc::downgrade(&model))));
        drop(turn);
        Ok(model)
    }
}

/// Does one slice of the opening of a model. Returns false when the model is open.
fn slice(opening: &mut Opening) -> Result<bool> {
    let began = now();
    while opening.step()? {
        if now() - began > REST_AFTER {
            return Ok(true);
        }
    }
    Ok(false)
}

fn lost() -> Error {
    let (what, advice) = ("the part of this page for other models", "Check the connection and try again.");
    Error::new(Kind::Network, what, "a file of this page", "none", advice)
}
