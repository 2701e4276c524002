use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::client::{Answer, Api, DEMO, GENERATE, TOKENS, basic};

async fn preflight(api: &Api, origin: &str) -> Answer {
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri(GENERATE)
        .header("origin", origin)
        .header("access-control-request-method", "GET")
        .header(
            "access-control-request-headers",
            "authorization,x-contract-number",
        );
    api.send(request.body(Body::empty()).unwrap()).await
}

async fn from(api: &Api, origin: &str, credential: &str) -> Answer {
    let request = Request::get(TOKENS)
        .header("origin", origin)
        .header("authorization", credential);
    api.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_page_on_this_machine_may_send_credentials_and_the_contract() {
    let api = Api::new();
    for origin in ["http://localhost:8080", "http://127.0.0.1:1"] {
        let answer = preflight(&api, origin).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        let headers = answer.header("access-control-allow-headers").unwrap();
        assert!(headers.contains("authorization") && headers.contains("x-contract-number"));
        let methods = answer.header("access-control-allow-methods").unwrap();
        assert!(methods.contains("GET") && methods.contains("DELETE"));
        assert!(answer.header("vary").unwrap().contains("origin"));
    }
    assert!(api.ids(&basic(DEMO)).await.is_empty());
}

#[tokio::test]
async fn other_origins_are_not_allowed() {
    let api = Api::new();
    for origin in [
        "https://example.com",
        "http://localhost.example.com",
        "http://localhost:8080.example.com",
        "http://127.0.0.1:80@example.com",
        "https://localhost:8080",
        "null",
    ] {
        for answer in [
            preflight(&api, origin).await,
            from(&api, origin, &basic(DEMO)).await,
        ] {
            assert_eq!(
                answer.header("access-control-allow-origin"),
                None,
                "{origin}"
            );
        }
    }
}

#[tokio::test]
async fn allowed_origins_can_be_changed() {
    let api = Api::new();
    api.control.change_settings(|settings| {
        settings.allowed_origins = vec!["https://dcd.example.com".to_owned()];
    });
    let answer = preflight(&api, "https://dcd.example.com").await;
    let allowed = answer.header("access-control-allow-origin");
    assert_eq!(allowed, Some("https://dcd.example.com"));
    let answer = preflight(&api, "http://localhost:8080").await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn errors_can_be_read_from_other_origins_too() {
    let api = Api::new();
    let answer = from(&api, "http://localhost:8080", "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let allowed = answer.header("access-control-allow-origin");
    assert_eq!(allowed, Some("http://localhost:8080"));
    let exposed = answer.header("access-control-expose-headers");
    assert_eq!(exposed, Some("retry-after"));
}
