//! Deleting a token.

use e2e::page::Locator;
use e2e::{Account, Result, Scenario, Token, ensure, scenario};

/// Signs in, makes a token and asks to delete it.
async fn asked(s: &Scenario) -> Result<Token> {
    s.sign_in(Account::DEMO).await?;
    let token = s.generate_and_close("1 Hour").await?;
    delete_button(s, &token.id).click().await?;
    question(s).appears().await?;
    Ok(token)
}

fn delete_button(s: &Scenario, id: &str) -> Locator {
    s.page.button(&format!("Delete token {id}"))
}

fn question(s: &Scenario) -> Locator {
    s.page.alert_dialog("Delete token")
}

#[test]
fn the_question_names_the_token_and_what_it_means() -> Result<()> {
    scenario(async |s| {
        let token = asked(s).await?;
        let text = question(s).text().await?;
        ensure!(text.contains(&token.id), "{text}");
        ensure!(
            text.contains("stops working at once, even if it has not expired"),
            "{text}"
        );
        s.page.focus_is_on("button", "Cancel").await
    })
}

#[test]
fn cancelling_keeps_the_token() -> Result<()> {
    scenario(async |s| {
        let token = asked(s).await?;
        question(s).button("Cancel").click().await?;
        question(s).disappears().await?;
        s.page
            .focus_is_on("button", &format!("Delete token {}", token.id))
            .await?;
        let (status, _) = s
            .ask_api(&token.value, reqwest::Method::GET, "/tokens")
            .await?;
        ensure!(status == 200);
        ensure!(
            s.server.received(auth_api::Operation::Delete).is_empty(),
            "something was sent"
        );
        Ok(())
    })
}

#[test]
fn escape_keeps_the_token() -> Result<()> {
    scenario(async |s| {
        let token = asked(s).await?;
        s.page.press("Escape").await?;
        question(s).disappears().await?;
        ensure!(s.listed().await? == [token.id]);
        Ok(())
    })
}

#[test]
fn a_deleted_token_is_refused_at_once() -> Result<()> {
    scenario(async |s| {
        let token = asked(s).await?;
        question(s).button("Delete").click().await?;
        s.page
            .announces(&format!("Token {} deleted", token.id))
            .await?;
        let (status, body) = s
            .ask_api(&token.value, reqwest::Method::GET, "/tokens")
            .await?;
        ensure!(
            status == 401 && body["messages"][0]["errorCode"] == "315",
            "{status} {body}"
        );
        s.page.says("No tokens yet").await?;
        ensure!(s.server.received(auth_api::Operation::Delete).len() == 1);
        Ok(())
    })
}

#[test]
fn the_focus_stays_in_the_list_after_a_deletion() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        for _ in 0..3 {
            s.server.control().token("demo@example.com", 3600)?;
        }
        s.page.button("Refresh list").click().await?;
        s.page.says("3 of 100 tokens").await?;
        let ids = s.listed().await?;
        delete_button(s, &ids[1]).click().await?;
        question(s).button("Delete").click().await?;
        delete_button(s, &ids[1]).disappears().await?;
        e2e::eventually(async || {
            let focus = s.page.focus().await?;
            Ok(focus.filter(|focus| focus.name.starts_with("Delete token ")))
        })
        .await?;
        Ok(())
    })
}

#[test]
fn the_focus_goes_to_generate_after_the_last_deletion() -> Result<()> {
    scenario(async |s| {
        asked(s).await?;
        question(s).button("Delete").click().await?;
        s.page.says("No tokens yet").await?;
        s.page.focus_is_on("button", "Generate Token").await
    })
}

#[test]
fn a_hundred_tokens_are_deleted_without_a_delay() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let id = &s.listed().await?[50];
        delete_button(s, id).click().await?;
        question(s).button("Delete").click().await?;
        delete_button(s, id).disappears().await?;
        s.page.says("99 of 100 tokens").await?;
        s.page.button("Generate Token").is_enabled().await
    })
}
