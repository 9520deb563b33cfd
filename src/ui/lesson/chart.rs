//! A chart that the worker draws from lines of the lesson's, and a picture that the page draws itself.

use std::rc::Rc;

use leptos::prelude::*;

use super::stage::Stage;
use crate::scene::Scene;
use crate::scene::charts::Curves;
use crate::ui::views::picture::{Hands, Told, picture};

/// A chart of what `curves` gives; nothing while that is nothing.
pub fn chart(stage: Stage, id: &'static str, curves: impl Fn() -> Option<Curves> + 'static) -> AnyView {
    let desk = stage.desk;
    let scene = move |room: f32| {
        desk.plot(id, curves()?, room);
        desk.charts.with(|charts| charts.iter().find(|(name, _)| *name == id).map(|(_, scene)| Scene::clone(scene)))
    };
    still(stage, id, scene)
}

/// A picture to look at.
pub fn still(stage: Stage, id: &'static str, scene: impl Fn(f32) -> Option<Scene> + 'static) -> AnyView {
    picture(id, "", stage.look, Box::new(scene), no_hands())
}

pub fn no_hands() -> Hands {
    Hands {
        point: Rc::new(|_| ()),
        choose: Rc::new(|_, _| ()),
        key: Rc::new(|_, _| false),
        in_sight: Rc::new(|| None),
        told: Told::Nothing,
    }
}
