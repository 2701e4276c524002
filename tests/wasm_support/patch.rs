//! Other things in the place of the browser's own.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::Cleanup;

/// A property of an object that is another one until this is dropped.
pub(crate) struct Patch {
    _undo: Cleanup,
}

impl Patch {
    /// Puts `value` in the place of `target`'s property `name`.
    pub(crate) fn value(target: &JsValue, name: &str, value: &JsValue) -> Self {
        let writable = ("writable", &JsValue::TRUE);
        Self::define(target, name, &[("value", value), writable])
    }

    /// Lets whoever reads `target`'s property `name` fail.
    pub(crate) fn throwing(target: &JsValue, name: &str) -> Self {
        Self::define(target, name, &[("get", &throwing_function())])
    }

    fn define(target: &JsValue, name: &str, fields: &[(&str, &JsValue)]) -> Self {
        let target: Object = target.clone().unchecked_into();
        let name = JsValue::from_str(name);
        let before = Reflect::get_own_property_descriptor(&target, &name).unwrap();
        let descriptor = Object::new();
        for (field, value) in [&[("configurable", &JsValue::TRUE)], fields].concat() {
            Reflect::set(&descriptor, &field.into(), value).unwrap();
        }
        assert!(Reflect::define_property(&target, &name, &descriptor).unwrap());
        let undo = move || {
            let done = match before.dyn_ref::<Object>() {
                Some(before) => Reflect::define_property(&target, &name, before),
                None => Reflect::delete_property(&target, &name),
            };
            assert!(done.unwrap());
        };
        Self {
            _undo: Cleanup::new(undo),
        }
    }
}

/// A function that always throws.
fn throwing_function() -> JsValue {
    Closure::<dyn FnMut() -> Result<JsValue, JsValue>>::new(|| Err("switched off".into()))
        .into_js_value()
}

/// A clipboard in the place of the browser's.
pub(crate) struct Clipboard {
    written: Rc<RefCell<Vec<JsValue>>>,
    _patch: Patch,
}

impl Clipboard {
    /// Takes every text.
    pub(crate) fn working() -> Self {
        Self::new(true)
    }

    /// Refuses every text.
    pub(crate) fn denied() -> Self {
        Self::new(false)
    }

    /// There is none, as in pages without TLS.
    pub(crate) fn missing() -> Self {
        Self {
            written: Rc::default(),
            _patch: Patch::value(&navigator(), "clipboard", &JsValue::UNDEFINED),
        }
    }

    fn new(works: bool) -> Self {
        let written = Rc::new(RefCell::new(Vec::new()));
        let write = Closure::<dyn FnMut(JsValue) -> Promise>::new({
            let written = Rc::clone(&written);
            move |text| {
                if works {
                    written.borrow_mut().push(text);
                    Promise::resolve(&JsValue::UNDEFINED)
                } else {
                    Promise::reject(&"NotAllowedError".into())
                }
            }
        });
        let clipboard = Object::new();
        Reflect::set(&clipboard, &"writeText".into(), &write.into_js_value()).unwrap();
        Self {
            written,
            _patch: Patch::value(&navigator(), "clipboard", &clipboard),
        }
    }

    /// The texts that were written, the last one last.
    pub(crate) fn written(&self) -> Array {
        self.written.borrow().iter().collect()
    }
}

fn navigator() -> JsValue {
    web_sys::window().unwrap().navigator().into()
}
