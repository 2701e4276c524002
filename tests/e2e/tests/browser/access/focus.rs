//! Where the focus is while dialogs open and close, and what is said meanwhile.

use anyhow::Context;
use auth_api::{Fault, Operation};
use e2e::page::{Locator, Named};
use e2e::{Account, CLOSE_GUARD, Result, Scenario, ensure, scenario};

const DEMO: Account = Account::DEMO.with_contract("31884391");
const DAY: i64 = 24 * 60 * 60;

/// Signs in to an account with tokens that live so many seconds, and returns their IDs.
async fn signed_in_with(s: &Scenario, lives: &[i64]) -> Result<Vec<String>> {
    for &life in lives {
        s.server.control().token(DEMO.email, life)?;
    }
    s.sign_in(DEMO).await?;
    s.server.token_ids(DEMO.email)
}

/// Presses something by keyboard.
async fn press(s: &Scenario, what: &Locator) -> Result<()> {
    what.focus().await?;
    s.page.press("Enter").await
}

async fn choose(s: &Scenario, action: &str) -> Result<()> {
    press(s, &s.page.button("More")).await?;
    s.tab_to("button", action).await?;
    s.page.press("Enter").await
}

/// The controls of the open dialog in reading order: line by line, each from left to right.
const READING_ORDER: &str = "
    const tabbable = 'a[href], button, input, select, summary, textarea';
    const controls = [...usable().querySelectorAll(tabbable)].filter((element) =>
        element.checkVisibility() && element.tabIndex >= 0 && !element.disabled);
    const byPlace = (one, other) => {
        const [a, b] = [one, other].map((element) => element.getBoundingClientRect());
        const inLine = a.top < b.bottom && b.top < a.bottom;
        return inLine ? a.left - b.left : a.top - b.top;
    };
    return controls.sort(byPlace).map(describe)";

/// Tab goes through the open dialog in reading order, and Shift+Tab back.
///
/// Between the last and the first come the browser's own controls, so neither goes around.
async fn keeps_the_focus(s: &Scenario, dialog: Locator) -> Result<()> {
    dialog.appears().await?;
    let order: Vec<Named> = s.page.script(READING_ORDER, vec![]).await?;
    let start = e2e::eventually(async || {
        let focus = s.page.focus().await?;
        Ok(order
            .iter()
            .position(|control| Some(control) == focus.as_ref()))
    });
    let start = start.await.context("the focus is not in the dialog")?;
    let on = order.iter().skip(start + 1).map(|control| ("Tab", control));
    let back = order.iter().rev().skip(1);
    for (key, next) in on.chain(back.map(|control| ("Shift+Tab", control))) {
        s.page.press(key).await?;
        let focus = s.page.focus().await?;
        ensure!(
            focus.as_ref() == Some(next),
            "{focus:?}, not {next:?} of {order:#?}"
        );
    }
    Ok(())
}

#[test]
fn every_dialog_keeps_the_focus_and_gives_it_back() -> Result<()> {
    scenario(async |s| {
        let page = &s.page;
        let ids = signed_in_with(s, &[7 * DAY, DAY, -60]).await?;
        let row = |action: &str| format!("{action} token {}", ids[0]);
        let escape = async |opener: &str| {
            page.press("Escape").await?;
            page.focus_is_on("button", opener).await
        };

        for (opener, dialog) in [
            (row("Details of"), page.dialog("Details")),
            (row("Delete"), page.alert_dialog("Delete token")),
        ] {
            press(s, &page.button(&opener)).await?;
            keeps_the_focus(s, dialog).await?;
            escape(&opener).await?;
        }
        for (action, dialog) in [
            ("Check a token", page.dialog("Check a token")),
            ("Delete expired", page.alert_dialog("Delete expired tokens")),
            ("Delete all", page.alert_dialog("Delete all tokens")),
        ] {
            choose(s, action).await?;
            keeps_the_focus(s, dialog).await?;
            escape("More").await?;
        }
        page.find("checkbox", &row("Select")).click().await?;
        press(s, &page.button("Delete selected")).await?;
        keeps_the_focus(s, page.alert_dialog("Delete selected tokens")).await?;
        escape("Delete selected").await?;

        press(s, &page.button(&row("Rotate"))).await?;
        keeps_the_focus(s, s.reveal()).await?;
        press(s, &page.button("Close")).await?;
        keeps_the_focus(s, page.alert_dialog(CLOSE_GUARD)).await?;
        escape("Close").await?;
        press(s, &page.button("Copy Token Value")).await?;
        page.announces("Token Value copied").await?;
        press(s, &page.button("Close")).await?;
        keeps_the_focus(s, page.alert_dialog("Replace token")).await?;
        escape(&row("Rotate")).await
    })
}

/// Notes all that live regions say from now on, and whether that is where the user is.
const LISTEN: &str = "
    const region = ({ target }) => (target.closest ? target : target.parentElement)
        ?.closest('[role=status], [role=alert]');
    const speaks = ({ type, addedNodes }) => type === 'characterData' ||
        [...addedNodes].some(({ nodeType }) => nodeType !== Node.COMMENT_NODE);
    const note = (changes) => {
        const heard = JSON.parse(document.body.dataset.heard);
        for (const place of new Set(changes.filter(speaks).map(region))) {
            const text = place?.isConnected ? shownText(place) : '';
            if (text) heard.push([text, [...perceivable(usable())].includes(place)]);
        }
        document.body.dataset.heard = JSON.stringify(heard);
    };
    document.body.dataset.heard = '[]';
    for (const root of [document, ...select('*').flatMap(({ shadowRoot }) => shadowRoot ?? [])]) {
        const all = { childList: true, characterData: true, subtree: true };
        new MutationObserver(note).observe(root, all);
    }";

/// What was said is `words`, once, where the user is.
async fn said_once(s: &Scenario, words: &str) -> Result<()> {
    s.page.announces(words).await?;
    let take = "const { heard } = document.body.dataset;
        document.body.dataset.heard = '[]';
        return JSON.parse(heard)";
    let heard: Vec<(String, bool)> = s.page.script(take, vec![]).await?;
    let only = matches!(&heard[..], [(text, true)] if text.contains(words));
    ensure!(only, "`{words}` is not all that was said: {heard:#?}");
    Ok(())
}

#[test]
fn each_action_is_announced_once_in_the_top_most_dialog() -> Result<()> {
    scenario(async |s| {
        let page = &s.page;
        let token = s.server.control().token(DEMO.email, 30 * DAY)?;
        let ids = signed_in_with(s, &[DAY, 2 * DAY]).await?;
        page.script::<()>(LISTEN, vec![]).await?;

        page.button(&format!("Copy ID {}", ids[0])).click().await?;
        said_once(s, "Token ID copied").await?;
        s.server.fail([Fault::status(500).on(Operation::List)])?;
        page.button("Refresh list").click().await?;
        said_once(s, "The list could not be read.").await?;
        choose(s, "Export names").await?;
        said_once(s, "Download started: ionos-token-names.json").await?;

        page.button(&format!("Details of token {}", ids[0]))
            .click()
            .await?;
        page.button("Save reminder").click().await?;
        said_once(s, "Download started").await?;
        page.field("Note").fill(&token).await?;
        page.button("Save").click().await?;
        said_once(s, "This looks like a Token Value.").await?;
        page.press("Escape").await?;

        choose(s, "Check a token").await?;
        page.dialog("Check a token").button("Check").click().await?;
        said_once(s, "There is no token in it.").await?;
        page.press("Escape").await?;

        s.server.fail([Fault::status(500).on(Operation::Delete)])?;
        let delete = page.button(&format!("Delete token {}", ids[1]));
        delete.click().await?;
        page.button("Delete").click().await?;
        said_once(s, "The token was not deleted.").await?;
        page.press("Escape").await?;
        delete.click().await?;
        page.button("Delete").click().await?;
        said_once(s, &format!("Token {} deleted", ids[1])).await?;

        s.generate("1 Day").await?;
        page.button("Copy Token ID").click().await?;
        said_once(s, "Token ID copied").await?;
        page.button("Copy Token Value").click().await?;
        said_once(s, "Token Value copied").await?;
        page.button("Download Token Value").click().await?;
        said_once(s, "Download started: ionos-token-").await
    })
}
