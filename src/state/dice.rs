//! Views by chance for tests: the same ones on every machine.

use super::view_state::{Baseline, Sort, View, ViewState};
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::{HeadId, Intervention};
use crate::source::{HUB, Source};

/// A small generator of numbers (xorshift).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
    pub fn coin(&mut self) -> bool {
        self.roll(2) == 1
    }
    pub fn text(&mut self) -> String {
        let pieces = ["dog ", "&", "=", "#", "+", "%41", "é", "猫", "👩‍👩‍👧", "\n", "\"<b>", "שלום", "'", ";,"];
        (0..self.roll(6)).map(|_| pieces[self.roll(pieces.len())]).collect()
    }
    pub fn model(&mut self) -> Source {
        let names = [
            "a/b",
            "gpt2",
            "a/b@v1.0",
            "a/b/c.Q4_1.gguf",
            "a/b/c.gguf@refs",
            "https://example.org/m/",
            "https://example.org/a%2Fb/m/?x=1&y=%40+é#/",
            "http://localhost:1/x.gguf?download=1",
        ];
        let hubs = [HUB, "https://mirror.example", "http://127.0.0.1:8080/under"];
        Source::parse(names[self.roll(names.len())], hubs[self.roll(hubs.len())]).unwrap()
    }
    pub fn some<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.coin() { Some(make(self)) } else { None }
    }

    /// A view of which every option has a value by chance.
    pub fn view(&mut self) -> ViewState {
        let mut altered = Intervention {
            positions_off: self.coin(),
            shuffle: self.some(|d| d.roll(1 << 20) as u32),
            temperature: [1.0, 0.5, 2.0, 0.125, 10.0][self.roll(5)],
            causal: self.coin(),
            ..Intervention::default()
        };
        (0..self.roll(4)).for_each(|_| {
            altered.heads_off.insert(HeadId::new(self.roll(6), self.roll(12)));
        });
        ViewState {
            text: self.text(),
            pair: self.some(Self::text),
            model: self.some(Self::model),
            layer: self.roll(6),
            head: self.roll(12),
            tokens: (0..self.roll(4)).map(|_| self.roll(512)).collect(),
            view: self.some(|d| d.one(&[View::Arcs, View::Columns, View::Text])),
            special: self.one(&[Special::Show, Special::Mask, Special::Renormalise]),
            show: self.one(&[
                Quantity::Weight,
                Quantity::Score,
                Quantity::Norm,
                Quantity::LayerMean,
                Quantity::Rollout,
            ]),
            compare: [None, Some(Baseline::Unaltered), Some(Baseline::Text(self.text()))][self.roll(3)].clone(),
            side_by_side: self.coin(),
            numbers: self.coin(),
            words: self.coin(),
            mass: self.roll(101) as f32 / 100.0,
            inside: self.coin(),
            downstream: self.coin(),
            chart: self.some(|d| d.one(&[Measure::Entropy, Measure::Distance, Measure::SinkShare])),
            sort: self.one(&[
                Sort::Place,
                Sort::Entropy,
                Sort::Distance,
                Sort::SinkShare,
                Sort::Reads,
                Sort::Label,
                Sort::Change,
                Sort::Moved,
            ]),
            label: self.some(|d| d.one(&Label::ALL)),
            from: self.some(|d| d.roll(512)),
            to: self.some(|d| d.roll(512)),
            altered,
        }
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())]
    }
}
