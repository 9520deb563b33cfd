//! The folder for a static host.
//!
//! Every address in the page is relative, so it works wherever the folder lies. Only two files of a host know the path:
//! the page for addresses where nothing is, which is shown at any depth, and the note for whoever copies the folder.

use std::fs;

use crate::build::{Profile, build};
use crate::languages::in_all_languages;
use crate::run::{Outcome, dist};

pub fn publish(profile: Profile, base: &str) -> Outcome {
    // Before the build, so that nobody waits for minutes to hear it.
    check(base)?;
    build(profile)?;
    write("404.html", &not_found(base)?)?;
    // GitHub Pages then serves the files as they are.
    write(".nojekyll", "")?;
    println!("{}", advice(base));
    Ok(())
}

fn write(name: &str, text: &str) -> Outcome {
    let path = dist().join(name);
    fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
}

/// A path as it stands in an address, from the first `/` after the host to the last.
fn check(base: &str) -> Outcome {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
    let is_part = |part: &str| !part.is_empty() && part != "." && part != ".." && part.chars().all(plain);
    let inner = base.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if base == "/" || inner.is_some_and(|inner| inner.split('/').all(is_part)) {
        return Ok(());
    }
    Err(format!(
        "--base {base}: expected the path of the page on its host, from / to /. \
         For https://example.org/x/ that is /x/, at the top of a site it is /"
    ))
}

fn not_found(base: &str) -> Outcome<String> {
    let page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Attnscope</title>\n</head>\n<body></body>\n</html>\n";
    in_all_languages(page, "<body>", "</body>", &|language| {
        let (nothing, here) = (language.text("not-found")?, language.text("is-here")?);
        Ok(format!("{nothing} <a href=\"{base}\">{here}</a>"))
    })
}

fn advice(base: &str) -> String {
    format!(
        "\nTo have the page at https://your-host{base}\n\
         1. Copy all that is in {folder} to the folder that your host shows as {base} (no server program is needed).\n\
         2. Where your host shows 404.html for addresses with nothing behind them, it leads to {base}.\n\
         3. Serve it over https: browsers keep pages for visits without a network, and install them, only then.\n\
         4. For pages of other sites that embed it: those that load embed.js as a module need it with the header\n   \
         Access-Control-Allow-Origin: *, and those that are cross-origin isolated need all files with\n   \
         Cross-Origin-Resource-Policy: cross-origin and Cross-Origin-Embedder-Policy: require-corp.\n\
         README.md, \"Put it on a static host\", says which other headers help.",
        folder = dist().display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_path_from_slash_to_slash() {
        for good in ["/", "/x/", "/x/y/", "/~ann/attn-scope_2.0/", "/a%20b/"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "x", "/x", "x/", "//", "/x//y/", "/../", "/./", "/x y/", "/x?/", "/\"/", "https://a.org/x/"] {
            assert!(check(bad).unwrap_err().starts_with(&format!("--base {bad}: expected ")), "{bad}");
        }
    }

    #[test]
    fn what_knows_the_base_names_it() {
        assert!(not_found("/x/").unwrap().contains("<a href=\"/x/\">"));
        assert!(advice("/x/").contains("https://your-host/x/\n"));
        for header in ["Access-Control-Allow-Origin: *", "Cross-Origin-Resource-Policy: cross-origin"] {
            assert!(advice("/x/").contains(header), "{header}");
        }
    }
}
