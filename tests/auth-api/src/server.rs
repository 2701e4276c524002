//! The accept loop: HTTP/1.1 with keep-alive, on connections that faults can close.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tower_service::Service;

/// The connection that a request came on; [`serve`] adds it to the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct Connection(Arc<Wire>);

#[derive(Debug)]
struct Wire {
    number: u64,
    requests: AtomicU64,
    reset: AtomicBool,
}

impl Connection {
    fn new(number: u64) -> Self {
        Self(Arc::new(Wire {
            number,
            requests: AtomicU64::new(0),
            reset: AtomicBool::new(false),
        }))
    }

    pub(crate) fn number(&self) -> u64 {
        self.0.number
    }

    /// Whether it had carried a request before the present one.
    pub(crate) fn is_used(&self) -> bool {
        self.0.requests.load(Ordering::Relaxed) > 1
    }

    /// Makes the connection end with a reset in place of an orderly close, once it ends.
    pub(crate) fn reset_at_end(&self) {
        self.0.reset.store(true, Ordering::Relaxed);
    }
}

/// In a response's extensions: send nothing of it and close the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HangUp;

/// How long the loop rests after an error such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `router` on `listener`. Dropping the future closes all connections.
pub async fn serve(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    let mut count = 0;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                count += 1;
                connections.spawn(converse(stream, Connection::new(count), router.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, connection: Connection, router: Router) {
    // Half an answer has to leave before the connection is cut.
    let _ = stream.set_nodelay(true);
    let service = service_fn(
        |request: Request<Incoming>| -> Pin<Box<dyn Future<Output = _> + Send>> {
            Box::pin(answer(request, connection.clone(), router.clone()))
        },
    );
    let mut http = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    // hyper would shut the stream down in order, which leaves nothing to reset.
    let ended = poll_fn(|context| http.poll_without_shutdown(context)).await;
    if let Err(error) = ended {
        tracing::debug!(connection = connection.number(), %error, "a connection ended early");
    }
    let stream = http.into_parts().io.into_inner();
    if connection.0.reset.load(Ordering::Relaxed) {
        let _ = stream.set_zero_linger();
    }
}

/// Why nothing is answered.
#[derive(Debug)]
struct HungUp;

impl std::fmt::Display for HungUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault has ended the connection")
    }
}

impl std::error::Error for HungUp {}

async fn answer(
    mut request: Request<Incoming>,
    connection: Connection,
    mut router: Router,
) -> Result<Response, HungUp> {
    connection.0.requests.fetch_add(1, Ordering::Relaxed);
    request.extensions_mut().insert(connection);
    let answered: Result<Response, Infallible> = router.call(request.map(Body::new)).await;
    let Ok(response) = answered;
    match response.extensions().get() {
        Some(HangUp) => Err(HungUp),
        None => Ok(response),
    }
}
