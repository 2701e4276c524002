//! The API's answers, from any bytes to a value or a typed error.
//!
//! A bad row does not hide the others, a bad field does not hide its row. How many bytes are read
//! at most is decided where they are read; what is kept of them here is never larger than they
//! are.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{MapAccess, SeqAccess};

use crate::domain::tolerant::{Read, Tolerant, object, skip, value};
use crate::domain::{Token, TokenId, parse_date};

/// Why an answer is not what was asked for. It holds nothing of the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// Not a JSON object: cut short, a gateway's page, nothing.
    NotJson,
    /// JSON, but its list is something else.
    NotAList,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the answer is not a JSON object",
            Self::NotAList => "the answer holds something else where the list should be",
        })
    }
}

impl std::error::Error for DecodeError {}

/// Reads the answer to "list".
///
/// Rows that are no objects or name no ID are left out, of rows with one ID the first one stays.
/// No list at all, or `null` in its place, is an empty list.
pub fn decode_list(bytes: &[u8]) -> Result<Vec<Token>, DecodeError> {
    let answer: ListAnswer = decode(bytes).ok_or(DecodeError::NotJson)?;
    match answer.tokens.or(answer.items) {
        None => Ok(Vec::new()),
        Some(rows) if rows.is_list => Ok(rows.tokens),
        Some(_) => Err(DecodeError::NotAList),
    }
}

/// Reads the answer to "get": one row of the list, if it is one.
pub fn decode_token(bytes: &[u8]) -> Option<Token> {
    decode(bytes).and_then(Row::token)
}

/// Reads the body of an error; whatever it is, the error stays one.
pub fn decode_error(bytes: &[u8]) -> ErrorBody {
    decode(bytes).unwrap_or_default()
}

/// Reads the answer to "delete": whether the API says that it did so.
pub fn decode_success(bytes: &[u8]) -> bool {
    decode(bytes).is_some_and(|answer: SuccessAnswer| answer.success == Some(true))
}

/// What the API says about an error. Every part may be missing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ErrorBody {
    /// The status as the body repeats it.
    pub http_status: Option<u16>,
    /// What is wrong; usually one message.
    pub messages: Vec<ErrorMessage>,
}

impl ErrorBody {
    /// Whether a message bears this code.
    pub fn has_code(&self, code: &str) -> bool {
        self.messages
            .iter()
            .any(|message| message.code.as_deref() == Some(code))
    }

    /// The first text that can be shown.
    pub fn text(&self) -> Option<&str> {
        self.messages
            .iter()
            .find_map(|message| message.message.as_deref())
    }
}

/// One message of an error.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ErrorMessage {
    /// The API's own code, such as `315`; not always a number.
    pub code: Option<String>,
    /// The API's own words.
    pub message: Option<String>,
}

/// Bytes that are no UTF-8 become replacement characters, as they do in a browser.
fn decode<T: for<'de> Tolerant<'de>>(bytes: &[u8]) -> Option<T> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    object(&String::from_utf8_lossy(bytes))
}

#[derive(Default)]
struct ListAnswer {
    tokens: Option<Rows>,
    /// What some versions of the API are said to have called the list.
    items: Option<Rows>,
}

impl<'de> Tolerant<'de> for ListAnswer {
    fn field<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "tokens" => self.tokens = Some(value(map)?),
            "items" => self.items = Some(value(map)?),
            _ => skip(map)?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Rows {
    tokens: Vec<Token>,
    ids: BTreeSet<TokenId>,
    /// An array came, or `null` in its place.
    is_list: bool,
}

impl<'de> Tolerant<'de> for Rows {
    fn null(&mut self) {
        self.is_list = true;
    }

    fn array(&mut self) {
        self.is_list = true;
    }

    fn element<A: SeqAccess<'de>>(&mut self, sequence: &mut A) -> Result<bool, A::Error> {
        let Some(Read(row)) = sequence.next_element::<Read<Row>>()? else {
            return Ok(false);
        };
        if let Some(token) = row.token()
            && self.ids.insert(token.id.clone())
        {
            self.tokens.push(token);
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Row {
    id: Option<String>,
    created: Option<String>,
    expires: Option<String>,
}

impl Row {
    fn token(self) -> Option<Token> {
        let id = self.id.filter(|id| !id.is_empty())?;
        Some(Token {
            id: id.into(),
            created: self.created.as_deref().and_then(parse_date),
            expires: self.expires.as_deref().and_then(parse_date),
        })
    }
}

impl<'de> Tolerant<'de> for Row {
    fn field<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "id" => self.id = value(map)?,
            "createdDate" => self.created = value(map)?,
            "expirationDate" => self.expires = value(map)?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct SuccessAnswer {
    success: Option<bool>,
}

impl<'de> Tolerant<'de> for SuccessAnswer {
    fn field<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "success" => self.success = value(map)?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Tolerant<'de> for ErrorBody {
    fn field<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "httpStatus" => {
                let status: Option<i64> = value(map)?;
                self.http_status = status.and_then(|status| status.try_into().ok());
            }
            "messages" => self.messages = value(map)?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Tolerant<'de> for Option<ErrorMessage> {
    fn field<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let message = self.get_or_insert_default();
        match name {
            "errorCode" => message.code = value::<Code, A>(map)?.0,
            "message" => message.message = value(map)?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// A code, which is a string by contract and could as well be a number.
#[derive(Default)]
struct Code(Option<String>);

impl Tolerant<'_> for Code {
    fn text(&mut self, text: &str) {
        self.0 = Some(text.into());
    }

    fn number(&mut self, number: i64) {
        self.0 = Some(number.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(json: &str) -> Result<Vec<String>, DecodeError> {
        let tokens = decode_list(json.as_bytes())?;
        Ok(tokens.iter().map(|token| token.id.to_string()).collect())
    }

    #[test]
    fn no_list_is_an_empty_list() {
        for json in [
            "{}",
            r#"{"tokens":null}"#,
            r#"{"tokens":[]}"#,
            r#" {"total":0} "#,
            "\u{feff}{}",
        ] {
            assert_eq!(ids(json), Ok(vec![]), "{json}");
        }
    }

    #[test]
    fn the_list_may_be_called_items() {
        assert_eq!(ids(r#"{"items":[{"id":"a"}]}"#).unwrap(), ["a"]);
        assert_eq!(
            ids(r#"{"items":[{"id":"a"}],"tokens":[{"id":"b"}]}"#).unwrap(),
            ["b"]
        );
    }

    #[test]
    fn something_else_in_the_place_of_the_list_is_an_error() {
        for other in ["7", "-7", "0.5", "\"a\"", "true", "{}", r#"{"id":"a"}"#] {
            let json = format!(r#"{{"tokens":{other}}}"#);
            assert_eq!(ids(&json), Err(DecodeError::NotAList), "{json}");
        }
    }

    #[test]
    fn an_answer_that_is_no_json_object_is_an_error() {
        for json in [
            "",
            " ",
            "null",
            "[]",
            r#"[{"id":"a"}]"#,
            "<html></html>",
            r#"{"tokens":[{"id":"a"}]"#,
            r#"{"tokens":[{"id":"a"}]} {}"#,
            r#"{"tokens":[{"id":"a"},]}"#,
        ] {
            assert_eq!(ids(json), Err(DecodeError::NotJson), "{json}");
        }
    }

    #[test]
    fn a_bad_row_hides_no_other() {
        for bad in [
            "null",
            "7",
            "[]",
            r#"["a"]"#,
            "{}",
            r#"{"id":7}"#,
            r#"{"id":""}"#,
            r#"{"id":{"id":"a"}}"#,
            r#"{"id":"a","id":null}"#,
        ] {
            let json = format!(r#"{{"tokens":[{{"id":"x"}},{bad},{{"id":"y"}}]}}"#);
            assert_eq!(ids(&json).unwrap(), ["x", "y"], "{json}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_hides_nothing() {
        let json = r#"{"tokens":[{"id":"a\ud800"},{"id":"\udc00b"},{"id":"\ud83d\ude00\\ud800"}]}"#;
        assert_eq!(ids(json).unwrap(), ["a\u{fffd}", "\u{fffd}b", "😀\\ud800"]);
    }

    #[test]
    fn a_number_out_of_range_hides_nothing() {
        for number in ["1e999", "-1E+999", "1.5e0400", &"9".repeat(400)] {
            let json = format!(
                r#"{{"tokens":[{{"id":{number}}},{{"createdDate":{number},"id":"{number}"}}]}}"#
            );
            assert_eq!(ids(&json).unwrap(), [number]);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let tokens = decode_list(b"{\"tokens\":[{\"id\":\"a\xff\"}]}").unwrap();
        assert_eq!(tokens[0].id.as_str(), "a\u{fffd}");
    }

    #[test]
    fn of_rows_with_one_id_the_first_one_stays() {
        let json =
            r#"{"tokens":[{"id":"a","createdDate":"2025-09-23T07:29:44Z"},{"id":"b"},{"id":"a"}]}"#;
        assert_eq!(ids(json).unwrap(), ["a", "b"]);
        assert!(decode_list(json.as_bytes()).unwrap()[0].created.is_some());
    }

    #[test]
    fn a_bad_date_is_unknown() {
        let json = br#"{"id":"a","createdDate":"yesterday","expirationDate":1790170184}"#;
        let token = decode_token(json).unwrap();
        assert_eq!((token.created, token.expires), (None, None));
    }

    #[test]
    fn an_id_may_be_long() {
        let id = "x".repeat(10_240);
        let json = format!(r#"{{"tokens":[{{"id":"{id}"}}]}}"#);
        assert_eq!(ids(&json).unwrap(), [id]);
    }

    #[test]
    fn only_true_is_success() {
        assert!(decode_success(br#"{"success":true}"#));
        for other in [
            "",
            "{}",
            "true",
            r#"{"success":false}"#,
            r#"{"success":"true"}"#,
            r#"{"success":1}"#,
        ] {
            assert!(!decode_success(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn an_error_without_a_legible_body_is_still_an_error() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"messages":7}"#,
            r#"{"httpStatus":70000}"#,
        ] {
            assert_eq!(
                decode_error(body.as_bytes()),
                ErrorBody::default(),
                "{body}"
            );
        }
    }
}
