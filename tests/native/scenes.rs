//! One picture a scene, drawn from the built-in model's own run of the first sentence, and the
//! saved run that ships with the page.
//!
//! `ATTNSCOPE_UPDATE=1 cargo test --test native scenes` writes the files anew; look at what changed.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::common::{assert_golden, minilm, tokenizer, updating};

use attnscope::analysis::{Edge, HeadMap, Measure, Quantity, Special, by_mass, strongest, survey};
use attnscope::engine::{HeadId, Input, Intervention, Trace};
use attnscope::scene::charts::{CostChart, HeadChart};
use attnscope::scene::colour::{self, Theme};
use attnscope::scene::grid::{Grid, Order, grid};
use attnscope::scene::heatmap::{Heatmap, LABEL_SIZE, heatmap, label};
use attnscope::scene::inside::{Inside, inside};
use attnscope::scene::sentence::{Sentence, TOKEN_SIZE, TOUCH_LINE, arcs, columns, most_edges, wrapped, written};
use attnscope::scene::svg::svg;
use attnscope::scene::width::estimated_width;
use attnscope::scene::{Ink, Role, Scene, Shape, Target};
use attnscope::state::{Asked, Run, Snapshot, Source, ViewState};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The built-in model's run of the page's first sentence.
struct Traced {
    snapshot: Snapshot,
    trace: Trace,
}

fn run_of_model() -> &'static Traced {
    static TRACED: OnceLock<Traced> = OnceLock::new();
    TRACED.get_or_init(|| {
        let view = ViewState::default();
        let tokens = tokenizer().encode(&view.text, None).unwrap();
        let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
        Traced { snapshot: Snapshot::new("all-MiniLM-L6-v2", &view, tokens, trace.pattern.clone()), trace }
    })
}

fn traced() -> &'static Snapshot {
    &run_of_model().snapshot
}

fn run() -> Run {
    let about = traced().about.clone();
    Run::whole(
        Asked { text: about.text, ..Asked::default() },
        about.tokens,
        &traced().pattern,
        Source::Model { millis: 0.0 },
    )
}

/// One head read for some queries, as the page does it.
struct Read {
    run: Run,
    map: HeadMap,
    widths: Vec<f32>,
    queries: Vec<usize>,
}

impl Read {
    fn new(special: Special, queries: &[usize]) -> Self {
        let run = run();
        let flags: Vec<bool> = run.shown.iter().map(|s| s.special).collect();
        let map = HeadMap::new(Quantity::Weight, run.pattern(HeadId::new(3, 1)).unwrap().view(), &flags, special);
        let widths = run.shown.iter().map(|s| estimated_width(&written(s), TOKEN_SIZE)).collect();
        Self { run, map, widths, queries: queries.to_vec() }
    }

    fn sentence(&self, draw: fn(&Sentence) -> Scene) -> Scene {
        self.sentence_in((900.0, f32::INFINITY), draw)
    }

    fn sentence_in(&self, (room, height): (f32, f32), draw: impl Fn(&Sentence) -> Scene) -> Scene {
        let row = self.map.row(&self.queries);
        let edges = match &row {
            Some(row) => {
                by_mass(row, 0.9).0.iter().map(|&(key, weight)| Edge { query: self.queries[0], key, weight }).collect()
            }
            None => strongest(&self.map, &vec![false; self.run.tokens.len()], most_edges(self.run.tokens.len())),
        };
        draw(&Sentence {
            name: "L3 H1",
            quantity: Quantity::Weight,
            max: self.run.weights.max,
            tokens: &self.run.shown,
            widths: &self.widths,
            queries: &self.queries,
            row: row.as_ref(),
            edges: &edges,
            pointed: None,
            is_off: false,
            right_to_left: false,
            room,
            height,
        })
    }
}

/// *it*, the eleventh token.
const IT: usize = 10;
const TROPHY: usize = 2;

/// The pictures in index.html are those that the page draws, in the inks of its style sheet.
#[test]
fn the_first_picture_is_what_the_page_draws() {
    let read = Read::new(Special::Show, &[IT]);
    let arcs = read.sentence_in((947.0, 228.0), arcs);
    let lines = read.sentence_in((370.0, 169.0), |sentence| wrapped(sentence, TOUCH_LINE));
    for (name, scene) in [("arcs", arcs), ("lines", lines)] {
        let mut drawn = svg(&scene, Theme::Light);
        for ink in [Ink::Text, Ink::Faint, Ink::Edge, Ink::Query, Ink::OnQuery, Ink::Paper] {
            let [r, g, b] = colour::rgb(Theme::Light, ink);
            drawn = drawn.replace(&format!("#{r:02x}{g:02x}{b:02x}"), &format!("var({})", colour::variable(ink)));
        }
        let file = root().join("assets/first").join(name).with_extension("svg");
        if updating() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &drawn).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), drawn, "{name}: ATTNSCOPE_UPDATE=1 draws it anew");
    }
}

#[test]
fn the_saved_run_is_what_the_model_computes() {
    let file = root().join("assets/snapshots/trophy.safetensors");
    if updating() {
        std::fs::write(&file, traced().to_bytes().unwrap()).unwrap();
    }
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
    let saved = Snapshot::from_bytes(&bytes).unwrap();
    assert_eq!(saved.about, traced().about);
    let difference = saved.largest_difference(traced().pattern.view()).unwrap();
    // 7.7e-6 by the file's own resolution; the rest is for another machine's rounding.
    assert!(difference <= 2e-5, "{difference}");
}

#[test]
fn arcs_show_it_reading_from_trophy() {
    let scene = Read::new(Special::Show, &[IT]).sentence(arcs);
    let strongest = scene
        .marks
        .iter()
        .filter(|m| m.role == Role::Edge)
        .max_by(|a, b| a.value.unwrap().total_cmp(&b.value.unwrap()));
    let strongest = strongest.unwrap();
    assert_eq!(strongest.target, Some(Target::Cell { query: IT, key: TROPHY }));
    assert!((strongest.value.unwrap() - 0.624).abs() < 0.001, "{:?}", strongest.value);
    assert_golden("arcs", &scene);
}

#[test]
fn columns_show_the_same_row() {
    let scene = Read::new(Special::Show, &[IT]).sentence(columns);
    assert_golden("columns", &scene);
}

#[test]
fn without_a_query_the_strongest_edges_of_the_head_are_drawn() {
    let scene = Read::new(Special::Mask, &[]).sentence(arcs);
    let edges = scene.marks.iter().filter(|m| m.role == Role::Edge).count();
    assert_eq!(edges, 32);
    assert_golden("head", &scene);
}

#[test]
fn a_heatmap_has_the_true_range_in_its_legend() {
    let read = Read::new(Special::Show, &[IT]);
    let labels: Vec<f32> = read.run.shown.iter().map(|s| estimated_width(&label(s), LABEL_SIZE)).collect();
    let scene = heatmap(&Heatmap {
        name: "L3 H1",
        tokens: &read.run.shown,
        label_widths: &labels,
        map: &read.map,
        values: Arc::new(read.map.weights.iter().copied().collect()),
        max: read.run.weights.max,
        queries: &[IT],
        pointed: Some((IT, TROPHY)),
        room: 520.0,
        height: f32::INFINITY,
    });
    let highest = read.map.weights.iter().copied().fold(0.0, f32::max);
    let text = svg(&scene, Theme::Light);
    assert!(text.contains(&format!("to {highest:.3}")), "the legend states this head's maximum");
    assert!(text.contains(&format!(">{:.2}<", read.run.weights.max)), "the scale ends at the run's maximum");
    assert_golden("heatmap", &scene);
}

/// What lies below the map of five tokens or fewer: the numbers of the scale and the range of this head.
#[test]
fn the_legend_of_a_small_picture_does_not_overprint() {
    for (quantity, n, room) in [
        (Quantity::Weight, 5, 520.0),
        (Quantity::Weight, 3, 288.0),
        (Quantity::Score, 5, 520.0),
        (Quantity::Difference, 1, 288.0),
    ] {
        let run = run();
        let cells = run.pattern(HeadId::new(3, 1)).unwrap().slice(ndarray::s![..n, ..n]).to_owned();
        let map = HeadMap::new(quantity, cells.view(), &vec![false; n], Special::Show);
        let tokens = &run.shown[..n];
        let labels: Vec<f32> = tokens.iter().map(|s| estimated_width(&label(s), 12.0)).collect();
        let scene = heatmap(&Heatmap {
            name: "L3 H1",
            tokens,
            label_widths: &labels,
            map: &map,
            values: Arc::new(map.weights.iter().copied().collect()),
            max: 0.0123,
            queries: &[],
            pointed: None,
            room,
            height: f32::INFINITY,
        });
        let below = scene.height - 45.0;
        let mut boxes = Vec::new();
        for mark in &scene.marks {
            let Shape::Text { at, size, anchor, text, .. } = &mark.shape else { continue };
            let wide = estimated_width(text, *size);
            let left = at.x - [0.0, wide / 2.0, wide][*anchor as usize];
            if at.y > below {
                assert!(left >= 0.0 && left + wide <= scene.width, "{quantity:?} {n}: {text} is cut");
                boxes.push((at.y, left, left + wide, text));
            }
        }
        assert_eq!(boxes.len(), 6, "five numbers and the range");
        for (i, a) in boxes.iter().enumerate() {
            for b in &boxes[i + 1..] {
                assert!(a.0 != b.0 || a.2 <= b.1 || b.2 <= a.1, "{quantity:?} {n}: {} runs into {}", a.3, b.3);
            }
        }
        if quantity == Quantity::Weight && n == 5 {
            assert_golden("heatmap_small", &scene);
        }
    }
}

#[test]
fn the_grid_draws_every_head_from_the_run() {
    let draw = |run: &Run, chosen, pointed| {
        grid(&Grid {
            layers: run.layers,
            heads: run.heads,
            thumbs: run.weights.thumbs.clone(),
            side: run.weights.side,
            max: run.weights.max,
            numbers: None,
            chosen,
            off: run.asked.altered.heads_off.clone(),
            ranked: None,
            pale: &[],
            pointed,
            room: (640.0, f32::INFINITY),
        })
    };
    let scene = draw(&run(), HeadId::new(3, 1), None);
    let heads: Vec<_> = scene.marks.iter().filter_map(|m| m.target).collect();
    assert_eq!(heads.len(), 72);
    assert_eq!(heads[37], Target::Head(HeadId::new(3, 1)));

    // Two layers of two heads, to keep the file small.
    let about = traced().about.clone();
    let few = traced().pattern.slice(ndarray::s![2..4, 0..2, .., ..]).to_owned();
    let mut few = Run::whole(Asked { text: about.text, ..Asked::default() }, about.tokens, &few, Source::Snapshot);
    few.asked.altered.heads_off.insert(HeadId::new(0, 1));
    assert_golden("grid", &draw(&few, HeadId::new(1, 1), Some(HeadId::new(0, 0))));
}

#[test]
fn ranked_heads_stand_in_their_order_with_their_number() {
    let run = run();
    let all = (0..6).flat_map(|layer| (0..12).map(move |head| HeadId::new(layer, head)));
    let mut ranked: Vec<_> = all.map(|id| (id, run.pattern(id).unwrap()[[IT, TROPHY]])).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let pale: Vec<bool> = (0..72).map(|head| head != 37).collect();
    let scene = grid(&Grid {
        layers: 6,
        heads: 12,
        thumbs: run.weights.thumbs.clone(),
        side: run.weights.side,
        max: run.weights.max,
        numbers: None,
        chosen: HeadId::new(3, 1),
        off: Default::default(),
        ranked: Some(&ranked),
        pale: &pale,
        pointed: None,
        room: (640.0, f32::INFINITY),
    });
    // The first thumbnail's place belongs to the head that reads *trophy* from *it*.
    assert_eq!(scene.hit(32.0, 24.0), Some(Target::Head(HeadId::new(3, 1))));
    let name = scene.marks.iter().find(|m| m.role == Role::Label).unwrap();
    assert!(matches!(&name.shape, Shape::Text { text, .. } if text == "3·1"), "{name:?}");
    let number = scene.marks.iter().filter(|m| m.role == Role::Label).nth(1).unwrap();
    assert!(matches!(&number.shape, Shape::Text { text, .. } if text == "0.62"), "{number:?}");
    assert_eq!(scene.marks.iter().filter(|m| m.role == Role::Pale).count(), 71);
    let order = Order { layers: 6, heads: 12, layers_across: false, ranked: Some(&ranked) };
    assert_eq!((order.head_at(0), order.slot(ranked[5].0)), (Some(HeadId::new(3, 1)), Some(5)));
    let head = Some(HeadId::new(2, 3));
    let order = Order { ranked: None, ..order };
    assert_eq!((order.slot(HeadId::new(2, 3)), order.head_at(27), order.head_at(72)), (Some(27), head, None));
    let order = Order { layers_across: true, ..order };
    assert_eq!((order.columns(), order.rows()), (6, 12));
    assert_eq!((order.slot(HeadId::new(2, 3)), order.head_at(20), order.head_at(72)), (Some(20), head, None));
}

/// What *it* reads in L3 H1, with the weights of the run or at another temperature.
fn look_inside(key: usize, sorted: bool, temperature: f32) -> (Vec<f32>, String, Scene) {
    let looked = run_of_model().trace.inside(HeadId::new(3, 1), IT);
    let k: Vec<f32> = looked.k.iter().copied().collect();
    let weights = if temperature == 1.0 { looked.weights.clone() } else { looked.softened(temperature) };
    let asked = Inside {
        head: HeadId::new(3, 1),
        tokens: &run().shown,
        query: IT,
        key,
        q: &looked.q,
        k: &k,
        scores: &looked.scores,
        weights: &weights,
        lengths: &looked.lengths(),
        temperature,
        run_temperature: 1.0,
        sorted,
        room: 720.0,
    };
    (asked.products(), asked.told(), inside(&asked))
}

fn values(scene: &Scene, role: Role) -> Vec<f32> {
    scene.marks.iter().filter(|m| m.role == role).map(|m| m.value.unwrap()).collect()
}

#[test]
fn the_inside_of_a_head_adds_up() {
    let looked = run_of_model().trace.inside(HeadId::new(3, 1), IT);
    let scores = &looked.scores;
    for (key, held) in scores.iter().enumerate() {
        let score = look_inside(key, false, 1.0).0.iter().sum::<f32>() / 32f32.sqrt();
        assert!((score - held).abs() < 1e-4, "key {key}: {score} and {held}");
    }
    let sum: f32 = scores.iter().map(|s| s.exp()).sum();
    assert!((scores[TROPHY].exp() / sum - 0.624).abs() < 1e-3, "softmax of the scores");
    let (_, told, scene) = look_inside(TROPHY, true, 1.0);
    assert!(told.contains("divided by √32") && told.contains("the weight 0.624"), "{told}");
    assert!(!told.contains("temperature"), "{told}");

    // The third strip's bars fall from the left: what each dimension adds, largest first.
    let bars = values(&scene, Role::Bar);
    assert_eq!(bars.len(), 3 * 32 + 3 * scores.len());
    assert!(bars[64..96].is_sorted_by(|a, b| a >= b), "{:?}", &bars[64..96]);
    assert!((bars[64..96].iter().sum::<f32>() / 32f32.sqrt() - scores[TROPHY]).abs() < 1e-4);
    assert_golden("inside", &scene);
}

#[test]
fn at_another_temperature_the_picture_says_that_its_weights_are_not_the_models() {
    let (_, told, scene) = look_inside(TROPHY, false, 2.0);
    let scores = run_of_model().trace.inside(HeadId::new(3, 1), IT).scores;
    let sum: f32 = scores.iter().map(|s| (s / 2.0).exp()).sum();
    let bars = values(&scene, Role::Bar);
    // *trophy* is still read most: the first row is its score, weight and share.
    assert_eq!(bars[96], scores[TROPHY]);
    assert!((bars[97] - (scores[TROPHY] / 2.0).exp() / sum).abs() < 1e-6);
    assert!(bars[97] < 0.5, "softer");
    assert!(told.contains("at temperature 2.00 instead of 1") && told.contains("not the model's"), "{told}");
    assert_golden("inside_softened", &scene);
}

#[test]
fn a_chart_has_a_dot_for_every_head() {
    let run = run();
    let surveyed = survey(traced().pattern.view(), &run.shown);
    let sinks = [0, run.tokens.len() - 1];
    for (name, measure) in
        [("entropy", Measure::Entropy), ("distance", Measure::Distance), ("sink_share", Measure::SinkShare)]
    {
        let values_of: Vec<f32> = surveyed.iter().map(|head| measure.of(&head.measures)).collect();
        let pointed = Some(HeadId::new(5, 4));
        let chart =
            HeadChart { measure, values: &values_of, heads: 12, chosen: HeadId::new(3, 1), pointed, room: 900.0 };
        let scene = chart.scene();
        let dots = values(&scene, Role::Dot);
        assert_eq!(dots.len(), 72);

        // L3 H1 from its pattern, by the definition.
        let map = run.pattern(HeadId::new(3, 1)).unwrap();
        let rows = map.outer_iter().enumerate();
        let (sum, count) = rows.fold((0.0, 0.0), |(sum, count), (query, row)| match measure {
            Measure::Entropy => (sum - row.iter().map(|w| w * w.log2()).sum::<f32>(), count + 1.0),
            Measure::Distance => {
                (sum + row.iter().enumerate().map(|(key, w)| w * query.abs_diff(key) as f32).sum::<f32>(), count + 1.0)
            }
            Measure::SinkShare if sinks.contains(&query) => (sum, count),
            Measure::SinkShare => (sum + sinks.iter().map(|&key| row[key]).sum::<f32>(), count + 1.0),
        });
        assert!((dots[37] - sum / count).abs() < 1e-4, "{name}: {} and {}", dots[37], sum / count);
        assert_golden(&format!("chart_{name}"), &scene);
    }
}

#[test]
fn the_time_of_a_run_grows_with_the_square_of_its_length() {
    let times = [(16, 5.2), (32, 9.4), (64, 18.6), (128, 41.0), (256, 103.0), (512, 301.0)];
    let chart = CostChart { times: &times, own: (16, 6.1), room: 720.0 };
    assert_golden("cost", &chart.scene());
}

#[test]
fn the_style_sheet_has_the_same_inks() {
    let css = std::fs::read_to_string(root().join("assets/style.css")).unwrap();
    let dark_from = css.find("prefers-color-scheme: dark").unwrap();
    let switch_from = css.find(":root[data-theme=\"dark\"] {").unwrap();
    let inks = [Ink::Text, Ink::Faint, Ink::Edge, Ink::Less, Ink::Query, Ink::OnQuery, Ink::Cursor, Ink::Paper];
    for (part, theme) in [
        (&css[..dark_from], Theme::Light),
        (&css[dark_from..switch_from], Theme::Dark),
        (&css[switch_from..], Theme::Dark),
    ] {
        for ink in inks {
            let [r, g, b] = colour::rgb(theme, ink);
            let wanted = format!("{}: #{r:02x}{g:02x}{b:02x};", colour::variable(ink));
            assert!(part.contains(&wanted), "{theme:?}: {wanted}");
        }
    }
}
