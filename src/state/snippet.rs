//! The HTML that embeds the page into another one.

use form_urlencoded::parse;

use crate::text::{frame_title, isolated, visible};

/// The appearance of the page in another one.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// `none`, `simple` or `full`.
    pub controls: &'a str,
    /// Whether readers cannot change anything.
    pub locked: bool,
    /// The code of the language. Empty for the reader's own.
    pub lang: &'a str,
    /// `light` or `dark`. Empty for the reader's own theme.
    pub theme: &'a str,
}

/// `<attn-scope>` with a state, given as a [`link`](super::link), and its content until it is loaded: a link to the
/// whole page with a `still` picture (SVG), if there is one. `base` is the address of the page's folder, which ends in
/// `/`.
pub fn snippet(base: &str, link: &str, frame: Frame, still: &str) -> String {
    let Frame { controls, locked, lang, theme } = frame;
    let mut attributes = String::new();
    for (name, value) in parse(link.as_bytes()).filter(|(name, _)| name != "v") {
        attributes.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
    }
    if controls != "full" {
        attributes.push_str(&format!(" controls=\"{controls}\""));
    }
    if !lang.is_empty() {
        attributes.push_str(&format!(" lang=\"{lang}\""));
    }
    if !theme.is_empty() {
        attributes.push_str(&format!(" theme=\"{theme}\""));
    }
    if locked {
        attributes.push_str(" lock");
    }
    let text = parse(link.as_bytes()).find(|(name, _)| name == "text");
    // The directions of the text must not affect the page around it.
    let text = text.map(|(_, text)| escaped(&isolated(&visible(&text))));
    format!(
        "<script src=\"{base}embed.js\" defer></script>\n<attn-scope{attributes}>\n  {still}<a href=\"{base}#{}\">{}</a>\n</attn-scope>\n",
        escaped(link),
        frame_title(&text.unwrap_or_default())
    )
}

/// Escapes a text for HTML, also within quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{ViewState, link};

    #[test]
    fn a_state_becomes_attributes_and_a_text_stays_text() {
        let view = ViewState { text: "a \"b\" <i>&".into(), tokens: vec![1], ..ViewState::default() };
        let frame = Frame { controls: "simple", locked: true, lang: "ja", theme: "dark" };
        let lines = snippet("https://example.org/x/", &link(&view), frame, "");
        assert_eq!(
            lines,
            "<script src=\"https://example.org/x/embed.js\" defer></script>\n\
             <attn-scope text=\"a &quot;b&quot; &lt;i&gt;&amp;\" head=\"L3H1\" tokens=\"1\" controls=\"simple\" lang=\"ja\" theme=\"dark\" lock>\n  \
             <a href=\"https://example.org/x/#v=1&amp;text=a+%22b%22+%3Ci%3E%26&amp;head=L3H1&amp;tokens=1\">\
             Attention in “a &quot;b&quot; &lt;i&gt;&amp;”</a>\n</attn-scope>\n"
        );
        let plain =
            snippet("", &link(&view), Frame { controls: "full", locked: false, lang: "", theme: "" }, "<svg/>\n");
        assert!(!plain.contains("controls") && !plain.contains("lang") && !plain.contains("theme"));
        assert!(plain.contains("\n  <svg/>\n<a href="));
    }
}
