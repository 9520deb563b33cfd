//! What the first picture does without. It is a binary of its own, which is fetched as soon as the page stands: one
//! may look and type before it is here.
//!
//! The build parts the two at [`workbench`] (wasm-split: all functions that only the function behind that name
//! reaches), so nothing else of the page may call what is made here.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::Address;
use super::alter::{Alter, AlteredNote};
use super::caption::RowTable;
use super::compare::{Beside, Compare, ComparedNote};
use super::consent::AskModel;
use super::downstream::Downstream;
use super::input::{CutNote, TokenizerNotes};
use super::keys::Help;
use super::language::LanguageChoice;
use super::lesson;
use super::messages::WholePage;
use super::models::{Models, Writing};
use super::offline::NewVersion;
use super::parts::{flag, piece, press};
use super::session::Session;
use super::share::Share;
use super::survey::{FindHeads, Told};
use super::theme::{Look, ThemeSwitch};
use super::views::{ChartsView, HeatmapView, InsideView, Readings};
use super::{api, keys, messages, open};
use crate::state::{History, ViewState};
use crate::text;

/// What stands together on the page.
#[derive(Clone, Copy)]
pub enum Part {
    Header,
    Notes,
    Lesson,
    Tools,
    Below,
    Beside,
    OtherMap,
    Find,
    Told,
    Charts,
}

/// What all pieces are made from.
#[derive(Clone, Copy)]
pub struct Page {
    pub(super) session: Session,
    pub(super) look: Look,
    pub(super) readings: Readings,
    pub(super) beside: Readings,
    /// Brings the lesson's own binary.
    pub(super) fetch_lesson: fn() -> lesson::Fetched,
}

pub type Make = fn(Part, Page) -> AnyView;
/// None where the binary could not be fetched.
pub type Fetched = Pin<Box<dyn Future<Output = Option<Make>>>>;

/// Starts what works on the whole page, and returns what makes its pieces.
pub fn workbench(page: Page) -> Make {
    api::install(page.session);
    keys::install(page.session);
    open::install(page.session);
    messages::install(page.session);
    make
}

fn make(part: Part, page: Page) -> AnyView {
    let Page { session, look, readings, beside, fetch_lesson } = page;
    match part {
        Part::Lesson => view! { <lesson::Door page fetch=fetch_lesson/> }.into_any(),
        Part::Header => view! {
            <a class="quiet" id="to-lesson" href="#/lesson">{text::lesson_open()}</a>
            {step(session, 0, text::undo(), History::undo)}
            {step(session, 1, text::redo(), History::redo)}
            <button class="quiet" on:click=press(keys::show_help)>{text::keys()}</button>
            <ThemeSwitch look/>
            <LanguageChoice/>
        }
        .into_any(),
        Part::Notes => view! {
            <CutNote session/>
            <TokenizerNotes session/>
            <AlteredNote session/>
            <NewVersion session/>
            <Help/>
        }
        .into_any(),
        Part::Tools => view! {
            <Address session/>
            <AskModel session/>
            <div class="model">
                <Models session/>
                <Writing session/>
            </div>
            <Alter session/>
            <Compare session/>
            <Share session look readings/>
            <ComparedNote session/>
        }
        .into_any(),
        Part::Below => view! {
            <RowTable pinned=readings.pinned/>
            <InsideView session look ids=["inside", "inside-told", "soften"]/>
            <Downstream session/>
        }
        .into_any(),
        Part::Beside => view! { <Beside session readings=beside look/> }.into_any(),
        Part::OtherMap => view! { <HeatmapView session readings=beside look id="heatmap-other"/> }.into_any(),
        Part::Find => view! { <FindHeads session/> }.into_any(),
        Part::Told => view! { <Told session/> }.into_any(),
        Part::Charts => view! {
            <ChartsView session look/>
            <WholePage session/>
        }
        .into_any(),
    }
}

/// A button that goes one way through the history, while there is a step that way.
fn step(session: Session, way: usize, name: &'static str, go: Travel) -> impl IntoView {
    let none = flag(move || !session.steps.get()[way]);
    view! { <button class="quiet" disabled=none on:click=press(move || session.travel(go))>{name}</button> }
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
