use std::collections::HashSet;

use auth_api::Settings;
use axum::http::{Method, StatusCode};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::client::{
    Api, DEMO, FULL, GENERATE, TOKENS, assert_error, basic, bearer, kid, request, segment,
};

fn claims(token: &str) -> Value {
    serde_json::from_str(&segment(token, 1)).unwrap()
}

/// The seconds from a token's beginning to its end.
fn lifetime(token: &str) -> i64 {
    let claims = claims(token);
    claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
}

#[tokio::test]
async fn the_answer_is_the_token_and_nothing_else() {
    let answer = Api::new().get(GENERATE, &basic(DEMO)).await;
    let token = answer.token();
    assert_eq!(answer.text(), format!(r#"{{"token":"{token}"}}"#));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    for absent in ["etag", "set-cookie", "last-modified"] {
        assert_eq!(answer.header(absent), None);
    }
}

#[tokio::test]
async fn the_header_can_be_decoded_as_padded_base64() {
    let token = Api::new().generate(DEMO).await;
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    let id = kid(&token);
    let header = format!(r#"{{"typ":"JWT","kid":"{id}","alg":"RS256"}}"#);
    assert_eq!(segment(&token, 0), header);
    assert_eq!(header.len() % 3, 0);
    assert!(!parts[0].contains(['-', '_', '=']));
}

#[tokio::test]
async fn the_claims_say_whose_token_it_is_and_for_how_long() {
    let token = Api::new().generate(DEMO).await;
    let claims = claims(&token);
    assert_eq!(lifetime(&token), 31_536_000);
    assert_eq!(claims["iss"], "ionoscloud");
    let identity = &claims["identity"];
    assert_eq!(identity["contractNumber"], 31_884_391);
    assert!(identity["uuid"].is_string() && identity["role"].is_string());
    assert!(identity["privileges"][0].is_string());
}

#[tokio::test]
async fn the_token_expires_after_the_given_time() {
    let api = Api::new();
    for ttl in [60, 3600, 31_536_000] {
        let path = format!("{GENERATE}?ttl={ttl}");
        let token = api.get(&path, &basic(DEMO)).await.token();
        assert_eq!(lifetime(&token), ttl);
    }
}

#[tokio::test]
async fn a_year_can_be_served_as_the_real_api_has_done() {
    let api = Api::new();
    api.control
        .change_settings(|settings| settings.long_year = true);
    let token = api.generate(DEMO).await;
    assert_eq!(lifetime(&token), 31_557_600);
}

#[tokio::test]
async fn a_bad_lifetime_is_refused_and_never_clamped() {
    let api = Api::new();
    for ttl in [
        "59",
        "0",
        "-60",
        "31536001",
        "99999999999999999999",
        "3600.0",
        "1e3",
        "%2B3600",
        "+3600",
        "0x60",
        "",
        "hour",
        "3600&ttl=3600",
    ] {
        let answer = api
            .get(&format!("{GENERATE}?ttl={ttl}"), &basic(DEMO))
            .await;
        assert_error(&answer, 422, "422");
    }
    assert!(api.ids(&basic(DEMO)).await.is_empty());
}

#[tokio::test]
async fn only_get_generates() {
    let api = Api::new();
    for method in [
        Method::HEAD,
        Method::OPTIONS,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ] {
        api.send(request(method, GENERATE, &basic(DEMO))).await;
    }
    assert!(api.ids(&basic(DEMO)).await.is_empty());
    assert!(api.control.requests().iter().all(|r| r.minted.is_none()));
}

#[tokio::test]
async fn the_hundred_and_first_token_is_refused() {
    let api = Api::new();
    let answer = api.get(GENERATE, &basic(FULL)).await;
    assert_error(&answer, 422, "422");
    assert!(answer.text().contains("maximum number of 100 tokens"));
    let id = &api.ids(&basic(FULL)).await[50];
    api.delete(&format!("{TOKENS}/{id}"), &basic(FULL)).await;
    api.generate(FULL).await;
    assert_eq!(api.control.token_ids(FULL).unwrap().len(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_only_one_gets_the_last_place() {
    let api = Api::new();
    api.control.add_tokens(DEMO, 99).unwrap();
    let mut requests = JoinSet::new();
    for _ in 0..50 {
        let router = api.router.clone();
        requests.spawn(async move {
            let request = request(Method::GET, GENERATE, &basic(DEMO));
            let response = tower::ServiceExt::oneshot(router, request).await;
            response.unwrap().status()
        });
    }
    let statuses = requests.join_all().await;
    let made = statuses.iter().filter(|s| **s == StatusCode::OK).count();
    let refused = statuses.iter().filter(|s| s.as_u16() == 422).count();
    assert_eq!((made, refused), (1, 49));
    assert_eq!(api.control.token_ids(DEMO).unwrap().len(), 100);
}

#[tokio::test]
async fn every_token_is_another() {
    let api = Api::new();
    let mut seen = HashSet::new();
    for _ in 0..20 {
        assert!(seen.insert(api.generate(DEMO).await));
    }
    let ids: HashSet<String> = seen.iter().map(|token| kid(token)).collect();
    assert_eq!(ids, HashSet::from_iter(api.ids(&basic(DEMO)).await));
}

#[tokio::test]
async fn a_token_generates_another() {
    let api = Api::new();
    let first = api.generate(DEMO).await;
    let second = api.get(GENERATE, &bearer(&first)).await.token();
    assert_eq!(api.ids(&bearer(&second)).await, [kid(&first), kid(&second)]);
}

#[tokio::test]
async fn a_wrong_clock_of_the_server_is_in_the_dates_it_gives() {
    const YEAR: i64 = 365 * 24 * 60 * 60;
    let api = Api::new();
    let right = claims(&api.generate(DEMO).await)["iat"].as_i64().unwrap();
    api.control
        .change_settings(|settings: &mut Settings| settings.clock_offset_seconds = 10 * YEAR);
    let answer = api.get(GENERATE, &basic(DEMO)).await;
    let wrong = claims(&answer.token())["iat"].as_i64().unwrap();
    assert!((wrong - right - 10 * YEAR).abs() < 60);
    let date = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
    assert!(date.duration_since(std::time::SystemTime::now()).is_ok());
}
