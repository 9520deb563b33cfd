//! Every message there and back, and what is no message.

use super::*;
use crate::analysis::{HeadLabel, HeadMeasures, Label, Measure};
use crate::engine::{Cut, Note, Token};
use crate::scene::{Anchor, Ink, Mark, Role, Shape, Target, area, point};
use crate::source::{Pick, Repository};

fn passage(pair: Option<&str>, intervention: Intervention) -> Passage {
    Passage { text: "a".into(), pair: pair.map(str::to_owned), intervention }
}

fn requests() -> Vec<Request> {
    let head = HeadId::new(3, 1);
    let heads_off = [HeadId::new(3, 1), HeadId::new(0, 11)].into();
    let altered =
        Intervention { heads_off, positions_off: true, shuffle: Some(u32::MAX), temperature: 0.1, causal: true };
    vec![
        Request::Load { source: Source::Folder("models/all-minilm-l6-v2/".into()) },
        Request::Cancel,
        Request::Run(RunRequest {
            text: "a \"b\"\n\u{1F600}".into(),
            pair: None,
            head,
            intervention: Intervention::default(),
            keep: Slot::Main,
        }),
        Request::Run(RunRequest {
            text: String::new(),
            pair: Some("c".into()),
            head,
            intervention: altered.clone(),
            keep: Slot::Other,
        }),
        Request::Similar { a: passage(None, altered), b: passage(Some("c"), Intervention::default()) },
        Request::Head { of: MapsOf { run: 7, quantity: Quantity::Weight, with: None }, head },
        Request::Maps { of: MapsOf { run: 7, quantity: Quantity::Difference, with: Some(300) }, head },
        Request::Compare { run: 7, with: 300 },
        Request::Draw { run: 7, picture: inside(), room: 760.5 },
        Request::Draw {
            run: 7,
            picture: Picture::Chart { measure: Measure::SinkShare, chosen: head, pointed: None },
            room: f32::MAX,
        },
        Request::Draw { run: 7, picture: Picture::Cost { passes: vec![(16, 5.25), (512, 431.0)] }, room: 0.0 },
        Request::Predict { run: 7, with: Some(6), position: 3, most: 5 },
        Request::Survey { run: 7 },
        Request::Find { run: 7, queries: vec![10], keys: vec![2, 3] },
        Request::Moved { run: 7, with: 300, query: 10, from: 2, to: 3 },
        Request::Time { tokens: 512 },
        Request::Speak { file: "1\nعربي\n".into() },
        Request::Plan { source: Source::Hub(repository()) },
        Request::Load { source: Source::Own(vec!["x.gguf".into()]) },
        Request::Stored,
        Request::Forget { address: "https://hub.example/a/b/resolve/main/".into() },
        Request::Continue { run: 7, tokens: 8 },
        Request::Import,
        Request::IsKept { source: Source::Hub(repository()) },
        Request::LoadKept { source: Source::File("https://hub.example/x.gguf".into()) },
        Request::Lesson { body: vec![1, 0, 255] },
    ]
}

fn repository() -> Repository {
    Repository {
        hub: "https://hub.example".into(),
        id: "a/b".into(),
        revision: "main".into(),
        pick: Some(Pick::File("x.gguf".into())),
    }
}

fn inside() -> Picture {
    Picture::Inside { head: HeadId::new(3, 1), query: 511, key: Some(2), sorted: true, temperature: 0.5 }
}

fn scene() -> Scene {
    let at = area(0.5, 1.0, 20.0, 3.0);
    let text =
        Shape::Text {
            at: point(0.0, 9.0), size: 12.0, anchor: Anchor::End, bold: true, turn: -90.0, text: "é".into()
        };
    let marks = vec![
        Mark::new(Role::Bar, Ink::Edge, Shape::Frame { at, r: 0.0, line: 1.0 }).alpha(0.85).value(-0.25),
        Mark::new(Role::Shade, Ink::Query, Shape::Rect { at, r: 3.0 }).target(Target::Key(2)),
        Mark::new(Role::Label, Ink::Text, text),
    ];
    Scene { width: 760.5, height: 400.0, title: "t".into(), marks }
}

/// Two tokens, one of them special, and a text that was cut.
fn tokens() -> Tokens {
    let special = Token {
        id: 101,
        token: "[CLS]".into(),
        chars: (0, 0),
        bytes: (0, 0),
        segment: 0,
        sequence: None,
        word: None,
        special: true,
    };
    let word = Token {
        id: 30_521,
        token: "##é".into(),
        chars: (3, 4),
        bytes: (3, 5),
        segment: 1,
        sequence: Some(1),
        word: Some(2),
        special: false,
    };
    Tokens { items: vec![special, word], cuts: vec![Cut { sequence: 1, from_char: 300, of_chars: 70_000 }] }
}

fn replies() -> Vec<Reply> {
    let head = HeadId::new(0, 11);
    let error = Error::new(Kind::Network, "a", "b", "c", "D.");
    let model = ModelCard {
        name: "m".into(),
        family: "bert".into(),
        layers: 6,
        heads: 12,
        width: 384,
        positions: 512,
        parameters: 22_565_376,
        bytes: 45_608_791,
        licence: "Apache-2.0".into(),
        predicts: false,
        architecture: Architecture::EncoderDecoder { encoder: 6, decoder: 6, start: 0 },
        note: Some(Note::GuessedSplit),
    };
    vec![
        Reply::Hello { version: VERSION },
        Reply::Progress { got_bytes: 1 << 33, total_bytes: 1 << 34, seconds: 0.1, from: Medium::Storage },
        Reply::Retrying { seconds: 0.5, error: error.clone() },
        Reply::Preparing { done: 1 << 33, total: 1 << 34 },
        Reply::Ready { model },
        Reply::Ran {
            tokens: tokens(),
            places: vec![0, 2, 1],
            layers: 6,
            computed: 4,
            heads: 12,
            sent: vec![head],
            side: 9,
            millis: 12.25,
        },
        Reply::Similar {
            a: passage(None, Intervention::default()),
            b: passage(Some("c"), Intervention::default()),
            cosine: -0.5,
        },
        Reply::Head { of: MapsOf { run: 3, quantity: Quantity::Rollout, with: None }, head, n: 200 },
        Reply::Maps {
            of: MapsOf { run: 3, quantity: Quantity::Difference, with: Some(2) },
            sent: vec![head],
            n: 200,
            side: 64,
        },
        Reply::Compared { run: 3, with: 2, aligned: vec![(0, 1)], changes: vec![0.5] },
        Reply::Drawn { run: 3, picture: inside(), room: 760.5, scene: scene(), told: "a".into() },
        Reply::Predicted {
            run: 3,
            with: None,
            position: 4,
            predictions: vec![Predicted { token: "##\"ing".into(), probability: 0.1, before: Some(0.2) }],
        },
        Reply::Surveyed {
            run: 7,
            heads: vec![HeadSurvey {
                measures: HeadMeasures { entropy: 1.5, distance: 2.0, sink_share: 0.25, strongest: 0.624 },
                labels: vec![HeadLabel { label: Label::Induction, score: 0.5, evidence: "50 %".into() }],
            }],
        },
        Reply::Found { run: 7, queries: vec![10], keys: vec![2], found: vec![Found { head, weight: 0.624 }] },
        Reply::Moved {
            run: 7,
            with: 2,
            query: 10,
            from: 2,
            to: 3,
            heads: vec![Moved { head, moved: 0.25, from: -0.125, to: 0.125 }],
        },
        Reply::Timed { tokens: 512, millis: 431.5, bytes: 95_000_000 },
        Reply::Failed { error },
        Reply::Planned {
            source: Source::File("https://h/x.gguf".into()),
            name: "x".into(),
            licence: "MIT".into(),
            files: 1,
            bytes: 98_000_000,
            memory: 98_000_001,
        },
        Reply::Choices { source: Source::Hub(repository()), files: vec![("Q4/x.gguf".into(), 98_000_000)] },
        Reply::Stored { models: vec![Kept { address: "https://h/".into(), bytes: 7 }] },
        Reply::Continued { run: 7, text: " big".into() },
        Reply::Imported { model: "m".into(), text: "a".into() },
        Reply::IsKept { kept: true },
        Reply::NotKept { bytes: 98_000_000 },
        Reply::Lesson,
    ]
}

fn bytes<T: Serialize>(id: u32, bodies: Vec<T>) -> Vec<Vec<u8>> {
    bodies.into_iter().map(|body| write(&Envelope { id, body })).collect()
}

#[test]
fn messages_come_back_as_they_were_sent() {
    for id in [0, 5, u32::MAX] {
        for body in requests() {
            let sent = Envelope { id, body };
            assert_eq!(read_request(&write(&sent)), Ok(sent));
        }
        for body in replies() {
            let sent = Envelope { id, body };
            assert_eq!(read_reply(&write(&sent)), Ok(sent));
        }
    }
}

/// If this fails, a worker of before cannot be understood: [`VERSION`] goes up with the sum.
#[test]
fn a_change_of_the_wire_format_is_a_new_version() {
    assert_eq!(write(&Envelope { id: 2, body: Request::Survey { run: 1 } }), [2, 9, 1]);
    assert_eq!(write(&Envelope { id: 0, body: Reply::Hello { version: 1 } }), [0, 0, 1]);
    let all = [bytes(1, requests()), bytes(1, replies())].concat().concat();
    let sum = all.iter().fold(0u32, |sum, &byte| sum.rotate_left(5).wrapping_mul(31) ^ u32::from(byte));
    assert_eq!((VERSION, sum), (6, 154_164_921));
}

#[test]
fn a_worker_of_another_version_is_noticed() {
    let error = read_reply(&write(&Envelope { id: 0, body: Reply::Hello { version: VERSION + 1 } })).unwrap_err();
    assert_eq!((error.kind, error.got), (Kind::Worker, format!("version {}", VERSION + 1)));
    assert!(error.advice.contains("Reload the page"));
    // Before there were versions: text, and no more than "hello".
    for old in [&br#"{"id":0,"body":"hello"}"#[..], b"", b"\0\0"] {
        assert_eq!(read_reply(old).unwrap_err().kind, Kind::Worker);
    }
}

#[test]
fn every_cut_is_an_error_under_the_id_it_carries_and_so_is_every_byte_more() {
    for message in bytes(5, requests()) {
        assert_eq!(read_request(&[]).unwrap_err().0, 0);
        for length in 1..message.len() {
            let (id, error) = read_request(&message[..length]).unwrap_err();
            assert_eq!((id, error.kind), (5, Kind::Worker));
        }
        for more in [&[0][..], &[0xff; 9]] {
            let (id, error) = read_request(&[&message, more].concat()).unwrap_err();
            assert_eq!((id, error.kind, error.got), (5, Kind::Worker, format!("{} bytes more", more.len())));
        }
    }
    for message in bytes(5, replies()) {
        for length in 0..message.len() {
            assert_eq!(read_reply(&message[..length]).unwrap_err().kind, Kind::Worker);
        }
        assert_eq!(read_reply(&[&message[..], &[0]].concat()).unwrap_err().got, "1 bytes more");
    }
}

#[test]
fn every_flipped_byte_is_an_error_or_a_message_never_a_panic() {
    for whole in [bytes(5, requests()), bytes(300, replies())].concat() {
        for at in 0..whole.len() {
            for flip in 1..=u8::MAX {
                let mut broken = whole.clone();
                broken[at] ^= flip;
                if let Err((_, error)) = read_request(&broken) {
                    assert_eq!(error.kind, Kind::Worker);
                }
                if let Err(error) = read_reply(&broken) {
                    assert_eq!(error.kind, Kind::Worker);
                }
            }
        }
    }
}

#[test]
fn a_hostile_message_is_an_error_under_the_id_it_carries() {
    let no_id = [&[][..], &[0x80], &[0xff; 5], b"\xff\xff\xff\xff\x10\x01"];
    for head in no_id {
        assert_eq!(read_request(head).unwrap_err().0, 0, "{head:?}");
    }
    let similar = [4, 3, 0, 0, 0, 0, 0]; // no text, no pair, no head off, positions on, no shuffle
    let second = [0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0]; // the same for the second, with temperature 1
    let hostile = [
        &[4][..],
        &[4, 9],                                                                         // no such request
        &[4, 0xff, 0xff, 0xff, 0xff, 0x7f],                                              // nor ever
        &[4, 0, 3, b'a'],                                                                // a text that ends too soon
        &[4, 0, 2, 0xff, 0xfe],                                                          // no text
        &[4, 4, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], // no layer
        &[4, 4, 1, 9, 0, 0, 0],                                                          // no quantity
        &[&similar[..], &0f32.to_le_bytes(), &[2], &second].concat(),                    // neither causal nor not
        &[4, 2, 0, 2],                                                                   // neither a pair nor none
        &[4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],                                  // no slot
    ];
    for head in hostile {
        let (id, error) = read_request(head).expect_err(&format!("{head:?}"));
        assert_eq!((id, error.kind), (4, Kind::Worker), "{head:?}");
    }
    assert!(read_request(&[&similar[..], &0f32.to_le_bytes(), &[1], &second].concat()).is_ok());
}

/// The id 4 and a list that claims 2^40 items, and 2^63, where there are none or some.
#[test]
fn a_length_that_lies_is_an_error_and_sets_no_memory_aside() {
    for length in [1u64 << 40, 1 << 63, u64::MAX] {
        let length = postcard::to_allocvec(&length).unwrap();
        for rest in [&[][..], &[0; 4096]] {
            for (before, what) in
                [(&[4, 0, 0][..], "a folder"), (&[4, 0, 3], "file names"), (&[4, 3, 0, 0], "heads that are off")]
            {
                let (id, error) = read_request(&[before, &length, rest].concat()).unwrap_err();
                assert_eq!((id, error.kind), (4, Kind::Worker), "{what}");
            }
            for (before, what) in [
                (&[4, 5][..], "tokens"),
                (&[4, 5, 0], "cuts"),
                (&[4, 5, 0, 0], "places"),
                (&[4, 5, 0, 0, 0, 6, 12], "heads"),
                (&[4, 11, 3, 0, 4], "predictions"),
                (&[4, 12, 0], "a failure's place"),
            ] {
                let error = read_reply(&[before, &length, rest].concat()).unwrap_err();
                assert_eq!(error.kind, Kind::Worker, "{what}");
            }
        }
    }
}

#[test]
fn a_message_longer_than_any_text_is_refused_under_its_id() {
    let of = |length| write(&Envelope { id: 5, body: Request::Speak { file: "a".repeat(length) } });
    // The id, the variant and four bytes of length.
    assert!(read_request(&of(MOST_BYTES - 6)).is_ok());
    let (id, error) = read_request(&of(MOST_BYTES - 5)).unwrap_err();
    assert_eq!((id, error.kind), (5, Kind::Input));
}
