//! The browsers that the tests run in.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process::Process;

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, driven by `chromedriver`.
    Chromium,
    /// Firefox, driven by `geckodriver`.
    Firefox,
    /// WebKitGTK's MiniBrowser, driven by `WebKitWebDriver`.
    WebKit,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The engine that `TOKEN_MANAGER_BROWSER` names; Chromium if it names none.
    pub fn under_test() -> Result<Self> {
        let Some(name) = env::var_os("TOKEN_MANAGER_BROWSER") else {
            return Ok(Self::Chromium);
        };
        let named = Self::ALL.into_iter().find(|engine| name == engine.name());
        named.with_context(|| format!("TOKEN_MANAGER_BROWSER is {name:?}, which is no browser"))
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The command that starts the WebDriver server on `port`.
    pub(crate) fn driver(self, port: u16) -> Command {
        let (variable, program) = match self {
            Self::Chromium => ("CHROMEDRIVER", "chromedriver"),
            Self::Firefox => ("GECKODRIVER", "geckodriver"),
            Self::WebKit => ("WEBKITDRIVER", "WebKitWebDriver"),
        };
        let mut driver = Command::new(named(variable, program));
        match self {
            Self::Chromium => driver.arg(format!("--port={port}")),
            Self::Firefox => driver.args(["--port", &port.to_string()]),
            Self::WebKit => driver
                .arg(format!("--port={port}"))
                // Its sandbox refuses to run as root, as tests in containers do.
                .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1"),
        };
        driver
    }

    /// The display that the browser needs, which is no one's screen.
    pub(crate) fn display(self, folder: &Path) -> Result<Option<Display>> {
        match self {
            Self::Chromium | Self::Firefox => Ok(None),
            Self::WebKit => Display::start(folder).map(Some),
        }
    }

    /// Puts into the session's folder what the engine takes from files.
    pub(crate) fn prepare(self, folder: &Path) -> Result<()> {
        if self != Self::WebKit {
            return Ok(());
        }
        // Where downloads go, by the rules of freedesktop.org.
        let config = folder.join("home/.config");
        let downloads = folder.join("downloads");
        fs::create_dir_all(&config)?;
        let text = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
        Ok(fs::write(config.join("user-dirs.dirs"), text)?)
    }

    /// What a new session is asked for.
    pub(crate) fn capabilities(self, options: &Options, folder: &Path) -> Value {
        let downloads = folder.join("downloads");
        let language = options.language;
        let mut capabilities = match self {
            Self::Chromium => {
                let arguments = vec![
                    "--headless".to_owned(),
                    // It refuses to run as root, as tests in containers do.
                    "--no-sandbox".to_owned(),
                    "--disable-gpu".to_owned(),
                    "--disable-dev-shm-usage".to_owned(),
                    "--disable-quic".to_owned(),
                    "--no-first-run".to_owned(),
                    "--disable-background-networking".to_owned(),
                    "--disable-component-update".to_owned(),
                    "--disable-sync".to_owned(),
                    format!("--lang={language}"),
                    format!("--user-data-dir={}", folder.join("profile").display()),
                ];
                let mut chromium = json!({
                    "args": arguments,
                    "prefs": {
                        "download.default_directory": downloads,
                        "intl.accept_languages": language,
                    },
                });
                // The driver looks for the browser itself, but not for a name.
                if let Some(binary) = env::var_os("CHROME") {
                    chromium["binary"] = binary.to_string_lossy().into();
                }
                let network = if options.network_log { "ALL" } else { "OFF" };
                json!({
                    "browserName": "chrome",
                    "goog:loggingPrefs": { "browser": "ALL", "performance": network },
                    "goog:chromeOptions": chromium,
                })
            }
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": named("FIREFOX", "firefox-esr").to_string_lossy(),
                    "args": ["-headless", "-profile", folder.join("profile")],
                    "prefs": {
                        "browser.download.folderList": 2,
                        "browser.download.dir": downloads,
                        "browser.download.always_ask_before_handling_new_types": false,
                        // The panel would take the keys that are meant for the page.
                        "browser.download.alwaysOpenPanel": false,
                        "intl.accept_languages": language,
                        "devtools.console.stdout.content": true,
                        "browser.dom.window.dump.enabled": true,
                    },
                },
            }),
            Self::WebKit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": {
                    "binary": named("MINIBROWSER", MINI_BROWSER).to_string_lossy(),
                    "args": ["--automation"],
                },
            }),
        };
        capabilities["acceptInsecureCerts"] = options.trusting.into();
        capabilities
    }
}

/// Where Debian puts it on a 64-bit PC; `cargo xtask` names it elsewhere.
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// How a test's browser differs from the usual one.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The browser's language.
    pub language: &'static str,
    /// The browser's time zone.
    pub zone: &'static str,
    /// The window's inner size.
    pub size: (u32, u32),
    /// Whether Chromium notes its requests with their headers and bodies.
    pub network_log: bool,
    /// Whether it takes a certificate that nobody has signed.
    pub trusting: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            language: "en-US",
            zone: "Europe/Berlin",
            size: (1280, 900),
            network_log: false,
            trusting: false,
        }
    }
}

/// A screen in memory.
#[derive(Debug)]
pub(crate) struct Display {
    /// What `DISPLAY` has to be.
    pub(crate) name: String,
    _server: Process,
}

impl Display {
    fn start(folder: &Path) -> Result<Self> {
        let mut server = Command::new(named("XVFB", "Xvfb"));
        server.args(["-displayfd", "1", "-screen", "0", "1400x1200x24"]);
        server.args(["-nolisten", "tcp"]);
        let (server, number) = Process::start_and_read_line(&server, folder)?;
        if number.parse::<u32>().is_err() {
            bail!("the display server told no display: {number:?}");
        }
        Ok(Self {
            name: format!(":{number}"),
            _server: server,
        })
    }
}

fn named(variable: &str, otherwise: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| otherwise.into())
}
