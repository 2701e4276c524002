//! Without what browsers and policies can take away.

use token_manager::i18n::ENGLISH_LATER;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::wasm_support::{Network, Page, Patch, rows, token, wait_until};

#[wasm_bindgen_test]
async fn everything_works_where_storage_locks_clipboard_and_channels_throw() {
    let network = Network::new();
    let window: JsValue = web_sys::window().unwrap().into();
    let navigator: JsValue = web_sys::window().unwrap().navigator().into();
    let _without = [
        Patch::throwing(&window, "sessionStorage"),
        Patch::throwing(&window, "localStorage"),
        Patch::throwing(&window, "BroadcastChannel"),
        Patch::throwing(&navigator, "locks"),
        Patch::throwing(&navigator, "clipboard"),
    ];

    let page = Page::revealing(&network, &["a"]).await;
    page.press("Copy Token Value");
    page.sees(ENGLISH_LATER.copy_failed).await;
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
    page.press("Close");
    page.opens("Close without saving?").await;
    page.press("Close anyway");
    page.closes().await;

    page.press("Delete token a");
    page.opens("Delete token").await;
    page.press("Delete");
    network
        .expect("DELETE /tokens/a")
        .await
        .answer(200, r#"{"success":true}"#);
    page.sees("Token a deleted").await;
    page.press("Refresh list");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["new"]));
    page.sees("1 of 100 tokens").await;
}

#[wasm_bindgen_test]
async fn one_decision_is_one_request_without_locks() {
    let network = Network::new();
    let navigator: JsValue = web_sys::window().unwrap().navigator().into();
    let _without = Patch::value(&navigator, "locks", &JsValue::UNDEFINED);
    let page = Page::listing(&network, &["a"]).await;
    let button = page.button("Generate Token");
    button.click();
    button.click();
    let generate = network.expect("GET /tokens/generate?ttl=3600").await;
    network.expect_silence().await;
    assert!(button.matches(":disabled").unwrap());
    generate.answer(500, "{}");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees(ENGLISH_LATER.nothing_created).await;
    page.press("Generate Token");
    network.expect("GET /tokens/generate?ttl=3600").await;
}
