//! Files of a run for other programs (CSV, JSON, safetensors), and the caption of a figure.

use std::borrow::Cow;

use ndarray::{ArrayView1, ArrayView2, ArrayView4};

use super::permalink::{link, link_to};
use super::run::Run;
use super::view_state::{Baseline, ViewState};
use crate::analysis::{Quantity, Special, fixed};
use crate::engine::Shown;
use crate::text;

/// The decimals of numbers in CSV and JSON, which are enough for single precision.
const DECIMALS: usize = 7;
/// The most columns of a text in a caption.
const CAPTION_COLUMNS: usize = 2000;

/// A table of text cells by line. The first line has the names of the columns.
pub struct Table(Vec<Vec<String>>);

/// The table of a row: token, index and value, in the order of the text. Cells that are not available are empty.
pub fn row_table(shown: &[Shown], row: &[f32], column: &str) -> Table {
    let names = vec!["token".to_owned(), "place".to_owned(), column.to_owned()];
    let lines = shown.iter().zip(row).enumerate();
    let lines = lines.map(|(place, (token, &value))| vec![token.text.clone(), place.to_string(), cell(value)]);
    Table([names].into_iter().chain(lines).collect())
}

/// The table of a head [query, key], with a column for each key and a line for each query. Cells that are not available
/// are empty.
pub fn head_table(shown: &[Shown], map: ArrayView2<'_, f32>) -> Table {
    let keys = shown.iter().map(|key| key.text.clone());
    let names = ["query \\ key".to_owned()].into_iter().chain(keys).collect();
    let lines = shown.iter().zip(map.outer_iter());
    let line = |(query, row): (&Shown, ArrayView1<'_, f32>)| {
        [query.text.clone()].into_iter().chain(row.iter().map(|&value| cell(value))).collect()
    };
    Table([names].into_iter().chain(lines.map(line)).collect())
}

impl Table {
    /// The table as CSV (RFC 4180), in UTF-8 with a byte-order mark, without which Excel expects another encoding.
    pub fn csv(&self) -> String {
        format!("\u{feff}{}", self.separated(",", &|cell| cell.contains([',', '"', '\n', '\r'])))
    }

    /// The table with tabs for the clipboard, which spreadsheets divide into cells.
    pub fn tabs(&self) -> String {
        self.separated("\t", &|cell| cell.contains(['\t', '\n', '\r']) || cell.starts_with('"'))
    }

    fn separated(&self, mark: &str, must_be_quoted: &dyn Fn(&str) -> bool) -> String {
        let mut out = String::new();
        for (number, line) in self.0.iter().enumerate() {
            for (column, cell) in line.iter().enumerate() {
                if column > 0 {
                    out.push_str(mark);
                }
                // Numbers are formatted here and cannot be formulas.
                let is_text = column == 0 || number == 0;
                let cell = if is_text { guarded(cell) } else { cell.into() };
                match must_be_quoted(&cell) {
                    true => out.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
                    false => out.push_str(&cell),
                }
            }
            out.push_str("\r\n");
        }
        out
    }
}

/// Marks a text so that a spreadsheet does not take it for a formula.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

fn cell(value: f32) -> String {
    if value.is_nan() { String::new() } else { decimal(value) }
}

fn decimal(value: f32) -> String {
    let text = fixed(value, DECIMALS);
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short.is_empty() || short == "-0" { "0".into() } else { short.to_owned() }
}

/// A run as JSON: its texts, its tokens, and `attention[layer][head][query][key]`, with null for weights that are not
/// available. `view` is in it as a link.
pub fn run_json(model: &str, view: &ViewState, run: &Run, pattern: ArrayView4<'_, f32>) -> String {
    let mut out = format!("{{{},\n\"tokens\":[", about(model, view, run));
    for (i, (token, shown)) in run.tokens.items.iter().zip(run.shown.iter()).enumerate() {
        out.push_str(&format!(
            "{}\n{{\"index\":{i},\"id\":{},\"text\":{},\"token\":{},\"start\":{},\"end\":{},\"special\":{},\"segment\":{}}}",
            if i > 0 { "," } else { "" },
            token.id,
            quoted(&shown.text),
            quoted(&token.token),
            token.chars.0,
            token.chars.1,
            token.special,
            token.segment
        ));
    }
    out.push_str("],\n\"attention\":");
    let number = |value: f32| if value.is_nan() { "null".into() } else { decimal(value) };
    let row = |row: ArrayView1<'_, f32>| listed(row.iter().map(|&value| number(value)));
    let layers =
        pattern.outer_iter().map(|layer| listed(layer.outer_iter().map(|head| listed(head.outer_iter().map(row)))));
    out.push_str(&listed(layers));
    out.push_str("}\n");
    out
}

fn listed(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// A run as safetensors: `attention.{layer}` F32 [heads, n, n], with NaN for weights that are not available.
/// `__metadata__` has the other fields of the JSON.
pub fn run_safetensors(model: &str, view: &ViewState, run: &Run, pattern: ArrayView4<'_, f32>) -> Vec<u8> {
    let (layers, heads, n, _) = pattern.dim();
    let (tokens, bytes) = (run.tokens.items.iter().map(|token| quoted(&token.token)), 4 * heads * n * n);
    let mut header =
        format!("{{\"__metadata__\":{{{},\"tokens\":{}}}", about(model, view, run), quoted(&listed(tokens)));
    for layer in 0..layers {
        let (from, to) = (layer * bytes, (layer + 1) * bytes);
        header.push_str(&format!(
            ",\"attention.{layer}\":{{\"dtype\":\"F32\",\"shape\":[{heads},{n},{n}],\"data_offsets\":[{from},{to}]}}"
        ));
    }
    header.push('}');
    while header.len() % 8 != 0 {
        header.push(' ');
    }
    let mut file = Vec::with_capacity(8 + header.len() + layers * bytes);
    file.extend((header.len() as u64).to_le_bytes());
    file.extend(header.into_bytes());
    file.extend(pattern.iter().flat_map(|weight| weight.to_le_bytes()));
    file
}

/// Fields such as `"model":"...","text":"..."`. All values are strings, which safetensors requires for metadata.
fn about(model: &str, view: &ViewState, run: &Run) -> String {
    let pair = run.asked.pair.as_deref().map(|pair| format!("\"pair\":{},", quoted(pair))).unwrap_or_default();
    let (model, text, link) = (quoted(model), quoted(&run.asked.text), quoted(&link_to(view).unwrap_or_default()));
    format!("\"model\":{model},\"text\":{text},{pair}\"link\":{link}")
}

/// A JSON string. The page does not use a JSON library, which would add 75 KB to it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if (c as u32) < 0x20 => {
                let hex = |digit: u32| char::from_digit(digit, 16).unwrap_or('0');
                out.extend(['\\', 'u', '0', '0', hex(c as u32 / 16), hex(c as u32 % 16)]);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The caption of a figure: the head, the model, the text, the chosen tokens, and all options that change the picture.
pub fn caption(model: &str, view: &ViewState, run: &Run) -> String {
    let (layer, head) = (&view.layer.to_string(), &view.head.to_string());
    let what = match view.quantity() {
        Quantity::Weight => text::caption_weight(layer, head),
        Quantity::Score => text::caption_score(layer, head),
        Quantity::Norm => text::caption_norm(layer, head),
        Quantity::LayerMean => text::caption_mean(layer),
        Quantity::Rollout => text::caption_rollout(layer),
        Quantity::Difference => text::caption_difference(layer, head),
    };
    let named = |text: &str| text::isolated(&text::line(text, CAPTION_COLUMNS));
    let mut out = text::caption_of(&what, model, &named(&run.asked.text));
    out.push_str(&run.asked.pair.as_ref().map(|pair| text::caption_pair(&named(pair))).unwrap_or_default());
    match &view.compare {
        Some(Baseline::Text(other)) => out.push_str(&text::caption_other(&named(other))),
        Some(Baseline::Unaltered) => out.push_str(text::caption_unaltered()),
        None => {}
    }
    let queries = view.tokens.iter().filter_map(|&token| run.shown.get(token)).map(Shown::isolated);
    match queries.collect::<Vec<_>>()[..] {
        [] => {}
        [ref query] => out.push_str(&text::caption_query(query)),
        ref all => out.push_str(&text::caption_queries(&text::list(all.iter().map(text::quoted)))),
    }
    out.push_str(text::caption_end());
    let merged = if view.words { text::caption_words() } else { "" };
    let hidden = match view.special {
        Special::Show => "",
        Special::Mask => text::caption_mask(),
        Special::Renormalise => text::caption_renormalise(),
    };
    let changes = if view.altered.is_none() { String::new() } else { text::caption_altered(&changes(view)) };
    text::sentences([&out, merged, hidden, &changes])
}

/// The changes in the model, as in a link.
fn changes(view: &ViewState) -> String {
    let link = link(&ViewState { altered: view.altered.clone(), ..ViewState::default() });
    let all = ["off", "positions", "shuffle", "temperature", "causal"];
    let changes = form_urlencoded::parse(link.as_bytes()).filter(|(name, _)| all.contains(&name.as_ref()));
    text::list(changes.map(|(name, value)| format!("{name}={value}")))
}

#[cfg(test)]
mod tests;
