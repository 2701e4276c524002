use axum::http::{Method, StatusCode};
use tokio::task::JoinSet;

use crate::client::{
    Api, DEMO, FULL, MULTI, TOKENS, assert_error, basic, bearer, for_contract, kid, request,
};

const DELETED: &str = r#"{"success":true}"#;

#[tokio::test]
async fn a_deleted_token_is_refused_at_once() {
    let api = Api::new();
    let token = api.generate(DEMO).await;
    assert_eq!(api.ids(&bearer(&token)).await.len(), 1);
    let path = format!("{TOKENS}/{}", kid(&token));
    let answer = api.delete(&path, &basic(DEMO)).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, DELETED));
    assert_error(&api.get(TOKENS, &bearer(&token)).await, 401, "315");
    assert_error(&api.delete(&path, &basic(DEMO)).await, 404, "404");
    assert!(api.ids(&basic(DEMO)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_deletes_of_one_token_only_one_finds_it() {
    let api = Api::new();
    let id = kid(&api.generate(DEMO).await);
    let mut requests = JoinSet::new();
    for _ in 0..50 {
        let (router, path) = (api.router.clone(), format!("{TOKENS}/{id}"));
        requests.spawn(async move {
            let request = request(Method::DELETE, &path, &basic(DEMO));
            let response = tower::ServiceExt::oneshot(router, request).await;
            response.unwrap().status()
        });
    }
    let statuses = requests.join_all().await;
    let found = statuses.iter().filter(|s| **s == StatusCode::OK).count();
    let missed = statuses.iter().filter(|s| s.as_u16() == 404).count();
    assert_eq!((found, missed), (1, 49));
}

#[tokio::test]
async fn expired_tokens_are_deleted_and_no_others() {
    let api = Api::new();
    let before = api.control.token_ids(FULL).unwrap().len();
    let expired = format!("{TOKENS}?criteria=EXPIRED");
    let answer = api.delete(&expired, &basic(FULL)).await;
    assert_eq!(answer.text(), DELETED);
    let left = api.control.token_ids(FULL).unwrap().len();
    assert_eq!((before, left), (100, 90));
}

#[tokio::test]
async fn the_servers_clock_says_what_has_expired() {
    let api = Api::new();
    api.generate(DEMO).await;
    let expired = format!("{TOKENS}?criteria=EXPIRED");
    api.delete(&expired, &basic(DEMO)).await;
    assert_eq!(api.control.token_ids(DEMO).unwrap().len(), 1);
    api.control
        .change_settings(|settings| settings.clock_offset_seconds = 366 * 24 * 60 * 60);
    api.delete(&expired, &basic(DEMO)).await;
    assert!(api.control.token_ids(DEMO).unwrap().is_empty());
}

#[tokio::test]
async fn all_tokens_of_a_contract_are_deleted_and_no_others() {
    let api = Api::new();
    let send =
        |method, path, contract| api.send(for_contract(method, path, &basic(MULTI), contract));
    for contract in ["31884391", "31990210"] {
        send(Method::GET, crate::client::GENERATE, contract)
            .await
            .token();
    }
    let all = format!("{TOKENS}?criteria=ALL");
    assert_eq!(send(Method::DELETE, &all, "31884391").await.text(), DELETED);
    let left = send(Method::GET, TOKENS, "31990210").await.json();
    assert_eq!(left["tokens"].as_array().unwrap().len(), 1);
    let none = send(Method::GET, TOKENS, "31884391").await.json();
    assert_eq!(none["tokens"].as_array().unwrap().len(), 0);
    assert_eq!(api.control.token_ids(FULL).unwrap().len(), 100);
}

#[tokio::test]
async fn the_current_token_is_the_one_that_was_presented() {
    let api = Api::new();
    let other = api.generate(DEMO).await;
    let current = api.generate(DEMO).await;
    let criteria = format!("{TOKENS}?criteria=CURRENT");
    assert_error(&api.delete(&criteria, &basic(DEMO)).await, 422, "422");
    assert_eq!(
        api.delete(&criteria, &bearer(&current)).await.text(),
        DELETED
    );
    assert_error(&api.get(TOKENS, &bearer(&current)).await, 401, "315");
    assert_eq!(api.ids(&basic(DEMO)).await, [kid(&other)]);
}

#[tokio::test]
async fn unknown_criteria_delete_nothing() {
    let api = Api::new();
    for query in [
        "",
        "?criteria=",
        "?criteria=all",
        "?criteria=EVERYTHING",
        "?criteria=ALL&criteria=ALL",
        "?Criteria=ALL",
        "?criteria=ALL%20",
    ] {
        let answer = api.delete(&format!("{TOKENS}{query}"), &basic(FULL)).await;
        assert_error(&answer, 422, "422");
    }
    assert_eq!(api.control.token_ids(FULL).unwrap().len(), 100);
}
