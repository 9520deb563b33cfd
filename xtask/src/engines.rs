//! Our engine, candle and onnxruntime-web as wasm modules side by side, for tests/e2e/engines.mjs.

use std::fs;
use std::path::Path;

use crate::run::{Outcome, command, root, run, say, target_dir};
use crate::tools::{Tools, npm_install_locked, wasm_opt};

/// What a page needs of onnxruntime-web to run on the processor.
const ONNXRUNTIME: [&str; 3] = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

/// Builds ours and candle as readers get ours, takes onnxruntime-web as npm has it, and measures them in a browser.
pub fn bench(e2e: &Path) -> Outcome {
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
        copy(&root().join("assets/models/all-minilm-l6-v2").join(name), &folder)?;
    }
    let rival = root().join("benches/rival");
    npm_install_locked(&rival)?;
    for name in ONNXRUNTIME {
        copy(&rival.join("node_modules/onnxruntime-web/dist").join(name), &folder)?;
    }
    run(command("node", &["onnx.mjs"]).arg(&folder).current_dir(&rival))?;
    run(command("node", &["engines.mjs"]).arg(&folder).current_dir(e2e))
}

fn copy(from: &Path, folder: &Path) -> Outcome {
    let name = from.file_name().ok_or("a file")?;
    fs::copy(from, folder.join(name)).map_err(|e| format!("{}: {e}", from.display()))?;
    Ok(())
}
