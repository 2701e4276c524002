//! The one shape of the API's errors.

use aws_lc_rs::error::Unspecified;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An answer that is an error: `{"httpStatus":…,"messages":[{"errorCode":"…","message":"…"}]}`.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: String,
    message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    http_status: u16,
    messages: [Message<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    error_code: &'a str,
    message: &'a str,
}

/// The code of a request without a valid session.
const NO_SESSION: &str = "315";
/// The code of an operation that wants a 2FA-secured session.
const STEP_UP: &str = "501";

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            code: status.as_str().to_owned(),
            message: message.into(),
        }
    }

    /// The error of a `status`, with the code and the message that are usual for it.
    pub(crate) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthorized(),
            _ => Self::new(status, status.canonical_reason().unwrap_or("Error")),
        }
    }

    /// The same with another `errorCode`, and the message that belongs to it.
    pub(crate) fn with_code(self, code: String) -> Self {
        if self.status == StatusCode::UNAUTHORIZED && code == STEP_UP {
            return Self::step_up();
        }
        Self { code, ..self }
    }

    pub(crate) fn unauthorized() -> Self {
        Self {
            code: NO_SESSION.to_owned(),
            ..Self::new(StatusCode::UNAUTHORIZED, "Unauthorized")
        }
    }

    pub(crate) fn step_up() -> Self {
        Self {
            code: STEP_UP.to_owned(),
            ..Self::new(
                StatusCode::UNAUTHORIZED,
                "Endpoint requires a higher level of authentication.",
            )
        }
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// A parameter is refused.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::of(StatusCode::METHOD_NOT_ALLOWED)
    }

    pub(crate) fn internal() -> Self {
        Self::of(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        let body = Body {
            http_status: self.status.as_u16(),
            messages: [Message {
                error_code: &self.code,
                message: &self.message,
            }],
        };
        // Numbers and strings in a struct can't fail to be written.
        serde_json::to_vec(&body).unwrap_or_default()
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the database failed");
        Self::internal()
    }
}

impl From<Unspecified> for ApiError {
    fn from(_: Unspecified) -> Self {
        tracing::error!("a token could not be signed");
        Self::internal()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (self.status, json, self.to_json()).into_response()
    }
}
