//! The server answers as the production host would.

use std::fs;
use std::path::PathBuf;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use site::Site;
use tower::ServiceExt;

const HEADERS: &str = "\
/*
  Content-Security-Policy: default-src 'none'; connect-src 'self'
/assets/*
  Cache-Control: immutable
";

/// A built page in a folder of the test's own, removed at the end.
struct Dist(PathBuf);

impl Dist {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("site-{}-{test}", std::process::id()));
        fs::create_dir_all(folder.join("dist/assets")).unwrap();
        let dist = Self(folder);
        for (name, content) in [
            ("dist/_headers", HEADERS),
            ("dist/index.html", "<!doctype html>"),
            ("dist/config.json", "{}"),
            ("dist/assets/app.js", "1"),
            ("dist/assets/app.wasm", "2"),
            ("secret.txt", "outside"),
        ] {
            fs::write(dist.0.join(name), content).unwrap();
        }
        dist
    }

    fn site(&self) -> Site {
        Site {
            dist: self.0.join("dist"),
            config_json: None,
            connect_src: Vec::new(),
            precompressed: false,
        }
    }
}

impl Drop for Dist {
    fn drop(&mut self) {
        // A folder left behind in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn request(site: Site, method: Method, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = request.body(Body::empty()).unwrap();
    site::router(site).oneshot(request).await.unwrap()
}

async fn body(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn files_come_with_their_type_and_headers() {
    let dist = Dist::new("types");
    for (path, media_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/config.json", "application/json"),
        ("/assets/app.js", "text/javascript; charset=utf-8"),
        ("/assets/app.wasm", "application/wasm"),
    ] {
        let response = request(dist.site(), Method::GET, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["content-type"], media_type, "{path}");
        let immutable = response.headers().contains_key("cache-control");
        assert_eq!(immutable, path.starts_with("/assets/"), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_path_is_404_and_never_the_page() {
    let dist = Dist::new("unknown");
    for path in [
        "/tokens",
        "/assets/",
        "/assets/app.css",
        "/assets",
        "/index.html/",
    ] {
        let response = request(dist.site(), Method::GET, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
        assert!(response.headers().contains_key("content-security-policy"));
        assert_eq!(body(response).await, "Not found\n", "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_and_nothing_hidden_is_served() {
    let dist = Dist::new("outside");
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/hostname",
        "/_headers",
        "/.git",
    ] {
        let response = request(dist.site(), Method::GET, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn files_are_read_only() {
    let dist = Dist::new("methods");
    let head = request(dist.site(), Method::HEAD, "/").await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(body(head).await, "");
    let post = request(dist.site(), Method::POST, "/").await;
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn config_and_connections_can_be_overridden() {
    let dist = Dist::new("overrides");
    let site = Site {
        config_json: Some(r#"{"session":"cookie"}"#.to_owned()),
        connect_src: vec!["http://127.0.0.1:9".to_owned()],
        ..dist.site()
    };
    let response = request(site, Method::GET, "/config.json").await;
    assert_eq!(
        response.headers()["content-security-policy"],
        "default-src 'none'; connect-src 'self' http://127.0.0.1:9"
    );
    assert_eq!(body(response).await, r#"{"session":"cookie"}"#);
}

#[tokio::test]
async fn a_rebuilt_file_is_served_at_once() {
    let dist = Dist::new("rebuilt");
    fs::write(dist.0.join("dist/assets/app.js"), "new").unwrap();
    let response = request(dist.site(), Method::GET, "/assets/app.js").await;
    assert_eq!(body(response).await, "new");
}

#[tokio::test]
async fn a_file_is_not_sent_again_until_it_has_changed() {
    let dist = Dist::new("known");
    let get = async |tag: Option<&HeaderValue>| {
        let mut request = Request::builder().uri("/").body(Body::empty()).unwrap();
        let tag = tag.map(|tag| (HeaderName::from_static("if-none-match"), tag.clone()));
        request.headers_mut().extend(tag);
        site::router(dist.site()).oneshot(request).await.unwrap()
    };
    let first = get(None).await;
    let tag = first.headers()["etag"].clone();
    let again = get(Some(&tag)).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(again.headers().contains_key("content-security-policy"));
    assert_eq!(body(again).await, "");
    fs::write(dist.0.join("dist/index.html"), "new").unwrap();
    assert_eq!(body(get(Some(&tag)).await).await, "new");
}

#[tokio::test]
async fn a_browser_gets_the_best_copy_that_it_takes() {
    let dist = Dist::new("copies");
    for (name, content) in [("app.js.br", "brotli"), ("app.js.gz", "gzip")] {
        fs::write(dist.0.join("dist/assets").join(name), content).unwrap();
    }
    let site = Site {
        precompressed: true,
        ..dist.site()
    };
    for (accepted, encoding, content) in [
        ("gzip, deflate, br, zstd", Some("br"), "brotli"),
        ("gzip, deflate", Some("gzip"), "gzip"),
        ("identity", None, "1"),
    ] {
        let request = Request::builder().uri("/assets/app.js");
        let request = request.header("accept-encoding", accepted);
        let request = request.body(Body::empty()).unwrap();
        let response = site::router(site.clone()).oneshot(request).await.unwrap();
        let headers = response.headers();
        let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("content-encoding"), encoding);
        assert_eq!(
            header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(header("vary"), Some("Accept-Encoding"));
        assert_eq!(body(response).await, content);
    }
}

#[tokio::test]
async fn a_file_without_copies_is_sent_as_it_is() {
    let dist = Dist::new("no-copies");
    let site = Site {
        precompressed: true,
        ..dist.site()
    };
    let request = Request::builder().uri("/assets/app.js");
    let request = request.header("accept-encoding", "br");
    let request = request.body(Body::empty()).unwrap();
    let response = site::router(site).oneshot(request).await.unwrap();
    assert!(!response.headers().contains_key("content-encoding"));
    assert_eq!(body(response).await, "1");
}
