//! A session that ends while the page is open, or that needs a second factor.

use auth_api::{Fault, Operation};
use e2e::{Account, Result, ensure, scenario};

#[test]
fn a_session_that_ends_keeps_the_list_and_goes_on_after_signing_in() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let token = s.generate_and_close("1 Hour").await?;
        s.server.fail([Fault::status(401).on(Operation::List)])?;
        s.page.button("Refresh list").click().await?;
        s.page.announces("Your session has ended").await?;
        ensure!(s.listed().await? == [token.id.clone()], "the list is gone");
        s.fill_in(Account::DEMO).await?;
        s.page.find("form", "Sign in").disappears().await?;
        ensure!(s.listed().await? == [token.id]);
        Ok(())
    })
}

#[test]
fn a_session_that_ends_keeps_the_shown_value() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.server.fail([Fault::status(401).on(Operation::List)])?;
        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        s.page.button("Copy Token Value").click().await?;
        s.page.announces("copied").await?;
        ensure!(s.page.clipboard().await? == token.value);
        Ok(())
    })
}

#[test]
fn a_revoked_token_ends_its_session_without_a_loop() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token("demo@example.com", 3600)?;
        s.sign_in_with(&token).await?;
        let id = s.server.control().token_ids("demo@example.com")?[0];
        s.server.control().delete_token("demo@example.com", id)?;
        s.server.control().forget_requests();
        s.page.button("Refresh list").click().await?;
        s.page.announces("Your session has ended").await?;
        let asked = s.server.control().requests().len();
        ensure!(asked <= 2, "the API was asked {asked} times");
        Ok(())
    })
}

#[test]
fn a_plain_token_of_a_two_factor_account_lists_but_does_not_generate() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token("secure@example.com", 3600)?;
        s.sign_in_with(&token).await?;
        s.page.button("Generate Token").click().await?;
        s.page.announces("second factor").await?;
        // It is no end of the session.
        s.page.button("Sign out").appears().await?;
        ensure!(s.listed().await?.len() == 1);
        Ok(())
    })
}

#[test]
fn a_session_with_a_second_factor_generates_and_deletes() -> Result<()> {
    scenario(async |s| {
        let session = s.server.control().session("secure@example.com")?;
        s.sign_in_with(&session).await?;
        let token = s.generate_and_close("1 Hour").await?;
        s.page
            .button(&format!("Delete token {}", token.id))
            .click()
            .await?;
        s.page
            .alert_dialog("Delete token")
            .button("Delete")
            .click()
            .await?;
        s.page.announces("deleted").await
    })
}

#[test]
fn deleting_the_token_in_use_warns_and_signs_out() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token("demo@example.com", 3600)?;
        s.sign_in_with(&token).await?;
        s.page.says("In use here").await?;
        let id = &s.listed().await?[0];
        s.page.button(&format!("Delete token {id}")).click().await?;
        s.page.says("You are signed in with this token").await?;
        s.server.control().forget_requests();
        s.page
            .alert_dialog("Delete token")
            .button("Delete")
            .click()
            .await?;
        s.page.find("form", "Sign in").appears().await?;
        let asked = s.server.control().requests().len();
        ensure!(asked == 1, "the API was asked {asked} times");
        Ok(())
    })
}

/// The browser's tab forgets who was signed in.
#[test]
fn a_reload_signs_out() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.page.driver().refresh().await?;
        s.page.find("form", "Sign in").appears().await?;
        s.page.button("Sign out").disappears().await
    })
}
