//! The same journey wherever the panel is.

use e2e::{Account, CLOSE_GUARD, Host, Result, Scenario, Setup, ensure, scenario};

use super::{EMAIL, delete, delete_button, lists};

/// Where the panel is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// On the open page.
    Page,
    /// In a frame of the open page.
    Frame,
}

impl Place {
    async fn enter(self, s: &Scenario) -> Result<()> {
        match self {
            Self::Page => Ok(()),
            Self::Frame => s.enter_frame().await,
        }
    }
}

/// Makes a token and saves it in every way, makes another and nearly loses it, deletes both.
///
/// Whoever is signed in has no other token than the one that was signed in with.
pub(super) async fn journey(s: &Scenario, place: Place) -> Result<()> {
    lists(s).await?;
    let before = s.listed().await?;

    s.generate("1 Day").await?;
    let saved = s.read_value().await?;
    let (status, _) = s
        .ask_api(&saved.value, reqwest::Method::GET, "/tokens")
        .await?;
    ensure!(status == 200, "the shown value is no token");
    s.page.button("Copy Token Value").click().await?;
    s.page.announces("Token Value copied").await?;
    ensure!(s.page.clipboard().await? == saved.value);
    place.enter(s).await?;
    s.page.button("Download Token Value").click().await?;
    let (_, content) = s.page.download().await?;
    ensure!(content == saved.value.as_bytes(), "{content:?}");
    s.reveal().button("Close").click().await?;
    s.reveal().disappears().await?;
    delete_button(s, &saved.id).appears().await?;

    s.generate("1 Hour").await?;
    let other = s.read_value().await?;
    s.reveal().button("Close").click().await?;
    let guard = s.page.alert_dialog(CLOSE_GUARD);
    guard.button("Go back").click().await?;
    ensure!(
        s.read_value().await? == other,
        "going back has lost the value"
    );
    s.discard_value().await?;

    delete_button(s, &other.id).click().await?;
    let question = s.page.alert_dialog("Delete token");
    question.button("Cancel").click().await?;
    question.disappears().await?;
    for id in [&other.id, &saved.id] {
        ensure!(s.listed().await?.contains(id), "{id} is not listed");
        delete(s, id).await?;
    }
    ensure!(s.listed().await? == before);
    ensure!(s.server.token_ids(EMAIL)? == before);
    Ok(())
}

#[test]
fn the_journey_on_the_apps_own_page() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        journey(s, Place::Page).await
    })
}

#[test]
fn the_journey_in_a_plain_page() -> Result<()> {
    scenario(async |s| {
        let host = Host::start(&s.server, Account::DEMO).await?;
        host.open(s, "plain.html").await?;
        lists(s).await?;
        let level = "return find([['heading', 'API/SDK Authentication Token Manager', true]])
            .map(({ tagName }) => tagName)";
        ensure!(s.page.script::<Vec<String>>(level, vec![]).await? == ["H2"]);
        journey(s, Place::Page).await
    })
}

#[test]
fn the_journey_under_a_strict_policy() -> Result<()> {
    scenario(async |s| {
        let host = Host::start(&s.server, Account::DEMO).await?;
        host.open(s, "strict-csp.html").await?;
        journey(s, Place::Page).await
    })
}

#[test]
fn the_journey_in_a_frame_of_a_page_that_allows_neither_wasm_nor_connections() -> Result<()> {
    // Some browsers scroll no page for what is in a frame of another origin.
    Setup::window(1280, 1100).run(async |s| {
        let host = Host::admitted(&s.server, Account::DEMO).await?;
        host.open(s, "framed.html").await?;
        s.enter_frame().await?;
        s.page.find("form", "Sign in").appears().await?;
        s.fill_in(Account::DEMO).await?;
        journey(s, Place::Frame).await?;
        ensure!(host.received("/session/token").is_empty());
        Ok(())
    })
}
