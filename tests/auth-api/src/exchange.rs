//! The way of a request through the server: noted, met by a fault, worked on, answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{MatchedPath, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, DATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::time::sleep;

use crate::Shared;
use crate::error::ApiError;
use crate::faults::{Fault, Operation};
use crate::operations::{Criteria, Minted};
use crate::requests::Received;
use crate::server::Connection;

/// A request on its way in.
#[derive(Clone)]
pub(crate) struct Ticket {
    number: u64,
    fault: Option<Fault>,
}

/// Outside of everything else: notes the request, lets a fault spoil the answer, and logs both.
///
/// It runs on when the client has left, as work behind a gateway does.
pub(crate) async fn receive(
    State(shared): State<Arc<Shared>>,
    route: Option<MatchedPath>,
    connection: Option<Extension<Connection>>,
    request: Request,
    next: Next,
) -> Response {
    let connection = connection.map(|Extension(connection)| connection);
    let exchange = exchange(shared, route, connection, request, next);
    tokio::spawn(exchange)
        .await
        .unwrap_or_else(|_| ApiError::internal().into_response())
}

async fn exchange(
    shared: Arc<Shared>,
    route: Option<MatchedPath>,
    connection: Option<Connection>,
    mut request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let operation = Operation::of(&request, route.as_ref().map(MatchedPath::as_str));
    let received = Received::new(&request, operation);
    let fault = shared.faults.meet(operation, received.used_connection);
    let entry = Entry::of(&request, route);
    let number = shared.requests.add(received);
    request.extensions_mut().insert(Ticket {
        number,
        fault: fault.clone(),
    });
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let Ok(date) = shared.settings().http_date().parse() {
        headers.insert(DATE, date);
    }
    let faulty = fault.is_some();
    entry.log(
        number,
        operation,
        response.status(),
        start.elapsed(),
        faulty,
    );
    match fault {
        Some(fault) => fault
            .spoil(response, connection)
            .await
            .unwrap_or_else(|bad| (StatusCode::NOT_IMPLEMENTED, bad.to_string()).into_response()),
        None => response,
    }
}

/// Inside of CORS: does the work, unless a fault says not to.
pub(crate) async fn work(
    State(shared): State<Arc<Shared>>,
    Extension(ticket): Extension<Ticket>,
    request: Request,
    next: Next,
) -> Response {
    let fault = ticket.fault.unwrap_or_default();
    sleep(Duration::from_millis(fault.delay_ms)).await;
    if !fault.perform {
        return fault.error().into_response();
    }
    let response = next.run(request).await;
    if let Some(Minted(id)) = response.extensions().get() {
        shared.requests.minted(ticket.number, *id);
    }
    response
}

/// What of a request may be logged: nothing that a user wrote but the two known parameters.
struct Entry {
    method: Method,
    route: Option<MatchedPath>,
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    ttl: Option<u32>,
    criteria: Option<Criteria>,
}

impl Entry {
    fn of(request: &Request, route: Option<MatchedPath>) -> Self {
        Self {
            method: request.method().clone(),
            route,
            parameters: Query::try_from_uri(request.uri())
                .map(|Query(parameters)| parameters)
                .unwrap_or_default(),
        }
    }

    fn log(
        &self,
        number: u64,
        operation: Operation,
        status: StatusCode,
        took: Duration,
        faulty: bool,
    ) {
        tracing::info!(
            number,
            method = %self.method,
            route = self.route.as_ref().map(MatchedPath::as_str),
            ?operation,
            ttl = self.parameters.ttl,
            criteria = self.parameters.criteria.map(tracing::field::debug),
            status = status.as_u16(),
            took_us = took.as_micros() as u64,
            faulty,
            "request"
        );
    }
}
