use leptos::prelude::*;

use super::stage::Stage;

pub fn live(_: Stage) -> AnyView {
    ().into_any()
}
