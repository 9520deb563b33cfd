use super::*;

const ENGLISH: &str = "language = English
hello = Hello, { $name }
heads = { $heads ->
    [one] { $heads } head of { $all }
   *[other] { $heads } heads of { $all }
 }
fault-none = none
";

fn with(code: &str, source: &str) -> Result<Catalogue, String> {
    Catalogue::new(vec![(code.into(), source.into()), ("en".into(), ENGLISH.into())])
}

fn refused(code: &str, source: &str) -> String {
    with(code, source).err().unwrap_or_else(|| panic!("{source}"))
}

#[test]
fn the_catalogue_of_this_page_is_whole() {
    let all = Catalogue::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../lang")).unwrap();
    let codes: Vec<&str> = all.languages().iter().map(|language| language.code.as_str()).collect();
    assert_eq!(codes[0], "en");
    for wanted in ["ar", "ja"] {
        assert!(codes.contains(&wanted), "{codes:?}");
    }
    assert_eq!(all.files().unwrap().len(), codes.len() - 1);
    assert!(all.rust().unwrap().contains("pub fn close() -> &'static str"));
}

#[test]
fn every_language_has_its_own_plural_forms() {
    let forms = |code: &str| plural::plurals(code).unwrap().0;
    assert_eq!(forms("ar"), ["zero", "one", "two", "few", "many", "other"]);
    assert_eq!(forms("ja"), ["other"]);
    assert_eq!(forms("pl"), ["one", "few", "many"]);
    let (names, arabic) = plural::plurals("ar").unwrap();
    let of = |n: usize| names[arabic[n]];
    assert_eq!(
        [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111].map(of),
        ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "few", "many"]
    );
}

#[test]
fn a_language_that_differs_is_told() {
    let whole = "language = X\nhello = { $name }!\nfault-none = x\nheads = { $heads }/{ $all }\n";
    assert!(with("ja", whole).is_ok());
    let wrong = [
        ("hello = { $name }!\n", "", "the message `hello` is missing"),
        ("hello = { $name }!", "hello = { $nmae }!", "`hello` has the variables [\"nmae\"], in English [\"name\"]"),
        ("hello = { $name }!", "hello = { $name }!\nmore = x", "English has no message `more`"),
        ("hello = { $name }!", "hello = { $name }!\nhello = { $name }", "`hello`: it is there twice"),
        ("hello = { $name }!", "hello = { NUMBER($name) }", "`hello`: expected `{ $variable }`"),
        ("hello = { $name }!", "hello = { -name }", "`hello`: expected `{ $variable }`"),
        ("{ $heads }/{ $all }", "{ $heads ->\n   *[other] { $heads }\n }", "`heads` has the variables"),
        ("{ $heads }/{ $all }", "{ $heads ->\n [one] a\n *[other] { $heads }/{ $all }\n }", "no plural form [\"one\"]"),
        ("language = X", "language = { $x", "line 1: "),
    ];
    for (good, bad, fault) in wrong {
        let told = refused("ja", &whole.replace(good, bad));
        assert!(told.starts_with("lang/ja.ftl: ") && told.contains(fault), "{bad}: {told}");
    }
    let few = "{ $heads ->\n [one] { $heads }/{ $all }\n *[other] { $heads }/{ $all }\n }";
    let told = refused("ar", &whole.replace("{ $heads }/{ $all }", few));
    assert!(told.contains("expected the plural forms [\"zero\", \"one\", \"two\""), "{told}");
    assert!(refused("xx", whole).contains("plural.rs"));
    assert!(Catalogue::new(vec![("ja".into(), whole.into())]).is_err());
}

#[test]
fn what_is_written_can_be_read_by_the_page() {
    let turned = "language = X\nhello = { $name }!\nfault-none = nichts\nheads = { $all }: { $heads ->\n [one] ein\n *[other] { $heads }\n }\n";
    let all = with("de", turned).unwrap();
    let files = all.files().unwrap();
    let lines: Vec<&str> = files[0].text.lines().collect();
    assert_eq!((lines[0].len(), &lines[0][..4]), (200, "1011"));
    // Variables are counted as in English: heads is the first.
    assert_eq!(lines[1..], ["X", "\u{1}!", "\u{2}: \u{e}\u{1}ein\u{f}\u{1}\u{10}", "none\u{11}nichts"]);
    assert!(files[0].name.starts_with("de-") && files[0].name.ends_with(".txt"));
    let rust = all.rust().unwrap();
    assert!(
        rust.contains(
            "pub fn hello<'a>(name: impl Into<Arg<'a>>) -> String { filled(1, \"Hello, \\u{1}\", &[name.into()]) }"
        ),
        "{rust}"
    );
    assert!(rust.contains("pub fn heads<'a>(heads: usize, all: impl Into<Arg<'a>>)"), "{rust}");
    assert!(!rust.contains("fault"), "{rust}");
    let other = with("de", &turned.replace("nichts", "nix")).unwrap().files().unwrap();
    assert_ne!(files[0].name, other[0].name);
}
