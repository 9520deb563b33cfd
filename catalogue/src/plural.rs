//! Which plural form of a language goes with which number.
//!
//! The rules are those of the Unicode CLDR for whole numbers that a page counts to (tokens, heads, layers): a few
//! families cover most languages. A library was tried and has Arabic wrong (intl_pluralrules 7.0: 103).

type Rule = fn(usize) -> &'static str;

const FAMILIES: [(&str, Rule); 9] = [
    ("ja ko zh vi th id ms lo my", |_| "other"),
    ("bg ca da de el en es et eu fi gl hu is it ka nb nl nn no sq sv sw ta te tr ur", |n| {
        if n == 1 { "one" } else { "other" }
    }),
    ("am bn fa fr gu hi hy kn pt zu", |n| if n < 2 { "one" } else { "other" }),
    ("he", |n| match n {
        1 => "one",
        2 => "two",
        _ => "other",
    }),
    ("ar", |n| match (n, n % 100) {
        (0, _) => "zero",
        (1, _) => "one",
        (2, _) => "two",
        (_, 3..=10) => "few",
        (_, 11..) => "many",
        _ => "other",
    }),
    ("cs sk", |n| match n {
        1 => "one",
        2..=4 => "few",
        _ => "other",
    }),
    ("pl", |n| match (n, n % 10, n % 100) {
        (1, ..) => "one",
        (_, 2..=4, 0..=11 | 15..) => "few",
        _ => "many",
    }),
    ("be ru uk", |n| match (n % 10, n % 100) {
        (1, 0..=10 | 12..) => "one",
        (2..=4, 0..=11 | 15..) => "few",
        _ => "many",
    }),
    ("ro", |n| match (n, n % 100) {
        (1, _) => "one",
        (0, _) | (_, 1..=19) => "few",
        _ => "other",
    }),
];

/// All categories that languages have, in the order of the CLDR.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Rules look at the last two digits and, of small numbers, at the number itself: a greater number has the category of
/// 100 and its last two digits.
const NUMBERS: usize = 200;

/// The categories of a language, and the place among them of each number from 0 to 199.
///
/// # Errors
/// For a language that has no rule here.
pub fn plurals(code: &str) -> Result<(Vec<&'static str>, Vec<usize>), String> {
    let language = code.split('-').next().unwrap_or_default();
    let family = FAMILIES.iter().find(|(codes, _)| codes.split(' ').any(|own| own == language));
    let (_, rule) = family.ok_or("add the language to a family of catalogue/src/plural.rs")?;
    let numbers: Vec<&str> = (0..NUMBERS).map(rule).collect();
    let own: Vec<&'static str> = CATEGORIES.into_iter().filter(|category| numbers.contains(category)).collect();
    let place = |category: &&str| own.iter().position(|other| other == category).unwrap_or(0);
    let places = numbers.iter().map(place).collect();
    Ok((own, places))
}
