//! Writes the catalogue of texts as Rust (lang/*.ftl, by the crate `catalogue`), and keeps the relocations of the
//! page's binary and the worker's: by them the build parts what is needed at once from what can come later
//! (xtask/src/parts.rs). For wasm it also makes the small modules with fused multiply-add (src/math/relaxed_simd).

use std::path::Path;

use catalogue::Catalogue;

#[allow(dead_code, reason = "the library uses the rest of it")]
#[path = "src/math/relaxed_simd/layout.rs"]
mod layout;
#[path = "src/math/relaxed_simd/wat/micro_kernel.rs"]
mod micro_kernel;
#[path = "src/math/relaxed_simd/wat/threads.rs"]
mod threads;

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=lang");
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let out = Path::new(&out);
    let page = Catalogue::read(Path::new("lang"))?.rust()?;
    let lesson = Catalogue::read(Path::new("lang/lesson"))?.rust_apart()?;
    for (name, written) in [("messages.rs", page), ("lesson_messages.rs", lesson)] {
        std::fs::write(out.join(name), written).map_err(|e| format!("{name}: {e}"))?;
    }
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        for bin in ["app", "worker"] {
            println!("cargo::rustc-link-arg-bin={bin}=--emit-relocs");
        }
        // The module's function gets a place in the table; where the worker is parted, its table is opened for that.
        println!("cargo::rustc-link-arg-tests=--growable-table");
        println!("cargo::rerun-if-changed=src/math/relaxed_simd");
        println!("cargo::rerun-if-changed=src/math/coefficients.rs");
        let text = "src/math/relaxed_simd/wat";
        assemble(&format!("{text}/micro_kernel.rs"), &micro_kernel::module(), &out.join("relaxed_simd.wasm"))?;
        assemble(&format!("{text}/threads.rs"), &threads::module(&threads::USUAL), &out.join("threads.wasm"))?;
    }
    Ok(())
}

/// The hottest loops, in a module that uses the memory of another and keeps nothing of its own in it.
fn assemble(from: &str, text: &str, to: &Path) -> Result<(), String> {
    let module = wat::parse_str(text).map_err(|e| format!("{from}: {e}"))?;
    std::fs::write(to, module).map_err(|e| format!("{}: {e}", to.display()))
}
