//! Deleting a token.

use token_manager::i18n::{ENGLISH, ENGLISH_LATER};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::wasm_support::{Host, Network, Page, rows, token};

async fn asked(network: &Network, ids: &[&str], id: &str) -> Page {
    let page = Page::listing(network, ids).await;
    ask(&page, id).await;
    page
}

async fn ask(page: &Page, id: &str) {
    let name = format!("Delete token {id}");
    page.button(&name).focus().unwrap();
    page.press(&name);
    page.opens("Delete token").await;
}

#[wasm_bindgen_test]
async fn the_question_names_the_token_and_cancel_is_first() {
    let network = Network::new();
    let page = asked(&network, &["a", "b"], "b").await;

    page.focuses("Cancel").await;
    assert!(
        page.text().contains("Delete the token b?"),
        "{}",
        page.text()
    );
    page.press("Cancel");
    page.closes().await;
    page.focuses("Delete token b").await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn escape_deletes_nothing() {
    let network = Network::new();
    let page = asked(&network, &["a"], "a").await;
    page.focuses("Cancel").await;
    page.key("Escape");
    page.closes().await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn a_deleted_token_leaves_the_list_and_the_host_hears_of_it() {
    let network = Network::new();
    let page = asked(&network, &["a", "b", "c"], "b").await;
    page.host.news();

    page.press("Delete");
    network
        .expect("DELETE /tokens/b")
        .await
        .answer(200, r#"{"success":true}"#);
    page.closes().await;
    page.sees("Token b deleted").await;
    assert!(page.said("status").contains("Token b deleted"));
    assert!(page.text().contains("2 of 100 tokens"));
    assert!(page.buttons("Delete token b").is_empty());
    assert_eq!(page.host.news(), [r#"token-deleted {"ids":["b"]}"#]);
    page.focuses("Delete token c").await;
}

#[wasm_bindgen_test]
async fn after_the_last_token_the_focus_goes_on_to_generating() {
    let network = Network::new();
    let page = asked(&network, &["a"], "a").await;
    page.press("Delete");
    network
        .expect("DELETE /tokens/a")
        .await
        .answer(200, r#"{"success":true}"#);
    page.sees("No tokens yet").await;
    page.focuses("Generate Token").await;
}

#[wasm_bindgen_test]
async fn a_second_click_deletes_nothing_more() {
    let network = Network::new();
    let page = asked(&network, &["a"], "a").await;
    let button = page.button("Delete");
    button.click();
    button.click();
    let delete = network.expect("DELETE /tokens/a").await;
    network.expect_silence().await;
    button.click();
    network.expect_silence().await;
    delete.answer(200, r#"{"success":true}"#);
    page.closes().await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn any_id_becomes_one_part_of_the_path() {
    let network = Network::new();
    let page = Page::mount(Host::with_token("token"));
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["../x?criteria=ALL#"]));
    page.sees("1 of 100 tokens").await;
    ask(&page, "../x?criteria=ALL#").await;
    page.press("Delete");
    network
        .expect("DELETE /tokens/..%2Fx%3Fcriteria%3DALL%23")
        .await;
}

#[wasm_bindgen_test]
async fn a_token_that_is_gone_already_is_deleted() {
    for status in [404, 410] {
        let network = Network::new();
        let page = asked(&network, &["a", "b"], "a").await;
        page.press("Delete");
        network
            .expect("DELETE /tokens/a")
            .await
            .answer(status, "{}");
        page.closes().await;
        page.sees("Token a deleted").await;
        network.expect_silence().await;
    }
}

#[wasm_bindgen_test]
async fn a_refusal_is_said_in_the_dialog_and_keeps_the_row() {
    let network = Network::new();
    let page = asked(&network, &["a"], "a").await;
    page.host.news();
    page.press("Delete");
    network.expect("DELETE /tokens/a").await.answer(403, "{}");

    page.sees(ENGLISH.error_forbidden).await;
    assert_eq!(page.dialog_title().as_deref(), Some("Delete token"));
    assert_eq!(page.host.news(), [r#"failed {"code":"forbidden"}"#]);
    page.press("Cancel");
    page.closes().await;
    page.sees("1 of 100 tokens").await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn after_a_lost_answer_the_list_tells_whether_it_is_gone() {
    let network = Network::new();
    let page = asked(&network, &["a", "b"], "a").await;
    page.press("Delete");
    network.expect("DELETE /tokens/a").await.fail();
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["b"]));
    page.closes().await;
    page.sees("Token a deleted").await;

    ask(&page, "b").await;
    page.press("Delete");
    network.expect("DELETE /tokens/b").await.answer(500, "{}");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["b"]));
    page.sees(ENGLISH_LATER.delete_failed).await;
    assert_eq!(page.dialog_title().as_deref(), Some("Delete token"));
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn where_even_the_list_is_lost_the_outcome_is_unknown() {
    let network = Network::new();
    let page = asked(&network, &["a"], "a").await;
    page.press("Delete");
    network.expect("DELETE /tokens/a").await.answer(500, "{}");
    network.expect("GET /tokens").await.answer(500, "{}");
    page.sees(ENGLISH_LATER.delete_unknown).await;
}

#[wasm_bindgen_test]
async fn deleting_the_token_in_use_warns_and_signs_out() {
    let network = Network::new();
    let page = Page::mount(Host::form());
    page.fill("Authentication token", &token("own"));
    page.press("Sign in");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["own", "a"]));
    page.sees("2 of 100 tokens").await;

    ask(&page, "own").await;
    assert!(page.text().contains(ENGLISH_LATER.delete_in_use));
    page.press("Delete");
    network
        .expect("DELETE /tokens/own")
        .await
        .answer(200, r#"{"success":true}"#);
    page.closes().await;
    page.sees("Use e-mail and password").await;
    assert!(page.panel().session().is_null());
    assert!(page.find_all("table").is_empty());
    network.expect_silence().await;
}
