//! Writes the catalogue of texts as Rust (lang/*.ftl, by the crate `catalogue`), and keeps the relocations of the page's
//! binary and the worker's: by them the build parts what is needed at once from what can come later
//! (xtask/src/parts.rs). For wasm it also makes the small module with fused multiply-add (src/math/relaxed.rs).

use std::path::Path;
use std::process::Command;

use catalogue::Catalogue;

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
        strip_module(&out.join("strip.wasm"))?;
    }
    Ok(())
}

/// The inner loop of products, in a module that uses the memory of another and keeps nothing in it: no stack, no data.
fn strip_module(to: &Path) -> Result<(), String> {
    for source in ["strip.rs", "strip"] {
        println!("cargo::rerun-if-changed=src/math/{source}");
    }
    let mut rustc = Command::new(std::env::var_os("RUSTC").ok_or("cargo sets RUSTC")?);
    rustc.args(["--edition", "2024", "--target", "wasm32-unknown-unknown", "--crate-type", "cdylib"]);
    rustc.args(["-C", "opt-level=3", "-C", "panic=abort", "-C", "strip=symbols"]);
    rustc.args(["-C", "target-feature=+simd128,+relaxed-simd"]);
    rustc.args(["-C", "link-arg=--import-memory", "-C", "link-arg=-zstack-size=0"]);
    let status = rustc.arg("src/math/strip/module.rs").arg("-o").arg(to).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("rustc on src/math/strip/module.rs: {status}")),
        Err(e) => Err(format!("rustc: {e}")),
    }
}
