//! The page as its user meets it: things with a role and a name, keys, text and announcements.
//!
//! Nothing here sleeps for a fixed time: what is expected is waited for, and has failed after
//! [`PATIENCE`].

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::error::{WebDriverError, WebDriverErrorInner};
use thirtyfour::{Key, RequestData, SessionId, WebDriver, WebElement};
use tokio::time::{Instant, sleep};

use crate::engine::Engine;

/// How long a condition may take to come true on a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(40);

/// Between the keys that are pressed.
const NO_DELAY: Option<Duration> = Some(Duration::ZERO);

const DOM: &str = include_str!("dom.js");

/// Scrolls to an element. Where that has moved it, browsers lay out rows that were not seen before;
/// and a frame gets its height from another page, some time after it has asked for it: there, waits
/// until the element stays where it is, since a click would miss it otherwise.
const CENTRE: &str = "const [element, done] = arguments;
    const place = () => {
        const { x, y } = element.getBoundingClientRect();
        return `${x} ${y} ${innerHeight}`;
    };
    const rest = (frames, before) => {
        if (frames === 0) return done();
        // Not by frames, which a tab behind another one has none of.
        setTimeout(() => {
            const now = place();
            rest(now === before ? frames - 1 : 5, now);
        }, 16);
    };
    const before = place();
    element.scrollIntoView({ block: 'center' });
    rest(parent === window && place() === before ? 0 : 5, place())";

/// MiniBrowser lists its downloads below the page, and takes the room for it a moment after the file
/// is there: waits until the page keeps its height for a second, since a click would miss otherwise.
const SETTLED: &str = "const done = arguments[0];
    const rest = (frames, before) => {
        if (frames === 0) return done();
        requestAnimationFrame(() => rest(innerHeight === before ? frames - 1 : 60, innerHeight));
    };
    rest(60, innerHeight)";

/// The page in the browser's current tab.
#[derive(Clone, Debug)]
pub struct Page {
    driver: WebDriver,
    engine: Engine,
    downloads: PathBuf,
}

impl Page {
    pub(crate) fn new(driver: WebDriver, engine: Engine, downloads: PathBuf) -> Self {
        Self {
            driver,
            engine,
            downloads,
        }
    }

    /// The engine that shows it.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The WebDriver session, for what this type does not offer.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Loads `url`.
    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
    }

    /// The element with `role` and accessible `name`.
    pub fn find(&self, role: &'static str, name: &str) -> Locator {
        Locator::new(self, Step::named(role, name))
    }

    /// Every element with `role`.
    pub fn every(&self, role: &'static str) -> Locator {
        Locator::new(self, Step::any(role))
    }

    /// A button.
    pub fn button(&self, name: &str) -> Locator {
        self.find("button", name)
    }

    /// A link.
    pub fn link(&self, name: &str) -> Locator {
        self.find("link", name)
    }

    /// A text or password field.
    pub fn field(&self, name: &str) -> Locator {
        self.find("textbox", name)
    }

    /// A heading.
    pub fn heading(&self, name: &str) -> Locator {
        self.find("heading", name)
    }

    /// A selection list.
    pub fn list_box(&self, name: &str) -> Locator {
        self.find("combobox", name)
    }

    /// A dialog.
    pub fn dialog(&self, name: &str) -> Locator {
        self.find("dialog", name)
    }

    /// A dialog that asks for a decision.
    pub fn alert_dialog(&self, name: &str) -> Locator {
        self.find("alertdialog", name)
    }

    /// Runs a script with the functions of `dom.js`.
    pub async fn script<T: DeserializeOwned>(
        &self,
        body: &str,
        arguments: Vec<Value>,
    ) -> Result<T> {
        let result = self.driver.execute(format!("{DOM}\n{body}"), arguments);
        Ok(result.await?.convert()?)
    }

    /// Runs a script that hands its result to its last argument, a function.
    pub async fn asynchronous<T: DeserializeOwned>(
        &self,
        body: &str,
        arguments: Vec<Value>,
    ) -> Result<T> {
        let script = format!("{DOM}\n{body}");
        let result = self.driver.execute_async(script, arguments);
        Ok(result.await?.convert()?)
    }

    /// The elements that a script returns.
    pub async fn elements(&self, body: &str, arguments: Vec<Value>) -> Result<Vec<WebElement>> {
        let found = self.driver.execute(format!("{DOM}\n{body}"), arguments);
        // An element that goes while it is found has no reference; whoever looks for it looks again.
        Ok(found.await?.elements().unwrap_or_default())
    }

    /// All text that is shown; while a modal dialog is open, the text in it.
    pub async fn text(&self) -> Result<String> {
        self.script("return shownText(usable())", vec![]).await
    }

    /// Waits until `text` is shown.
    pub async fn says(&self, text: &str) -> Result<()> {
        let mut shown = String::new();
        let result = eventually(async || {
            shown = self.text().await?;
            Ok(shown.contains(text).then_some(()))
        });
        let result = result.await;
        result.with_context(|| format!("`{text}` does not appear in: {shown}"))
    }

    /// Waits until `text` is no longer shown.
    pub async fn says_no_longer(&self, text: &str) -> Result<()> {
        let gone = eventually(async || Ok((!self.text().await?.contains(text)).then_some(())));
        gone.await.with_context(|| format!("`{text}` stays"))
    }

    /// What the live regions of the page, or of the top-most dialog, tell.
    pub async fn announcements(&self) -> Result<Vec<String>> {
        let body = r#"return [...perceivable(usable())]
            .filter((element) => ["status", "alert"].includes(roleOf(element)))
            .map((element) => shownText(element))
            .filter(Boolean)"#;
        self.script(body, vec![]).await
    }

    /// Waits until a live region tells `text`.
    pub async fn announces(&self, text: &str) -> Result<()> {
        let mut told = Vec::new();
        let result = eventually(async || {
            told = self.announcements().await?;
            Ok(told.iter().any(|words| words.contains(text)).then_some(()))
        });
        let result = result.await;
        result.with_context(|| format!("`{text}` is not announced, but {told:?}"))
    }

    /// What has the keyboard's focus; none if nothing in particular has.
    pub async fn focus(&self) -> Result<Option<Named>> {
        self.script("return describe(focused())", vec![]).await
    }

    /// Waits until the focus is on the element with `role` and `name`.
    pub async fn focus_is_on(&self, role: &str, name: &str) -> Result<()> {
        let mut focus = None;
        let result = eventually(async || {
            focus = self.focus().await?;
            let there = |focus: &Named| focus.role == role && focus.name == name;
            Ok(focus.as_ref().is_some_and(there).then_some(()))
        });
        let result = result.await;
        result.with_context(|| format!("the focus is not on {role} `{name}`, but on {focus:?}"))
    }

    /// Presses a key such as `a`, `Enter`, `Shift+Tab`, wherever the focus is.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let keys = keys.split('+').map(key).collect::<Result<Vec<char>>>()?;
        let mut actions = self.driver.action_chain_with_delay(NO_DELAY, NO_DELAY);
        for &key in &keys {
            actions = actions.key_down(key);
        }
        for &key in keys.iter().rev() {
            actions = actions.key_up(key);
        }
        Ok(actions.perform().await?)
    }

    /// Types `text` wherever the focus is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        let actions = self.driver.action_chain_with_delay(NO_DELAY, NO_DELAY);
        Ok(actions.send_keys(text).perform().await?)
    }

    /// The role and the name that the browser itself computes for assistive technology.
    pub async fn computed(&self, element: &WebElement) -> Result<Named> {
        let compute = async |what| {
            let answer = self.driver.cmd(Computed { element, what }).await?;
            answer.value::<String>()
        };
        Ok(Named {
            role: compute("computedrole").await?,
            name: compute("computedlabel").await?,
        })
    }

    /// What axe-core finds wrong with the page, by WCAG 2.2 AA, in words.
    pub async fn barriers(&self) -> Result<Vec<String>> {
        let path = std::env::var_os("TOKEN_MANAGER_AXE").context("TOKEN_MANAGER_AXE is not set")?;
        let is_there = "return typeof axe !== 'undefined'";
        if !self.script::<bool>(is_there, vec![]).await? {
            let axe = std::fs::read_to_string(path)?;
            self.driver.execute(axe, vec![]).await?;
        }
        self.asynchronous(include_str!("axe.js"), vec![]).await
    }

    /// What pasting gives, read in a tab of its own as another program would.
    pub async fn clipboard(&self) -> Result<String> {
        let own = self.driver.window().await?;
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab).await?;
        self.open("data:text/html,<textarea autofocus></textarea>")
            .await?;
        let area = self.driver.find(thirtyfour::By::Tag("textarea")).await?;
        area.click().await?;
        self.press("Control+v").await?;
        let text = area.prop("value").await?.unwrap_or_default();
        self.driver.close_window().await?;
        self.driver.switch_to_window(own).await?;
        Ok(text)
    }

    /// Waits for a finished download and returns its name and bytes.
    pub async fn download(&self) -> Result<(String, Vec<u8>)> {
        let file = eventually(async || {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(&self.downloads)? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                // Under these names a file is still on its way.
                if name.starts_with('.')
                    || [".crdownload", ".part"]
                        .iter()
                        .any(|end| name.ends_with(end))
                {
                    return Ok(None);
                }
                files.push((name, std::fs::read(entry.path()).unwrap_or_default()));
            }
            let only = files.pop().filter(|(_, content)| !content.is_empty());
            ensure!(files.is_empty(), "more than one download");
            Ok(only)
        });
        let file = file.await.context("no download")?;
        if self.engine == Engine::WebKit {
            self.driver.execute_async(SETTLED, vec![]).await?;
        }
        Ok(file)
    }

    /// How much room the page has, in CSS pixels.
    pub(crate) async fn height(&self) -> Result<u64> {
        self.script("return innerHeight", vec![]).await
    }
}

/// An element's role and accessible name.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Named {
    /// The role.
    pub role: String,
    /// The accessible name.
    pub name: String,
}

/// A WebDriver command that the client does not know.
#[derive(Debug)]
struct Computed<'a> {
    element: &'a WebElement,
    what: &'static str,
}

impl FormatRequestData for Computed<'_> {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self { element, what } = self;
        let path = format!("session/{session}/element/{}/{what}", element.element_id());
        RequestData::new(Method::GET, path)
    }
}

/// A way to find an element; it is looked for at each use, until it is there.
#[derive(Clone, Debug)]
pub struct Locator {
    page: Page,
    path: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    role: &'static str,
    name: Option<String>,
    exact: bool,
}

impl Locator {
    fn new(page: &Page, step: Step) -> Self {
        Self {
            page: page.clone(),
            path: vec![step],
        }
    }

    /// The element with `role` and `name` inside this one.
    pub fn find(&self, role: &'static str, name: &str) -> Self {
        self.then(Step::named(role, name))
    }

    /// Every element with `role` inside this one.
    pub fn every(&self, role: &'static str) -> Self {
        self.then(Step::any(role))
    }

    /// A button inside this element.
    pub fn button(&self, name: &str) -> Self {
        self.find("button", name)
    }

    /// The same with every name that starts so.
    pub fn or_longer(mut self) -> Self {
        if let Some(step) = self.path.last_mut() {
            step.exact = false;
        }
        self
    }

    fn then(&self, step: Step) -> Self {
        let mut inner = self.clone();
        inner.path.push(step);
        inner
    }

    /// The elements that are there now.
    pub async fn all(&self) -> Result<Vec<WebElement>> {
        let body = "return find(arguments[0])";
        self.page.elements(body, vec![self.path()]).await
    }

    /// How many there are now.
    pub async fn count(&self) -> Result<usize> {
        self.script("return find(arguments[0]).length").await
    }

    /// The names of those that are there now.
    pub async fn names(&self) -> Result<Vec<String>> {
        self.script("return find(arguments[0]).map(nameOf)").await
    }

    /// The shown texts of those that are there now.
    pub async fn texts(&self) -> Result<Vec<String>> {
        self.script("return find(arguments[0]).map(shownText)")
            .await
    }

    /// Waits for exactly one such element.
    pub async fn get(&self) -> Result<WebElement> {
        let mut count = 0;
        let element = eventually(async || {
            let mut all = self.all().await?;
            count = all.len();
            Ok(if count == 1 { all.pop() } else { None })
        });
        let element = element.await;
        element.with_context(|| format!("there are {count} elements: {self}"))
    }

    /// Waits until it is there.
    pub async fn appears(&self) -> Result<()> {
        self.get().await.map(drop)
    }

    /// Waits until there are `count` of them.
    pub async fn counts(&self, count: usize) -> Result<()> {
        let mut found = 0;
        let reached = eventually(async || {
            found = self.count().await?;
            Ok((found == count).then_some(()))
        });
        let reached = reached.await;
        reached.with_context(|| format!("there are {found}, not {count}: {self}"))
    }

    /// Waits until it is gone.
    pub async fn disappears(&self) -> Result<()> {
        self.counts(0).await
    }

    /// Clicks it, once it is there and nothing covers it.
    pub async fn click(&self) -> Result<()> {
        self.act(async |element| element.click().await).await
    }

    /// Replaces the field's text by `text`.
    pub async fn fill(&self, text: &str) -> Result<()> {
        self.act(async |element| {
            element.clear().await?;
            match text {
                "" => Ok(()),
                text => element.send_keys(text).await,
            }
        })
        .await
    }

    /// Chooses an option of this selection list.
    pub async fn choose(&self, option: &str) -> Result<()> {
        self.find("option", option).click().await
    }

    /// Moves the focus to it without a click.
    pub async fn focus(&self) -> Result<()> {
        self.appears().await?;
        self.script("find(arguments[0])[0].focus()").await
    }

    /// Waits until it can be used.
    pub async fn is_enabled(&self) -> Result<()> {
        let enabled = eventually(async || Ok(self.get().await?.is_enabled().await?.then_some(())));
        enabled.await.with_context(|| format!("disabled: {self}"))
    }

    /// Waits until it cannot be used.
    pub async fn is_disabled(&self) -> Result<()> {
        let disabled = eventually(async || {
            let element = self.get().await?;
            let says_so = element.attr("aria-disabled").await?.as_deref() == Some("true");
            Ok((says_so || !element.is_enabled().await?).then_some(()))
        });
        disabled.await.with_context(|| format!("enabled: {self}"))
    }

    /// Its shown text.
    pub async fn text(&self) -> Result<String> {
        self.appears().await?;
        self.script("return shownText(find(arguments[0])[0])").await
    }

    /// A property of the element, such as `value`.
    pub async fn property<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        self.appears().await?;
        let body = "return find(arguments[0])[0][arguments[1]]";
        self.page.script(body, vec![self.path(), name.into()]).await
    }

    async fn script<T: DeserializeOwned>(&self, body: &str) -> Result<T> {
        self.page.script(body, vec![self.path()]).await
    }

    /// Scrolls to the element, and repeats `action` as long as it did not reach it.
    async fn act(
        &self,
        action: impl AsyncFn(&WebElement) -> Result<(), WebDriverError>,
    ) -> Result<()> {
        let start = Instant::now();
        loop {
            let element = self.get().await?;
            let centred = vec![element.to_json()?];
            let scrolled = self.page.driver.execute_async(CENTRE, centred);
            let result = match scrolled.await {
                Ok(_) => action(&element).await,
                Err(error) => Err(error),
            };
            match result {
                Err(error) if missed(&error) && start.elapsed() < PATIENCE => sleep(POLL).await,
                result => return result.with_context(|| self.to_string()),
            }
        }
    }

    fn path(&self) -> Value {
        self.path
            .iter()
            .map(|step| json!([step.role, step.name, step.exact]))
            .collect()
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.path.iter().enumerate() {
            let separator = if number > 0 { " > " } else { "" };
            let name = step.name.as_deref().unwrap_or("*");
            write!(f, "{separator}{} `{name}`", step.role)?;
        }
        Ok(())
    }
}

impl Step {
    fn named(role: &'static str, name: &str) -> Self {
        Self {
            role,
            name: Some(name.to_owned()),
            exact: true,
        }
    }

    fn any(role: &'static str) -> Self {
        Self {
            role,
            name: None,
            exact: true,
        }
    }
}

/// Waits until `condition` gives a value.
pub async fn eventually<T>(mut condition: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(value) = condition().await? {
            return Ok(value);
        }
        if start.elapsed() > PATIENCE {
            bail!("waited {} s in vain", PATIENCE.as_secs());
        }
        sleep(POLL).await;
    }
}

/// Whether an action has had no effect because the page was just changing.
fn missed(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
    )
}

fn key(name: &str) -> Result<char> {
    let key = match name {
        "Control" => Key::Control,
        "Shift" => Key::Shift,
        "Alt" => Key::Alt,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Space" => return Ok(' '),
        "Delete" => Key::Delete,
        "Backspace" => Key::Backspace,
        "Home" => Key::Home,
        "End" => Key::End,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        letter => {
            let mut letters = letter.chars();
            let only = letters.next().context("no key")?;
            ensure!(letters.next().is_none(), "there is no key `{letter}`");
            return Ok(only);
        }
    };
    Ok(key.into())
}
