//! The sentence wrapped in lines: where its tokens stand, and where its edges run.
//! `ATTNSCOPE_UPDATE=1 cargo test --test native scenes_wrapped` writes the golden files anew.

use std::sync::OnceLock;

use crate::common::{assert_golden, minilm, tokenizer};
use attnscope::analysis::{Edge, HeadMap, Quantity, Special, by_mass_at_most};
use attnscope::engine::{HeadId, Input, Intervention, Shown, Trace};
use attnscope::scene::sentence::{
    LINE, MOST_WRAPPED, Sentence, TOKEN_SIZE, TOUCH_LINE, arcs_fit, token_beside, wrapped, written,
};
use attnscope::scene::width::estimated_width;
use attnscope::scene::{Area, Ink, Mark, Point, Role, Scene, Shape, Target};
use ndarray::Array2;

const TROPHY: &str = "The trophy did not fit in the bag because it was too big.";
const IT: usize = 10;

/// A text of 64 tokens.
const LONG: &str = "In the beginning the universe was created. This has made a lot of people very angry and been widely \
                    regarded as a bad move. Many races believe that it was created by some sort of god, though others say \
                    that the entire universe was in fact sneezed out of the nose of a being that nobody has ever seen.";

struct Ran {
    shown: Vec<Shown>,
    trace: Trace,
}

fn ran(text: &str) -> Ran {
    let tokens = tokenizer().encode(text, None).unwrap();
    let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
    Ran { shown: tokens.shown(text, None), trace }
}

fn trophy() -> &'static Ran {
    static RAN: OnceLock<Ran> = OnceLock::new();
    RAN.get_or_init(|| ran(TROPHY))
}

fn widths(shown: &[Shown]) -> Vec<f32> {
    shown.iter().map(|token| estimated_width(&written(token), TOKEN_SIZE)).collect()
}

/// How a sentence is asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    queries: &'a [usize],
    most: usize,
    room: f32,
    line: f32,
    right_to_left: bool,
}

const ASKED: Asked = Asked { queries: &[IT], most: MOST_WRAPPED, room: 358.0, line: TOUCH_LINE, right_to_left: false };

fn draw(map: &HeadMap, shown: &[Shown], asked: Asked) -> Scene {
    let Asked { queries, most, room, line, right_to_left } = asked;
    let row = map.row(queries);
    let keys = row.as_ref().map(|row| by_mass_at_most(row, 0.9, most).0).unwrap_or_default();
    let edges: Vec<Edge> =
        keys.iter().flat_map(|&(key, weight)| queries.iter().map(move |&query| Edge { query, key, weight })).collect();
    let sentence = Sentence {
        name: "L3 H1",
        quantity: map.quantity,
        max: 1.0,
        tokens: shown,
        widths: &widths(shown),
        queries,
        row: row.as_ref(),
        edges: &edges,
        pointed: None,
        is_off: false,
        right_to_left,
        room,
        height: f32::INFINITY,
    };
    wrapped(&sentence, line)
}

fn weights(cells: ndarray::ArrayView2<f32>) -> HeadMap {
    HeadMap::new(Quantity::Weight, cells, &vec![false; cells.nrows()], Special::Show)
}

fn trophy_map() -> HeadMap {
    weights(trophy().trace.head(HeadId::new(3, 1)))
}

/// Tokens with these letters, and a map in which `query` reads each of `keys`.
fn made(n: usize, query: usize, keys: &[(usize, f32)]) -> (Vec<Shown>, HeadMap) {
    let words = ["reads", "a", "universe", "of", "notwithstanding", "it", "was"];
    let token = |i: usize| Shown {
        text: words[(i * 5 + i / 7) % words.len()].into(),
        continues: i % 11 == 3,
        special: false,
        unknown: false,
    };
    let mut cells = Array2::zeros((n, n));
    keys.iter().for_each(|&(key, weight)| cells[[query, key]] = weight);
    ((0..n).map(token).collect(), weights(cells.view()))
}

fn boxes(scene: &Scene) -> Vec<Area> {
    let token = |mark: &Mark| match (&mark.shape, mark.target) {
        (Shape::Rect { at, .. }, Some(Target::Query(_))) => Some(*at),
        _ => None,
    };
    scene.marks.iter().filter_map(token).collect()
}

fn routes(scene: &Scene) -> Vec<(&Mark, &[Point])> {
    let route = scene.marks.iter().filter_map(|mark| match &mark.shape {
        Shape::Route { points, .. } => Some((mark, &points[..])),
        _ => None,
    });
    route.collect()
}

/// Points along a route, close together.
fn along(points: &[Point]) -> Vec<Point> {
    let mut all = Vec::new();
    for piece in points.windows(4).step_by(3) {
        for i in 0..=32 {
            let (t, u) = (i as f32 / 32.0, 1.0 - i as f32 / 32.0);
            let shares = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
            let sum = |of: fn(&Point) -> f32| piece.iter().zip(shares).map(|(p, share)| of(p) * share).sum();
            all.push(Point { x: sum(|p| p.x), y: sum(|p| p.y) });
        }
    }
    all
}

fn edge(mark: &Mark) -> (usize, usize) {
    let Some(Target::Cell { query, key }) = mark.target else { panic!("{mark:?}") };
    (query, key)
}

#[test]
fn the_trophy_sentence_is_drawn_in_lines_at_every_width() {
    let (map, shown) = (trophy_map(), &trophy().shown);
    for (room, line) in [(358.0, TOUCH_LINE), (696.0, LINE), (932.0, LINE)] {
        let scene = draw(&map, shown, Asked { room, line, ..ASKED });
        assert_eq!(scene.width, room);
        let numbers: Vec<f32> = scene.marks.iter().filter(|m| m.role == Role::Weight).filter_map(|m| m.value).collect();
        assert!(numbers.iter().any(|w| (w - 0.624).abs() < 0.001), "{numbers:?}");
        assert_golden(&format!("wrapped_{room}"), &scene);
    }
    let several = Asked { queries: &[IT, 13], room: 358.0, ..ASKED };
    assert_golden("wrapped_queries", &draw(&map, shown, several));
}

#[test]
fn a_long_text_is_drawn_in_lines_and_mirrored_from_right_to_left() {
    let ran = ran(LONG);
    let query = ran.shown.iter().position(|token| token.text == "it").unwrap();
    let map = weights(ran.trace.head(HeadId::new(3, 1)));
    let asked = Asked { queries: &[query], room: 696.0, line: LINE, ..ASKED };
    assert_golden("wrapped_long", &draw(&map, &ran.shown, asked));
    let (left, right) = (draw(&map, &ran.shown, asked), draw(&map, &ran.shown, Asked { right_to_left: true, ..asked }));
    for (a, b) in boxes(&left).iter().zip(boxes(&right)) {
        assert!((a.x - (696.0 - b.x - b.w)).abs() < 1e-3 && a.y == b.y, "mirrored");
    }
    for (mark, points) in routes(&right) {
        let end = points.last().unwrap();
        let key = boxes(&right)[edge(mark).1];
        assert!((end.x - key.x - key.w / 2.0).abs() < 5.1, "an edge ends at its key");
    }
}

#[test]
fn every_token_is_inside_the_room_and_words_stay_together() {
    for room in [280.0, 358.0, 696.0, 1124.0] {
        let (shown, map) = made(480, 250, &[(0, 0.5), (400, 0.4)]);
        let scene = draw(&map, &shown, Asked { queries: &[250], room, ..ASKED });
        let boxes = boxes(&scene);
        assert_eq!(boxes.len(), 480);
        for (i, at) in boxes.iter().enumerate() {
            assert!(at.x >= 0.0 && at.x + at.w <= room && at.y + at.h <= scene.height, "token {i} at {room}: {at:?}");
            assert_eq!(scene.hit(at.x + at.w / 2.0, at.y + at.h / 2.0), Some(Target::Query(i)));
            if shown[i].continues {
                assert_eq!(boxes[i - 1].y, at.y, "a word is not parted at {room}");
            }
        }
        let lines = boxes.iter().map(|at| at.y as i32).collect::<std::collections::BTreeSet<_>>().len();
        assert!((scene.height - lines as f32 * TOUCH_LINE - 16.0).abs() < 0.01, "as high as its lines");
    }
}

#[test]
fn edges_end_at_their_tokens_and_pass_lines_between_them() {
    let keys: Vec<(usize, f32)> = [0, 17, 33, 60, 99, 100, 101, 160].iter().map(|&key| (key, 0.125)).collect();
    for room in [358.0, 696.0] {
        let (shown, map) = made(200, 100, &keys);
        let scene = draw(&map, &shown, Asked { queries: &[100], room, ..ASKED });
        let (boxes, routes) = (boxes(&scene), routes(&scene));
        assert!(routes.len() >= 7, "{}", routes.len());
        for (mark, points) in routes {
            let (query, key) = edge(mark);
            let [from, to] = [points[0], *points.last().unwrap()];
            for (at, end) in [(boxes[query], from), (boxes[key], to)] {
                let on_edge = (end.y - at.y).abs() < 0.01 || (end.y - at.y - at.h).abs() < 0.01;
                assert!(on_edge && (end.x - at.x - at.w / 2.0).abs() < 5.1, "{query} > {key}: {end:?} of {at:?}");
            }
            for spot in along(points) {
                assert!((0.0..=room).contains(&spot.x) && (0.0..=scene.height).contains(&spot.y), "{spot:?}");
                for (i, at) in boxes.iter().enumerate() {
                    // The text of a token keeps clear of the ends of its box.
                    let text = Area { x: at.x + 3.0, y: at.y + 1.0, w: at.w - 6.0, h: at.h - 2.0 };
                    assert!(
                        !text.contains(spot.x, spot.y),
                        "{query} > {key} crosses token {i} at {spot:?}, room {room}"
                    );
                }
            }
            let middle = along(points)[8];
            assert!(scene.hit(middle.x, middle.y).is_some(), "an edge can be pointed at");
        }
    }
}

#[test]
fn a_line_has_few_edges_and_a_number_under_each() {
    let keys: Vec<(usize, f32)> = (0..40).map(|key| (key, 1.0 / 40.0)).collect();
    let (shown, map) = made(64, 50, &keys);
    let count = |scene: &Scene, role| scene.marks.iter().filter(|m| m.role == role).count();
    let few = draw(&map, &shown, Asked { queries: &[50], ..ASKED });
    assert_eq!([Role::Edge, Role::Weight, Role::Ground].map(|role| count(&few, role)), [8, 8, 8]);
    let asked = draw(&map, &shown, Asked { queries: &[50], most: usize::MAX, ..ASKED });
    assert_eq!(count(&asked, Role::Edge), 36, "as many as asked for");
}

#[test]
fn what_is_less_is_dashed_in_lines_too() {
    let mut cells = Array2::zeros((16, 16));
    (cells[[IT, 2]], cells[[IT, 8]]) = (-0.4, 0.3);
    let map = HeadMap::new(Quantity::Difference, cells.view(), &[false; 16], Special::Show);
    let scene = draw(&map, &trophy().shown, ASKED);
    let drawn: Vec<_> = routes(&scene)
        .into_iter()
        .map(|(mark, _)| (edge(mark).1, mark.ink, matches!(mark.shape, Shape::Route { dashed: true, .. })))
        .collect();
    assert_eq!(drawn, [(8, Ink::Edge, false), (2, Ink::Less, true)]);
}

#[test]
fn arrow_keys_go_to_the_nearest_token_of_the_next_line() {
    let scene = draw(&trophy_map(), &trophy().shown, ASKED);
    let boxes = boxes(&scene);
    let middle = |i: usize| boxes[i].x + boxes[i].w / 2.0;
    let below = token_beside(&scene, 2, true).unwrap();
    assert!((boxes[below].y - boxes[2].y - TOUCH_LINE).abs() < 0.01);
    let nearest = boxes.iter().filter(|at| at.y == boxes[below].y).map(|at| (at.x + at.w / 2.0 - middle(2)).abs());
    assert!((middle(below) - middle(2)).abs() <= nearest.fold(f32::INFINITY, f32::min) + 0.01);
    assert_eq!(token_beside(&scene, 2, false), None, "there is no line above the first");
}

#[test]
fn arcs_are_for_what_fits_without_scrolling() {
    let shown = &trophy().shown;
    let fit = |room| arcs_fit(shown, &widths(shown), room);
    assert_eq!([fit(358.0), fit(1124.0)], [false, true]);
    let few = &shown[..4];
    assert!(!arcs_fit(few, &widths(few), 358.0), "on a phone a text does not change its form while it is typed");
    let (long, _) = made(41, 0, &[]);
    assert!(!arcs_fit(&long, &widths(&long), 1e6), "more than forty tokens");
}
