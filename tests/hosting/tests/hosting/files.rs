//! The page's files.

use std::collections::BTreeSet;
use std::fs;

use hosting::Software;
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH,
    SERVER, VARY,
};
use rstest::rstest;
use site::Headers;

use crate::support::{Setup, public_files};

fn media_type(path: &str) -> &'static str {
    match path
        .rsplit_once('.')
        .map_or(path, |(_, extension)| extension)
    {
        "" | "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

/// The names of the headers that a file should have.
fn names(rules: &Headers, path: &str) -> Vec<String> {
    let path = format!("/{path}");
    rules.of(&path).map(|(name, _)| name.to_string()).collect()
}

#[rstest]
#[tokio::test]
async fn every_file_comes_with_its_type_and_exactly_its_headers(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
    #[values("/", "/latest/")] base: &str,
) {
    let setup = Setup::below(software, base).await;
    let text = fs::read_to_string(setup.dist.join("_headers")).unwrap();
    let rules = Headers::parse(&text).unwrap();
    let mut files = public_files(&setup.dist);
    let names: BTreeSet<String> = files.iter().flat_map(|path| names(&rules, path)).collect();
    assert!(names.contains("content-security-policy"));
    files.push(String::new());
    for path in files {
        let answer = setup.page(&path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let headers = answer.headers().clone();
        assert_eq!(headers[CONTENT_TYPE], media_type(&path), "{path}");
        for name in &names {
            let full = format!("/{path}");
            let expected = rules.of(&full).filter(|(other, _)| other.as_str() == name);
            let expected: Vec<&str> = expected.map(|(_, value)| value.to_str().unwrap()).collect();
            assert_eq!(values(&headers, name), expected, "{path}: {name}");
        }
        let file = if path.is_empty() { "index.html" } else { &path };
        let content = fs::read(setup.dist.join(file)).unwrap();
        assert_eq!(answer.bytes().await.unwrap(), content, "{path}");
    }
}

#[rstest]
#[tokio::test]
async fn what_was_compressed_beforehand_is_sent_so(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let setup = Setup::new(software).await;
    let mut compressed = 0;
    for path in public_files(&setup.dist) {
        for (encoding, extension, accepted) in [
            ("br", "br", "gzip, deflate, br, zstd"),
            ("gzip", "gz", "gzip, deflate"),
        ] {
            let request = setup.page(&path).header(ACCEPT_ENCODING, accepted);
            let answer = request.send().await.unwrap();
            let headers = answer.headers().clone();
            assert_eq!(headers[CONTENT_TYPE], media_type(&path), "{path}");
            let body = answer.bytes().await.unwrap();
            let Ok(content) = fs::read(setup.dist.join(format!("{path}.{extension}"))) else {
                assert!(!headers.contains_key(CONTENT_ENCODING), "{path}");
                continue;
            };
            assert_eq!(headers[CONTENT_ENCODING], encoding, "{path}");
            assert!(
                values(&headers, VARY.as_str())
                    .concat()
                    .contains("Accept-Encoding")
            );
            assert_eq!(body, content, "{path}");
            compressed += 1;
        }
    }
    assert!(compressed > 0, "no file was compressed beforehand");
}

#[rstest]
#[tokio::test]
async fn the_configuration_is_sent_as_whoever_runs_the_page_has_left_it(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let setup = Setup::new(software).await;
    // A compressed copy would stay as it was built.
    let request = setup
        .page("config.json")
        .header(ACCEPT_ENCODING, "gzip, br");
    let answer = request.send().await.unwrap();
    assert!(!answer.headers().contains_key(CONTENT_ENCODING));
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
}

#[rstest]
#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
    #[values("gzip, br", "identity")] accepted: &str,
) {
    let setup = Setup::new(software).await;
    let page = || setup.page("").header(ACCEPT_ENCODING, accepted);
    let first = page().send().await.unwrap();
    let request = page().header(IF_NONE_MATCH, &first.headers()[ETAG]);
    let second = request.send().await.unwrap();
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    // Its policy names the script, so both must stay of one build.
    let policy = |headers: &HeaderMap| values(headers, "content-security-policy");
    assert_eq!(policy(second.headers()), policy(first.headers()));
}

#[rstest]
#[tokio::test]
async fn what_is_not_there_is_404_and_never_the_page(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
    #[values("/", "/latest/")] base: &str,
) {
    let setup = Setup::below(software, base).await;
    for path in [
        "tokens",
        "assets/",
        "assets/app-0000000000000000.js",
        "assets/app-0000000000000000.wasm",
        "index.html/",
        "_headers",
        "_headers.nginx",
        "_headers.caddy",
        "%5fheaders",
        ".git/config",
        "..%2f..%2fetc/hostname",
    ] {
        let answer = setup.page(path).send().await.unwrap();
        if path.starts_with("..") {
            // It leads out of the page, if it is a request at all.
            assert!(answer.status().is_client_error(), "{path}");
            continue;
        }
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        // An error that is kept would outlive the deployment that mends it.
        let cache = values(answer.headers(), "cache-control").concat();
        assert!(!cache.contains("max-age"), "{path}: {cache}");
        assert_eq!(
            values(answer.headers(), "x-content-type-options"),
            ["nosniff"]
        );
        let body = answer.text().await.unwrap();
        assert!(
            body.len() < 1000 && !body.contains("token"),
            "{path}: {body}"
        );
    }
    if base != "/" {
        let outside = format!("{}/index.html", setup.server.origin);
        let answer = setup.client().get(outside).send().await.unwrap();
        assert_ne!(answer.status(), StatusCode::OK);
    }
}

#[rstest]
#[tokio::test]
async fn files_are_read_only_and_the_server_says_little_about_itself(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
) {
    let setup = Setup::new(software).await;
    for method in ["POST", "PUT", "DELETE"] {
        let url = format!("{}config.json", setup.server.url);
        let request = setup.client().request(method.parse().unwrap(), url);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        let name = answer.headers()[SERVER].to_str().unwrap();
        assert!(name.chars().all(char::is_alphabetic), "{name}");
    }
}

#[tokio::test]
async fn nginx_sends_browsers_that_come_without_tls_on() {
    let setup = Setup::new(Software::Nginx).await;
    let plain = setup.server.plain_origin.as_ref().unwrap();
    let answer = setup
        .client()
        .get(format!("{plain}/x?y"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(answer.headers()["location"], "https://127.0.0.1/x?y");
}
