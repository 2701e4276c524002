//! The host: how it is asked for credentials, what it hears, and what it may change.

use js_sys::Promise;
use token_manager::i18n::{ENGLISH, GERMAN};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::wasm_support::{Host, Network, Page, Timers, object, rows, settle, token, wait_until};

const UNAUTHORIZED: &str = include_str!("../fixtures/api/error-315.json");
const STEP_UP: &str = include_str!("../fixtures/api/error-501.json");
const GENERATE: &str = "GET /tokens/generate?ttl=3600";

/// A host that has another token each time: `Bearer 1`, then `Bearer 2`.
fn counting() -> Host {
    let mut count = 0;
    Host::asked_by(move |_| {
        count += 1;
        Ok(object(&[("token", &count.to_string())]))
    })
}

/// A host that has a token at first and nothing later.
fn only_once() -> Host {
    Host::asked_by(|reason| match reason {
        "initial" => Ok(object(&[("token", "first")])),
        _ => Ok(JsValue::NULL),
    })
}

#[wasm_bindgen_test]
async fn the_host_is_asked_once_and_hears_that_the_panel_is_there() {
    let network = Network::new();
    let page = Page::mount(counting());
    let list = network.expect("GET /tokens").await;
    assert_eq!(list.header("Authorization").as_deref(), Some("Bearer 1"));
    list.answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    assert_eq!(page.host.asked(), ["initial"]);
    assert_eq!(page.host.news(), ["ready null"]);
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn a_promise_of_a_credential_is_waited_for() {
    let network = Network::new();
    let page = Page::mount(Host::asked_by(|_| {
        let credential = object(&[("email", "a@example.com"), ("password", "b")]);
        Ok(Promise::resolve(&credential).into())
    }));
    let list = network.expect("GET /tokens").await;
    let expected = "Basic YUBleGFtcGxlLmNvbTpi";
    assert_eq!(list.header("Authorization").as_deref(), Some(expected));
    assert_eq!(page.host.asked(), ["initial"]);
}

#[wasm_bindgen_test]
async fn what_is_no_credential_sends_nothing_and_asks_for_a_session() {
    type Answer = fn(&str) -> Result<JsValue, JsValue>;
    let answers: [(&str, Answer); 11] = [
        ("null", |_| Ok(JsValue::NULL)),
        ("nothing", |_| Ok(JsValue::UNDEFINED)),
        ("a number", |_| Ok(7.into())),
        ("a text", |_| Ok("token".into())),
        ("an empty object", |_| Ok(object(&[]))),
        ("an empty token", |_| Ok(object(&[("token", "")]))),
        ("half a pair", |_| Ok(object(&[("email", "a@example.com")]))),
        ("a token that is no text", |_| {
            let credential = object(&[]);
            js_sys::Reflect::set(&credential, &"token".into(), &7.into())?;
            Ok(credential)
        }),
        ("a rejection", |_| Ok(Promise::reject(&"no".into()).into())),
        ("an error", |_| Err("no".into())),
        ("a promise of null", |_| {
            Ok(Promise::resolve(&JsValue::NULL).into())
        }),
    ];
    for (what, answer) in answers {
        let network = Network::new();
        let page = Page::mount(Host::asked_by(answer));
        page.sees(ENGLISH.host_signs_in).await;
        network.expect_silence().await;
        assert_eq!(page.host.asked(), ["initial"], "{what}");
        let mut news = page.host.news();
        news.sort();
        assert_eq!(
            news,
            ["ready null", r#"session-required {"reason":"initial"}"#],
            "{what}"
        );
        page.press("Retry");
        wait_until("another question", || page.host.asked().len() == 2).await;
    }
}

#[wasm_bindgen_test]
async fn a_token_that_no_header_can_carry_sends_nothing() {
    let network = Network::new();
    let page = Page::mount(Host::with_token("a\r\nX-Evil: b"));
    page.sees(ENGLISH.error_session).await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn an_answer_that_never_comes_ends_after_two_minutes() {
    let network = Network::new();
    let timers = Timers::new();
    let page = Page::mount(Host::asked_by(|_| Ok(Promise::new(&mut |_, _| ()).into())));
    page.sees(ENGLISH.signing_in).await;
    assert_eq!(timers.seconds(), [120.0]);
    timers.pass().await;
    page.sees(ENGLISH.host_signs_in).await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn an_answer_that_comes_too_late_changes_nothing() {
    let network = Network::new();
    let timers = Timers::new();
    let (promise, resolve) = pending();
    let page = Page::mount(Host::asked_by(move |_| Ok(promise.clone())));
    page.sees(ENGLISH.signing_in).await;
    timers.pass().await;
    page.sees(ENGLISH.host_signs_in).await;
    resolve
        .call1(&JsValue::UNDEFINED, &object(&[("token", "late")]))
        .unwrap();
    network.expect_silence().await;
    assert!(page.text().contains(ENGLISH.host_signs_in));
}

/// A promise, and what settles it.
fn pending() -> (JsValue, js_sys::Function) {
    let mut settle = None;
    let promise = Promise::new(&mut |resolve, _| settle = Some(resolve));
    (promise.into(), settle.unwrap())
}

#[wasm_bindgen_test]
async fn an_expired_session_is_renewed_once_and_the_call_goes_on() {
    let network = Network::new();
    let page = Page::mount(counting());
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;

    page.press("Refresh list");
    network
        .expect("GET /tokens")
        .await
        .answer(401, UNAUTHORIZED);
    let again = network.expect("GET /tokens").await;
    assert_eq!(again.header("Authorization").as_deref(), Some("Bearer 2"));
    again.answer(200, &rows(&["a", "b"]));
    page.sees("2 of 100 tokens").await;
    assert_eq!(page.host.asked(), ["initial", "expired"]);
}

#[wasm_bindgen_test]
async fn a_renewed_session_that_is_refused_too_makes_no_loop() {
    let network = Network::new();
    let page = Page::mount(counting());
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    page.press("Refresh list");
    for _ in 0..2 {
        network
            .expect("GET /tokens")
            .await
            .answer(401, UNAUTHORIZED);
    }
    page.sees(ENGLISH.error_session).await;
    network.expect_silence().await;
    assert_eq!(page.host.asked(), ["initial", "expired"]);
}

#[wasm_bindgen_test]
async fn after_a_step_up_generating_goes_on() {
    let network = Network::new();
    let page = Page::mount(counting());
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;

    page.press("Generate Token");
    network.expect(GENERATE).await.answer(401, STEP_UP);
    let again = network.expect(GENERATE).await;
    assert_eq!(again.header("Authorization").as_deref(), Some("Bearer 2"));
    again.answer(200, &format!(r#"{{"token":"{}"}}"#, token("new")));
    page.opens("Token generated").await;
    assert_eq!(page.host.asked(), ["initial", "step-up"]);
    assert!(
        !page
            .host
            .heard()
            .iter()
            .any(|event| event.starts_with("failed"))
    );
}

#[wasm_bindgen_test]
async fn a_step_up_that_is_declined_is_said_and_signs_nobody_out() {
    let network = Network::new();
    let page = Page::mount(only_once());
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    page.host.news();

    page.press("Generate Token");
    network.expect(GENERATE).await.answer(401, STEP_UP);
    let list = network.expect("GET /tokens").await;
    assert_eq!(
        list.header("Authorization").as_deref(),
        Some("Bearer first")
    );
    list.answer(200, &rows(&["a"]));
    page.sees(ENGLISH.error_step_up).await;
    assert!(!page.panel().session().is_null());
    assert_eq!(
        page.host.news(),
        [
            r#"session-required {"reason":"step-up"}"#,
            r#"failed {"code":"step-up"}"#
        ]
    );
    wait_until("generating again", || page.is_enabled("Generate Token")).await;
}

#[wasm_bindgen_test]
async fn without_a_new_credential_the_rows_stay_and_a_session_is_asked_for() {
    let network = Network::new();
    let page = Page::mount(only_once());
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    page.host.news();

    page.press("Refresh list");
    network
        .expect("GET /tokens")
        .await
        .answer(401, UNAUTHORIZED);
    page.sees(ENGLISH.host_signs_in).await;
    assert!(page.text().contains("1 of 100 tokens"));
    assert_eq!(
        page.host.news(),
        [
            r#"session-required {"reason":"expired"}"#,
            r#"failed {"code":"unauthorized"}"#
        ]
    );
    network.expect_silence().await;
    page.panel().refresh();
    wait_until("another question", || page.host.asked().len() == 3).await;
    assert_eq!(page.host.asked()[2], "expired");
}

#[wasm_bindgen_test]
async fn every_failure_has_a_code_of_its_own() {
    for (status, code) in [
        (400, "refused"),
        (403, "forbidden"),
        (404, "not-found"),
        (429, "too-many-requests"),
        (500, "server"),
    ] {
        let network = Network::new();
        let page = Page::listing(&network, &["a"]).await;
        page.host.news();
        page.panel().refresh();
        network.expect("GET /tokens").await.answer(status, "{}");
        page.sees(ENGLISH.list_failed).await;
        assert_eq!(page.host.news(), [format!(r#"failed {{"code":"{code}"}}"#)]);
    }
}

#[wasm_bindgen_test]
async fn no_event_ever_carries_a_value() {
    let network = Network::new();
    let page = Page::revealing(&network, &["a"]).await;
    page.press("Show Token Value");
    page.press("Close");
    page.opens("Close without saving?").await;
    page.press("Delete this token");
    network
        .expect("DELETE /tokens/new")
        .await
        .answer(200, r#"{"success":true}"#);
    page.closes().await;

    let heard = page.host.heard().concat();
    assert!(heard.contains("token-generated") && heard.contains("token-deleted"));
    for secret in [token("new"), token("own")] {
        let mut pieces = secret.as_bytes().windows(16);
        assert!(pieces.all(|piece| !heard.contains(str::from_utf8(piece).unwrap())));
    }
}

#[wasm_bindgen_test]
async fn two_panels_with_different_contracts_do_not_disturb_each_other() {
    let network = Network::new();
    let panel = |contract: &str| {
        let host = Host::with_token(contract);
        host.set("contractNumber", contract);
        Page::mount(host)
    };
    let one = panel("31884391");
    let one_list = network.expect("GET /tokens").await;
    let other = panel("31990210");
    let other_list = network.expect("GET /tokens").await;
    assert_eq!(
        one_list.header("X-Contract-Number").as_deref(),
        Some("31884391")
    );
    assert_eq!(
        other_list.header("X-Contract-Number").as_deref(),
        Some("31990210")
    );
    assert_eq!(
        other_list.header("Authorization").as_deref(),
        Some("Bearer 31990210")
    );
    other_list.answer(200, &rows(&["x", "y"]));
    other.sees("2 of 100 tokens").await;
    assert!(!one.text().contains("of 100 tokens"));
    one_list.answer(200, &rows(&["a"]));
    one.sees("1 of 100 tokens").await;
    one.host.news();
    other.host.news();

    one.press("Generate Token");
    let generate = network.expect(GENERATE).await;
    assert_eq!(
        generate.header("X-Contract-Number").as_deref(),
        Some("31884391")
    );
    generate.answer(200, &format!(r#"{{"token":"{}"}}"#, token("new")));
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", "new"]));
    one.opens("Token generated").await;
    settle().await;
    assert_eq!(other.dialog_title(), None);
    assert!(!other.panel().has_unsaved_token());
    assert!(other.text().contains("2 of 100 tokens"));
    assert_eq!(other.host.news(), [""; 0]);
    drop(one);
    other.press("Refresh list");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["x"]));
    other.sees("1 of 100 tokens").await;
}

#[wasm_bindgen_test]
async fn another_contract_takes_effect_at_once() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.host.set("contractNumber", "31990210");
    page.update();
    let list = network.expect("GET /tokens").await;
    assert_eq!(
        list.header("X-Contract-Number").as_deref(),
        Some("31990210")
    );
    list.answer(200, &rows(&["x", "y"]));
    page.sees("2 of 100 tokens").await;
    assert_eq!(page.host.asked(), ["initial"]);
}

#[wasm_bindgen_test]
async fn another_address_takes_effect_at_once() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.host.set("authApi", "https://other.test/auth/v1/");
    page.update();
    network
        .expect("GET https://other.test/auth/v1/tokens")
        .await;
}

#[wasm_bindgen_test]
async fn another_language_takes_effect_at_once_and_asks_nobody() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.host.set("lang", "de-AT");
    page.update();
    page.sees(GERMAN.refresh).await;
    assert!(!page.text().contains("Refresh list"));
    network.expect_silence().await;
    assert_eq!(page.host.asked(), ["initial"]);
}

#[wasm_bindgen_test]
async fn options_of_a_wrong_type_are_as_if_they_were_missing() {
    let network = Network::new();
    let host = Host::with_token("token");
    for name in [
        "contractNumber",
        "headingLevel",
        "lang",
        "tokenLimit",
        "dcdUrl",
    ] {
        host.set(name, js_sys::Object::new());
    }
    let page = Page::mount(host);
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
    assert_eq!(page.find(".title").tag_name(), "H2");
}

#[wasm_bindgen_test]
async fn the_heading_has_the_level_that_the_host_sets() {
    for (level, tag) in [(1, "H1"), (3, "H3"), (6, "H6")] {
        let _network = Network::new();
        let host = Host::form();
        host.set("headingLevel", level);
        let page = Page::mount(host);
        assert_eq!(page.find(".title").tag_name(), tag);
        assert_eq!(
            page.find(".title").text_content().as_deref(),
            Some("API/SDK Authentication Token Manager")
        );
    }
}

#[wasm_bindgen_test]
async fn a_host_without_ears_does_no_harm() {
    let network = Network::new();
    let host = Host::with_token("token");
    let deaf = Closure::<dyn FnMut() -> Result<(), JsValue>>::new(|| Err("deaf".into()));
    host.set("emit", deaf.into_js_value().unchecked_into::<JsValue>());
    let page = Page::mount(host);
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees("1 of 100 tokens").await;
}
