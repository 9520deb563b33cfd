//! Signs of life from within long work: a host that is watched, such as a worker, installs what gives them. Elsewhere nothing
//! happens.

use std::sync::OnceLock;

static GIVE: OnceLock<fn()> = OnceLock::new();

/// From now on `give` is called between the parts of long work, often: it must be cheap. The first one given stays.
pub fn install(give: fn()) {
    // A second one would be the same.
    let _ = GIVE.set(give);
}

/// To be called between two products of matrices and between two matrices that are laid out.
pub(super) fn give() {
    if let Some(give) = GIVE.get() {
        give();
    }
}
