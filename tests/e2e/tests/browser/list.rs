//! The list of tokens.

use auth_api::{Fault, Operation};
use e2e::{Account, Result, ensure, scenario};

#[test]
fn the_table_has_the_columns_of_the_dcd_and_two_more() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let table = s.page.find("table", "Authentication tokens");
        let columns = table.every("columnheader").names().await?;
        let expected = [
            "ID",
            "Creation Date",
            "Expiration Date",
            "Status",
            "Actions",
        ];
        ensure!(columns == expected, "{columns:?}");
        Ok(())
    })
}

#[test]
fn every_token_is_listed_newest_first() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let token = s.server.control().token_ids("full@example.com")?;
        let listed = s.listed().await?;
        ensure!(listed.len() == 100 && token.len() == 100);
        let id = s.server.control().token_ids("full@example.com")?[0];
        s.server.control().delete_token("full@example.com", id)?;
        let jwt = s.server.control().token("full@example.com", 3600)?;
        let (_, list) = s.ask_api(&jwt, reqwest::Method::GET, "/tokens").await?;
        let created = |id: &str| {
            let tokens = list["tokens"].as_array().into_iter().flatten();
            let token = tokens.clone().find(|token| token["id"] == id);
            token.map(|token| token["createdDate"].to_string())
        };
        s.page.button("Refresh list").click().await?;
        s.page
            .button(&format!("Delete token {id}"))
            .disappears()
            .await?;
        let dates: Vec<_> = s.listed().await?.iter().map(|id| created(id)).collect();
        ensure!(
            dates.is_sorted_by(|newer, older| newer >= older),
            "{dates:?}"
        );
        Ok(())
    })
}

#[test]
fn statuses_are_told_in_words() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let rows = s.page.every("row").texts().await?;
        for status in ["Active", "Expires soon", "Expired"] {
            ensure!(
                rows.iter().any(|row| row.contains(status)),
                "no row is {status}"
            );
        }
        Ok(())
    })
}

#[test]
fn dates_are_local_and_in_utc_on_request() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.generate_and_close("1 Hour").await?;
        let row = s.page.find("row", "").or_longer();
        let local = row.texts().await?;
        s.page.find("checkbox", "Times in UTC").click().await?;
        e2e::eventually(async || {
            let utc = row.texts().await?;
            Ok((utc.last().is_some_and(|row| row.contains("UTC")) && utc != local).then_some(()))
        })
        .await
    })
}

#[test]
fn a_listed_id_can_be_copied() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let token = s.generate_and_close("1 Hour").await?;
        s.page
            .button(&format!("Copy ID {}", token.id))
            .click()
            .await?;
        s.page.announces("Token ID copied").await?;
        ensure!(s.page.clipboard().await? == token.id);
        Ok(())
    })
}

#[test]
fn a_new_account_is_told_how_to_begin() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.page.says("No tokens yet").await?;
        s.page.says("0 of 100 tokens").await?;
        s.page
            .find("table", "Authentication tokens")
            .disappears()
            .await
    })
}

#[test]
fn tokens_made_elsewhere_appear_after_a_refresh() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.server.control().token("demo@example.com", 3600)?;
        s.page.button("Refresh list").click().await?;
        s.page.says("1 of 100 tokens").await
    })
}

#[test]
fn a_failed_refresh_keeps_the_rows_and_offers_another_try() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let token = s.generate_and_close("1 Hour").await?;
        s.server.fail([Fault::status(500).on(Operation::List)])?;
        s.page.button("Refresh list").click().await?;
        s.page.announces("The list could not be read").await?;
        s.page.says("This list is from").await?;
        ensure!(s.listed().await? == [token.id]);
        s.page.button("Retry").click().await?;
        s.page.says_no_longer("This list is from").await
    })
}
