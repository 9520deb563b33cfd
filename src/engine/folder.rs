//! A model's files, by the names that they have beside each other on disk or on a hub.

use serde_json::{Map, Value};

use super::config_json::{AS_IT_LIES, ConfigJson};
use super::families::{BERT, family};
use super::formats::WeightFile;
use super::formats::gguf::Gguf;
use super::model::Model;
use super::steps::{Opening, Steps};
use super::text_file::without_mark;
use super::tokenizer::TextTokenizer;
use super::tokenizer::json as tokenizer_json;
use super::tokenizer::json::WordPieces;
use super::tokenizer::settings::Settings;
use crate::error::{Error, Kind, Result};

/// A model and its tokenizer.
pub struct Opened {
    /// The name that the file gives it; may be empty.
    pub name: String,
    pub model: Model,
    pub tokenizer: TextTokenizer,
}

/// The names and bytes of a model's files.
pub type Files = Vec<(String, Vec<u8>)>;

/// The files that a tokenizer is made from, in order of preference: those that are required, and those that are
/// optional.
const TOKENIZERS: [(&[&str], &[&str]); 3] = [
    (&["tokenizer.json"], &[SETTINGS]),
    (&["vocab.txt"], &[SETTINGS]),
    (&["vocab.json", "merges.txt"], &[SETTINGS, "special_tokens_map.json"]),
];
const SETTINGS: &str = "tokenizer_config.json";
const CONFIG: &str = "config.json";

/// The weights, if they are a single safetensors file.
const WEIGHTS: &str = "model.safetensors";

/// The most files of a model that fits a browser.
pub const MAX_FILES: usize = 80;

/// Opens a model from a GGUF file, or from `config.json`, `model.safetensors` or its shards, and `tokenizer.json` or
/// the older files `vocab.txt`, or `vocab.json` and `merges.txt`. Other files are ignored.
///
/// Errors: [`Kind::Config`] when a required file is missing, and the errors of [`Model::open`] and
/// [`TextTokenizer::load`].
pub fn open_folder(files: Files) -> Result<Opened> {
    Opening::any(files).finish()
}

impl Opening {
    /// As [`open_folder`], in steps.
    pub fn any(files: Files) -> Self {
        match Self::usual(files) {
            Ok(opening) => opening,
            Err(files) => Self::new(size(&files), |steps| async move { open_any(files, &steps).await }),
        }
    }

    /// Opens a model of the built-in model's kind: BERT in one safetensors file, with word pieces. A reader who stays
    /// with the built-in model needs nothing else. So this function refers to no other family, format or tokenizer, and
    /// the worker can load the code for those later (`src/bin/worker.rs`).
    ///
    /// Errors: the files themselves, if they are of another kind or faulty; [`Self::any`] opens them or returns their
    /// error.
    pub fn usual(files: Files) -> std::result::Result<Self, Files> {
        let part = |name: &str| files.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice());
        let Some((config, tokenizer)) = usual(part) else { return Err(files) };
        let total = size(&files);
        let weights = files.into_iter().find(|(name, _)| name == WEIGHTS).map(|(_, bytes)| bytes).unwrap_or_default();
        Ok(Self::new(total, |steps| async move {
            let mut file = WeightFile::safetensors(vec![weights])?;
            let model = Model::of_family(&BERT, &config, &mut file, &steps).await?;
            steps.end_step().await;
            let tokenizer = TextTokenizer::of_word_pieces(WordPieces::build(tokenizer)?, model.longest())?;
            Ok(Opened { name: String::new(), model, tokenizer })
        }))
    }
}

async fn open_any(mut files: Files, steps: &Steps) -> Result<Opened> {
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let needed = needed(&names, None)?;
    files.retain(|(name, _)| needed.contains(name));
    let (weights, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| is_weights(name));
    let part = |name: &str| rest.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice());
    let mut file = WeightFile::open(weights.into_iter().map(|(_, bytes)| bytes).collect())?;
    let model = Model::of_file(part(CONFIG).map(config).transpose()?, &mut file, steps).await?;
    steps.end_step().await;
    let positions = model.longest();
    let tokenizer = match (file.gguf(), part("tokenizer.json"), part("vocab.txt"), part("vocab.json")) {
        (Some(gguf), ..) => TextTokenizer::load_gguf(gguf, positions),
        (_, Some(json), ..) => match part(SETTINGS) {
            Some(settings) => TextTokenizer::load_with(json, settings, model.config.family, positions),
            None => TextTokenizer::load(json, positions),
        },
        (_, _, Some(vocabulary), _) => TextTokenizer::load_word_pieces(vocabulary, part(SETTINGS), positions),
        (.., vocabulary) => TextTokenizer::load_byte_pairs(
            vocabulary.unwrap_or_default(),
            part("merges.txt").unwrap_or_default(),
            part(SETTINGS),
            part("special_tokens_map.json"),
            positions,
        ),
    }?;
    let name = file.gguf().and_then(|gguf| gguf.text("general.name")).unwrap_or_default().to_owned();
    Ok(Opened { name, model, tokenizer })
}

/// The bytes of all files.
fn size(files: &Files) -> u64 {
    files.iter().map(|(_, bytes)| bytes.len() as u64).sum()
}

/// The config and the parsed tokenizer file of a model of the built-in model's kind. None for other models.
fn usual<'a>(part: impl Fn(&str) -> Option<&'a [u8]>) -> Option<(ConfigJson, Map<String, Value>)> {
    part(WEIGHTS).filter(|weights| !WeightFile::is_gguf(weights))?;
    let config = ConfigJson::parse(config(part(CONFIG)?).ok()?).ok()?;
    if config.text_or("model_type", "").ok()? != BERT.model_type {
        return None;
    }
    let mut tokenizer = tokenizer_json::json(part("tokenizer.json")?).ok()?;
    if let Some(settings) = part(SETTINGS) {
        Settings::read(settings, BERT.model_type).and_then(|settings| settings.set_normalizer(&mut tokenizer)).ok()?;
    }
    tokenizer_json::fits(&tokenizer).then_some((config, tokenizer))
}

/// Whether a `config.json` is of the built-in model's kind. If it is, [`refusal`] has nothing to report.
pub fn is_usual_config(bytes: &[u8]) -> bool {
    let is_usual = |config: ConfigJson| {
        config.check_unquantized().is_ok() && config.text_or("model_type", "").is_ok_and(|name| name == BERT.model_type)
    };
    config(bytes).and_then(ConfigJson::parse).is_ok_and(is_usual)
}

/// Why a model cannot be used, as far as its whole `config.json` or the beginning of its GGUF file, called `name`,
/// tells. It is asked before the weights are fetched. None if nothing is against it so far.
pub fn refusal(name: &str, bytes: &[u8]) -> Option<Error> {
    match name {
        CONFIG => {
            let config = match config(bytes).and_then(ConfigJson::parse) {
                Ok(config) => config,
                Err(fault) => return Some(fault),
            };
            let checked =
                config.check_unquantized().and_then(|()| family(&config)).and_then(|family| (family.config)(&config));
            checked.err()
        }
        name if name.ends_with(".gguf") => Gguf::refusal(bytes),
        _ => None,
    }
}

/// Checks by the fields of a `config.json` that the weights are not quantized.
///
/// Errors ([`Kind::Config`]): they are quantized.
pub fn check_unquantized(config: Map<String, Value>) -> Result<()> {
    ConfigJson::of(config).check_unquantized()
}

/// Opens a model without its tokenizer, to be run on ids; errors as for [`open_folder`].
pub fn open_model(files: Files) -> Result<Model> {
    let (weights, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| is_weights(name));
    let own = rest.iter().find(|(name, _)| name == CONFIG).map(|(_, bytes)| config(bytes)).transpose()?;
    Model::open(own, weights.into_iter().map(|(_, bytes)| bytes).collect())
}

fn config(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(without_mark(Kind::Config, CONFIG, bytes)?)
        .map_err(|fault| Error::new(Kind::Config, "config.json", "UTF-8 text", fault.to_string(), AS_IT_LIES))
}

/// The files that make a model, out of all names in a folder. Of several GGUF files it is the one that is `chosen`,
/// with all parts if it was split.
///
/// Errors ([`Kind::Config`]): no readable weights, several GGUF files without a choice, or no config or tokenizer
/// beside safetensors.
pub fn needed(names: &[String], chosen: Option<&str>) -> Result<Vec<String>> {
    let there = |name: &str| names.iter().any(|own| own == name);
    let ggufs: Vec<&str> = names.iter().map(String::as_str).filter(|name| name.ends_with(".gguf")).collect();
    let shards: Vec<String> = names.iter().filter(|name| is_shard(name)).cloned().collect();
    let mut needed = match (chosen, there(WEIGHTS), shards.is_empty(), &ggufs[..]) {
        (Some(chosen), ..) if there(chosen) => return whole_gguf(names, chosen),
        (Some(chosen), ..) => {
            let advice = "Check the name of the file.";
            return Err(fault(&format!("a file {chosen}"), brief(names), advice));
        }
        (None, true, ..) => vec![WEIGHTS.to_owned()],
        (None, false, false, _) => shards,
        (None, false, true, [first, rest @ ..]) => {
            let whole = whole_gguf(names, first)?;
            if rest.iter().all(|name| whole.iter().any(|part| part == name)) {
                return Ok(whole);
            }
            let all: Vec<String> = ggufs.iter().map(|name| (*name).to_owned()).collect();
            return Err(several(&all));
        }
        (None, false, true, []) if there("adapter_config.json") || there("adapter_model.safetensors") => {
            let advice =
                "Choose the model that it was made for, or merge the two (PEFT's merge_and_unload) and save that.";
            return Err(fault("a whole model", "an adapter to another model".to_owned(), advice));
        }
        (None, false, true, []) => {
            let advice = "Choose safetensors with config.json and tokenizer.json, or a GGUF file; pickled weights are not opened.";
            return Err(fault("weights as safetensors or GGUF", brief(names), advice));
        }
    };
    if !there(CONFIG) {
        return Err(fault("config.json beside the weights", brief(names), "Choose that file, too."));
    }
    needed.push(CONFIG.to_owned());
    let Some((must, may)) = TOKENIZERS.iter().find(|(must, _)| must.iter().all(|name| there(name))) else {
        let expected = "tokenizer.json, or vocab.txt, or vocab.json and merges.txt";
        if there("source.spm") {
            let advice = "Make tokenizer.json with `python docs/marian_tokenizer.py FOLDER`, as README says.";
            return Err(fault(expected, brief(names), advice));
        }
        let advice = "Save the tokenizer as tokenizer.json, with `save_pretrained` of a fast tokenizer.";
        return Err(fault(expected, brief(names), advice));
    };
    let may = may.iter().filter(|name| there(name));
    needed.extend(must.iter().chain(may).map(|name| (*name).to_owned()));
    if needed.len() > MAX_FILES {
        return Err(fault(&format!("at most {MAX_FILES} files"), needed.len().to_string(), "Choose a smaller model."));
    }
    Ok(needed)
}

fn fault(expected: &str, got: String, advice: &str) -> Error {
    Error::new(Kind::Config, "the model's files", expected, got, advice)
}

/// A GGUF file, with all other parts in their order if it was split.
///
/// Errors ([`Kind::Config`]): a part is not among the names, or there are too many parts.
fn whole_gguf(names: &[String], name: &str) -> Result<Vec<String>> {
    let Some((file, _, count)) = gguf_part(name) else { return Ok(vec![name.to_owned()]) };
    let part = |number: usize| {
        let is_it = |other: &&String| gguf_part(other) == Some((file, number, count));
        names.iter().find(is_it).cloned().ok_or(number)
    };
    if count > MAX_FILES {
        return Err(fault(&format!("at most {MAX_FILES} files"), count.to_string(), "Choose a smaller model."));
    }
    (1..=count).map(part).collect::<std::result::Result<_, _>>().map_err(|missing| {
        let advice = "Choose all parts together, or join them with llama.cpp's llama-gguf-split --merge.";
        fault(&format!("all {count} parts of {file}"), format!("no part {missing}"), advice)
    })
}

/// The prefix and the two numbers of a name such as `model-00002-of-00003.gguf`.
fn gguf_part(name: &str) -> Option<(&str, usize, usize)> {
    let (rest, count) = name.strip_suffix(".gguf")?.rsplit_once("-of-")?;
    let (file, number) = rest.rsplit_once('-')?;
    let whole =
        |digits: &str| digits.parse::<usize>().ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_digit()));
    let (number, count) = (whole(number)?, whole(count)?);
    (1..=count).contains(&number).then_some((file, number, count))
}

/// The names by which files from a reader's own device are understood, in the same order. A browser or system that
/// already has a file of a name marks the next one: `model (1).safetensors`, `model(1).safetensors`,
/// `model-2.safetensors`, `model copy.safetensors`. The name without such a mark is used if it is the name of a model's
/// file and no other file has it.
pub fn understood(names: &[String]) -> Vec<String> {
    let means_something = |name: &str| {
        let of_tokenizer = |(must, may): &(&[&str], &[&str])| must.contains(&name) || may.contains(&name);
        name == CONFIG
            || name == WEIGHTS
            || is_shard(name)
            || gguf_part(name).is_some()
            || TOKENIZERS.iter().any(of_tokenizer)
    };
    let mut all: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let plain = unmarked(name).filter(|plain| {
            means_something(plain) && !means_something(name) && !names.contains(plain) && !all.contains(plain)
        });
        all.push(plain.unwrap_or_else(|| name.clone()));
    }
    all
}

/// A name without the mark of a copy before its extension.
fn unmarked(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let is_number = |digits: &str| (1..4).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    let in_brackets =
        || stem.strip_suffix(')')?.rsplit_once('(').filter(|(_, number)| is_number(number)).map(|parts| parts.0);
    let behind = |sign: char| stem.rsplit_once(sign).filter(|(_, number)| is_number(number)).map(|parts| parts.0);
    let plain = in_brackets().or_else(|| behind('-')).or_else(|| behind(' ')).or_else(|| stem.strip_suffix(" copy"));
    plain.map(|plain| format!("{}.{ending}", plain.trim_end()))
}

/// The error for several GGUF files when the reader could mean any of them.
pub fn several(files: &[String]) -> Error {
    let advice = "Choose one file alone, or name it behind the model, as owner/name/file.gguf.";
    fault("one GGUF file", brief(files), advice)
}

/// Whether there are safetensors weights among these names.
pub fn has_safetensors(names: &[String]) -> bool {
    names.iter().any(|name| name == WEIGHTS || is_shard(name))
}

/// The most bytes of memory that a model takes, by the names and sizes of its files. Small models are packed with four
/// bytes a number.
pub fn memory_need(files: &[(&str, u64)]) -> u64 {
    // Files have at least half precision.
    let unpacked = |bytes: u64| (2 * bytes).min(4 * super::formats::MAX_UNPACKED);
    let weights = files.iter().filter(|(name, _)| name.ends_with(".safetensors"));
    let weights: u64 = weights.map(|(_, bytes)| bytes).sum();
    files.iter().map(|(_, bytes)| bytes).sum::<u64>() + unpacked(weights)
}

/// Whether a file contains weights, by its name.
pub fn is_weights(name: &str) -> bool {
    name.ends_with(".safetensors") || name.ends_with(".gguf")
}

/// Whether a name is like `model-00001-of-00003.safetensors`.
fn is_shard(name: &str) -> bool {
    let numbers = name.strip_prefix("model-").and_then(|rest| rest.strip_suffix(".safetensors"));
    numbers.and_then(|numbers| numbers.split_once("-of-")).is_some_and(|(which, of)| {
        [which, of].iter().all(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
    })
}

fn brief(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(8).map(String::as_str).collect();
    let more =
        if names.len() > shown.len() { format!(" and {} more", names.len() - shown.len()) } else { String::new() };
    if shown.is_empty() { "none".to_owned() } else { format!("{}{more}", shown.join(", ")).chars().take(300).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &str, chosen: Option<&str>) -> std::result::Result<String, String> {
        let names: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
        needed(&names, chosen).map(|needed| needed.join(" ")).map_err(|fault| fault.got)
    }

    #[test]
    fn what_makes_a_model() {
        let usual = "README.md config.json tokenizer.json model.safetensors tokenizer_config.json vocab.txt x.bin";
        let expected = "model.safetensors config.json tokenizer.json tokenizer_config.json";
        assert_eq!(of(usual, None).unwrap(), expected);
        let old = "config.json vocab.json merges.txt special_tokens_map.json model.safetensors";
        let expected = "model.safetensors config.json vocab.json merges.txt special_tokens_map.json";
        assert_eq!(of(old, None).unwrap(), expected);
        let shards = "config.json vocab.txt model-00001-of-00002.safetensors model-00002-of-00002.safetensors \
                      model.safetensors.index.json";
        let expected = "model-00001-of-00002.safetensors model-00002-of-00002.safetensors config.json vocab.txt";
        assert_eq!(of(shards, None).unwrap(), expected);
        assert_eq!(of("a.gguf README.md", None).unwrap(), "a.gguf");
        assert_eq!(of("a.gguf b.gguf", Some("b.gguf")).unwrap(), "b.gguf");
    }

    #[test]
    fn what_makes_none() {
        assert_eq!(of("", None).unwrap_err(), "none");
        assert_eq!(of("pytorch_model.bin config.json", None).unwrap_err(), "pytorch_model.bin, config.json");
        assert_eq!(of("a.gguf b.gguf", None).unwrap_err(), "a.gguf, b.gguf");
        assert_eq!(of("a.gguf", Some("c.gguf")).unwrap_err(), "a.gguf");
        assert_eq!(of("model.safetensors tokenizer.json", None).unwrap_err(), "model.safetensors, tokenizer.json");
        assert!(of("model.safetensors config.json spiece.model", None).unwrap_err().contains("spiece.model"));
        assert!(of("model-x-of-2.safetensors config.json", None).is_err());
    }

    #[test]
    fn the_true_reason_is_told_by_names_alone() {
        let fault = |names: &str| {
            let names: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
            let fault = needed(&names, None).unwrap_err();
            (fault.got, fault.advice)
        };
        let (got, advice) = fault("adapter_config.json adapter_model.safetensors tokenizer.json README.md");
        assert!(got.contains("adapter") && advice.contains("merge_and_unload"), "{got} {advice}");
        assert_eq!(fault("adapter_model.safetensors README.md").0, got);
        let marian = "config.json model.safetensors source.spm target.spm vocab.json tokenizer_config.json";
        assert!(fault(marian).1.contains("docs/marian_tokenizer.py"), "{marian}");
        assert!(fault("config.json model.safetensors spiece.model").1.contains("save_pretrained"));
    }

    #[test]
    fn a_split_gguf_file_is_all_its_parts() {
        let parts = "m-00003-of-00003.gguf m-00001-of-00003.gguf m-00002-of-00003.gguf";
        let whole = "m-00001-of-00003.gguf m-00002-of-00003.gguf m-00003-of-00003.gguf";
        assert_eq!(of(parts, None).unwrap(), whole);
        let among_others = format!("x.gguf m-00001-of-00002.gguf {parts}");
        assert_eq!(of(&among_others, Some("m-00002-of-00003.gguf")).unwrap(), whole);
        assert_eq!(of("m-00001-of-00003.gguf m-00003-of-00003.gguf", None).unwrap_err(), "no part 2");
        assert_eq!(of(&format!("x.gguf {parts}"), None).unwrap_err(), format!("x.gguf, {}", parts.replace(' ', ", ")));
        assert_eq!(of("m-00000-of-00000.gguf", None).unwrap(), "m-00000-of-00000.gguf", "a name like any other");
        assert_eq!(of("m-00001-of-99999.gguf", None).unwrap_err(), "99999");
    }

    #[test]
    fn copies_that_browsers_make_are_understood() {
        let understood = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            super::understood(&names)
        };
        let copies = ["model (1).safetensors", "config(2).json", "tokenizer-3.json", "vocab 4.txt", "merges copy.txt"];
        let plain = ["model.safetensors", "config.json", "tokenizer.json", "vocab.txt", "merges.txt"];
        assert_eq!(understood(&copies), plain);
        let shards = ["model-00001-of-00002 (1).safetensors", "model-00002-of-00002.safetensors"];
        assert_eq!(understood(&shards), ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]);
        // The name without a mark is another file's, the second copy stays one, and other names mean what they say.
        let as_they_are = ["config.json", "config (1).json", "q (1).gguf", "model-00001-of-00002.safetensors", "x"];
        assert_eq!(understood(&as_they_are), as_they_are);
        assert_eq!(understood(&["config (1).json", "config (2).json"]), ["config.json", "config (2).json"]);
    }

    #[test]
    fn memory_is_the_files_and_what_is_unpacked() {
        assert_eq!(memory_need(&[("model.safetensors", 100), ("config.json", 7)]), 307);
        assert_eq!(memory_need(&[("x.gguf", 98_000_000)]), 98_000_000);
        let large = 3_000_000_000;
        assert_eq!(memory_need(&[("model.safetensors", large)]), large + 640_000_000);
    }
}
