//! Asking for a token: one decision, one request, and what the lists say about it.

use token_manager::i18n::{ENGLISH, ENGLISH_LATER};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit, HtmlSelectElement};

use crate::wasm_support::{Host, Network, Page, Timers, rows, settle, token, wait_until};

const GENERATE: &str = "GET /tokens/generate?ttl=3600";
const GENERIC_FAILURE: &str = r#"{"httpStatus":500}"#;

fn minted(id: &str) -> String {
    format!(r#"{{"token":"{}"}}"#, token(id))
}

/// The tokens that the panel wants somebody to look at.
fn found(page: &Page) -> String {
    let found = page.find_all(".found .id");
    found.iter().filter_map(|id| id.text_content()).collect()
}

#[wasm_bindgen_test]
async fn one_decision_is_one_request() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;

    let button = page.button("Generate Token");
    for _ in 0..5 {
        button.click();
    }
    let generate = network.expect(GENERATE).await;
    network.expect_silence().await;
    assert_eq!(page.said("alert"), "");
    assert!(button.matches(":disabled").unwrap());
    button.click();
    network.expect_silence().await;
    generate.answer(200, &minted("new"));
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", "new"]));
    page.opens("Token generated").await;
    button.click();
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn of_two_panels_one_asks_at_a_time() {
    let network = Network::new();
    let one = Page::listing(&network, &["a"]).await;
    let other = Page::listing(&network, &["a"]).await;

    one.press("Generate Token");
    let generate = network.expect(GENERATE).await;
    other.press("Generate Token");
    other.sees(ENGLISH_LATER.other_tab).await;
    network.expect_silence().await;

    generate.answer(500, GENERIC_FAILURE);
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    one.sees(ENGLISH_LATER.nothing_created).await;
    other.press("Generate Token");
    network.expect(GENERATE).await;
}

#[wasm_bindgen_test]
async fn the_chosen_lifetime_is_asked_for() {
    let network = Network::new();
    let page = Page::listing(&network, &[]).await;

    let select: HtmlSelectElement = page.find("select").unchecked_into();
    assert_eq!(select.value(), "3600");
    select.set_value("31536000");
    let init = EventInit::new();
    init.set_bubbles(true);
    let change = Event::new_with_event_init_dict("change", &init).unwrap();
    select.dispatch_event(&change).unwrap();
    page.press("Generate Token");
    network.expect("GET /tokens/generate?ttl=31536000").await;
}

#[wasm_bindgen_test]
async fn a_new_token_is_revealed_and_the_host_hears_of_all_but_its_value() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.host.news();

    page.press("Generate Token");
    network.expect(GENERATE).await.answer(200, &minted("new"));
    page.opens("Token generated").await;
    assert!(page.text().contains(ENGLISH_LATER.save_warning));
    assert!(page.text().contains("new"));
    let news = page.host.news();
    let expected = r#"token-generated {"id":"new","expirationDate":"2026-09-23T13:29:44Z"}"#;
    assert_eq!(news, [expected]);

    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", "new"]));
    settle().await;
    assert_eq!(page.dialog_title().as_deref(), Some("Token generated"));
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn a_value_that_is_no_jwt_is_revealed_without_an_id() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    network
        .expect(GENERATE)
        .await
        .answer(200, r#"{"token":"opaque"}"#);
    page.opens("Token generated").await;
    assert!(page.text().contains(ENGLISH_LATER.id_unknown));
    page.press("Show Token Value");
    page.sees("opaque").await;
}

#[wasm_bindgen_test]
async fn an_answer_without_a_value_leaves_the_word_to_the_list() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        r#"{"token":""}"#,
        r#"{"token":null}"#,
        r#"{"token":7}"#,
        r#"{"token":{"token":"x"}}"#,
        r#"{"token":"cut"#,
    ] {
        let network = Network::new();
        let page = Page::listing(&network, &["a"]).await;
        page.press("Generate Token");
        network.expect(GENERATE).await.answer(200, body);
        network
            .expect("GET /tokens")
            .await
            .answer(200, &rows(&["a", "lost"]));
        wait_until("the lost one is named", || found(&page) == "lost").await;
        assert_eq!(page.dialog_title(), None, "{body}");
        wait_until("generating again", || page.is_enabled("Generate Token")).await;
    }
}

#[wasm_bindgen_test]
async fn a_token_whose_answer_was_lost_can_be_deleted_where_it_is_named() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    network.expect(GENERATE).await.fail();
    let list = network.expect("GET /tokens").await;
    list.answer(200, &rows(&["a", "lost"]));

    wait_until("the lost one is named", || found(&page).contains("lost")).await;
    let delete = page.find(".found [aria-label='Delete token lost']");
    delete.click();
    let delete = network.expect("DELETE /tokens/lost").await;
    delete.answer(200, r#"{"success":true}"#);
    page.sees("Token lost deleted").await;
    wait_until("nothing more is named", || found(&page).is_empty()).await;
    assert!(page.text().contains("1 of 100 tokens"));
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn a_token_that_nobody_asked_for_is_named_beside_the_new_one() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    network.expect(GENERATE).await.answer(200, &minted("new"));
    let list = network.expect("GET /tokens").await;
    list.answer(200, &rows(&["a", "new", "twin"]));
    page.opens("Token generated").await;
    wait_until("the twin is named", || found(&page).contains("twin")).await;
    assert!(!found(&page).contains("new"));
    assert!(page.panel().has_unsaved_token());
}

#[wasm_bindgen_test]
async fn a_failure_is_never_retried_and_the_list_says_what_it_did() {
    for status in [408, 421, 500, 502, 503, 504] {
        let network = Network::new();
        let page = Page::listing(&network, &["a"]).await;
        page.press("Generate Token");
        network
            .expect(GENERATE)
            .await
            .answer(status, GENERIC_FAILURE);
        network
            .expect("GET /tokens")
            .await
            .answer(200, &rows(&["a"]));
        page.sees(ENGLISH_LATER.nothing_created).await;
        wait_until("generating again", || page.is_enabled("Generate Token")).await;
        network.expect_silence().await;
    }
}

#[wasm_bindgen_test]
async fn while_the_outcome_is_unknown_nothing_more_can_be_generated() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    network.expect(GENERATE).await.fail();
    network
        .expect("GET /tokens")
        .await
        .answer(500, GENERIC_FAILURE);
    page.sees(ENGLISH.outcome_open).await;
    assert!(!page.is_enabled("Generate Token"));

    page.press("Refresh list");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    wait_until("generating again", || page.is_enabled("Generate Token")).await;
}

#[wasm_bindgen_test]
async fn a_request_is_given_up_after_thirty_seconds() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    let timers = Timers::new();
    page.press("Generate Token");
    let generate = network.expect(GENERATE).await;
    assert_eq!(timers.seconds(), [30.0]);
    timers.pass().await;
    assert!(generate.is_aborted());
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees(ENGLISH.error_timeout).await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn too_many_requests_name_the_wait() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    let headers = web_sys::Headers::new().unwrap();
    headers.set("Retry-After", "7").unwrap();
    let init = web_sys::ResponseInit::new();
    init.set_status(429);
    init.set_headers(&headers);
    let response = web_sys::Response::new_with_opt_str_and_init(Some("{}"), &init).unwrap();
    network.expect(GENERATE).await.answer_with(&response);
    page.sees("7 seconds").await;
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn at_the_limit_the_button_is_off_and_says_why() {
    let network = Network::new();
    let host = Host::with_token("token");
    host.set("tokenLimit", 2);
    let page = Page::mount(host);
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", "b"]));
    page.sees("2 of 2 tokens").await;
    assert!(!page.is_enabled("Generate Token"));
    page.sees("You have reached the limit of 2 tokens").await;
    page.button("Generate Token").click();
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn a_reload_in_the_middle_is_settled_by_the_next_list() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    let generate = network.expect(GENERATE).await;
    let storage = web_sys::window()
        .unwrap()
        .session_storage()
        .unwrap()
        .unwrap();
    assert_eq!(storage.length().unwrap(), 1);
    page.unmount();
    assert!(generate.is_aborted());

    let page = Page::mount(Host::with_token(&token("own")));
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", "lost"]));
    wait_until("the lost one is named", || found(&page) == "lost").await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn what_a_reload_finds_holds_no_secret() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.press("Generate Token");
    let generate = network.expect(GENERATE).await;
    let storage = web_sys::window()
        .unwrap()
        .session_storage()
        .unwrap()
        .unwrap();
    let kept = || {
        let keys = (0..storage.length().unwrap()).map(|at| storage.key(at).unwrap().unwrap());
        let texts = keys.map(|key| storage.get_item(&key).unwrap().unwrap());
        texts.collect::<String>()
    };
    let credential = token("own");
    assert!(kept().contains("\"a\""), "{}", kept());
    assert!(!kept().contains(&credential[..16]));
    generate.answer(200, &minted("new"));
    page.opens("Token generated").await;
    assert!(!kept().contains(&token("new")[..16]));
}

#[wasm_bindgen_test]
async fn the_focus_comes_back_to_the_button() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    page.button("Generate Token").focus().unwrap();
    page.press("Generate Token");
    network.expect(GENERATE).await.answer(500, GENERIC_FAILURE);
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a"]));
    page.sees(ENGLISH_LATER.nothing_created).await;
    page.focuses("Generate Token").await;
}
