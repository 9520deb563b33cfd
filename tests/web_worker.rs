//! What the worker's side does in a real browser: hashes, storage, downloads, messages.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use attnscope::Kind;
use attnscope::analysis::{Measure, Quantity};
use attnscope::engine::{HeadId, Intervention, Opening};
use attnscope::source::Source;
use attnscope::worker::fetch::{self, Brought, Download, Files, NotKept};
use attnscope::worker::hash::{by_browser, by_ourselves, git_blob};
use attnscope::worker::host::Host;
use attnscope::worker::models::{Models, Others};
use attnscope::worker::protocol::{
    Envelope, MOST_BYTES, MapsOf, Medium, Passage, Picture, Reply, Request, RunRequest, Slot, write,
};
use attnscope::worker::store::Store;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::AbortController;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const FILES: [(&str, &[u8]); 3] =
    [("config.json", b"{}"), ("tokenizer.json", b"[1,2]"), ("model.safetensors", &[7; 1000])];

/// The server of `fake_server.js` with the true files and this plan.
fn serve(plan: &str) {
    let scope = js_sys::global();
    if Reflect::get(&scope, &"fake".into()).unwrap().is_undefined() {
        Function::new_no_args(include_str!("web/fake_server.js")).call0(&JsValue::NULL).unwrap();
    }
    let served = Object::new();
    for (name, bytes) in FILES {
        Reflect::set(&served, &name.into(), &Uint8Array::new_from_slice(bytes)).unwrap();
    }
    Reflect::set(&served, &"manifest.json".into(), &Uint8Array::new_from_slice(manifest().as_bytes())).unwrap();
    for (name, value) in [("files", served.into()), ("plan", JSON::parse(plan).unwrap()), ("log", Array::new().into())]
    {
        Reflect::set(&fake(), &name.into(), &value).unwrap();
    }
}

fn fake() -> JsValue {
    Reflect::get(&js_sys::global(), &"fake".into()).unwrap()
}

fn manifest() -> String {
    let file = |(name, bytes): (&str, &[u8])| {
        format!(r#"{{"path":"{name}","bytes":{},"sha256":"{}"}}"#, bytes.len(), by_ourselves(bytes))
    };
    format!(r#"{{"name":"m","licence":"l","files":[{}]}}"#, FILES.map(file).join(","))
}

/// The requests that came for the weights; for the other files nothing goes wrong here.
fn requests() -> Vec<String> {
    let log: Array = Reflect::get(&fake(), &"log".into()).unwrap().unchecked_into();
    log.iter().filter_map(|line| line.as_string()).filter(|line| line.starts_with("model")).collect()
}

async fn bring(folder: &str, kept: &mut Option<Download>) -> (attnscope::Result<Files>, Vec<Reply>) {
    let replies = RefCell::new(Vec::new());
    let signal = AbortController::new().unwrap().signal();
    let files = fetch::model(
        (&Source::Folder(folder.to_owned()), false),
        kept,
        &signal,
        &|reply| replies.borrow_mut().push(reply),
        &Models::new(|| Box::pin(async { None })),
        &(Rc::new(|_| ()) as Rc<NotKept>),
    )
    .await;
    let files = files.map(|brought| match brought {
        Brought::Files(files) => files,
        Brought::Model(_) => panic!("there is none"),
    });
    (files, replies.into_inner())
}

/// An address nobody used before, in this browser's storage neither.
fn folder(name: &str) -> String {
    format!("https://models.test/{name}-{}/", js_sys::Date::now())
}

fn assert_whole(files: attnscope::Result<Files>) {
    let files = files.unwrap_or_else(|error| panic!("{error}"));
    let files: Vec<(&str, &[u8])> = files.files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
    assert_eq!(files, FILES);
}

async fn tick() {
    let over = Promise::new(&mut |resolve, _| {
        let timer = Reflect::get(&js_sys::global(), &"setTimeout".into()).unwrap().unchecked_into::<Function>();
        timer.call2(&JsValue::NULL, &resolve, &20.into()).unwrap();
    });
    JsFuture::from(over).await.unwrap();
}

#[wasm_bindgen_test]
async fn both_hashes_are_the_standards() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(by_ourselves(b"abc"), abc);
    assert_eq!(by_browser(b"abc").await.as_deref(), Some(abc));
    let long: Vec<u8> = (0..1_000_003u32).map(|i| (i * 31 % 251) as u8).collect();
    assert_eq!(by_browser(&long).await, Some(by_ourselves(&long)));
    assert_eq!(by_browser(b"").await, Some(by_ourselves(b"")));
    // `echo hello | git hash-object --stdin`
    assert_eq!(git_blob(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
}

#[wasm_bindgen_test]
async fn storage_keeps_one_version_of_a_file() {
    let store = Store::open().await.expect("storage in the test's browser");
    let url = folder("store") + "model.safetensors";
    assert!(store.find(&url, "aa").await.is_none());
    store.keep(&url, "aa", &[1, 2, 3]).await;
    let found = store.find(&url, "aa").await.expect("what was kept");
    let bytes = JsFuture::from(found.array_buffer().unwrap()).await.unwrap();
    assert_eq!(Uint8Array::new(&bytes).to_vec(), [1, 2, 3]);
    store.keep(&url, "bb", &[4]).await;
    assert!(store.find(&url, "aa").await.is_none(), "the old version is gone");
    let address = url.strip_suffix("model.safetensors").unwrap();
    let kept = async || store.list().await.into_iter().find(|kept| kept.address == address);
    assert_eq!(kept().await.map(|kept| kept.bytes), Some(1));
    store.forget(address).await;
    assert_eq!(kept().await, None);
    store.keep(&url, "bb", &[4]).await;
    store.remove(&url, "bb").await;
    assert!(store.find(&url, "bb").await.is_none());
}

#[wasm_bindgen_test]
async fn a_model_arrives_with_progress_and_is_then_read_from_storage() {
    serve("{}");
    let folder = folder("plain");
    let (files, replies) = bring(&folder, &mut None).await;
    assert_whole(files);
    assert!(
        matches!(replies[0], Reply::Progress { got_bytes: 0, total_bytes: 1007, from: Medium::Network, .. }),
        "{replies:?}"
    );
    assert!(
        matches!(replies.last(), Some(Reply::Progress { got_bytes: 1007, from: Medium::Network, .. })),
        "{replies:?}"
    );

    let store = Store::open().await.unwrap();
    for _ in 0..100 {
        if store
            .find(&format!("{folder}model.safetensors"), &format!("sha256={}", by_ourselves(FILES[2].1)))
            .await
            .is_some()
        {
            break;
        }
        tick().await;
    }
    serve("{}");
    let (files, replies) = bring(&folder, &mut None).await;
    assert_whole(files);
    assert!(requests().is_empty());
    assert!(
        matches!(replies.last(), Some(Reply::Progress { got_bytes: 1007, from: Medium::Storage, .. })),
        "{replies:?}"
    );
}

#[wasm_bindgen_test]
async fn a_file_spoilt_in_storage_is_fetched_again() {
    serve("{}");
    let folder = folder("spoilt-storage");
    let store = Store::open().await.unwrap();
    store
        .keep(&format!("{folder}model.safetensors"), &format!("sha256={}", by_ourselves(FILES[2].1)), &[8; 1000])
        .await;
    assert_whole(bring(&folder, &mut None).await.0);
    assert_eq!(requests(), ["model.safetensors"]);
}

#[wasm_bindgen_test]
async fn a_cut_transfer_carries_on_by_itself() {
    serve(r#"{"model.safetensors": [{"cut": 400}, {"status": 503}, {"cut": 900}]}"#);
    let (files, replies) = bring(&folder("cut"), &mut None).await;
    assert_whole(files);
    let asked = [
        "model.safetensors",
        "model.safetensors bytes=400-",
        "model.safetensors bytes=400-",
        "model.safetensors bytes=900-",
    ];
    assert_eq!(requests(), asked);
    let waited = replies.iter().filter_map(|reply| match reply {
        Reply::Retrying { seconds, .. } => Some(*seconds),
        _ => None,
    });
    // Bytes came between the second and the third failure.
    assert_eq!(waited.collect::<Vec<_>>(), [0.5, 1.0, 0.5]);
}

#[wasm_bindgen_test]
async fn a_server_without_ranges_starts_over() {
    serve(r#"{"model.safetensors": [{"cut": 400}, {"no_ranges": true}]}"#);
    assert_whole(bring(&folder("no-ranges"), &mut None).await.0);
}

#[wasm_bindgen_test]
async fn what_arrived_is_kept_for_the_next_load() {
    let times = |how: &str, n: usize| vec![how; n].join(",");
    serve(&format!(r#"{{"model.safetensors": [{{"cut": 400}}, {}]}}"#, times(r#"{"offline": true}"#, 4)));
    let folder = folder("kept");
    let mut kept = None;
    let error = bring(&folder, &mut kept).await.0.err().expect("a failure");
    assert_eq!(
        (error.kind, error.what.as_str(), error.got.as_str()),
        (Kind::Network, "model.safetensors", "Failed to fetch")
    );
    serve("{}");
    let (files, replies) = bring(&folder, &mut kept).await;
    assert_whole(files);
    assert_eq!(requests(), ["model.safetensors bytes=400-"]);
    assert!(matches!(replies[0], Reply::Progress { got_bytes: 407, .. }), "{replies:?}");
}

#[wasm_bindgen_test]
async fn what_does_not_belong_is_refused() {
    let cases = [
        (r#"{"model.safetensors": [{"more": 1}]}"#, "more"),
        (r#"{"model.safetensors": [{"status": 404}]}"#, "HTTP status 404"),
        (r#"{"model.safetensors": [{"cut": 400}, {"status": 416}]}"#, "HTTP status 416"),
        (r#"{"model.safetensors": [{"cut": 400}, {"range": "bytes 0-999/1000"}]}"#, "bytes 0-999/1000"),
        (r#"{"manifest.json": [{"more": 65536}]}"#, "more"),
        (r#"{"manifest.json": [{"status": 403}]}"#, "HTTP status 403"),
    ];
    for (plan, got) in cases {
        serve(plan);
        let error = bring(&folder("refused"), &mut None).await.0.err().expect(plan);
        assert_eq!((error.kind, error.got.as_str()), (Kind::Network, got), "{plan}");
    }
    serve(r#"{"manifest.json": [{"spoil": true}]}"#);
    assert_eq!(bring(&folder("refused"), &mut None).await.0.err().unwrap().kind, Kind::Format);
    assert_eq!(bring("https://models.test/no-slash", &mut None).await.0.err().unwrap().kind, Kind::Input);
}

#[wasm_bindgen_test]
async fn a_wrong_hash_is_fetched_once_more_and_then_an_error() {
    serve(r#"{"model.safetensors": [{"spoil": true}]}"#);
    assert_whole(bring(&folder("hash"), &mut None).await.0);
    assert_eq!(requests(), ["model.safetensors", "model.safetensors"]);

    serve(r#"{"model.safetensors": [{"spoil": true}, {"spoil": true}]}"#);
    let error = bring(&folder("hash"), &mut None).await.0.err().expect("a failure");
    assert_eq!((error.kind, error.what.as_str()), (Kind::Network, "model.safetensors"));
    assert!(error.expected.contains(&by_ourselves(FILES[2].1)));
    assert_eq!(requests().len(), 2);
}

type Heard = Rc<RefCell<Vec<(u32, Reply)>>>;

fn host() -> (Rc<Host>, Heard) {
    let heard = Heard::default();
    // Here nothing is parted.
    let models = Models::new(|| Box::pin(async { Some(Others { open: Opening::any, refusal: |_, _| None }) }));
    let host = Host::new(Rc::new(models), {
        let heard = heard.clone();
        move |id, reply, _| heard.borrow_mut().push((id, reply))
    });
    (host, heard)
}

fn say(host: &Rc<Host>, id: u32, body: Request) {
    say_bytes(host, &write(&Envelope { id, body }));
}

fn say_bytes(host: &Rc<Host>, head: &[u8]) {
    host.hear(&message(&Uint8Array::new_from_slice(head), &Array::new()));
}

fn message(head: &JsValue, buffers: &JsValue) -> JsValue {
    let message = Object::new();
    Reflect::set(&message, &"head".into(), head).unwrap();
    Reflect::set(&message, &"buffers".into(), buffers).unwrap();
    message.into()
}

fn failures(heard: &Heard) -> Vec<(u32, Kind)> {
    let failed = |(id, reply): &(u32, Reply)| match reply {
        Reply::Failed { error } => Some((*id, error.kind)),
        _ => None,
    };
    heard.borrow().iter().filter_map(failed).collect()
}

#[wasm_bindgen_test]
fn hostile_messages_are_answered_and_the_host_lives_on() {
    let (host, heard) = host();
    let bytes = Uint8Array::new_from_slice(&write(&Envelope { id: 1, body: Request::Cancel }));
    let foreign = [
        JsValue::NULL,
        JsValue::UNDEFINED,
        7.into(),
        "text".into(),
        Array::new().into(),
        Object::new().into(),
        message(&bytes, &JsValue::UNDEFINED),
        message(&bytes, &Array::of1(&7.into())),
        message(&bytes.buffer(), &Array::new()),
        message(&r#"{"id": 3, "body": "cancel"}"#.into(), &Array::new()),
    ];
    for message in &foreign {
        host.hear(message);
    }
    assert_eq!(failures(&heard), vec![(0, Kind::Worker); foreign.len()]);

    heard.borrow_mut().clear();
    say_bytes(&host, &[]);
    say_bytes(&host, &[3, 200]);
    let (run, head) = (4, HeadId::new(0, 0));
    let of = MapsOf { run, quantity: Quantity::Norm, with: None };
    let hot = Intervention { temperature: 0.0, ..Default::default() };
    let (text, pair, intervention, keep) = ("a".to_owned(), None, Intervention::default(), Slot::Main);
    say(&host, 4, Request::Run(RunRequest { text: text.clone(), pair, head, intervention, keep }));
    say(&host, 5, Request::Head { of, head });
    say(&host, 6, Request::Cancel);
    let passage = Passage { text, pair: None, intervention: hot };
    say(&host, 7, Request::Similar { a: passage.clone(), b: passage });
    say(&host, 8, Request::Maps { of, head });
    say(&host, 9, Request::Compare { run, with: run });
    let picture = Picture::Chart { measure: Measure::Entropy, chosen: head, pointed: None };
    say(&host, 10, Request::Draw { run, picture, room: 360.0 });
    say(&host, 11, Request::Predict { run, with: None, position: 0, most: 5 });
    say(&host, 12, Request::Time { tokens: 16 });
    // Above the limit it is not even copied whole.
    let long = Uint8Array::new_with_length(MOST_BYTES as u32 * 4);
    long.set_index(0, 13);
    host.hear(&message(&long, &Array::new()));
    let [broken, refused] = [Kind::Worker, Kind::Input];
    let ours = [(0, broken), (3, broken), (4, refused), (5, refused)];
    assert_eq!(failures(&heard), [&ours[..], &[7, 8, 9, 10, 11, 12, 13].map(|id| (id, refused))].concat());
}

#[wasm_bindgen_test]
async fn a_load_is_cancelled_and_carried_on_while_others_are_answered() {
    serve(r#"{"model.safetensors": [{"stall": 400}, {"stall": 600}]}"#);
    let (host, heard) = host();
    let folder = folder("cancel");
    let load = |id| say(&host, id, Request::Load { source: Source::Folder(folder.clone()) });
    load(1);
    wait_for(1).await;
    let of = MapsOf { run: 1, quantity: Quantity::Weight, with: None };
    say(&host, 2, Request::Head { of, head: HeadId::new(0, 0) });
    say(&host, 3, Request::Cancel);
    tick().await;
    assert_eq!(failures(&heard), [(2, Kind::Input), (1, Kind::Network)]);

    // A newer Load takes the place of the one under way, and of one that waits.
    load(4);
    wait_for(2).await;
    load(5);
    load(6);
    wait_for(3).await;
    for _ in 0..5 {
        tick().await;
    }
    assert_eq!(requests(), ["model.safetensors", "model.safetensors bytes=400-", "model.safetensors bytes=600-"]);
    // The last one got all bytes; that they are no model is the engine's word.
    let failed = failures(&heard);
    assert_eq!(failed[2..4], [(5, Kind::Network), (4, Kind::Network)]);
    assert_eq!(failed[4].0, 6);
    assert!(heard.borrow().contains(&(6, Reply::Preparing { done: 0, total: 0 })));
}

/// Until this many requests for the weights came, and a little longer for their bytes.
async fn wait_for(count: usize) {
    for _ in 0..100 {
        if requests().len() >= count {
            return tick().await;
        }
        tick().await;
    }
    panic!("{:?}", requests());
}
