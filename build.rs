//! Writes the catalogue of texts as Rust (lang/*.ftl, by the crate `catalogue`), and keeps the relocations of the page's
//! binary: by them the build parts what is needed at once from what can come later (xtask/src/parts.rs).

use std::path::Path;

use catalogue::Catalogue;

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=lang");
    let written = Catalogue::read(Path::new("lang"))?.rust()?;
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    std::fs::write(Path::new(&out).join("messages.rs"), written).map_err(|e| format!("messages.rs: {e}"))?;
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bin=app=--emit-relocs");
    }
    Ok(())
}
