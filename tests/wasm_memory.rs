//! The memory of the wasm never holds a secret, which no `Drop` could wipe from it for good.
//!
//! These tests are a crate of their own: no other test's tokens may lie in the memory that is
//! searched here, and no Rust code may see the secrets that are looked for.
#![cfg(target_arch = "wasm32")]

mod wasm_support;

use js_sys::{JSON, JsString, Reflect};
use token_manager::i18n::{ENGLISH, ENGLISH_LATER};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use wasm_support::{Clipboard, Downloads, Host, Network, Page, Vault, rows, settle, wait_until};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const ID: &str = "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0";
const GENERATE: &str = "GET /tokens/generate?ttl=3600";

fn host_with(vault: &Vault) -> Host {
    let credential = wasm_support::object(&[]);
    Reflect::set(&credential, &"token".into(), &vault.value()).unwrap();
    Host::asked_by(move |_| Ok(credential.clone()))
}

/// Lists with the credential `own`, and generates `new`.
async fn generate(network: &Network, own: &Vault, new: &Vault) -> Page {
    let page = Page::mount(host_with(own));
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    page.press("Generate Token");
    network.expect(GENERATE).await.answer_with(&new.answer());
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", ID]));
    page.opens("Token generated").await;
    page
}

#[wasm_bindgen_test]
fn a_piece_that_rust_has_seen_is_found() {
    let vault = Vault::token("seen");
    assert_eq!(vault.traces(), 0);
    let piece: JsString = vault.value().unchecked_into();
    let piece = String::from(piece.slice(200, 216));
    assert!(vault.traces() > 0, "{}", piece.len());
}

#[wasm_bindgen_test]
async fn a_generated_token_never_enters_rust() {
    let network = Network::new();
    let (own, new) = (Vault::token("own"), Vault::token(ID));
    let page = generate(&network, &own, &new).await;
    assert_eq!(new.traces(), 0, "masked");

    let clipboard = Clipboard::working();
    page.press("Copy Token Value");
    page.sees(ENGLISH_LATER.copied_value).await;
    assert!(clipboard.written().pop() == new.value());
    assert_eq!(new.traces(), 0, "copied");
    let downloads = Downloads::new();
    page.press("Download Token Value");
    page.sees("Download started").await;
    assert!(downloads.text().await == new.value());
    assert_eq!(new.traces(), 0, "downloaded");
    // From here on nothing may read the dialog's text into Rust, this test included.
    page.press("Show Token Value");
    wait_until("the value", || new.is_text_of(&page.value())).await;
    assert_eq!(new.traces(), 0, "shown");
    page.press("Close");
    page.closes().await;
    assert_eq!(new.traces(), 0, "closed");
    assert_eq!(own.traces(), 0, "the host's token");
}

#[wasm_bindgen_test]
async fn a_typed_token_never_enters_rust() {
    let network = Network::new();
    let own = Vault::token("own");
    let page = Page::mount(Host::form());
    own.type_into(&page.field("Authentication token"));
    page.press("Sign in");
    let list = network.expect("GET /tokens").await;
    // The header is compared in JavaScript, too.
    assert!(own.is_sent_by(list.request()));
    list.answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    assert_eq!(own.traces(), 0);
}

#[wasm_bindgen_test]
async fn a_password_never_enters_rust() {
    let network = Network::new();
    let email = "demo@example.com";
    let password = Vault::password(email);
    let page = Page::mount(Host::form());
    page.press("Use e-mail and password");
    page.sees("E-mail").await;
    page.fill("E-mail", email);
    password.type_into(&page.field("Password"));
    page.press("Sign in");
    network.expect("GET /tokens").await.answer(401, "{}");
    page.sees(ENGLISH.wrong_credential).await;
    password.type_into(&page.field("Password"));
    page.press("Sign in");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    page.panel().sign_out();
    assert_eq!(password.traces(), 0);
}

#[wasm_bindgen_test]
async fn no_event_store_or_text_of_the_page_holds_a_masked_value() {
    let network = Network::new();
    let (own, new) = (Vault::token("own"), Vault::token(ID));
    let page = generate(&network, &own, &new).await;
    settle().await;

    let window = web_sys::window().unwrap();
    let storage = [window.session_storage(), window.local_storage()];
    let stores = storage.map(|storage| JSON::stringify(&storage.unwrap().unwrap()).unwrap());
    let page_text = JsValue::from(page.root().inner_html());
    let events = JsValue::from(page.host.heard().concat());
    let title = JsValue::from(window.document().unwrap().title());
    for text in [&page_text, &events, &title, &stores[0], &stores[1]] {
        assert!(!new.is_in(text) && !own.is_in(text));
    }
}

#[wasm_bindgen_test]
async fn no_script_of_the_page_can_reach_a_masked_value() {
    let network = Network::new();
    let (own, new) = (Vault::token("own"), Vault::token(ID));
    let page = generate(&network, &own, &new).await;
    assert!(!new.is_reachable() && !own.is_reachable());

    page.press("Show Token Value");
    wait_until("the value", || new.is_text_of(&page.value())).await;
    assert!(new.is_reachable(), "it stands on the page");
    page.press("Hide Token Value");
    wait_until("no value", || !new.is_text_of(&page.value())).await;
    assert!(!new.is_reachable());
}
