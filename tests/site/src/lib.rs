//! Serves `dist/` as its production host does: same headers, same types, 404 for what is not there.
//!
//! The files are read again for each request, so a rebuilt page appears on reload.

mod headers;
mod start;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub use headers::Headers;
pub use start::{Options, Running, start};

/// What to serve, and how it differs from the files.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder made by `cargo xtask dist`.
    pub dist: PathBuf,
    /// Answered in place of the folder's `config.json`.
    pub config_json: Option<String>,
    /// Origins that the page may connect to besides those of its policy.
    pub connect_src: Vec<String>,
    /// Sends the compressed copies that lie beside the files to browsers that take them.
    pub precompressed: bool,
}

/// The encodings of the compressed copies, the better one first, and what it adds to a file's name.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers GET and HEAD for the files of `site`; every other path is 404.
pub fn router(site: Site) -> Router {
    Router::new().fallback(get(answer)).with_state(site)
}

async fn answer(State(site): State<Site>, uri: Uri, request: HeaderMap) -> Response {
    let mut headers = match site.headers(uri.path()).await {
        Ok(headers) => headers,
        Err(error) => return (StatusCode::INTERNAL_SERVER_ERROR, error).into_response(),
    };
    if site.precompressed {
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        for (encoding, extension) in ENCODINGS {
            if accepts(&request, encoding)
                && let Some((media_type, content)) = site.read(uri.path(), extension).await
            {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
                return file(&request, headers, media_type, content);
            }
        }
    }
    match site.read(uri.path(), "").await {
        Some((media_type, content)) => file(&request, headers, media_type, content),
        None => {
            // An error must not be kept as long as the file that is missing.
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            (StatusCode::NOT_FOUND, headers, "Not found\n").into_response()
        }
    }
}

/// A file, or the word that the browser has it already.
fn file(
    request: &HeaderMap,
    mut headers: HeaderMap,
    media_type: HeaderValue,
    content: Bytes,
) -> Response {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let tag = HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish())).ok();
    let known = tag.is_some() && request.get(IF_NONE_MATCH) == tag.as_ref();
    headers.extend(tag.map(|tag| (ETAG, tag)));
    match known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, [(CONTENT_TYPE, media_type)], content).into_response(),
    }
}

impl Site {
    async fn headers(&self, path: &str) -> Result<HeaderMap, String> {
        let file = self.dist.join("_headers");
        let text = tokio::fs::read_to_string(&file)
            .await
            .map_err(|error| format!("{}: {error}\n", file.display()))?;
        let mut headers: HeaderMap = Headers::parse(&text)?
            .of(path)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if let Some(policy) = headers.get_mut(CONTENT_SECURITY_POLICY) {
            *policy = headers::allow_connections(policy, &self.connect_src);
        }
        Ok(headers)
    }

    /// A file's type and what its copy with this extension holds.
    async fn read(&self, path: &str, extension: &str) -> Option<(HeaderValue, Bytes)> {
        let name = match path.strip_prefix('/')? {
            "" => "index.html",
            name => name,
        };
        if !is_plain(name) {
            return None;
        }
        let copy = [name, extension].concat();
        let content = match &self.config_json {
            Some(config) if copy == "config.json" => config.clone().into(),
            _ => tokio::fs::read(self.dist.join(copy)).await.ok()?.into(),
        };
        Some((HeaderValue::from_static(media_type(name)), content))
    }
}

/// Whether the request takes an encoding; a browser that names one takes it.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let accepted = request.get_all(ACCEPT_ENCODING).iter();
    accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|name| name.trim() == encoding)
}

/// Whether a path names a public file: no step out of the folder, nothing hidden, nothing escaped.
fn is_plain(name: &str) -> bool {
    name.split('/').all(|part| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    })
}

fn media_type(name: &str) -> &'static str {
    let extension = Path::new(name).extension().and_then(|e| e.to_str());
    match extension.unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "ts" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
