//! What can go wrong on the way, case by case: in the network, in the API and in the browser.
//!
//! What has really happened is what the API has received and what its database holds. A browser may
//! repeat a request by itself, so that one decision of the user makes two tokens.

mod deleting;
mod generating;
mod listing;
mod surroundings;

use auth_api::Operation;
use e2e::{Account, Result, Scenario, Setup, ensure, eventually};
use serde_json::json;

const EMAIL: &str = Account::DEMO.email;
const NOTHING_CREATED: &str = "No token was created. You can try again.";
const VALUE_LOST: &str = "1 token was created, but its value was lost on the way.";

/// The page and the API on two origins, so that browsers ask for permission and need CORS headers.
fn cross_origin() -> Setup {
    // Browsers complain in their console about each answer without those headers.
    let mut setup = Setup::default().tolerant();
    setup.server.cross_origin = true;
    setup
}

async fn ask_for_token(s: &Scenario) -> Result<()> {
    s.page.button("Generate Token").click().await
}

/// How many requests for a token have reached the API.
pub(super) fn asked(s: &Scenario) -> usize {
    s.server.received(Operation::Generate).len()
}

/// How many requests for the list have reached the API.
fn listed(s: &Scenario) -> usize {
    s.server.received(Operation::List).len()
}

/// Takes the network away, or gives it back.
async fn set_offline(s: &Scenario, offline: bool) -> Result<()> {
    let conditions = json!({
        "offline": offline,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": -1,
    });
    let cdp = s.page.driver().cdp();
    cdp.send_raw("Network.enable", json!({})).await?;
    cdp.send_raw("Network.emulateNetworkConditions", conditions)
        .await?;
    Ok(())
}

/// Lets a page that is opened later count what it asks the browser for, which may ask the API more
/// often.
fn count_decisions(s: &Scenario) -> Result<()> {
    s.server.prepend_to_app(
        "{ window.decisions = 0;
           const { fetch } = window;
           window.fetch = (request, ...given) => {
               if (request.url?.includes('/generate')) decisions++;
               return fetch(request, ...given);
           }; }",
    )
}

async fn decisions(s: &Scenario) -> Result<usize> {
    s.page.script("return own.decisions", vec![]).await
}

/// The page names the only token as one whose value is lost, shows no piece of it, deletes it on
/// request, and can generate again.
async fn orphan_is_offered(s: &Scenario) -> Result<()> {
    s.page.announces(VALUE_LOST).await?;
    the_named_token_can_be_deleted(s).await
}

async fn the_named_token_can_be_deleted(s: &Scenario) -> Result<()> {
    let body = "return select('[data-token-value]').length === 0
        && !select('*').some(({ textContent }) => textContent.includes('eyJ'))";
    let unseen: bool = s.page.script(body, vec![]).await?;
    ensure!(unseen, "a part of the value is shown");
    let made = s.server.token_ids(EMAIL)?;
    ensure!(made.len() == 1, "made are {made:?}");
    delete_where_it_is_named(s, &made[0]).await?;
    ensure!(s.server.token_ids(EMAIL)?.is_empty(), "it is still there");
    s.page.button("Generate Token").is_enabled().await
}

/// Deletes a token where the page has named it as one that nobody knows.
async fn delete_where_it_is_named(s: &Scenario, id: &str) -> Result<()> {
    let alert = s.page.every("alert");
    let delete = alert.button(&format!("Delete token {id}"));
    delete.click().await?;
    s.page.announces(&format!("Token {id} deleted")).await
}

/// Loads the page again and signs in.
async fn come_back(s: &Scenario) -> Result<()> {
    s.page.driver().refresh().await?;
    s.page.find("form", "Sign in").appears().await?;
    s.fill_in(Account::DEMO).await?;
    s.is_signed_in().await
}

/// Waits until no list is on its way.
async fn list_is_settled(s: &Scenario) -> Result<()> {
    let body = "return select('.toolbar [aria-busy]')[0]?.ariaBusy === 'false'";
    eventually(async || Ok(s.page.script::<bool>(body, vec![]).await?.then_some(()))).await
}
