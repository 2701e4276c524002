//! The browsers of the tests.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{debian, find};
use crate::workspace::Workspace;

/// No window, no sandbox (it refuses to run as root) and no requests of the browser's own.
const ARGUMENTS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Chromium and the driver that the tests speak to.
pub(crate) struct Chromium {
    /// The browser.
    pub(crate) browser: PathBuf,
    /// Its WebDriver server.
    pub(crate) driver: PathBuf,
}

impl Chromium {
    /// Finds or installs it.
    pub(crate) fn ready(workspace: &Workspace) -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        debian::install(
            workspace,
            &["chromium", "chromium-driver"],
            "the browser tests",
            "about 2 minutes",
        )?;
        Self::find().context("Chromium was installed, but is not on PATH")
    }

    /// What the driver is asked for, as JSON, by the runner of the wasm tests.
    pub(crate) fn capabilities(&self) -> String {
        let arguments = ARGUMENTS
            .map(|argument| format!("\"{argument}\""))
            .join(", ");
        let binary = self.browser.display();
        format!(r#"{{"goog:chromeOptions": {{"binary": "{binary}", "args": [{arguments}]}}}}"#)
    }

    fn find() -> Option<Self> {
        let named = |variable| env::var_os(variable).map(PathBuf::from);
        let browsers = ["chromium", "chromium-browser", "google-chrome"];
        Some(Self {
            browser: named("CHROME").or_else(|| find(&browsers))?,
            driver: named("CHROMEDRIVER").or_else(|| find(&["chromedriver"]))?,
        })
    }
}
