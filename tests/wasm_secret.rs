//! Secrets and the headers made of them, as JavaScript's strings.
#![cfg(target_arch = "wasm32")]

use js_sys::{JsString, Object, Reflect, Uint8Array};
use token_manager::secret::{Authorization, Secret};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Headers;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn secret(text: &str) -> Secret {
    Secret::new(&text.into()).expect("a secret")
}

fn text_of(secret: Option<&Secret>) -> Option<String> {
    secret.and_then(|secret| secret.as_js().as_string())
}

/// What would go to the API as `Authorization`.
fn sent(authorization: &Authorization) -> Option<String> {
    let headers = Headers::new().unwrap();
    let set = authorization.set_on(&headers);
    let value = headers.get("Authorization").unwrap();
    assert_eq!(set, value.is_some());
    value
}

fn bytes(text: &str) -> Uint8Array {
    text.as_bytes().into()
}

fn base64url(text: &str) -> String {
    let base64 = web_sys::window().unwrap().btoa(text).unwrap();
    base64.replace('+', "-").replace('/', "_").replace('=', "")
}

#[wasm_bindgen_test]
fn white_space_around_a_secret_is_no_part_of_it() {
    for typed in ["abc", " abc", "abc\r\n", "\t\u{a0}abc\u{feff} "] {
        assert_eq!(
            text_of(Secret::new(&typed.into()).as_ref()).as_deref(),
            Some("abc")
        );
    }
    assert_eq!(text_of(Some(&secret(" a b "))).as_deref(), Some("a b"));
}

#[wasm_bindgen_test]
fn nothing_and_white_space_are_no_secret() {
    for typed in ["", " ", "\n", "\t \r\n", "\u{a0}\u{2003}\u{feff}"] {
        assert!(Secret::new(&typed.into()).is_none(), "{typed:?}");
    }
}

#[wasm_bindgen_test]
fn what_is_no_string_is_no_secret() {
    let string_object = JsString::from("abc").unchecked_ref::<Object>().value_of();
    assert!(string_object.is_string());
    for value in [
        JsValue::UNDEFINED,
        JsValue::NULL,
        JsValue::TRUE,
        JsValue::from(7),
        Object::new().into(),
        js_sys::Array::of1(&"abc".into()).into(),
        js_sys::Symbol::iterator().into(),
    ] {
        assert!(Secret::new(&value).is_none(), "{value:?}");
        let object = Object::new();
        Reflect::set(&object, &"token".into(), &value).unwrap();
        assert!(Secret::field(&object, "token").is_none(), "{value:?}");
        assert!(Secret::field(&value, "token").is_none(), "{value:?}");
    }
}

#[wasm_bindgen_test]
fn a_field_is_taken_as_it_is() {
    let object = Object::new();
    Reflect::set(&object, &"password".into(), &" pass word ".into()).unwrap();
    let password = Secret::field(&object, "password");
    assert_eq!(text_of(password.as_ref()).as_deref(), Some(" pass word "));
    assert!(Secret::field(&object, "token").is_none());
}

#[wasm_bindgen_test]
fn a_field_that_throws_is_no_secret() {
    let object = Object::new();
    let fails =
        wasm_bindgen::prelude::Closure::<dyn FnMut() -> Result<JsValue, JsValue>>::new(|| {
            Err("no".into())
        });
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"get".into(), &fails.into_js_value()).unwrap();
    Reflect::define_property(&object, &"token".into(), &descriptor).unwrap();
    assert!(Secret::field(&object, "token").is_none());
}

#[wasm_bindgen_test]
fn the_token_of_an_answer_is_found_and_its_bytes_are_wiped() {
    let answer = bytes(r#"{"other":[1,{"token":"inner"}],"token":"abc.def.ghi"}"#);
    let token = Secret::in_answer(&answer);
    assert_eq!(text_of(token.as_ref()).as_deref(), Some("abc.def.ghi"));
    assert!(answer.to_vec().iter().all(|byte| *byte == 0));
}

#[wasm_bindgen_test]
fn an_answer_without_a_token_has_none_and_is_wiped_too() {
    for answer in [
        "",
        "null",
        "7",
        "[]",
        "{}",
        r#""token""#,
        r#"["token"]"#,
        r#"{"token":null}"#,
        r#"{"token":""}"#,
        r#"{"token":["abc"]}"#,
        r#"{"token":{"token":"abc"}}"#,
        r#"{"tokens":"abc"}"#,
        r#"{"token":"abc"#,
        "<html>token</html>",
    ] {
        let answer = bytes(answer);
        assert!(Secret::in_answer(&answer).is_none());
        assert!(answer.to_vec().iter().all(|byte| *byte == 0));
    }
}

#[wasm_bindgen_test]
fn a_token_is_sent_as_bearer() {
    let authorization = Authorization::bearer(&secret("abc.def-ghi_jkl"));
    assert_eq!(
        sent(&authorization).as_deref(),
        Some("Bearer abc.def-ghi_jkl")
    );
}

#[wasm_bindgen_test]
fn a_password_is_sent_in_utf_8() {
    for (email, password, base64) in [
        ("demo@example.com", "demo", "ZGVtb0BleGFtcGxlLmNvbTpkZW1v"),
        // RFC 7617, section 2.1.
        ("test", "123£", "dGVzdDoxMjPCow=="),
        ("a", ":b:😀", "YTo6Yjrwn5iA"),
    ] {
        let authorization = Authorization::basic(&secret(email), &secret(password));
        assert_eq!(sent(&authorization), Some(format!("Basic {base64}")));
    }
}

#[wasm_bindgen_test]
fn what_no_header_can_carry_is_not_sent() {
    for token in ["a\nb", "a\r\nX-Evil: b", "a\0b", "tökén€", "😀"] {
        assert_eq!(
            sent(&Authorization::bearer(&secret(token))),
            None,
            "{token:?}"
        );
    }
}

#[wasm_bindgen_test]
fn header_and_claims_of_a_jwt_are_decoded() {
    let header = r#"{"typ":"JWT","kid":"bd3a53c1","alg":"RS256"}"#;
    // `?` and `~` make the characters in which base64url differs.
    for claims in [
        r#"{"iss":"ionoscloud"}"#,
        r#"{"a":"???~~~"}"#,
        "{}",
        r#"{"a":1}"#,
        r#"{"a":12}"#,
    ] {
        let token = secret(&[&base64url(header), ".", &base64url(claims), ".sig"].concat());
        assert_eq!(token.jwt_header().as_deref(), Some(header));
        assert_eq!(token.jwt_claims().as_deref(), Some(claims));
    }
}

#[wasm_bindgen_test]
fn claims_are_read_as_utf_8() {
    // `{"role":"Besitzerin für 5 €"}`
    let claims = "eyJyb2xlIjoiQmVzaXR6ZXJpbiBmw7xyIDUg4oKsIn0";
    let token = secret(&["e30.", claims, ".sig"].concat());
    assert_eq!(
        token.jwt_claims().as_deref(),
        Some(r#"{"role":"Besitzerin für 5 €"}"#)
    );
}

#[wasm_bindgen_test]
fn what_is_no_jwt_has_no_header_and_no_claims() {
    for token in ["opaque", "not base64.not base64.sig", "!.!.!"] {
        let token = secret(token);
        let parts = [token.jwt_header(), token.jwt_claims()]
            .into_iter()
            .flatten();
        for part in parts {
            assert!(!part.starts_with('{'), "{part}");
        }
    }
    assert_eq!(secret("opaque").jwt_claims(), None);
}
