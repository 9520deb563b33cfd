//! Pictures of a run that is kept.

use super::{Answer, Run, Session, has_vectors, token_within, within};
use crate::analysis::{Measure, median_times};
use crate::engine::{HeadId, check_temperature};
use crate::error::{Error, Kind, Result};
use crate::scene::Scene;
use crate::scene::charts::{CostChart, HeadChart};
use crate::scene::inside::{Inside, inside};
use crate::worker::protocol::{MOST_PASSES, Picture, ROOM, Reply};

/// A scene, and its description in words.
type Told = (Scene, String);

impl Session {
    /// A picture of the run with the id `run`, `room` CSS pixels wide.
    ///
    /// Errors: `Kind::Input` if that run is not kept or does not have the head or token, for a width that is not
    /// finite, a temperature out of range, and times that cannot have been measured.
    pub fn draw(&self, run: u32, mut picture: Picture, room: f32) -> Result<Answer<'_>> {
        let kept = self.kept_run(run)?;
        let across = room.clamp(*ROOM.start(), *ROOM.end());
        if !room.is_finite() {
            let advice = "Ask for a picture of some width.";
            return Err(Error::new(Kind::Input, "the room", "a width in pixels", room.to_string(), advice));
        }
        let (scene, told) = match &mut picture {
            Picture::Inside { head, query, key, sorted, temperature } => {
                kept.inside(*head, *query, key, (*sorted, *temperature), across)?
            }
            Picture::Chart { measure, chosen, pointed } => kept.chart(*measure, *chosen, *pointed, across)?,
            Picture::Cost { passes } => kept.cost(passes, across)?,
        };
        Ok(Answer { reply: Reply::Drawn { run, picture, room, scene, told }, numbers: Vec::new() })
    }
}

impl Run {
    /// The steps of one head for one query. Without a `key`, it is set to the one with the largest weight.
    fn inside(
        &self,
        head: HeadId,
        query: usize,
        key: &mut Option<usize>,
        (sorted, temperature): (bool, f32),
        room: f32,
    ) -> Result<Told> {
        let n = self.trace.tokens();
        within(head, self.trace.layers(), self.trace.heads())?;
        token_within(query, n)?;
        key.map_or(Ok(()), |key| token_within(key, n))?;
        check_temperature(temperature)?;
        has_vectors(&self.trace)?;
        let looked = self.trace.inside(head, query);
        let readable = looked.weights.iter().enumerate().filter(|(_, weight)| !weight.is_nan());
        let most = readable.max_by(|a, b| a.1.total_cmp(b.1)).map(|(key, _)| key);
        let Some(most) = most else {
            let (expected, got) = ("one that reads in this layer", "one of the other text");
            return Err(Error::new(Kind::Input, "the token", expected, got, "Choose another token."));
        };
        let key = *key.insert(key.unwrap_or(most));
        let softened = (temperature != self.altered.temperature).then(|| looked.softened(temperature));
        let k: Vec<f32> = looked.k.iter().copied().collect();
        let asked = Inside {
            head,
            tokens: &self.shown,
            query,
            key,
            q: &looked.q,
            k: &k,
            scores: &looked.scores,
            weights: softened.as_ref().unwrap_or(&looked.weights),
            lengths: &looked.lengths(),
            temperature,
            run_temperature: self.altered.temperature,
            sorted,
            room,
        };
        Ok((inside(&asked), asked.told()))
    }

    fn chart(&self, measure: Measure, chosen: HeadId, pointed: Option<HeadId>, room: f32) -> Result<Told> {
        for head in [Some(chosen), pointed].into_iter().flatten() {
            within(head, self.trace.layers(), self.trace.heads())?;
        }
        let values: Vec<f32> = self.survey().iter().map(|head| measure.of(&head.measures)).collect();
        let chart = HeadChart { measure, values: &values, heads: self.trace.heads(), chosen, pointed, room };
        Ok((chart.scene(), chart.told()))
    }

    fn cost(&self, passes: &[(usize, f32)], room: f32) -> Result<Told> {
        // A run takes less than a day.
        let measured =
            |&(tokens, millis): &(usize, f32)| tokens > 0 && tokens < 1 << 20 && (0.0..1e8).contains(&millis);
        if passes.is_empty() || passes.len() > MOST_PASSES || !passes.iter().all(measured) {
            let expected = format!("1 to {MOST_PASSES} runs with their tokens and milliseconds");
            let advice = "Measure again.";
            return Err(Error::new(Kind::Input, "the times", expected, format!("{} runs", passes.len()), advice));
        }
        let times = median_times(passes);
        let chart = CostChart { times: &times, own: (self.trace.tokens(), self.millis as f32), room };
        Ok((chart.scene(), chart.told()))
    }
}
