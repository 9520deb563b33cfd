//! Pictures of what else a cell may say: the difference of two runs, scores, norms, a layer's mean, rollout.
//! All from real runs of the built-in model; `ATTNSCOPE_UPDATE=1` writes the golden files anew.

use std::sync::{Arc, OnceLock};

use crate::common::{assert_golden, minilm, tokenizer};
use attnscope::analysis::{
    Edge, HeadMap, Place, Quantity, Special, Thumbnails, align, by_mass, difference, layer_mean, moved, rollout,
};
use attnscope::engine::{HeadId, Input, Intervention, Shown, Tokens, Trace};
use attnscope::scene::grid::{Grid, grid};
use attnscope::scene::heatmap::{Heatmap, LABEL_SIZE, heatmap, label};
use attnscope::scene::sentence::{Sentence, TOKEN_SIZE, arcs, columns, written};
use attnscope::scene::width::estimated_width;
use attnscope::scene::{Ink, Role, Scene, Shape};
use ndarray::{Array2, s};

const BIG: &str = "The trophy did not fit in the bag because it was too big.";
const SMALL: &str = "The trophy did not fit in the bag because it was too small.";
const IT: usize = 10;
const TROPHY: usize = 2;
const BAG: usize = 8;
/// The head that turns most from *trophy* to *bag* when *big* becomes *small*.
const TURNS: HeadId = HeadId { layer: 2, head: 5 };

struct Ran {
    shown: Vec<Shown>,
    trace: Trace,
}

fn ran(text: &'static str) -> Ran {
    let tokens: Tokens = tokenizer().encode(text, None).unwrap();
    let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
    Ran { shown: tokens.shown(text, None), trace }
}

fn big() -> &'static Ran {
    static RAN: OnceLock<Ran> = OnceLock::new();
    RAN.get_or_init(|| ran(BIG))
}

fn small() -> &'static Ran {
    static RAN: OnceLock<Ran> = OnceLock::new();
    RAN.get_or_init(|| ran(SMALL))
}

fn aligned() -> Vec<Place> {
    align(&big().shown, &small().shown)
}

/// small - big.
fn changed(head: HeadId) -> Array2<f32> {
    difference(big().trace.head(head), small().trace.head(head), &aligned())
}

fn map(quantity: Quantity, cells: &Array2<f32>) -> HeadMap {
    HeadMap::new(quantity, cells.view(), &[false; 16], Special::Show)
}

fn sentence(map: &HeadMap, name: &str, max: f32, shown: &[Shown], draw: fn(&Sentence) -> Scene) -> Scene {
    let row = map.row(&[IT]).unwrap();
    let edges: Vec<Edge> =
        by_mass(&row, 0.9).0.into_iter().map(|(key, weight)| Edge { query: IT, key, weight }).collect();
    let widths: Vec<f32> = shown.iter().map(|token| estimated_width(&written(token), TOKEN_SIZE)).collect();
    let (quantity, row, queries) = (map.quantity, Some(&row), &[IT][..]);
    draw(&Sentence {
        name,
        quantity,
        max,
        tokens: shown,
        widths: &widths,
        queries,
        row,
        edges: &edges,
        pointed: None,
        is_off: false,
        right_to_left: false,
        room: 900.0,
        height: f32::INFINITY,
    })
}

fn heat(map: &HeadMap, name: &str, max: f32, shown: &[Shown]) -> Scene {
    let labels: Vec<f32> = shown.iter().map(|token| estimated_width(&label(token), LABEL_SIZE)).collect();
    heatmap(&Heatmap {
        name,
        tokens: shown,
        label_widths: &labels,
        map,
        values: Arc::new(map.weights.iter().copied().collect()),
        max,
        queries: &[IT],
        pointed: Some((IT, BAG)),
        room: 520.0,
        height: f32::INFINITY,
    })
}

fn largest(cells: &Array2<f32>) -> f32 {
    cells.iter().filter(|cell| !cell.is_nan()).fold(0.0, |most, cell| most.max(cell.abs()))
}

/// What the mark nearest to the end of the picture says of this number: its text.
fn text_of(scene: &Scene, value: f32) -> Option<&str> {
    scene.marks.iter().find_map(|mark| match &mark.shape {
        Shape::Text { text, .. } if mark.value == Some(value) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn heads_turn_from_trophy_to_bag_when_big_becomes_small() {
    let place = |token: usize| aligned().into_iter().find(|(_, ours)| *ours == token).unwrap();
    let patterns = (big().trace.pattern.view(), small().trace.pattern.view());
    let heads = moved(patterns.0, patterns.1, place(IT), place(TROPHY), place(BAG));
    assert_eq!((heads.len(), heads[0].head), (72, TURNS));
    assert!((heads[0].moved - 0.0525).abs() < 5e-4, "{:?}", heads[0]);
    let last = heads.last().unwrap();
    assert_eq!(last.head, HeadId::new(3, 1));
    assert!((last.moved + 0.0336).abs() < 5e-4, "{last:?}");
}

#[test]
fn a_difference_is_drawn_on_both_sides_of_nothing() {
    let cells = changed(TURNS);
    let (map, max) = (map(Quantity::Difference, &cells), largest(&cells));
    let row: Vec<f32> = cells.row(IT).to_vec();
    assert!(row[TROPHY] < -0.03 && row[BAG] > 0.01 && row[13].is_nan(), "{row:?}");

    let scene = sentence(&map, "L2 H5", max, &small().shown, arcs);
    for mark in scene.marks.iter().filter(|mark| mark.role == Role::Edge) {
        let less = mark.value.unwrap() < 0.0;
        assert!(matches!(mark.shape, Shape::Curve { dashed, .. } if dashed == less), "{mark:?}");
        assert_eq!(mark.ink, if less { Ink::Less } else { Ink::Edge });
    }
    assert_eq!(text_of(&scene, row[TROPHY]), Some("-0.04"));
    assert_eq!(text_of(&scene, row[BAG]), Some("+0.02"));
    assert_golden("difference_arcs", &scene);
    assert_golden("difference_columns", &sentence(&map, "L2 H5", max, &small().shown, columns));

    let scene = heat(&map, "L2 H5", max, &small().shown);
    // The legend ends as far below as above.
    let ends: Vec<f32> = scene.marks.iter().filter(|m| m.role == Role::Label).filter_map(|m| m.value).collect();
    assert_eq!((ends[0], ends[4]), (-max, max));
    assert_golden("difference_heatmap", &scene);
}

#[test]
fn the_grid_of_differences_has_one_scale() {
    let heads: Vec<HeadId> = (0..4).map(|i| HeadId::new(2 + i / 2, 4 + i % 2)).collect();
    let maps: Vec<Array2<f32>> = heads.iter().map(|&head| changed(head)).collect();
    let mut thumbs = Thumbnails::new(4, 16);
    maps.iter().for_each(|map| thumbs.add(map.view()));
    let max = maps.iter().map(largest).fold(0.0, f32::max);
    let scene = grid(&Grid {
        layers: 2,
        heads: 2,
        thumbs: Arc::new(thumbs.cells),
        side: thumbs.side,
        max,
        numbers: None,
        chosen: HeadId::new(0, 1),
        off: Default::default(),
        ranked: Some(&[(HeadId::new(0, 1), 0.0525), (HeadId::new(1, 0), -0.0336)]),
        pale: &[],
        pointed: None,
        room: (300.0, f32::INFINITY),
    });
    assert_eq!(text_of(&scene, -0.0336), Some("1·0"));
    assert_golden("difference_grid", &scene);
}

#[test]
fn scores_are_drawn_by_what_softmax_makes_of_them() {
    let head = HeadId::new(3, 1);
    let cells = big().trace.scores(head);
    let map = map(Quantity::Score, &cells);
    let top = cells.row(IT).iter().copied().fold(f32::MIN, f32::max);
    let exp: Vec<f32> = cells.row(IT).iter().map(|score| (score - top).exp()).collect();
    let sum: f32 = exp.iter().sum();
    for (key, (exp, weight)) in exp.iter().zip(big().trace.head(head).row(IT)).enumerate() {
        assert!((exp / sum - weight).abs() < 1e-5, "key {key}");
    }
    let scene = sentence(&map, "L3 H1", largest(&cells), &big().shown, arcs);
    assert_eq!(text_of(&scene, cells[[IT, TROPHY]]), Some("+4.44"));
    assert_golden("scores_arcs", &scene);
    assert_golden("scores_heatmap", &heat(&map, "L3 H1", largest(&cells), &big().shown));
}

#[test]
fn norms_have_a_scale_of_their_own() {
    let head = HeadId::new(3, 1);
    let of_keys = minilm().value_norms(&big().trace, head);
    let cells = Array2::from_shape_fn((16, 16), |(q, k)| big().trace.head(head)[[q, k]] * of_keys[k]);
    let map = map(Quantity::Norm, &cells);
    // [CLS] is read, and gives little (Kobayashi et al. 2020): less than its weight against trophy's would say.
    let share = |map: &dyn Fn(usize) -> f32| map(0) / map(TROPHY);
    assert!(share(&|k| cells[[IT, k]]) < 0.5 * share(&|k| big().trace.head(head)[[IT, k]]));
    assert_golden("norms_arcs", &sentence(&map, "L3 H1", largest(&cells), &big().shown, arcs));
}

#[test]
fn a_layers_mean_and_rollout_sum_to_one_and_have_their_names() {
    let pattern = big().trace.pattern.view();
    for (quantity, name, cells) in [
        (Quantity::LayerMean, "L3, mean of its heads", layer_mean(pattern, 3)),
        (Quantity::Rollout, "Rollout to L3", rollout(pattern, 3)),
    ] {
        assert!(cells.outer_iter().all(|row| (row.sum() - 1.0).abs() < 1e-5), "{name}");
        let scene = heat(&map(quantity, &cells), name, largest(&cells), &big().shown);
        assert!(scene.title.starts_with(name));
        let file = if quantity == Quantity::Rollout { "rollout_heatmap" } else { "layer_mean_heatmap" };
        assert_golden(file, &scene);
    }
    // By hand for one cell: the mean of twelve.
    let twelve = pattern.slice(s![3, .., IT, TROPHY]);
    assert!((layer_mean(pattern, 3)[[IT, TROPHY]] - twelve.sum() / 12.0).abs() < 1e-6);
}
