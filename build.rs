//! Writes the catalogue of texts as Rust (lang/*.ftl, by the crate `catalogue`), and keeps the relocations of the page's
//! binary and the worker's: by them the build parts what is needed at once from what can come later
//! (xtask/src/parts.rs). For wasm it also makes the small modules with fused multiply-add (src/math/relaxed.rs, src/math/parallel.rs).

use std::path::Path;

use catalogue::Catalogue;

#[path = "src/math/strip/fused.rs"]
mod fused;
#[path = "src/math/strip/shared.rs"]
mod shared;

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
        println!("cargo::rerun-if-changed=src/math/strip");
        println!("cargo::rerun-if-changed=src/math/coefficients.rs");
        assemble("src/math/strip/fused.rs", &fused::module(), &out.join("strip.wasm"))?;
        assemble("src/math/strip/shared.rs", &shared::module(&shared::USUAL), &out.join("shared.wasm"))?;
    }
    Ok(())
}

/// The hottest loops, in a module that uses the memory of another and keeps nothing of its own in it.
fn assemble(from: &str, text: &str, to: &Path) -> Result<(), String> {
    let module = wat::parse_str(text).map_err(|e| format!("{from}: {e}"))?;
    std::fs::write(to, module).map_err(|e| format!("{}: {e}", to.display()))
}
