//! The models that this worker has in memory, for all sessions that read with them.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use super::fetch::Files;
use super::plan::Plan;
use super::session::Loaded;
use crate::engine;
use crate::error::{Error, Kind, Result};

/// What only models of other kinds than the built-in one's need.
#[derive(Clone, Copy)]
pub struct Others {
    /// [`Loaded::open`], which opens every model.
    pub open: fn(&str, &str, engine::Files) -> Result<Rc<Loaded>>,
    /// [`engine::refusal`].
    pub refusal: fn(&str, &[u8]) -> Option<Error>,
}
/// None where it could not be fetched.
pub type Fetched = Pin<Box<dyn Future<Output = Option<Others>>>>;

/// Holds none of them: a model goes with the last session that has it.
pub struct Models {
    here: RefCell<Vec<(Plan, Weak<Loaded>)>>,
    /// For models that are not of the built-in one's kind.
    others: fn() -> Fetched,
}

impl Models {
    pub fn new(others: fn() -> Fetched) -> Self {
        Self { here: RefCell::default(), others }
    }

    /// The model of the same files from the same place.
    pub fn find(&self, plan: &Plan) -> Option<Rc<Loaded>> {
        self.here.borrow().iter().find(|(here, _)| here == plan).and_then(|(_, model)| model.upgrade())
    }

    /// What models of other kinds than the built-in one's need; none where it could not be fetched.
    pub async fn others(&self) -> Option<Others> {
        (self.others)().await
    }

    /// The model of these files: the one that is here, where another page brought it meanwhile.
    ///
    /// Errors: those of [`Loaded::open`], and [`Kind::Network`] where what opens it could not be fetched.
    pub async fn open(&self, Files { plan, name, licence, files }: Files) -> Result<Rc<Loaded>> {
        let find = || plan.as_ref().and_then(|plan| self.find(plan));
        if let Some(here) = find() {
            return Ok(here);
        }
        let model = match Loaded::open_usual(&name, &licence, files) {
            Ok(model) => model?,
            Err(files) => {
                let others = (self.others)().await.ok_or_else(lost)?;
                match find() {
                    Some(here) => return Ok(here),
                    None => (others.open)(&name, &licence, files)?,
                }
            }
        };
        let mut here = self.here.borrow_mut();
        here.retain(|(_, model)| model.strong_count() > 0);
        here.extend(plan.map(|plan| (plan, Rc::downgrade(&model))));
        Ok(model)
    }
}

fn lost() -> Error {
    let (what, advice) = ("the part of this page for other models", "Check the connection and try again.");
    Error::new(Kind::Network, what, "a file of this page", "none", advice)
}
