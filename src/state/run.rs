//! One run of the model as the page has it: the tokens, the thumbnails of all heads, and the patterns that have
//! arrived so far.

use std::sync::Arc;

use ndarray::{Array2, Array4};

use super::answers::{Answer, Compared, Predictions, Turned};
use super::asked::Asked;
use super::maps::{Maps, Of};
use super::view_state::{Sort, ViewState};
use crate::analysis::{HeadSurvey, Quantity, thumbnails};
use crate::engine::{HeadId, Shown, Tokens};
use crate::text::runs_right_to_left;

/// Where the numbers come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// A run that was saved earlier. It is shown while the model is not loaded.
    Snapshot,
    /// The model in this page, which took `millis` milliseconds.
    Model { millis: f64 },
    /// A file that another program has written. The worker has the attention weights and nothing else.
    Elsewhere,
}

/// A run, with all answers about it that have arrived.
#[derive(Clone, Debug)]
pub struct Run {
    /// The worker's number for this run, with which more heads are requested.
    pub id: u32,
    pub asked: Asked,
    pub tokens: Tokens,
    pub shown: Arc<Vec<Shown>>,
    /// Whether the text is written from right to left.
    pub right_to_left: bool,
    pub layers: usize,
    /// The number of layers that are computed: fewer than all during the forward pass.
    pub computed: usize,
    pub heads: usize,
    pub weights: Maps,
    pub source: Source,
    /// The model of a saved run.
    pub saved_by: String,
    /// Whether the reader opened this saved run. Otherwise a saved run is shown only until the model is loaded.
    pub opened: bool,
    /// The measures and labels of every head on this text, in the order L0 H0, L0 H1, ... Empty until they are known.
    pub survey: Arc<Vec<HeadSurvey>>,
    /// The last answer to the question which heads attend from some queries to some keys.
    pub found: Option<Arc<Answer>>,
    /// The comparison with the run that it was last compared with.
    pub compared: Option<Arc<Compared>>,
    /// The last answer to the question how far heads shifted their attention from one key to another.
    pub turned: Option<Arc<Turned>>,
    /// The predictions that were requested last.
    pub predicted: Option<Arc<Predictions>>,
    /// The cosine similarities of embeddings that were requested while this run is on screen.
    pub alike: Vec<([Asked; 2], f32)>,
    /// The maps of other quantities that were requested.
    more: Vec<(Of, Maps)>,
}

impl Run {
    /// A run with the thumbnails `thumbs` [layers, heads, side, side], to which patterns are added as they arrive.
    pub fn new(
        id: u32,
        asked: Asked,
        tokens: Tokens,
        (layers, heads): (usize, usize),
        (thumbs, side): (Vec<f32>, usize),
        source: Source,
    ) -> Self {
        let shown = Arc::new(tokens.shown(&asked.text, asked.pair.as_deref()));
        let right_to_left =
            runs_right_to_left(&format!("{} {}", asked.text, asked.pair.as_deref().unwrap_or_default()));
        Self {
            id,
            right_to_left,
            asked,
            tokens,
            shown,
            layers,
            computed: layers,
            heads,
            weights: Maps::new(layers * heads, thumbs, side),
            source,
            saved_by: String::new(),
            opened: false,
            survey: Arc::default(),
            found: None,
            compared: None,
            turned: None,
            predicted: None,
            alike: Vec::new(),
            more: Vec::new(),
        }
    }

    /// A run with all its patterns [layers, heads, n, n].
    pub fn whole(asked: Asked, tokens: Tokens, pattern: &Array4<f32>, source: Source) -> Self {
        let (layers, heads, ..) = pattern.dim();
        let mut run = Self::new(0, asked, tokens, (layers, heads), thumbnails(pattern.view()), source);
        for (layer, maps) in pattern.outer_iter().enumerate() {
            for (head, map) in maps.outer_iter().enumerate() {
                run.weights.set(layer * heads + head, map.to_owned());
            }
        }
        run
    }

    /// Adds the thumbnails of all heads [layers, heads, side, side] for a quantity. Its maps are added as they arrive.
    pub fn add_maps(&mut self, of: Of, thumbs: Vec<f32>, side: usize) {
        // Only one comparison is on screen.
        self.more.retain(|(before, _)| before.quantity != of.quantity);
        self.more.push((of, Maps::new(self.layers * self.heads, thumbs, side)));
    }

    /// Adds the map [n, n] of one head, row-major. A map of another length, or of a head that does not exist, is
    /// ignored.
    pub fn add_map(&mut self, of: Of, head: HeadId, cells: Vec<f32>) {
        let n = self.tokens.len();
        if !of.quantity.is_of_heads() && self.maps(of).is_none() {
            self.add_maps(of, Vec::new(), 0);
        }
        let place = self.place(of, head);
        let maps = self.more.iter_mut().find(|(other, _)| *other == of).map(|(_, maps)| maps);
        let maps = if of == Of::default() { Some(&mut self.weights) } else { maps };
        if let (Some(maps), Some(place), Ok(map)) = (maps, place, Array2::from_shape_vec((n, n), cells)) {
            maps.set(place, map);
        }
    }

    /// The maps of this kind, if they have arrived.
    pub fn maps(&self, of: Of) -> Option<&Maps> {
        match of == Of::default() {
            true => Some(&self.weights),
            false => self.more.iter().find(|(other, _)| *other == of).map(|(_, maps)| maps),
        }
    }

    /// The map [query, key] of one head, if it has arrived.
    pub fn map(&self, of: Of, head: HeadId) -> Option<Arc<Array2<f32>>> {
        self.maps(of)?.get(self.place(of, head)?)
    }

    /// The attention weights [query, key] of one head, if they have arrived.
    pub fn pattern(&self, head: HeadId) -> Option<Arc<Array2<f32>>> {
        self.map(Of::default(), head)
    }

    /// The place of a head's map in [`Maps`]. If the heads of a layer share a map, it is that of the first one.
    fn place(&self, of: Of, head: HeadId) -> Option<usize> {
        let head = if of.quantity.is_of_heads() { head } else { HeadId::new(head.layer, 0) };
        self.has(head).then_some(head.layer * self.heads + head.head)
    }

    /// Whether there is such a head.
    pub fn has(&self, head: HeadId) -> bool {
        head.layer < self.layers && head.head < self.heads
    }

    /// The cosine similarity of the embeddings of these two inputs. None until it has arrived.
    pub fn cosine(&self, both: &[Asked; 2]) -> Option<f32> {
        self.alike.iter().find(|(known, _)| known == both).map(|(_, cosine)| *cosine)
    }

    /// Whether all layers are computed, so that the worker can answer questions about the run.
    pub fn is_whole(&self) -> bool {
        self.computed == self.layers
    }

    /// The text and the second text.
    pub fn texts(&self) -> (&str, Option<&str>) {
        (&self.asked.text, self.asked.pair.as_deref())
    }

    /// Whether this is the run that the view needs: of its texts and its changes in the model.
    pub fn is_of(&self, view: &ViewState) -> bool {
        let Asked { text, pair, altered } = &self.asked;
        (text, pair, altered) == (&view.text, &view.pair, &view.altered)
    }
}

impl ViewState {
    /// Whether the view shows more than the weights of this run, which are all that a saved run has.
    pub fn needs_model(&self, run: &Run) -> bool {
        let weights = self.show == Quantity::Weight && self.compare.is_none();
        let heads = self.sort == Sort::Place && self.label.is_none() && self.from.is_none();
        let closed = !self.inside && !self.downstream && self.chart.is_none();
        !(run.is_of(self) && weights && heads && closed)
    }
}

#[cfg(test)]
pub(super) mod tests;
