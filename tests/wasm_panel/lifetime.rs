//! Coming and going: what a panel leaves behind, and what comes too late for it.

use js_sys::{Promise, WebAssembly};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::wasm_support::{
    Clipboard, Host, Ledger, Mishaps, Network, Page, object, rows, settle, token, wait_until,
};

const GENERATE: &str = "GET /tokens/generate?ttl=3600";

fn nodes() -> u32 {
    let document = web_sys::window().unwrap().document().unwrap();
    document.query_selector_all("*").unwrap().length()
}

fn memory_size() -> u32 {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    buffer.byte_length()
}

#[wasm_bindgen_test]
async fn unmounting_takes_elements_listeners_timers_and_requests_along() {
    let network = Network::new();
    let ledger = Ledger::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Refresh list");
    let list = network.expect("GET /tokens").await;
    assert!(!ledger.open().is_empty());

    page.unmount();
    settle().await;
    assert_eq!(ledger.open(), [""; 0]);
    assert!(list.is_aborted());
    assert!(page.find_all("div > *").is_empty());
}

#[wasm_bindgen_test]
async fn unmounting_wipes_an_open_value() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
    let element = page.value();
    page.unmount();
    assert_eq!(element.text_content().as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn a_hundred_comings_and_goings_leave_nothing() {
    let network = Network::new();
    let mishaps = Mishaps::new();
    let ledger = Ledger::new();
    let come_and_go = async |times: usize| {
        for _ in 0..times {
            let page = Page::mount(Host::with_token("token"));
            let list = network.expect("GET /tokens").await;
            drop(page);
            assert!(list.is_aborted());
        }
        settle().await;
    };
    come_and_go(100).await;
    let (before, nodes_before) = (memory_size(), nodes());
    come_and_go(100).await;

    assert_eq!(nodes(), nodes_before);
    assert_eq!(ledger.open(), [""; 0]);
    assert_eq!(memory_size(), before);
    network.expect_silence().await;
    mishaps.assert_none();
}

#[wasm_bindgen_test]
async fn comings_and_goings_with_a_value_on_screen_leave_nothing() {
    let network = Network::new();
    let ledger = Ledger::new();
    let come_and_go = async |times: usize| {
        for _ in 0..times {
            let page = Page::revealing(&network, &["a"]).await;
            page.press("Show Token Value");
            drop(page);
        }
    };
    come_and_go(20).await;
    let (before, nodes_before) = (memory_size(), nodes());
    come_and_go(20).await;
    assert_eq!(nodes(), nodes_before);
    assert_eq!(memory_size(), before);
    assert_eq!(ledger.open(), [""; 0]);
}

#[wasm_bindgen_test]
async fn answers_that_come_after_the_end_do_nothing() {
    let network = Network::new();
    let mishaps = Mishaps::new();

    let listing = Page::mount(Host::with_token("token"));
    let list = network.expect("GET /tokens").await;
    listing.host.news();
    listing.unmount();
    list.answer(200, &rows(&["a"]));

    let generating = Page::listing(&network, &["a"]).await;
    generating.press("Generate Token");
    let generate = network.expect(GENERATE).await;
    generating.host.news();
    generating.unmount();
    generate.answer(200, &format!(r#"{{"token":"{}"}}"#, token("new")));

    settle().await;
    assert_eq!(listing.host.news(), [""; 0]);
    assert_eq!(generating.host.news(), [""; 0]);
    network.expect_silence().await;
    mishaps.assert_none();
}

#[wasm_bindgen_test]
async fn a_credential_that_comes_after_the_end_does_nothing() {
    let network = Network::new();
    let mishaps = Mishaps::new();
    let mut answer = None;
    let promise: JsValue = Promise::new(&mut |resolve, _| answer = Some(resolve)).into();
    let page = Page::mount(Host::asked_by(move |_| Ok(promise.clone())));
    wait_until("the question", || page.host.asked().len() == 1).await;
    page.host.news();
    page.unmount();
    let credential = object(&[("token", "late")]);
    answer
        .unwrap()
        .call1(&JsValue::UNDEFINED, &credential)
        .unwrap();
    network.expect_silence().await;
    assert_eq!(page.host.news(), [""; 0]);
    mishaps.assert_none();
}

#[wasm_bindgen_test]
async fn a_copy_that_is_done_after_the_end_does_nothing() {
    for clipboard in [Clipboard::working, Clipboard::denied] {
        let network = Network::new();
        let mishaps = Mishaps::new();
        let page = Page::revealing(&network, &["a"]).await;
        let _clipboard = clipboard();
        page.press("Copy Token Value");
        page.unmount();
        settle().await;
        mishaps.assert_none();
    }
}

#[wasm_bindgen_test]
async fn signing_out_in_the_middle_ends_what_is_under_way() {
    let network = Network::new();
    let mishaps = Mishaps::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Refresh list");
    let list = network.expect("GET /tokens").await;
    page.panel().sign_out();
    settle().await;
    assert!(list.is_aborted());
    list.answer(200, &rows(&["a", "b"]));
    settle().await;
    assert!(!page.text().contains("of 100 tokens"));
    mishaps.assert_none();
}

#[wasm_bindgen_test]
async fn memory_stays_flat_over_refreshes() {
    let network = Network::new();
    let ids: Vec<String> = (0..50).map(|n| format!("token-{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let page = Page::listing(&network, &ids).await;
    let refresh = async |times: usize| {
        for _ in 0..times {
            page.panel().refresh();
            network.expect("GET /tokens").await.answer(200, &rows(&ids));
            settle().await;
        }
    };
    refresh(50).await;
    let before = memory_size();
    refresh(1_000).await;
    assert_eq!(memory_size(), before);
}

#[wasm_bindgen_test]
async fn memory_stays_flat_over_reveals() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    let reveal = async |times: usize| {
        for n in 0..times {
            let id = format!("new-{n}");
            page.press("Generate Token");
            let minted = format!(r#"{{"token":"{}"}}"#, token(&id));
            network.expect(GENERATE).await.answer(200, &minted);
            let list = rows(&["a", &id]);
            network.expect("GET /tokens").await.answer(200, &list);
            page.opens("Token generated").await;
            page.press("Close");
            page.opens("Close without saving?").await;
            page.press("Close anyway");
            wait_until("no dialog", || page.find_all("dialog").is_empty()).await;
            page.sees("2 of 100 tokens").await;
        }
    };
    reveal(20).await;
    let before = memory_size();
    reveal(100).await;
    assert_eq!(memory_size(), before);
}
