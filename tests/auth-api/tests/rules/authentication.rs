use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::client::{
    Api, DEMO, FULL, GENERATE, MULTI, SECURE, TOKENS, assert_error, basic, basic_with, bearer,
    for_contract, kid, segment,
};

const OWN: &str = "31884391";
const OTHER: &str = "31990210";

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let api = Api::new();
    let wrong = api.get(TOKENS, &basic_with(DEMO, "Demo")).await;
    let unknown = api
        .get(TOKENS, &basic_with("nobody@example.com", "demo"))
        .await;
    assert_error(&wrong, 401, "315");
    assert_eq!(wrong.text(), unknown.text());
    let names = |answer: &crate::client::Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&wrong), names(&unknown));
}

#[tokio::test]
async fn no_answer_makes_the_browser_ask_for_a_password() {
    let answer = Api::new().get(TOKENS, "Basic").await;
    assert_error(&answer, 401, "315");
    assert_eq!(answer.header("www-authenticate"), None);
}

#[tokio::test]
async fn what_is_no_credential_is_refused() {
    let api = Api::new();
    for credential in [
        "",
        "Basic",
        "Basic ",
        "Basic !",
        "Basic ZGVtbw==",
        "Basic /////w==",
        "Bearer",
        "Bearer a.b.c",
        "Digest ZGVtb0BleGFtcGxlLmNvbTpkZW1v",
        "demo@example.com:demo",
    ] {
        assert_error(&api.get(TOKENS, credential).await, 401, "315");
    }
    let without = Request::get(TOKENS).body(Body::empty()).unwrap();
    assert_error(&api.send(without).await, 401, "315");
}

#[tokio::test]
async fn scheme_names_are_written_in_any_case() {
    let api = Api::new();
    let token = api.generate(DEMO).await;
    for credential in [
        basic(DEMO).replacen("Basic", "bAsIc", 1),
        bearer(&token).replacen("Bearer", "bearer", 1),
    ] {
        assert_eq!(api.get(TOKENS, &credential).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_password_may_hold_colons_and_is_still_compared_whole() {
    let api = Api::new();
    let answer = api.get(TOKENS, &basic_with(DEMO, "demo:")).await;
    assert_error(&answer, 401, "315");
}

#[tokio::test]
async fn a_password_that_was_right_once_does_not_open_other_accounts() {
    let api = Api::new();
    assert_eq!(api.get(TOKENS, &basic(DEMO)).await.status, StatusCode::OK);
    for (email, password) in [(FULL, "wrong"), (DEMO, "wrong"), (DEMO, "")] {
        let answer = api.get(TOKENS, &basic_with(email, password)).await;
        assert_error(&answer, 401, "315");
    }
}

#[tokio::test]
async fn a_changed_token_is_refused() {
    let api = Api::new();
    let token = api.generate(DEMO).await;
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!("{token}");
    };
    let encode = |text: &str| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    };
    let unsigned = encode(r#"{"typ":"JWT","alg":"none"}"#);
    let longer = encode(&segment(&token, 1).replace(r#""exp":1"#, r#""exp":9"#));
    for changed in [
        format!("{header}.{longer}.{signature}"),
        format!("{unsigned}.{payload}."),
        format!("{unsigned}.{payload}.{signature}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}"),
        format!("{token}."),
        format!("{token}A"),
        token.to_lowercase(),
    ] {
        assert_error(&api.get(TOKENS, &bearer(&changed)).await, 401, "315");
    }
    assert_eq!(api.ids(&bearer(&token)).await, [kid(&token)]);
}

#[tokio::test]
async fn a_token_of_another_database_is_refused_though_its_signature_is_good() {
    // Databases in memory share a key.
    let token = Api::new().generate(DEMO).await;
    let answer = Api::new().get(TOKENS, &bearer(&token)).await;
    assert_error(&answer, 401, "315");
}

#[tokio::test]
async fn an_expired_token_is_refused_and_still_listed() {
    let api = Api::new();
    let token = api.control.token(DEMO, -1).unwrap();
    assert_error(&api.get(TOKENS, &bearer(&token)).await, 401, "315");
    assert_eq!(api.ids(&basic(DEMO)).await, [kid(&token)]);
}

#[tokio::test]
async fn users_with_several_contracts_name_one() {
    let api = Api::new();
    for path in [TOKENS, GENERATE] {
        let without = api.get(path, &basic(MULTI)).await;
        assert_error(&without, 422, "422");
        assert!(without.text().contains("X-Contract-Number"));
    }
    for contract in [OWN, OTHER] {
        let request = for_contract(Method::GET, TOKENS, &basic(MULTI), contract);
        assert_eq!(api.send(request).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_contract_of_others_is_forbidden() {
    let api = Api::new();
    for (email, contract) in [(DEMO, OTHER), (MULTI, "1"), (MULTI, "99999999999999999999")] {
        let request = for_contract(Method::GET, GENERATE, &basic(email), contract);
        assert_error(&api.send(request).await, 403, "403");
    }
    assert!(api.control.token_ids(DEMO).unwrap().is_empty());
}

#[tokio::test]
async fn a_contract_number_is_an_integer() {
    let api = Api::new();
    for contract in ["", "abc", "-31884391", "31884391.0", "31884391, 31990210"] {
        let request = for_contract(Method::GET, TOKENS, &basic(MULTI), contract);
        assert_error(&api.send(request).await, 422, "422");
    }
}

#[tokio::test]
async fn a_token_belongs_to_one_contract() {
    let api = Api::new();
    let generate = for_contract(Method::GET, GENERATE, &basic(MULTI), OWN);
    let token = bearer(&api.send(generate).await.token());
    let own = for_contract(Method::GET, TOKENS, &token, OWN);
    assert_eq!(api.send(own).await.status, StatusCode::OK);
    let other = for_contract(Method::GET, TOKENS, &token, OTHER);
    assert_error(&api.send(other).await, 403, "403");
}

#[tokio::test]
async fn with_2fa_a_password_is_not_enough() {
    let api = Api::new();
    assert_error(&api.get(TOKENS, &basic(SECURE)).await, 401, "501");
    let wrong = api.get(TOKENS, &basic_with(SECURE, "wrong")).await;
    assert_error(&wrong, 401, "315");
}

#[tokio::test]
async fn with_2fa_a_plain_token_lists_but_neither_generates_nor_deletes() {
    let api = Api::new();
    let plain = api.control.token(SECURE, 3600).unwrap();
    let (id, plain) = (kid(&plain), bearer(&plain));
    assert_eq!(api.ids(&plain).await, [&*id]);
    let one = format!("{TOKENS}/{id}");
    assert_eq!(api.get(&one, &plain).await.status, StatusCode::OK);
    assert_error(&api.get(GENERATE, &plain).await, 401, "501");
    assert_error(&api.delete(&one, &plain).await, 401, "501");
    for criteria in ["ALL", "EXPIRED", "CURRENT"] {
        let path = format!("{TOKENS}?criteria={criteria}");
        assert_error(&api.delete(&path, &plain).await, 401, "501");
    }
    assert_eq!(api.ids(&plain).await, [id]);
}

#[tokio::test]
async fn with_2fa_a_secured_session_may_do_everything_but_its_tokens_may_not() {
    let api = Api::new();
    let session = bearer(&api.control.session(SECURE).unwrap());
    assert!(api.ids(&session).await.is_empty());
    let token = api.get(GENERATE, &session).await.token();
    assert_error(&api.get(GENERATE, &bearer(&token)).await, 401, "501");
    let path = format!("{TOKENS}/{}", kid(&token));
    assert_eq!(api.delete(&path, &session).await.status, StatusCode::OK);
    let all = api
        .delete(&format!("{TOKENS}?criteria=ALL"), &session)
        .await;
    assert_eq!(all.status, StatusCode::OK);
    assert_eq!(api.get(TOKENS, &session).await.status, StatusCode::OK);
}
