//! What a spoiled answer says, and how it travels.

use std::fmt;
use std::io::Write;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderValue, response};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Builder;

use crate::server::{Connection, NeverSent};

/// A body in place of the API's own.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// This text.
    Text(String),
    /// These bytes, for what is no UTF-8.
    Bytes(Vec<u8>),
    /// The own body, with spaces up to this many bytes: valid for whoever reads it to the end.
    Padded(usize),
    /// Arrays in arrays, this many deep.
    Nested(usize),
    /// A list of this many tokens that don't exist.
    Rows(u32),
    /// The own list with each of its tokens twice.
    Twice,
}

impl Content {
    pub(crate) fn in_place_of(&self, own: Bytes) -> Bytes {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::Bytes(bytes) => bytes.clone().into(),
            Self::Padded(length) => {
                let mut padded = own.to_vec();
                padded.resize(padded.len().max(*length), b' ');
                padded.into()
            }
            Self::Nested(depth) => {
                let nested = "[".repeat(*depth) + &"]".repeat(*depth);
                format!(r#"{{"tokens":{nested}}}"#).into()
            }
            Self::Rows(count) => rows(*count).into(),
            Self::Twice => twice(&own).map_or(own, Bytes::from),
        }
    }
}

/// Multiples of it are far apart, so the IDs of neighbours look different.
const GOLDEN_RATIO: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

fn rows(count: u32) -> String {
    let tokens: Vec<Value> = (0..count)
        .map(|index| {
            // Made of the index, so that a list read twice is the same list.
            let spread = u128::from(index + 1).wrapping_mul(GOLDEN_RATIO);
            let id = Builder::from_random_bytes(spread.to_be_bytes()).into_uuid();
            let (day, year) = (index % 28 + 1, index % 70 + 2000);
            json!({
                "id": id,
                "href": format!("/auth/v1/tokens/{id}"),
                "createdDate": format!("{year}-01-{day:02}T07:29:44Z"),
                "expirationDate": format!("{year}-12-{day:02}T07:29:44Z"),
            })
        })
        .collect();
    json!({ "tokens": tokens }).to_string()
}

fn twice(own: &[u8]) -> Option<String> {
    let mut list: Value = serde_json::from_slice(own).ok()?;
    let tokens = list.get_mut("tokens")?.as_array_mut()?;
    tokens.extend_from_within(..);
    Some(list.to_string())
}

/// How an answer travels.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// As it should.
    #[default]
    Whole,
    /// Not at all: the connection closes before the first byte.
    Drop,
    /// Not at all: the connection is reset before the first byte.
    Reset,
    /// The headers and half of the body, then the connection closes.
    Half,
    /// The headers and half of the body, then the connection is reset.
    HalfThenReset,
    /// With a `Content-Length` that is this much too large, or too small if it is negative.
    WrongLength(i64),
    /// Compressed, and cut in the middle of the gzip stream.
    CutGzip,
    /// Whole, and the connection closes after it.
    ThenClose,
    /// The headers at once, the body after this many milliseconds.
    SlowStart(u64),
    /// A byte of the body, then as many milliseconds of nothing, and so on.
    Trickle(u64),
    /// The body, and then spaces without end.
    Endless,
}

/// Time for the bytes before to leave, which a broken body would take with it.
const FLUSH: Duration = Duration::from_millis(20);

impl Delivery {
    pub(crate) fn send(
        self,
        mut head: response::Parts,
        body: Bytes,
        connection: Option<Connection>,
    ) -> Response {
        let body = match self {
            Self::Whole => Body::from(body),
            Self::Drop | Self::Reset => {
                self.end(connection.as_ref());
                return Extension(NeverSent).into_response();
            }
            Self::Half | Self::HalfThenReset => {
                head.headers.insert(CONTENT_LENGTH, body.len().into());
                self.broken(half(body), connection)
            }
            Self::WrongLength(by) => {
                let length = (body.len() as u64).saturating_add_signed(by);
                head.headers.insert(CONTENT_LENGTH, length.into());
                if by > 0 {
                    self.broken(body, connection)
                } else {
                    // As a stream it has no length of its own to contradict the header.
                    Body::from_stream(stream::iter([Ok::<_, Broken>(body)]))
                }
            }
            Self::CutGzip => {
                let gzip = HeaderValue::from_static("gzip");
                head.headers.insert(CONTENT_ENCODING, gzip);
                Body::from(half(gzip_of(&body)))
            }
            Self::ThenClose => {
                let close = HeaderValue::from_static("close");
                head.headers.insert(CONNECTION, close);
                Body::from(body)
            }
            Self::SlowStart(pause) => {
                head.headers.insert(CONTENT_LENGTH, body.len().into());
                Body::from_stream(paced(stream::iter([body]), pause))
            }
            Self::Trickle(pause) => {
                head.headers.insert(CONTENT_LENGTH, body.len().into());
                let bytes = (0..body.len()).map(move |at| body.slice(at..=at));
                Body::from_stream(paced(stream::iter(bytes), pause))
            }
            Self::Endless => {
                let spaces = Bytes::from_static(&[b' '; 16 * 1024]);
                let endless = stream::iter([body]).chain(stream::repeat(spaces));
                Body::from_stream(endless.map(Ok::<_, Broken>))
            }
        };
        Response::from_parts(head, body)
    }

    /// Ends the connection as the delivery wants it.
    fn end(&self, connection: Option<&Connection>) {
        match (self, connection) {
            (Self::Reset | Self::HalfThenReset, Some(connection)) => connection.reset(),
            (_, Some(connection)) => connection.close(),
            (_, None) => {}
        }
    }

    /// A body that breaks off after `sent`, with its connection.
    fn broken(self, sent: Bytes, connection: Option<Connection>) -> Body {
        let end = stream::once(async move {
            sleep(FLUSH).await;
            self.end(connection.as_ref());
            Err(Broken)
        });
        Body::from_stream(stream::iter([Ok(sent)]).chain(end))
    }
}

fn half(body: Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

fn paced(
    chunks: impl Stream<Item = Bytes>,
    pause_ms: u64,
) -> impl Stream<Item = Result<Bytes, Broken>> {
    chunks.then(move |chunk| async move {
        sleep(Duration::from_millis(pause_ms)).await;
        Ok(chunk)
    })
}

fn gzip_of(body: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let compressed = encoder.write_all(body).and_then(|()| encoder.finish());
    // Writing to memory does not fail.
    compressed.unwrap_or_default().into()
}

/// Why a body ends early.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault has cut the body")
    }
}

impl std::error::Error for Broken {}
