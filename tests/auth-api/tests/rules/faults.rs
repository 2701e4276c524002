//! Faults on real sockets.

use std::time::{Duration, Instant};

use auth_api::{Content, Delivery, Fault, Operation, Rule};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::Value;
use tokio::time::timeout;

use crate::client::{Cut, DEMO, GENERATE, Server, TOKENS, assert_error, basic, kid, request};

impl Server {
    fn fault(&self, rule: Rule) {
        self.control.add_faults([rule]).unwrap();
    }

    fn count(&self) -> usize {
        self.control.token_ids(DEMO).unwrap().len()
    }
}

#[tokio::test]
async fn a_connection_carries_many_requests() {
    let server = Server::start().await;
    let mut wire = server.connect().await;
    for _ in 0..3 {
        assert_eq!(wire.get(TOKENS).await.unwrap().status, 200);
    }
    let mut other = server.connect().await;
    assert_eq!(other.get(TOKENS).await.unwrap().status, 200);
    let requests = server.control.requests();
    let used: Vec<bool> = requests.iter().map(|r| r.used_connection).collect();
    assert_eq!(used, [false, true, true, false]);
    let connections: Vec<u64> = requests.iter().filter_map(|r| r.connection).collect();
    let [first, second, third, fourth] = connections[..] else {
        panic!("{connections:?}");
    };
    assert!(first == second && second == third && third != fourth);
}

#[tokio::test]
async fn a_dropped_answer_has_made_its_token() {
    let server = Server::start().await;
    server.fault(Fault::delivery(Delivery::Drop).on(Operation::Generate));
    let mut wire = server.connect().await;
    wire.get(TOKENS).await.unwrap();
    let cut = wire.get(GENERATE).await.unwrap_err();
    assert!(matches!(cut, Cut::BeforeHeaders(_)), "{cut}");
    assert!(!cut.is_reset());
    assert_eq!(server.count(), 1);
    wire.closed().await;
    // The fault is used up.
    let mut wire = server.connect().await;
    assert_eq!(wire.get(GENERATE).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_dropped_answer_need_not_have_made_a_token() {
    let server = Server::start().await;
    let nothing = Fault::status(500).delivered(Delivery::Drop);
    server.fault(nothing.on(Operation::Generate));
    let cut = server.connect().await.get(GENERATE).await.unwrap_err();
    assert!(matches!(cut, Cut::BeforeHeaders(_)), "{cut}");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let server = Server::start().await;
    server.fault(Fault::delivery(Delivery::Reset).on(Operation::Generate));
    let cut = server.connect().await.get(GENERATE).await.unwrap_err();
    assert!(
        matches!(cut, Cut::BeforeHeaders(_)) && cut.is_reset(),
        "{cut}"
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn half_a_body_arrives_before_the_connection_ends() {
    let server = Server::start().await;
    for (delivery, reset) in [(Delivery::Half, false), (Delivery::HalfThenReset, true)] {
        server.fault(Fault::delivery(delivery).on(Operation::Generate));
        let cut = server.connect().await.get(GENERATE).await.unwrap_err();
        assert_eq!(cut.is_reset(), reset, "{cut}");
        let Cut::InBody(half, _) = cut else {
            panic!("{cut}");
        };
        assert!(half.starts_with(br#"{"token":"eyJ"#));
        assert!(half.len() > 300 && half.len() < 700, "{}", half.len());
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_length_can_promise_too_much() {
    let server = Server::start().await;
    server.fault(Fault::delivery(Delivery::WrongLength(10)).on(Operation::Generate));
    let cut = server.connect().await.get(GENERATE).await.unwrap_err();
    let Cut::InBody(whole, _) = cut else {
        panic!("{cut}");
    };
    assert!(whole.ends_with(br#""}"#));
}

#[tokio::test]
async fn a_length_can_promise_too_little() {
    let server = Server::start().await;
    server.fault(Fault::delivery(Delivery::WrongLength(-10)).on(Operation::Generate));
    let answer = server.connect().await.get(GENERATE).await.unwrap();
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
    assert!(answer.text().starts_with(r#"{"token":"eyJ"#));
}

#[tokio::test]
async fn a_gzip_stream_can_be_cut() {
    let server = Server::start().await;
    server.fault(Fault::delivery(Delivery::CutGzip).on(Operation::Generate));
    let answer = server.connect().await.get(GENERATE).await.unwrap();
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let mut plain = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(&answer.body[..]);
    let cut = std::io::Read::read_to_end(&mut decoder, &mut plain).unwrap_err();
    assert_eq!(cut.kind(), std::io::ErrorKind::UnexpectedEof);
}

#[tokio::test]
async fn a_status_says_whether_a_token_was_made_or_not() {
    let server = Server::start().await;
    for status in [408, 421, 429, 500, 502, 503, 504] {
        let before = server.count();
        server.fault(Fault::status(status).on(Operation::Generate));
        let answer = server.connect().await.get(GENERATE).await.unwrap();
        assert_error(&answer, status, &status.to_string());
        assert_eq!(server.count(), before);

        server.fault(Fault::status(status).after_work().on(Operation::Generate));
        let answer = server.connect().await.get(GENERATE).await.unwrap();
        assert_error(&answer, status, &status.to_string());
        assert!(!answer.text().contains("eyJ"));
        assert_eq!(server.count(), before + 1);
    }
    let minted = server
        .control
        .requests()
        .into_iter()
        .filter(|r| r.minted.is_some());
    assert_eq!(minted.count(), 7);
}

#[tokio::test]
async fn an_answer_can_be_the_last_of_its_connection() {
    let server = Server::start().await;
    let closing = Fault::status(408)
        .after_work()
        .delivered(Delivery::ThenClose);
    server.fault(closing.on(Operation::Generate));
    let mut wire = server.connect().await;
    let answer = wire.get(GENERATE).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.header("connection")),
        (408, Some("close"))
    );
    wire.closed().await;
}

#[tokio::test]
async fn errors_have_the_code_that_is_asked_for() {
    let server = Server::start().await;
    let mut wire = server.connect().await;
    server.fault(Fault::status(401).on(Operation::List));
    assert_error(&wire.get(TOKENS).await.unwrap(), 401, "315");
    server.fault(Fault::status(401).code("501").on(Operation::List));
    let step_up = wire.get(TOKENS).await.unwrap();
    assert_error(&step_up, 401, "501");
    assert!(step_up.text().contains("higher level of authentication"));
}

#[tokio::test]
async fn headers_are_set_and_removed() {
    let server = Server::start().await;
    let mut fault = Fault::default().header("cache-control", "max-age=3600");
    fault.headers.insert("content-type".to_owned(), None);
    server.fault(fault.on(Operation::List));
    let answer = server.connect().await.get(TOKENS).await.unwrap();
    assert_eq!(answer.header("cache-control"), Some("max-age=3600"));
    assert_eq!(answer.header("content-type"), None);
}

fn from_elsewhere(method: Method) -> Request<Body> {
    let mut request = request(method, TOKENS, &basic(DEMO));
    for (name, value) in [
        ("origin", "http://localhost:1"),
        ("access-control-request-method", "GET"),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}

#[tokio::test]
async fn an_answer_can_lack_its_cors_headers() {
    let server = Server::start().await;
    let mut wire = server.connect().await;
    for (operation, method) in [
        (Operation::Preflight, Method::OPTIONS),
        (Operation::List, Method::GET),
    ] {
        let fault = Fault::status(429).header("retry-after", "30");
        server.fault(fault.clone().on(operation));
        let answer = wire.send(from_elsewhere(method.clone())).await.unwrap();
        assert_eq!(answer.header("retry-after"), Some("30"));
        assert!(answer.header("access-control-allow-origin").is_some());
        server.fault(fault.without_cors().on(operation));
        let answer = wire.send(from_elsewhere(method)).await.unwrap();
        assert_eq!(answer.status, 429);
        let cors = answer
            .headers
            .keys()
            .filter(|n| n.as_str().starts_with("access-control"));
        assert_eq!(cors.count(), 0);
    }
}

#[tokio::test]
async fn a_redirect_leads_elsewhere() {
    let server = Server::start().await;
    server.fault(Fault::redirect("/login").on(Operation::Generate));
    let answer = server.connect().await.get(GENERATE).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (302, Some("/login"))
    );
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_body_can_say_anything() {
    let server = Server::start().await;
    let mut wire = server.connect().await;
    for (content, body) in [
        (Content::Text("{\"token\":".to_owned()), &b"{\"token\":"[..]),
        (Content::Text(String::new()), b""),
        (Content::Bytes(vec![0xff, 0x00]), b"\xff\x00"),
        (Content::Nested(3), b"{\"tokens\":[[[]]]}"),
    ] {
        server.fault(Fault::body(content).on(Operation::Generate));
        let answer = wire.get(GENERATE).await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, body));
    }
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn a_large_body_is_still_valid() {
    let server = Server::start().await;
    server.fault(Fault::body(Content::Padded(5_000_000)).on(Operation::Generate));
    let answer = server.connect().await.get(GENERATE).await.unwrap();
    assert_eq!(answer.body.len(), 5_000_000);
    assert_eq!(
        server.control.token_ids(DEMO).unwrap()[0].to_string(),
        kid(&answer.token())
    );
}

#[tokio::test]
async fn a_list_can_be_long_or_name_its_tokens_twice() {
    let server = Server::start().await;
    let mut wire = server.connect().await;
    server.fault(
        Fault::body(Content::Rows(10_000))
            .on(Operation::List)
            .times(2),
    );
    let list = wire.get(TOKENS).await.unwrap().json();
    assert_eq!(list, wire.get(TOKENS).await.unwrap().json());
    let tokens = list["tokens"].as_array().unwrap();
    let ids: std::collections::HashSet<&str> = tokens
        .iter()
        .map(|token| token["id"].as_str().unwrap())
        .collect();
    assert_eq!((tokens.len(), ids.len()), (10_000, 10_000));

    wire.get(GENERATE).await.unwrap();
    server.fault(Fault::body(Content::Twice).on(Operation::List));
    let list = wire.get(TOKENS).await.unwrap().json();
    assert_eq!(list["tokens"][0], list["tokens"][1]);
    assert_eq!(list["tokens"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn time_passes_before_or_after_the_work() {
    const PAUSE: Duration = Duration::from_millis(200);
    let server = Server::start().await;
    let mut wire = server.connect().await;
    for fault in [
        Fault::delay(PAUSE),
        Fault::hold(PAUSE),
        Fault::delivery(Delivery::SlowStart(200)),
        Fault::body(Content::Text("1234".to_owned())).delivered(Delivery::Trickle(50)),
    ] {
        server.fault(fault.on(Operation::List));
        let start = Instant::now();
        assert_eq!(wire.get(TOKENS).await.unwrap().status, 200);
        assert!(start.elapsed() >= PAUSE);
    }
}

#[tokio::test]
async fn a_token_is_made_late_though_the_client_has_left() {
    let server = Server::start().await;
    server.fault(Fault::delay(Duration::from_millis(300)).on(Operation::Generate));
    let mut wire = server.connect().await;
    let left = timeout(Duration::from_millis(50), wire.get(GENERATE)).await;
    assert!(left.is_err());
    drop(wire);
    assert_eq!(server.count(), 0);
    let made = timeout(Duration::from_secs(10), async {
        while server.count() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    made.await.unwrap();
}

#[tokio::test]
async fn an_endless_body_goes_on() {
    use http_body_util::BodyExt;
    let server = Server::start().await;
    server.fault(Fault::delivery(Delivery::Endless).on(Operation::List));
    let mut wire = server.connect().await;
    let list = request(Method::GET, TOKENS, &basic(DEMO));
    let mut body = wire.open(list).await.unwrap().into_body();
    let mut length = 0;
    while length < 3_000_000 {
        let frame = body.frame().await.unwrap().unwrap();
        length += frame.into_data().unwrap().len();
    }
}

#[tokio::test]
async fn rules_wait_for_their_requests() {
    let server = Server::start().await;
    let mut wire = server.connect().await;
    server.fault(Fault::status(500).on(Operation::List).skip(1).times(2));
    server.fault(
        Fault::status(503)
            .on(Operation::Generate)
            .used_connection(false),
    );
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(wire.get(TOKENS).await.unwrap().status.as_u16());
    }
    assert_eq!(statuses, [200, 500, 500, 200]);
    assert_eq!(wire.get(GENERATE).await.unwrap().status, 200);
    let mut fresh = server.connect().await;
    assert_eq!(fresh.get(GENERATE).await.unwrap().status, 503);
    assert!(server.control.faults().is_empty());

    server.fault(Fault::status(500).on(Operation::List).always());
    for _ in 0..5 {
        assert_eq!(wire.get(TOKENS).await.unwrap().status, 500);
    }
    server.control.clear_faults();
    assert_eq!(wire.get(TOKENS).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_delete_happens_though_its_answer_is_lost() {
    let server = Server::start().await;
    let mut wire = server.connect().await;
    let id = kid(&wire.get(GENERATE).await.unwrap().token());
    server.fault(Fault::delivery(Delivery::Drop).on(Operation::Delete));
    let delete = request(Method::DELETE, &format!("{TOKENS}/{id}"), &basic(DEMO));
    wire.send(delete).await.unwrap_err();
    assert_eq!(server.count(), 0);
}
