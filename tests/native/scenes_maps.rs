//! Grids of heads and heatmaps of every shape and size, without a model.

use std::sync::Arc;

use crate::common::assert_golden;
use attnscope::analysis::{HeadMap, Quantity, Special};
use attnscope::engine::{HeadId, Shown};
use attnscope::scene::colour::{self, Theme};
use attnscope::scene::grid::{Grid, Numbers, READABLE, grid};
use attnscope::scene::heatmap::{Heatmap, LABEL_SIZE, heatmap, label};
use attnscope::scene::raster::paint;
use attnscope::scene::width::estimated_width;
use attnscope::scene::{Area, Mark, Role, Scene, Shape, Target};

/// All heads of a model of this shape in a box of this size, with a small map of 2 x 2 cells each.
fn grid_of(layers: usize, heads: usize, room: (f32, f32), numbers: Option<Numbers>) -> Scene {
    grid(&Grid {
        layers,
        heads,
        thumbs: Arc::new((0..layers * heads * 4).map(|i| (i % 7) as f32 / 7.0).collect()),
        side: 2,
        max: 1.0,
        numbers,
        chosen: HeadId::new(1, 2),
        off: Default::default(),
        ranked: None,
        pale: &[],
        pointed: None,
        room,
    })
}

/// Columns, rows and the side of a cell, as they are drawn.
fn shape_of(scene: &Scene) -> (usize, usize, f32) {
    let of = |axis: fn(&Area) -> f32| {
        let mut all: Vec<i32> = scene.marks.iter().filter_map(|m| Some(axis(raster(m)?) as i32)).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    (of(|at| at.x), of(|at| at.y), scene.marks.iter().find_map(raster).unwrap().w)
}

fn raster(mark: &Mark) -> Option<&Area> {
    if let Shape::Raster { at, .. } = &mark.shape { Some(at) } else { None }
}

#[test]
fn the_longer_of_layers_and_heads_runs_along_the_longer_side_of_the_box() {
    // The workbench's box at 1280 x 800.
    let wide = (560.0, 285.0);
    for (layers, heads, columns, rows, side) in
        [(6, 12, 12, 6, 40.0), (12, 12, 12, 12, 20.0), (30, 9, 30, 9, 15.0), (32, 32, 32, 32, 7.0)]
    {
        let scene = grid_of(layers, heads, wide, None);
        let got = shape_of(&scene);
        assert_eq!((got.0, got.1), (columns, rows), "{layers} x {heads}");
        assert!((side..side + 3.0).contains(&got.2), "{layers} x {heads}: {}", got.2);
        assert!(scene.width <= wide.0 + 0.01 && scene.height <= wide.1 + 0.01, "{} x {}", scene.width, scene.height);
    }
    let high = grid_of(12, 6, (300.0, 600.0), None);
    assert_eq!((shape_of(&high).0, shape_of(&high).1), (6, 12));
    // A page that scrolls: as wide as it is, and layers across only where they have room.
    let free = |layers, heads, width| shape_of(&grid_of(layers, heads, (width, f32::INFINITY), None));
    assert_eq!((free(12, 6, 640.0).0, free(6, 12, 640.0).0, free(12, 12, 640.0).0), (12, 12, 12));
    assert_eq!((free(30, 9, 640.0).0, free(30, 9, 358.0).0), (30, 9));
    assert_golden("grid_lying", &grid_of(30, 9, wide, None));
}

#[test]
fn a_grid_names_its_axes_and_finds_each_head_where_it_is_drawn() {
    for (layers, heads, titles) in [(6, 12, ["layer", "head"]), (30, 9, ["head", "layer"])] {
        let scene = grid_of(layers, heads, (560.0, 285.0), None);
        let upright = |m: &&Mark| matches!(m.shape, Shape::Text { turn, .. } if turn == -90.0);
        let text = |m: &Mark| if let Shape::Text { text, .. } = &m.shape { text.clone() } else { String::new() };
        let rows = scene.marks.iter().find(upright).map(text);
        assert_eq!(rows.as_deref(), Some(titles[0]), "the rows' axis");
        assert!(scene.marks.iter().any(|m| !upright(&m) && text(m) == titles[1]), "the columns' axis");
        for mark in &scene.marks {
            if let (Some(at), Some(Target::Head(head))) = (raster(mark), mark.target) {
                assert_eq!(scene.hit(at.x + at.w / 2.0, at.y + at.h / 2.0), Some(Target::Head(head)));
                // The label of its column or row stands by its middle.
                let by = |name: String| scene.marks.iter().find(|m| text(m) == name).map(|m| m.shape.clone());
                if let (Some(Shape::Text { at: l, .. }), Some(Shape::Text { at: h, .. })) =
                    (by(format!("L{}", head.layer)), by(format!("H{}", head.head)))
                {
                    let (x, y) = if titles[0] == "layer" { (h.x, l.y) } else { (l.x, h.y) };
                    assert!((x - at.x - at.w / 2.0).abs() < 0.1 && (y - 4.0 - at.y - at.h / 2.0).abs() < 0.1, "{head}");
                }
            }
        }
    }
}

#[test]
fn cells_too_small_for_a_map_show_one_number_a_head() {
    let values = Arc::new((0..32 * 32).map(|i| i as f32 / 200.0).collect::<Vec<f32>>());
    let numbers = |below| Some(Numbers { values: values.clone(), max: 5.2, below });
    let small = grid_of(32, 32, (560.0, 285.0), numbers(READABLE));
    let cells: Vec<_> = small.marks.iter().filter(|m| m.role == Role::Cells).collect();
    assert_eq!(cells.len(), 1024);
    for (i, mark) in cells.iter().enumerate() {
        assert_eq!((mark.value, mark.target), (Some(values[i]), Some(Target::Head(HeadId::new(i / 32, i % 32)))));
        assert!(matches!(&mark.shape, Shape::Raster { cells, .. } if (cells.columns, cells.start) == (1, i)));
    }
    let large = grid_of(6, 12, (560.0, 285.0), Some(Numbers { values: values.clone(), max: 5.2, below: READABLE }));
    assert!(large.marks.iter().all(|m| m.role != Role::Cells || m.value.is_none()), "maps where they can be read");
    let always = grid_of(6, 12, (560.0, 285.0), numbers(f32::INFINITY));
    assert!(
        always.marks.iter().all(|m| m.role != Role::Cells || m.value.is_some()),
        "numbers where they are asked for"
    );
    assert_golden("grid_numbers", &grid_of(4, 6, (90.0, 80.0), numbers(READABLE)));
}

/// A heatmap of `n` tokens whose strongest cells are `strong`, the row 2 chosen and the cell `pointed` pointed at.
fn heat_of(n: usize, strong: &[(usize, usize)], pointed: Option<(usize, usize)>) -> Scene {
    let mut cells = ndarray::Array2::from_elem((n, n), 0.001);
    strong.iter().for_each(|&cell| cells[cell] = 1.0);
    let map = HeadMap::new(Quantity::Weight, cells.view(), &vec![false; n], Special::Show);
    let tokens: Vec<Shown> =
        (0..n).map(|i| Shown { text: format!("t{i}"), continues: false, special: false, unknown: false }).collect();
    let labels: Vec<f32> = tokens.iter().map(|s| estimated_width(&label(s), LABEL_SIZE)).collect();
    let (values, max) = (Arc::new(cells.iter().copied().collect()), 1.0);
    let (label_widths, queries) = (&labels[..], &[2][..]);
    heatmap(&Heatmap {
        name: "L0 H0",
        tokens: &tokens,
        label_widths,
        map: &map,
        values,
        max,
        queries,
        pointed,
        room: 400.0,
        height: f32::INFINITY,
    })
}

/// The labels of tokens: of rows, and of columns.
fn labels_of(scene: &Scene) -> [Vec<String>; 2] {
    [0.0, -50.0].map(|wanted| {
        let label = |mark: &'_ Mark| match &mark.shape {
            Shape::Text { turn, size, .. } if *turn == wanted && *size < 11.0 => panic!("too small: {mark:?}"),
            Shape::Text { text, turn, .. } if *turn == wanted && text.starts_with('t') => Some(text.clone()),
            _ => None,
        };
        scene.marks.iter().filter_map(label).collect()
    })
}

#[test]
fn a_heatmap_of_few_tokens_has_cells_of_forty_pixels() {
    let scene = heat_of(5, &[], None);
    let at = scene.marks.iter().find_map(raster).unwrap();
    assert_eq!((at.w, at.h), (200.0, 200.0));
    assert_eq!(labels_of(&scene), [["t0", "t1", "t2", "t3", "t4"], ["t0", "t1", "t2", "t3", "t4"]]);
}

#[test]
fn where_labels_do_not_fit_those_of_the_chosen_row_and_of_the_cell_pointed_at_are_left() {
    assert_eq!(labels_of(&heat_of(64, &[], None)), [vec!["t2"], Vec::<&str>::new()]);
    assert_eq!(labels_of(&heat_of(64, &[], Some((40, 9)))), [vec!["t2", "t40"], vec!["t9"]]);
    assert_eq!(labels_of(&heat_of(64, &[], Some((3, 9)))), [vec!["t3"], vec!["t9"]], "no label over another");
}

#[test]
fn no_cell_of_a_long_text_is_lost_in_the_heatmap() {
    // Alone, side by side, in the corners: 512 tokens on fewer pixels.
    let strong = [(0, 0), (0, 511), (511, 0), (511, 511), (100, 201), (101, 202), (300, 301), (2, 2)];
    for ratio in [1.0, 1.25, 2.0] {
        let scene = heat_of(512, &strong, None);
        let at = *scene.marks.iter().find_map(raster).unwrap();
        assert!(at.w < 400.0);
        let (pixels, width, _) = paint(&scene, ratio, Theme::Light);
        for (query, key) in strong {
            let pixel =
                |from: f32, side: f32, i: usize| (from * ratio + (i as f32 + 0.5) / 512.0 * side * ratio) as usize;
            let (x, y) = (pixel(at.x, at.w, key), pixel(at.y, at.h, query));
            let near =
                |x: usize, y: usize| pixels[(y * width + x) * 4..][..3] == colour::ramp(Theme::Light, false)[255];
            let found = (y - 1..=y + 1).any(|y| (x - 1..=x + 1).any(|x| near(x, y)));
            assert!(found, "{query}, {key} at {ratio} pixels to a pixel");
        }
    }
}
