//! A model of the reader's own: the files that belong together, and its name.

use crate::engine::is_weights;

/// The most characters of a model's name.
const MOST_NAME: usize = 80;

/// File names that many models have.
const ANYTHING: [&str; 6] = ["model", "pytorch_model", "ggml-model", "consolidated", "weights", "adapter_model"];

/// The indices in `paths` of the files in the same folder as the weights that are least deep. All files if there are no
/// weights.
pub fn together(paths: &[String]) -> Vec<usize> {
    let folders = paths.iter().filter(|path| is_weights(path)).map(|path| parted(path).0);
    match folders.min_by_key(|folder| folder.matches('/').count()) {
        Some(folder) => (0..paths.len()).filter(|&at| parted(&paths[at]).0 == folder).collect(),
        None => (0..paths.len()).collect(),
    }
}

/// The name of a model whose weights are at this path and are understood as `file`: the name of its folder, or else of
/// its file. Empty if many models have a file of that name.
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

/// A name without control characters, and not too long.
pub fn cut(name: &str) -> String {
    name.trim().chars().filter(|c| !c.is_control()).take(MOST_NAME).collect()
}

/// The folder of a path, which may be empty, and the file's name.
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
