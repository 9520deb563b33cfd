//! Starts the module with fused multiply-add, where the browser has relaxed SIMD: see [`crate::math::relaxed`].

use js_sys::{Function, Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;

use crate::math::relaxed::{Compute, Fused, Gelu, MODULE, Powers, install};

/// Whether products use it from now on. Where they do not, nothing has changed: WebKit refuses the module, for one.
pub fn multiply_add() -> bool {
    let bytes = Uint8Array::new_from_slice(MODULE);
    if !WebAssembly::validate(&bytes).is_ok_and(|valid| valid) {
        return false;
    }
    let Ok([compute, powers, gelu]) = started(&bytes) else {
        return false;
    };
    // SAFETY: a pointer to a function is its place in the table. These are of the types that `Fused` says, on this
    // module's memory, and stay: nothing else writes to those places.
    unsafe {
        install(Fused {
            compute: std::mem::transmute::<usize, Compute>(compute),
            powers: std::mem::transmute::<usize, Powers>(powers),
            gelu: std::mem::transmute::<usize, Gelu>(gelu),
        });
    }
    true
}

/// The places of the module's functions in this module's table.
fn started(bytes: &Uint8Array) -> Result<[usize; 3], JsValue> {
    // Compiled at once, not beside: it is smaller than the promise's machinery, and done in less than a millisecond.
    let module = WebAssembly::Module::new(bytes)?;
    let (imports, env) = (Object::new(), Object::new());
    Reflect::set(&env, &"memory".into(), &wasm_bindgen::memory())?;
    Reflect::set(&imports, &"env".into(), &env)?;
    let instance = WebAssembly::Instance::new(&module, &imports)?;
    let mut places = [0; 3];
    for (place, name) in places.iter_mut().zip(["compute", "powers", "gelu"]) {
        *place = in_table(&Reflect::get(&instance.exports(), &name.into())?.dyn_into()?)?;
    }
    Ok(places)
}

/// A place for a function in this module's table, so that a call goes from wasm to wasm.
pub(super) fn in_table(function: &Function) -> Result<usize, JsValue> {
    let table: WebAssembly::Table = wasm_bindgen::function_table().dyn_into()?;
    let place = table.grow(1)?;
    table.set(place, function)?;
    Ok(place as usize)
}
