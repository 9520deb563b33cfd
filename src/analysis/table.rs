//! A row of a pattern as a table of text.

use crate::engine::{HeadId, Shown, Trace};
use crate::error::{Error, Kind, Result};

/// The characters of the bar for a weight of 1.
const BAR: f32 = 40.0;

/// Finds the first token with these shown characters, or with these characters in another ASCII case, or the token with
/// this index from 0. (Tables for the cases of all scripts would add 6 KB to the page.)
///
/// Errors ([`Kind::Input`]): there is no such token. The error lists the tokens.
pub fn find_token(shown: &[Shown], wanted: &str) -> Result<usize> {
    let by_text = |same: &dyn Fn(&str) -> bool| shown.iter().position(|token| same(&token.text));
    let by_index = || wanted.parse().ok().filter(|&index: &usize| index < shown.len());
    let exact = by_text(&|text| text == wanted);
    exact.or_else(|| by_text(&|text| text.eq_ignore_ascii_case(wanted))).or_else(by_index).ok_or_else(|| {
        let all: Vec<String> = shown.iter().enumerate().map(|(i, token)| format!("{i} {}", token.name())).collect();
        let got = format!("\"{wanted}\"");
        Error::new(Kind::Input, "the token", format!("one of: {}", all.join(", ")), got, "Name one of these tokens.")
    })
}

/// The row of `query` in one head as a table in descending order: weight, bar, index, token; then the sum. Masked keys
/// (NaN) are left out.
///
/// Errors ([`Kind::Input`]): the model has no such head.
pub fn row_table(trace: &Trace, shown: &[Shown], id: HeadId, query: usize) -> Result<String> {
    if id.layer >= trace.layers() || id.head >= trace.heads() {
        let last = HeadId::new(trace.layers() - 1, trace.heads() - 1);
        let advice = "Layers and heads are counted from 0.";
        return Err(Error::new(Kind::Input, "the head", format!("L0 H0 to {last}"), id.to_string(), advice));
    }
    let head = trace.head(id);
    let row = head.row(query);
    let mut strongest_first: Vec<(usize, f32)> =
        row.iter().copied().enumerate().filter(|(_, weight)| !weight.is_nan()).collect();
    strongest_first.sort_by(|a, b| b.1.total_cmp(&a.1));

    let mut table = format!("{id}: token {query} \"{}\" reads from\n", shown[query].name());
    let sum: f32 = strongest_first.iter().map(|(_, weight)| weight).sum();
    for (key, weight) in strongest_first {
        let bar = "█".repeat((weight * BAR).round() as usize);
        table += &format!("{weight:7.4}  {bar:<width$}  {key:3}  {}\n", shown[key].name(), width = BAR as usize);
    }
    table += &format!("{sum:7.4}  sum\n");
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array4;

    fn shown(texts: &[&str]) -> Vec<Shown> {
        let token = |text: &&str| Shown { text: (*text).to_owned(), continues: false, special: false, unknown: false };
        texts.iter().map(token).collect()
    }

    #[test]
    fn a_token_is_found_by_its_characters_before_its_index() {
        let tokens = shown(&["[CLS]", "Mary", "2", "Élan", "mary"]);
        assert_eq!(find_token(&tokens, "Mary").unwrap(), 1);
        assert_eq!(find_token(&tokens, "mary").unwrap(), 4, "the exact one first");
        assert_eq!(find_token(&tokens, "MARY").unwrap(), 1);
        assert_eq!(find_token(&tokens, "élan").unwrap_err().kind, Kind::Input);
        assert_eq!(find_token(&tokens, "Élan").unwrap(), 3);
        assert_eq!(find_token(&tokens, "2").unwrap(), 2);
        assert_eq!(find_token(&tokens, "4").unwrap(), 4);
        let fault = find_token(&tokens, "5").unwrap_err();
        assert_eq!(fault.kind, Kind::Input);
        assert!(fault.expected.contains("0 [CLS], 1 Mary"), "{fault}");
    }

    #[test]
    fn the_table_is_sorted_and_sums_up() {
        let pattern = Array4::from_shape_vec((1, 1, 2, 2), vec![0.25, 0.75, 1.0, 0.0]).unwrap();
        let trace = Trace::from_pattern(pattern);
        let table = row_table(&trace, &shown(&["a", "b"]), HeadId::new(0, 0), 0).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "L0 H0: token 0 \"a\" reads from");
        assert_eq!(lines[1], format!(" 0.7500  {}{}    1  b", "█".repeat(30), " ".repeat(10)));
        assert!(lines[2].starts_with(" 0.2500  ██████████ ") && lines[2].ends_with("  0  a"));
        assert_eq!(lines[3], " 1.0000  sum");
        assert_eq!(row_table(&trace, &shown(&["a", "b"]), HeadId::new(0, 1), 0).unwrap_err().kind, Kind::Input);
    }
}
