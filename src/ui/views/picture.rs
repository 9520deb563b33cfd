//! A scene one can point at, click, touch and move through with the keyboard.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos::svg::Svg;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, ResizeObserver};

use crate::scene::{Area, Scene, Shape, Target};
use crate::text;
use crate::ui::browser::frame::locked;
use crate::ui::browser::keys;
use crate::ui::browser::theme::Look;
use crate::ui::views::draw::Drawing;
use crate::ui::views::selection::Readings;

/// What a picture does with its reader's hands.
pub struct Hands {
    /// The pointer is over this, or over nothing.
    pub point: Rc<dyn Fn(Option<Target>)>,
    /// Click or tap; true with the shift key.
    pub choose: Rc<dyn Fn(Target, bool)>,
    /// A key, and whether shift is down; true where it meant something here.
    pub key: Rc<OnKey>,
    /// What is scrolled to where it can be seen, whenever it changes.
    pub in_sight: Rc<dyn Fn() -> Option<Target>>,
    /// What of it a screen reader is told.
    pub told: Told,
}

/// What the parts of a picture are, for those who hear it.
#[derive(Clone, Copy)]
pub enum Told {
    /// They are no parts that one chooses.
    Nothing,
    /// Tokens to choose as the query.
    Units(Readings),
    /// Cells of one head, by query and key.
    Cells(Readings),
    /// All heads, in rows and columns; true where layers run across.
    Heads(RwSignal<bool>),
    /// All heads as dots of a chart.
    Dots,
    /// Keys of the query whose steps are drawn.
    Keys,
}

pub type OnKey = dyn Fn(&str, bool) -> bool;

/// The scene for a frame of this width, in CSS pixels; none while there is nothing to draw.
pub type Draw = Box<dyn Fn(f32) -> Option<Scene>>;

/// The scene for a frame of this size; none while there is nothing to draw.
pub type DrawFitted = Box<dyn Fn(Room) -> Option<Scene>>;

/// The size of the frame that a picture is in, in CSS pixels.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Room {
    pub width: f32,
    /// Infinite for a frame that grows with its picture.
    pub height: f32,
}

type OnScreen = Rc<RefCell<Option<Shown>>>;

/// A picture of the page.
#[derive(Clone)]
pub struct Picture {
    pub id: &'static str,
    pub stage: NodeRef<Div>,
    svg: NodeRef<Svg>,
    screen: OnScreen,
    pub hands: Rc<Hands>,
}

impl Picture {
    /// What is drawn at this point of the window.
    pub fn hit(&self, x: f64, y: f64) -> Option<Target> {
        let bounds = self.svg.get_untracked()?.unchecked_into::<web_sys::Element>().get_bounding_client_rect();
        let (x, y) = (x - bounds.left(), y - bounds.top());
        self.screen.borrow().as_ref()?.scene.hit(x as f32, y as f32)
    }

    /// Reads something from the scene on screen.
    pub fn with_scene<T>(&self, read: impl FnOnce(&Scene) -> Option<T>) -> Option<T> {
        self.screen.borrow().as_ref().and_then(|shown| read(&shown.scene))
    }
}

type Attend = Rc<dyn Fn(&Picture)>;

thread_local! {
    /// All pictures of the page.
    static PICTURES: RefCell<Vec<Picture>> = const { RefCell::new(Vec::new()) };
    /// Is shown each picture.
    static ATTEND: RefCell<Option<Attend>> = const { RefCell::new(None) };
}

/// Passes on every picture of the page, those that are made later among them.
pub fn attend(to: Attend) {
    PICTURES.with_borrow(|all| all.clone()).iter().for_each(&*to);
    ATTEND.set(Some(to));
}

/// The picture with this id.
pub fn picture_of(id: &str) -> Option<Picture> {
    PICTURES.with_borrow(|all| all.iter().find(|picture| picture.id == id).cloned())
}

/// The scene that a picture shows, if it shows one to the reader.
pub fn scene_of(id: &str) -> Option<Scene> {
    let shown = document().get_element_by_id(id).is_some_and(|element| element.get_client_rects().length() > 0);
    picture_of(id).filter(|_| shown)?.with_scene(|scene| Some(scene.clone()))
}

/// Draws all pictures with light ink while the page is printed, and as they were after that.
pub fn follow_print(look: Look) {
    let turn = move |on_paper: bool| {
        look.print(on_paper);
        // At once: effects would run after a script that prints, and the sheet would be dark.
        let (theme, ratio) = untrack(|| (look.theme(), look.ratio()));
        PICTURES.with_borrow(|all| {
            for picture in all {
                if let Ok(Some(shown)) = picture.screen.try_borrow_mut().as_deref_mut() {
                    shown.drawing.draw(&shown.scene, theme, ratio);
                }
            }
        });
    };
    let _ = window_event_listener_untyped("beforeprint", move |_| turn(true));
    let _ = window_event_listener_untyped("afterprint", move |_| turn(false));
    let Ok(Some(query)) = window().match_media("print") else { return };
    let paper = query.clone();
    let on_change = Closure::<dyn FnMut()>::new(move || turn(paper.matches()));
    query.set_onchange(Some(on_change.as_ref().unchecked_ref()));
    // The page lives as long as this listener.
    on_change.forget();
}

/// What is on the screen.
struct Shown {
    drawing: Drawing,
    scene: Scene,
    in_sight: Option<Target>,
}

/// A picture that is drawn again when a signal changes that `draw` reads, in a frame that grows with it. `keys` says what
/// the keys do here, for those who hear it; where it says nothing, Tab passes the picture by.
pub fn picture(id: &'static str, keys: &'static str, look: Look, draw: Draw, hands: Hands) -> AnyView {
    let room = RwSignal::new(Room::default());
    fitted(id, keys, look, (room, false), Box::new(move |room| draw(room.width)), hands)
}

/// The same in a frame whose height the style sheet sets where `bounded`; `room` follows its size.
pub fn fitted(
    id: &'static str,
    keys: &'static str,
    look: Look,
    (room, bounded): (RwSignal<Room>, bool),
    draw: DrawFitted,
    hands: Hands,
) -> AnyView {
    let frame = NodeRef::<Div>::new();
    let stage = NodeRef::<Div>::new();
    let svg = NodeRef::<Svg>::new();
    let canvas = NodeRef::<Canvas>::new();
    let hands = Rc::new(hands);
    let screen = OnScreen::default();
    let picture = Picture { id, stage, svg, screen: screen.clone(), hands: hands.clone() };
    PICTURES.with_borrow_mut(|all| {
        all.retain(|other| other.id != id);
        all.push(picture.clone());
    });
    if let Some(attend) = ATTEND.with_borrow(Clone::clone) {
        attend(&picture);
    }

    Effect::new(move |_| {
        if let Some(frame) = frame.get() {
            watch_room(&frame, room, bounded);
        }
    });
    let in_sight = hands.in_sight.clone();
    Effect::new(move |_| {
        let (Some(stage), Some(svg), Some(canvas)) = (stage.get(), svg.get(), canvas.get()) else { return };
        if room.get().width == 0.0 {
            return;
        }
        let (theme, ratio) = (look.theme(), look.ratio());
        let (Some(scene), target) = (draw(room.get()), in_sight()) else { return };
        let mut screen = screen.borrow_mut();
        let screen = screen.get_or_insert_with(|| Shown {
            drawing: Drawing::new(svg.unchecked_into(), canvas),
            scene: Scene::default(),
            in_sight: None,
        });
        if screen.scene.title != scene.title {
            // Fails only on a document that is gone.
            let label = if is_nothing(&scene) { scene.title.clone() } else { format!("{}. {keys}", scene.title) };
            let _ = stage.set_attribute("aria-label", &label);
        }
        screen.drawing.draw(&scene, theme, ratio);
        let resized = (screen.scene.width, screen.scene.height) != (scene.width, scene.height);
        screen.scene = scene;
        if let (true, Some(frame)) = (resized && begins_on_the_right(&screen.scene), frame.get_untracked()) {
            frame.set_scroll_left(screen.scene.width as i32);
        }
        if screen.in_sight != target || resized {
            screen.in_sight = target;
            if let (Some(place), Some(frame)) = (place_of(&screen.scene, target), frame.get_untracked()) {
                // With the next frame: asked for now, the browser would lay everything out within this task.
                request_animation_frame(move || bring_in_sight(place, &frame));
            }
        }
    });

    let (point, leave, blur) = (hands.point.clone(), hands.point.clone(), hands.point.clone());
    let (clicked, choose) = (picture.clone(), hands.clone());
    let on_move = move |event: PointerEvent| {
        // A finger chooses; it does not hover.
        if event.pointer_type() != "touch" {
            let target = picture.hit(event.client_x().into(), event.client_y().into());
            if let Some(stage) = stage.get_untracked() {
                show_title(&stage, &picture, target);
            }
            point(target);
        }
    };
    let on_click = move |event: MouseEvent| {
        let target = clicked.hit(event.client_x().into(), event.client_y().into());
        if let Some(target) = target.filter(|_| !locked()) {
            (choose.choose)(target, event.shift_key());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key() || locked());
        let meant = keys::meant(&event).filter(|_| plain);
        if meant.is_some_and(|key| (hands.key)(&key, event.shift_key())) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    view! {
        <div class="frame" class:bounded=bounded node_ref=frame>
            <div
                class="picture"
                id=id
                tabindex=if keys.is_empty() { "-1" } else { "0" }
                // Until its parts can be told.
                role="img"
                // Its name until there is a scene to name it by.
                aria-label=text::picture_none()
                // Tokens and numbers: a browser's translator would take them for prose.
                translate="no"
                node_ref=stage
                on:pointermove=on_move
                on:pointerleave=move |_| leave(None)
                on:blur=move |_| blur(None)
                on:click=on_click
                on:keydown=on_key
            >
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                <svg node_ref=svg aria-hidden="true"></svg>
            </div>
        </div>
    }
    .into_any()
}

/// The picture of no run.
pub fn nothing() -> Scene {
    Scene { title: text::picture_none().into(), ..Scene::default() }
}

fn is_nothing(scene: &Scene) -> bool {
    scene.title == text::picture_none()
}

/// The whole of a shortened text under the pointer, as a tooltip.
fn show_title(stage: &HtmlElement, picture: &Picture, target: Option<Target>) {
    let title = picture.with_scene(|scene| {
        let found = scene.marks.iter().find(|mark| mark.title.is_some() && mark.target == target);
        found.and_then(|mark| mark.title.clone())
    });
    let title = title.unwrap_or_default();
    if stage.title() != title {
        stage.set_title(&title);
    }
}

/// A sentence that runs from right to left: what is wider than its frame is seen from there.
fn begins_on_the_right(scene: &Scene) -> bool {
    let first = scene.marks.iter().find(|m| m.target == Some(Target::Query(0)));
    matches!(first.map(|m| &m.shape), Some(Shape::Rect { at, .. }) if at.x > scene.width / 2.0)
}

fn place_of(scene: &Scene, target: Option<Target>) -> Option<Area> {
    let target = target?;
    let mark = scene.marks.iter().find(|m| m.target == Some(target))?;
    if let Shape::Rect { at, .. } = mark.shape { Some(at) } else { None }
}

/// Scrolls the frame, and only the frame, so that this place is in it.
fn bring_in_sight(at: Area, frame: &HtmlElement) {
    let (left, top) = (frame.scroll_left() as f32, frame.scroll_top() as f32);
    let (wide, high) = (frame.client_width() as f32, frame.client_height() as f32);
    if at.x < left || at.x + at.w > left + wide {
        frame.set_scroll_left((at.x + at.w / 2.0 - wide / 2.0) as i32);
    }
    if at.y < top || at.y + at.h > top + high {
        frame.set_scroll_top((at.y + at.h / 2.0 - high / 2.0) as i32);
    }
}

/// Keeps `room` at the frame's inner size. On paper frames are as high as their pictures.
fn watch_room(frame: &HtmlElement, room: RwSignal<Room>, bounded: bool) {
    let element = frame.clone();
    // Whether the picture is still there: another may have taken its place in the same elements.
    let read = move || {
        let Some(before) = room.try_get_untracked() else { return false };
        let on_paper = window().match_media("print").ok().flatten().is_some_and(|query| query.matches());
        let height = if bounded && !on_paper { element.client_height() as f32 } else { f32::INFINITY };
        let now = Room { width: element.client_width() as f32, height };
        if now.width > 0.0 && now.height > 0.0 && before != now {
            room.set(now);
        }
        true
    };
    read();
    let on_resize = Closure::<dyn FnMut(JsValue, ResizeObserver)>::new(move |_, observer: ResizeObserver| {
        if !read() {
            observer.disconnect();
        }
    });
    if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
        observer.observe(frame);
        // The page lives as long as its pictures.
        on_resize.forget();
    }
}
