//! One test: a server, a browser and the steps of a story.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{env, fs, thread};

use anyhow::{Context, Result, ensure};
use futures_util::FutureExt;
use site::Options;
use tokio::runtime::{Builder, Runtime};

use crate::browser::Browser;
use crate::engine::{self, Engine};
use crate::exceptions;
use crate::page::Page;
use crate::server::Server;

/// One for all tests, since the connections to the browsers outlive each of them.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.expect("threads can be started")
});

/// What a test works with.
pub struct Scenario {
    /// The page in the browser's tab.
    pub page: Page,
    /// The page's server and its API.
    pub server: Server,
    /// The browser.
    pub browser: Browser,
}

/// How a test's server and browser differ from the usual ones.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The server.
    pub server: Options,
    /// The browser.
    pub browser: engine::Options,
    /// Whether the story provokes errors in the browser's console and policy reports.
    pub tolerant: bool,
}

/// Runs a story with the usual server and browser.
pub fn scenario(story: impl AsyncFnOnce(&Scenario) -> Result<()>) -> Result<()> {
    Setup::default().run(story)
}

impl Setup {
    /// In a browser of this language.
    pub fn language(language: &'static str) -> Self {
        let mut setup = Self::default();
        setup.browser.language = language;
        setup
    }

    /// In a window of this size.
    pub fn window(width: u32, height: u32) -> Self {
        let mut setup = Self::default();
        setup.browser.size = (width, height);
        setup
    }

    /// With other keys in `config.json`.
    pub fn config(config: serde_json::Value) -> Self {
        let mut setup = Self::default();
        if let serde_json::Value::Object(config) = config {
            setup.server.config = config;
        }
        setup
    }

    /// With a story that makes the browser complain.
    pub fn tolerant(mut self) -> Self {
        self.tolerant = true;
        self
    }

    /// Runs a story, unless the engine cannot; also fails if the page made the browser complain.
    pub fn run(self, story: impl AsyncFnOnce(&Scenario) -> Result<()>) -> Result<()> {
        unless_excepted(|test| {
            RUNTIME.block_on(async {
                let options = self.browser.clone();
                let browser = Browser::take(&options).await?;
                let (browser, ()) = self.tell(test, browser, story).await?;
                browser.give_back(&options).await
            })
        })
    }

    /// Runs a story and, once its browser is closed, looks at the folder with all it has left.
    pub fn run_then<T>(
        self,
        story: impl AsyncFnOnce(&Scenario) -> Result<T>,
        after: impl FnOnce(&Path, T) -> Result<()>,
    ) -> Result<()> {
        unless_excepted(|test| {
            RUNTIME.block_on(async {
                let browser = Browser::start(&self.browser).await?;
                let (browser, told) = self.tell(test, browser, story).await?;
                let folder = browser.close().await?;
                after(folder.path(), told)
            })
        })
    }

    /// Runs a story in `browser`, which is closed if it fails.
    async fn tell<T>(
        self,
        test: &str,
        browser: Browser,
        story: impl AsyncFnOnce(&Scenario) -> Result<T>,
    ) -> Result<(Browser, T)> {
        let scenario = Scenario {
            page: browser.page(),
            server: Server::start(self.server).await?,
            browser,
        };
        let told = AssertUnwindSafe(story(&scenario)).catch_unwind().await;
        let result = match told {
            Ok(Ok(told)) if !self.tolerant => scenario.without_complaints().await.map(|()| told),
            Ok(result) => result,
            Err(panic) => {
                eprintln!("{}", scenario.state(test).await);
                scenario.browser.close().await?;
                resume_unwind(panic)
            }
        };
        match result {
            Ok(told) => Ok((scenario.browser, told)),
            Err(error) => {
                let state = scenario.state(test).await;
                scenario.browser.close().await?;
                Err(error.context(state))
            }
        }
    }
}

/// Runs the present test, unless its engine cannot.
fn unless_excepted(run: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    let engine = Engine::under_test()?;
    let test = test_name();
    match exceptions::reason(engine, &test) {
        Some(reason) => exceptions::record(engine, &test, reason),
        None => run(&test),
    }
}

impl Scenario {
    async fn without_complaints(&self) -> Result<()> {
        let complaints = self.browser.complaints().await?;
        ensure!(
            complaints.is_empty(),
            "the browser complains: {complaints:#?}"
        );
        let violations = self.server.violations();
        ensure!(
            violations.is_empty(),
            "the policy is broken: {violations:#?}"
        );
        Ok(())
    }

    /// What the page looks like, for the log of a failed test.
    async fn state(&self, test: &str) -> String {
        let text = self.page.text().await;
        let focus = self.page.focus().await;
        let complaints = self.browser.complaints().await;
        let violations = self.server.violations();
        let picture = self.screenshot(&format!("failed-{test}")).await;
        format!(
            "the page shows: {text:?}\nthe focus: {focus:?}\nthe browser's complaints: \
             {complaints:?}\npolicy: {violations:?}\npicture: {picture:?}"
        )
    }

    /// Takes a picture into the folder `TOKEN_MANAGER_SCREENSHOTS`, if there is one.
    pub async fn screenshot(&self, name: &str) -> Result<Option<PathBuf>> {
        let Some(folder) = env::var_os("TOKEN_MANAGER_SCREENSHOTS") else {
            return Ok(None);
        };
        fs::create_dir_all(&folder)?;
        let name = format!(
            "{}-{}.png",
            name.replace("::", "-"),
            self.page.engine().name()
        );
        let path = PathBuf::from(folder).join(name);
        let picture = self.page.driver().screenshot_as_png().await?;
        fs::write(&path, picture).with_context(|| path.display().to_string())?;
        Ok(Some(path))
    }
}

/// The name of the running test: Rust's test harness names the thread after it.
fn test_name() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}
