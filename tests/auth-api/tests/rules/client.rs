//! A client for tests: without a socket, or on one connection.

use std::fmt;

use auth_api::{AuthApi, Config, Control};
use axum::Router;
use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tower::ServiceExt;

pub(crate) const DEMO: &str = "demo@example.com";
pub(crate) const MULTI: &str = "multi@example.com";
pub(crate) const SECURE: &str = "secure@example.com";
pub(crate) const FULL: &str = "full@example.com";

pub(crate) const TOKENS: &str = "/auth/v1/tokens";
pub(crate) const GENERATE: &str = "/auth/v1/tokens/generate";

/// The API without a socket.
pub(crate) struct Api {
    pub(crate) router: Router,
    pub(crate) control: Control,
}

impl Api {
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let api = AuthApi::open(config).unwrap();
        Self {
            router: api.router(),
            control: api.control(),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        Answer {
            status: head.status,
            headers: head.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str, credential: &str) -> Answer {
        self.send(request(Method::GET, path, credential)).await
    }

    pub(crate) async fn delete(&self, path: &str, credential: &str) -> Answer {
        self.send(request(Method::DELETE, path, credential)).await
    }

    /// Generates a token with e-mail and password.
    pub(crate) async fn generate(&self, email: &str) -> String {
        self.get(GENERATE, &basic(email)).await.token()
    }

    pub(crate) async fn ids(&self, credential: &str) -> Vec<String> {
        let list = self.get(TOKENS, credential).await.json();
        let tokens = list["tokens"].as_array().unwrap();
        let ids = tokens.iter().map(|token| token["id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    }
}

pub(crate) fn request(method: Method, path: &str, credential: &str) -> Request<Body> {
    builder(method, path, credential)
        .body(Body::empty())
        .unwrap()
}

/// A request for a contract.
pub(crate) fn for_contract(
    method: Method,
    path: &str,
    credential: &str,
    contract: &str,
) -> Request<Body> {
    builder(method, path, credential)
        .header("x-contract-number", contract)
        .body(Body::empty())
        .unwrap()
}

fn builder(method: Method, path: &str, credential: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(AUTHORIZATION, credential)
}

/// Credentials with the password that all accounts have.
pub(crate) fn basic(email: &str) -> String {
    basic_with(email, "demo")
}

pub(crate) fn basic_with(email: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{email}:{password}")))
}

pub(crate) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// A segment of a JWT as text.
pub(crate) fn segment(jwt: &str, index: usize) -> String {
    let segment = jwt.split('.').nth(index).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}

/// The ID that a JWT's header names.
pub(crate) fn kid(jwt: &str) -> String {
    let header: Value = serde_json::from_str(&segment(jwt, 0)).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn token(&self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        self.json()["token"].as_str().unwrap().to_owned()
    }

    /// The status and the `errorCode`.
    pub(crate) fn error(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body["httpStatus"], self.status.as_u16());
        let code = body["messages"][0]["errorCode"].as_str().unwrap();
        (self.status.as_u16(), code.to_owned())
    }
}

/// Compares with the status and the `errorCode` of an error.
#[track_caller]
pub(crate) fn assert_error(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.error(), (status, code.to_owned()));
}

/// The API on a port of this machine.
pub(crate) struct Server {
    pub(crate) control: Control,
    address: String,
    serving: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let api = AuthApi::open(Config::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            control: api.control(),
            address: listener.local_addr().unwrap().to_string(),
            serving: tokio::spawn(auth_api::serve(listener, api.router())),
        }
    }

    pub(crate) async fn connect(&self) -> Wire {
        let stream = TcpStream::connect(&self.address).await.unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        Wire {
            sender,
            connection: tokio::spawn(connection),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// One connection to a [`Server`].
pub(crate) struct Wire {
    sender: SendRequest<Body>,
    connection: JoinHandle<hyper::Result<()>>,
}

/// How an exchange ended before its end.
#[derive(Debug)]
pub(crate) enum Cut {
    /// No byte of an answer arrived.
    BeforeHeaders(hyper::Error),
    /// The body broke off after these bytes.
    InBody(Vec<u8>, hyper::Error),
}

impl Cut {
    /// Whether the connection was reset.
    pub(crate) fn is_reset(&self) -> bool {
        let (Self::BeforeHeaders(error) | Self::InBody(_, error)) = self;
        let mut source: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = source {
            if let Some(io) = error.downcast_ref::<std::io::Error>() {
                return io.kind() == std::io::ErrorKind::ConnectionReset;
            }
            source = error.source();
        }
        false
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Wire {
    /// Sends a request and answers as soon as the headers are there.
    pub(crate) async fn open(
        &mut self,
        mut request: Request<Body>,
    ) -> Result<Response<Incoming>, Cut> {
        let host = "localhost".parse().unwrap();
        request.headers_mut().insert("host", host);
        let response = self.sender.send_request(request).await;
        response.map_err(Cut::BeforeHeaders)
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Result<Answer, Cut> {
        let (head, mut rest) = self.open(request).await?.into_parts();
        let mut body = Vec::new();
        while let Some(frame) = rest.frame().await {
            match frame {
                Ok(frame) => body.extend(frame.into_data().unwrap_or_default()),
                Err(error) => return Err(Cut::InBody(body, error)),
            }
        }
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body,
        })
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer, Cut> {
        self.send(request(Method::GET, path, &basic(DEMO))).await
    }

    /// Waits until the server has closed the connection.
    pub(crate) async fn closed(self) {
        // Dropping the sender would close it from this side.
        let sender = self.sender;
        let _ = self.connection.await;
        assert!(sender.is_closed());
    }
}
