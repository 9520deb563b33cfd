//! The page's end of the worker boundary, against workers made from a few lines of text.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use attnscope::Kind;
use attnscope::analysis::Quantity;
use attnscope::engine::HeadId;
use attnscope::worker::client::{Client, floats};
use attnscope::worker::protocol::{Envelope, MapsOf, Reply, Request, VERSION, write};
use js_sys::{Array, ArrayBuffer, Float32Array, Promise};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Blob, BlobPropertyBag, Url};

wasm_bindgen_test_configure!(run_in_browser);

type Heard = Rc<RefCell<Vec<(u32, Reply, Vec<ArrayBuffer>)>>>;

/// A worker of a few lines: `hello()`, `mirror(event)` answers with a head of the run asked about, `reply(head,
/// buffers)` with any bytes. Ids and runs below 128 are one byte each, in requests and replies for a head alike.
fn script(body: &str) -> String {
    let hello = written(0, Reply::Hello { version: VERSION });
    let head = written(0, Reply::Head { of: of(0), head: HeadId::new(0, 0), n: 1 });
    let tools = format!(
        "const reply = (head, buffers = []) => postMessage({{ head: Uint8Array.from(head), buffers }}, buffers);
         const hello = () => reply({hello:?});
         const asked = (event) => ({{ id: event.data.head[0], run: event.data.head[2] }});
         const mirror = (event) => {{
             const {{ id, run }} = asked(event);
             const [, variant, , ...rest] = {head:?};
             reply([id, variant, run, ...rest], [new Float32Array([id, 0.5]).buffer]);
         }};"
    );
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let text = Array::of1(&format!("{tools}{body}").into());
    Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&text, &kind).unwrap()).unwrap()
}

/// As a list of JavaScript too, printed with `{:?}`.
fn written(id: u32, body: Reply) -> Vec<u8> {
    write(&Envelope { id, body })
}

fn client(script_url: &str) -> (Client, Heard) {
    let heard = Heard::default();
    let client = Client::start(script_url, false, {
        let heard = heard.clone();
        move |id, reply, buffers| heard.borrow_mut().push((id, reply, buffers))
    });
    (client.unwrap(), heard)
}

fn ask(run: u32) -> Request {
    Request::Head { of: of(run), head: HeadId::new(0, 0) }
}

fn of(run: u32) -> MapsOf {
    MapsOf { run, quantity: Quantity::Weight, with: None }
}

async fn until(heard: &Heard, count: usize) {
    for _ in 0..250 {
        if heard.borrow().len() >= count {
            return;
        }
        pause(20).await;
    }
    panic!("{:?}", heard.borrow());
}

async fn pause(millis: i32) {
    let over = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis).unwrap();
    });
    JsFuture::from(over).await.unwrap();
}

/// Each reply's id, and the failure's text where it is one.
fn outcomes(heard: &Heard) -> Vec<(u32, Option<String>)> {
    let outcome = |(id, reply, _): &(u32, Reply, Vec<ArrayBuffer>)| match reply {
        Reply::Failed { error } => {
            assert_eq!(error.kind, Kind::Worker);
            (*id, Some(error.got.clone()))
        }
        _ => (*id, None),
    };
    heard.borrow().iter().map(outcome).collect()
}

#[wasm_bindgen_test]
async fn nothing_is_lost_before_the_worker_listens() {
    let (client, heard) = client(&script("setTimeout(() => { onmessage = mirror; hello(); }, 200);"));
    assert_eq!((client.send(ask(8)), client.send(ask(9))), (1, 2));
    until(&heard, 2).await;
    client.send(ask(10));
    until(&heard, 3).await;
    let heard = heard.borrow();
    let runs = heard.iter().map(|(id, reply, buffers)| match reply {
        Reply::Head { of, .. } => (*id, of.run, floats(&buffers[0])),
        other => panic!("{other:?}"),
    });
    assert_eq!(runs.collect::<Vec<_>>(), [(1, 8, vec![1.0, 0.5]), (2, 9, vec![2.0, 0.5]), (3, 10, vec![3.0, 0.5])]);
}

#[wasm_bindgen_test]
async fn an_uncaught_error_ends_the_worker_until_a_restart() {
    let dies = "onmessage = (event) => { if (asked(event).run == 13) throw new Error('unreachable'); mirror(event); }; hello();";
    let (client, heard) = client(&script(dies));
    client.send(ask(1));
    client.send(ask(13));
    until(&heard, 2).await;
    client.send(ask(2));
    assert_eq!(heard.borrow().len(), 2, "never from within send");
    until(&heard, 3).await;
    let failed = outcomes(&heard);
    assert_eq!(failed[0], (1, None));
    assert!(failed[1].1.as_ref().unwrap().contains("unreachable"), "{failed:?}");
    assert_eq!((failed[1].0, failed[2].0, failed[2].1.is_some()), (2, 3, true));

    client.restart().unwrap();
    client.send(ask(3));
    until(&heard, 4).await;
    assert_eq!(outcomes(&heard)[3], (4, None));
}

#[wasm_bindgen_test]
async fn a_script_that_is_missing_or_fails_is_told() {
    for url in
        ["no_such_worker.js".to_owned(), script("importScripts('no_such_loader.js');"), script("this is no script")]
    {
        let (client, heard) = client(&url);
        client.send(ask(1));
        until(&heard, 1).await;
        assert!(matches!(&outcomes(&heard)[..], [(1, Some(_))]), "{url}");
    }
}

#[wasm_bindgen_test]
async fn the_boot_script_tells_of_a_promise_that_fails() {
    // As Trunk's loader does when the wasm file is missing.
    let loader = "Promise.reject(new Error('no wasm'));";
    let boot = include_str!("../assets/worker_boot.js");
    let (_client, heard) = client(&script(&format!("{boot}{loader}")));
    until(&heard, 1).await;
    assert!(matches!(&outcomes(&heard)[..], [(0, Some(why))] if why.contains("no wasm")), "{heard:?}");
}

#[wasm_bindgen_test]
async fn foreign_messages_do_no_harm() {
    let foreign = "const bytes = Uint8Array.of(0, 0);
        for (const it of [null, 7, 'a', {}, { head: 1, buffers: [] }, { head: bytes }, { head: bytes, buffers: [1] },
                          { head: bytes.buffer, buffers: [] }]) postMessage(it);
        onmessage = mirror; hello();
        for (const bytes of [[], [0, 200], [255, 255]]) reply(bytes);";
    let (client, heard) = client(&script(foreign));
    client.send(ask(1));
    until(&heard, 4).await;
    // Only what has the form of a message, and is none, is told.
    let outcomes = outcomes(&heard);
    assert!(matches!(&outcomes[..], [(1, Some(_)), (1, Some(_)), (1, Some(_)), (1, None)]), "{outcomes:?}");
}

#[wasm_bindgen_test]
async fn a_worker_of_another_version_is_told_and_ended() {
    let newer = format!("reply({:?}); onmessage = mirror;", written(0, Reply::Hello { version: VERSION + 1 }));
    // What the worker said before there were versions.
    let older = "postMessage({ head: '{\"id\":0,\"body\":\"hello\"}', buffers: [] }); onmessage = mirror;".to_owned();
    for (body, got) in [(newer, format!("version {}", VERSION + 1)), (older, String::new())] {
        let (client, heard) = client(&script(&body));
        client.send(ask(1));
        until(&heard, 1).await;
        let told = outcomes(&heard);
        assert!(matches!(&told[..], [(1, Some(why))] if why.contains(&got)), "{told:?}");
        client.send(ask(2));
        until(&heard, 2).await;
        assert!(matches!(&outcomes(&heard)[1], (2, Some(_))), "it does not wait for ever");
    }
}

#[wasm_bindgen_test]
async fn a_dropped_client_is_silent() {
    let (client, heard) = client(&script("onmessage = mirror; hello(); setInterval(hello, 10);"));
    client.send(ask(1));
    drop(client);
    pause(200).await;
    assert!(heard.borrow().is_empty());
}

#[wasm_bindgen_test]
fn floats_are_read_from_a_buffer() {
    assert_eq!(floats(&Float32Array::new_from_slice(&[1.5, -2.0]).buffer()), [1.5, -2.0]);
    assert!(floats(&ArrayBuffer::new(3)).is_empty());
}
