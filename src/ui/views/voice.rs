//! Pictures for those who hear them: tokens are the options of a list, cells and heads stand in a grid. What is drawn is
//! hidden from screen readers; beside it a few elements are kept that nobody sees, those around the active one.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MouseEvent};

use crate::analysis::Quantity;
use crate::engine::{HeadId, Shown};
use crate::scene::grid::Order;
use crate::scene::{Target, four, in_sentence, two};
use crate::state::{Run, ViewState};
use crate::text;
use crate::ui::browser::frame::locked;
use crate::ui::session::Session;
use crate::ui::views::heatmap;
use crate::ui::views::picture::{Hands, Picture, Told, attend};
use crate::ui::views::selection::{Reading, Readings};
use crate::worker::protocol::Picture as Drawing;

/// Elements that are kept of one row or list.
const MOST: usize = 64;
/// Tokens named in the name of another.
const NAMED: usize = 3;

/// What a screen reader is told of a picture. Rows and places count from 0.
#[derive(Clone, PartialEq)]
struct Tree {
    /// The rows and columns of a grid; a list has one row.
    size: (usize, usize),
    is_grid: bool,
    /// Several parts may be chosen.
    is_multiple: bool,
    row: usize,
    parts: Vec<Part>,
    /// The part that the keys are at.
    active: Option<Target>,
}

#[derive(Clone, PartialEq)]
struct Part {
    place: usize,
    target: Target,
    name: String,
    is_chosen: bool,
}

/// Follows every picture of the page.
pub fn install(session: Session) {
    attend(Rc::new(move |picture| follow(session, picture.clone())));
}

fn follow(session: Session, picture: Picture) {
    Effect::new(move |last: Option<Option<Tree>>| {
        let (stage, last) = (picture.stage.get()?, last.flatten());
        let tree = tree_of(session, picture.hands.told);
        if last != tree {
            // Fails only on a document that is gone.
            let _ = write(&stage, &picture, last.as_ref(), tree.as_ref());
        }
        tree
    });
}

fn tree_of(session: Session, told: Told) -> Option<Tree> {
    match told {
        Told::Nothing => None,
        Told::Units(readings) => units(session, readings),
        Told::Cells(readings) => cells(readings),
        Told::Heads(layers_across) => heads(session, layers_across.get()),
        Told::Dots => dots(session),
        Told::Keys => keys(session),
    }
}

/// The part of a row of this length that is kept.
fn kept(around: usize, count: usize) -> std::ops::Range<usize> {
    let first = around / MOST * MOST;
    first..(first + MOST).min(count)
}

/// A list of which one part is kept, the active one.
fn one_of(count: usize, part: Part) -> Tree {
    let active = Some(part.target);
    Tree { size: (1, count), is_grid: false, is_multiple: false, row: 0, parts: vec![part], active }
}

/// The tokens, with what the chosen query reads of each.
fn units(session: Session, readings: Readings) -> Option<Tree> {
    if readings.is_main() && (session.awaits_model() || session.empty()) {
        return None;
    }
    let Reading { shot, chosen, .. } = readings.pinned.get()?;
    let queries = text::list(chosen.queries.iter().take(NAMED).map(|&query| shot.shown[query].isolated()));
    let name = |unit: usize, shown: &Shown| {
        let weight = chosen.row.as_ref().map_or(f32::NAN, |row| row.weights[unit]);
        if weight.is_nan() || chosen.queries.contains(&unit) {
            return shown.isolated();
        }
        let number = in_sentence(shot.quantity(), weight);
        match (shot.quantity(), chosen.queries.len()) {
            (Quantity::Score | Quantity::Norm, _) => text::unit_value(&shown.isolated(), &number, &queries),
            (_, 1) => text::unit_read(&shown.isolated(), &queries, &number),
            _ => text::unit_read_by_many(&shown.isolated(), &queries, &number),
        }
    };
    let last = chosen.queries.last().copied();
    let parts = kept(last.unwrap_or(0), shot.count()).map(|unit| Part {
        place: unit,
        target: Target::Query(unit),
        name: name(unit, &shot.shown[unit]),
        is_chosen: chosen.queries.contains(&unit),
    });
    let parts: Vec<Part> = parts.collect();
    let size = (1, shot.count());
    let active = last.map(Target::Query);
    (!parts.is_empty()).then_some(Tree { size, is_grid: false, is_multiple: true, row: 0, parts, active })
}

/// The cell pointed at; else the one where the keys begin.
fn cells(readings: Readings) -> Option<Tree> {
    let Reading { shot, chosen, cell, .. } = readings.now.get()?;
    let first = chosen.queries.last().copied().unwrap_or(0);
    let (query, key) = cell.unwrap_or((first, first));
    let target = Target::Cell { query, key };
    let name = heatmap::told(&shot, (query, key))?;
    // A row that is previewed is not chosen.
    let is_chosen = readings.pinned.with(|r| r.as_ref().is_some_and(|r| r.chosen.queries.contains(&query)));
    let part = Part { place: key, target, name, is_chosen };
    let (size, active) = ((shot.count(), shot.count()), cell.map(|_| target));
    Some(Tree { size, is_grid: true, is_multiple: true, row: query, parts: vec![part], active })
}

/// The row of the chosen head, as it is drawn.
fn heads(session: Session, layers_across: bool) -> Option<Tree> {
    let run = session.run.get()?;
    session.view.with(|view| {
        let ranked = run.ranked(view);
        let order = Order { layers: run.layers, heads: run.heads, layers_across, ranked: ranked.as_deref() };
        let chosen = view.head_id();
        let slot = order.slot(chosen)?;
        let (row, columns) = (slot / order.columns(), order.columns());
        let part = |place: usize| {
            let head = order.head_at(row * columns + place)?;
            Some(head_part(&run, view, head, place))
        };
        let parts = kept(slot % columns, columns).filter_map(part).collect();
        let (size, active) = ((order.rows(), columns), Some(Target::Head(chosen)));
        Some(Tree { size, is_grid: true, is_multiple: false, row, parts, active })
    })
}

/// The chosen head among all, while the chart of them is drawn.
fn dots(session: Session) -> Option<Tree> {
    let run = session.run.get()?;
    if session.saved() || session.chart.with(Option::is_none) {
        return None;
    }
    session.view.with(|view| {
        let head = view.chart.map(|_| view.head_id()).filter(|head| run.has(*head))?;
        let place = head.layer * run.heads + head.head;
        Some(one_of(run.layers * run.heads, head_part(&run, view, head, place)))
    })
}

/// The key whose steps are drawn.
fn keys(session: Session) -> Option<Tree> {
    let run = session.run.get().filter(|_| session.view.with(|view| view.inside))?;
    let (head, query, key) = session.inside.with(|drawn| match drawn.as_ref()?.picture {
        Drawing::Inside { head, query, key, .. } => Some((head, query, key)),
        _ => None,
    })?;
    let weights = run.pattern(head)?;
    let count = weights.ncols();
    let weight = |key: usize| weights.get([query, key]).copied().unwrap_or(f32::NEG_INFINITY);
    let key = key.or_else(|| (0..count).max_by(|&a, &b| weight(a).total_cmp(&weight(b))))?;
    let name = text::cell(&run.shown.get(query)?.isolated(), &run.shown.get(key)?.isolated(), &four(weight(key)));
    Some(one_of(count, Part { place: key, target: Target::Key(key), name, is_chosen: true }))
}

fn head_part(run: &Run, view: &ViewState, head: HeadId, place: usize) -> Part {
    Part { place, target: Target::Head(head), name: head_name(run, view, head), is_chosen: head == view.head_id() }
}

/// A head by its place, what it does on this text, and whether it is on.
fn head_name(run: &Run, view: &ViewState, head: HeadId) -> String {
    let HeadId { layer, head: number } = head;
    let state = if view.altered.heads_off.contains(&head) { text::state_off() } else { text::state_on() };
    match run.survey.get(layer * run.heads + number).filter(|survey| !survey.measures.entropy.is_nan()) {
        Some(survey) => {
            let labels = text::list(survey.labels.iter().map(|label| label.label.called().to_owned()));
            let labels = if labels.is_empty() { text::label_none().to_owned() } else { labels };
            text::head_spoken(layer, number, &labels, &two(survey.measures.entropy), state)
        }
        None => text::head_spoken_bare(layer, number, state),
    }
}

/// What a picture says of a target, in the few words that fit beside a finger.
pub fn short_name(session: Session, told: Told, target: Target) -> Option<String> {
    match (told, target) {
        (Told::Cells(readings), Target::Cell { query, key }) => {
            let shot =
                readings.pinned.with_untracked(|reading| reading.as_ref().map(|reading| reading.shot.clone()))?;
            heatmap::told(&shot, (query, key))
        }
        (_, Target::Head(head)) => {
            let run = session.run.get_untracked()?;
            let survey = run.survey.get(head.layer * run.heads + head.head);
            let labels =
                survey.into_iter().flat_map(|survey| &survey.labels).map(|label| label.label.called().to_owned());
            let labels = text::list(labels);
            Some(if labels.is_empty() { head.to_string() } else { format!("{head} · {labels}") })
        }
        _ => None,
    }
}

type Done = Result<(), wasm_bindgen::JsValue>;

/// Brings the hidden elements of a picture to this tree; without one it is a picture and no more.
fn write(stage: &Element, picture: &Picture, last: Option<&Tree>, tree: Option<&Tree>) -> Done {
    let Some(tree) = tree else {
        stage.set_attribute("role", "img")?;
        for name in ["aria-activedescendant", "aria-multiselectable", "aria-rowcount", "aria-colcount"] {
            stage.remove_attribute(name)?;
        }
        return match stage.query_selector(":scope > .unseen")? {
            Some(hidden) => {
                hidden.set_text_content(None);
                Ok(())
            }
            None => Ok(()),
        };
    };
    stage.set_attribute("role", if tree.is_grid { "grid" } else { "listbox" })?;
    let counts = tree.is_grid.then_some(tree.size);
    optional(stage, "aria-rowcount", counts.map(|(rows, _)| rows.to_string()))?;
    optional(stage, "aria-colcount", counts.map(|(_, columns)| columns.to_string()))?;
    optional(stage, "aria-multiselectable", tree.is_multiple.then(|| "true".into()))?;
    let hidden = match stage.query_selector(":scope > .unseen")? {
        Some(hidden) => hidden,
        None => hidden_in(stage, picture.hands.clone())?,
    };
    // What stands for another part is another element: else a change of the active one would not be noticed.
    let stays = last.is_some_and(|last| last.is_grid == tree.is_grid && last.row == tree.row);
    let row = row_in(&hidden, tree, stays)?;
    for (i, part) in tree.parts.iter().enumerate() {
        let before = row.children().item(i as u32);
        let same = last.filter(|_| stays).and_then(|last| last.parts.get(i)).filter(|last| last.target == part.target);
        let element = match (before, same) {
            (Some(element), Some(_)) => element,
            (before, _) => {
                let element = document().create_element("span")?;
                match before {
                    Some(before) => before.replace_with_with_node_1(&element)?,
                    None => row.append_child(&element).map(|_| ())?,
                }
                element
            }
        };
        write_part(&element, picture.id, tree, part)?;
    }
    while row.child_element_count() as usize > tree.parts.len() {
        if let Some(element) = row.last_element_child() {
            element.remove();
        }
    }
    optional(stage, "aria-activedescendant", tree.active.map(|target| part_id(picture.id, target)))
}

fn optional(element: &Element, name: &str, value: Option<String>) -> Done {
    match value {
        Some(value) if element.get_attribute(name).as_ref() == Some(&value) => Ok(()),
        Some(value) => element.set_attribute(name, &value),
        None => element.remove_attribute(name),
    }
}

/// What holds the hidden elements. A screen reader may press one of them: that chooses it.
fn hidden_in(stage: &Element, hands: Rc<Hands>) -> Result<Element, wasm_bindgen::JsValue> {
    let hidden = document().create_element("div")?;
    hidden.set_class_name("unseen");
    stage.append_child(&hidden)?;
    let on_click = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
        event.stop_propagation();
        let part = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let target = part.and_then(|part| target_of(&part.get_attribute("data-part")?));
        if let Some(target) = target.filter(|_| !locked()) {
            (hands.choose)(target, event.shift_key());
        }
    });
    hidden.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref())?;
    // The element lives as long as its picture, and so does what it calls.
    on_click.forget();
    Ok(hidden)
}

/// The row of a grid; of a list, what holds it.
fn row_in(hidden: &Element, tree: &Tree, stays: bool) -> Result<Element, wasm_bindgen::JsValue> {
    if !stays {
        hidden.set_text_content(None);
    }
    if !tree.is_grid {
        return Ok(hidden.clone());
    }
    let row = match hidden.first_element_child() {
        Some(row) => row,
        None => {
            let row = document().create_element("div")?;
            row.set_attribute("role", "row")?;
            hidden.append_child(&row)?;
            row
        }
    };
    optional(&row, "aria-rowindex", Some((tree.row + 1).to_string()))?;
    Ok(row)
}

fn write_part(element: &Element, picture: &str, tree: &Tree, part: &Part) -> Done {
    let place = Some((part.place + 1).to_string());
    optional(element, "role", Some(if tree.is_grid { "gridcell" } else { "option" }.into()))?;
    if tree.is_grid {
        optional(element, "aria-colindex", place)?;
    } else {
        optional(element, "aria-posinset", place)?;
        optional(element, "aria-setsize", Some(tree.size.1.to_string()))?;
    }
    optional(element, "id", Some(part_id(picture, part.target)))?;
    optional(element, "data-part", Some(part_key(part.target)))?;
    optional(element, "aria-selected", Some(part.is_chosen.to_string()))?;
    if element.text_content().as_ref() != Some(&part.name) {
        element.set_text_content(Some(&part.name));
    }
    Ok(())
}

fn part_id(picture: &str, target: Target) -> String {
    format!("{picture}-{}", part_key(target))
}

/// A target as it is written into the page; [`target_of`] reads it.
fn part_key(target: Target) -> String {
    match target {
        Target::Query(query) => format!("query-{query}"),
        Target::Key(key) => format!("key-{key}"),
        Target::Cell { query, key } => format!("cell-{query}-{key}"),
        Target::Head(HeadId { layer, head }) => format!("head-{layer}-{head}"),
    }
}

fn target_of(key: &str) -> Option<Target> {
    let mut parts = key.split('-');
    let kind = parts.next()?;
    let mut number = || parts.next()?.parse().ok();
    Some(match kind {
        "query" => Target::Query(number()?),
        "key" => Target::Key(number()?),
        "cell" => Target::Cell { query: number()?, key: number()? },
        "head" => Target::Head(HeadId::new(number()?, number()?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_again_by_what_is_written_of_it() {
        let head = Target::Head(HeadId::new(3, 1));
        for target in [Target::Query(10), Target::Key(0), Target::Cell { query: 2, key: 511 }, head] {
            assert_eq!(target_of(&part_key(target)), Some(target));
        }
        assert_eq!([target_of("cell-2"), target_of("query-x"), target_of("")], [None, None, None]);
        assert_eq!(part_id("grid", head), "grid-head-3-1");
    }

    #[test]
    fn the_part_of_a_row_that_is_kept_has_the_active_one_in_it() {
        assert_eq!(kept(10, 16), 0..16);
        assert_eq!(kept(64, 512), 64..128);
        assert_eq!(kept(511, 512), 448..512);
        assert_eq!(kept(0, 0), 0..0);
    }
}
