//! What the first picture does without. It is a binary of its own, which is fetched as soon as the page stands: one
//! may look and type before it is here.
//!
//! The build parts the two at [`workbench`] (wasm-split: all functions that only the function behind that name
//! reaches), so nothing else of the page may call what is made here.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::{History, ViewState};
use crate::text;
use crate::ui::doors::url::Address;
use crate::ui::doors::{drop, embed, keys, script};
use crate::ui::lesson;
use crate::ui::page::{Fetched, Make, Page, Part};
use crate::ui::panels::ask_model::AskModel;
use crate::ui::panels::compare::Beside;
use crate::ui::panels::guide::Guide;
use crate::ui::panels::heads::{HeadsFoot, HeadsTools};
use crate::ui::panels::help::{self, Help};
use crate::ui::panels::inspector::Inspector;
use crate::ui::panels::models::{Models, StackNote, Writing};
use crate::ui::panels::new_version::NewVersion;
use crate::ui::panels::settings::{LanguageChoice, ThemeSwitch};
use crate::ui::panels::share::{OnPaper, Share, WholePage};
use crate::ui::panels::text::{CutNote, TextChoice, TokenizerNotes};
use crate::ui::panels::toolbar::Tools;
use crate::ui::session::Session;
use crate::ui::views::heatmap::HeatmapView;
use crate::ui::views::{touch, voice};
use crate::ui::widgets::popover::{self, popover};
use crate::ui::widgets::term::Meaning;
use crate::ui::widgets::{piece, plain, press, words};

/// Starts what works on the whole page, and returns what makes its pieces.
pub fn workbench(page: Page) -> Make {
    script::install(page.session);
    // Before the keys of the page: what closes a popover does nothing else.
    popover::install();
    keys::install(page.session);
    voice::install(page.session);
    touch::install(page.session);
    drop::install(page.session);
    embed::install(page.session);
    make
}

fn make(part: Part, page: Page) -> AnyView {
    let Page { session, look, readings, beside, pane, fetch_lesson } = page;
    match part {
        Part::Lesson => view! { <lesson::Door page fetch=fetch_lesson/> }.into_any(),
        Part::Ways => view! { <a id="to-lesson" href="#/lesson">{text::lesson_open()}</a> }.into_any(),
        Part::Head => {
            let more = view! {
                <ThemeSwitch look/>
                <button class="quiet" on:click=press(help::show_help)>{text::keys()}</button>
                <LanguageChoice/>
                {plain("p", "class=hint", &[text::between_sentences(), text::stays_here()].concat())}
            };
            view! {
                <Models session/>
                {step(session, 0, text::undo(), "↶", History::undo)}
                {step(session, 1, text::redo(), "↷", History::redo)}
                <Share session look readings/>
                {popover("more", text::more(), more.into_any())}
                <Help/>
            }
            .into_any()
        }
        Part::Text => view! {
            <Writing session/>
            <TextChoice session/>
        }
        .into_any(),
        Part::Tools => view! { <Tools session/> }.into_any(),
        Part::Notes => {
            let inner = view! {
                <CutNote session/>
                <TokenizerNotes session/>
            };
            view! { <div class="notes">{popover("notes", text::notes(), inner.into_any())}</div> }.into_any()
        }
        Part::Notices => view! {
            <Address session/>
            <AskModel session/>
            <NewVersion session/>
            <Meaning/>
        }
        .into_any(),
        Part::Title => view! {
            <StackNote session/>
            <OnPaper session/>
        }
        .into_any(),
        Part::Guide => view! { <Guide session/> }.into_any(),
        Part::Beside => view! { <Beside session readings=beside look/> }.into_any(),
        Part::OtherMap => {
            view! { <HeatmapView session readings=beside look id="heatmap-other" bounded=true/> }.into_any()
        }
        Part::HeadsTools => view! { <HeadsTools session/> }.into_any(),
        Part::HeadsFoot => view! { <HeadsFoot session/> }.into_any(),
        Part::Foot => view! { <WholePage session/> }.into_any(),
        Part::Inspector => view! { <Inspector session look readings pane/> }.into_any(),
    }
}

/// A button that goes one way through the history, while there is a step that way. At its end it keeps the focus.
fn step(session: Session, way: usize, name: &'static str, sign: &'static str, go: Travel) -> impl IntoView {
    let none = words(move || (!session.steps.get()[way]).to_string());
    view! {
        <button class="quiet sign" aria-label=name title=name aria-disabled=none data-sign=sign on:click=press(move || session.travel(go))></button>
    }
}

type Travel = fn(&mut History, &ViewState) -> Option<ViewState>;

/// The pieces that come later.
#[derive(Clone, Copy)]
pub struct Later {
    page: Page,
    made: RwSignal<Option<Make>>,
    lost: RwSignal<bool>,
    fetch: fn(Page) -> Fetched,
}

impl Later {
    pub fn new(page: Page, fetch: fn(Page) -> Fetched) -> Self {
        let later = Self { page, made: RwSignal::new(None), lost: RwSignal::new(false), fetch };
        later.fetch();
        later
    }

    fn fetch(self) {
        self.lost.set(false);
        spawn_local(async move {
            match (self.fetch)(self.page).await {
                Some(make) => self.made.set(Some(make)),
                None => self.lost.set(true),
            }
        });
    }

    /// This piece, once it can be made.
    pub fn part(self, part: Part) -> impl IntoView {
        piece(move || self.made.get().map_or_else(|| ().into_any(), |make| make(part, self.page)))
    }

    /// Says that the pieces could not be fetched.
    pub fn note(self) -> impl IntoView {
        piece(move || {
            if !self.lost.get() {
                return ().into_any();
            }
            view! {
                <p class="fault" role="alert">
                    {text::tools_lost()}
                    <button on:click=press(move || self.fetch())>{text::try_again()}</button>
                </p>
            }
            .into_any()
        })
    }
}
