//! An Auth API, a web server in front of it, and a client that sends each request once.

use std::path::{Path, PathBuf};

use auth_api::{AuthApi, Config, Control, Operation, Tls};
use hosting::{Options, Running, Software, built};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, retry};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) const EMAIL: &str = "demo@example.com";
pub(crate) const PASSWORD: &str = "demo";

pub(crate) struct Setup {
    pub(crate) server: Running,
    pub(crate) control: Control,
    pub(crate) dist: PathBuf,
    client: Client,
    api: JoinHandle<()>,
}

impl Drop for Setup {
    fn drop(&mut self) {
        self.end_api();
    }
}

/// How the API is reached.
pub(crate) enum Upstream {
    Plain,
    /// With a certificate that the server knows.
    Known,
    /// With a certificate that the server does not know.
    Unknown,
}

impl Setup {
    pub(crate) async fn new(software: Software) -> Self {
        Self::with(software, "/", Upstream::Plain).await
    }

    pub(crate) async fn below(software: Software, base: &str) -> Self {
        Self::with(software, base, Upstream::Plain).await
    }

    pub(crate) async fn with(software: Software, base: &str, upstream: Upstream) -> Self {
        let api = AuthApi::open(Config::default()).unwrap();
        let control = api.control();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = Tls::self_signed().unwrap();
        let other = Tls::self_signed().unwrap();
        let known = match upstream {
            Upstream::Unknown => other.certificate().to_owned(),
            _ => own.certificate().to_owned(),
        };
        let (scheme, api) = match upstream {
            Upstream::Plain => (
                "http",
                tokio::spawn(auth_api::serve(listener, api.router())),
            ),
            _ => (
                "https",
                tokio::spawn(auth_api::serve_tls(listener, api.router(), own)),
            ),
        };
        let dist = built().unwrap();
        let options = Options {
            dist: &dist,
            base,
            api: (scheme, port),
            api_certificate: &known,
        };
        let server = software.configure(&options).unwrap().start().unwrap();
        Self {
            server,
            control,
            dist,
            client: client(),
            api,
        }
    }

    /// A request for a file, or for another path below the page's.
    pub(crate) fn page(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.server.url))
    }

    /// A request to the API with e-mail and password.
    pub(crate) fn api(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}/auth/v1{path}", self.server.origin);
        let method = method.parse().unwrap();
        let request = self.client.request(method, url);
        request.basic_auth(EMAIL, Some(PASSWORD))
    }

    /// Ends the API with all its connections.
    pub(crate) fn end_api(&self) {
        self.api.abort();
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// How often the API was asked for a token.
    pub(crate) fn generated(&self) -> usize {
        let requests = self.control.requests();
        let generate = |request: &&_| is_generate(request);
        requests.iter().filter(generate).count()
    }
}

fn is_generate(request: &auth_api::Received) -> bool {
    request.operation == Operation::Generate
}

fn client() -> Client {
    Client::builder()
        // The server's certificate is its own.
        .tls_danger_accept_invalid_certs(true)
        .redirect(Policy::none())
        .retry(retry::never())
        .pool_max_idle_per_host(0)
        .build()
        .unwrap()
}

/// The paths of the files that are served, from the page's.
pub(crate) fn public_files(dist: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for (folder, prefix) in [(dist.to_owned(), ""), (dist.join("assets"), "assets/")] {
        for entry in folder.read_dir().unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let compressed = name.ends_with(".br") || name.ends_with(".gz");
            if entry.path().is_file() && !name.starts_with('_') && !compressed {
                files.push(format!("{prefix}{name}"));
            }
        }
    }
    files.sort_unstable();
    files
}
