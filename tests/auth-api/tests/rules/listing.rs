use std::time::{Duration, Instant};

use auth_api::{Config, Settings};
use axum::http::StatusCode;

use crate::client::{Api, DEMO, FULL, MULTI, TOKENS, assert_error, basic, kid};

#[tokio::test]
async fn an_account_without_tokens_lists_none() {
    let list = Api::new().get(TOKENS, &basic(DEMO)).await;
    assert_eq!(list.status, StatusCode::OK);
    assert_eq!(list.header("content-type"), Some("application/json"));
    assert_eq!(list.text(), r#"{"tokens":[]}"#);
}

#[tokio::test]
async fn a_generated_token_is_listed_and_can_be_asked_for() {
    let api = Api::new();
    let id = kid(&api.generate(DEMO).await);
    let list = api.get(TOKENS, &basic(DEMO)).await.json();
    let one = api.get(&format!("{TOKENS}/{id}"), &basic(DEMO)).await;
    assert_eq!(list["tokens"][0], one.json());
    assert_eq!(one.json()["id"], id);
    assert_eq!(one.json()["href"], format!("/auth/v1/tokens/{id}"));
}

#[tokio::test]
async fn dates_come_with_and_without_the_name_of_their_zone() {
    for date_suffix in [false, true] {
        let api = Api::with(Config {
            settings: Settings {
                date_suffix,
                ..Settings::default()
            },
            ..Config::default()
        });
        api.generate(DEMO).await;
        let list = api.get(TOKENS, &basic(DEMO)).await.json();
        let form = if date_suffix {
            "0000-00-00T00:00:00Z[UTC]"
        } else {
            "0000-00-00T00:00:00Z"
        };
        for name in ["createdDate", "expirationDate"] {
            let date = list["tokens"][0][name].as_str().unwrap();
            let shape: String = date
                .chars()
                .map(|c| if c.is_ascii_digit() { '0' } else { c })
                .collect();
            assert_eq!(shape, form);
        }
    }
}

#[tokio::test]
async fn the_full_account_holds_a_hundred_tokens_of_all_kinds() {
    let api = Api::new();
    let now = chrono::DateTime::from_timestamp(
        std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64,
        0,
    )
    .unwrap();
    let now = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let list = api.get(TOKENS, &basic(FULL)).await.json();
    let tokens = list["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 100);
    // Dates in this form sort as text.
    let date = |token: &serde_json::Value, name: &str| token[name].as_str().unwrap().to_owned();
    assert!(tokens.iter().all(|t| date(t, "createdDate") < now));
    assert!(
        tokens
            .iter()
            .all(|t| date(t, "createdDate") < date(t, "expirationDate"))
    );
    let expired = tokens.iter().filter(|t| date(t, "expirationDate") < now);
    assert_eq!(expired.count(), 10);
}

#[tokio::test]
async fn another_users_token_is_not_there() {
    let api = Api::new();
    let id = kid(&api.generate(DEMO).await);
    let path = format!("{TOKENS}/{id}");
    assert_error(&api.get(&path, &basic(FULL)).await, 404, "404");
    assert_error(&api.delete(&path, &basic(FULL)).await, 404, "404");
    assert_eq!(api.ids(&basic(DEMO)).await, [id]);
}

#[tokio::test]
async fn what_is_no_id_is_not_there() {
    let api = Api::new();
    let id = kid(&api.generate(DEMO).await);
    for path in [
        format!("{TOKENS}/1"),
        format!("{TOKENS}/{}", id.replace('-', "")),
        format!("{TOKENS}/%7B{id}%7D"),
        format!("{TOKENS}/%00"),
        format!("{TOKENS}/%ff"),
    ] {
        assert_error(&api.get(&path, &basic(DEMO)).await, 404, "404");
        assert_error(&api.delete(&path, &basic(DEMO)).await, 404, "404");
    }
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let api = Api::new();
    let list = api.get(&format!("{TOKENS}?depth=3"), &basic(DEMO)).await;
    assert_eq!(list.status, StatusCode::OK);
}

#[tokio::test]
async fn ten_thousand_tokens_are_listed() {
    let api = Api::new();
    api.control.add_tokens(DEMO, 10_000).unwrap();
    let start = Instant::now();
    assert_eq!(api.ids(&basic(DEMO)).await.len(), 10_000);
    // Far above what it takes; it holds against work that grows with the square.
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn tokens_of_one_contract_are_not_listed_for_another() {
    use crate::client::{GENERATE, for_contract};
    use axum::http::Method;
    let api = Api::new();
    let get = |path, contract| for_contract(Method::GET, path, &basic(MULTI), contract);
    api.send(get(GENERATE, "31884391")).await.token();
    let own = api.send(get(TOKENS, "31884391")).await.json();
    let other = api.send(get(TOKENS, "31990210")).await.json();
    assert_eq!(own["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(other["tokens"].as_array().unwrap().len(), 0);
}
