//! Where a model comes from, as a reader writes it.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};

/// The hub that ids are of, unless the reader names a mirror.
pub const HUB: &str = "https://huggingface.co";

/// Where a model's files are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A folder with a `manifest.json`: an address that ends in `/`, absolute or relative to the worker's script.
    Folder(String),
    /// A repository of a hub.
    Hub(Repository),
    /// One GGUF file at an address.
    File(String),
    /// Files of the reader's own, which come with the message; their names.
    Own(Vec<String>),
}

/// `owner/name`, a revision, and of several GGUF files the one that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// The hub's address, without a `/` at its end.
    pub hub: String,
    pub id: String,
    pub revision: String,
    pub file: Option<String>,
}

impl Source {
    /// `owner/name`, `owner/name@revision`, `owner/name/file.gguf`; the address of a repository's page on `hub`; of a
    /// GGUF file; or of a folder with a manifest, which ends in `/`.
    ///
    /// Errors ([`Kind::Input`]): it is none of them.
    pub fn parse(text: &str, hub: &str) -> Result<Self> {
        let text = text.trim();
        let hub = hub.trim().trim_end_matches('/');
        let wrong = || {
            let expected = "owner/name of a model on the hub, or an address of one";
            let got = format!("\"{}\"", text.chars().take(80).collect::<String>());
            let advice = "Write it as on the model's page, for example HuggingFaceTB/SmolLM2-135M.";
            Error::new(Kind::Input, "the model", expected, got, advice)
        };
        if !is_address(hub) {
            let advice = "Write it as https://host, without a path that is not the mirror's.";
            return Err(Error::new(Kind::Input, "the hub's address", "an address", format!("\"{hub}\""), advice));
        }
        let page = |hub| Some((hub, text.strip_prefix(hub)?.strip_prefix('/')?));
        // An address at the usual hub is of that hub, also for who uses a mirror.
        if let Some((hub, rest)) = page(hub).or_else(|| page(HUB)) {
            // From a browser's address bar: owner/name/tree/revision, owner/name/blob/revision/file.
            let rest = rest.split(['?', '#']).next().unwrap_or_default();
            let parts: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
            let repository = |id: String, revision, file| Repository::new(hub, &id, revision, file).map(Self::Hub);
            let found = match parts[..] {
                // A file beside the repositories.
                [_, name] if name.ends_with(".gguf") => None,
                [owner, name] => repository(format!("{owner}/{name}"), None, None),
                [owner, name, "tree", revision] => repository(format!("{owner}/{name}"), Some(revision), None),
                [owner, name, "blob" | "resolve", revision, file] => {
                    repository(format!("{owner}/{name}"), Some(revision), Some(file))
                }
                _ => None,
            };
            if let Some(found) = found {
                return Ok(found);
            }
        }
        if is_address(text) {
            let path = text.split(['?', '#']).next().unwrap_or_default();
            return match path {
                path if path.ends_with('/') => Ok(Self::Folder(text.to_owned())),
                path if path.ends_with(".gguf") => Ok(Self::File(text.to_owned())),
                _ => Err(wrong()),
            };
        }
        let (path, revision) = text.split_once('@').map_or((text, None), |(path, revision)| (path, Some(revision)));
        let parts: Vec<&str> = path.split('/').collect();
        let found = match parts[..] {
            [owner, name] => Repository::new(hub, &format!("{owner}/{name}"), revision, None),
            [owner, name, file] => Repository::new(hub, &format!("{owner}/{name}"), revision, Some(file)),
            // The hub's oldest models have no owner.
            [name] => Repository::new(hub, name, revision, None),
            _ => None,
        };
        found.map(Self::Hub).ok_or_else(wrong)
    }

    /// As a reader would write it; of a mirror it does not say which.
    pub fn written(&self) -> String {
        match self {
            Self::Folder(address) | Self::File(address) => address.clone(),
            Self::Hub(Repository { id, revision, file, .. }) => {
                let file = file.as_ref().map(|file| format!("/{file}")).unwrap_or_default();
                let revision = if revision == "main" { String::new() } else { format!("@{revision}") };
                format!("{id}{file}{revision}")
            }
            Self::Own(names) => names.join(", "),
        }
    }

    /// The mirror that it is of, where that is to be named.
    pub fn mirror(&self) -> Option<&str> {
        match self {
            Self::Hub(Repository { hub, .. }) if hub != HUB => Some(hub),
            _ => None,
        }
    }

    /// Scheme, host and port that it is asked of, as it is written; empty for the reader's own files.
    pub fn origin(&self) -> &str {
        match self {
            Self::Folder(address) | Self::File(address) => origin(address),
            Self::Hub(repository) => origin(&repository.hub),
            Self::Own(_) => "",
        }
    }
}

impl Repository {
    fn new(hub: &str, id: &str, revision: Option<&str>, file: Option<&str>) -> Option<Self> {
        let plain = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !part.is_empty() && part.len() <= 200 && !part.starts_with('.') && part.chars().all(known)
        };
        let revision = revision.unwrap_or("main");
        let is_file = file.is_none_or(|file| plain(file) && file.ends_with(".gguf"));
        (id.split('/').all(plain) && plain(revision) && is_file).then(|| Self {
            hub: hub.to_owned(),
            id: id.to_owned(),
            revision: revision.to_owned(),
            file: file.map(str::to_owned),
        })
    }
}

/// Its host is as it stands there: nothing before an `@`, and no `\` that a browser would take for a `/`.
fn is_address(text: &str) -> bool {
    let host = origin(text).split_once("://").map_or("", |(_, host)| host);
    let known = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '[' | ']');
    let written = |c: char| !c.is_whitespace() && !c.is_control();
    !host.is_empty() && host.chars().all(known) && text.chars().all(written)
}

/// Empty for what is no address of the web.
fn origin(text: &str) -> &str {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let path = rest.map_or("", |rest| rest.trim_start_matches(|c| !matches!(c, '/' | '?' | '#')));
    if rest.is_some() { &text[..text.len() - path.len()] } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Source::parse(text, HUB) {
            Ok(Source::Hub(Repository { hub, id, revision, file })) => {
                format!("{hub} {id} {revision} {}", file.unwrap_or_default())
            }
            Ok(Source::Folder(address)) => format!("folder {address}"),
            Ok(Source::File(address)) => format!("file {address}"),
            Ok(Source::Own(_)) => unreachable!("cannot be written"),
            Err(fault) => format!("{:?}", fault.kind),
        }
    }

    #[test]
    fn as_readers_write_models() {
        for (text, expected) in [
            ("HuggingFaceTB/SmolLM2-135M", "https://huggingface.co HuggingFaceTB/SmolLM2-135M main "),
            ("  gpt2 ", "https://huggingface.co gpt2 main "),
            ("a/b@v1.0", "https://huggingface.co a/b v1.0 "),
            ("a/b/c.Q4_1.gguf@main", "https://huggingface.co a/b main c.Q4_1.gguf"),
            ("https://huggingface.co/a/b", "https://huggingface.co a/b main "),
            ("https://huggingface.co/a/b/tree/x?y=1", "https://huggingface.co a/b x "),
            ("https://huggingface.co/a/b/blob/main/c.gguf", "https://huggingface.co a/b main c.gguf"),
            ("https://huggingface.co/files/x.gguf", "file https://huggingface.co/files/x.gguf"),
            ("https://huggingface.co/m/of/mine/", "folder https://huggingface.co/m/of/mine/"),
            ("https://example.org/models/tiny/", "folder https://example.org/models/tiny/"),
            ("http://localhost:1/x.gguf?download=1", "file http://localhost:1/x.gguf?download=1"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_model_is_told() {
        for text in [
            "",
            "a b/c",
            "a/../b",
            "../x",
            "a/b/c/d",
            "a/b/model.bin",
            "a/b@",
            "https://example.org/x.bin",
            "https://huggingface.co/a",
            "javascript:alert(1)//x/",
            "file:///etc/passwd/",
            "a/<b>",
            "https://example.org@evil.example/m/",
            "https://example.org\\@evil.example/m/",
            "https:///m/",
            "https://a b/m/",
        ] {
            assert_eq!(read(text), "Input", "{text}");
        }
        assert!(Source::parse("a/b", "hub").is_err());
    }

    #[test]
    fn where_it_is_asked_of() {
        let of = |text: &str, hub: &str| {
            let source = Source::parse(text, hub).unwrap();
            format!("{} {:?}", source.origin(), source.mirror())
        };
        assert_eq!(of("a/b", HUB), "https://huggingface.co None");
        assert_eq!(of("a/b", "http://m.example:8/x/"), "http://m.example:8 Some(\"http://m.example:8/x\")");
        assert_eq!(of("https://huggingface.co/a/b", "http://m.example"), "https://huggingface.co None");
        assert_eq!(of("https://example.org/m/?a=/", HUB), "https://example.org None");
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["a/b", "gpt2", "a/b@v1", "a/b/c.gguf", "a/b/c.gguf@v1", "https://example.org/m/"] {
            assert_eq!(Source::parse(text, HUB).unwrap().written(), text);
        }
    }
}
