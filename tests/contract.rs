//! What the API answers, byte for byte, and what the page makes of it.
//!
//! `fixtures/api` is shared with the tests of the local Auth API, which shares no types with the
//! page. `fixtures/odd` is what no API should answer and some gateway one day will.

#![cfg(not(target_arch = "wasm32"))]

use token_manager::api::wire::{
    DecodeError, ErrorBody, ErrorMessage, decode_error, decode_list, decode_success, decode_token,
};
use token_manager::domain::{Claims, Timestamp, Token, TokenHeader, parse_date};

fn token(id: &str, created: &str, expires: &str) -> Token {
    Token {
        id: id.into(),
        created: parse_date(created),
        expires: parse_date(expires),
    }
}

fn first_token() -> Token {
    token(
        "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0",
        "2025-09-23T07:29:44Z",
        "2026-09-23T13:29:44Z",
    )
}

#[test]
fn a_list_is_read_with_its_dates() {
    let tokens = decode_list(include_bytes!("fixtures/api/list.json")).unwrap();
    let expected = [
        first_token(),
        token(
            "0f6f0f7e-3c1b-4c0a-8a4e-52d2ab9a7d11",
            "2025-09-30T12:00:00Z",
            "2025-10-30T12:00:00Z",
        ),
        token(
            "9c1d9f0a-77c4-4d0e-b6cf-0d8f7a4c2e93",
            "2025-10-26T00:30:00Z",
            "2025-10-26T01:30:00Z",
        ),
    ];
    assert_eq!(tokens, expected);
    assert!(tokens.iter().all(|token| token.id.is_uuid()));
    assert_eq!(tokens[0].created, Timestamp::from_timestamp(1_758_612_584));
}

#[test]
fn dates_with_the_name_of_their_zone_are_the_same_dates() {
    assert_eq!(
        decode_list(include_bytes!("fixtures/api/list-zone-names.json")),
        decode_list(include_bytes!("fixtures/api/list.json"))
    );
}

#[test]
fn a_list_may_be_empty() {
    assert_eq!(
        decode_list(include_bytes!("fixtures/api/list-empty.json")),
        Ok(vec![])
    );
}

#[test]
fn one_token_is_read_like_a_row() {
    assert_eq!(
        decode_token(include_bytes!("fixtures/api/token.json")),
        Some(first_token())
    );
}

#[test]
fn a_deletion_says_that_it_succeeded() {
    assert!(decode_success(include_bytes!("fixtures/api/deleted.json")));
}

#[test]
fn every_error_tells_its_status_its_code_and_its_words() {
    for (bytes, status, code, words) in [
        (
            &include_bytes!("fixtures/api/error-315.json")[..],
            401,
            "315",
            "Unauthorized",
        ),
        (
            include_bytes!("fixtures/api/error-501.json"),
            401,
            "501",
            "Endpoint requires a higher level of authentication.",
        ),
        (
            include_bytes!("fixtures/api/error-403.json"),
            403,
            "403",
            "The contract does not belong to the user.",
        ),
        (
            include_bytes!("fixtures/api/error-404.json"),
            404,
            "404",
            "The token does not exist.",
        ),
        (
            include_bytes!("fixtures/api/error-422.json"),
            422,
            "422",
            "The parameter ttl must be an integer from 60 to 31536000.",
        ),
        (
            include_bytes!("fixtures/api/error-500.json"),
            500,
            "500",
            "Internal Server Error",
        ),
        (
            include_bytes!("fixtures/api/error-503.json"),
            503,
            "503",
            "Service Unavailable",
        ),
    ] {
        let error = decode_error(bytes);
        assert_eq!(error.http_status, Some(status));
        assert!(error.has_code(code), "{error:?}");
        assert_eq!(error.text(), Some(words));
        // An error is never taken for something else.
        assert!(!decode_success(bytes));
        assert_eq!(decode_token(bytes), None);
    }
}

#[test]
fn a_token_names_its_id() {
    let header = TokenHeader::decode(include_str!("fixtures/api/jwt-header.json")).unwrap();
    assert_eq!(header.kid, Some(first_token().id));
}

#[test]
fn a_token_says_whose_it_is() {
    let claims = Claims::decode(include_str!("fixtures/api/jwt-claims.json")).unwrap();
    assert_eq!(
        claims,
        Claims {
            issued: Timestamp::from_timestamp(1_758_612_584),
            expires: first_token().expires,
            contract: Some(31_884_391),
            user: Some("5f0d6a3e-9b1c-4c57-8d38-0c6f1f3f2a11".into()),
            role: Some("owner".into()),
            privileges: [
                "DATA_CENTER_CREATE",
                "SNAPSHOT_CREATE",
                "IP_BLOCK_RESERVE",
                "MANAGE_DATAPLATFORM",
                "ACCESS_ACTIVITY_LOG",
                "PCC_CREATE",
            ]
            .map(String::from)
            .to_vec(),
            domain: Some("ionos.de".into()),
            reseller: Some(1),
            is_parent: Some(false),
        }
    );
}

#[test]
fn claims_in_another_order_and_among_others_say_the_same() {
    assert_eq!(
        Claims::decode(include_str!("fixtures/odd/claims-reordered.json")),
        Claims::decode(include_str!("fixtures/api/jwt-claims.json"))
    );
}

#[test]
fn of_claims_with_wrong_types_the_right_ones_are_left() {
    assert_eq!(
        Claims::decode(include_str!("fixtures/odd/claims-wrong-types.json")),
        Some(Claims {
            privileges: vec!["DATA_CENTER_CREATE".into(), "PCC_CREATE".into()],
            ..Claims::default()
        })
    );
}

#[test]
fn a_gateways_page_is_no_list_and_no_more_than_an_error() {
    let page = include_bytes!("fixtures/odd/gateway.html");
    assert_eq!(decode_list(page), Err(DecodeError::NotJson));
    assert_eq!(decode_error(page), ErrorBody::default());
    assert!(!decode_success(page));
}

#[test]
fn an_error_body_is_no_list_of_tokens_to_compare_with() {
    assert_eq!(
        decode_list(br#"{"tokens":{"httpStatus":500,"messages":[]}}"#),
        Err(DecodeError::NotAList)
    );
}

#[test]
fn hostile_rows_are_shown_as_text_and_hide_no_others() {
    let tokens = decode_list(include_bytes!("fixtures/odd/rows.json")).unwrap();
    let expected = [
        token(
            "<img src=x onerror=alert(1)>",
            "2025-09-23T07:29:44Z",
            "2026-09-23T07:29:44Z",
        ),
        token("\u{202e}abc\u{202c}", "", ""),
        token("half-\u{fffd}-pair😀", "", ""),
        token(
            "no-zone",
            "2025-09-23T07:29:44.123456789Z",
            "2025-09-23T07:29:00Z",
        ),
        token("offsets", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"),
        token("wrong-types", "", ""),
        token("9999", "9999-12-31T23:59:59Z", ""),
        first_token(),
    ];
    assert_eq!(tokens, expected);
}

#[test]
fn errors_of_odd_types_keep_what_is_legible() {
    let error = decode_error(include_bytes!("fixtures/odd/errors-odd-types.json"));
    let message = |code: Option<&str>, message: Option<&str>| ErrorMessage {
        code: code.map(String::from),
        message: message.map(String::from),
    };
    assert_eq!(
        error,
        ErrorBody {
            http_status: None,
            messages: vec![
                message(Some("422"), None),
                message(None, None),
                message(Some("VDC-5-100"), Some("Quota <b>exceeded</b>")),
            ],
        }
    );
    assert_eq!(error.text(), Some("Quota <b>exceeded</b>"));
}

#[test]
fn ten_thousand_rows_are_read() {
    let row = |n| format!(r#"{{"id":"{n}","createdDate":"2025-09-23T07:29:44Z[UTC]"}}"#);
    let rows: Vec<String> = (0..10_000).map(row).collect();
    let json = format!(r#"{{"tokens":[{}]}}"#, rows.join(","));
    let tokens = decode_list(json.as_bytes()).unwrap();
    assert_eq!(tokens.len(), 10_000);
    assert!(
        tokens
            .iter()
            .all(|token| token.created == first_token().created)
    );
}
