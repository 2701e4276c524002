//! The panel in a browser, from its host's and its user's point of view.
//!
//! Requests wait here until the test answers them, so that it decides what happens in which order;
//! `tests/e2e` has the same on real sockets.
#![cfg(target_arch = "wasm32")]

mod wasm_support;

// Cargo takes every file beside this one for a test of its own.
#[path = "wasm_panel/delete.rs"]
mod delete;
#[path = "wasm_panel/fallback.rs"]
mod fallback;
#[path = "wasm_panel/generate.rs"]
mod generate;
#[path = "wasm_panel/host.rs"]
mod host;
#[path = "wasm_panel/lifetime.rs"]
mod lifetime;
#[path = "wasm_panel/list.rs"]
mod list;
#[path = "wasm_panel/reveal.rs"]
mod reveal;
#[path = "wasm_panel/sign_in.rs"]
mod sign_in;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
