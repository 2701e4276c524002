use auth_api::{Delivery, Fault, Operation};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::client::{Api, DEMO, FULL, GENERATE, SECURE, TOKENS, basic, bearer, for_contract, kid};

async fn send(control: &Router, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = control.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn faults_are_set_seen_and_cleared() {
    let api = Api::new();
    let control = api.control.router();
    let rule = json!({
        "match": { "operation": "generate", "used_connection": true },
        "fault": { "delivery": "drop" }
    });
    let (status, pending) = send(&control, Method::POST, "/faults", json!([rule, rule])).await;
    assert_eq!(
        (status, pending.as_array().unwrap().len()),
        (StatusCode::OK, 2)
    );
    let expected = Fault::delivery(Delivery::Drop)
        .on(Operation::Generate)
        .used_connection(true);
    assert_eq!(api.control.faults(), [expected.clone(), expected]);
    send(&control, Method::DELETE, "/faults", Value::Null).await;
    let (_, pending) = send(&control, Method::GET, "/faults", Value::Null).await;
    assert_eq!(pending, json!([]));
}

#[tokio::test]
async fn a_fault_that_can_not_be_is_refused_with_a_reason() {
    let api = Api::new();
    let control = api.control.router();
    for (fault, reason) in [
        (json!({ "status": 99 }), "99"),
        (json!({ "status": 100 }), "100"),
        (json!({ "headers": { "a b": "c" } }), "a b"),
        (json!({ "headers": { "a": "\n" } }), "a: not a header"),
        (json!({ "dropp": true }), "dropp"),
        (json!({ "delivery": "dropp" }), "dropp"),
    ] {
        let rule = json!({ "fault": fault });
        let (status, answer) = send(&control, Method::POST, "/faults", rule).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer["error"].as_str().unwrap().contains(reason),
            "{answer}"
        );
    }
    assert!(api.control.faults().is_empty());
}

#[tokio::test]
async fn every_example_of_the_page_is_a_fault() {
    let control = Api::new().control.router();
    let (_, examples) = send(&control, Method::GET, "/examples", Value::Null).await;
    let examples = examples.as_array().unwrap();
    assert!(examples.len() > 30);
    for example in examples {
        let rule = example["rule"].clone();
        let (status, answer) = send(&control, Method::POST, "/faults", rule).await;
        assert_eq!(status, StatusCode::OK, "{}: {answer}", example["name"]);
    }
}

#[tokio::test]
async fn requests_are_noted_without_secrets() {
    let api = Api::new();
    let path = format!("{GENERATE}?ttl=60");
    let request = for_contract(Method::GET, &path, &basic(DEMO), "31884391");
    let token = api.send(request).await.token();
    api.get(TOKENS, &bearer(&token)).await;

    let control = api.control.router();
    let (_, requests) = send(&control, Method::GET, "/requests", Value::Null).await;
    assert_eq!(requests[0]["operation"], "generate");
    assert_eq!(requests[0]["query"], "ttl=60");
    assert_eq!(requests[0]["contract_number"], "31884391");
    assert_eq!(requests[0]["minted"], kid(&token));
    assert_eq!(requests[1]["operation"], "list");
    assert_eq!(requests[1]["minted"], Value::Null);
    let text = requests.to_string();
    assert!(!text.contains(&token) && !text.contains(&basic(DEMO)["Basic ".len()..]));

    send(&control, Method::DELETE, "/requests", Value::Null).await;
    assert!(api.control.requests().is_empty());
}

#[tokio::test]
async fn settings_change_by_name() {
    let api = Api::new();
    let control = api.control.router();
    let change = json!({ "date_suffix": true, "clock_offset_seconds": -60 });
    let (status, settings) = send(&control, Method::POST, "/settings", change).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(settings["token_limit"], 100);
    assert!(api.control.settings().date_suffix);
    assert_eq!(api.control.settings().clock_offset_seconds, -60);
    let unknown = json!({ "date_sufix": true });
    let (status, _) = send(&control, Method::POST, "/settings", unknown).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn tokens_and_sessions_are_handed_out() {
    let api = Api::new();
    let control = api.control.router();
    let post = |path| send(&control, Method::POST, path, Value::Null);
    let (_, session) = post("/session?account=secure@example.com").await;
    let session = bearer(session["token"].as_str().unwrap());
    assert_eq!(api.get(GENERATE, &session).await.status, StatusCode::OK);
    let (_, token) = post("/token?account=secure@example.com&ttl=60").await;
    let id = kid(token["token"].as_str().unwrap());
    assert_eq!(api.control.token_ids(SECURE).unwrap()[1].to_string(), id);
    assert_eq!(
        post("/session?account=nobody@example.com").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        post("/token?account=full@example.com&ttl=60").await.0,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn an_account_can_hold_more_than_it_may() {
    let api = Api::new();
    let bulk = json!({ "account": FULL, "count": 900 });
    let control = api.control.router();
    let (status, _) = send(&control, Method::POST, "/tokens/bulk", bulk).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let path = format!("/tokens?account={FULL}");
    let (_, ids) = send(&control, Method::GET, &path, Value::Null).await;
    assert_eq!(ids.as_array().unwrap().len(), 1000);
    assert_eq!(api.ids(&basic(FULL)).await.len(), 1000);
}

#[tokio::test]
async fn a_token_deleted_elsewhere_is_gone_here() {
    let api = Api::new();
    let token = api.generate(DEMO).await;
    let id = kid(&token).parse().unwrap();
    assert!(api.control.delete_token(DEMO, id).unwrap());
    assert!(!api.control.delete_token(DEMO, id).unwrap());
    assert_eq!(
        api.get(TOKENS, &bearer(&token)).await.status,
        StatusCode::UNAUTHORIZED
    );
}
