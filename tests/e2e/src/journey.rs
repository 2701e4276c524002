//! The steps that most stories are made of.

use anyhow::{Context, Result, bail};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::page::{Locator, eventually};
use crate::scenario::Scenario;

/// An account of the local Auth API.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Its user's e-mail address.
    pub email: &'static str,
    /// Its user's password.
    pub password: &'static str,
    /// The contract to work with; empty to name none.
    pub contract: &'static str,
}

impl Account {
    /// One contract, no tokens.
    pub const DEMO: Self = Self::new("demo@example.com");
    /// Two contracts, of which none is named.
    pub const MULTI: Self = Self::new("multi@example.com");
    /// Two-factor authentication.
    pub const SECURE: Self = Self::new("secure@example.com");
    /// As many tokens as an account may hold.
    pub const FULL: Self = Self::new("full@example.com");

    const fn new(email: &'static str) -> Self {
        Self {
            email,
            password: "demo",
            contract: "",
        }
    }

    /// The same account with a contract named.
    pub const fn with_contract(self, contract: &'static str) -> Self {
        Self { contract, ..self }
    }
}

/// A token whose value was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// The ID.
    pub id: String,
    /// The value.
    pub value: String,
}

/// The dialog that shows a new token.
pub const REVEAL: &str = "Token generated";
/// The question before an unsaved value is gone.
pub const CLOSE_GUARD: &str = "Close without saving?";

impl Scenario {
    /// Opens the page and waits for the form.
    pub async fn open(&self) -> Result<()> {
        self.page.open(self.server.url()).await?;
        self.page.find("form", "Sign in").appears().await
    }

    /// Fills in the form with e-mail and password, and sends it.
    pub async fn fill_in(&self, account: Account) -> Result<()> {
        let page = &self.page;
        let switch = page.button("Use e-mail and password");
        if switch.count().await? > 0 {
            switch.click().await?;
        }
        page.field("E-mail").fill(account.email).await?;
        page.field("Password").fill(account.password).await?;
        page.field("Contract number").fill(account.contract).await?;
        self.submit().await
    }

    /// Fills in the form with a token, and sends it.
    pub async fn fill_in_token(&self, token: &str) -> Result<()> {
        let page = &self.page;
        let switch = page.button("Use an authentication token");
        if switch.count().await? > 0 {
            switch.click().await?;
        }
        page.field("Authentication token").fill(token).await?;
        self.submit().await
    }

    async fn submit(&self) -> Result<()> {
        self.page
            .find("form", "Sign in")
            .button("Sign in")
            .click()
            .await
    }

    /// Opens the page, signs in and waits for the list.
    pub async fn sign_in(&self, account: Account) -> Result<()> {
        self.open().await?;
        self.fill_in(account).await?;
        self.is_signed_in().await
    }

    /// Opens the page, signs in with a token and waits for the list.
    pub async fn sign_in_with(&self, token: &str) -> Result<()> {
        self.open().await?;
        self.fill_in_token(token).await?;
        self.is_signed_in().await
    }

    /// Waits for the list.
    pub async fn is_signed_in(&self) -> Result<()> {
        self.page.button("Sign out").appears().await?;
        self.page.says("of 100 tokens").await
    }

    /// Waits for the part of the app that is loaded after the list.
    pub async fn rest_is_there(&self) -> Result<()> {
        const LOADED: &str = "const entries = performance.getEntriesByType('resource');
            return entries.some(({ name, responseEnd }) => /rest-/.test(name) && responseEnd > 0);";
        eventually(async || {
            let loaded: bool = self.page.script(LOADED, vec![]).await?;
            Ok(loaded.then_some(()))
        })
        .await
        .context("the rest of the app is not loaded")
    }

    /// Generates a token and waits for the dialog with its value.
    pub async fn generate(&self, lifetime: &str) -> Result<()> {
        self.page
            .list_box("Time To Live (TTL):")
            .choose(lifetime)
            .await?;
        self.page.button("Generate Token").click().await?;
        self.reveal().appears().await
    }

    /// The dialog with a new token's value.
    pub fn reveal(&self) -> Locator {
        self.page.dialog(REVEAL)
    }

    /// Shows the value in the open dialog, if it is not shown, and reads it.
    pub async fn read_value(&self) -> Result<Token> {
        let show = self.page.button("Show Token Value");
        if show.count().await? > 0 {
            show.click().await?;
        }
        let value =
            eventually(async || Ok(self.shown_value().await?.filter(|value| !value.is_empty())));
        Ok(Token {
            value: value.await.context("no value is shown")?,
            id: self.revealed_id().await?,
        })
    }

    /// The ID in the open dialog.
    pub async fn revealed_id(&self) -> Result<String> {
        let text = self.reveal().text().await?;
        let is_id = |word: &&str| word.len() == 36 && word.matches('-').count() == 4;
        let id = text.split_whitespace().find(is_id);
        id.map(str::to_owned)
            .with_context(|| format!("no ID in: {text}"))
    }

    /// What the element for the value holds; none if there is no such element.
    pub async fn shown_value(&self) -> Result<Option<String>> {
        let body = "return select('[data-token-value]')[0]?.textContent ?? null";
        self.page.script(body, vec![]).await
    }

    /// Closes the dialog with the value, saved or not.
    pub async fn discard_value(&self) -> Result<()> {
        self.reveal().button("Close").click().await?;
        let guard = self.page.alert_dialog(CLOSE_GUARD);
        eventually(async || {
            if guard.count().await? > 0 {
                guard.button("Close anyway").click().await?;
            }
            Ok((self.reveal().count().await? == 0).then_some(()))
        })
        .await
    }

    /// Generates a token, reads it and closes the dialog.
    pub async fn generate_and_close(&self, lifetime: &str) -> Result<Token> {
        self.generate(lifetime).await?;
        let token = self.read_value().await?;
        self.discard_value().await?;
        self.page
            .button(&format!("Delete token {}", token.id))
            .appears()
            .await?;
        Ok(token)
    }

    /// The IDs in the table, in its order.
    pub async fn listed(&self) -> Result<Vec<String>> {
        let table = self.page.find("table", "Authentication tokens");
        let names = table
            .find("button", "Delete token ")
            .or_longer()
            .names()
            .await?;
        let ids = names
            .iter()
            .filter_map(|name| name.strip_prefix("Delete token "));
        Ok(ids.map(str::to_owned).collect())
    }

    /// Asks the API beside the page, with a token.
    pub async fn ask_api(
        &self,
        token: &str,
        method: Method,
        path: &str,
    ) -> Result<(StatusCode, Value)> {
        let url = format!("{}/auth/v1{path}", self.server.origin());
        let answer = reqwest::Client::new()
            .request(method, url)
            .bearer_auth(token)
            .send()
            .await?;
        Ok((answer.status(), answer.json().await?))
    }

    /// Presses Tab until the focus is on the element, and tells how often.
    pub async fn tab_to(&self, role: &str, name: &str) -> Result<usize> {
        for count in 0..60 {
            let focus = self.page.focus().await?;
            if focus.is_some_and(|focus| focus.role == role && focus.name == name) {
                return Ok(count);
            }
            self.page.press("Tab").await?;
        }
        bail!("the focus never gets to {role} `{name}`")
    }
}
