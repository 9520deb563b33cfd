//! The run on screen as a link and as a snapshot.

use std::sync::Arc;

use leptos::prelude::*;
use ndarray::Array4;

use crate::engine::HeadId;
use crate::error::{Error, Kind, Result};
use crate::state::{Of, Run, Snapshot, link_to};
use crate::ui::browser::files::address as file_address;
use crate::ui::session::state::Session;

/// The run on screen with all its weights [layers, heads, n, n]. Of a long text heads come from the worker first.
///
/// # Errors
/// Where there is no run, or a newer one has taken its place meanwhile.
pub async fn whole(session: Session) -> Result<(Arc<Run>, Array4<f32>)> {
    let nothing = |got: &str| {
        let advice = "Wait until your text has been read, and try again.";
        Error::new(Kind::Input, "the run", "one on screen", got, advice)
    };
    let is_here = |run: &Arc<Run>| session.view.with_untracked(|view| run.is_of(view));
    let id = session.run.get_untracked().filter(is_here).ok_or_else(|| nothing("none"))?.id;
    let now = move || session.run.get_untracked().filter(|now| now.id == id);
    session
        .until(&move || {
            let Some(run) = now() else { return true };
            let missing: Vec<_> = heads(&run).filter(|&head| run.pattern(head).is_none()).collect();
            missing.iter().for_each(|&head| session.fetch(&run, Of::default(), head));
            missing.is_empty()
        })
        .await;
    let run = now().ok_or_else(|| nothing("another one by now"))?;
    let n = run.tokens.len();
    let mut cells = Vec::with_capacity(run.layers * run.heads * n * n);
    heads(&run).filter_map(|head| run.pattern(head)).for_each(|map| cells.extend(map.iter()));
    let pattern = Array4::from_shape_vec((run.layers, run.heads, n, n), cells).map_err(|_| nothing("a part of it"))?;
    Ok((run, pattern))
}

fn heads(run: &Run) -> impl Iterator<Item = HeadId> {
    HeadId::all(run.layers, run.heads)
}

/// The run on screen as a snapshot's bytes.
///
/// # Errors
/// As [`whole`].
pub async fn snapshot(session: Session) -> Result<Vec<u8>> {
    let (run, pattern) = whole(session).await?;
    let view = session.view.get_untracked();
    Snapshot::new(&session.made_by(&run), &view, run.tokens.clone(), pattern).to_bytes()
}

/// The page's own address with this state; none where that would be longer than the page reads.
pub fn link(session: Session) -> Option<String> {
    Some(format!("{}#{}", file_address("./"), session.view.with(link_to)?))
}
