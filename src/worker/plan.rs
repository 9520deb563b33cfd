//! The files to download for a model, and how each is checked.

use serde::{Deserialize, Serialize};

use super::manifest::{MAX_MODEL_BYTES, Manifest};
use crate::engine::{check_unquantized, has_safetensors, memory_need, needed, several};
use crate::error::{Error, Kind, Result};
use crate::source::{Pick, Repository, is_plain};

/// The files of one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub name: String,
    /// As its source gives it; may be empty.
    pub licence: String,
    pub files: Vec<Piece>,
}

/// One file to download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub name: String,
    pub url: String,
    pub bytes: u64,
    pub check: Check,
}

/// What a source contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Model(Plan),
    /// Several possible GGUF files in a repository: their paths and bytes.
    OneOf(Vec<(String, u64)>),
}

impl Found {
    /// The model, if there is only one.
    ///
    /// Errors: that of [`several`].
    pub fn model(self) -> Result<Plan> {
        match self {
            Self::Model(plan) => Ok(plan),
            Self::OneOf(files) => {
                let paths: Vec<String> = files.into_iter().map(|(path, _)| path).collect();
                Err(several(&paths))
            }
        }
    }
}

/// How a file is checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Check {
    /// By the SHA-256 of its bytes, in lower-case hex.
    Sha256(String),
    /// By git's hash of it, in lower-case hex: SHA-1 of `blob {length}\0` and the bytes.
    GitBlob(String),
    /// By its size only. It is stored under the server's name of this version of it.
    Size(String),
}

impl Check {
    /// The key of a stored file, beside its address.
    pub fn key(&self) -> String {
        match self {
            Self::Sha256(sum) => format!("sha256={sum}"),
            Self::GitBlob(sum) => format!("git={sum}"),
            Self::Size(version) => format!("version={version}"),
        }
    }
}

/// The most bytes of memory for a model. WebAssembly can address 4 GB, of which runs need a part.
const MOST_MEMORY: u64 = 3 << 30;

impl Plan {
    /// The plan of a folder with a manifest. The folder's address ends in `/`.
    pub fn of_manifest(folder: &str, manifest: Manifest) -> Self {
        let pieces = manifest.files.into_iter().map(|file| Piece {
            url: format!("{folder}{}", file.path),
            name: file.path,
            bytes: file.bytes,
            check: Check::Sha256(file.sha256),
        });
        Self { name: manifest.name, licence: manifest.licence, files: pieces.collect() }
    }

    /// The plan of a repository, from the answer of its hub to `/api/models/{id}/revision/{revision}?blobs=true`.
    ///
    /// Errors: [`Kind::Format`] for an answer of another form, [`Kind::Config`] for quantized weights, [`Kind::Input`]
    /// for a model that is too large, and those of [`needed`].
    pub fn of_repository(repository: &Repository, answer: &[u8]) -> Result<Found> {
        let Repository { hub, id, pick, .. } = repository;
        let listing: Listing = serde_json::from_slice(answer).map_err(|fault| no_list(fault.to_string()))?;
        let commit = listing.sha.clone().filter(|sha| is_hex(sha)).unwrap_or_else(|| repository.revision_part());
        // Folders of a repository contain other formats, except for GGUF files.
        let usable = |name: &str| name.split('/').all(is_plain) && (!name.contains('/') || is_gguf(name));
        let siblings: Vec<&Sibling> = listing.siblings.iter().filter(|file| usable(&file.rfilename)).collect();
        let names: Vec<String> = siblings.iter().map(|file| file.rfilename.clone()).collect();
        let ggufs = || names.iter().map(String::as_str).filter(|name| is_gguf(name) && !is_companion(name));
        let fitting: Vec<&str> = match pick {
            Some(Pick::File(path)) => vec![path.as_str()],
            Some(Pick::Named(name)) => ggufs().filter(|path| is_named(path, name)).collect(),
            None if has_safetensors(&names) => Vec::new(),
            None => ggufs().collect(),
        };
        if let (Some(Pick::Named(name)), []) = (pick, &fitting[..]) {
            return Err(unnamed(name, ggufs()));
        }
        let fitting: Vec<String> = fitting.into_iter().map(str::to_owned).collect();
        let bytes = |path: &str| siblings.iter().find(|file| file.rfilename == path).map_or(0, |file| file.bytes());
        // Several files that make one model are not a choice.
        if fitting.len() > 1 && needed(&fitting, None).is_err() {
            let mut files: Vec<(String, u64)> = fitting.into_iter().map(|path| (path.clone(), bytes(&path))).collect();
            files.sort();
            return Ok(Found::OneOf(files));
        }
        let chosen = fitting.first().map(String::as_str);
        let needed = needed(&names, chosen)?;
        // The config does not describe a GGUF file beside it.
        if let Some(config) = listing.config.filter(|_| needed.iter().any(|name| name.ends_with(".safetensors"))) {
            check_unquantized(config)?;
        }
        let files = needed.into_iter().map(|name| {
            let sibling = siblings.iter().find(|file| file.rfilename == name).expect("one of the names given");
            let bytes =
                Some(sibling.bytes()).filter(|&bytes| bytes > 0).ok_or_else(|| no_list(format!("no size of {name}")));
            Ok(Piece {
                url: format!("{hub}/{id}/resolve/{commit}/{name}"),
                name,
                bytes: bytes?,
                check: sibling.check(&commit),
            })
        });
        let files = files.collect::<Result<Vec<_>>>()?;
        let licence = listing.card_data.and_then(|card| Some(card.license?.as_str()?.chars().take(60).collect()));
        let name = chosen.map_or(id.as_str(), |path| path.rsplit('/').next().unwrap_or(path)).to_owned();
        Self { name, licence: licence.unwrap_or_default(), files }.checked().map(Found::Model)
    }

    /// The plan of one GGUF file of this size, with the server's name of this version of it.
    ///
    /// Errors ([`Kind::Input`]): it is too large.
    pub fn of_file(url: &str, bytes: u64, version: &str) -> Result<Self> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let check = Check::Size(version.chars().filter(char::is_ascii_alphanumeric).take(80).collect());
        let file = Piece { name: name.clone(), url: url.to_owned(), bytes, check };
        Self { name, licence: String::new(), files: vec![file] }.checked()
    }

    /// The bytes of all files.
    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// The bytes of memory that the model takes when it is loaded.
    pub fn memory(&self) -> u64 {
        memory_need(&self.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect::<Vec<_>>())
    }

    fn checked(self) -> Result<Self> {
        check_memory(&self.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect::<Vec<_>>())?;
        Ok(self)
    }
}

/// Checks that a model of files of these names and sizes fits into memory.
///
/// Errors ([`Kind::Input`]): it is too large.
pub fn check_memory(files: &[(&str, u64)]) -> Result<()> {
    // The sizes are from outside, so that their sum could overflow.
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
    /// The part of the model's `config.json` that the hub repeats.
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

impl Sibling {
    /// The size, or 0 if the hub does not give it.
    fn bytes(&self) -> u64 {
        self.size.or(self.lfs.as_ref().and_then(|lfs| lfs.size)).unwrap_or_default()
    }

    fn check(&self, commit: &str) -> Check {
        let sha256 = self.lfs.as_ref().and_then(|lfs| lfs.sha256.clone()).filter(|sum| is_hex(sum));
        match (sha256, self.blob_id.clone().filter(|sum| is_hex(sum))) {
            (Some(sum), _) => Check::Sha256(sum),
            (None, Some(sum)) => Check::GitBlob(sum),
            (None, None) => Check::Size(commit.to_owned()),
        }
    }
}

fn no_list(got: String) -> Error {
    let advice = "Check the model's name and the hub's address.";
    Error::new(Kind::Format, "what the hub says of the model", "a list of its files", got, advice)
}

fn unnamed<'a>(name: &str, there: impl Iterator<Item = &'a str>) -> Error {
    let there: Vec<&str> = there.take(8).collect();
    let got = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
    let expected = format!("a GGUF file of {name}");
    Error::new(Kind::Config, "the model's files", expected, got, "Check the name of the file.")
}

fn is_gguf(name: &str) -> bool {
    name.ends_with(".gguf")
}

/// Whether a GGUF file is not a model, but belongs to one: an image encoder, or the importance matrix of a
/// quantization.
fn is_companion(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("mmproj") || name.contains("imatrix")
}

/// Whether a path contains a name as a whole word: `Q4_K_M` is in `x-q4_k_m.gguf` and `Q4_K_M/x.gguf`, but `Q4_K` is
/// not.
fn is_named(path: &str, name: &str) -> bool {
    let (path, name) = (path.to_ascii_lowercase(), name.to_ascii_lowercase());
    path.match_indices(&name).any(|(at, _)| {
        let [before, behind] = [path[..at].chars().next_back(), path[at + name.len()..].chars().next()];
        !before.is_some_and(|c| c.is_ascii_alphanumeric())
            && !behind.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn is_hex(text: &str) -> bool {
    (40..=64).contains(&text.len()) && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn repository(pick: Option<Pick>) -> Repository {
        Repository {
            hub: "https://hub.example".to_owned(),
            id: "a/b".to_owned(),
            revision: "refs/pr/3".to_owned(),
            pick,
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
        Plan::of_repository(&repository(None), listing.to_string().as_bytes())?.model()
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
        assert!(
            with("/sha", json!("../../evil")).unwrap().files[0]
                .url
                .ends_with("/resolve/refs%2Fpr%2F3/model.safetensors")
        );
        assert!(matches!(with("/siblings/2/blobId", json!("x")).unwrap().files[1].check, Check::Size(_)));
    }

    /// What is found among files of these names and bytes.
    fn found(files: &[(&str, u64)], pick: Option<Pick>) -> Result<Found> {
        let siblings: Vec<Value> = files
            .iter()
            .map(|(name, bytes)| json!({ "rfilename": name, "size": bytes, "blobId": "a".repeat(40) }))
            .collect();
        Plan::of_repository(&repository(pick), json!({ "siblings": siblings }).to_string().as_bytes())
    }

    const QUANTISED: [(&str, u64); 7] = [
        ("README.md", 5),
        ("x.Q8_0.gguf", 150),
        ("x-q4_k_m.gguf", 98),
        ("Q2_K/x.gguf", 60),
        ("onnx/model.onnx", 99),
        ("mmproj-x.gguf", 7),
        ("../Q4_0/x.gguf", 8),
    ];

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
    fn several_gguf_files_are_all_to_choose_from_with_their_sizes() {
        let all = [("Q2_K/x.gguf", 60), ("x-q4_k_m.gguf", 98), ("x.Q8_0.gguf", 150)];
        let all = Found::OneOf(all.map(|(name, bytes)| (name.to_owned(), bytes)).into());
        assert_eq!(found(&QUANTISED, None).unwrap(), all);
        let fault = found(&QUANTISED, None).unwrap().model().unwrap_err();
        assert!(fault.got.contains("Q2_K/x.gguf"), "{fault}");
        // Where there are safetensors, too, they are meant.
        let both = [&QUANTISED[..], &[("model.safetensors", 9), ("config.json", 1), ("tokenizer.json", 1)]].concat();
        assert_eq!(found(&both, None).unwrap().model().unwrap().files[0].name, "model.safetensors");
        assert_eq!(found(&QUANTISED[..2], None).unwrap().model().unwrap().name, "x.Q8_0.gguf");
    }

    #[test]
    fn a_quantisation_finds_its_file_wherever_it_lies() {
        let named = |name: &str| found(&QUANTISED, Some(Pick::Named(name.to_owned())));
        for (name, path, own) in [
            ("Q8_0", "x.Q8_0.gguf", "x.Q8_0.gguf"),
            ("Q4_K_M", "x-q4_k_m.gguf", "x-q4_k_m.gguf"),
            ("q2_k", "Q2_K/x.gguf", "x.gguf"),
        ] {
            let plan = named(name).unwrap().model().unwrap();
            assert_eq!((plan.files[0].name.as_str(), plan.name.as_str(), plan.files.len()), (path, own, 1), "{name}");
            assert!(plan.files[0].url.ends_with(path));
        }
        for missing in ["Q4_K", "Q4", "8_0", "F16", "mmproj"] {
            let fault = named(missing).unwrap_err();
            assert_eq!((fault.kind, fault.expected), (Kind::Config, format!("a GGUF file of {missing}")));
            assert_eq!(fault.got, "x.Q8_0.gguf, x-q4_k_m.gguf, Q2_K/x.gguf");
        }
        let two = [("x.Q4_0.gguf", 1), ("y.Q4_0.gguf", 2), ("x.Q8_0.gguf", 3)];
        let fitting = [("x.Q4_0.gguf".to_owned(), 1), ("y.Q4_0.gguf".to_owned(), 2)];
        assert_eq!(found(&two, Some(Pick::Named("Q4_0".to_owned()))).unwrap(), Found::OneOf(fitting.into()));
    }

    #[test]
    fn a_file_in_a_folder_is_fetched_by_its_path() {
        let plan = found(&QUANTISED, Some(Pick::File("Q2_K/x.gguf".to_owned()))).unwrap().model().unwrap();
        assert_eq!((plan.name.as_str(), plan.total_bytes(), plan.memory()), ("x.gguf", 60, 60));
        assert_eq!(plan.files[0].url, "https://hub.example/a/b/resolve/refs%2Fpr%2F3/Q2_K/x.gguf");
        let missing = found(&QUANTISED, Some(Pick::File("Q2_K/y.gguf".to_owned()))).unwrap_err();
        assert_eq!((missing.kind, missing.expected.as_str()), (Kind::Config, "a file Q2_K/y.gguf"));
    }

    #[test]
    fn a_file_at_an_address() {
        let plan = Plan::of_file("http://h/m/x.gguf?a=b", 5, "\"W/a-1\"").unwrap();
        assert_eq!((plan.name.as_str(), plan.files[0].check.key().as_str()), ("x.gguf", "version=Wa1"));
        assert!(Plan::of_file("http://h/x.gguf", u64::MAX, "").is_err());
    }
}
