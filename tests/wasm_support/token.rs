//! Tokens and rows of the list as the API answers them.

use web_sys::Window;

/// A list of these rows.
pub(crate) fn rows(ids: &[&str]) -> String {
    let rows: Vec<String> = ids
        .iter()
        .map(|id| row(id, "2025-09-23T07:29:44Z"))
        .collect();
    format!(r#"{{"tokens":[{}]}}"#, rows.join(","))
}

/// A row that was made at `created` and is valid for a very long time.
pub(crate) fn row(id: &str, created: &str) -> String {
    format!(
        r#"{{"id":"{id}","href":"/auth/v1/tokens/{id}","createdDate":"{created}","expirationDate":"2199-01-01T00:00:00Z"}}"#
    )
}

/// A token with this ID, of contract 31884391.
pub(crate) fn token(id: &str) -> String {
    let header = format!(r#"{{"typ":"JWT","kid":"{id}","alg":"RS256"}}"#);
    let claims = include_str!("../fixtures/api/jwt-claims.json");
    [
        &base64url(&header),
        ".",
        &base64url(claims),
        ".c2lnbmF0dXJl",
    ]
    .concat()
}

fn base64url(text: &str) -> String {
    let window: Window = web_sys::window().unwrap();
    let base64 = window.btoa(text).unwrap();
    base64.replace('+', "-").replace('/', "_").replace('=', "")
}
