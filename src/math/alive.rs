//! Signs of life from within long computations. A host that is watched for them, such as a worker, installs a function
//! that gives one; without it nothing happens.

use std::sync::OnceLock;

static GIVE: OnceLock<fn()> = OnceLock::new();

/// From now on `give` is called between the parts of long computations. It is called often, so it must be cheap. The
/// first function installed stays.
pub fn install(give: fn()) {
    // A second one would be the same function.
    let _ = GIVE.set(give);
}

/// Gives a sign of life. Called before each product of matrices and each matrix that is packed.
pub(super) fn give() {
    if let Some(give) = GIVE.get() {
        give();
    }
}
