use super::*;

/// A language of two messages, of which the second is all that is said; written as catalogue/src/write.rs does.
fn spoken_with(plurals: &str, pattern: &str) -> String {
    format!("{plurals}\n{pattern}\nshape: \u{1}\u{11}نوع: \u{1}\nnone\u{11}لا شيء\n")
}

#[test]
fn a_message_takes_its_values_and_its_plural_form() {
    let told = |pattern: &str, args: &[Arg]| {
        let mut out = String::new();
        fill(SPOKEN.get(), pattern, args, &mut out);
        out
    };
    assert_eq!(told("a \u{2} b \u{1}", &["x".into(), 7.into()]), "a 7 b x");
    let heads = "\u{e}\u{1}\u{1} head\u{f}\u{1} heads\u{10} of \u{2}";
    for (count, said) in [(0, "0 heads of L3"), (1, "1 head of L3"), (2, "2 heads of L3")] {
        assert_eq!(told(heads, &[count.into(), "L3".into()]), said);
    }
    // Whatever a file holds, it is said and is no fault.
    for broken in ["\u{8}", "\u{e}", "\u{e}\u{1}", "\u{e}\u{10}", "\u{e}\u{3}a\u{f}b\u{10}c", "\u{f}\u{10}"] {
        told(broken, &[1.into()]);
    }
    assert_eq!(cut_limit(1), "The model reads 1 token at most.");
    assert_eq!(cut_limit(512), "The model reads 512 tokens at most.");
}

#[test]
fn numbers_above_the_table_have_the_form_of_their_last_digits() {
    // 0 and 1 have forms of their own, 102 another than 2, and all others the last.
    let plurals: String = (0..200).map(|n| char::from(b'0' + [3, 1, 2][usize::min(n % 100, 2)])).collect();
    speak(spoken_with(&plurals, "x"));
    let form = |n: usize| form_of(SPOKEN.get(), Some(&Arg::Count(n)));
    assert_eq!([1, 2, 101, 199, 200, 301, 5000].map(form), [1, 2, 1, 2, 3, 1, 3]);
}

#[test]
fn another_language_is_spoken_by_its_thread_alone_and_english_where_it_lacks_a_text() {
    assert_eq!((language(), spoken()), ("English", ""));
    speak(spoken_with("0", "عربي"));
    assert_eq!(language(), "عربي");
    assert_eq!(close(), "Close");
    assert_eq!(std::thread::spawn(language).join().unwrap(), "English");
    speak(String::new());
    assert_eq!(language(), "English");
}

#[test]
fn a_fault_is_translated_by_its_parts_and_what_is_unknown_stays() {
    assert_eq!(translated("none"), "none");
    speak(spoken_with("0", "x"));
    assert_eq!(translated("none"), "لا شيء");
    assert_eq!(translated("shape: [3, 4]"), "نوع: [3, 4]");
    assert_eq!(translated("shape: none"), "نوع: لا شيء");
    for unknown in ["", "shape", "shape: ", "a shape: 3", "None"] {
        assert_eq!(translated(unknown), unknown);
    }
}

#[test]
fn a_text_runs_as_its_first_letter_does() {
    for right in ["שלום world", "«العربية» 3", "123 كتب", "؟ كتب", "👋 שלום"] {
        assert!(runs_right_to_left(right), "{right}");
    }
    for left in ["", "12.5 %", "hello שלום", "日本語", "(a) كتب", "ελληνικά", "٣٤"] {
        assert!(!runs_right_to_left(left), "{left}");
    }
    assert_eq!(isolated("it"), "it");
    assert_eq!(isolated("كتب"), "\u{2068}كتب\u{2069}");
    assert_eq!(isolated(&isolated("كتب")), isolated("كتب"));
}

#[test]
fn lists_and_sentences_are_joined() {
    assert_eq!(list(["a", "b"]), "a, b");
    assert_eq!(list(Vec::<String>::new()), "");
    assert_eq!(sentences(["A.", "", "B."]), "A. B.");
    assert_eq!(decimal("0.62".into()), "0.62");
}

#[test]
fn clusters_are_kept_whole() {
    let of = |text: &str| boundaries(text);
    assert_eq!(of("ab"), [0, 1, 2]);
    assert_eq!(of("é日"), [0, 2, 5]);
    for one in ["👩‍👩‍👧‍👦", "🇯🇵", "👍🏽", "क्षि", "e\u{301}", "\u{1112}\u{1161}\u{11ab}"]
    {
        assert_eq!(of(one), [0, one.len()], "{one}");
        // Near the beginning of a text, and far behind it.
        for before in [1, 10_000] {
            let text = format!("{}{one}b", "a".repeat(before));
            let (mut all, end) = (Clusters::new(&text), before + one.len());
            for from in before..end {
                assert_eq!(all.whole((from, from + 1)), (before, end), "{one} {from}");
            }
            assert_eq!(all.whole((before - 1, before)), (before - 1, before));
            assert_eq!(all.whole((end, end + 1)), (end, end + 1));
            assert_eq!(all.whole((end + 9, end + 10)), (end + 9, end + 10), "beyond the text");
        }
    }
    assert_eq!(of(""), [0]);
    assert_eq!(Clusters::new("").whole((0, 0)), (0, 0));
}

#[test]
fn long_tokens_are_segmented_at_their_ends_alone() {
    thread_local!(static SEEN: Cell<usize> = const { Cell::new(0) });
    segment_by(|text| {
        SEEN.set(SEEN.get() + text.len());
        text.char_indices().map(|(at, _)| at).collect()
    });
    let text = "ж".repeat(1 << 19);
    assert_eq!(Clusters::new(&text).whole((2, text.len() - 2)), (2, text.len() - 2));
    assert!((1..8192).contains(&SEEN.get()), "{} bytes segmented", SEEN.get());
    // Tokens side by side do not segment the same again and again.
    SEEN.set(0);
    let text = "注".repeat(2048);
    let mut all = Clusters::new(&text);
    (0..2048).for_each(|i| assert_eq!(all.whole((3 * i, 3 * i + 3)), (3 * i, 3 * i + 3)));
    assert!(SEEN.get() < 2 * text.len(), "{} bytes segmented of {}", SEEN.get(), text.len());
}
