//! The lesson's end of its conversation with the worker: what it has told so far.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::lesson::influence::Curve;
use crate::lesson::recall::{Kind, Progress};
use crate::scene::Scene;
use crate::scene::charts::Curves;
use crate::ui::session::Session;
use crate::worker::lesson::{Ask, Signal, Tell, read, write};

/// How far a training is, and what has come of it.
#[derive(Clone, Default)]
pub struct Trained {
    /// The network under way, its last step, and steps in all.
    pub now: Option<(Kind, Progress, usize)>,
    /// When the training began, in milliseconds of the page's clock.
    pub began: f64,
    /// Shares of right answers on held-out sequences by step, a line for each network.
    pub learning: Vec<(Kind, Vec<(f32, f32)>)>,
    pub learnt: Vec<Learnt>,
}

/// One network's right answers by distance: with nothing else seen, and with all pairs seen.
#[derive(Clone)]
pub struct Learnt {
    pub kind: Kind,
    pub alone: Vec<f64>,
    pub full: Vec<f64>,
}

/// What a signal adds to the scores; none where the model here has no such.
pub type Effect = (Signal, Option<Arc<Vec<f32>>>);

#[derive(Clone, Copy)]
pub struct Desk {
    session: Session,
    pub influence: RwSignal<Vec<Curve>>,
    pub trained: RwSignal<Trained>,
    pub effects: RwSignal<Vec<Effect>>,
    /// Charts by their names, as drawn last.
    pub charts: RwSignal<Vec<(&'static str, Arc<Scene>)>>,
    notes: StoredValue<Notes>,
}

/// Which request asked for what.
#[derive(Default)]
struct Notes {
    influence: u32,
    training: u32,
    plots: Vec<(u32, &'static str)>,
    /// What was asked for last, by the chart's name.
    asked: Vec<(&'static str, Curves, f32)>,
}

/// Milliseconds of the page's clock.
pub fn now() -> f64 {
    window().performance().map(|clock| clock.now()).unwrap_or_default()
}

impl Desk {
    pub fn new(session: Session) -> Self {
        let desk = Self {
            session,
            influence: RwSignal::default(),
            trained: RwSignal::default(),
            effects: RwSignal::default(),
            charts: RwSignal::default(),
            notes: StoredValue::default(),
        };
        session.hear_lesson(Rc::new(move |id, bytes| match read(&bytes) {
            Ok(tell) => desk.hear(id, tell),
            Err(error) => leptos::logging::error!("{error}"),
        }));
        desk
    }

    fn ask(self, ask: &Ask) -> u32 {
        self.session.ask_lesson(write(ask))
    }

    /// Asks for the influence of the first token in networks of this seed.
    pub fn draw_weights(self, seed: u64) {
        let id = self.ask(&Ask::Influence { seed });
        self.notes.update_value(|notes| notes.influence = id);
        self.influence.set(Vec::new());
    }

    pub fn train(self, seed: u64) {
        let id = self.ask(&Ask::Train { seed });
        self.notes.update_value(|notes| notes.training = id);
        self.trained.set(Trained { began: now(), ..Trained::default() });
    }

    /// What has been learnt stays on screen.
    pub fn stop_training(self) {
        if self.notes.with_value(|notes| notes.training != 0) {
            self.ask(&Ask::Stop);
            self.notes.update_value(|notes| notes.training = 0);
            self.trained.update(|trained| trained.now = None);
        }
    }

    pub fn ask_effects(self) {
        for signal in Signal::ALL {
            self.ask(&Ask::Effect { signal });
        }
    }

    /// Asks for a chart of these lines, unless it is there or on its way.
    pub fn plot(self, name: &'static str, curves: Curves, room: f32) {
        let is_asked = |notes: &Notes| notes.asked.iter().any(|(of, c, r)| *of == name && *c == curves && *r == room);
        if self.notes.with_value(is_asked) {
            return;
        }
        let id = self.ask(&Ask::Plot { curves: curves.clone(), room });
        self.notes.update_value(|notes| {
            notes.plots.retain(|(_, of)| *of != name);
            notes.plots.push((id, name));
            notes.asked.retain(|(of, ..)| *of != name);
            notes.asked.push((name, curves, room));
        });
    }

    fn hear(self, id: u32, tell: Tell) {
        let is_of_training = || self.notes.with_value(|notes| notes.training == id);
        match tell {
            Tell::Influence { curve } if self.notes.with_value(|notes| notes.influence == id) => {
                self.influence.update(|curves| curves.push(curve));
            }
            Tell::Training { kind, progress, of, held_out } if is_of_training() => self.trained.update(|trained| {
                trained.now = Some((kind, progress, of));
                let Some(right) = held_out else { return };
                let point = (progress.step as f32, right as f32);
                match trained.learning.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, line)) => line.push(point),
                    None => trained.learning.push((kind, vec![point])),
                }
            }),
            Tell::Learnt { kind, alone, full } if is_of_training() => {
                self.trained.update(|trained| {
                    trained.learnt.push(Learnt { kind, alone, full });
                    trained.now = trained.now.filter(|_| trained.learnt.len() < Kind::ALL.len());
                });
                if self.trained.with_untracked(|trained| trained.now.is_none()) {
                    self.notes.update_value(|notes| notes.training = 0);
                }
            }
            Tell::Effect { signal, added } => self.effects.update(|effects| {
                effects.retain(|(known, _)| *known != signal);
                effects.push((signal, added.map(Arc::new)));
            }),
            Tell::Plotted { scene } => {
                let name =
                    self.notes.with_value(|notes| notes.plots.iter().find(|(of, _)| *of == id).map(|plot| plot.1));
                if let Some(name) = name {
                    self.charts.update(|charts| {
                        charts.retain(|(known, _)| *known != name);
                        charts.push((name, Arc::new(scene)));
                    });
                }
            }
            // Of a drawing or a training that another has taken the place of.
            _ => {}
        }
    }
}
