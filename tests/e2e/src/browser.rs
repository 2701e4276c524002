//! One browser session: its driver, its folders and what it has to say.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};

use crate::engine::{Display, Engine, Options};
use crate::page::{Page, eventually};
use crate::process::Process;

/// A browser that is ready for its first page.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    driver: WebDriver,
    folder: TempDir,
    // Dropped in this order: first the driver, then the screen.
    _process: Process,
    _display: Option<Display>,
}

impl Browser {
    /// Starts the engine under test.
    pub async fn start(options: &Options) -> Result<Self> {
        let engine = Engine::under_test()?;
        let folder = TempDir::new()?;
        for name in ["downloads", "home", "profile"] {
            fs::create_dir(folder.path().join(name))?;
        }
        let display = engine.display()?;
        let port = free_port()?;
        let log = File::create(folder.path().join("browser.log"))?;
        let mut command = engine.driver(port);
        command
            .stdout(log.try_clone()?)
            .stderr(log)
            .env("HOME", folder.path().join("home"))
            .env("XDG_DOWNLOAD_DIR", folder.path().join("downloads"))
            .env("TZ", options.zone)
            .env("LANGUAGE", options.language);
        if let Some(display) = &display {
            command.env("DISPLAY", &display.name);
        }
        let process = Process::start(&mut command)?;
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
        Ok(Self {
            engine,
            driver,
            folder,
            _process: process,
            _display: display,
        })
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

    /// The errors and warnings that the browser has told about the page.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        if self.engine == Engine::Chromium {
            let entries = self.driver.browser_log().await?;
            let complaint = |level: &str| matches!(level, "WARNING" | "SEVERE");
            let complaints = entries.into_iter().filter(|entry| complaint(&entry.level));
            return Ok(complaints.map(|entry| entry.message).collect());
        }
        let log = fs::read_to_string(self.folder.path().join("browser.log"))?;
        let marks = [
            "CONSOLE",
            "console.error",
            "console.warn",
            "JavaScript error",
        ];
        let complaint = |line: &&str| marks.iter().any(|mark| line.contains(mark));
        Ok(log.lines().filter(complaint).map(str::to_owned).collect())
    }

    /// Closes the browser; the folder stays until the returned value is dropped.
    pub async fn close(self) -> Result<TempDir> {
        self.driver.quit().await?;
        Ok(self.folder)
    }
}

/// A port that nobody listens on.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
