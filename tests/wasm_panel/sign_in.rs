//! Signing in with the panel's own form, or with the host's cookie.

use token_manager::i18n::ENGLISH;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use crate::wasm_support::{Host, Network, Page, rows, token};

const UNAUTHORIZED: &str = include_str!("../fixtures/api/error-315.json");

#[wasm_bindgen_test]
async fn a_pasted_token_signs_in_and_leaves_the_field() {
    let network = Network::new();
    let page = Page::mount(Host::form());
    let value = token("own");

    assert_eq!(page.field("Authentication token").type_(), "password");
    page.fill("Authentication token", &format!(" {value}\n"));
    page.press("Sign in");

    let list = network.expect("GET /tokens").await;
    assert_eq!(
        list.header("Authorization"),
        Some(format!("Bearer {value}"))
    );
    assert_eq!(page.field("Authentication token").value(), "");
    list.answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    page.focuses("Time To Live (TTL):").await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn email_and_password_sign_in_in_utf_8() {
    let network = Network::new();
    let page = Page::mount(Host::form());

    page.press("Use e-mail and password");
    page.sees("E-mail").await;
    page.fill("E-mail", "jörg@example.com");
    page.fill("Password", "pass:wörd €");
    page.press("Sign in");

    let list = network.expect("GET /tokens").await;
    let expected = "Basic asO2cmdAZXhhbXBsZS5jb206cGFzczp3w7ZyZCDigqw=";
    assert_eq!(list.header("Authorization").as_deref(), Some(expected));
    assert_eq!(page.field("Password").value(), "");
}

#[wasm_bindgen_test]
async fn a_contract_number_goes_along_with_every_request() {
    let network = Network::new();
    let page = Page::mount(Host::form());

    page.fill("Authentication token", "no-jwt");
    page.fill("Contract number", "31990210");
    page.press("Sign in");

    let list = network.expect("GET /tokens").await;
    assert_eq!(
        list.header("X-Contract-Number").as_deref(),
        Some("31990210")
    );
    list.answer(200, &rows(&[]));
    page.sees("No tokens yet").await;
    page.press("Generate Token");
    let generate = network.expect("GET /tokens/generate?ttl=3600").await;
    assert_eq!(
        generate.header("X-Contract-Number").as_deref(),
        Some("31990210")
    );
}

#[wasm_bindgen_test]
async fn without_a_contract_number_none_is_sent() {
    let network = Network::new();
    let page = Page::mount(Host::form());
    page.fill("Authentication token", "no-jwt");
    page.press("Sign in");
    let list = network.expect("GET /tokens").await;
    assert_eq!(list.header("X-Contract-Number"), None);
}

#[wasm_bindgen_test]
async fn what_is_missing_or_no_number_is_said_and_sends_nothing() {
    let network = Network::new();
    let page = Page::mount(Host::form());

    page.press("Sign in");
    page.sees(ENGLISH.credential_missing).await;
    page.fill("Authentication token", " \t ");
    page.press("Sign in");
    page.sees(ENGLISH.credential_missing).await;

    page.fill("Authentication token", "token");
    page.fill("Contract number", "31 contracts");
    page.press("Sign in");
    page.sees(ENGLISH.contract_digits).await;
    network.expect_silence().await;
    assert_eq!(page.field("Authentication token").value(), "token");
}

#[wasm_bindgen_test]
async fn a_wrong_password_is_said_and_can_be_corrected() {
    let network = Network::new();
    let page = Page::mount(Host::form());
    page.press("Use e-mail and password");
    page.sees("E-mail").await;
    page.fill("E-mail", "demo@example.com");
    page.fill("Password", "wrong");
    page.press("Sign in");
    network
        .expect("GET /tokens")
        .await
        .answer(401, UNAUTHORIZED);

    page.sees(ENGLISH.wrong_credential).await;
    assert!(page.said("alert").contains(ENGLISH.wrong_credential));
    assert_eq!(page.field("E-mail").value(), "demo@example.com");
    page.fill("Password", "right");
    page.press("Sign in");
    network.expect("GET /tokens").await.answer(200, &rows(&[]));
    page.sees("No tokens yet").await;
}

#[wasm_bindgen_test]
async fn pressing_sign_in_twice_sends_one_request() {
    let network = Network::new();
    let page = Page::mount(Host::form());
    page.fill("Authentication token", "token");
    let button = page.button("Sign in");
    button.click();
    button.click();
    let list = network.expect("GET /tokens").await;
    network.expect_silence().await;
    drop(list);
}

#[wasm_bindgen_test]
async fn a_cookie_goes_along_and_nothing_else_does() {
    let network = Network::new();
    let host = Host::cookie();
    host.set("dcdUrl", "https://dcd.test/latest/");
    let page = Page::mount(host);

    let list = network.expect("GET /tokens").await;
    assert_eq!(list.request().credentials(), RequestCredentials::Include);
    assert_eq!(list.header("Authorization"), None);
    list.answer(401, UNAUTHORIZED);
    page.sees("Open the DCD").await;
    let link = page.find("a.button");
    assert_eq!(
        link.get_attribute("href").as_deref(),
        Some("https://dcd.test/latest/")
    );
}

#[wasm_bindgen_test]
async fn with_a_credential_no_cookie_goes_along() {
    let network = Network::new();
    let _page = Page::mount(Host::with_token("token"));
    let list = network.expect("GET /tokens").await;
    assert_eq!(list.request().credentials(), RequestCredentials::Omit);
}

#[wasm_bindgen_test]
async fn every_request_bypasses_caches_follows_nothing_and_names_no_page() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    let generate = network.expect("GET /tokens/generate?ttl=3600").await;
    page.press("Refresh list");
    let list = network.expect("GET /tokens").await;
    page.press("Delete token a");
    page.opens("Delete token").await;
    page.press("Delete");
    let delete = network.expect("DELETE /tokens/a").await;

    for exchange in [generate, list, delete] {
        let request = exchange.request();
        assert_eq!(request.cache(), RequestCache::NoStore);
        assert_eq!(request.redirect(), RequestRedirect::Error);
        assert_eq!(request.referrer_policy(), ReferrerPolicy::NoReferrer);
    }
}

#[wasm_bindgen_test]
async fn signing_out_forgets_the_credential_and_the_list() {
    let network = Network::new();
    let page = Page::mount(Host::form());
    page.fill("Authentication token", &token("own"));
    page.press("Sign in");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    assert!(!page.panel().session().is_null());

    page.panel().sign_out();
    page.sees("Use e-mail and password").await;
    assert!(page.panel().session().is_null());
    assert!(page.find_all("table").is_empty());
    page.panel().refresh();
    network.expect_silence().await;
}
