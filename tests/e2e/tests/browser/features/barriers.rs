//! Every state without barriers: light and dark, at desktop and phone width.

use auth_api::{Fault, Operation};
use e2e::{Result, Scenario, Setup, ensure};

use super::{DAY, DEMO, EMAIL, choose, details, name, row_box};

/// Looks for barriers and for sideways scrolling, and takes a picture if pictures are wanted.
async fn no_barriers(s: &Scenario, theme: &str, state: &str) -> Result<()> {
    let barriers = s.page.barriers().await?;
    ensure!(barriers.is_empty(), "{state}: {barriers:#?}");
    let width = "const { scrollWidth, clientWidth } = document.documentElement;
        return [clientWidth, scrollWidth]";
    let [seen, needed]: [u32; 2] = s.page.script(width, vec![]).await?;
    ensure!(needed <= seen, "{state} needs {needed} of {seen} pixels");
    s.screenshot(&format!("{state}-{theme}-{seen}")).await?;
    Ok(())
}

async fn has_no_barriers_anywhere(s: &Scenario, theme: &str) -> Result<()> {
    let token = s.server.control().token(EMAIL, 90 * DAY)?;
    s.server.control().add_tokens(EMAIL, 12)?;
    s.sign_in(DEMO).await?;
    let set = "document.querySelector('dcd-token-manager').setAttribute('theme', arguments[0])";
    s.page.script::<()>(set, vec![theme.into()]).await?;
    let ids = s.server.token_ids(EMAIL)?;
    name(s, &ids[0], "Build runner", "").await?;

    s.page.find("checkbox", "Times in UTC").click().await?;
    no_barriers(s, theme, "list").await?;
    s.page
        .find("searchbox", "Search ID or name")
        .fill("nobody")
        .await?;
    no_barriers(s, theme, "nothing-found").await?;
    s.page
        .find("searchbox", "Search ID or name")
        .fill("-")
        .await?;
    s.page.button("More").click().await?;
    no_barriers(s, theme, "menu").await?;
    s.page.press("Escape").await?;
    s.page.button("Other…").click().await?;
    s.page.find("spinbutton", "Duration").fill("0").await?;
    no_barriers(s, theme, "lifetime").await?;
    s.page.button("Other…").click().await?;

    details(s, &ids[0]).await?;
    no_barriers(s, theme, "details").await?;
    s.page.press("Escape").await?;

    choose(s, "Check a token").await?;
    no_barriers(s, theme, "inspector").await?;
    s.page.field("Token Value to check").fill(&token).await?;
    s.page
        .dialog("Check a token")
        .button("Check")
        .click()
        .await?;
    s.page.announces("This token is active.").await?;
    no_barriers(s, theme, "inspected").await?;
    s.page.press("Escape").await?;

    row_box(s, &ids[0]).click().await?;
    no_barriers(s, theme, "selected").await?;
    s.server.fail([Fault::status(500).on(Operation::Delete)])?;
    s.page.button("Delete selected").click().await?;
    s.page.button("Delete").click().await?;
    s.page.announces("0 deleted, 1 not deleted:").await?;
    no_barriers(s, theme, "not-deleted").await?;
    s.page.press("Escape").await?;
    choose(s, "Delete all").await?;
    no_barriers(s, theme, "delete-all").await?;
    s.page.press("Escape").await?;

    super::row_button(s, "Rotate", &ids[0]).click().await?;
    s.reveal().appears().await?;
    s.page.button("Valid until ").or_longer().click().await?;
    s.page.button("Use it").click().await?;
    s.page.button("Try it").click().await?;
    s.page.announces("It works").await?;
    no_barriers(s, theme, "new-token").await?;
    s.discard_value().await?;
    s.page.alert_dialog("Replace token").appears().await?;
    no_barriers(s, theme, "rotated").await
}

#[test]
fn a_light_desktop_has_no_barriers() -> Result<()> {
    Setup::window(1280, 900).run(async |s| has_no_barriers_anywhere(s, "light").await)
}

#[test]
fn a_dark_desktop_has_no_barriers() -> Result<()> {
    Setup::window(1280, 900).run(async |s| has_no_barriers_anywhere(s, "dark").await)
}

#[test]
fn a_light_phone_has_no_barriers() -> Result<()> {
    Setup::window(320, 640).run(async |s| has_no_barriers_anywhere(s, "light").await)
}

#[test]
fn a_dark_phone_has_no_barriers() -> Result<()> {
    Setup::window(320, 640).run(async |s| has_no_barriers_anywhere(s, "dark").await)
}
