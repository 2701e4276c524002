//! The built page and the local Auth API, served for one test.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, anyhow};
use auth_api::{Control, Operation, Received, Rule};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha384};
use site::{Options, Running};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A page and its API, for one test alone.
pub struct Server {
    running: Running,
    dist: TempDir,
    violations: Violations,
    collector: String,
    reports: JoinHandle<()>,
}

type Violations = Arc<Mutex<Vec<String>>>;

impl Server {
    /// Serves what `cargo xtask` has built, changed by `options`.
    pub async fn start(options: Options) -> Result<Self> {
        let violations = Violations::default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let collector = format!("http://{}/", listener.local_addr()?);
        let router = Router::new()
            .route("/", post(collect))
            .with_state(violations.clone());
        let reports = tokio::spawn(async move {
            // It ends with the test.
            let _ = axum::serve(listener, router).await;
        });
        let dist = reporting_copy(&built()?, &collector)?;
        let options = Options {
            dist: dist.path().to_owned(),
            ..options
        };
        let running = site::start(options).await;
        Ok(Self {
            running: running.map_err(|error| anyhow!("the page is not served: {error}"))?,
            dist,
            violations,
            collector,
            reports,
        })
    }

    /// The page's address.
    pub fn url(&self) -> &str {
        &self.running.url
    }

    /// Where page and API are served.
    pub fn origin(&self) -> &str {
        &self.running.origin
    }

    /// Sets faults and sees what the API sees.
    pub fn control(&self) -> &Control {
        &self.running.control
    }

    /// Makes the next requests go wrong.
    pub fn fail(&self, rules: impl IntoIterator<Item = Rule>) -> Result<()> {
        Ok(self.control().add_faults(rules)?)
    }

    /// The requests for `operation` that have reached the API.
    pub fn received(&self, operation: Operation) -> Vec<Received> {
        let mut requests = self.control().requests();
        requests.retain(|request| request.operation == operation);
        requests
    }

    /// The tokens that an account really has.
    pub fn token_ids(&self, email: &str) -> Result<Vec<String>> {
        let ids = self.control().token_ids(email)?;
        Ok(ids.iter().map(ToString::to_string).collect())
    }

    /// What browsers have reported of the page breaking its own policy.
    pub fn violations(&self) -> Vec<String> {
        let violations = self.violations.lock();
        violations.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where browsers report that a page breaks its policy.
    pub(crate) fn collector(&self) -> &str {
        &self.collector
    }

    /// Lets pages of `origin` show the frame, as the configuration of the app and its headers do.
    pub fn admit(&self, origin: &str) -> Result<()> {
        let config = fs::read(self.file("config.json")?)?;
        let mut config: Value = serde_json::from_slice(&config)?;
        config["embedOrigins"] = json!([origin]);
        self.alter("config.json", |_| config.to_string().into_bytes())?;
        self.let_frame(origin)
    }

    /// Lets browsers show the frame in pages of `origin`, whatever the app's configuration says.
    pub fn let_frame(&self, origin: &str) -> Result<()> {
        let ancestors = format!("frame-ancestors {origin}");
        self.alter("_headers", |headers| {
            let headers = String::from_utf8_lossy(&headers);
            let blocks = headers.split("\n\n").map(|block| {
                if block.starts_with("/frame.html\n") {
                    block.replace("frame-ancestors 'none'", &ancestors)
                } else {
                    block.to_owned()
                }
            });
            blocks.collect::<Vec<_>>().join("\n\n").into_bytes()
        })
    }

    /// Replaces a served file by what `change` makes of it.
    pub fn alter(&self, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Result<()> {
        let path = self.file(name)?;
        let content = change(fs::read(&path)?);
        fs::remove_file(&path)?;
        // Their compressed copies would be served as they were.
        for extension in ["br", "gz"] {
            let mut copy = path.clone().into_os_string();
            copy.push(".");
            copy.push(extension);
            if Path::new(&copy).exists() {
                fs::remove_file(copy)?;
            }
        }
        Ok(fs::write(&path, content)?)
    }

    /// Puts `script` before the app's own scripts, as the page's host could by delivering another file.
    pub fn prepend_to_app(&self, script: &str) -> Result<()> {
        for name in [
            "assets/app-*.js",
            "assets/frame-*.js",
            "assets/element-*.js",
        ] {
            let (mut before, mut after) = Default::default();
            self.alter(name, |app| {
                let altered = [script.as_bytes(), b"\n", &app].concat();
                (before, after) = (integrity(&app), integrity(&altered));
                altered
            })?;
            for name in ["index.html", "frame.html", "embed.js", "_headers"] {
                self.alter(name, |text| {
                    let text = String::from_utf8_lossy(&text);
                    text.replace(&before, &after).into_bytes()
                })?;
            }
        }
        Ok(())
    }

    /// Lets the standalone page load the script that is for other pages in place of its own.
    pub fn load_element_script(&self) -> Result<()> {
        let script = |name| -> Result<[String; 2]> {
            let path = self.file(name)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Ok([name.into_owned(), integrity(&fs::read(&path)?)])
        };
        let own = script("assets/app-*.js")?;
        let element = script("assets/element-*.js")?;
        for name in ["index.html", "_headers"] {
            self.alter(name, |text| {
                let mut text = String::from_utf8_lossy(&text).into_owned();
                for (own, element) in own.iter().zip(&element) {
                    text = text.replace(own, element);
                }
                text.into_bytes()
            })?;
        }
        Ok(())
    }

    /// Removes a served file.
    pub fn remove(&self, name: &str) -> Result<()> {
        Ok(fs::remove_file(self.file(name)?)?)
    }

    /// The served file of this name, in which `*` stands for its hash.
    pub fn file(&self, name: &str) -> Result<PathBuf> {
        let (folder, name) = name.rsplit_once('/').unwrap_or(("", name));
        let Some((start, end)) = name.split_once('*') else {
            return Ok(self.dist.path().join(folder).join(name));
        };
        for entry in fs::read_dir(self.dist.path().join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(start) && name.ends_with(end) {
                return Ok(entry.path());
            }
        }
        Err(anyhow!("no file is called {name}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.reports.abort();
    }
}

/// The integrity value of a script.
fn integrity(script: &[u8]) -> String {
    let digest = Sha384::digest(script);
    format!("sha384-{}", BASE64_STANDARD.encode(digest))
}

async fn collect(State(violations): State<Violations>, body: String) {
    let report: Value = serde_json::from_str(&body).unwrap_or_default();
    let report = &report["csp-report"];
    let text = format!(
        "{} blocked {}",
        report["effective-directive"], report["blocked-uri"]
    );
    let violations = violations.lock();
    violations
        .unwrap_or_else(PoisonError::into_inner)
        .push(text);
}

/// The folder that `cargo xtask` has built.
fn built() -> Result<PathBuf> {
    let dist = std::env::var_os("TOKEN_MANAGER_DIST");
    dist.map(PathBuf::from)
        .context("run these tests with: cargo xtask test --only e2e")
}

/// A copy of `dist` whose policy makes browsers report to `collector`.
fn reporting_copy(dist: &Path, collector: &str) -> Result<TempDir> {
    let copy = TempDir::new()?;
    fs::create_dir(copy.path().join("assets"))?;
    for folder in ["", "assets"] {
        for entry in fs::read_dir(dist.join(folder)).with_context(|| dist.display().to_string())? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                symlink(
                    entry.path(),
                    copy.path().join(folder).join(entry.file_name()),
                )?;
            }
        }
    }
    let headers = copy.path().join("_headers");
    let text = fs::read_to_string(&headers)?;
    let reporting = text.lines().map(|line| {
        let is_policy = line.trim_start().starts_with("Content-Security-Policy:");
        let report = if is_policy {
            format!("; report-uri {collector}")
        } else {
            String::new()
        };
        format!("{line}{report}\n")
    });
    let reporting: String = reporting.collect();
    fs::remove_file(&headers)?;
    fs::write(&headers, reporting)?;
    Ok(copy)
}
