//! The accept loop: connections that are kept alive, and that faults can close.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tower_service::Service;

use crate::tls::Tls;

/// The connection that a request came on; the server adds it to the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct Connection(Arc<Wire>);

#[derive(Debug)]
struct Wire {
    number: u64,
    requests: AtomicU64,
    reset: AtomicBool,
    end: Notify,
}

impl Connection {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        Self(Arc::new(Wire {
            number: COUNT.fetch_add(1, Ordering::Relaxed),
            requests: AtomicU64::new(0),
            reset: AtomicBool::new(false),
            end: Notify::new(),
        }))
    }

    /// Tells the connections of this process apart.
    pub(crate) fn number(&self) -> u64 {
        self.0.number
    }

    /// Whether it had carried a request before the present one.
    pub(crate) fn is_used(&self) -> bool {
        self.0.requests.load(Ordering::Relaxed) > 1
    }

    /// Closes the connection with whatever has been sent until now.
    pub(crate) fn close(&self) {
        self.0.end.notify_one();
    }

    /// Resets the connection in place of closing it.
    pub(crate) fn reset(&self) {
        self.0.reset.store(true, Ordering::Relaxed);
        self.close();
    }
}

/// In a response's extensions: nothing of it is sent, since its connection ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NeverSent;

/// How long the loop rests after an error such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `router` as HTTP/1.1 on `listener`. Dropping the future closes all connections.
pub async fn serve(listener: TcpListener, router: Router) {
    accept(listener, |socket, connection| {
        converse(socket, connection, router.clone(), Protocol::Http1)
    })
    .await;
}

/// The same over TLS, as HTTP/2 for clients that speak it.
pub async fn serve_tls(listener: TcpListener, router: Router, tls: Tls) {
    accept(listener, |socket, connection| {
        let (router, tls) = (router.clone(), tls.clone());
        async move {
            match tls.accept(socket).await {
                Ok((stream, true)) => converse(stream, connection, router, Protocol::Http2).await,
                Ok((stream, false)) => converse(stream, connection, router, Protocol::Http1).await,
                Err(error) => tracing::debug!(%error, "a client did not accept the certificate"),
            }
        }
    })
    .await;
}

async fn accept<F>(listener: TcpListener, mut each: impl FnMut(Socket, Connection) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Half an answer has to leave before the connection is cut.
                let _ = stream.set_nodelay(true);
                let connection = Connection::new();
                let socket = Socket {
                    stream,
                    connection: connection.clone(),
                };
                connections.spawn(each(socket, connection));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

enum Protocol {
    Http1,
    Http2,
}

/// Answers the requests of a connection until it ends, or is ended by a fault.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    connection: Connection,
    router: Router,
    protocol: Protocol,
) {
    let io = TokioIo::new(stream);
    let service = {
        let connection = connection.clone();
        service_fn(move |request| answer(request, connection.clone(), router.clone()))
    };
    let conversation = async {
        match protocol {
            Protocol::Http1 => {
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new());
                http.serve_connection(io, service).await
            }
            Protocol::Http2 => {
                let mut http = http2::Builder::new(TokioExecutor::new());
                http.timer(TokioTimer::new());
                http.serve_connection(io, service).await
            }
        }
    };
    tokio::select! {
        ended = conversation => if let Err(error) = ended {
            tracing::debug!(connection = connection.number(), %error, "a connection ended early");
        },
        () = connection.0.end.notified() => {}
    }
}

async fn answer(
    mut request: Request<Incoming>,
    connection: Connection,
    mut router: Router,
) -> Result<Response, Infallible> {
    connection.0.requests.fetch_add(1, Ordering::Relaxed);
    request.extensions_mut().insert(connection);
    let response = router.call(request.map(Body::new)).await?;
    match response.extensions().get() {
        // Until the connection is gone, which is a matter of microseconds.
        Some(NeverSent) => pending().await,
        None => Ok(response),
    }
}

/// A connection's socket, which ends with a reset if a fault wants one.
pub(crate) struct Socket {
    stream: TcpStream,
    connection: Connection,
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.connection.0.reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
