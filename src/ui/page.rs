//! What the deferred parts of the page are made from, and the types of the functions that make them.

use std::pin::Pin;

use leptos::prelude::*;

use crate::state::lesson_place::Place;
use crate::ui::browser::theme::Look;
use crate::ui::panels::inspector::Pane;
use crate::ui::session::Session;
use crate::ui::views::selection::Readings;

/// What all pieces are made from.
#[derive(Clone, Copy)]
pub struct Page {
    pub(super) session: Session,
    pub(super) look: Look,
    pub(super) readings: Readings,
    pub(super) beside: Readings,
    /// What a narrow page shows under the sentence.
    pub(super) pane: RwSignal<Pane>,
    /// Brings the lesson's own binary.
    pub(super) fetch_lesson: fn() -> FetchedLesson,
}

pub type Make = fn(Part, Page) -> AnyView;

/// None where the binary could not be fetched.
pub type Fetched = Pin<Box<dyn Future<Output = Option<Make>>>>;

/// What stands together on the page.
#[derive(Clone, Copy)]
pub enum Part {
    Lesson,
    /// The way to the lesson and back.
    Ways,
    /// At the end of the first bar: the model, undo and redo, sharing, and what is seldom needed.
    Head,
    /// Beside the text.
    Text,
    /// At the end of the row of controls.
    Tools,
    /// What the reader should know of the text on screen.
    Notes,
    /// Cards over the page.
    Notices,
    /// Over the sentence: what the layer is.
    Title,
    /// The sentence that is compared with.
    Beside,
    OtherMap,
    HeadsTools,
    HeadsFoot,
    Inspector,
    /// In the caption's row: what to try first.
    Guide,
    /// Under the pictures.
    Foot,
}

/// Makes the lesson, which follows the place.
pub type MakeLesson = fn(Page, RwSignal<Option<Place>>) -> AnyView;

/// None where the binary could not be fetched.
pub type FetchedLesson = Pin<Box<dyn Future<Output = Option<MakeLesson>>>>;
