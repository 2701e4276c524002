//! The browsers of the tests.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{debian, find, tools};
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
        ready(Self::find, workspace, &["chromium", "chromium-driver"])
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
        let browsers = ["chromium", "chromium-browser", "google-chrome"];
        Some(Self {
            browser: named("CHROME").or_else(|| find(&browsers))?,
            driver: named("CHROMEDRIVER").or_else(|| find(&["chromedriver"]))?,
        })
    }
}

/// A browser of the browser tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Browser {
    Chromium,
    Firefox,
    WebKit,
}

impl Browser {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Finds or installs it; the tests learn from these variables where its programs are.
    pub(crate) fn ready(self, workspace: &Workspace) -> Result<Vec<(&'static str, PathBuf)>> {
        match self {
            Self::Chromium => {
                let Chromium { browser, driver } = Chromium::ready(workspace)?;
                Ok(vec![("CHROME", browser), ("CHROMEDRIVER", driver)])
            }
            Self::Firefox => {
                let browser = || named("FIREFOX").or_else(|| find(&["firefox-esr", "firefox"]));
                let browser = ready(browser, workspace, &["firefox-esr"])?;
                let driver = match named("GECKODRIVER").or_else(|| find(&["geckodriver"])) {
                    Some(driver) => driver,
                    None => tools::geckodriver(workspace)?.join("geckodriver"),
                };
                Ok(vec![("FIREFOX", browser), ("GECKODRIVER", driver)])
            }
            Self::WebKit => {
                let programs = || {
                    let driver = named("WEBKITDRIVER").or_else(|| find(&["WebKitWebDriver"]))?;
                    let screen = named("XVFB").or_else(|| find(&["Xvfb"]))?;
                    let browser = named("MINIBROWSER").or_else(mini_browser)?;
                    Some((driver, screen, browser))
                };
                let packages = ["webkit2gtk-driver", "xvfb"];
                let (driver, screen, browser) = ready(programs, workspace, &packages)?;
                Ok(vec![
                    ("WEBKITDRIVER", driver),
                    ("XVFB", screen),
                    ("MINIBROWSER", browser),
                ])
            }
        }
    }
}

/// What `find` finds, if need be after installing `packages`.
fn ready<T>(find: impl Fn() -> Option<T>, workspace: &Workspace, packages: &[&str]) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let purpose = "the browser tests";
    debian::install(workspace, packages, purpose, "about 2 minutes")?;
    find().with_context(|| format!("{} was installed, but is not found", packages.join(" and ")))
}

/// WebKitGTK's browser, which no distribution puts on PATH.
fn mini_browser() -> Option<PathBuf> {
    let path = "webkit2gtk-4.1/MiniBrowser";
    let folders = fs::read_dir("/usr/lib").ok()?.flatten();
    let mut candidates = folders.map(|folder| folder.path().join(path)).chain([
        Path::new("/usr/lib").join(path),
        Path::new("/usr/libexec").join(path),
    ]);
    candidates.find(|candidate| candidate.is_file())
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}
