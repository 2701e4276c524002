//! What the server was asked, so that tests can count it where it arrives.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, ORIGIN, REFERER};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::CONTRACT_NUMBER;
use crate::faults::Operation;
use crate::server::Connection;

/// A request as it arrived. It holds no secret: of most headers only the name is kept.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Received {
    /// Counts the requests since the server's start.
    pub number: u64,
    /// The connection it came on; none if there was no socket.
    pub connection: Option<u64>,
    /// Whether the connection had carried a request before.
    pub used_connection: bool,
    /// What was asked for.
    pub operation: Operation,
    /// The HTTP method.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query, if there was one.
    pub query: Option<String>,
    /// The names of all headers.
    pub headers: Vec<String>,
    /// The value of `X-Contract-Number`.
    pub contract_number: Option<String>,
    /// The value of `Cache-Control`.
    pub cache_control: Option<String>,
    /// The value of `Origin`.
    pub origin: Option<String>,
    /// The value of `Referer`.
    pub referer: Option<String>,
    /// The token it has made, whatever became of the answer.
    pub minted: Option<Uuid>,
}

impl Received {
    pub(crate) fn new(request: &Request, operation: Operation) -> Self {
        let headers = request.headers();
        let connection = request.extensions().get::<Connection>();
        Self {
            number: 0,
            connection: connection.map(Connection::number),
            used_connection: connection.is_some_and(Connection::is_used),
            operation,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            headers: headers.keys().map(ToString::to_string).collect(),
            contract_number: text(headers, CONTRACT_NUMBER),
            cache_control: text(headers, CACHE_CONTROL),
            origin: text(headers, ORIGIN),
            referer: text(headers, REFERER),
            minted: None,
        }
    }
}

fn text(headers: &HeaderMap, name: axum::http::HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The requests since the start, or since they were last forgotten.
#[derive(Default)]
pub(crate) struct Requests(Mutex<Log>);

#[derive(Default)]
struct Log {
    count: u64,
    received: Vec<Received>,
}

impl Requests {
    /// Adds a request and answers its number.
    pub(crate) fn add(&self, received: Received) -> u64 {
        let mut log = self.lock();
        log.count += 1;
        let number = log.count;
        log.received.push(Received { number, ..received });
        number
    }

    pub(crate) fn minted(&self, number: u64, id: Uuid) {
        let mut log = self.lock();
        let request = log.received.iter_mut().rfind(|r| r.number == number);
        if let Some(request) = request {
            request.minted = Some(id);
        }
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.lock().received.clone()
    }

    pub(crate) fn forget(&self) {
        self.lock().received.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
