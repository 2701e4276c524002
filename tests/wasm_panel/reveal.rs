//! The one time that a token's value is seen.

use js_sys::{Function, Reflect};
use token_manager::i18n::{ENGLISH_LATER, GERMAN_LATER};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, EventTarget};

use crate::wasm_support::{
    Clipboard, Downloads, Network, Page, Patch, rows, settle, token, wait_until,
};

const UNAUTHORIZED: &str = include_str!("../fixtures/api/error-315.json");

/// Everything that stands in attributes anywhere in the panel.
fn attributes(page: &Page) -> String {
    let mut all = String::new();
    for element in page.find_all("*") {
        for name in element.get_attribute_names().iter() {
            let name = name.as_string().unwrap();
            all.extend([&name, "=", &element.get_attribute(&name).unwrap(), "\n"]);
        }
    }
    all
}

fn holds_piece(text: &str, value: &str) -> bool {
    let mut pieces = value.as_bytes().windows(16);
    pieces.any(|piece| text.contains(str::from_utf8(piece).unwrap()))
}

fn selected_text(page: &Page) -> String {
    let root: &JsValue = page.root();
    // In Chromium a selection inside a shadow root is its root's.
    let name = JsValue::from_str("getSelection");
    let selection: Function = Reflect::get(root, &name).unwrap().unchecked_into();
    let selection = selection.call0(root).unwrap();
    let text: js_sys::Object = selection.unchecked_into();
    text.to_string().into()
}

fn dispatch(target: &EventTarget, name: &str) {
    target.dispatch_event(&Event::new(name).unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn the_value_is_masked_until_it_is_asked_for() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let value = token("new");

    settle().await;
    assert!(!holds_piece(&page.root().inner_html(), &value));
    page.focuses("Copy Token Value").await;
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content().as_deref() == Some(&value)
    })
    .await;
    page.press("Hide Token Value");
    wait_until("no value", || {
        page.value().text_content().as_deref() == Some("")
    })
    .await;
    assert!(!holds_piece(&page.root().inner_html(), &value));
    assert!(page.is_enabled("Show Token Value"));
}

#[wasm_bindgen_test]
async fn the_value_is_a_text_that_nothing_translates_submits_or_names() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let value = token("new");
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content().as_deref() == Some(&value)
    })
    .await;

    let element = page.value();
    assert!(!holds_piece(&attributes(&page), &value));
    assert_eq!(
        element.get_attribute("data-token-value").as_deref(),
        Some("")
    );
    assert_eq!(element.get_attribute("translate").as_deref(), Some("no"));
    assert_eq!(
        element.closest("form, label, input, textarea").unwrap(),
        None
    );
    assert!(!holds_piece(&page.said("status"), &value));
    assert!(!holds_piece(&page.said("alert"), &value));
    for field in page.find_all("input, textarea") {
        let content = Reflect::get(&field, &"value".into()).unwrap();
        assert!(!holds_piece(&content.as_string().unwrap(), &value));
    }
}

#[wasm_bindgen_test]
async fn copying_says_so_only_when_it_was_done() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let clipboard = Clipboard::working();
    assert!(page.panel().has_unsaved_token());

    page.press("Copy Token Value");
    page.sees(ENGLISH_LATER.copied_value).await;
    assert!(page.said("status").contains(ENGLISH_LATER.copied_value));
    assert_eq!(clipboard.written().join(","), token("new"));
    assert!(!page.panel().has_unsaved_token());
    assert_eq!(page.value().text_content().as_deref(), Some(""));

    page.press("Copy Token ID");
    page.sees(ENGLISH_LATER.copied_id).await;
    assert_eq!(clipboard.written().pop(), JsValue::from("new"));
}

#[wasm_bindgen_test]
async fn where_copying_fails_the_value_is_shown_and_selected_and_stays_unsaved() {
    for clipboard in [Clipboard::denied, Clipboard::missing] {
        let network = Network::new();
        let page = Page::revealing(&network, &["a"]).await;
        let _clipboard = clipboard();
        page.press("Copy Token Value");
        page.sees(ENGLISH_LATER.copy_failed).await;
        assert!(page.said("alert").contains(ENGLISH_LATER.copy_failed));
        assert!(!page.text().contains(ENGLISH_LATER.copied_value));
        wait_until("the selected value", || {
            selected_text(&page) == token("new")
        })
        .await;
        assert!(page.panel().has_unsaved_token());
    }
}

#[wasm_bindgen_test]
async fn where_copying_the_id_fails_it_is_selected() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let _clipboard = Clipboard::missing();
    page.press("Copy Token ID");
    page.sees(ENGLISH_LATER.copy_failed).await;
    wait_until("the selected ID", || selected_text(&page) == "new").await;
    assert_eq!(page.value().text_content().as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn the_file_holds_the_value_and_nothing_else() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let downloads = Downloads::new();
    page.press("Download Token Value");
    page.sees("Download started: ionos-token-new.txt").await;
    assert_eq!(downloads.names(), ["ionos-token-new.txt"]);
    assert_eq!(downloads.text().await, JsValue::from(token("new")));
    assert!(!page.panel().has_unsaved_token());
}

#[wasm_bindgen_test]
async fn a_download_that_is_refused_is_said_and_leaves_the_value_unsaved() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let url = Reflect::get(&web_sys::window().unwrap(), &"URL".into()).unwrap();
    let _url = Patch::value(&url, "createObjectURL", &JsValue::UNDEFINED);
    page.press("Download Token Value");
    page.sees(ENGLISH_LATER.download_failed).await;
    assert!(page.panel().has_unsaved_token());
}

#[wasm_bindgen_test]
async fn closing_unsaved_asks_and_going_back_is_first() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;

    page.press("Close");
    page.opens("Close without saving?").await;
    page.focuses("Go back").await;
    page.press("Go back");
    page.opens("Token generated").await;
    assert!(page.panel().has_unsaved_token());
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
}

#[wasm_bindgen_test]
async fn escape_and_a_click_outside_never_lose_the_value() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.focuses("Copy Token Value").await;

    page.find("dialog").click();
    settle().await;
    assert_eq!(page.dialog_title().as_deref(), Some("Token generated"));
    page.key("Escape");
    page.opens("Close without saving?").await;
    page.focuses("Go back").await;
    page.key("Escape");
    page.opens("Token generated").await;
    for _ in 0..2 {
        dispatch(&page.find("dialog"), "cancel");
        dispatch(&page.find("dialog"), "close");
    }
    settle().await;
    assert_eq!(page.dialog_title().as_deref(), Some("Token generated"));
    assert!(page.panel().has_unsaved_token());
}

#[wasm_bindgen_test]
async fn closing_wipes_the_value_from_the_element_that_showed_it() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let value = token("new");
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content().as_deref() == Some(&value)
    })
    .await;
    let element = page.value();
    let text = element.first_child().unwrap();

    page.press("Close");
    page.opens("Close without saving?").await;
    page.press("Close anyway");
    page.closes().await;
    assert_eq!(element.text_content().as_deref(), Some(""));
    assert!(!text.is_connected());
    assert!(!holds_piece(&page.root().inner_html(), &value));
    assert!(!page.panel().has_unsaved_token());
    page.focuses("Generate Token").await;
}

#[wasm_bindgen_test]
async fn what_was_saved_closes_at_once() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let _clipboard = Clipboard::working();
    page.press("Copy Token Value");
    page.sees(ENGLISH_LATER.copied_value).await;
    page.press("Close");
    page.closes().await;
}

#[wasm_bindgen_test]
async fn an_unsaved_token_can_be_deleted_instead() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Close");
    page.opens("Close without saving?").await;
    let button = page.button("Delete this token");
    button.click();
    button.click();
    network
        .expect("DELETE /tokens/new")
        .await
        .answer(200, r#"{"success":true}"#);
    page.closes().await;
    page.sees("Token new deleted").await;
    page.sees("1 of 100 tokens").await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn nothing_in_the_background_touches_the_reveal() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
    let element = page.value();
    let untouched = || {
        page.value() == element
            && element.is_connected()
            && element.text_content() == Some(token("new"))
            && page.panel().has_unsaved_token()
    };

    page.panel().refresh();
    network.expect("GET /tokens").await.answer(200, &rows(&[]));
    settle().await;
    assert!(untouched(), "by a list");
    page.panel().refresh();
    network.expect("GET /tokens").await.answer(500, "{}");
    settle().await;
    assert!(untouched(), "by an error");
    page.panel().refresh();
    for _ in 0..2 {
        network
            .expect("GET /tokens")
            .await
            .answer(401, UNAUTHORIZED);
    }
    settle().await;
    assert!(untouched(), "by the end of the session");
}

#[wasm_bindgen_test]
async fn another_language_keeps_the_reveal_and_its_value() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
    let before = page.value();

    page.host.set("lang", "de");
    page.update();
    page.opens(GERMAN_LATER.reveal).await;
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
    assert!(page.panel().has_unsaved_token());
    // What is no longer shown holds nothing.
    assert!(before.is_connected() || before.text_content().as_deref() == Some(""));
    page.press(GERMAN_LATER.close);
    page.opens(GERMAN_LATER.close_guard).await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn a_hidden_tab_masks_the_value() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;

    let document = web_sys::window().unwrap().document().unwrap();
    let hidden = Patch::value(&document, "hidden", &JsValue::TRUE);
    dispatch(&document, "visibilitychange");
    wait_until("no value", || {
        page.value().text_content().as_deref() == Some("")
    })
    .await;
    drop(hidden);
    dispatch(&document, "visibilitychange");
    settle().await;
    assert_eq!(page.value().text_content().as_deref(), Some(""));
    assert!(page.is_enabled("Show Token Value"));
}

#[wasm_bindgen_test]
async fn leaving_the_page_wipes_the_value_and_says_so() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
    let element = page.value();

    dispatch(&web_sys::window().unwrap(), "pagehide");
    page.sees(ENGLISH_LATER.value_wiped).await;
    assert_eq!(element.text_content().as_deref(), Some(""));
    assert!(!page.panel().has_unsaved_token());
    page.press("Close");
    page.closes().await;
}

#[wasm_bindgen_test]
async fn signing_out_wipes_the_value() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("new"))
    })
    .await;
    let element = page.value();
    page.panel().sign_out();
    page.closes().await;
    assert_eq!(element.text_content().as_deref(), Some(""));
    assert!(!page.panel().has_unsaved_token());
}

#[wasm_bindgen_test]
async fn the_next_reveal_does_not_know_the_last_one() {
    let network = Network::new();
    let page = Page::revealing(&network, &[]).await;
    let _clipboard = Clipboard::working();
    page.press("Copy Token Value");
    page.sees(ENGLISH_LATER.copied_value).await;
    page.press("Show Token Value");
    page.press("Close");
    page.closes().await;
    page.press("Generate Token");
    let minted = format!(r#"{{"token":"{}"}}"#, token("newer"));
    network
        .expect("GET /tokens/generate?ttl=3600")
        .await
        .answer(200, &minted);
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["new", "newer"]));
    page.opens("Token generated").await;
    assert!(page.panel().has_unsaved_token());
    assert!(page.is_enabled("Show Token Value"));
    assert!(!page.text().contains(ENGLISH_LATER.copied_value));
    page.press("Show Token Value");
    wait_until("the value", || {
        page.value().text_content() == Some(token("newer"))
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_dialog_is_named_and_modal() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    let dialog: Element = page.find("dialog").unchecked_into();
    let title = dialog.get_attribute("aria-labelledby").unwrap();
    let title = page.root().get_element_by_id(&title).unwrap();
    assert_eq!(title.text_content().as_deref(), Some("Token generated"));
    assert!(dialog.matches(":modal").unwrap());
}
