use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::client::{Api, DEMO, GENERATE, TOKENS, assert_error, basic, kid, request};

#[tokio::test]
async fn an_unknown_path_is_404_with_the_error_body() {
    let api = Api::new();
    for path in [
        "/",
        "/auth/v1",
        "/auth/v1/",
        "/auth/v1/token",
        "/auth/v2/tokens",
        "/auth/v1/tokens/",
        "/auth/v1/tokens/generate/",
        "/auth/v1/tokens/a/b",
        "/tokens",
        "/cloudapi/v6/um/users/329975a0-4c0a-4b2b-a66d-dfb8bc73e605",
    ] {
        let answer = api.get(path, &basic(DEMO)).await;
        assert_error(&answer, 404, "404");
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_and_names_the_right_ones() {
    let api = Api::new();
    let token = format!("{TOKENS}/{}", kid(&api.generate(DEMO).await));
    for (path, method, allow) in [
        (TOKENS, Method::POST, "GET,HEAD,DELETE"),
        (TOKENS, Method::PUT, "GET,HEAD,DELETE"),
        (GENERATE, Method::POST, "GET"),
        (GENERATE, Method::DELETE, "GET"),
        (&token, Method::PATCH, "GET,HEAD,DELETE"),
    ] {
        let answer = api.send(request(method, path, &basic(DEMO))).await;
        assert_error(&answer, 405, "405");
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
}

#[tokio::test]
async fn head_reads_and_never_generates() {
    let api = Api::new();
    let head = |path| request(Method::HEAD, path, &basic(DEMO));
    let list = api.send(head(TOKENS)).await;
    assert_eq!((list.status, list.text()), (StatusCode::OK, ""));
    let generate = api.send(head(GENERATE)).await;
    assert_eq!(generate.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(api.ids(&basic(DEMO)).await.is_empty());
}

#[tokio::test]
async fn no_answer_may_be_stored() {
    let api = Api::new();
    for request in [
        request(Method::GET, TOKENS, &basic(DEMO)),
        request(Method::GET, GENERATE, &basic(DEMO)),
        request(Method::POST, GENERATE, &basic(DEMO)),
        Request::get(TOKENS).body(Body::empty()).unwrap(),
        request(Method::GET, "/auth/v1/nothing", ""),
    ] {
        let answer = api.send(request).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
