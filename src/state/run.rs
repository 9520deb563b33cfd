//! One run of the model as the page holds it: the tokens, thumbnails of all heads, and the
//! patterns that have come over so far.

use std::sync::Arc;

use ndarray::{Array2, Array4};

use super::view_state::ViewState;
use crate::analysis::thumbnails;
use crate::engine::{HeadId, Intervention, Shown, Tokens};

/// Where the numbers come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// A trace saved earlier, shown while the model is not there.
    Snapshot,
    /// The model in this page, in so many milliseconds.
    Model { millis: f64 },
}

/// What a run is about: the texts, and what is changed in the model that reads them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub text: String,
    pub pair: Option<String>,
    pub altered: Intervention,
}

#[derive(Clone, Debug)]
pub struct Run {
    /// The worker's number for it, to ask for more heads.
    pub id: u32,
    pub asked: Asked,
    pub tokens: Tokens,
    pub shown: Arc<Vec<Shown>>,
    pub layers: usize,
    pub heads: usize,
    /// All heads small [layers, heads, side, side].
    pub thumbs: Arc<Vec<f32>>,
    pub side: usize,
    /// The strongest weight of any head: the top of every colour scale.
    pub max: f32,
    pub source: Source,
    /// By layer and head; those that have not come yet are missing.
    patterns: Vec<Option<Arc<Array2<f32>>>>,
}

impl Run {
    /// `thumbs` [layers, heads, side, side]; patterns are added as they arrive.
    pub fn new(
        id: u32,
        asked: Asked,
        tokens: Tokens,
        (layers, heads): (usize, usize),
        (thumbs, side): (Vec<f32>, usize),
        source: Source,
    ) -> Self {
        let shown = Arc::new(tokens.shown(&asked.text, asked.pair.as_deref()));
        // The strongest cell is kept by every thumbnail, so this is the maximum of the full patterns too.
        let max = thumbs.iter().copied().fold(0.0, f32::max);
        Self {
            id,
            asked,
            tokens,
            shown,
            layers,
            heads,
            thumbs: Arc::new(thumbs),
            side,
            max,
            source,
            patterns: vec![None; layers * heads],
        }
    }

    /// A run whose patterns [layers, heads, n, n] are all here.
    pub fn whole(asked: Asked, tokens: Tokens, pattern: &Array4<f32>, source: Source) -> Self {
        let (layers, heads, ..) = pattern.dim();
        let mut run = Self::new(0, asked, tokens, (layers, heads), thumbnails(pattern.view()), source);
        for (layer, maps) in pattern.outer_iter().enumerate() {
            for (head, map) in maps.outer_iter().enumerate() {
                run.patterns[layer * heads + head] = Some(Arc::new(map.to_owned()));
            }
        }
        run
    }

    /// Adds one head's pattern, row-major [n, n]; another length or a head that is not there is left alone.
    pub fn add_pattern(&mut self, head: HeadId, pattern: Vec<f32>) {
        let n = self.tokens.len();
        if let (Ok(map), true) = (Array2::from_shape_vec((n, n), pattern), self.has(head)) {
            self.patterns[head.layer * self.heads + head.head] = Some(Arc::new(map));
        }
    }

    /// One head's weights [query, key], if they are here.
    pub fn pattern(&self, head: HeadId) -> Option<Arc<Array2<f32>>> {
        self.patterns.get(head.layer * self.heads + head.head).filter(|_| self.has(head))?.clone()
    }

    /// Is there such a head?
    pub fn has(&self, head: HeadId) -> bool {
        head.layer < self.layers && head.head < self.heads
    }

    pub fn special(&self) -> Vec<bool> {
        self.shown.iter().map(|s| s.special).collect()
    }

    /// Is it what the reader asks for now?
    pub fn is_of(&self, view: &ViewState) -> bool {
        let Asked { text, pair, altered } = &self.asked;
        (text, pair, altered) == (&view.text, &view.pair, &view.altered)
    }
}
