//! What to bring for a model, and how to know that it is whole.

use serde::{Deserialize, Serialize};

use super::manifest::{MAX_MODEL_BYTES, Manifest};
use crate::engine::{check_unquantized, memory_need, needed};
use crate::error::{Error, Kind, Result};
use crate::source::Repository;

/// The files of one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub name: String,
    /// As its source gives it; empty where that says nothing.
    pub licence: String,
    pub files: Vec<Piece>,
}

/// One file to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub name: String,
    pub url: String,
    pub bytes: u64,
    pub check: Check,
}

/// How it is known that a file is the one that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Check {
    /// Lower-case hex of the bytes' SHA-256.
    Sha256(String),
    /// Lower-case hex of git's hash of a file: SHA-1 of `blob {length}\0` and the bytes.
    GitBlob(String),
    /// By its size alone, and kept under what the server calls this version of it.
    Size(String),
}

impl Check {
    /// What a kept file is found by, beside its address.
    pub fn key(&self) -> String {
        match self {
            Self::Sha256(sum) => format!("sha256={sum}"),
            Self::GitBlob(sum) => format!("git={sum}"),
            Self::Size(version) => format!("version={version}"),
        }
    }
}

/// wasm can address so much; the page keeps some for runs.
const MOST_MEMORY: u64 = 3 << 30;

impl Plan {
    /// The folder that a manifest describes; its address ends in `/`.
    pub fn of_manifest(folder: &str, manifest: Manifest) -> Self {
        let pieces = manifest.files.into_iter().map(|file| Piece {
            url: format!("{folder}{}", file.path),
            name: file.path,
            bytes: file.bytes,
            check: Check::Sha256(file.sha256),
        });
        Self { name: manifest.name, licence: manifest.licence, files: pieces.collect() }
    }

    /// A repository, from what its hub says of it (`/api/models/{id}/revision/{revision}?blobs=true`).
    ///
    /// Errors: [`Kind::Format`] for an answer that does not hold, [`Kind::Config`] for quantized weights, and those of
    /// [`needed`].
    pub fn of_repository(repository: &Repository, answer: &[u8]) -> Result<Self> {
        let Repository { hub, id, file, .. } = repository;
        let wrong = |got: String| {
            let advice = "Check the model's name and the hub's address.";
            Error::new(Kind::Format, "what the hub says of the model", "a list of its files", got, advice)
        };
        let listing: Listing = serde_json::from_slice(answer).map_err(|fault| wrong(fault.to_string()))?;
        let commit = listing.sha.filter(|sha| is_hex(sha)).unwrap_or_else(|| repository.revision.clone());
        // Folders within it hold other formats.
        let flat: Vec<&Sibling> = listing.siblings.iter().filter(|file| is_plain(&file.rfilename)).collect();
        let names: Vec<String> = flat.iter().map(|file| file.rfilename.clone()).collect();
        let needed = needed(&names, file.as_deref())?;
        // The config says nothing of a GGUF file beside it.
        if let Some(config) = listing.config.filter(|_| needed.iter().any(|name| name.ends_with(".safetensors"))) {
            check_unquantized(config)?;
        }
        let files = needed.into_iter().map(|name| {
            let sibling = flat.iter().find(|file| file.rfilename == name).expect("one of the names given");
            let sha256 = sibling.lfs.as_ref().and_then(|lfs| lfs.sha256.clone()).filter(|sum| is_hex(sum));
            let bytes = sibling.size.or(sibling.lfs.as_ref().and_then(|lfs| lfs.size)).filter(|&bytes| bytes > 0);
            let check = match (sha256, sibling.blob_id.clone().filter(|sum| is_hex(sum))) {
                (Some(sum), _) => Check::Sha256(sum),
                (None, Some(sum)) => Check::GitBlob(sum),
                (None, None) => Check::Size(commit.clone()),
            };
            let bytes = bytes.ok_or_else(|| wrong(format!("no size of {name}")))?;
            Ok(Piece { url: format!("{hub}/{id}/resolve/{commit}/{name}"), name, bytes, check })
        });
        let files = files.collect::<Result<Vec<_>>>()?;
        let licence =
            listing.card_data.and_then(|card| card.license).and_then(|licence| licence.as_str().map(str::to_owned));
        let licence = licence.unwrap_or_default().chars().take(60).collect();
        let name = file.clone().unwrap_or_else(|| id.clone());
        Self { name, licence, files }.checked()
    }

    /// One GGUF file of this size, in the version that the server calls it.
    ///
    /// Errors ([`Kind::Input`]): it is too large.
    pub fn of_file(url: &str, bytes: u64, version: &str) -> Result<Self> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let check = Check::Size(version.chars().filter(char::is_ascii_alphanumeric).take(80).collect());
        let file = Piece { name: name.clone(), url: url.to_owned(), bytes, check };
        Self { name, licence: String::new(), files: vec![file] }.checked()
    }

    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Bytes that the model takes once it is loaded.
    pub fn memory(&self) -> u64 {
        memory_need(&self.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect::<Vec<_>>())
    }

    fn checked(self) -> Result<Self> {
        check_memory(&self.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect::<Vec<_>>())?;
        Ok(self)
    }
}

/// Files of these names and sizes fit.
///
/// Errors ([`Kind::Input`]): they do not.
pub fn check_memory(files: &[(&str, u64)]) -> Result<()> {
    // Sizes come from outside: their sum must not overflow.
    let total = files.iter().try_fold(0u64, |sum, (_, bytes)| sum.checked_add(*bytes)).unwrap_or(u64::MAX);
    let memory = if total > MAX_MODEL_BYTES { total } else { memory_need(files) };
    if total <= MAX_MODEL_BYTES && memory <= MOST_MEMORY {
        return Ok(());
    }
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    let expected =
        format!("at most {} MB of memory and {} MB of files", megabytes(MOST_MEMORY), megabytes(MAX_MODEL_BYTES));
    let got = format!("about {} MB of memory for {} MB of files", megabytes(memory), megabytes(total));
    let advice = "Choose a smaller model, or the same one with fewer bits a number, as GGUF.";
    Err(Error::new(Kind::Input, "the model's size", expected, got, advice))
}

#[derive(Deserialize)]
struct Listing {
    sha: Option<String>,
    siblings: Vec<Sibling>,
    /// What the hub has taken from the model's `config.json`.
    config: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(rename = "cardData")]
    card_data: Option<CardData>,
}

#[derive(Deserialize)]
struct CardData {
    license: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    #[serde(rename = "blobId")]
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    sha256: Option<String>,
    size: Option<u64>,
}

fn is_hex(text: &str) -> bool {
    (40..=64).contains(&text.len()) && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

/// A file's name that needs no care in an address.
fn is_plain(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= 200 && !name.starts_with('.') && name.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn repository(file: Option<&str>) -> Repository {
        Repository {
            hub: "https://hub.example".to_owned(),
            id: "a/b".to_owned(),
            revision: "main".to_owned(),
            file: file.map(str::to_owned),
        }
    }

    fn listing() -> Value {
        json!({
            "id": "a/b",
            "sha": "0123456789abcdef0123456789abcdef01234567",
            "cardData": { "license": "apache-2.0" },
            "siblings": [
                { "rfilename": "README.md", "size": 10, "blobId": "a".repeat(40) },
                { "rfilename": "onnx/model.safetensors", "size": 10, "blobId": "b".repeat(40) },
                { "rfilename": "config.json", "size": 600, "blobId": "c".repeat(40) },
                { "rfilename": "tokenizer.json", "size": 7000, "blobId": "d".repeat(40) },
                { "rfilename": "model.safetensors", "size": 90_000_000, "blobId": "e".repeat(40),
                  "lfs": { "sha256": "f".repeat(64), "size": 90_000_000, "pointerSize": 133 } },
            ],
        })
    }

    fn plan(listing: &Value) -> Result<Plan> {
        Plan::of_repository(&repository(None), listing.to_string().as_bytes())
    }

    #[test]
    fn a_repository_is_its_needed_files_at_one_commit() {
        let plan = plan(&listing()).unwrap();
        assert_eq!((plan.name.as_str(), plan.licence.as_str()), ("a/b", "apache-2.0"));
        assert_eq!(plan.total_bytes(), 90_007_600);
        assert_eq!(plan.memory(), 90_007_600 + 180_000_000);
        let at = "https://hub.example/a/b/resolve/0123456789abcdef0123456789abcdef01234567";
        let files: Vec<(String, Check)> = plan.files.into_iter().map(|file| (file.url, file.check)).collect();
        assert_eq!(files[0], (format!("{at}/model.safetensors"), Check::Sha256("f".repeat(64))));
        assert_eq!(files[1], (format!("{at}/config.json"), Check::GitBlob("c".repeat(40))));
        assert_eq!(files[2], (format!("{at}/tokenizer.json"), Check::GitBlob("d".repeat(40))));
    }

    #[test]
    fn what_a_hub_says_is_not_trusted() {
        let with = |pointer: &str, value: Value| {
            let mut listing = listing();
            *listing.pointer_mut(pointer).unwrap() = value;
            plan(&listing)
        };
        assert_eq!(with("/siblings/4/size", json!(u64::MAX)).unwrap_err().kind, Kind::Input);
        assert_eq!(with("/siblings/4/size", json!(3_000_000_000u64)).unwrap_err().kind, Kind::Input);
        assert_eq!(with("/siblings/2/size", json!(0)).unwrap_err().kind, Kind::Format);
        assert_eq!(with("/siblings", json!([])).unwrap_err().kind, Kind::Config);
        assert_eq!(with("/siblings", json!("x")).unwrap_err().kind, Kind::Format);
        assert_eq!(with("/siblings/4/rfilename", json!("../model.safetensors")).unwrap_err().kind, Kind::Config);
        // Another commit's name would be part of an address.
        assert!(with("/sha", json!("../../evil")).unwrap().files[0].url.ends_with("/resolve/main/model.safetensors"));
        assert!(matches!(with("/siblings/2/blobId", json!("x")).unwrap().files[1].check, Check::Size(_)));
    }

    #[test]
    fn quantized_weights_are_refused_before_anything_is_fetched() {
        let refused = |how: Value| {
            let mut listing = listing();
            listing["config"] = json!({ "model_type": "llama", "quantization_config": how });
            plan(&listing).map(drop).unwrap_err()
        };
        let fault = refused(json!({ "quant_method": "bitsandbytes", "load_in_4bit": true }));
        assert_eq!((fault.kind, fault.got.as_str()), (Kind::Config, "weights of 4 bits (bitsandbytes)"));
        assert_eq!(refused(json!({ "quant_method": "gptq", "bits": 8 })).got, "weights of 8 bits (gptq)");
        assert_eq!(refused(json!({ "quant_method": "fp8" })).got, "quantized weights (fp8)");
        let mut listing = listing();
        listing["config"] = json!({ "model_type": "bert", "quantization_config": null });
        assert!(plan(&listing).is_ok());
    }

    #[test]
    fn one_file_of_several() {
        let listing = json!({ "siblings": [
            { "rfilename": "x.Q4_1.gguf", "size": 98, "blobId": "a".repeat(40) },
            { "rfilename": "x.Q8_0.gguf", "size": 150, "blobId": "b".repeat(40) },
        ]});
        let plan = |file| Plan::of_repository(&repository(file), listing.to_string().as_bytes());
        assert!(plan(None).unwrap_err().got.contains("x.Q8_0.gguf"));
        let plan = plan(Some("x.Q8_0.gguf")).unwrap();
        assert_eq!((plan.name.as_str(), plan.total_bytes(), plan.memory()), ("x.Q8_0.gguf", 150, 150));
    }

    #[test]
    fn a_file_at_an_address() {
        let plan = Plan::of_file("http://h/m/x.gguf?a=b", 5, "\"W/a-1\"").unwrap();
        assert_eq!((plan.name.as_str(), plan.files[0].check.key().as_str()), ("x.gguf", "version=Wa1"));
        assert!(Plan::of_file("http://h/x.gguf", u64::MAX, "").is_err());
    }
}
