//! A model's files, by the names they have beside each other on disk or on a hub.

use serde_json::{Map, Value};

use super::config::{AS_IT_LIES, Config};
use super::families::BERT;
use super::formats::WeightFile;
use super::model::Model;
use super::tokenizer::TextTokenizer;
use super::tokenizer_file::{self, WordPieces};
use crate::error::{Error, Kind, Result};

/// A model and what makes its tokens.
pub struct Opened {
    pub model: Model,
    pub tokenizer: TextTokenizer,
}

/// A model's files by their names.
pub type Files = Vec<(String, Vec<u8>)>;

/// What a tokenizer is made from, the first that is there: names that must be, names that may be.
const TOKENIZERS: [(&[&str], &[&str]); 3] = [
    (&["tokenizer.json"], &[]),
    (&["vocab.txt"], &["tokenizer_config.json"]),
    (&["vocab.json", "merges.txt"], &["tokenizer_config.json", "special_tokens_map.json"]),
];

/// The weights, where they are one file of safetensors.
const WEIGHTS: &str = "model.safetensors";

/// More files than this are no model that fits a browser.
pub const MOST_FILES: usize = 80;

/// From a GGUF file; or from `config.json`, `model.safetensors` or its shards, and `tokenizer.json` or the older files
/// `vocab.txt`, or `vocab.json` and `merges.txt`. Other files are not looked at.
///
/// Errors: [`Kind::Config`] where a file that is needed is not there, and those of [`Model::open`] and
/// [`TextTokenizer::load`].
pub fn open_folder(files: Files) -> Result<Opened> {
    let mut files = match open_usual(files) {
        Ok(opened) => return opened,
        Err(files) => files,
    };
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let needed = needed(&names, None)?;
    files.retain(|(name, _)| needed.contains(name));
    let (weights, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| is_weights(name));
    let part = |name: &str| rest.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice());
    let file = WeightFile::open(weights.into_iter().map(|(_, bytes)| bytes).collect())?;
    let model = Model::of_file(part("config.json").map(config).transpose()?, &file)?;
    let positions = model.longest();
    let tokenizer = match (file.gguf(), part("tokenizer.json"), part("vocab.txt"), part("vocab.json")) {
        (Some(gguf), ..) => TextTokenizer::load_gguf(gguf, positions),
        (_, Some(json), ..) => TextTokenizer::load(json, positions),
        (_, _, Some(vocabulary), _) => {
            TextTokenizer::load_word_pieces(vocabulary, part("tokenizer_config.json"), positions)
        }
        (.., vocabulary) => TextTokenizer::load_byte_pairs(
            (vocabulary.unwrap_or_default(), part("merges.txt").unwrap_or_default()),
            part("tokenizer_config.json"),
            part("special_tokens_map.json"),
            positions,
        ),
    }?;
    Ok(Opened { model, tokenizer })
}

/// A model of the built-in one's kind: BERT in one file of safetensors, with word pieces. It is all that a reader needs
/// who stays with that model, so this names nothing of other families, formats and tokenizers, and the worker has the
/// rest as a part of its own (`src/bin/worker.rs`).
///
/// Errors: those of [`open_folder`]; or the files, where they are of another kind or not what they should be, which is
/// then for [`open_folder`] to open or to tell.
pub fn open_usual(files: Files) -> std::result::Result<Result<Opened>, Files> {
    let part = |name: &str| files.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice());
    let Some((config, tokenizer)) = usual(part) else { return Err(files) };
    let weights = files.into_iter().find(|(name, _)| name == WEIGHTS).map(|(_, bytes)| bytes).unwrap_or_default();
    let open = || {
        let file = WeightFile::safetensors(vec![weights])?;
        let model = Model::of_family(&BERT, &config, &file)?;
        let tokenizer = TextTokenizer::of_word_pieces(WordPieces::build(tokenizer)?, model.longest())?;
        Ok(Opened { model, tokenizer })
    };
    Ok(open())
}

/// The config and the tokenizer's file of a model of the built-in one's kind.
fn usual<'a>(part: impl Fn(&str) -> Option<&'a [u8]>) -> Option<(Config, Map<String, Value>)> {
    part(WEIGHTS).filter(|weights| !WeightFile::is_gguf(weights))?;
    let config = Config::parse(config(part("config.json")?).ok()?).ok()?;
    if config.text_or("model_type", "").ok()? != BERT.model_type {
        return None;
    }
    let tokenizer = tokenizer_file::json(part("tokenizer.json")?).ok()?;
    tokenizer_file::fits(&tokenizer).then_some((config, tokenizer))
}

/// The model alone, to be run on ids; errors as for [`open_folder`].
pub fn open_model(files: Files) -> Result<Model> {
    let (weights, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| is_weights(name));
    let own = rest.iter().find(|(name, _)| name == "config.json").map(|(_, bytes)| config(bytes)).transpose()?;
    Model::open(own, weights.into_iter().map(|(_, bytes)| bytes).collect())
}

fn config(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes)
        .map_err(|fault| Error::new(Kind::Config, "config.json", "UTF-8 text", fault.to_string(), AS_IT_LIES))
}

/// Which of the files that lie beside each other make a model; of several GGUF files the one that is `chosen`.
///
/// Errors ([`Kind::Config`]): there are no weights that can be read, several that could be meant, or no config or
/// tokenizer beside them.
pub fn needed(names: &[String], chosen: Option<&str>) -> Result<Vec<String>> {
    let fault = |expected: String, got: String, advice: &str| {
        Err(Error::new(Kind::Config, "the model's files", expected, got, advice))
    };
    let there = |name: &str| names.iter().any(|own| own == name);
    let ggufs: Vec<&String> = names.iter().filter(|name| name.ends_with(".gguf")).collect();
    let shards: Vec<String> = names.iter().filter(|name| is_shard(name)).cloned().collect();
    let mut needed = match (chosen, there(WEIGHTS), shards.is_empty(), ggufs[..].as_ref()) {
        (Some(chosen), ..) if there(chosen) => return Ok(vec![chosen.to_owned()]),
        (Some(chosen), ..) => {
            let all = brief(names);
            return fault(format!("a file {chosen}"), all, "Check the name of the file.");
        }
        (None, true, ..) => vec![WEIGHTS.to_owned()],
        (None, false, false, _) => shards,
        (None, false, true, [one]) => return Ok(vec![(*one).clone()]),
        (None, false, true, []) => {
            let advice = "Choose safetensors with config.json and tokenizer.json, or a GGUF file; pickled weights are not opened.";
            return fault("weights as safetensors or GGUF".to_owned(), brief(names), advice);
        }
        (None, false, true, many) => {
            let many: Vec<String> = many.iter().map(|name| (*name).clone()).collect();
            return fault(
                "one GGUF file".to_owned(),
                brief(&many),
                "Name the file behind the model, as owner/name/file.gguf.",
            );
        }
    };
    if !there("config.json") {
        return fault("config.json beside the weights".to_owned(), brief(names), "Choose that file, too.");
    }
    needed.push("config.json".to_owned());
    let Some((must, may)) = TOKENIZERS.iter().find(|(must, _)| must.iter().all(|name| there(name))) else {
        let expected = "tokenizer.json, or vocab.txt, or vocab.json and merges.txt".to_owned();
        let advice = "Save the tokenizer as tokenizer.json, with `save_pretrained` of a fast tokenizer.";
        return fault(expected, brief(names), advice);
    };
    let may = may.iter().filter(|name| there(name));
    needed.extend(must.iter().chain(may).map(|name| (*name).to_owned()));
    if needed.len() > MOST_FILES {
        return fault(format!("at most {MOST_FILES} files"), needed.len().to_string(), "Choose a smaller model.");
    }
    Ok(needed)
}

/// Bytes of memory that a model takes, by its files' names and sizes: at most, as small ones are unpacked to four bytes
/// a number.
pub fn memory_need(files: &[(&str, u64)]) -> u64 {
    // Of half precision, as files are at least.
    let unpacked = |bytes: u64| (2 * bytes).min(4 * super::formats::MOST_UNPACKED);
    let weights = files.iter().filter(|(name, _)| name.ends_with(".safetensors"));
    let weights: u64 = weights.map(|(_, bytes)| bytes).sum();
    files.iter().map(|(_, bytes)| bytes).sum::<u64>() + unpacked(weights)
}

/// A file of numbers, by its name.
pub fn is_weights(name: &str) -> bool {
    name.ends_with(".safetensors") || name.ends_with(".gguf")
}

/// `model-00001-of-00003.safetensors`
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
        assert_eq!(of(usual, None).unwrap(), "model.safetensors config.json tokenizer.json");
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
    fn memory_is_the_files_and_what_is_unpacked() {
        assert_eq!(memory_need(&[("model.safetensors", 100), ("config.json", 7)]), 307);
        assert_eq!(memory_need(&[("x.gguf", 98_000_000)]), 98_000_000);
        let large = 3_000_000_000;
        assert_eq!(memory_need(&[("model.safetensors", large)]), large + 640_000_000);
    }
}
