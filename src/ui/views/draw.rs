//! A scene on the screen: rasters on a canvas, everything else as SVG over it.
//!
//! Drawing is retained: each mark keeps its element, and only attributes that changed since the
//! last scene are touched, so moving a pointer costs what it changes. Marks whose number changes with every move (edges,
//! numbers, labels) are counted in layers of their own: one more of them moves no other.

use leptos::prelude::document;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};

use crate::analysis::fixed;
use crate::scene::colour::{Theme, variable};
use crate::scene::svg::{DASH, anchor_name, cap, lettered, number, path};
use crate::scene::{Area, Mark, Role, Scene, Shape, Target, raster};

const SVG: &str = "http://www.w3.org/2000/svg";

pub struct Drawing {
    svg: Element,
    canvas: HtmlCanvasElement,
    size: (f32, f32),
    /// From the lowest to the topmost.
    layers: Vec<Layer>,
    /// What the canvas shows: rasters, size, look.
    painted: Option<(Vec<Shape>, f32, f32, f32, Theme)>,
}

/// A group of marks, and what is drawn of each.
struct Layer {
    group: Element,
    marks: Vec<(Mark, Element)>,
    /// Marks of the scene that is being drawn.
    count: usize,
}

/// The layer of a mark.
fn layer(role: Role) -> usize {
    match role {
        Role::Edge => 0,
        Role::Label => 2,
        Role::Weight => 3,
        _ => 1,
    }
}
const LAYERS: usize = 4;

impl Drawing {
    pub fn new(svg: Element, canvas: HtmlCanvasElement) -> Self {
        let group = || {
            let group = document().create_element_ns(Some(SVG), "g").ok()?;
            svg.append_child(&group).ok()?;
            Some(Layer { group, marks: Vec::new(), count: 0 })
        };
        // The element may have held another picture: a view of the same shape takes the place of one in its elements.
        svg.set_text_content(None);
        // None only in a document that is gone.
        let layers = (0..LAYERS).filter_map(|_| group()).collect();
        Self { svg, canvas, size: (0.0, 0.0), layers, painted: None }
    }

    /// Brings the screen to this scene. DOM calls here fail only on a document that is gone.
    pub fn draw(&mut self, scene: &Scene, theme: Theme, ratio: f32) {
        let _ = self.vectors(scene);
        let _ = self.rasters(scene, theme, ratio);
    }

    fn vectors(&mut self, scene: &Scene) -> Result<(), wasm_bindgen::JsValue> {
        if self.size != (scene.width, scene.height) {
            self.size = (scene.width, scene.height);
            let (width, height) = (number(scene.width), number(scene.height));
            set(&self.svg, "width", &width)?;
            set(&self.svg, "height", &height)?;
            set(&self.svg, "viewBox", &format!("0 0 {width} {height}"))?;
        }
        let drawn = scene.marks.iter().filter(|m| !matches!(m.shape, Shape::Raster { .. }));
        self.layers.iter_mut().for_each(|layer| layer.count = 0);
        for mark in drawn {
            if let Some(layer) = self.layers.get_mut(layer(mark.role)) {
                layer.draw(mark)?;
            }
        }
        for layer in &mut self.layers {
            layer.marks.drain(layer.count..).for_each(|(_, element)| element.remove());
        }
        Ok(())
    }

    fn rasters(&mut self, scene: &Scene, theme: Theme, ratio: f32) -> Result<(), wasm_bindgen::JsValue> {
        let shapes: Vec<Shape> =
            scene.marks.iter().filter(|m| matches!(m.shape, Shape::Raster { .. })).map(|m| m.shape.clone()).collect();
        let wanted = Some((shapes, scene.width, scene.height, ratio, theme));
        if self.painted == wanted {
            return Ok(());
        }
        self.painted = wanted;
        if self.painted.as_ref().is_some_and(|(shapes, ..)| shapes.is_empty()) {
            self.canvas.set_width(0);
            return Ok(());
        }
        let (pixels, width, height) = raster::paint(scene, ratio, theme);
        self.canvas.set_width(width as u32);
        self.canvas.set_height(height as u32);
        let style = self.canvas.style();
        style.set_property("width", &format!("{}px", number(scene.width)))?;
        style.set_property("height", &format!("{}px", number(scene.height)))?;
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width as u32, height as u32)?;
        let pen = self.canvas.get_context("2d")?.map(|c| c.unchecked_into::<CanvasRenderingContext2d>());
        pen.map_or(Ok(()), |pen| pen.put_image_data(&image, 0.0, 0.0))
    }
}

impl Layer {
    /// The next mark of the scene.
    fn draw(&mut self, mark: &Mark) -> Result<(), wasm_bindgen::JsValue> {
        let slot = self.marks.get_mut(self.count);
        self.count += 1;
        match slot {
            Some((old, _)) if old == mark => {}
            Some((old, element)) if tag(&old.shape) == tag(&mark.shape) => {
                write(element, mark, Some(old))?;
                *old = mark.clone();
            }
            slot => {
                let element = document().create_element_ns(Some(SVG), tag(&mark.shape))?;
                write(&element, mark, None)?;
                match slot {
                    Some((old, before)) => {
                        before.replace_with_with_node_1(&element)?;
                        (*old, *before) = (mark.clone(), element);
                    }
                    None => {
                        self.group.append_child(&element)?;
                        self.marks.push((mark.clone(), element));
                    }
                }
            }
        }
        Ok(())
    }
}

fn tag(shape: &Shape) -> &'static str {
    match shape {
        Shape::Rect { .. } | Shape::Frame { .. } => "rect",
        Shape::Curve { .. } | Shape::Route { .. } => "path",
        Shape::Text { .. } => "text",
        Shape::Raster { .. } => "",
    }
}

fn set(element: &Element, name: &str, value: &str) -> Result<(), wasm_bindgen::JsValue> {
    element.set_attribute(name, value)
}

/// Writes the attributes of `mark`; with `old`, only those that differ from it.
fn write(element: &Element, mark: &Mark, old: Option<&Mark>) -> Result<(), wasm_bindgen::JsValue> {
    if old.is_none_or(|o| o.shape != mark.shape || o.ink != mark.ink) {
        write_shape(element, mark, old.map(|o| &o.shape))?;
    }
    if old.is_none_or(|o| o.role != mark.role) {
        set(element, "class", mark.role.name())?;
    }
    if old.is_none_or(|o| o.alpha != mark.alpha) {
        set(element, "opacity", &number(mark.alpha))?;
    }
    if old.is_none_or(|o| o.target != mark.target) {
        write_target(element, mark.target)?;
    }
    if old.is_none_or(|o| o.value != mark.value) {
        match mark.value {
            Some(value) => set(element, "data-value", &fixed(value, 7))?,
            None => element.remove_attribute("data-value")?,
        }
    }
    Ok(())
}

fn write_shape(element: &Element, mark: &Mark, old: Option<&Shape>) -> Result<(), wasm_bindgen::JsValue> {
    let ink = format!("var({})", variable(mark.ink));
    match &mark.shape {
        Shape::Rect { at, r } => {
            place(element, at, *r)?;
            set(element, "fill", &ink)?;
            set(element, "stroke", "none")
        }
        Shape::Frame { at, r, line } => {
            place(element, at, *r)?;
            set(element, "fill", "none")?;
            set(element, "stroke", &ink)?;
            set(element, "stroke-width", &number(*line))
        }
        Shape::Curve { line, dashed, .. } | Shape::Route { line, dashed, .. } => {
            set(element, "d", &path(&mark.shape))?;
            set(element, "fill", "none")?;
            set(element, "stroke", &ink)?;
            set(element, "stroke-linecap", cap(*dashed))?;
            set(element, "stroke-dasharray", if *dashed { DASH } else { "none" })?;
            set(element, "stroke-width", &number(*line))
        }
        Shape::Text { at, size, anchor, bold, turn, text } => {
            let (x, y) = (number(at.x), number(at.y));
            set(element, "x", &x)?;
            set(element, "y", &y)?;
            set(element, "font-size", &number(*size))?;
            set(element, "text-anchor", anchor_name(*anchor))?;
            set(element, "font-weight", if *bold { "600" } else { "400" })?;
            set(element, "transform", &format!("rotate({} {x} {y})", number(*turn)))?;
            set(element, "fill", &ink)?;
            let same = matches!(old, Some(Shape::Text { text: before, .. }) if before == text);
            if !same {
                element.set_text_content(Some(&lettered(text)));
            }
            Ok(())
        }
        Shape::Raster { .. } => Ok(()),
    }
}

fn place(element: &Element, at: &Area, r: f32) -> Result<(), wasm_bindgen::JsValue> {
    set(element, "x", &number(at.x))?;
    set(element, "y", &number(at.y))?;
    set(element, "width", &number(at.w.max(0.0)))?;
    set(element, "height", &number(at.h.max(0.0)))?;
    set(element, "rx", &number(r))
}

/// What the mark stands for, readable from the page.
fn write_target(element: &Element, target: Option<Target>) -> Result<(), wasm_bindgen::JsValue> {
    let (query, key) = match target {
        Some(Target::Query(query)) => (Some(query), None),
        Some(Target::Key(key)) => (None, Some(key)),
        Some(Target::Cell { query, key }) => (Some(query), Some(key)),
        _ => (None, None),
    };
    let head = match target {
        Some(Target::Head(head)) => Some(head.to_string()),
        _ => None,
    };
    let [query, key] = [query, key].map(|token| token.map(|token| token.to_string()));
    for (name, told) in [("data-query", query), ("data-key", key), ("data-head", head)] {
        match told {
            Some(told) => set(element, name, &told)?,
            None => element.remove_attribute(name)?,
        }
    }
    Ok(())
}
