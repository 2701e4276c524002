//! Each example of a host does what it is there to show. Those that only differ in how they are
//! secured make the whole journey, in `journey.rs`.

use auth_api::{Fault, Operation};
use e2e::{Account, Host, Result, Scenario, Setup, ensure, eventually, scenario};

use super::{delete, lists, unsaved};

/// Opens an example and waits for the list.
async fn opened(s: &Scenario, example: &str, account: Account) -> Result<Host> {
    let host = Host::start(&s.server, account).await?;
    host.open(s, example).await?;
    lists(s).await?;
    Ok(host)
}

#[test]
fn credentials_that_expire_are_fetched_anew_and_an_open_value_stays() -> Result<()> {
    scenario(async |s| {
        let host = opened(s, "refreshing.html", Account::DEMO).await?;
        let token = unsaved(s).await?;
        s.server.fail([Fault::status(401).on(Operation::List)])?;
        s.evaluate::<()>("document.querySelector('dcd-token-manager').refresh()")
            .await?;
        eventually(async || Ok((host.received("/session/refresh").len() == 1).then_some(())))
            .await?;
        ensure!(s.read_value().await? == token);
        s.discard_value().await?;
        // The list has gone on with the new token, which is in it as the first one is.
        s.page.says("3 of 100 tokens").await?;
        ensure!(host.received("/session/token").len() == 1);
        ensure!(host.received("/session/refresh").len() == 1);
        Ok(())
    })
}

/// What the example asks, once it does.
async fn prompt(s: &Scenario) -> Result<String> {
    eventually(async || Ok(s.page.driver().get_alert_text().await.ok())).await
}

#[test]
fn a_second_factor_is_asked_for_where_it_is_needed_and_generating_goes_on() -> Result<()> {
    scenario(async |s| {
        let host = opened(s, "refreshing.html", Account::SECURE).await?;
        s.page.button("Generate Token").click().await?;
        ensure!(prompt(s).await?.contains("second factor"));
        s.page.driver().dismiss_alert().await?;
        s.page
            .announces("Confirm your second factor to generate or delete tokens.")
            .await?;
        ensure!(host.received("/session/second-factor").is_empty());

        s.page.button("Generate Token").click().await?;
        prompt(s).await?;
        s.page.driver().accept_alert().await?;
        s.reveal().appears().await?;
        let token = s.read_value().await?;
        let requests = s.server.received(Operation::Generate);
        let minted: Vec<String> = requests
            .iter()
            .filter_map(|request| request.minted.map(|id| id.to_string()))
            .collect();
        ensure!(minted == [token.id], "{minted:?}");
        ensure!(host.received("/session/second-factor").len() == 1);
        ensure!(host.received("/session/token").len() == 1);
        Ok(())
    })
}

/// Waits until the trail of the example has an entry that ends so, with or without its rest.
async fn trail_has(s: &Scenario, entry: &str) -> Result<()> {
    let trail = "[...document.querySelectorAll('#trail li')].map((entry) => entry.textContent)";
    s.holds(&format!(
        "{trail}.some((text) => text.includes('Z {entry}'))"
    ))
    .await
}

#[test]
fn an_audit_trail_tells_what_happened_and_leaving_asks_while_a_value_is_unsaved() -> Result<()> {
    // The browser complains about the answer that the story provokes.
    Setup::default().tolerant().run(async |s| {
        let host = opened(s, "audit-trail.html", Account::DEMO).await?;
        let asks = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))";
        ensure!(!s.evaluate::<bool>(asks).await?, "nothing could be lost");
        let token = unsaved(s).await?;
        trail_has(s, &format!("generated {}, valid until 20", token.id)).await?;
        ensure!(s.evaluate::<bool>(asks).await?, "the value could be lost");
        s.discard_value().await?;
        ensure!(!s.evaluate::<bool>(asks).await?, "nothing is left to lose");

        delete(s, &token.id).await?;
        trail_has(s, &format!("deleted {}", token.id)).await?;
        s.server
            .fail([Fault::status(403).on(Operation::Generate)])?;
        s.page.button("Generate Token").click().await?;
        trail_has(s, "failed: forbidden").await?;
        let other = unsaved(s).await?;
        s.evaluate::<()>("document.querySelector('dcd-token-manager').remove()")
            .await?;
        trail_has(s, "failed: unsaved-token-discarded").await?;

        let sent = eventually(async || {
            let sent = host.received("/audit");
            Ok((sent.len() >= 5).then_some(sent))
        });
        let sent = sent.await?.concat();
        for token in [token, other] {
            ensure!(sent.contains(&token.id), "{sent}");
            ensure!(!sent.contains(&token.value), "{sent}");
        }
        Ok(())
    })
}

#[test]
fn a_theme_changes_colours_by_properties_and_the_rest_by_parts() -> Result<()> {
    scenario(async |s| {
        let host = Host::start(&s.server, Account::DEMO).await?;
        host.open(s, "themed.html").await?;
        s.page.says("von 100 Token").await?;
        let generate = s.page.button("Token erzeugen").get().await?;
        ensure!(
            generate
                .css_value("background-color")
                .await?
                .contains("109, 40, 217")
        );
        let heading = s.page.heading("API/SDK Authentication Token Manager");
        let title = heading.get().await?;
        ensure!(title.css_value("font-style").await? == "italic");
        ensure!(title.css_value("font-family").await?.starts_with("Georgia"));
        ensure!(!s.page.text().await?.contains("Erzeugen Sie sichere Token"));
        let requests = s.server.received(Operation::List);
        ensure!(
            requests
                .iter()
                .all(|request| request.contract_number.as_deref() == Some("31884391"))
        );
        Ok(())
    })
}

#[test]
fn in_react_the_panel_comes_and_goes_with_its_component() -> Result<()> {
    scenario(async |s| {
        let _host = opened(s, "react/", Account::DEMO).await?;
        s.page.says("Generated here: 0").await?;
        let token = unsaved(s).await?;
        // The dialog is modal: only a script can leave.
        let leave = "void setTimeout(() => document.querySelector('nav button').click())";
        s.evaluate::<()>(leave).await?;
        ensure!(prompt(s).await?.contains("without saving"));
        s.page.driver().dismiss_alert().await?;
        ensure!(s.read_value().await? == token);
        s.discard_value().await?;
        s.page.says("Generated here: 1").await?;

        s.page.button("Home").click().await?;
        s.page.button("Generate Token").disappears().await?;
        s.page.button("Tokens").click().await?;
        lists(s).await?;
        s.generate_and_close("1 Hour").await?;
        s.page.says("Generated here: 2").await
    })
}

#[test]
fn in_vue_another_contract_shows_its_list_at_once() -> Result<()> {
    scenario(async |s| {
        let _host = opened(s, "vue/", Account::MULTI).await?;
        let token = s.generate_and_close("1 Hour").await?;
        s.page.says("Generated here: 1").await?;
        let contract = s.page.list_box("Contract").or_longer();
        contract.choose("31990210").await?;
        s.page.says("No tokens yet").await?;
        contract.choose("31884391").await?;
        s.page.says("1 of 100 tokens").await?;
        ensure!(s.listed().await? == [token.id]);
        Ok(())
    })
}
