//! Page and API are served together, as the browser tests use them.

use crate::http;

use std::fs;

use auth_api::{Fault, Operation};
use serde_json::{Map, Value, json};
use site::{Options, Running, start};
use tempfile::TempDir;

const HEADERS: &str = "\
/*
  Content-Security-Policy: default-src 'none'; connect-src 'self'
/assets/*
  Cache-Control: immutable
";

fn dist() -> TempDir {
    let dist = tempfile::tempdir().unwrap();
    fs::create_dir(dist.path().join("assets")).unwrap();
    for (name, content) in [
        ("_headers", HEADERS),
        ("index.html", "<!doctype html>"),
        (
            "config.json",
            r#"{"authApiUrl":"/auth/v1","tokenLimit":100}"#,
        ),
        ("assets/app.js", "1"),
    ] {
        fs::write(dist.path().join(name), content).unwrap();
    }
    dist
}

fn options(dist: &TempDir) -> Options {
    Options {
        dist: dist.path().to_owned(),
        ..Options::default()
    }
}

fn get(origin: &str, path: &str) -> http::Answer {
    let address = origin.strip_prefix("http://").unwrap();
    http::send(address, "GET", path, None).unwrap()
}

fn config(running: &Running, path: &str) -> Value {
    serde_json::from_str(&get(&running.origin, path).body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn page_and_api_share_an_origin() {
    let dist = dist();
    let running = start(options(&dist)).await.unwrap();
    assert_eq!(running.url, format!("{}/", running.origin));
    assert_eq!(get(&running.origin, "/").body, "<!doctype html>");
    assert_eq!(get(&running.origin, "/auth/v1/tokens").status, 401);
    assert_eq!(get(&running.origin, "/nothing").status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_is_on_another_origin_too_with_the_same_faults() {
    let dist = dist();
    let running = start(options(&dist)).await.unwrap();
    assert_ne!(running.origin, running.api_origin);
    for origin in [&running.origin, &running.api_origin] {
        let rule = Fault::status(503).on(Operation::List);
        running.control.add_faults([rule]).unwrap();
        assert_eq!(get(origin, "/auth/v1/tokens").status, 503);
    }
    assert_eq!(get(&running.api_origin, "/").status, 404);
    assert_eq!(running.control.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_is_told_and_allowed_to_use_the_api() {
    let dist = dist();
    let running = start(Options {
        cross_origin: true,
        config: Map::from_iter([("tokenLimit".to_owned(), json!(5))]),
        ..options(&dist)
    });
    let running = running.await.unwrap();
    let api = format!("{}/auth/v1", running.api_origin);
    let expected = json!({ "authApiUrl": api, "tokenLimit": 5 });
    assert_eq!(config(&running, "/config.json"), expected);
    let allowed = format!("connect-src 'self' {}", running.api_origin);
    assert!(get(&running.origin, "/").head.contains(&allowed));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_can_live_below_a_path() {
    let dist = dist();
    let running = start(Options {
        base: "/latest".to_owned(),
        ..options(&dist)
    });
    let running = running.await.unwrap();
    assert_eq!(running.url, format!("{}/latest/", running.origin));
    assert_eq!(get(&running.origin, "/latest/").body, "<!doctype html>");
    let script = get(&running.origin, "/latest/assets/app.js");
    assert_eq!((script.status, script.body.as_str()), (200, "1"));
    assert!(script.head.contains("cache-control: immutable"));
    assert_eq!(config(&running, "/latest/config.json")["tokenLimit"], 100);
    for outside in ["/", "/assets/app.js", "/latest/../index.html"] {
        assert_eq!(get(&running.origin, outside).status, 404, "{outside}");
    }
    assert_eq!(get(&running.origin, "/auth/v1/tokens").status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_it_closes_its_ports() {
    let dist = dist();
    let running = start(options(&dist)).await.unwrap();
    let address = running.origin.strip_prefix("http://").unwrap().to_owned();
    drop(running);
    // The task ends at its next turn.
    for _ in 0..100 {
        if std::net::TcpStream::connect(&address).is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{address} still answers");
}
