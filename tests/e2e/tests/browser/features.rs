//! What makes the page pleasant every day: finding, many at once, names, checks of a token.

mod doing;
mod finding;
mod inspector;
mod naming;
mod new_token;
mod screenshots;

use std::collections::BTreeMap;

use anyhow::Context;
use e2e::page::Locator;
use e2e::{Account, Result, Scenario, ensure};
use reqwest::Method;
use serde_json::Value;

const EMAIL: &str = "demo@example.com";
const CONTRACT: &str = "31884391";
/// Its contract is named, so that names are kept for it from the start.
const DEMO: Account = Account::DEMO.with_contract(CONTRACT);
const DAY: i64 = 24 * 60 * 60;

/// Makes tokens that live so many seconds from now on, signs in, and returns their IDs.
async fn signed_in_with(s: &Scenario, lives: &[i64]) -> Result<Vec<String>> {
    for &life in lives {
        s.server.control().token(EMAIL, life)?;
    }
    s.sign_in(DEMO).await?;
    s.server.token_ids(EMAIL)
}

/// Loads the page again and signs in.
async fn come_back(s: &Scenario) -> Result<()> {
    s.page.driver().refresh().await?;
    s.page.find("form", "Sign in").appears().await?;
    s.fill_in(DEMO).await?;
    s.is_signed_in().await
}

/// Opens the menu above the list and chooses something.
async fn choose(s: &Scenario, action: &str) -> Result<()> {
    s.page.button("More").click().await?;
    menu_item(s, action).await
}

/// Chooses something in the open menu; below it, there can be a button of the same name.
async fn menu_item(s: &Scenario, action: &str) -> Result<()> {
    let item = e2e::eventually(async || {
        let mut items = s.page.button(action).all().await?;
        Ok((!items.is_empty()).then(|| items.remove(0)))
    });
    Ok(item.await?.click().await?)
}

/// The button of a token's row.
fn row_button(s: &Scenario, action: &str, id: &str) -> Locator {
    s.page.button(&format!("{action} token {id}"))
}

/// The box of a token's row.
fn row_box(s: &Scenario, id: &str) -> Locator {
    s.page.find("checkbox", &format!("Select token {id}"))
}

/// Opens a token's details.
async fn details(s: &Scenario, id: &str) -> Result<Locator> {
    row_button(s, "Details of", id).click().await?;
    let dialog = s.page.dialog("Details");
    dialog.appears().await?;
    Ok(dialog)
}

/// Calls a token something.
async fn name(s: &Scenario, id: &str, label: &str, note: &str) -> Result<()> {
    let dialog = details(s, id).await?;
    s.page.field("Name").fill(label).await?;
    s.page.field("Note").fill(note).await?;
    dialog.button("Save").click().await?;
    dialog.disappears().await
}

/// The text of a token's row.
async fn row_text(s: &Scenario, id: &str) -> Result<String> {
    let rows = s.page.every("row").texts().await?;
    let row = rows.into_iter().find(|row| row.contains(id));
    row.with_context(|| format!("no row for {id}"))
}

/// Waits until a token's row tells `text`.
async fn row_says(s: &Scenario, id: &str, text: &str) -> Result<()> {
    let said = e2e::eventually(async || Ok(row_text(s, id).await?.contains(text).then_some(())));
    said.await
        .with_context(|| format!("the row does not say `{text}`"))
}

/// Waits until the list shows these tokens, in any order.
async fn lists(s: &Scenario, ids: &[&String]) -> Result<()> {
    let mut wanted = ids.to_vec();
    wanted.sort();
    let mut listed = Vec::new();
    let shown = e2e::eventually(async || {
        listed = s.listed().await?;
        listed.sort();
        Ok(listed.iter().eq(wanted.iter().copied()).then_some(()))
    });
    let shown = shown.await;
    shown.with_context(|| format!("listed are {listed:?}, not {wanted:?}"))
}

/// The tokens of the account that `token` belongs to, as the API tells them.
async fn told_by_api(s: &Scenario, token: &str) -> Result<Vec<Value>> {
    let (status, mut body) = s.ask_api(token, Method::GET, "/tokens").await?;
    ensure!(status == 200, "{status}");
    match body["tokens"].take() {
        Value::Array(tokens) => Ok(tokens),
        other => anyhow::bail!("no list: {other}"),
    }
}

/// Waits for a download and takes it away, so that another one can follow.
async fn take_download(s: &Scenario) -> Result<(String, String)> {
    let (name, content) = s.page.download().await?;
    std::fs::remove_file(s.browser.folder().join("downloads").join(&name))?;
    Ok((name, String::from_utf8(content)?))
}

/// Writes a file outside the page and gives it to one of its file fields.
async fn give_file(s: &Scenario, field: &Locator, name: &str, content: &str) -> Result<()> {
    let path = s.browser.folder().join(name);
    std::fs::write(&path, content)?;
    Ok(field
        .get()
        .await?
        .send_keys(path.display().to_string())
        .await?)
}

/// Puts a token's value into the clipboard as a user does, and lets go of it.
async fn copied_token(s: &Scenario) -> Result<e2e::Token> {
    s.generate("1 Hour").await?;
    let token = s.read_value().await?;
    s.page.button("Copy Token Value").click().await?;
    s.page.announces("Token Value copied").await?;
    s.discard_value().await?;
    row_button(s, "Delete", &token.id).appears().await?;
    Ok(token)
}

/// The first digits of a text's SHA-256, from the browser's own digest.
async fn fingerprint(s: &Scenario, text: &str) -> Result<String> {
    let script = "return crypto.subtle.digest('SHA-256', new TextEncoder().encode(arguments[0]))
        .then((sum) => [...new Uint8Array(sum)].slice(0, 4)
            .map((byte) => byte.toString(16).padStart(2, '0')).join(''))";
    s.page.script(script, vec![text.into()]).await
}

/// Fails if any piece of a token's value is left anywhere that a script of the page can look.
async fn nothing_left(s: &Scenario, value: &str) -> Result<()> {
    let places = places_of(s, value).await?;
    ensure!(places.is_empty(), "the value is left in {places:?}");
    Ok(())
}

/// Where a piece of `value` is.
async fn places_of(s: &Scenario, value: &str) -> Result<Vec<String>> {
    let script = "const pieces = arguments[0].match(/.{16}/g);
        const roots = [document, ...select('*').map(({ shadowRoot }) => shadowRoot).filter(Boolean)];
        const places = {
            address: location.href,
            history: JSON.stringify(history.state),
            title: document.title,
            cookies: document.cookie,
            storage: JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }),
            page: roots.map((root) => root.documentElement?.outerHTML ?? root.innerHTML).join(),
            fields: select('input, textarea').map(({ value }) => value).join(),
        };
        return Object.fromEntries(Object.entries(places).map(([place, text]) =>
            [place, pieces.some((piece) => text.includes(piece))]))";
    let places: BTreeMap<String, bool> = s.page.script(script, vec![value.into()]).await?;
    ensure!(places.len() == 7, "not every place was looked at");
    let found = places.into_iter().filter(|(_, found)| *found);
    Ok(found.map(|(place, _)| place).collect())
}
