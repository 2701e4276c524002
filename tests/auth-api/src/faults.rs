//! Faults on demand: which requests they meet, and what they do to the answer.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_LENGTH};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::delivery::{Content, Delivery};
use crate::error::ApiError;
use crate::operations::{GENERATE, TOKEN, TOKENS};
use crate::server::Connection;

/// What a request asks for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `GET /tokens`
    List,
    /// `GET /tokens/generate`
    Generate,
    /// `GET /tokens/{id}`
    Get,
    /// `DELETE /tokens/{id}`
    Delete,
    /// `DELETE /tokens?criteria=…`
    DeleteMany,
    /// The question that a browser asks before a request to another origin.
    Preflight,
    /// Everything else.
    Other,
}

impl Operation {
    pub(crate) fn of(request: &Request, route: Option<&str>) -> Self {
        let method = request.method();
        match route {
            _ if method == Method::OPTIONS
                && request
                    .headers()
                    .contains_key(ACCESS_CONTROL_REQUEST_METHOD) =>
            {
                Self::Preflight
            }
            Some(TOKENS) if method == Method::GET => Self::List,
            Some(TOKENS) if method == Method::DELETE => Self::DeleteMany,
            Some(GENERATE) if method == Method::GET => Self::Generate,
            Some(TOKEN) if method == Method::GET => Self::Get,
            Some(TOKEN) if method == Method::DELETE => Self::Delete,
            _ => Self::Other,
        }
    }
}

/// A fault, and the requests that it meets.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The requests that the rule is about.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// How many of them are answered properly first.
    #[serde(default)]
    pub skip: u32,
    /// How many of them the fault meets then; none means all, until the faults are cleared.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// What happens to them.
    pub fault: Fault,
}

fn once() -> Option<u32> {
    Some(1)
}

/// Requests that a [`Rule`] is about. What is left out does not matter.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// The operation; without one it is any but a preflight.
    pub operation: Option<Operation>,
    /// Whether the connection has carried a request before. A preflight counts.
    pub used_connection: Option<bool>,
}

impl Rule {
    /// The same rule after `skip` requests that are answered properly.
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// The same rule for so many requests.
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// The same rule until the faults are cleared.
    pub fn always(self) -> Self {
        Self {
            times: None,
            ..self
        }
    }

    /// The same rule only for connections that have, or have not, carried a request before.
    pub fn used_connection(mut self, used: bool) -> Self {
        self.matches.used_connection = Some(used);
        self
    }
}

impl Match {
    fn meets(&self, operation: Operation, used_connection: bool) -> bool {
        self.operation
            .map_or(operation != Operation::Preflight, |wanted| {
                wanted == operation
            })
            && self
                .used_connection
                .is_none_or(|wanted| wanted == used_connection)
    }
}

/// What goes wrong. Every part can be combined with every other.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Waits before the work is done.
    pub delay_ms: u64,
    /// Does what was asked for before its answer is spoiled. Without it nothing is made or deleted.
    pub perform: bool,
    /// Waits after the work and before the answer.
    pub hold_ms: u64,
    /// Answers with this status, and with the API's error body for it unless it is a success.
    pub status: Option<u16>,
    /// The `errorCode` of that body.
    pub code: Option<String>,
    /// Headers of the answer that are set, or removed where there is no value.
    pub headers: BTreeMap<String, Option<String>>,
    /// Whether the answer has its CORS headers.
    pub cors: bool,
    /// What the answer says in place of the API's own body.
    pub body: Option<Content>,
    /// How the answer travels.
    pub delivery: Delivery,
}

impl Default for Fault {
    /// No fault at all: a start for `Fault { …, ..Fault::default() }`.
    fn default() -> Self {
        Self {
            delay_ms: 0,
            perform: true,
            hold_ms: 0,
            status: None,
            code: None,
            headers: BTreeMap::new(),
            cors: true,
            body: None,
            delivery: Delivery::Whole,
        }
    }
}

impl Fault {
    /// The work is done after `delay`.
    pub fn delay(delay: Duration) -> Self {
        Self {
            delay_ms: delay.as_millis() as u64,
            ..Self::default()
        }
    }

    /// The work is done at once and answered after `delay`.
    pub fn hold(delay: Duration) -> Self {
        Self {
            hold_ms: delay.as_millis() as u64,
            ..Self::default()
        }
    }

    /// The error `status`; nothing is made or deleted.
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            perform: false,
            ..Self::default()
        }
    }

    /// The answer travels as `delivery` says; the work is done.
    pub fn delivery(delivery: Delivery) -> Self {
        Self::default().delivered(delivery)
    }

    /// A success that says `content`; the work is done.
    pub fn body(content: Content) -> Self {
        Self::default().saying(content)
    }

    /// A redirect to `location`; nothing is made or deleted.
    pub fn redirect(location: &str) -> Self {
        Self::status(302).header("location", location)
    }

    /// The same fault, but what was asked for is done first.
    pub fn after_work(self) -> Self {
        Self {
            perform: true,
            ..self
        }
    }

    /// The same fault, and the answer travels as `delivery` says.
    pub fn delivered(self, delivery: Delivery) -> Self {
        Self { delivery, ..self }
    }

    /// The same fault with another body.
    pub fn saying(self, content: Content) -> Self {
        Self {
            body: Some(content),
            ..self
        }
    }

    /// The same fault with another `errorCode`.
    pub fn code(self, code: &str) -> Self {
        Self {
            code: Some(code.to_owned()),
            ..self
        }
    }

    /// The same fault with one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), Some(value.to_owned()));
        self
    }

    /// The same fault without CORS headers.
    pub fn without_cors(self) -> Self {
        Self {
            cors: false,
            ..self
        }
    }

    /// A rule that meets the next request for `operation`.
    pub fn on(self, operation: Operation) -> Rule {
        Rule {
            matches: Match {
                operation: Some(operation),
                used_connection: None,
            },
            skip: 0,
            times: once(),
            fault: self,
        }
    }

    /// Why the fault can't be made, if so.
    pub(crate) fn check(&self) -> Result<(), BadFault> {
        self.status_code()?;
        self.header_changes()?;
        Ok(())
    }

    fn status_code(&self) -> Result<Option<StatusCode>, BadFault> {
        let Some(number) = self.status else {
            return Ok(None);
        };
        match StatusCode::from_u16(number) {
            Ok(status) if !status.is_informational() => Ok(Some(status)),
            _ => Err(BadFault::Status(number)),
        }
    }

    fn header_changes(&self) -> Result<Vec<(HeaderName, Option<HeaderValue>)>, BadFault> {
        let changes = self.headers.iter().map(|(name, value)| {
            let change = name.parse().ok().zip(match value {
                Some(value) => value.parse().ok().map(Some),
                None => Some(None),
            });
            change.ok_or_else(|| BadFault::Header(name.clone()))
        });
        changes.collect()
    }

    /// The error in place of work that is not done.
    pub(crate) fn error(&self) -> ApiError {
        let status = self.status_code().ok().flatten();
        let error = ApiError::of(status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE));
        match &self.code {
            Some(code) => error.with_code(code.clone()),
            None => error,
        }
    }

    /// Spoils the answer to a request that came on `connection`.
    pub(crate) async fn spoil(
        self,
        answer: Response,
        connection: Option<Connection>,
    ) -> Result<Response, BadFault> {
        sleep(Duration::from_millis(self.hold_ms)).await;
        let (mut head, body) = answer.into_parts();
        let mut body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        if let Some(status) = self.status_code()? {
            head.status = status;
            if !status.is_success() {
                body = self.error().to_json().into();
            }
        }
        if let Some(content) = &self.body {
            body = content.in_place_of(body);
        }
        head.headers.remove(CONTENT_LENGTH);
        for (name, value) in self.header_changes()? {
            match value {
                Some(value) => drop(head.headers.insert(name, value)),
                None => drop(head.headers.remove(name)),
            }
        }
        if !self.cors {
            let cors: Vec<HeaderName> = head.headers.keys().filter(is_cors).cloned().collect();
            for name in cors {
                head.headers.remove(name);
            }
        }
        Ok(self.delivery.send(head, body, connection))
    }
}

fn is_cors(name: &&HeaderName) -> bool {
    name.as_str().starts_with("access-control-")
}

/// Why a fault can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadFault {
    /// Not the status of an answer.
    Status(u16),
    /// The name or the value of this header is not one.
    Header(String),
}

impl fmt::Display for BadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status} is not the status of an answer"),
            Self::Header(name) => write!(f, "{name}: not a header"),
        }
    }
}

impl std::error::Error for BadFault {}

/// The rules that still wait for requests, first come, first served.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Rule>>);

impl Faults {
    pub(crate) fn add(&self, rules: impl IntoIterator<Item = Rule>) {
        self.lock().extend(rules);
    }

    pub(crate) fn pending(&self) -> Vec<Rule> {
        self.lock().clone()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The fault that a request meets, which uses it up.
    pub(crate) fn meet(&self, operation: Operation, used_connection: bool) -> Option<Fault> {
        let mut rules = self.lock();
        let mut met = None;
        for rule in rules.iter_mut() {
            if !rule.matches.meets(operation, used_connection) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times = times.saturating_sub(1);
            }
            met = Some(rule.fault.clone());
            break;
        }
        rules.retain(|rule| rule.times != Some(0));
        met
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
