//! Timers that run out when the test says so.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::{Patch, settle};

/// What is shorter than this runs as usual, in milliseconds.
const SHORT: f64 = 1_000.0;

/// Keeps the long time-outs of the page until the test lets them pass.
pub(crate) struct Timers {
    waiting: Rc<RefCell<Vec<Timer>>>,
    _patches: [Patch; 2],
}

struct Timer {
    id: f64,
    milliseconds: f64,
    handler: Function,
    argument: JsValue,
}

impl Timers {
    /// Takes the place of `setTimeout`.
    pub(crate) fn new() -> Self {
        let window: JsValue = web_sys::window().unwrap().into();
        let original = |name: &str| -> Function {
            js_sys::Reflect::get(&window, &name.into())
                .unwrap()
                .unchecked_into()
        };
        let waiting: Rc<RefCell<Vec<Timer>>> = Rc::default();
        let set = Closure::<dyn FnMut(Function, f64, JsValue) -> JsValue>::new({
            let (waiting, set, window) =
                (Rc::clone(&waiting), original("setTimeout"), window.clone());
            let mut last = 0.0;
            move |handler: Function, milliseconds: f64, argument: JsValue| {
                if milliseconds < SHORT {
                    let milliseconds = milliseconds.into();
                    let timer = set.call3(&window, &handler, &milliseconds, &argument);
                    return timer.unwrap();
                }
                // The browser's own numbers are above zero.
                last -= 1.0;
                waiting.borrow_mut().push(Timer {
                    id: last,
                    milliseconds,
                    handler,
                    argument,
                });
                last.into()
            }
        });
        let clear = Closure::<dyn FnMut(JsValue)>::new({
            let (waiting, clear, window) = (
                Rc::clone(&waiting),
                original("clearTimeout"),
                window.clone(),
            );
            move |id: JsValue| {
                let number = id.as_f64();
                waiting
                    .borrow_mut()
                    .retain(|timer| Some(timer.id) != number);
                clear.call1(&window, &id).unwrap();
            }
        });
        Self {
            waiting,
            _patches: [
                Patch::value(&window, "setTimeout", &set.into_js_value()),
                Patch::value(&window, "clearTimeout", &clear.into_js_value()),
            ],
        }
    }

    /// How long the page waits at most, in seconds.
    pub(crate) fn seconds(&self) -> Vec<f64> {
        let waiting = self.waiting.borrow();
        waiting
            .iter()
            .map(|timer| timer.milliseconds / 1000.0)
            .collect()
    }

    /// Lets everything run out.
    pub(crate) async fn pass(&self) {
        let due: Vec<Timer> = self.waiting.borrow_mut().drain(..).collect();
        for timer in due {
            let nothing = JsValue::UNDEFINED;
            timer.handler.call1(&nothing, &timer.argument).unwrap();
        }
        settle().await;
    }
}
