//! The pane beside the pictures: the row as a table, how a weight is made, the effect of it, and charts. On a phone its tabs
//! choose among the pictures of all heads and of the whole head, too.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::state::{Action, Tab};
use crate::text;
use crate::ui::browser::storage::storage;
use crate::ui::browser::theme::Look;
use crate::ui::panels::caption::RowTable;
use crate::ui::panels::compare::ComparedNote;
use crate::ui::panels::effect::Downstream;
use crate::ui::session::Session;
use crate::ui::views::charts::ChartsView;
use crate::ui::views::inside::InsideView;
use crate::ui::views::selection::Readings;
use crate::ui::widgets::{flag, press, words};

/// What a narrow page shows under the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Heads,
    Heatmap,
    Inspector,
}

impl Pane {
    /// The id of its element.
    fn element(self) -> &'static str {
        match self {
            Self::Heads => "pane-heads",
            Self::Heatmap => "pane-heatmap",
            Self::Inspector => "inspector-panel",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Heads => "heads",
            Self::Heatmap => "heatmap",
            Self::Inspector => "inspector",
        }
    }
}

/// A tab of the inspector, its name, and its element.
const TABS: [(Tab, text::Name, &str); 4] = [
    (Tab::Row, text::tab_row, "tab-row"),
    (Tab::Steps, text::tab_steps, "tab-steps"),
    (Tab::Effect, text::tab_effect, "tab-effect"),
    (Tab::Charts, text::tab_charts, "tab-charts"),
];

/// The pictures that are tabs where the page is narrow.
const PICTURES: [(Pane, text::Name, &str); 2] =
    [(Pane::Heads, text::tab_heads, "tab-heads"), (Pane::Heatmap, text::tab_heatmap, "tab-heatmap")];

/// Where the tab that was open last is kept.
const KEY: &str = "attnscope-tab";

/// Opens the tab that was open on the last visit, where nothing else asks for one.
pub fn restore_tab(session: Session) {
    let kept = storage().and_then(|s| s.get_item(KEY).ok().flatten());
    let found = TABS.iter().find(|(.., id)| kept.as_deref() == Some(*id));
    if let Some((tab, ..)) = found.filter(|_| session.view.with_untracked(|v| Tab::of(v) == Tab::Row)) {
        session.act(Action::Open(*tab));
    }
}

#[component]
pub fn Inspector(session: Session, look: Look, readings: Readings, pane: RwSignal<Pane>) -> impl IntoView {
    let tab = Memo::new(move |_| session.view.with(Tab::of));
    let is_open = RwSignal::new(false);
    // What opens a tab by itself is seen: the edit of a model, a link.
    Effect::new(move |before: Option<Tab>| {
        let now = tab.get();
        if before.is_some_and(|before| before != now) {
            pane.set(Pane::Inspector);
            is_open.set(true);
        }
        now
    });
    let open = move |to: Tab| {
        pane.set(Pane::Inspector);
        is_open.set(true);
        if tab.get_untracked() != to {
            session.act(Action::Open(to));
        }
        let name = TABS.iter().find(|(tab, ..)| *tab == to).map_or("", |(.., id)| id);
        // Refused storage only means that the tab is forgotten.
        let _ = storage().map(|s| s.set_item(KEY, name));
    };
    let pictures = PICTURES.map(|(of, name, id)| {
        let chosen = move || pane.get() == of;
        tab_button(id, name(), "picture-tab", of.element(), chosen, move || pane.set(of))
    });
    let tabs = TABS.map(|(of, name, id)| {
        let chosen = move || tab.get() == of && pane_shows_inspector(pane);
        tab_button(id, name(), "", "inspector-panel", chosen, move || open(of))
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && is_open.get_untracked() {
            is_open.set(false);
        }
    };
    let shows = move |of: Tab| flag(move || tab.get() != of);
    view! {
        <div class="tabs" data-rove="" class:out=flag(move || !is_open.get())>
            <div class="tablist" role="tablist" aria-label=text::inspector()>
                {pictures.into_iter().collect_view()}
                {tabs.into_iter().collect_view()}
            </div>
            <button
                class="drawer-close"
                aria-label=text::close()
                title=text::close()
                on:click=press(move || is_open.set(false))
            >
                "×"
            </button>
        </div>
        <button
            class="drawer-open"
            id="open-inspector"
            aria-expanded=words(move || is_open.get().to_string())
            on:click=press(move || is_open.update(|open| *open = !*open))
        >
            {text::inspector()}
        </button>
        <section
            data-pane="inspector"
            id="inspector-panel"
            role="tabpanel"
            aria-label=text::inspector()
            tabindex="-1"
            class:out=flag(move || !is_open.get())
            on:keydown=on_key
        >
            <ComparedNote session/>
            <div hidden=shows(Tab::Row)><RowTable session readings/></div>
            <div hidden=shows(Tab::Steps)><InsideView session look ids=["inside", "inside-told", "soften"] bare=true/></div>
            <div hidden=shows(Tab::Effect)><Downstream session/></div>
            <div hidden=shows(Tab::Charts)><ChartsView session look/></div>
        </section>
    }
}

/// A wide page shows the inspector whatever the tabs of a narrow one have chosen.
fn pane_shows_inspector(pane: RwSignal<Pane>) -> bool {
    pane.get() == Pane::Inspector || !is_narrow()
}

/// The pictures are tabs: as in the style sheet.
pub fn is_narrow() -> bool {
    window().match_media("(max-width: 599px)").ok().flatten().is_some_and(|query| query.matches())
}

fn tab_button(
    id: &'static str,
    name: &'static str,
    class: &'static str,
    controls: &'static str,
    chosen: impl Fn() -> bool + Copy + Send + 'static,
    choose: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button
            id=id
            class=class
            role="tab"
            aria-controls=controls
            aria-selected=words(move || chosen().to_string())
            on:click=press(choose)
        >
            {name}
        </button>
    }
    .into_any()
}
