//! The page without a network: the service worker that keeps its files, and the line that offers a newer version.
//!
//! Nothing here can fail the page: where a browser or a server has no service worker for it, it is loaded each time.

use std::time::Duration;

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use crate::text;
use crate::ui::browser::files::address;
use crate::ui::session::{Model, Session};
use crate::ui::widgets::{flag, press};

const SCRIPT: &str = "service_worker.js";
/// The reader's first look at a run is not disturbed by storing files.
const REST: Duration = Duration::from_secs(1);

/// Keeps the page for the next visit, and says when a newer one is here.
#[component]
pub fn NewVersion(session: Session) -> impl IntoView {
    let here = RwSignal::new(false);
    spawn_local(async move {
        let Some(container) = container() else { return };
        if container.controller().is_some() {
            watch(&container, here).await;
            return;
        }
        // A first visit: the reader's own downloads go first.
        session.until(&|| session.model.with_untracked(|m| matches!(m, Model::Ready(_)))).await;
        set_timeout(move || spawn_local(async move { watch(&container, here).await }), REST);
    });
    view! {
        <p class="note" role="status" id="new-version" hidden=flag(move || !here.get())>
            {text::version_here()}
            <button on:click=press(move || spawn_local(take()))>{text::version_take()}</button>
        </p>
    }
}

/// None in an insecure context and where the reader forbids it.
fn container() -> Option<ServiceWorkerContainer> {
    // Looked up by hand: the getter may throw, or be missing.
    Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?.dyn_into().ok()
}

/// Registers the service worker; `here` becomes true when a version is ready to follow the one in use.
async fn watch(container: &ServiceWorkerContainer, here: RwSignal<bool>) {
    // Refused: no such file, a scheme without service workers.
    let Ok(registration) = JsFuture::from(container.register(&address(SCRIPT))).await else { return };
    let registration: ServiceWorkerRegistration = registration.unchecked_into();
    let watched = registration.clone();
    let look = move || {
        // The very first version has none before it.
        if watched.waiting().is_some() && watched.active().is_some() {
            here.set(true);
        }
    };
    look();
    let on_state = Closure::<dyn Fn()>::new(look).into_js_value();
    let watched = registration.clone();
    let follow = move || {
        if let Some(worker) = watched.installing() {
            worker.set_onstatechange(Some(on_state.unchecked_ref()));
        }
    };
    follow();
    // The page lives as long as these listeners.
    let on_update = Closure::<dyn Fn()>::new(follow).into_js_value();
    registration.set_onupdatefound(Some(on_update.unchecked_ref()));
}

/// Lets the version that waits follow, then loads the page anew at the address it has. Where another tab has let it
/// follow already, none waits.
async fn take() {
    match waiting().await {
        Some(worker) => reload_after(&worker),
        None => reload(),
    }
}

async fn waiting() -> Option<ServiceWorker> {
    let registration = JsFuture::from(container()?.get_registration_with_document_url(&address(SCRIPT))).await.ok()?;
    registration.dyn_into::<ServiceWorkerRegistration>().ok()?.waiting()
}

/// Its own state is followed and not `controllerchange`, which does not come to a page that was loaded past every
/// service worker (Shift and Reload).
fn reload_after(worker: &ServiceWorker) {
    let followed = worker.clone();
    let on_state = Closure::<dyn Fn()>::new(move || {
        if matches!(followed.state(), ServiceWorkerState::Activated | ServiceWorkerState::Redundant) {
            reload();
        }
    });
    worker.set_onstatechange(Some(on_state.into_js_value().unchecked_ref()));
    // Fails only for what cannot be copied.
    let _ = worker.post_message(&JsValue::from("skipWaiting"));
}

fn reload() {
    // Refused in some frames: then the reader's own reload does it.
    let _ = window().location().reload();
}
