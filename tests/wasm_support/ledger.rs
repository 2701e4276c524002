//! What a panel leaves behind.

use std::rc::Rc;

use wasm_bindgen::prelude::wasm_bindgen;

use super::Cleanup;

#[wasm_bindgen(module = "/tests/wasm_support/support.js")]
extern "C" {
    #[wasm_bindgen(js_name = Ledger)]
    type JsLedger;
    #[wasm_bindgen(constructor, js_class = Ledger)]
    fn new() -> JsLedger;
    #[wasm_bindgen(method, js_class = Ledger)]
    fn open(this: &JsLedger) -> Vec<String>;
    #[wasm_bindgen(method, js_class = Ledger)]
    fn close(this: &JsLedger);
}

/// Writes down listeners and intervals that outlive an element, until this is dropped.
pub(crate) struct Ledger {
    js: Rc<JsLedger>,
    _close: Cleanup,
}

impl Ledger {
    /// Begins to write.
    pub(crate) fn new() -> Self {
        let js = Rc::new(JsLedger::new());
        let close = {
            let js = Rc::clone(&js);
            move || js.close()
        };
        Self {
            js,
            _close: Cleanup::new(close),
        }
    }

    /// What was begun and not ended: `Window pagehide`, `interval`.
    pub(crate) fn open(&self) -> Vec<String> {
        self.js.open()
    }
}
