//! The list: what it shows, and whose answer counts.

use token_manager::i18n::ENGLISH;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::wasm_support::{
    Host, Mishaps, Network, Page, Timers, row, rows, settle, token, wait_until,
};

fn ids(page: &Page) -> Vec<String> {
    let ids = page.find_all("tbody .id");
    ids.iter().filter_map(|id| id.text_content()).collect()
}

#[wasm_bindgen_test]
async fn rows_are_shown_newest_first() {
    let network = Network::new();
    let page = Page::mount(Host::with_token("token"));
    let list = include_str!("../fixtures/api/list.json");
    network.expect("GET /tokens").await.answer(200, list);

    page.sees("3 of 100 tokens").await;
    assert_eq!(
        ids(&page),
        [
            "9c1d9f0a-77c4-4d0e-b6cf-0d8f7a4c2e93",
            "0f6f0f7e-3c1b-4c0a-8a4e-52d2ab9a7d11",
            "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0",
        ]
    );
    let table = page.find("table");
    let caption = table.query_selector("caption").unwrap().unwrap();
    assert_eq!(
        caption.text_content().as_deref(),
        Some("Authentication tokens")
    );
    let headers = page.find_all("th[scope=col]");
    let headers: Vec<String> = headers
        .iter()
        .filter_map(|header| header.text_content())
        .collect();
    assert_eq!(
        headers.concat(),
        "IDCreation DateExpiration DateStatusActions"
    );
}

#[wasm_bindgen_test]
async fn hostile_rows_are_text() {
    let network = Network::new();
    let page = Page::mount(Host::with_token("token"));
    let list = include_str!("../fixtures/odd/rows.json");
    network.expect("GET /tokens").await.answer(200, list);

    page.sees("of 100 tokens").await;
    let ids = ids(&page);
    for id in [
        "<img src=x onerror=alert(1)>",
        "\u{202e}abc\u{202c}",
        "half-\u{fffd}-pair😀",
        "wrong-types",
    ] {
        assert!(ids.contains(&id.to_owned()), "{id} in {ids:?}");
    }
    assert!(page.find_all("img, script, b").is_empty());
    // The accessible name is text, too.
    assert!(page.is_enabled("Delete token <img src=x onerror=alert(1)>"));
}

#[wasm_bindgen_test]
async fn no_rows_are_no_table() {
    let network = Network::new();
    let page = Page::listing(&network, &[]).await;
    page.sees("No tokens yet").await;
    assert!(page.find_all("table").is_empty());
}

#[wasm_bindgen_test]
async fn refreshing_reads_the_list_again() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;

    page.press("Refresh list");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", "b"]));
    page.sees("2 of 100 tokens").await;
    page.panel().refresh();
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["b"]));
    page.sees("1 of 100 tokens").await;
    assert_eq!(ids(&page), ["b"]);
}

#[wasm_bindgen_test]
async fn rows_that_stay_keep_their_elements() {
    let network = Network::new();
    let page = Page::listing(&network, &["a", "b", "c"]).await;
    let before = page.button("Delete token b");

    page.press("Refresh list");
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["b", "c", "d"]));
    wait_until("the new row", || !page.buttons("Delete token d").is_empty()).await;
    assert_eq!(page.button("Delete token b"), before);
}

/// Rows come, go and change places, and a row whose date has changed is another one.
#[wasm_bindgen_test]
async fn rows_follow_whatever_the_list_becomes() {
    let network = Network::new();
    let page = Page::listing(&network, &["m"]).await;
    // Each row is an ID and the year it was made in.
    for list in [
        &["a5", "b4", "c3", "d2"][..],
        &["d5", "c4", "b3", "a2"],
        &["b3", "d2"],
        &["e9", "b3", "f3", "d2", "g1"],
        &["g9", "e8", "b3", "f3"],
        &["f3"],
        &["h8", "f3", "i1"],
        &["i8", "h7", "f6"],
    ] {
        let mut answer: Vec<String> = Vec::new();
        for name in list {
            let (id, year) = name.split_at(1);
            answer.push(row(id, &format!("202{year}-01-01T00:00:00Z")));
        }
        // In no order.
        answer.rotate_left(1);
        page.press("Refresh list");
        let answer = format!(r#"{{"tokens":[{}]}}"#, answer.join(","));
        network.expect("GET /tokens").await.answer(200, &answer);
        let expected: Vec<&str> = list.iter().map(|name| &name[..1]).collect();
        wait_until("the rows", || ids(&page) == expected).await;
        let dates = page.find_all("tbody td:nth-child(3)");
        for (name, date) in list.iter().zip(dates) {
            let year = format!("202{}", &name[1..]);
            assert!(date.text_content().unwrap().contains(&year), "{name}");
        }
    }
}

#[wasm_bindgen_test]
async fn an_older_answer_never_replaces_a_newer_one() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;

    page.panel().refresh();
    let older = network.expect("GET /tokens").await;
    page.panel().refresh();
    let oldest_but_one = network.expect("GET /tokens").await;
    page.panel().refresh();
    let newest = network.expect("GET /tokens").await;

    newest.answer(200, &rows(&["a", "b", "c"]));
    page.sees("3 of 100 tokens").await;
    older.answer(200, &rows(&[]));
    oldest_but_one.answer(500, "{}");
    settle().await;
    assert_eq!(ids(&page).len(), 3);
    assert_eq!(page.said("alert"), "");
}

#[wasm_bindgen_test]
async fn a_list_that_can_not_be_read_leaves_the_old_rows_and_says_so() {
    for status in [400, 403, 404, 409, 415, 429, 500] {
        let network = Network::new();
        let page = Page::listing(&network, &["a"]).await;
        page.press("Refresh list");
        network.expect("GET /tokens").await.answer(status, "{}");

        page.sees(ENGLISH.list_failed).await;
        assert_eq!(ids(&page), ["a"]);
        assert_eq!(page.find_all(".stale").len(), 1, "{status}");
        page.press("Retry");
        network
            .expect("GET /tokens")
            .await
            .answer(200, &rows(&["a"]));
        wait_until("fresh rows", || page.find_all(".stale").is_empty()).await;
    }
}

#[wasm_bindgen_test]
async fn passing_failures_are_retried_twice() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;

    page.press("Refresh list");
    network.expect("GET /tokens").await.fail();
    network.expect("GET /tokens").await.answer(503, "{}");
    network.expect("GET /tokens").await.fail();
    page.sees(ENGLISH.list_failed).await;
    network.expect_silence().await;
}

#[wasm_bindgen_test]
async fn whatever_a_replaced_fetch_does_is_a_network_error() {
    let oddities = [
        JsValue::UNDEFINED,
        JsValue::NULL,
        "offline".into(),
        js_sys::Object::new().into(),
        js_sys::Error::new("offline").into(),
    ];
    for oddity in oddities {
        let network = Network::new();
        let mishaps = Mishaps::new();
        let page = Page::listing(&network, &["a"]).await;
        page.press("Refresh list");
        // A network error is asked again twice.
        for _ in 0..3 {
            let list = network.expect("GET /tokens").await;
            list.fail_with(&oddity);
        }
        page.sees(ENGLISH.error_network).await;
        page.press("Refresh list");
        for _ in 0..3 {
            let list = network.expect("GET /tokens").await;
            list.answer_with(&oddity);
        }
        page.sees(ENGLISH.error_network).await;
        assert_eq!(ids(&page), ["a"]);
        mishaps.assert_none();
    }
}

#[wasm_bindgen_test]
async fn what_is_no_list_is_an_error() {
    for body in [
        "",
        "[]",
        "<html>",
        r#"{"tokens":7}"#,
        r#"{"tokens":[{"id":"x"}"#,
    ] {
        let network = Network::new();
        let page = Page::listing(&network, &["a"]).await;
        page.press("Refresh list");
        network.expect("GET /tokens").await.answer(200, body);
        page.sees(ENGLISH.error_unreadable).await;
        assert_eq!(ids(&page), ["a"]);
    }
}

#[wasm_bindgen_test]
async fn a_list_is_given_up_after_ten_seconds() {
    let network = Network::new();
    let page = Page::listing(&network, &["a"]).await;
    let timers = Timers::new();

    page.press("Refresh list");
    let list = network.expect("GET /tokens").await;
    assert_eq!(timers.seconds(), [10.0]);
    timers.pass().await;
    page.sees(ENGLISH.error_timeout).await;
    assert!(list.is_aborted());
}

#[wasm_bindgen_test]
async fn a_thousand_rows_are_shown() {
    let network = Network::new();
    let page = Page::mount(Host::with_token("token"));
    let many: Vec<String> = (0..1_000)
        .map(|n| row(&format!("t{n}"), "2025-09-23T07:29:44Z"))
        .collect();
    let list = format!(r#"{{"tokens":[{}]}}"#, many.join(","));
    network.expect("GET /tokens").await.answer(200, &list);
    page.sees("1000 of 100 tokens").await;
    wait_until("all rows", || page.find_all("tbody tr").len() == 1_000).await;
}

#[wasm_bindgen_test]
async fn the_token_of_this_session_is_marked() {
    let network = Network::new();
    let page = Page::mount(Host::with_token(&token("own")));
    network
        .expect("GET /tokens")
        .await
        .answer(200, &rows(&["a", "own"]));
    page.sees(ENGLISH.in_use).await;
    let rows = page.find_all("tbody tr");
    let marked: Vec<bool> = rows
        .iter()
        .map(|row| row.text_content().unwrap().contains(ENGLISH.in_use))
        .collect();
    let own = page.button("Delete token own").closest("tr").unwrap();
    assert_eq!(marked.iter().filter(|marked| **marked).count(), 1);
    assert_eq!(
        rows.iter().position(|row| Some(row) == own.as_ref()),
        marked.iter().position(|m| *m)
    );
}
