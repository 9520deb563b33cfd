//! Saved runs that come from outside: dropped on the page, chosen, or sent by a page around.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::error::{Error, Kind, Result};
use crate::source::Source;
use crate::state::{Patch, Snapshot, ViewState, read_link};
use crate::ui::session::apply::of_this_model;
use crate::ui::session::state::Session;

/// The largest file read: more than the largest snapshot.
const MOST_BYTES: f64 = 64e6;

/// Shows a saved run, as it was on screen, where it is of what `asked` names.
///
/// # Errors
/// [`Kind::Format`] for bytes that are no snapshot, [`Kind::Input`] for one of another text; then all stays as it was.
pub fn snapshot(session: Session, bytes: &[u8], asked: &Patch) -> Result<()> {
    let snapshot = Snapshot::from_bytes(bytes)?;
    let run = snapshot.run();
    let mut named = ViewState { text: run.asked.text.clone(), pair: run.asked.pair.clone(), ..ViewState::default() };
    named.altered.clone_from(&run.asked.altered);
    named.apply(asked);
    if !run.is_of(&named) {
        let (expected, advice) = (format!("a run of “{}”", named.text), "Save the snapshot again, or name its text.");
        return Err(Error::new(Kind::Input, "the snapshot", expected, format!("one of “{}”", run.asked.text), advice));
    }
    // The run says what was read; of the link holds what can be read.
    let (patch, _) = read_link(&snapshot.about.link);
    let Patch { wanted, .. } = patch.clone();
    let mut view = ViewState::default();
    view.apply(&patch);
    view = of_this_model(session, view);
    (view.text, view.pair, view.altered) = (run.asked.text.clone(), run.asked.pair.clone(), run.asked.altered.clone());
    view.fit(run.layers, run.heads);
    view.tokens.retain(|&token| token < run.tokens.len());
    session.open(run, view, wanted);
    Ok(())
}

/// Reads a file of the reader's and shows it, or says what is wrong with it.
pub fn file(session: Session, file: File) {
    spawn_local(async move {
        let opened = match bytes(&file).await {
            Ok(bytes) => snapshot(session, &bytes, &Patch::default()),
            Err(error) => Err(error),
        };
        match opened {
            // The page reads its own files only; the worker says what is wrong with another.
            Err(_) if file.name().ends_with(".safetensors") => session.import(file),
            Err(mut error) => {
                error.what = file.name();
                session.fault.set(Some(error));
            }
            Ok(()) => {}
        }
    });
}

async fn bytes(file: &File) -> Result<Vec<u8>> {
    let refused = |got: String| {
        let advice = "Open a file that “Save a snapshot” or `attn snapshot` made.";
        Error::new(Kind::Format, "the file", "a snapshot", got, advice)
    };
    if file.size() > MOST_BYTES {
        return Err(refused(format!("{} MB", (file.size() / 1e6).round())));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| refused("a file that cannot be read".into()))?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Loads a model from files of the reader's own, and says which if they are none.
pub fn open_files(session: Session, files: Vec<File>) {
    // A folder's files have paths.
    let path = |file: &File| {
        let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
    };
    let paths = files.iter().map(path).collect();
    session.load_from(Source::Own(paths), files);
}

/// Whether files are a model's and not a saved run: a GGUF file, or several together.
pub fn are_a_model(files: &[File]) -> bool {
    files.len() > 1 || files.iter().any(|file| file.name().ends_with(".gguf"))
}
