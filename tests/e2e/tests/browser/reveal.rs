//! The window with a new token: its value is seen here and never again.

use e2e::page::Page;
use e2e::{Account, CLOSE_GUARD, Result, Scenario, ensure, scenario};

/// Signs in and generates a token, so that its window is open.
async fn opened(s: &Scenario) -> Result<()> {
    s.sign_in(Account::DEMO).await?;
    s.generate("1 Hour").await
}

#[test]
fn the_window_warns_and_names_id_and_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page
            .says("Please save your Token Value. You will not be able to see it again.")
            .await?;
        s.page.says("Token ID").await?;
        s.page.says("Token Value").await?;
        let id = s.revealed_id().await?;
        ensure!(s.server.token_ids("demo@example.com")? == [id]);
        Ok(())
    })
}

#[test]
fn the_value_is_masked_until_it_is_shown() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        ensure!(
            s.shown_value().await?.unwrap_or_default().is_empty(),
            "the value is there already"
        );
        let token = s.read_value().await?;
        ensure!(s.reveal().text().await?.contains(&token.value));
        let (status, _) = s
            .ask_api(&token.value, reqwest::Method::GET, "/tokens")
            .await?;
        ensure!(status == 200, "the shown value is no token");
        Ok(())
    })
}

#[test]
fn a_shown_value_can_be_hidden_again() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        s.page.button("Hide Token Value").click().await?;
        s.page.button("Show Token Value").appears().await?;
        ensure!(!s.reveal().text().await?.contains(&token.value));
        Ok(())
    })
}

#[test]
fn the_token_id_can_be_copied() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Copy Token ID").click().await?;
        s.page.announces("Token ID copied").await?;
        ensure!(s.page.clipboard().await? == s.revealed_id().await?);
        Ok(())
    })
}

#[test]
fn the_token_value_can_be_copied_while_it_is_masked() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Copy Token Value").click().await?;
        s.page.announces("Token Value copied").await?;
        let copied = s.page.clipboard().await?;
        ensure!(s.read_value().await?.value == copied);
        Ok(())
    })
}

#[test]
fn the_download_holds_the_tokens_bytes_and_nothing_else() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Download Token Value").click().await?;
        let (name, content) = s.page.download().await?;
        let token = s.read_value().await?;
        ensure!(content == token.value.as_bytes(), "{content:?}");
        ensure!(
            name == format!("ionos-token-{}.txt", &token.id[..8]),
            "{name}"
        );
        s.page.announces(&name).await
    })
}

#[test]
fn a_copied_value_closes_without_a_question() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Copy Token Value").click().await?;
        s.page.announces("copied").await?;
        s.page.button("Close").click().await?;
        s.reveal().disappears().await?;
        s.page.button("Generate Token").is_enabled().await
    })
}

#[test]
fn a_downloaded_value_closes_without_a_question() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Download Token Value").click().await?;
        s.page.download().await?;
        s.page.button("Close").click().await?;
        s.reveal().disappears().await
    })
}

#[test]
fn a_copied_id_does_not_count_as_a_saved_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Copy Token ID").click().await?;
        s.page.announces("copied").await?;
        s.page.button("Close").click().await?;
        s.page.alert_dialog(CLOSE_GUARD).appears().await
    })
}

#[test]
fn closing_unsaved_asks_and_going_back_keeps_the_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        s.page.button("Close").click().await?;
        let guard = s.page.alert_dialog(CLOSE_GUARD);
        let buttons = ["Go back", "Close anyway", "Delete this token"];
        for name in buttons {
            guard.button(name).appears().await?;
        }
        ensure!(guard.every("button").count().await? == buttons.len());
        s.page.focus_is_on("button", "Go back").await?;
        guard.button("Go back").click().await?;
        guard.disappears().await?;
        ensure!(s.read_value().await? == token);
        Ok(())
    })
}

#[test]
fn closing_anyway_keeps_the_token_and_loses_its_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let id = s.revealed_id().await?;
        s.page.button("Close").click().await?;
        s.page
            .alert_dialog(CLOSE_GUARD)
            .button("Close anyway")
            .click()
            .await?;
        s.reveal().disappears().await?;
        ensure!(s.shown_value().await?.is_none());
        ensure!(s.server.token_ids("demo@example.com")? == [id]);
        Ok(())
    })
}

#[test]
fn an_unsaved_token_can_be_deleted_in_place_of_closing() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        s.page.button("Close").click().await?;
        s.page
            .alert_dialog(CLOSE_GUARD)
            .button("Delete this token")
            .click()
            .await?;
        s.reveal().disappears().await?;
        s.page.says("No tokens yet").await?;
        ensure!(s.server.token_ids("demo@example.com")?.is_empty());
        let (status, _) = s
            .ask_api(&token.value, reqwest::Method::GET, "/tokens")
            .await?;
        ensure!(status == 401, "the deleted token still works: {status}");
        Ok(())
    })
}

#[test]
fn escape_never_loses_the_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        // Each pair asks and goes back; browsers close a dialog by force at a repeated Escape.
        for _ in 0..3 {
            s.page.press("Escape").await?;
            s.page.alert_dialog(CLOSE_GUARD).appears().await?;
            s.page.press("Escape").await?;
            s.page.alert_dialog(CLOSE_GUARD).disappears().await?;
        }
        ensure!(s.read_value().await? == token);
        Ok(())
    })
}

#[test]
fn a_click_outside_never_loses_the_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        click_at(&s.page, 4, 300).await?;
        click_at(&s.page, 600, 4).await?;
        ensure!(s.read_value().await? == token);
        Ok(())
    })
}

async fn click_at(page: &Page, x: i64, y: i64) -> Result<()> {
    let actions = page.driver().action_chain().move_to(x, y).click();
    Ok(actions.perform().await?)
}

#[test]
fn refreshing_the_list_never_touches_the_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        let lists = s.server.received(auth_api::Operation::List).len();
        // What the host, the network and the tab's return do by themselves.
        let refresh = "document.querySelector('dcd-token-manager').refresh();
            dispatchEvent(new Event('online'));
            document.dispatchEvent(new Event('visibilitychange'))";
        s.page.script::<()>(refresh, vec![]).await?;
        e2e::eventually(async || {
            let now = s.server.received(auth_api::Operation::List).len();
            Ok((now > lists).then_some(()))
        })
        .await?;
        s.page.announcements().await?;
        ensure!(s.read_value().await? == token);
        Ok(())
    })
}

#[test]
fn the_next_token_shows_its_own_value() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let first = s.generate_and_close("1 Hour").await?;
        s.generate("1 Hour").await?;
        ensure!(s.shown_value().await?.unwrap_or_default().is_empty());
        let second = s.read_value().await?;
        ensure!(first.value != second.value && first.id != second.id);
        Ok(())
    })
}
