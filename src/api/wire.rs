//! The API's answers, from any bytes to a value or a typed error.
//!
//! A bad row does not hide the others, a bad field does not hide its row. How many bytes are read
//! at most is decided where they are read; what is kept of them here is never larger than they
//! are.

use std::fmt;

use crate::domain::json::{Reader, read_object};
use crate::domain::{IdSet, Token, decimal, difference, parse_date};

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
    let mut tokens = None;
    // What some versions of the API are said to have called the list.
    let mut items = None;
    let is_object = read(bytes, &mut |name, value| match name {
        "tokens" => tokens = Some(rows(value)),
        "items" => items = Some(rows(value)),
        _ => {}
    });
    if !is_object {
        return Err(DecodeError::NotJson);
    }
    let rows = tokens.or(items).unwrap_or(Some(Vec::new()));
    let rows = rows.ok_or(DecodeError::NotAList)?;
    Ok(difference(&IdSet::default(), &rows))
}

/// Reads the answer to "get": one row of the list, if it is one.
pub fn decode_token(bytes: &[u8]) -> Option<Token> {
    let mut row = Row::default();
    read(bytes, &mut |name, value| row.field(name, value))
        .then(|| row.token())
        .flatten()
}

/// Reads the body of an error; whatever it is, the error stays one.
pub fn decode_error(bytes: &[u8]) -> ErrorBody {
    let mut body = ErrorBody::default();
    if read(bytes, &mut |name, value| body.field(name, value)) {
        body
    } else {
        ErrorBody::default()
    }
}

/// Reads the answer to "delete": whether the API says that it did so.
pub fn decode_success(bytes: &[u8]) -> bool {
    let mut success = None;
    read(bytes, &mut |name, value| {
        if name == "success" {
            success = value.boolean();
        }
    }) && success == Some(true)
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

    fn field(&mut self, name: &str, value: &mut Reader<'_>) {
        match name {
            "httpStatus" => {
                let status = value.natural();
                self.http_status = status.and_then(|status| status.try_into().ok());
            }
            "messages" => {
                self.messages.clear();
                value.array(&mut |value| self.messages.extend(message(value)));
            }
            _ => {}
        }
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

/// A message, if it is an object that holds anything.
fn message(value: &mut Reader<'_>) -> Option<ErrorMessage> {
    let mut message = None;
    value.object(&mut |name, value| {
        let message = message.get_or_insert_with(ErrorMessage::default);
        match name {
            // It is a string by contract and could as well be a number.
            "errorCode" => {
                let code = value.string();
                message.code = code.or_else(|| value.integer().map(written));
            }
            "message" => message.message = value.string(),
            _ => {}
        }
    });
    message
}

fn written(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    sign.to_owned() + &decimal(number.unsigned_abs())
}

/// The rows of a list; `None` if it is something else.
fn rows(value: &mut Reader<'_>) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let is_list = value.null()
        || value.array(&mut |value| {
            let mut row = Row::default();
            value.object(&mut |name, value| row.field(name, value));
            tokens.extend(row.token());
        });
    is_list.then_some(tokens)
}

#[derive(Default)]
struct Row {
    id: Option<String>,
    created: Option<String>,
    expires: Option<String>,
}

impl Row {
    fn field(&mut self, name: &str, value: &mut Reader<'_>) {
        match name {
            "id" => self.id = value.string(),
            "createdDate" => self.created = value.string(),
            "expirationDate" => self.expires = value.string(),
            _ => {}
        }
    }

    fn token(self) -> Option<Token> {
        let id = self.id.filter(|id| !id.is_empty())?;
        Some(Token {
            id: id.into(),
            created: self.created.as_deref().and_then(parse_date),
            expires: self.expires.as_deref().and_then(parse_date),
        })
    }
}

/// Reads an answer that is an object; servers on Windows put a byte order mark in front.
fn read(bytes: &[u8], field: &mut dyn FnMut(&str, &mut Reader<'_>)) -> bool {
    let json = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    read_object(json, field)
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
