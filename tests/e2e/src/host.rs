//! A page of another site that shows the element: an example, or whatever a test serves.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use auth_api::{Control, ControlError};
use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::journey::Account;
use crate::page::eventually;
use crate::scenario::Scenario;
use crate::server::Server;

/// What stands in the examples, and in the documentation, for the app and its API.
const APP: &str = "https://tokens.example.com";
const API: &str = "https://api.ionos.com";

/// A site that embeds the app, served until this is dropped.
#[must_use]
pub struct Host {
    /// Its origin, which is another site than the app's, so that browsers isolate the two.
    pub origin: String,
    site: Arc<Site>,
    serving: JoinHandle<()>,
}

struct Site {
    app: String,
    collector: String,
    control: Control,
    account: Account,
    page: Mutex<String>,
    requests: Mutex<Vec<String>>,
}

impl Host {
    /// Starts a host at which `account` is signed in.
    pub async fn start(server: &Server, account: Account) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        let site = Arc::new(Site {
            app: server.origin().to_owned(),
            collector: server.collector().to_owned(),
            control: server.control().clone(),
            account,
            page: Mutex::default(),
            requests: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(site.clone());
        let serving = tokio::spawn(async move {
            // It ends with the test.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            origin,
            site,
            serving,
        })
    }

    /// The same host, which the app allows to show it in a frame.
    pub async fn admitted(server: &Server, account: Account) -> Result<Self> {
        let host = Self::start(server, account).await?;
        server.admit(&host.origin)?;
        Ok(host)
    }

    /// Opens one of its pages, such as an example.
    pub async fn open(&self, s: &Scenario, path: &str) -> Result<()> {
        s.page.open(&format!("{}/{path}", self.origin)).await
    }

    /// Opens a page of this content.
    pub async fn show(&self, s: &Scenario, page: &str) -> Result<()> {
        page.clone_into(&mut lock(&self.site.page));
        self.open(s, "").await
    }

    /// The requests for `path` that it has got: the method and the body.
    pub fn received(&self, path: &str) -> Vec<String> {
        let requests = lock(&self.site.requests);
        let of_path = |request: &String| {
            let (found, rest) = request.split_once(' ')?;
            (found == path).then(|| rest.to_owned())
        };
        requests.iter().filter_map(of_path).collect()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(site): State<Arc<Site>>, method: Method, uri: Uri, body: String) -> Response {
    let path = uri.path();
    lock(&site.requests).push(format!("{path} {method} {body}"));
    match path {
        "/session/token" | "/session/refresh" => site.credential(),
        "/session/second-factor" => token(site.control.session(site.account.email)),
        "/audit" => StatusCode::NO_CONTENT.into_response(),
        "/" => site.page(&lock(&site.page)),
        path => site.file(path),
    }
}

impl Site {
    /// What the element's `getCredential` gives.
    fn credential(&self) -> Response {
        let Account {
            email, password, ..
        } = self.account;
        // A token would be good for one contract only.
        if email == Account::MULTI.email {
            return json!({ "email": email, "password": password })
                .to_string()
                .into_response();
        }
        token(self.control.token(email, 3600))
    }

    fn file(&self, path: &str) -> Response {
        let mut path = path.trim_start_matches('/').to_owned();
        if path.ends_with('/') {
            path.push_str("index.html");
        }
        let content =
            examples().and_then(|folder| Ok(std::fs::read_to_string(folder.join(&path))?));
        match content {
            Ok(content) if path.ends_with(".html") => self.page(&content),
            Ok(script) => {
                ([(CONTENT_TYPE, "text/javascript")], self.filled_in(&script)).into_response()
            }
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        }
    }

    fn page(&self, page: &str) -> Response {
        let page = self.filled_in(page);
        let policy = policy(&page).map(|policy| {
            // Only a policy in the headers can ask for reports; that browsers look for an icon,
            // which nothing has named, is no breach.
            let reporting = format!("{policy}; img-src 'self'; report-uri {}", self.collector);
            [(CONTENT_SECURITY_POLICY, reporting)]
        });
        ([(CONTENT_TYPE, "text/html; charset=utf-8")], policy, page).into_response()
    }

    fn filled_in(&self, text: &str) -> String {
        text.replace(APP, &self.app).replace(API, &self.app)
    }
}

fn token(made: Result<String, ControlError>) -> Response {
    match made {
        Ok(token) => json!({ "token": token }).to_string().into_response(),
        Err(_) => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// The policy in a page's `<meta>`, on one line.
fn policy(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("http-equiv=\"Content-Security-Policy\"")?;
    let (_, rest) = rest.split_once("content=\"")?;
    let (policy, _) = rest.split_once('"')?;
    Some(policy.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The folder with the examples that `cargo xtask` has made ready.
fn examples() -> Result<PathBuf> {
    let folder = std::env::var_os("TOKEN_MANAGER_EXAMPLES");
    folder
        .map(PathBuf::from)
        .context("run these tests with: cargo xtask test --only e2e")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Scenario {
    /// Evaluates an expression as a script of the open page would.
    pub async fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let body = "return JSON.parse(own.eval(`JSON.stringify((${arguments[0]}) ?? null)`))";
        self.page.script(body, vec![expression.into()]).await
    }

    /// Waits until an expression of the open page is true.
    pub async fn holds(&self, expression: &str) -> Result<()> {
        let holds = format!("Boolean({expression})");
        eventually(async || Ok(self.evaluate::<bool>(&holds).await?.then_some(())))
            .await
            .with_context(|| expression.to_owned())
    }

    /// Waits until the panel's frame has told its height, and goes on inside it.
    pub async fn enter_frame(&self) -> Result<()> {
        let driver = self.page.driver();
        driver.enter_default_frame().await?;
        let body = "return select('iframe').filter(({ style }) => style.blockSize)";
        let frame = eventually(async || {
            let found = self.page.elements(body, vec![]).await?;
            Ok(found.into_iter().next())
        });
        let frame = frame.await.context("no frame has answered")?;
        Ok(frame.enter_frame().await?)
    }

    /// Goes back to the page with the frame.
    pub async fn leave_frame(&self) -> Result<()> {
        Ok(self.page.driver().enter_default_frame().await?)
    }
}
