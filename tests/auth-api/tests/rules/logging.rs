use std::io;
use std::sync::{Arc, Mutex};

use crate::client::{Api, DEMO, GENERATE, SECURE, TOKENS, basic, bearer};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn requests_are_logged_without_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || writer.clone())
        .with_max_level(tracing::Level::TRACE)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let api = Api::new();
    let path = format!("{GENERATE}?ttl=3600&note=a-secret-note");
    let token = api.get(&path, &basic(DEMO)).await.token();
    let session = api.control.session(SECURE).unwrap();
    api.get(TOKENS, &bearer(&session)).await;
    // People paste the token where its ID belongs, or in front of the path.
    api.delete(&format!("{TOKENS}/{token}"), &basic(DEMO)).await;
    api.get(&format!("/auth/v1/{token}"), &basic(DEMO)).await;
    api.delete(&format!("{TOKENS}?criteria=a-secret-note"), "")
        .await;
    api.delete(&format!("{TOKENS}?criteria=EXPIRED"), &basic(DEMO))
        .await;

    let bytes = log.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 6, "{text}");
    assert_eq!(lines[0]["route"], GENERATE);
    assert_eq!(lines[0]["ttl"], 3600);
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[2]["route"], "/auth/v1/tokens/{id}");
    assert_eq!(lines[5]["criteria"], "Expired");
    let credentials = basic(DEMO);
    for secret in [
        &token[..40],
        &session[..40],
        &credentials["Basic ".len()..],
        "a-secret-note",
    ] {
        assert!(!text.contains(secret), "{text}");
    }
}
