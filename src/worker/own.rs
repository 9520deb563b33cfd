//! A model of the reader's own: which of the files that were chosen belong together, and what it is called.

use crate::engine::is_weights;

/// Characters of a model's name.
const MOST_NAME: usize = 80;

/// File names that say nothing of the model.
const ANYTHING: [&str; 6] = ["model", "pytorch_model", "ggml-model", "consolidated", "weights", "adapter_model"];

/// Places in `paths` of the files that lie beside the weights nearest to the top of a folder; of all files where none
/// is weights.
pub fn together(paths: &[String]) -> Vec<usize> {
    let folders = paths.iter().filter(|path| is_weights(path)).map(|path| parted(path).0);
    match folders.min_by_key(|folder| folder.matches('/').count()) {
        Some(folder) => (0..paths.len()).filter(|&at| parted(&paths[at]).0 == folder).collect(),
        None => (0..paths.len()).collect(),
    }
}

/// What to call a model whose weights were chosen at this path and are understood as `file`: as its folder, or else as
/// its file is called; empty where that is a name that any model's file has.
pub fn name(path: &str, file: &str) -> String {
    let (folder, _) = parted(path);
    let folder = folder.rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    // `ggml-model-q4_0`, `model-00001-of-00002`, `model (1)`
    let is_any =
        |name: &str| stem.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', ' ', '(']));
    match (folder, ANYTHING.into_iter().any(is_any)) {
        ("", true) => String::new(),
        ("", false) => cut(stem),
        (folder, _) => cut(folder),
    }
}

/// A name in one line.
pub fn cut(name: &str) -> String {
    name.trim().chars().filter(|c| !c.is_control()).take(MOST_NAME).collect()
}

/// The folder of a path, empty where there is none, and the file's name.
fn parted(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_called_by_its_folder_or_its_own_file_and_never_by_what_all_files_are_called() {
        for (path, expected) in [
            ("my-bert/model.safetensors", "my-bert"),
            ("cache/models--a--b/model.safetensors", "models--a--b"),
            ("SmolLM2-135M.Q4_1.gguf", "SmolLM2-135M.Q4_1"),
            ("model.safetensors", ""),
            ("model-00001-of-00002.safetensors", ""),
            ("ggml-model-q4_0.gguf", ""),
            ("modelling.gguf", "modelling"),
            ("model (1).gguf", ""),
            ("", ""),
            ("a\nb.gguf", "ab"),
        ] {
            assert_eq!(name(path, parted(path).1), expected, "{path}");
        }
        assert_eq!(name("model (1).safetensors", "model.safetensors"), "");
        assert_eq!(name("x", &format!("{}.gguf", "x".repeat(300))).len(), MOST_NAME);
    }

    #[test]
    fn of_a_folder_the_files_beside_the_nearest_weights_are_taken() {
        let of = |paths: &[&str]| together(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        let nested = ["m/onnx/model.safetensors", "m/onnx/config.json", "m/config.json", "m/model.safetensors"];
        assert_eq!(of(&nested), [2, 3]);
        assert_eq!(of(&["m/a/x.gguf", "m/README.md"]), [0]);
        assert_eq!(of(&["config.json", "model.safetensors"]), [0, 1]);
        assert_eq!(of(&["m/config.json", "m/b/x.bin"]), [0, 1]);
        assert_eq!(of(&[]), [] as [usize; 0]);
    }
}
