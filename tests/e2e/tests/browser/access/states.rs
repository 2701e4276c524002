//! Every state of the page, one after the other, in both languages, standalone and embedded.

use anyhow::Context;
use auth_api::{Fault, Operation};
use e2e::page::Locator;
use e2e::{Account, Result, Scenario, Setup, ensure};
use serde_json::json;

const ENGLISH: &str = include_str!("../../../../../src/i18n/en.rs");
const GERMAN: &str = include_str!("../../../../../src/i18n/de.rs");
/// What the page says outside the panel.
const AROUND_THE_PANEL: [(&str, &str); 2] = [("Menu", "Menü"), ("Management", "Verwaltung")];

const CONTRACT: &str = "31884391";
const DEMO: Account = Account::DEMO.with_contract(CONTRACT);
const DAY: i64 = 24 * 60 * 60;
/// Fewer than an account may hold, so that it is full soon.
const LIMIT: u32 = 20;

/// How the page is shown on a tour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tour {
    german: bool,
    embedded: bool,
}

impl Tour {
    /// The standalone page.
    pub(super) const ENGLISH: Self = Self {
        german: false,
        embedded: false,
    };
    /// The standalone page in German.
    pub(super) const GERMAN: Self = Self {
        german: true,
        embedded: false,
    };
    /// The element in a page that is not the app's own.
    pub(super) const EMBEDDED: Self = Self {
        german: false,
        embedded: true,
    };

    /// The page that is toured, in a window of this size.
    pub(super) fn window(width: u32, height: u32) -> Setup {
        let mut setup = Setup::window(width, height);
        setup.server.config = Setup::config(json!({ "tokenLimit": LIMIT })).server.config;
        setup
    }

    /// Goes through all states, and looks at each.
    pub(super) async fn visit(
        self,
        s: &Scenario,
        look: impl AsyncFnMut(&str) -> Result<()>,
    ) -> Result<()> {
        let mut guide = Guide {
            s,
            german: self.german,
            look,
            seen: 0,
        };
        match self.embedded {
            true => guide.start_embedded().await?,
            false => guide.start_standalone().await?,
        }
        guide.list().await?;
        guide.details().await?;
        guide.inspector().await?;
        guide.deletions().await?;
        guide.new_token().await?;
        guide.failures().await?;
        if !self.embedded {
            guide.ends().await?;
        }
        ensure!(guide.seen >= 25, "only {} states", guide.seen);
        Ok(())
    }
}

struct Guide<'a, L> {
    s: &'a Scenario,
    german: bool,
    look: L,
    seen: usize,
}

impl<L: AsyncFnMut(&str) -> Result<()>> Guide<'_, L> {
    async fn see(&mut self, state: &str) -> Result<()> {
        self.seen += 1;
        let look = (self.look)(state).await;
        look.with_context(|| format!("in the state `{state}`"))
    }

    /// An English text of the app in the language of the tour.
    fn t(&self, english: &str) -> String {
        let texts = |source: &'static str| source.split('"').skip(1).step_by(2);
        let of_the_panel = texts(ENGLISH).zip(texts(GERMAN));
        let translated = of_the_panel
            .chain(AROUND_THE_PANEL)
            .find(|(known, _)| *known == english);
        let (_, german) = translated.unwrap_or_else(|| panic!("no text is `{english}`"));
        if self.german { german } else { english }.to_owned()
    }

    /// The same with values in their places.
    fn fill(&self, english: &str, values: &[&str]) -> String {
        values
            .iter()
            .fold(self.t(english), |text, value| text.replacen("{}", value, 1))
    }

    fn button(&self, name: &str) -> Locator {
        self.s.page.button(&self.t(name))
    }

    async fn press(&self, name: &str) -> Result<()> {
        self.button(name).click().await
    }

    /// Presses the button of a token's row.
    async fn press_in_row(&self, name: &str, id: &str) -> Result<()> {
        let button = self.s.page.button(&self.fill(name, &[id]));
        button.click().await
    }

    async fn enter(&self, field: &str, text: &str) -> Result<()> {
        self.s.page.field(&self.t(field)).fill(text).await
    }

    /// Chooses something in the menu above the list; beside it there can be a button of that name.
    async fn choose(&self, name: &str) -> Result<()> {
        self.press("More").await?;
        let items = self.button(name).all().await?;
        Ok(items.first().context("no such item")?.click().await?)
    }

    async fn says(&self, english: &str, values: &[&str]) -> Result<()> {
        self.s.page.says(&self.fill(english, values)).await
    }

    /// Waits until the beginning of a text is announced, up to its first value.
    async fn announces(&self, english: &str) -> Result<()> {
        let text = self.t(english);
        let beginning = text.split("{}").next().unwrap_or_default();
        self.s.page.announces(beginning).await
    }

    async fn start_standalone(&mut self) -> Result<()> {
        let s = self.s;
        if self.german {
            s.server.alter("index.html", |page| {
                let page = String::from_utf8_lossy(&page);
                let german = page.replace("data-standalone", "data-standalone lang=\"de\"");
                german.into_bytes()
            })?;
        }
        s.page.open(s.server.url()).await?;
        s.page.find("form", &self.t("Sign in")).appears().await?;
        self.see("sign-in").await?;
        self.press("Menu").await?;
        self.press("Management").await?;
        self.see("main-menu").await?;
        s.page.press("Escape").await?;
        self.press("Use e-mail and password").await?;
        self.sign_in(DEMO.with_contract("abc")).await?;
        self.says("A contract number has digits only.", &[]).await?;
        self.see("contract-mistaken").await?;
        self.sign_in(Account::MULTI).await?;
        self.announces("Your account has several contracts. Enter the contract number that you want to work with.").await?;
        self.see("sign-in-refused").await?;
        self.sign_in(DEMO).await
    }

    async fn sign_in(&self, account: Account) -> Result<()> {
        self.enter("E-mail", account.email).await?;
        self.enter("Password", account.password).await?;
        self.enter("Contract number", account.contract).await?;
        self.press("Sign in").await
    }

    /// Turns the page into one that knows nothing of the app but its element.
    async fn start_embedded(&mut self) -> Result<()> {
        let s = self.s;
        let panel = format!(
            "<dcd-token-manager auth-api=\"{}/auth/v1\"></dcd-token-manager>",
            s.server.origin()
        );
        s.server.alter("index.html", |page| {
            let page = String::from_utf8_lossy(&page);
            let head = page.split("<body").next().unwrap_or_default();
            let head = head.lines().filter(|line| !line.contains("<style>"));
            let head: String = head.collect();
            format!("{head}<body><main><h1>My cloud</h1>{panel}</main></body></html>").into_bytes()
        })?;
        s.server.prepend_to_app(
            "document.querySelector('dcd-token-manager').getCredential = async () => {
                const { token } = document.body.dataset;
                return token ? { token } : null;
            };",
        )?;
        s.server.load_element_script()?;
        s.page.open(s.server.url()).await?;
        self.says(
            "You are not signed in. Sign in where you opened this panel, then try again.",
            &[],
        )
        .await?;
        self.see("not-signed-in").await?;
        let token = s.server.control().session(DEMO.email)?;
        let set = "document.body.dataset.token = arguments[0]";
        s.page.script::<()>(set, vec![token.into()]).await?;
        self.press("Retry").await
    }

    async fn list(&mut self) -> Result<()> {
        let s = self.s;
        self.says("No tokens yet", &[]).await?;
        self.see("empty").await?;
        let control = s.server.control();
        control.add_tokens(DEMO.email, 12)?;
        control.token(DEMO.email, -60)?;
        self.press("Refresh list").await?;
        let table = self.t("Authentication tokens");
        s.page.find("table", &table).appears().await?;
        let utc = self.t("Times in UTC");
        s.page.find("checkbox", &utc).click().await?;
        self.see("list").await?;

        let search = self.t("Search ID or name");
        let search = s.page.find("searchbox", &search);
        search.fill("nobody").await?;
        self.says("No token matches.", &[]).await?;
        self.see("nothing-found").await?;
        // In every ID.
        search.fill("-").await?;
        self.press("More").await?;
        self.see("menu").await?;
        s.page.press("Escape").await?;
        self.press("Other…").await?;
        let amount = s.page.find("spinbutton", &self.t("Duration"));
        amount.fill("0").await?;
        self.announces("Choose from 1 minute to 365 days.").await?;
        self.see("lifetime-mistaken").await?;
        self.press("Other…").await
    }

    async fn details(&mut self) -> Result<()> {
        let id = self.first()?;
        let token = self.s.server.control().token(DEMO.email, DAY)?;
        self.press_in_row("Details of token {}", &id).await?;
        self.see("details").await?;
        self.enter("Note", &token).await?;
        self.press("Save").await?;
        self.announces("This looks like a Token Value. Names and notes are kept in this browser, so a token must not be in them.").await?;
        self.see("details-refused").await?;
        self.enter("Name", "Build runner of the long-distance railway")
            .await?;
        self.enter("Note", "").await?;
        self.press("Save").await
    }

    async fn inspector(&mut self) -> Result<()> {
        let s = self.s;
        let token = s.server.control().token(DEMO.email, DAY)?;
        self.choose("Check a token").await?;
        self.see("inspector").await?;
        let dialog = s.page.dialog(&self.t("Check a token"));
        let field = "Token Value to check";
        let check = dialog.button(&self.t("Check"));
        self.enter(field, "no token").await?;
        check.click().await?;
        self.announces("There is no token in it.").await?;
        self.see("nothing-to-inspect").await?;
        self.enter(field, &token).await?;
        check.click().await?;
        self.announces("This token is active.").await?;
        self.see("inspected").await?;
        self.press("Delete it now").await?;
        self.announces("It no longer exists (checked {}).").await?;
        self.see("proven-gone").await?;
        s.page.press("Escape").await
    }

    async fn deletions(&mut self) -> Result<()> {
        let s = self.s;
        let id = self.first()?;
        let row = self.fill("Select token {}", &[&id]);
        s.page.find("checkbox", &row).click().await?;
        self.see("selected").await?;
        self.press("Delete selected").await?;
        self.see("delete-selected").await?;
        s.server.fail([Fault::status(500).on(Operation::Delete)])?;
        self.press("Delete").await?;
        let partly = self.fill("{} deleted, {} not deleted:", &["0", "1"]);
        s.page.announces(&partly).await?;
        self.see("not-deleted").await?;
        s.page.press("Escape").await?;
        self.choose("Delete all").await?;
        self.see("delete-all").await?;
        s.page.press("Escape").await?;
        let last = s.server.token_ids(DEMO.email)?.pop().context("no token")?;
        self.press_in_row("Delete token {}", &last).await?;
        self.see("delete").await?;
        self.press("Delete").await?;
        let deleted = self.fill("Token {} deleted", &[&last]);
        s.page.announces(&deleted).await?;
        self.see("deleted").await
    }

    async fn new_token(&mut self) -> Result<()> {
        let s = self.s;
        let id = self.first()?;
        self.press_in_row("Rotate token {}", &id).await?;
        s.page.dialog(&self.t("Token generated")).appears().await?;
        self.see("new-token").await?;
        self.press("Show Token Value").await?;
        self.see("value-shown").await?;
        let valid_until = self.fill("Valid until {}", &[""]);
        let about = s.page.button(&valid_until).or_longer();
        about.click().await?;
        self.press("Use it").await?;
        self.press("Try it").await?;
        self.announces("It works: the Auth API accepts it and lists {} token.")
            .await?;
        self.see("new-token-explained").await?;
        self.press("Close").await?;
        self.see("unsaved").await?;
        self.press("Close anyway").await?;
        s.page
            .alert_dialog(&self.t("Replace token"))
            .appears()
            .await?;
        self.see("rotated").await?;
        self.press("Keep and mark as replaced").await?;
        self.says("Replaced", &[]).await
    }

    async fn failures(&mut self) -> Result<()> {
        let s = self.s;
        s.server.fail([Fault::status(500).on(Operation::List)])?;
        self.press("Refresh list").await?;
        self.announces("The list could not be read.").await?;
        self.see("list-not-read").await?;
        // The answer is lost on the way, and with it the new token's value.
        s.server
            .fail([Fault::status(500).after_work().on(Operation::Generate)])?;
        self.press("Generate Token").await?;
        self.announces("{} token was created, but its value was lost on the way. Nobody can use it: delete it and generate another.").await?;
        self.see("value-lost").await?;
        self.press("Dismiss").await
    }

    async fn ends(&mut self) -> Result<()> {
        let s = self.s;
        let count = s.server.token_ids(DEMO.email)?.len();
        let missing = LIMIT.saturating_sub(count.try_into()?);
        s.server.control().add_tokens(DEMO.email, missing)?;
        self.press("Refresh list").await?;
        self.says(
            "You have reached the limit of {} tokens. Delete one to generate another.",
            &[&LIMIT.to_string()],
        )
        .await?;
        self.see("full").await?;
        s.server.fail([Fault::status(401).on(Operation::List)])?;
        self.press("Refresh list").await?;
        self.announces("Your session has ended. Sign in again; nothing on this page is lost.")
            .await?;
        self.see("session-ended").await
    }

    /// The account's first token.
    fn first(&self) -> Result<String> {
        let ids = self.s.server.token_ids(DEMO.email)?;
        ids.into_iter().next().context("no token")
    }
}
