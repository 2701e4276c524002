//! Secrets: handles to strings that stay in the JavaScript engine.
//!
//! A [`Secret`] has no `Debug`, `Display`, `Clone` or `Serialize` and gives no Rust string away:
//! what Rust never copies can't be found in the memory of the wasm (`leaks`, L10).

use js_sys::{JsString, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(module = "/src/secret/secret.js")]
extern "C" {
    #[wasm_bindgen(js_name = tokenOf)]
    fn token_of(bytes: &Uint8Array) -> JsValue;
    #[wasm_bindgen(js_name = stringField)]
    fn string_field(object: &JsValue, name: &str) -> JsValue;
    fn trimmed(value: &JsValue) -> JsValue;
    fn bearer(token: &JsValue) -> JsValue;
    fn basic(email: &JsValue, password: &JsValue) -> JsValue;
    fn authorize(headers: &JsValue, value: &JsValue) -> bool;
    #[wasm_bindgen(js_name = jwtPart)]
    fn jwt_part(token: &JsValue, index: u32) -> Option<String>;
}

/// A string that is not empty and that only JavaScript ever sees.
pub struct Secret(JsValue);

impl Secret {
    /// Takes `value` if it is a string with more than white space, without the white space around.
    pub fn new(value: &JsValue) -> Option<Self> {
        Self::of(value.is_string().then(|| trimmed(value))?)
    }

    /// The value of `object`'s field `name`, as it is, if that is a string.
    pub fn field(object: &JsValue, name: &str) -> Option<Self> {
        Self::of(string_field(object, name))
    }

    /// The `token` of a generate answer; wipes the bytes.
    pub fn in_answer(bytes: &Uint8Array) -> Option<Self> {
        Self::of(token_of(bytes))
    }

    fn of(value: JsValue) -> Option<Self> {
        let text: Option<&JsString> = value.dyn_ref();
        let empty = text.is_none_or(|text| text.length() == 0);
        (!empty).then_some(Self(value))
    }

    /// The JSON text of a JWT's header: it holds the token's ID and no secret.
    pub fn jwt_header(&self) -> Option<String> {
        jwt_part(&self.0, 0)
    }

    /// The JSON text of a JWT's claims: they hold no secret.
    pub fn jwt_claims(&self) -> Option<String> {
        jwt_part(&self.0, 1)
    }

    /// The string, for calls that stay in JavaScript.
    pub fn as_js(&self) -> &JsValue {
        &self.0
    }
}

/// The value of an `Authorization` header.
pub struct Authorization(Secret);

impl Authorization {
    /// RFC 6750.
    pub fn bearer(token: &Secret) -> Self {
        Self(Secret(bearer(&token.0)))
    }

    /// RFC 7617.
    pub fn basic(email: &Secret, password: &Secret) -> Self {
        Self(Secret(basic(&email.0, &password.0)))
    }

    /// Sets the header; false if the value has characters that no header can carry.
    #[must_use]
    pub fn set_on(&self, headers: &web_sys::Headers) -> bool {
        authorize(headers, self.0.as_js())
    }
}
