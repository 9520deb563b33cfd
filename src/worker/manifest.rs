//! The file `manifest.json` beside a model, which lists its files with their sizes and hashes.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};

/// The files of a model. A manifest names each of them once, in any order.
pub const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// The most bytes of a manifest.
pub const MAX_MANIFEST_BYTES: u64 = 64 << 10;

/// The most bytes of a model: half of what WebAssembly can address, because the engine needs memory, too.
pub const MAX_MODEL_BYTES: u64 = 2 << 30;

/// The content of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub name: String,
    pub licence: String,
    pub files: Vec<ManifestFile>,
}

/// A file of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// The name in the model's folder, one of [`FILES`].
    pub path: String,
    pub bytes: u64,
    /// The SHA-256 in lower-case hex.
    pub sha256: String,
}

impl Manifest {
    /// Reads a manifest from the network.
    ///
    /// Errors ([`Kind::Format`]): not the expected JSON, a missing, repeated or unknown file, a hash or size that
    /// cannot be right, or a model that is too large.
    pub fn read(json: &[u8]) -> Result<Self> {
        let manifest: Self = serde_json::from_slice(json)
            .map_err(|fault| wrong("name, licence and files as JSON", fault.to_string()))?;
        for (at, file) in manifest.files.iter().enumerate() {
            // Only these names are allowed, so `../`, other hosts and empty names are not.
            if !FILES.contains(&file.path.as_str()) {
                return Err(wrong(format!("only files named {}", FILES.join(", ")), format!("{:?}", file.path)));
            }
            if manifest.files[..at].iter().any(|before| before.path == file.path) {
                return Err(wrong("each file once", format!("{} twice", file.path)));
            }
            let hex = |c: u8| matches!(c, b'0'..=b'9' | b'a'..=b'f');
            if file.sha256.len() != 64 || !file.sha256.bytes().all(hex) {
                return Err(wrong(
                    format!("64 lower-case hex digits as the sha256 of {}", file.path),
                    format!("{:?}", file.sha256),
                ));
            }
            if file.bytes == 0 {
                return Err(wrong(format!("a size for {}", file.path), "0 bytes"));
            }
        }
        if let Some(missing) = FILES.iter().find(|name| manifest.files.iter().all(|file| file.path != **name)) {
            return Err(wrong(format!("the files {}", FILES.join(", ")), format!("no {missing}")));
        }
        let total = manifest.files.iter().try_fold(0u64, |sum, file| sum.checked_add(file.bytes));
        match total {
            Some(total) if total <= MAX_MODEL_BYTES => Ok(manifest),
            _ => Err(wrong(
                format!("at most {MAX_MODEL_BYTES} bytes in all"),
                total.map_or("more than can be counted".into(), |total| format!("{total} bytes")),
            )),
        }
    }

    /// The bytes of all files.
    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

fn wrong(expected: impl Into<String>, got: impl Into<String>) -> Error {
    Error::new(Kind::Format, "manifest.json", expected, got, "Choose another model, or tell whoever runs this page.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn plain() -> Value {
        let sum = "0123456789abcdef".repeat(4);
        json!({ "name": "m", "licence": "l", "files": [
            { "path": "config.json", "bytes": 1, "sha256": sum },
            { "path": "model.safetensors", "bytes": 20, "sha256": sum },
            { "path": "tokenizer.json", "bytes": 300, "sha256": sum },
        ]})
    }

    fn with(pointer: &str, value: Value) -> Result<Manifest> {
        let mut manifest = plain();
        *manifest.pointer_mut(pointer).unwrap() = value;
        Manifest::read(manifest.to_string().as_bytes())
    }

    fn refused(pointer: &str, value: Value) -> String {
        let error = with(pointer, value).unwrap_err();
        assert_eq!((error.kind, error.what.as_str()), (Kind::Format, "manifest.json"));
        error.got
    }

    #[test]
    fn the_built_in_models_manifest_holds() {
        let manifest = Manifest::read(include_bytes!("../../assets/models/all-minilm-l6-v2/manifest.json")).unwrap();
        assert_eq!(manifest.name, "all-MiniLM-L6-v2");
        assert_eq!(manifest.total_bytes(), 640 + 466_247 + 45_141_904);
    }

    #[test]
    fn files_may_come_in_any_order() {
        assert_eq!(Manifest::read(plain().to_string().as_bytes()).unwrap().total_bytes(), 321);
    }

    #[test]
    fn a_name_that_is_not_a_models_file_is_refused() {
        for name in [
            "",
            ".",
            "../config.json",
            "/config.json",
            "https://elsewhere/config.json",
            "a\\config.json",
            "CONFIG.JSON",
        ] {
            assert_eq!(refused("/files/0/path", json!(name)), format!("{name:?}"));
        }
    }

    #[test]
    fn each_file_is_named_exactly_once() {
        assert_eq!(refused("/files/2/path", json!("config.json")), "config.json twice");
        assert_eq!(refused("/files", json!([])), "no config.json");
        let two = plain()["files"].as_array().unwrap()[..2].to_vec();
        assert_eq!(refused("/files", json!(two)), "no tokenizer.json");
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert_eq!(refused("/files/1/bytes", json!(0)), "0 bytes");
        assert_eq!(refused("/files/1/bytes", json!(MAX_MODEL_BYTES)), "2147483949 bytes");
        assert_eq!(refused("/files/1/bytes", json!(u64::MAX)), "more than can be counted");
        assert!(with("/files/1/bytes", json!(MAX_MODEL_BYTES - 301)).is_ok());
        refused("/files/1/bytes", json!(-1));
        refused("/files/1/bytes", json!(1.5));
    }

    #[test]
    fn a_hash_of_another_form_is_refused() {
        let sum = "0123456789abcdef".repeat(4);
        for wrong in [String::new(), sum[1..].into(), format!("{sum}0"), sum.to_uppercase(), sum.replace('f', "g")] {
            assert_eq!(refused("/files/0/sha256", json!(wrong)), format!("{wrong:?}"));
        }
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        for text in ["", "null", "[]", "{}", "<!doctype html>", "{\"name\":\"m\"", "\u{0}"] {
            assert_eq!(Manifest::read(text.as_bytes()).unwrap_err().kind, Kind::Format, "{text}");
        }
        refused("/files/0", json!({ "path": "config.json", "bytes": 1, "sha256": "0".repeat(64), "url": "x" }));
        refused("/name", json!(7));
    }
}
