//! HTTP/2, as browsers speak it: over TLS.

use std::sync::Arc;

use auth_api::{AuthApi, Config, Control, Delivery, Fault, Operation, Tls, serve_tls};
use axum::body::Body;
use axum::http::{Method, Version};
use http_body_util::BodyExt;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::{DEMO, GENERATE, TOKENS, basic, request};

/// Serves until the test ends.
async fn server() -> (Control, String, Tls) {
    let api = AuthApi::open(Config::default()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let tls = Tls::self_signed().unwrap();
    tokio::spawn(serve_tls(listener, api.router(), tls.clone()));
    (api.control(), address, tls)
}

async fn connect(address: &str, tls: &Tls, protocol: &[u8]) -> TokioIo<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_slice(tls.certificate()).into_owned();
    roots.add(certificate).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let name = "localhost".try_into().unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    TokioIo::new(connector.connect(name, stream).await.unwrap())
}

async fn http2(address: &str, tls: &Tls) -> http2::SendRequest<Body> {
    let io = connect(address, tls, b"h2").await;
    let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn get(address: &str, path: &str) -> axum::http::Request<Body> {
    let url = format!("https://{address}{path}");
    request(Method::GET, &url, &basic(DEMO))
}

#[tokio::test]
async fn a_connection_carries_many_requests_at_once() {
    let (control, address, tls) = server().await;
    let mut sender = http2(&address, &tls).await;
    let requests: Vec<_> = (0..5)
        .map(|_| sender.send_request(get(&address, TOKENS)))
        .collect();
    for response in requests {
        let response = response.await.unwrap();
        assert_eq!(
            (response.status().as_u16(), response.version()),
            (200, Version::HTTP_2)
        );
    }
    let seen = control.requests();
    assert!(seen.iter().all(|r| r.connection == seen[0].connection));
}

#[tokio::test]
async fn clients_of_http_1_are_served_too() {
    let (_control, address, tls) = server().await;
    let io = connect(&address, &tls, b"http/1.1").await;
    let (mut sender, connection) = http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let mut request = request(Method::GET, TOKENS, &basic(DEMO));
    let host = "localhost".parse().unwrap();
    request.headers_mut().insert("host", host);
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.version()),
        (200, Version::HTTP_11)
    );
}

#[tokio::test]
async fn a_fault_ends_the_whole_connection() {
    for delivery in [Delivery::Drop, Delivery::Reset] {
        let (control, address, tls) = server().await;
        let mut sender = http2(&address, &tls).await;
        sender.send_request(get(&address, TOKENS)).await.unwrap();
        let rule = Fault::delivery(delivery).on(Operation::Generate);
        control.add_faults([rule]).unwrap();
        let generate = sender.send_request(get(&address, GENERATE)).await;
        assert!(generate.is_err());
        assert_eq!(control.token_ids(DEMO).unwrap().len(), 1);
        assert!(sender.ready().await.is_err());
    }
}

#[tokio::test]
async fn half_a_body_is_never_taken_for_a_whole_one() {
    let (control, address, tls) = server().await;
    let mut sender = http2(&address, &tls).await;
    let rule = Fault::delivery(Delivery::Half).on(Operation::Generate);
    control.add_faults([rule]).unwrap();
    let response = sender.send_request(get(&address, GENERATE)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.into_body().collect().await.is_err());
}
