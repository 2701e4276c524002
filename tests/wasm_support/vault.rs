//! Secrets that no Rust code has seen, so that what is found of them was left by the app.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, Request, Response};

#[wasm_bindgen(module = "/tests/wasm_support/support.js")]
extern "C" {
    /// A secret of JavaScript's.
    pub(crate) type Vault;

    /// A token with this ID.
    #[wasm_bindgen(static_method_of = Vault)]
    pub(crate) fn token(id: &str) -> Vault;

    /// The password of this account.
    #[wasm_bindgen(static_method_of = Vault)]
    pub(crate) fn password(email: &str) -> Vault;

    /// The secret itself, which must not become a Rust string.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn value(this: &Vault) -> JsValue;

    /// The answer to "generate" that brings it.
    #[wasm_bindgen(method)]
    pub(crate) fn answer(this: &Vault) -> Response;

    /// Types it.
    #[wasm_bindgen(method, js_name = typeInto)]
    pub(crate) fn type_into(this: &Vault, input: &Element);

    /// Whether an element shows it and nothing else.
    #[wasm_bindgen(method, js_name = isTextOf)]
    pub(crate) fn is_text_of(this: &Vault, element: &Element) -> bool;

    /// Whether a request's `Authorization` holds it.
    #[wasm_bindgen(method, js_name = isSentBy)]
    pub(crate) fn is_sent_by(this: &Vault, request: &Request) -> bool;

    /// Whether a text holds a piece of it.
    #[wasm_bindgen(method, js_name = isIn)]
    pub(crate) fn is_in(this: &Vault, text: &JsValue) -> bool;

    /// Whether scripts of the page can reach it, by properties and elements.
    #[wasm_bindgen(method, js_name = isReachable)]
    pub(crate) fn is_reachable(this: &Vault) -> bool;

    /// How many of its pieces lie in the memory of the wasm.
    #[wasm_bindgen(method, js_name = tracesIn)]
    fn traces_in(this: &Vault, memory: &JsValue) -> u32;
}

impl Vault {
    /// How many of its pieces Rust holds, or has left behind.
    pub(crate) fn traces(&self) -> u32 {
        self.traces_in(&wasm_bindgen::memory())
    }
}
