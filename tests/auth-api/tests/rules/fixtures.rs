//! The bodies that the page's decoders are tested with are the ones that this server sends.

use axum::http::Method;

use crate::client::{
    Api, DEMO, GENERATE, SECURE, TOKENS, basic, bearer, for_contract, kid, segment,
};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../fixtures/api/", $name)).trim_end()
    };
}

#[tokio::test]
async fn errors_are_the_recorded_ones() {
    let api = Api::new();
    let plain = bearer(&api.control.token(SECURE, 60).unwrap());
    let missing = format!("{TOKENS}/bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0");
    let other = for_contract(Method::GET, TOKENS, &basic(DEMO), "1");
    for (answer, recorded) in [
        (api.get(TOKENS, "").await, fixture!("error-315.json")),
        (api.get(GENERATE, &plain).await, fixture!("error-501.json")),
        (api.send(other).await, fixture!("error-403.json")),
        (
            api.get(&missing, &basic(DEMO)).await,
            fixture!("error-404.json"),
        ),
        (
            api.get(&format!("{GENERATE}?ttl=1"), &basic(DEMO)).await,
            fixture!("error-422.json"),
        ),
    ] {
        assert_eq!(answer.text(), recorded);
    }
}

#[tokio::test]
async fn an_empty_list_and_a_delete_are_the_recorded_ones() {
    let api = Api::new();
    let list = api.get(TOKENS, &basic(DEMO)).await;
    assert_eq!(list.text(), fixture!("list-empty.json"));
    let all = format!("{TOKENS}?criteria=ALL");
    let deleted = api.delete(&all, &basic(DEMO)).await;
    assert_eq!(deleted.text(), fixture!("deleted.json"));
}

/// Replaces what differs from token to token: digits in numbers and dates, and IDs.
fn shape(text: &str, ids: &[&str]) -> String {
    let mut shape = text.to_owned();
    for id in ids {
        shape = shape.replace(id, "ID");
    }
    shape
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect()
}

#[tokio::test]
async fn tokens_are_like_the_recorded_ones() {
    const RECORDED: &str = "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0";
    let api = Api::new();
    let token = api.generate(DEMO).await;
    let id = kid(&token);
    let header = shape(&segment(&token, 0), &[&id]);
    assert_eq!(header, shape(fixture!("jwt-header.json"), &[RECORDED]));
    let one = api.get(&format!("{TOKENS}/{id}"), &basic(DEMO)).await;
    let recorded = shape(fixture!("token.json"), &[RECORDED]);
    assert_eq!(shape(one.text(), &[&id]), recorded);

    let list = api.get(TOKENS, &basic(DEMO)).await;
    assert_eq!(
        shape(list.text(), &[&id]),
        format!(r#"{{"tokens":[{recorded}]}}"#)
    );
    assert!(shape(fixture!("list.json"), &[RECORDED]).contains(&recorded));

    let claims: serde_json::Value = serde_json::from_str(&segment(&token, 1)).unwrap();
    let user = claims["identity"]["uuid"].as_str().unwrap();
    assert_eq!(
        shape(&segment(&token, 1), &[user]),
        shape(
            fixture!("jwt-claims.json"),
            &["5f0d6a3e-9b1c-4c57-8d38-0c6f1f3f2a11"]
        )
    );
}
