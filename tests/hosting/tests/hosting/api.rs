//! The Auth API behind the server.

use std::time::Duration;

use auth_api::{Content, Delivery, Fault, Operation};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hosting::Software;
use reqwest::header::{CACHE_CONTROL, COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Response, StatusCode};
use rstest::rstest;
use serde_json::Value;

use crate::support::{EMAIL, PASSWORD, Setup, Upstream};

#[rstest]
#[tokio::test]
async fn tokens_are_generated_listed_and_deleted_on_the_pages_own_origin(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
    #[values("/", "/latest/")] base: &str,
) {
    let setup = Setup::below(software, base).await;
    let request = setup.api("GET", "/tokens/generate?ttl=3600");
    let request = request.header("X-Contract-Number", "31884391");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let token: Value = answer.json().await.unwrap();
    let token = token["token"].as_str().unwrap();

    let [id] = setup.control.token_ids(EMAIL).unwrap()[..] else {
        panic!("not one token");
    };
    let received = &setup.control.requests()[0];
    assert_eq!(received.query.as_deref(), Some("ttl=3600"));
    assert_eq!(received.contract_number.as_deref(), Some("31884391"));

    let url = format!("{}/auth/v1/tokens", setup.server.origin);
    let list = setup.client().get(&url).bearer_auth(token).send().await;
    let list: Value = list.unwrap().json().await.unwrap();
    assert_eq!(list["tokens"][0]["id"], id.to_string());

    let deleted = setup.api("DELETE", &format!("/tokens/{id}")).send().await;
    assert_eq!(deleted.unwrap().status(), StatusCode::OK);
    assert!(setup.control.token_ids(EMAIL).unwrap().is_empty());
    let again = setup.client().get(&url).bearer_auth(token).send().await;
    assert_eq!(again.unwrap().status(), StatusCode::UNAUTHORIZED);
}

/// An answer as the client sees it: its status, if it came as a whole.
async fn seen(answer: reqwest::Result<Response>) -> Option<StatusCode> {
    let answer = answer.ok()?;
    let status = answer.status();
    answer.bytes().await.ok().map(|_| status)
}

#[rstest]
#[tokio::test]
async fn one_generate_is_one_request_whatever_happens_to_its_answer(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let setup = Setup::new(software).await;
    let made = Fault::default;
    for fault in [
        made().delivered(Delivery::Drop),
        made().delivered(Delivery::Reset),
        made().delivered(Delivery::Half),
        Fault::status(408).after_work(),
        Fault::status(421).after_work(),
        Fault::status(429),
        Fault::status(500).after_work(),
        Fault::status(502).after_work(),
        Fault::status(503).after_work().header("retry-after", "0"),
        Fault::status(504).after_work(),
    ] {
        // A server that keeps connections has one by now.
        let list = setup.api("GET", "/tokens").send().await.unwrap();
        assert_eq!(list.status(), StatusCode::OK);
        setup.control.forget_requests();
        let rule = fault.clone().on(Operation::Generate);
        setup.control.add_faults([rule]).unwrap();

        let answer = setup.api("GET", "/tokens/generate").send().await;
        let seen = seen(answer).await;
        assert!(!seen.is_some_and(|status| status.is_success()), "{fault:?}");
        if let Some(status) = fault.status {
            assert_eq!(seen.map(|seen| seen.as_u16()), Some(status), "{fault:?}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(setup.generated(), 1, "{fault:?}");
        setup.control.clear_faults();
    }
}

// Caddy before 2.7 ends such an answer properly. The page takes no half JSON for a list or a token.
#[tokio::test]
async fn an_answer_that_breaks_off_does_not_look_complete_behind_nginx() {
    let setup = Setup::new(Software::Nginx).await;
    // Nothing tells its length, and where the connection ends it could have ended, too.
    let endless = Fault::delivery(Delivery::Endless).on(Operation::List);
    setup.control.add_faults([endless]).unwrap();
    let answer = setup.api("GET", "/tokens").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    setup.end_api();
    assert!(answer.bytes().await.is_err());
}

#[rstest]
#[tokio::test]
async fn nothing_that_the_api_answers_is_kept(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let setup = Setup::new(software).await;
    let cached = Fault::default().header("cache-control", "public, max-age=600");
    let cached = cached.header("set-cookie", "a=b");
    let rule = cached.clone().on(Operation::Generate).always();
    setup.control.add_faults([rule]).unwrap();
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let answer = setup.api("GET", "/tokens/generate").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let caching: Vec<_> = answer.headers().get_all(CACHE_CONTROL).iter().collect();
        assert_eq!(caching, ["no-store"]);
        assert!(!answer.headers().contains_key(SET_COOKIE));
        tokens.push(answer.text().await.unwrap());
    }
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(setup.generated(), 2);
}

#[rstest]
#[tokio::test]
async fn no_token_and_no_credential_is_written_anywhere(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    const MARKER: &str = "marked-for-the-search";
    let setup = Setup::new(software).await;
    let answer = setup.api("GET", "/tokens/generate").send().await.unwrap();
    let token: Value = answer.json().await.unwrap();
    let token = token["token"].as_str().unwrap().to_owned();
    let url = format!("{}/auth/v1/tokens", setup.server.origin);
    let list = || setup.client().get(&url).bearer_auth(&token).send();
    assert_eq!(list().await.unwrap().status(), StatusCode::OK);
    // Errors are what servers like to write about.
    let lost = Fault::delivery(Delivery::Drop).on(Operation::List);
    setup.control.add_faults([lost]).unwrap();
    assert_eq!(list().await.unwrap().status(), StatusCode::BAD_GATEWAY);
    // An answer that nobody takes must wait in memory or where it comes from.
    let large = Content::Text(MARKER.repeat(500_000));
    let large = Fault::body(large).on(Operation::Generate);
    setup.control.add_faults([large]).unwrap();
    let waiting = setup.api("GET", "/tokens/generate").send().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;

    let written = setup.server.written().unwrap();
    assert!(written.contains("/auth/v1/tokens"), "there is a log");
    let credential = STANDARD.encode(format!("{EMAIL}:{PASSWORD}"));
    let signature = token.rsplit('.').next().unwrap();
    for secret in [&token, signature, &credential, MARKER] {
        assert!(!written.contains(secret), "{secret}");
    }
    drop(waiting);
}

#[rstest]
#[tokio::test]
async fn pages_of_other_sites_cannot_have_tokens_made(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let setup = Setup::new(software).await;
    for site in ["cross-site", "same-site", "none"] {
        let request = setup.api("GET", "/tokens/generate");
        let answer = request.header("Sec-Fetch-Site", site).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{site}");
    }
    assert_eq!(setup.control.requests(), []);
    let request = setup.api("GET", "/tokens/generate");
    let answer = request.header("Sec-Fetch-Site", "same-origin").send().await;
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
}

#[rstest]
#[tokio::test]
async fn the_api_learns_neither_the_pages_origin_nor_its_cookies(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let setup = Setup::new(software).await;
    let request = setup.api("GET", "/tokens");
    let request = request.header(ORIGIN, "https://tokens.example");
    let answer = request.header(COOKIE, "a=b").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let received = &setup.control.requests()[0];
    assert_eq!(received.origin, None);
    assert!(!received.headers.contains(&"cookie".to_owned()));
    assert!(received.headers.contains(&"authorization".to_owned()));
}

#[rstest]
#[tokio::test]
async fn an_api_is_spoken_to_only_if_its_certificate_is_known(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let known = Setup::with(software, "/", Upstream::Known).await;
    let answer = known.api("GET", "/tokens").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let unknown = Setup::with(software, "/", Upstream::Unknown).await;
    let answer = unknown.api("GET", "/tokens").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(unknown.control.requests(), []);
}
