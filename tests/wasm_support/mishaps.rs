//! Errors that reach the window.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::Cleanup;

/// Where errors arrive that nobody caught.
const EVENTS: [&str; 2] = ["error", "unhandledrejection"];

/// Errors that nobody caught, a panic in a task among them, until this is dropped.
pub(crate) struct Mishaps {
    seen: Rc<RefCell<Vec<String>>>,
    _end: Cleanup,
}

impl Mishaps {
    /// Begins to look.
    pub(crate) fn new() -> Self {
        let seen: Rc<RefCell<Vec<String>>> = Rc::default();
        let listener = Closure::<dyn FnMut(JsValue)>::new({
            let seen = Rc::clone(&seen);
            move |event: JsValue| {
                let field = |name: &str| Reflect::get(&event, &name.into()).unwrap();
                let what = [field("type"), field("error"), field("reason")];
                seen.borrow_mut().push(format!("{what:?}"));
            }
        });
        let window = web_sys::window().unwrap();
        for event in EVENTS {
            let listener = listener.as_ref().unchecked_ref();
            let added = window.add_event_listener_with_callback(event, listener);
            added.unwrap();
        }
        let end = move || {
            for event in EVENTS {
                let listener = listener.as_ref().unchecked_ref();
                let removed = window.remove_event_listener_with_callback(event, listener);
                removed.unwrap();
            }
        };
        Self {
            seen,
            _end: Cleanup::new(end),
        }
    }

    /// Holds that there was none.
    pub(crate) fn assert_none(&self) {
        assert_eq!(*self.seen.borrow(), [""; 0]);
    }
}
