//! Starts the module with fused multiply-add, where the browser has relaxed SIMD: see [`crate::math::relaxed`].

use js_sys::{Function, Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;

use crate::math::relaxed::{Compute, EXPANDED, Expand, Fused, Gelu, MODULE, Powers, install};

/// Whether products use it from now on. Where they do not, nothing has changed: WebKit refuses the module, for one.
pub fn multiply_add() -> bool {
    let bytes = Uint8Array::new_from_slice(MODULE);
    if !WebAssembly::validate(&bytes).is_ok_and(|valid| valid) {
        return false;
    }
    let Ok(Some(places)) = started(&bytes) else {
        return false;
    };
    let [compute, powers, gelu, expand @ ..] = places;
    // SAFETY: a pointer to a function is its place in the table. These are of the types that `Fused` says, on this
    // module's memory, and stay: nothing else writes to those places.
    unsafe {
        install(Fused {
            compute: std::mem::transmute::<usize, Compute>(compute),
            powers: std::mem::transmute::<usize, Powers>(powers),
            gelu: std::mem::transmute::<usize, Gelu>(gelu),
            expand: expand.map(|expand| std::mem::transmute::<usize, Expand>(expand)),
        });
    }
    true
}

/// `compute`, `powers`, `gelu`, and those of [`EXPANDED`].
const FUNCTIONS: usize = 3 + EXPANDED.len();

/// The places of the module's functions in this module's table; none on a processor that multiplies and adds in two steps.
fn started(bytes: &Uint8Array) -> Result<Option<[usize; FUNCTIONS]>, JsValue> {
    // Compiled at once, not beside: it is smaller than the promise's machinery, and done in less than a millisecond.
    let module = WebAssembly::Module::new(bytes)?;
    let (imports, env) = (Object::new(), Object::new());
    Reflect::set(&env, &"memory".into(), &wasm_bindgen::memory())?;
    Reflect::set(&imports, &"env".into(), &env)?;
    let instance = WebAssembly::Instance::new(&module, &imports)?;
    let exported = |name: &str| Reflect::get(&instance.exports(), &name.into())?.dyn_into::<Function>();
    // Its square needs more bits than a product that is rounded keeps.
    let number = 1.0 + f64::from(f32::EPSILON);
    if !exported("fuses")?.call1(&JsValue::NULL, &number.into())?.is_truthy() {
        return Ok(None);
    }
    let names = ["compute", "powers", "gelu"].into_iter().chain(EXPANDED.map(|(_, name)| name));
    let mut places = [0; FUNCTIONS];
    for (place, name) in places.iter_mut().zip(names) {
        *place = in_table(&exported(name)?)?;
    }
    Ok(Some(places))
}

/// A place for a function in this module's table, so that a call goes from wasm to wasm.
pub(super) fn in_table(function: &Function) -> Result<usize, JsValue> {
    let table: WebAssembly::Table = wasm_bindgen::function_table().dyn_into()?;
    let place = table.grow(1)?;
    table.set(place, function)?;
    Ok(place as usize)
}
