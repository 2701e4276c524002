//! One browser session: its driver, its folders and what it has to say.

use std::collections::HashSet;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{Capabilities, RequestData, SessionId, WebDriver};

use crate::engine::{Display, Engine, Options};
use crate::page::{Page, eventually};
use crate::process::Process;

/// Browsers between two stories; they end with the tests.
static IDLE: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

/// A browser that is ready for its first page.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    driver: WebDriver,
    folder: TempDir,
    /// How much room its pages had when it started, in CSS pixels.
    height: u64,
    /// Where the log was when the present story began.
    log_start: usize,
    // Dropped in this order: first the driver, then the screen.
    _process: Process,
    _display: Option<Display>,
}

impl Browser {
    /// Starts the engine under test; twice, if the machine was too busy for its driver at first.
    pub async fn start(options: &Options) -> Result<Self> {
        match Self::start_once(options).await {
            Ok(browser) => Ok(browser),
            Err(first) => Self::start_once(options)
                .await
                .with_context(|| format!("also the first time: {first:#}")),
        }
    }

    async fn start_once(options: &Options) -> Result<Self> {
        let engine = Engine::under_test()?;
        let folder = TempDir::new()?;
        for name in ["downloads", "home", "profile", "tmp"] {
            fs::create_dir(folder.path().join(name))?;
        }
        engine.prepare(folder.path())?;
        let display = engine.display(folder.path())?;
        let port = free_port()?;
        let log = File::create(folder.path().join("browser.log"))?;
        let mut command = engine.driver(port);
        command
            .env("HOME", folder.path().join("home"))
            .env("TMPDIR", folder.path().join("tmp"))
            .env("TZ", options.zone)
            .env("LANGUAGE", options.language);
        if let Some(display) = &display {
            command.env("DISPLAY", &display.name);
        }
        let process = Process::start(&command, folder.path(), &log)?;
        let server = format!("http://127.0.0.1:{port}");
        eventually(async || Ok(std::net::TcpStream::connect(("127.0.0.1", port)).ok()))
            .await
            .with_context(|| format!("the driver of {} does not answer", engine.name()))?;

        let wanted = engine.capabilities(options, folder.path());
        let wanted = wanted.as_object().context("no capabilities")?.clone();
        let driver = WebDriver::builder(&server, Capabilities::from(wanted))
            .request_timeout(Duration::from_secs(60))
            .connect()
            .await
            .with_context(|| {
                fs::read_to_string(folder.path().join("browser.log")).unwrap_or_default()
            })?;
        driver.set_script_timeout(Duration::from_secs(60)).await?;
        let (width, height) = options.size;
        driver.set_window_rect(0, 0, width, height).await?;
        let mut browser = Self {
            engine,
            driver,
            folder,
            height: 0,
            log_start: 0,
            _process: process,
            _display: display,
        };
        browser.height = browser.page().height().await?;
        Ok(browser)
    }

    /// The page in its tab.
    pub fn page(&self) -> Page {
        Page::new(
            self.driver.clone(),
            self.engine,
            self.folder.path().join("downloads"),
        )
    }

    /// Where it keeps its profile, its downloads and its log.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The errors and warnings that the browser has told about the page since it was asked last.
    ///
    /// That an answer was an error is no complaint: stories are told about those, too.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        if self.engine == Engine::Chromium {
            let mut entries = self.driver.browser_log().await?;
            entries.retain(|entry| {
                matches!(entry.level.as_str(), "WARNING" | "SEVERE")
                    && entry.source.as_deref() != Some("network")
            });
            return Ok(entries.into_iter().map(|entry| entry.message).collect());
        }
        if self.engine == Engine::WebKit {
            // Its driver passes nothing of the console on.
            return Ok(Vec::new());
        }
        Ok(firefox_complaints(&self.log()?))
    }

    /// All that Chromium's console has been told since it was asked last, or what Firefox has written.
    pub async fn console(&self) -> Result<String> {
        match self.engine {
            Engine::Chromium => {
                let entries = self.driver.browser_log().await?;
                Ok(entries
                    .into_iter()
                    .map(|entry| entry.message + "\n")
                    .collect())
            }
            _ => self.log(),
        }
    }

    /// The requests that Chromium has noted, with their headers and bodies.
    pub async fn requests(&self) -> Result<Vec<Value>> {
        let entries = self.driver.get_log("performance").await?;
        let mut requests = Vec::new();
        for entry in entries {
            let entry: Value = serde_json::from_str(&entry.message)?;
            let method = entry["message"]["method"].as_str().unwrap_or_default();
            if method.starts_with("Network.requestWillBeSent") {
                requests.push(entry["message"]["params"].clone());
            }
        }
        Ok(requests)
    }

    /// All strings and objects that Chromium's JavaScript can still reach.
    pub async fn heap(&self) -> Result<String> {
        let cdp = self.driver.cdp();
        cdp.send_raw("HeapProfiler.collectGarbage", json!({}))
            .await?;
        let snapshot = self.driver.cmd(HeapSnapshot).await?;
        Ok(snapshot.value_json()?.to_string())
    }

    /// What Chromium tells screen readers.
    pub async fn accessibility(&self) -> Result<String> {
        let cdp = self.driver.cdp();
        let tree = cdp
            .send_raw("Accessibility.getFullAXTree", json!({}))
            .await?;
        Ok(tree.to_string())
    }

    fn log(&self) -> Result<String> {
        let log = fs::read(self.folder.path().join("browser.log"))?;
        let own = log.get(self.log_start..).unwrap_or_default();
        Ok(String::from_utf8_lossy(own).into_owned())
    }

    /// Makes it ready for another story: another tab, no downloads, nothing said.
    ///
    /// Each story's server has an origin of its own, and with it all that is stored by origin.
    async fn renew(mut self) -> Result<Self> {
        let before = self.driver.windows().await?;
        self.driver.delete_all_cookies().await?;
        let tab = self.driver.new_tab().await?;
        for window in before {
            self.driver.switch_to_window(window).await?;
            self.driver.close_window().await?;
        }
        self.driver.switch_to_window(tab).await?;
        let downloads = self.folder.path().join("downloads");
        fs::remove_dir_all(&downloads)?;
        fs::create_dir(&downloads)?;
        self.complaints().await?;
        self.log_start += self.log()?.len();
        Ok(self)
    }

    /// An idle browser or a new one.
    pub(crate) async fn take(options: &Options) -> Result<Self> {
        let idle = match *options == Options::default() {
            true => lock(&IDLE).pop(),
            false => None,
        };
        match idle {
            Some(browser) => Ok(browser),
            None => Self::start(options).await,
        }
    }

    /// Keeps the browser for the next story, since starting one takes longer than most stories.
    pub(crate) async fn give_back(self, options: &Options) -> Result<()> {
        // MiniBrowser lists its downloads in a bar, which leaves the page less room each time.
        let is_cramped = self.engine == Engine::WebKit
            && !matches!(self.page().height().await, Ok(height) if height == self.height);
        if *options != Options::default() || is_cramped {
            return self.close().await.map(drop);
        }
        let browser = self.renew().await?;
        lock(&IDLE).push(browser);
        Ok(())
    }

    /// Closes the browser; the folder stays until the returned value is dropped.
    pub async fn close(self) -> Result<TempDir> {
        self.driver.quit().await?;
        Ok(self.folder)
    }
}

/// What Firefox's log complains about.
///
/// When a document goes, Firefox stops the script that runs in it wherever it is. What the document
/// is told after that finds a module that was left in the middle; nobody sees that any more.
fn firefox_complaints(log: &str) -> Vec<String> {
    const STOPPED: &str = "Script terminated by timeout at:";
    const LEFT_RUNNING: &str = "closure invoked recursively or after being dropped";
    // What the browser's own scripts complain about starts otherwise.
    let marks = ["JavaScript error: http", "console.error: \""];
    let mut stopped = HashSet::new();
    let mut complaints = Vec::new();
    for line in log.lines() {
        let origin = line
            .split_once("http")
            .and_then(|(_, url)| url.split('/').nth(2));
        if line.ends_with(STOPPED) {
            stopped.insert(origin);
        } else if marks.iter().any(|mark| line.starts_with(mark))
            && !(line.ends_with(LEFT_RUNNING) && stopped.contains(&origin))
        {
            complaints.push(line.to_owned());
        }
    }
    complaints
}

/// A command of Chromium's driver.
#[derive(Debug)]
struct HeapSnapshot;

impl FormatRequestData for HeapSnapshot {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(
            Method::GET,
            format!("session/{session}/chromium/heap_snapshot"),
        )
    }
}

/// A port that nobody listens on.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firefox_complains_of_what_is_left_running_only_where_it_stopped_a_script() {
        let stopped = "JavaScript warning: http://127.0.0.1:1/app.js, line 1: Script terminated by timeout at:\n\
                       o@http://127.0.0.1:1/app.js:1:16030";
        let left = "JavaScript error: http://127.0.0.1:1/app.js, line 1: Error: \
                    closure invoked recursively or after being dropped";
        let elsewhere = left.replace(":1/", ":2/");
        let other = "JavaScript error: http://127.0.0.1:1/app.js, line 1: Error: another";
        assert_eq!(firefox_complaints(left), [left]);
        let log = [stopped, left, &elsewhere, other].join("\n");
        assert_eq!(firefox_complaints(&log), [elsewhere.as_str(), other]);
    }
}
