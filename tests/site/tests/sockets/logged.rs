//! The request log of the process.

use serde_json::Value;

use crate::http;
use crate::server::{DEMO, Server, TOKENS};

#[test]
fn requests_are_logged_without_secrets() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "trace");
    let send = |method: &str, path: &str, credential: Option<&str>| {
        let answer = http::send(&server.address, method, path, credential);
        answer.unwrap().body
    };
    let generate = format!("{TOKENS}/generate?ttl=3600&note=a-secret-note");
    let body: Value = serde_json::from_str(&send("GET", &generate, Some(DEMO))).unwrap();
    let token = body["token"].as_str().unwrap();
    send("GET", TOKENS, Some(&format!("Bearer {token}")));
    // People paste the token where its ID belongs, or behind the address.
    send("DELETE", &format!("{TOKENS}/{token}"), Some(DEMO));
    send("GET", &format!("/auth/v1/{token}"), None);
    send(
        "DELETE",
        &format!("{TOKENS}?criteria=a-secret-note"),
        Some(DEMO),
    );
    send("DELETE", &format!("{TOKENS}?criteria=EXPIRED"), Some(DEMO));

    let log = server.log();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["message"] == "request")
        .collect();
    assert_eq!(lines.len(), 6, "{log}");
    assert_eq!(lines[0]["route"], "/auth/v1/tokens/generate");
    assert_eq!(lines[0]["ttl"], 3600);
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[2]["route"], "/auth/v1/tokens/{id}");
    assert_eq!(lines[3]["status"], 404);
    assert_eq!(lines[5]["criteria"], "Expired");
    for secret in [&token[..40], &DEMO["Basic ".len()..], "a-secret-note"] {
        assert!(!log.contains(secret), "{log}");
    }
}
