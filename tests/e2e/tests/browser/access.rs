//! The page for everybody: by keyboard alone, without barriers, on a narrow screen.

mod barriers;
mod focus;
mod layout;
mod sight;
mod states;

use auth_api::Operation;
use e2e::{Account, Result, Scenario, ensure, scenario};

#[test]
fn names_are_what_the_browser_computes() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.generate_and_close("1 Hour").await?;
        for role in ["button", "combobox", "link", "checkbox"] {
            let locator = s.page.every(role);
            let names = locator.names().await?;
            for (element, name) in locator.all().await?.iter().zip(names) {
                let computed = s.page.computed(element).await?;
                ensure!(computed.name == name, "{role} `{name}`: {computed:?}");
                // Engines call selection lists and disclosures by names of their own.
                let tag = element.tag_name().await?;
                ensure!(
                    computed.role == role || ["select", "summary"].contains(&tag.as_str()),
                    "{role} `{name}`: {computed:?}"
                );
            }
        }
        Ok(())
    })
}

#[test]
fn the_whole_journey_works_by_keyboard_alone() -> Result<()> {
    scenario(async |s| {
        let mut keys = 0;
        s.open().await?;
        keys += s.tab_to("button", "Use e-mail and password").await?;
        s.page.press("Enter").await?;
        s.page.field("E-mail").appears().await?;
        keys += back_to(s, "textbox", "E-mail").await?;
        s.page.type_text("demo@example.com").await?;
        s.page.press("Tab").await?;
        s.page.focus_is_on("textbox", "Password").await?;
        s.page.type_text("demo").await?;
        s.page.press("Enter").await?;
        s.is_signed_in().await?;

        s.page
            .focus_is_on("combobox", "Time To Live (TTL):")
            .await?;
        s.page.type_text("7").await?;
        keys += s.tab_to("button", "Generate Token").await?;
        s.page.press("Enter").await?;
        s.reveal().appears().await?;
        s.page.focus_is_on("button", "Copy Token Value").await?;
        s.page.press("Enter").await?;
        s.page.announces("copied").await?;
        let id = s.revealed_id().await?;
        keys += s.tab_to("button", "Close").await?;
        s.page.press("Enter").await?;
        s.reveal().disappears().await?;
        s.page.focus_is_on("button", "Generate Token").await?;
        let query = s.server.received(Operation::Generate)[0].query.clone();
        ensure!(query.as_deref() == Some("ttl=604800"), "{query:?}");

        keys += s.tab_to("button", &format!("Delete token {id}")).await?;
        s.page.press("Enter").await?;
        s.page.focus_is_on("button", "Cancel").await?;
        keys += s.tab_to("button", "Delete").await?;
        s.page.press("Enter").await?;
        s.page.says("No tokens yet").await?;
        // Enter and the lifetime's digit, eight times; the typing is the user's own.
        keys += 9;
        ensure!(keys <= 50, "the journey takes {keys} keys");
        Ok(())
    })
}

/// Presses Shift+Tab until the focus is on the element, and tells how often.
async fn back_to(s: &Scenario, role: &str, name: &str) -> Result<usize> {
    for count in 0..20 {
        let focus = s.page.focus().await?;
        if focus.is_some_and(|focus| focus.role == role && focus.name == name) {
            return Ok(count);
        }
        s.page.press("Shift+Tab").await?;
    }
    anyhow::bail!("the focus never gets back to {role} `{name}`")
}
