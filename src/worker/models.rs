//! The models that this worker has in memory, for all sessions that read with them.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::fetch::Files;
use super::plan::Plan;
use super::session::Loaded;
use crate::error::Result;

/// Holds none of them: a model goes with the last session that has it.
#[derive(Default)]
pub struct Models {
    here: RefCell<Vec<(Plan, Weak<Loaded>)>>,
}

impl Models {
    /// The model of the same files from the same place.
    pub fn find(&self, plan: &Plan) -> Option<Rc<Loaded>> {
        self.here.borrow().iter().find(|(here, _)| here == plan).and_then(|(_, model)| model.upgrade())
    }

    /// The model of these files: the one that is here, where another page brought it meanwhile.
    ///
    /// Errors: those of [`Loaded::open`].
    pub fn open(&self, Files { plan, name, licence, files }: Files) -> Result<Rc<Loaded>> {
        if let Some(here) = plan.as_ref().and_then(|plan| self.find(plan)) {
            return Ok(here);
        }
        let model = Loaded::open(&name, &licence, files)?;
        let mut here = self.here.borrow_mut();
        here.retain(|(_, model)| model.strong_count() > 0);
        here.extend(plan.map(|plan| (plan, Rc::downgrade(&model))));
        Ok(model)
    }
}
