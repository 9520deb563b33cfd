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
    /// Files of the reader's own, which come with the message; their paths as they were chosen.
    Own(Vec<String>),
}

/// `owner/name`, a revision, and which of its files is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// The hub's address, without a `/` at its end.
    pub hub: String,
    pub id: String,
    pub revision: String,
    pub pick: Option<Pick>,
}

/// Which of several GGUF files of a repository is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pick {
    /// The one at this path.
    File(String),
    /// The one that has this in its path, mostly the name of a quantisation: `Q4_K_M`.
    Named(String),
}

/// Hosts of [`HUB`] as readers write them, with and without `https://`.
const HUB_HOSTS: [&str; 3] = ["huggingface.co/", "www.huggingface.co/", "hf.co/"];

/// What a hub's pages have between a repository and a revision.
const PAGES: [&str; 5] = ["tree", "blob", "resolve", "raw", "commit"];

impl Source {
    /// `owner/name`, `owner/name@revision`, `owner/name:Q4_K_M`, `owner/name/file.gguf`; the address of a repository's
    /// page or file on `hub`, also without its scheme; of a GGUF file; or of a folder with a manifest, which ends in `/`.
    /// Spaces and quotation marks around it are left out.
    ///
    /// Errors ([`Kind::Input`]): it is none of them.
    pub fn parse(text: &str, hub: &str) -> Result<Self> {
        let text = bare(text);
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
        let page = || Some((hub, text.strip_prefix(hub)?.strip_prefix('/')?));
        // An address at the usual hub is of that hub, also for who uses a mirror.
        if let Some((hub, path)) = page().or_else(|| Some((HUB, on_hub(text)?))) {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let trimmed = path.trim_end_matches('/');
            // One name is an owner, or a file beside the repositories.
            let is_beside = !trimmed.contains('/') || trimmed.matches('/').count() == 1 && trimmed.ends_with(".gguf");
            if let Some(found) = Some(trimmed).filter(|_| !is_beside).and_then(|path| Repository::of_path(hub, path)) {
                return Ok(Self::Hub(found));
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
        let path = Some(text.trim_end_matches('/')).filter(|_| on_hub(text).is_none());
        path.and_then(|path| Repository::of_path(hub, path)).map(Self::Hub).ok_or_else(wrong)
    }

    /// As a reader would write it; of a mirror it does not say which.
    pub fn written(&self) -> String {
        match self {
            Self::Folder(address) | Self::File(address) => address.clone(),
            Self::Hub(Repository { id, revision, pick, .. }) => {
                let pick = match pick {
                    Some(Pick::File(path)) => format!("/{path}"),
                    Some(Pick::Named(name)) => format!(":{name}"),
                    None => String::new(),
                };
                let revision = if revision == "main" { String::new() } else { format!("@{revision}") };
                format!("{id}{pick}{revision}")
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
    /// `owner/name` or the name of one of the hub's oldest models, with what a reader or a page's address has behind
    /// it; none where that is something else.
    fn of_path(hub: &str, path: &str) -> Option<Self> {
        let (path, written) = path.split_once('@').map_or((path, None), |(path, revision)| (path, Some(revision)));
        let parts: Vec<&str> = path.split('/').collect();
        let (id, rest) = parts.split_at(parts.len().min(2));
        let id = id.join("/");
        let (id, name) = id.split_once(':').map_or((id.as_str(), None), |(id, name)| (id, Some(name)));
        let page = rest.first().copied().filter(|page| PAGES.contains(page) && rest.len() > 1);
        let (revision, path) = match page {
            Some(_) => behind_page(&rest[1..]),
            None => (written.unwrap_or("main").to_owned(), rest),
        };
        let pick = match (name, path.last()) {
            (Some(name), None) => Some(Pick::Named(name.to_owned())),
            (None, Some(file)) if file.ends_with(".gguf") => Some(Pick::File(path.join("/"))),
            // A folder, mostly of a quantisation.
            (None, Some(folder)) if page == Some("tree") => Some(Pick::Named((*folder).to_owned())),
            // Another file of the repository says which repository is meant.
            (None, Some(_)) if page.is_some() => None,
            (None, None) => None,
            _ => return None,
        };
        let picked = match &pick {
            Some(Pick::File(path)) => path.split('/').all(is_plain),
            Some(Pick::Named(name)) => is_plain(name),
            None => true,
        };
        let is_whole = picked && id.split('/').all(is_plain) && revision.split('/').all(is_plain);
        is_whole.then(|| Self { hub: hub.to_owned(), id: id.to_owned(), revision, pick })
    }

    /// The same repository, and the one GGUF file of it at this path.
    pub fn with_file(&self, path: &str) -> Self {
        Self { pick: Some(Pick::File(path.to_owned())), ..self.clone() }
    }

    /// The revision as one part of an address.
    pub fn revision_part(&self) -> String {
        self.revision.replace('/', "%2F")
    }
}

/// A revision and the path behind it; that of a pull request has slashes, which addresses mostly have as `%2F`.
fn behind_page<'a, 'b>(parts: &'a [&'b str]) -> (String, &'a [&'b str]) {
    let (revision, path) = parts.split_at(if parts.len() > 2 && parts[0] == "refs" { 3 } else { 1 });
    (revision.join("/").replace("%2F", "/").replace("%2f", "/"), path)
}

/// A part of a path that needs no care in an address.
pub fn is_plain(part: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !part.is_empty() && part.len() <= 200 && !part.starts_with('.') && part.chars().all(known)
}

/// Without what comes along from where it was copied: spaces, quotation marks, marks of direction.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| {
        let is_mark =
            matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        let is_quote =
            matches!(c, '"' | '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '「' | '」' | '<' | '>');
        is_mark || is_quote || c.is_whitespace()
    })
}

/// What stands behind the usual hub's host; none for a text that does not begin with it.
fn on_hub(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    HUB_HOSTS.iter().find_map(|host| rest.strip_prefix(host))
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
            Ok(Source::Hub(Repository { hub, id, revision, pick })) => {
                let pick = match pick {
                    Some(Pick::File(path)) => format!(" file {path}"),
                    Some(Pick::Named(name)) => format!(" named {name}"),
                    None => String::new(),
                };
                format!("{} {id} {revision}{pick}", if hub == HUB { "hub" } else { &hub })
            }
            Ok(Source::Folder(address)) => format!("folder {address}"),
            Ok(Source::File(address)) => format!("file {address}"),
            Ok(Source::Own(_)) => unreachable!("cannot be written"),
            Err(fault) => format!("{:?}", fault.kind),
        }
    }

    #[test]
    fn names_as_readers_have_them_on_the_clipboard() {
        for (text, expected) in [
            ("HuggingFaceTB/SmolLM2-135M", "hub HuggingFaceTB/SmolLM2-135M main"),
            ("  gpt2 ", "hub gpt2 main"),
            ("gpt2/", "hub gpt2 main"),
            ("a/b/", "hub a/b main"),
            ("\"a/b\"", "hub a/b main"),
            (" `a/b` \n", "hub a/b main"),
            ("“a/b”", "hub a/b main"),
            ("「a/b」", "hub a/b main"),
            ("\u{2068}a/b\u{2069}", "hub a/b main"),
            ("<https://huggingface.co/a/b>", "hub a/b main"),
            ("a/b@v1.0", "hub a/b v1.0"),
            ("a/b@refs/pr/3", "hub a/b refs/pr/3"),
            ("a/b@refs/pr/3/", "hub a/b refs/pr/3"),
            ("a/b:Q4_K_M", "hub a/b main named Q4_K_M"),
            ("a/b:Q4_K_M@v1", "hub a/b v1 named Q4_K_M"),
            ("hf.co/a/b:Q4_K_M", "hub a/b main named Q4_K_M"),
            ("a/b/c.Q4_1.gguf@main", "hub a/b main file c.Q4_1.gguf"),
            ("a/b/Q4_K_M/x.gguf", "hub a/b main file Q4_K_M/x.gguf"),
            ("a/b/tree/v1", "hub a/b v1"),
            ("hf.co/a/b", "hub a/b main"),
            ("https://hf.co/a/b", "hub a/b main"),
            ("huggingface.co/a/b", "hub a/b main"),
            ("http://www.huggingface.co/a/b/", "hub a/b main"),
            ("https://huggingface.co/a/b", "hub a/b main"),
            ("https://huggingface.co/a/b/tree/x?y=1", "hub a/b x"),
            ("https://huggingface.co/a/b/tree/main/", "hub a/b main"),
            ("https://huggingface.co/a/b/tree/refs%2Fpr%2F3", "hub a/b refs/pr/3"),
            ("https://huggingface.co/a/b/tree/refs/pr/3", "hub a/b refs/pr/3"),
            ("https://huggingface.co/a/b/tree/main/Q4_K_M", "hub a/b main named Q4_K_M"),
            ("https://huggingface.co/a/b/blob/main/c.gguf", "hub a/b main file c.gguf"),
            ("https://huggingface.co/a/b/blob/main/Q4_K_M/c.gguf", "hub a/b main file Q4_K_M/c.gguf"),
            ("https://huggingface.co/a/b/resolve/main/c.gguf?download=true", "hub a/b main file c.gguf"),
            ("https://huggingface.co/a/b/blob/refs%2Fpr%2F3/c.gguf", "hub a/b refs/pr/3 file c.gguf"),
            ("https://huggingface.co/a/b/blob/main/model.safetensors", "hub a/b main"),
            ("https://huggingface.co/files/x.gguf", "file https://huggingface.co/files/x.gguf"),
            ("https://huggingface.co/m/of/mine/", "folder https://huggingface.co/m/of/mine/"),
            ("https://example.org/models/tiny/", "folder https://example.org/models/tiny/"),
            ("http://localhost:1/x.gguf?download=1", "file http://localhost:1/x.gguf?download=1"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn an_address_on_a_mirror_is_read_like_one_on_the_hub() {
        let mirror = "https://m.example/hf";
        for (text, expected) in [
            ("https://m.example/hf/a/b/blob/main/Q4/c.gguf", Some(Pick::File("Q4/c.gguf".to_owned()))),
            ("https://m.example/hf/a/b/", None),
            ("a/b:Q8_0", Some(Pick::Named("Q8_0".to_owned()))),
        ] {
            let Ok(Source::Hub(found)) = Source::parse(text, mirror) else { panic!("{text}") };
            assert_eq!((found.hub.as_str(), found.id.as_str(), found.pick), (mirror, "a/b", expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_model_is_told() {
        for text in [
            "",
            "\"\"",
            "/",
            "a b/c",
            "a/../b",
            "../x",
            "a/b/c/d",
            "a/b/model.bin",
            "a/b@",
            "a/b@refs//3",
            "a/b:",
            "a/b:x/y.gguf",
            "a/b/../x.gguf",
            "a/b/tree",
            "https://example.org/x.bin",
            "https://huggingface.co/a",
            "hf.co/a",
            "hf.co/files/x.gguf",
            "javascript:alert(1)//x/",
            "file:///etc/passwd/",
            "a/<b>c",
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
        assert_eq!(of("hf.co/a/b", "http://m.example"), "https://huggingface.co None");
        assert_eq!(of("https://example.org/m/?a=/", HUB), "https://example.org None");
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "a/b",
            "gpt2",
            "a/b@v1",
            "a/b@refs/pr/3",
            "a/b:Q4_K_M",
            "a/b:Q4_K_M@v1",
            "a/b/c.gguf",
            "a/b/Q4/c.gguf@v1",
            "https://example.org/m/",
        ] {
            assert_eq!(Source::parse(text, HUB).unwrap().written(), text);
        }
    }
}
