//! Our engine and candle as wasm modules side by side, for tests/e2e/engines.mjs.

use std::fs;

use crate::run::{Outcome, command, root, run, say, target_dir};
use crate::tools::{Tools, wasm_opt};

/// Builds both as readers get ours and measures them in a browser.
pub fn bench(e2e: &std::path::Path) -> Outcome {
    let tools = Tools::for_build()?;
    say("Building our engine and candle (6 to 12 minutes on 2 cores the first time)");
    let target = target_dir();
    let build = ["build", "--locked", "--release", "--target", "wasm32-unknown-unknown", "--bins"];
    let manifest = ["--manifest-path", "benches/rival/Cargo.toml", "--target-dir"];
    run(command("cargo", &[build.as_slice(), &manifest].concat()).arg(&target))?;
    let folder = target.join("engines");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for name in ["ours", "candle"] {
        let module = target.join(format!("wasm32-unknown-unknown/release/{name}.wasm"));
        let bindgen = ["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"];
        run(tools.command("wasm-bindgen", &bindgen).arg(&folder).arg(&module))?;
        if let Some(tool) = wasm_opt() {
            let module = folder.join(format!("{name}_bg.wasm"));
            run(command(&tool, &["-O3", "-o"]).arg(&module).arg(&module))?;
        }
    }
    for name in ["config.json", "model.safetensors"] {
        let from = root().join("assets/models/all-minilm-l6-v2").join(name);
        fs::copy(&from, folder.join(name)).map_err(|e| format!("{}: {e}", from.display()))?;
    }
    run(command("node", &["engines.mjs"]).arg(&folder).current_dir(e2e))
}
