//! What the page offers as a file.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::Cleanup;

#[wasm_bindgen(module = "/tests/wasm_support/support.js")]
extern "C" {
    #[wasm_bindgen(js_name = Downloads)]
    type JsDownloads;
    #[wasm_bindgen(constructor, js_class = Downloads)]
    fn new() -> JsDownloads;
    #[wasm_bindgen(method, js_class = Downloads)]
    fn names(this: &JsDownloads) -> Vec<String>;
    #[wasm_bindgen(method, js_class = Downloads)]
    async fn text(this: &JsDownloads) -> JsValue;
    #[wasm_bindgen(method, js_class = Downloads)]
    fn close(this: &JsDownloads);
}

/// Takes the files in the place of the user's disk, until this is dropped.
pub(crate) struct Downloads {
    js: Rc<JsDownloads>,
    _close: Cleanup,
}

impl Downloads {
    /// Begins to take them.
    pub(crate) fn new() -> Self {
        let js = Rc::new(JsDownloads::new());
        let close = {
            let js = Rc::clone(&js);
            move || js.close()
        };
        Self {
            js,
            _close: Cleanup::new(close),
        }
    }

    /// The names of the files, the last one last.
    pub(crate) fn names(&self) -> Vec<String> {
        self.js.names()
    }

    /// What the last file holds.
    pub(crate) async fn text(&self) -> JsValue {
        self.js.text().await
    }
}
