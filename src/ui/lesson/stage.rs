//! What a step is made from, and how it brings what it shows to the screen.

use leptos::prelude::*;

use super::desk::Desk;
use crate::source::Source;
use crate::state::lesson_place::Step;
use crate::state::{Action, Alike, Patch, Run, Source as RunSource, ViewState, read_link};
use crate::ui::browser::files::{address, fetched};
use crate::ui::browser::theme::Look;
use crate::ui::page::Page;
use crate::ui::session::apply::{self, Lost};
use crate::ui::session::{Cause, Model, Session, open};
use crate::ui::views::selection::Readings;
use crate::ui::widgets::{Typed, typed};

#[derive(Clone, Copy)]
pub struct Stage {
    pub session: Session,
    pub look: Look,
    pub readings: Readings,
    pub beside: Readings,
    pub desk: Desk,
    /// The step whose state was asked for last: an older one comes too late.
    asked: StoredValue<u32>,
}

/// The state that a step begins with, as a link, and the saved run that shows it before the model is here.
fn beginning(step: Step) -> Option<(&'static str, &'static str)> {
    const TROPHY: &str = "trophy";
    Some(match step {
        Step::Puzzle => ("v=1&head=L3H1", TROPHY),
        Step::Dictionary => ("v=1&head=L3H1&inside=1", TROPHY),
        Step::Softmax => ("v=1&head=L3H1", TROPHY),
        Step::Heads => ("v=1&head=L0H0&downstream=1", TROPHY),
        Step::Order => {
            ("v=1&text=dog+bit+man&other=man+bit+dog&side_by_side=1&downstream=1&head=L2H4&tokens=dog", "dog")
        }
        Step::Layers => ("v=1&head=L3H1", TROPHY),
        Step::Price => ("v=1&head=L3H1", TROPHY),
        // A model of its own, unless the reader has loaded it; no run at all.
        Step::Cross | Step::Rnn | Step::Family => return None,
    })
}

impl Stage {
    pub fn new(page: Page) -> Self {
        let Page { session, look, readings, beside, .. } = page;
        Self { session, look, readings, beside, desk: Desk::new(session), asked: StoredValue::new(0) }
    }

    /// Puts the state on screen that a step begins with.
    pub async fn begin(self, step: Step) {
        self.asked.update_value(|asked| *asked += 1);
        let asked = self.asked.get_value();
        let session = self.session;
        // No saved run is on its way where the page was opened at another text than that of the start.
        let own = session.view.with_untracked(|view| view.texts() != ViewState::default().texts());
        session.until(&|| own || session.run.with_untracked(Option::is_some)).await;
        if self.asked.get_value() != asked {
            return;
        }
        if step == Step::Cross {
            return self.begin_cross().await;
        }
        let Some((link, saved)) = beginning(step) else { return };
        let (patch, _) = read_link(link);
        let mut next = session.view.get_untracked();
        next.apply(&patch);
        let is_here = |run: &Run| run.texts() == next.texts() && !session.is_anothers(run) && !self.is_of_another(run);
        let shown = session.run.with_untracked(|run| run.as_deref().is_some_and(is_here));
        let ready = session.model.with_untracked(|model| matches!(model, Model::Ready(_)));
        // The model here will read it at once, unless another's run has taken its place.
        let others = session.run.with_untracked(|run| run.as_deref().is_some_and(|run| self.is_of_another(run)));
        let soon = ready && !others && session.view.with_untracked(|view| view.model == next.model);
        if !(shown || soon) {
            self.open_saved(saved).await;
        }
        if self.asked.get_value() != asked {
            return;
        }
        // Of what cannot be shown the page tells; what can be is on screen.
        let (fitting, _) = apply::fitting(session, &patch);
        let patch = if session.run.with_untracked(|r| r.is_some()) && !ready { fitting } else { patch };
        self.change(patch).await;
    }

    /// A change that nobody waits for: what is wrong with it is for who looks into it.
    async fn change(self, patch: Patch) {
        if let Err(error) = apply::change(self.session, patch, Lost::Part, Cause::Reader).await {
            leptos::logging::log!("{error}");
        }
    }

    /// How alike these two embeddings of what is on screen are, once that is known.
    pub fn cosine(self, what: Alike) -> Option<f32> {
        let (_, both) = self.session.view.with(|v| v.alike().into_iter().find(|(known, _)| *known == what))?;
        self.session.run.with(|run| run.as_ref()?.cosine(&both))
    }

    /// What typing in a field for the text on screen does.
    pub fn write_text(self) -> Typed {
        typed(move |text| self.session.put_texts(text, None))
    }

    /// The translator's own saved run, unless the reader has loaded it.
    async fn begin_cross(self) {
        let session = self.session;
        if session.view.with_untracked(|view| view.model.as_ref() == Some(&numbers())) {
            self.change(read_link(&numbers_link()).0).await;
        } else {
            self.open_saved("numbers").await;
            session.act(Action::SetForm(None));
        }
    }

    /// A saved run of another model than the page's own stands on screen.
    fn is_of_another(self, run: &Run) -> bool {
        run.source == RunSource::Snapshot && run.opened && !run.saved_by.eq_ignore_ascii_case(OWN)
    }

    /// Shows a saved run of the page's, if it can be fetched.
    pub async fn open_saved(self, name: &str) {
        if let Some(bytes) = fetched(&address(&format!("snapshots/{name}.safetensors"))).await
            && let Err(error) = open::snapshot(self.session, &bytes, &Patch::default())
        {
            leptos::logging::warn!("{error}");
        }
    }
}

/// The translator that comes with the page.
pub fn numbers() -> Source {
    Source::Folder(address("models/numbers/"))
}

/// It, and the run that its saved one is of.
pub fn numbers_link() -> String {
    let model = numbers().written();
    format!("v=1&model={model}&text=two+hundred+twenty-three&pair=zweihundertdreiundzwanzig&head=L3H1&tokens=hundert")
}

/// The page's own model, as its saved runs call it.
pub const OWN: &str = "all-MiniLM-L6-v2";
