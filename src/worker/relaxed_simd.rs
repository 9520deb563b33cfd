//! Starts the module with fused multiply-add, if the browser has relaxed SIMD: see [`crate::math::relaxed_simd`].

use js_sys::{Function, Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;

use crate::math::relaxed_simd::{DEQUANTIZED, Dequantize, Functions, Gelu, MODULE, MicroKernel, Powers, install};

/// Starts the module and returns whether its functions are used from now on. If they are not, nothing has changed;
/// WebKit refuses the module, for example.
#[allow(unsafe_code, reason = "makes functions of places in the table")]
pub fn start() -> bool {
    let bytes = Uint8Array::new_from_slice(MODULE);
    if !WebAssembly::validate(&bytes).is_ok_and(|valid| valid) {
        return false;
    }
    let Ok(Some(places)) = instantiate(&bytes) else {
        return false;
    };
    let [micro_kernel, powers, gelu, dequantize @ ..] = places;
    // SAFETY: `transmute` and `install` have these conditions:
    // - On WebAssembly a pointer to a function is its index in the table, and `places` are indices where `in_table` has
    //   put the module's functions. Nothing else writes to those entries, so they stay valid until the program ends.
    // - The functions have the types of `Functions`; a call of another type would trap, as WebAssembly checks it.
    // - They compute what the types describe (`tests/web_kernels.rs` holds them to it), and the module uses this
    //   program's memory, which was imported as `env.memory`, and has no stack, data or memory of its own.
    unsafe {
        install(Functions {
            micro_kernel: std::mem::transmute::<usize, MicroKernel>(micro_kernel),
            powers: std::mem::transmute::<usize, Powers>(powers),
            gelu: std::mem::transmute::<usize, Gelu>(gelu),
            dequantize: dequantize.map(|place| std::mem::transmute::<usize, Dequantize>(place)),
        });
    }
    true
}

/// The number of functions: `compute`, `powers`, `gelu` and those of [`DEQUANTIZED`].
const FUNCTIONS: usize = 3 + DEQUANTIZED.len();

/// Instantiates the module and returns the indices of its functions in this program's table. None on a processor that
/// rounds between a multiplication and an addition.
fn instantiate(bytes: &Uint8Array) -> Result<Option<[usize; FUNCTIONS]>, JsValue> {
    // Compiled synchronously: the module is smaller than the code for a promise would be, and is done in less than a
    // millisecond.
    let module = WebAssembly::Module::new(bytes)?;
    let (imports, env) = (Object::new(), Object::new());
    Reflect::set(&env, &"memory".into(), &wasm_bindgen::memory())?;
    Reflect::set(&imports, &"env".into(), &env)?;
    let instance = WebAssembly::Instance::new(&module, &imports)?;
    let exported = |name: &str| Reflect::get(&instance.exports(), &name.into())?.dyn_into::<Function>();
    // The square of this number needs more bits than a rounded product keeps.
    let number = 1.0 + f64::from(f32::EPSILON);
    if !exported("fuses")?.call1(&JsValue::NULL, &number.into())?.is_truthy() {
        return Ok(None);
    }
    let names = ["compute", "powers", "gelu"].into_iter().chain(DEQUANTIZED.map(|(_, name)| name));
    let mut places = [0; FUNCTIONS];
    for (place, name) in places.iter_mut().zip(names) {
        *place = in_table(&exported(name)?)?;
    }
    Ok(Some(places))
}

/// Adds a function to this program's table, so that a call goes from WebAssembly to WebAssembly, and returns its index.
pub(super) fn in_table(function: &Function) -> Result<usize, JsValue> {
    let table: WebAssembly::Table = wasm_bindgen::function_table().dyn_into()?;
    let place = table.grow(1)?;
    table.set(place, function)?;
    Ok(place as usize)
}
