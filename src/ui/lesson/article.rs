//! What the article that the lesson follows says, beside what the model says, in the steps where they differ.

use leptos::prelude::*;

use crate::text::lesson as text;
use crate::ui::widgets::{flag, plain, words};

/// A box with both; hidden while there is nothing to say.
pub fn article(id: &'static str, both: impl Fn() -> String + Copy + Send + Sync + 'static) -> AnyView {
    view! {
        <aside class="note" id=id hidden=flag(move || both().is_empty())>
            {plain("h3", "", text::article_title())}
            <p>{words(both)}</p>
        </aside>
    }
    .into_any()
}
