//! What elements are made of.
//!
//! One short call for each step: a list takes thousands, and bindings that may fail are slow. These
//! fail only for names that are none, which are written in this crate.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Comment, Element, Node, Text};

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    /// An element of HTML.
    #[wasm_bindgen(js_name = makeElement)]
    pub fn make_element(tag: &str) -> Element;
    /// Another element with the same attributes and content, which is quicker than making it again.
    #[wasm_bindgen(js_name = copyElement)]
    pub fn copy_element(element: &Element) -> Element;
    /// A drawing of one path on a grid of 16, which is no part of what is read aloud.
    #[wasm_bindgen(js_name = makeIcon)]
    pub fn make_icon(path: &str) -> Element;
    /// A text.
    #[wasm_bindgen(js_name = makeText)]
    pub fn make_text(text: &str) -> Text;
    /// The mark of a place where something comes and goes.
    #[wasm_bindgen(js_name = makePlace)]
    pub fn make_place() -> Comment;
    /// Sets the classes, each of which is also a part.
    #[wasm_bindgen(js_name = setClasses)]
    pub fn set_classes(element: &Element, classes: &str);
    /// Sets an attribute, or removes it where there is no value.
    #[wasm_bindgen(js_name = setAttribute)]
    pub fn set_attribute(element: &Element, name: &str, value: Option<&str>);
    /// Sets a property that is true or false.
    #[wasm_bindgen(js_name = setFlag)]
    pub fn set_flag(element: &Element, name: &str, value: bool);
    /// Puts `node` into `parent`, before one of its children or last.
    #[wasm_bindgen(js_name = insertBefore)]
    pub fn insert(parent: &Node, node: &Node, before: Option<&Node>);
}
