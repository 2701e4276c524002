//! What the window with a new token tells and does.

use auth_api::{Content, Fault, Operation};
use e2e::{Account, Result, Scenario, ensure, scenario};
use serde_json::json;

use super::{DEMO, EMAIL, details, fingerprint, nothing_left, take_download};

/// Signs in and generates a token.
async fn opened(s: &Scenario) -> Result<()> {
    s.sign_in(DEMO).await?;
    s.generate("1 Day").await
}

#[test]
fn a_new_token_tells_what_it_is() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Valid until ").or_longer().click().await?;
        let told = [
            "Contract number 31884391",
            "Role owner",
            "data center create",
            "Issued",
            "Expiration Date",
        ];
        for text in told {
            s.page.says(text).await?;
        }
        s.page.button("Valid until ").or_longer().click().await?;
        s.page.says_no_longer("data center create").await?;
        let warnings = s.reveal().text().await?;
        ensure!(!warnings.contains("This token belongs to") && !warnings.contains("clock"));
        Ok(())
    })
}

#[test]
fn a_token_that_is_not_what_was_asked_for_is_pointed_out() -> Result<()> {
    scenario(async |s| {
        let multi = Account::MULTI.with_contract("31990210");
        s.sign_in(multi).await?;
        let other = s.server.control().token(multi.email, 3_600)?;
        let answer = Content::Text(json!({ "token": other }).to_string());
        s.server
            .fail([Fault::status(200).saying(answer).on(Operation::Generate)])?;
        s.generate("1 Day").await?;
        s.page
            .says("This token belongs to contract 31884391, not to contract 31990210 of this page.")
            .await?;
        s.page.says("which is not what you chose").await
    })
}

#[test]
fn a_clock_that_is_off_is_pointed_out() -> Result<()> {
    scenario(async |s| {
        s.server
            .control()
            .change_settings(|settings| settings.clock_offset_seconds = 600);
        opened(s).await?;
        s.page
            .says("The clock of this device is off by about 10 minutes.")
            .await
    })
}

#[test]
fn a_new_token_is_saved_as_env_and_ionosctl_configuration() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        s.page.button("Use it").click().await?;
        s.page.button(".env file").click().await?;
        let (name, env) = take_download(s).await?;
        ensure!(
            name == format!("ionos-token-{}.env", &token.id[..8]),
            "{name}"
        );
        ensure!(env == format!("IONOS_TOKEN={}\n", token.value));
        // By keyboard: what was just said must not hide what has the focus.
        s.page.button("ionosctl configuration").focus().await?;
        s.page.press("Enter").await?;
        let (name, yaml) = take_download(s).await?;
        ensure!(
            name == format!("ionosctl-config-{}.yaml", &token.id[..8]),
            "{name}"
        );
        ensure!(yaml.contains(&format!("token: \"{}\"\n", token.value)));
        // Either counts as saved.
        s.page.button("Close").click().await?;
        s.reveal().disappears().await
    })
}

#[test]
fn snippets_never_hold_the_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Use it").click().await?;
        let tabs = s.page.find("tablist", "How tools use it").every("tab");
        let names = tabs.names().await?;
        ensure!(names.len() == 11, "{names:?}");
        s.page.find("tab", &names[0]).click().await?;
        for name in &names {
            let snippet = s.page.find("tabpanel", name).text().await?;
            ensure!(
                snippet.contains("IONOS_TOKEN") && !snippet.contains("eyJ"),
                "{snippet}"
            );
            s.page.focus_is_on("tab", name).await?;
            // Around once, by keyboard.
            s.page.press("Right").await?;
        }
        s.page.focus_is_on("tab", &names[0]).await?;
        s.page.button("Copy snippet").click().await?;
        s.page.announces("Copied").await?;
        let copied = s.page.clipboard().await?;
        ensure!(copied.contains("Bearer $IONOS_TOKEN"), "{copied}");
        // A copied snippet is no saved value.
        s.page.button("Close").click().await?;
        s.page.alert_dialog(e2e::CLOSE_GUARD).appears().await
    })
}

#[test]
fn a_new_token_is_tried() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Use it").click().await?;
        let id = s.revealed_id().await?;
        s.page.button("Try it").click().await?;
        s.page
            .announces("It works: the Auth API accepts it and lists 1 token.")
            .await?;
        s.server.control().delete_token(EMAIL, id.parse()?)?;
        s.page.button("Try it").click().await?;
        s.page.announces("The new token could not be used.").await?;
        // That it failed ends neither the session nor the window.
        s.read_value().await?;
        Ok(())
    })
}

#[test]
fn the_fingerprint_stays() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        let token = s.read_value().await?;
        let expected = fingerprint(s, &token.value).await?;
        s.page.button("Valid until ").or_longer().click().await?;
        s.page
            .says(&format!("Fingerprint (SHA-256): {expected}."))
            .await?;
        s.discard_value().await?;
        let dialog = details(s, &token.id).await?;
        s.page.says(&expected).await?;
        dialog.button("Cancel").click().await?;
        dialog.disappears().await?;
        nothing_left(s, &token.value).await
    })
}

#[test]
fn all_that_a_new_token_offers_keeps_nothing_of_its_value() -> Result<()> {
    scenario(async |s| {
        opened(s).await?;
        s.page.button("Valid until ").or_longer().click().await?;
        s.page.button("Use it").click().await?;
        s.page.button("Try it").click().await?;
        s.page.announces("It works").await?;
        s.page.button(".env file").click().await?;
        let (_, env) = take_download(s).await?;
        let value = env.trim_end().trim_start_matches("IONOS_TOKEN=");
        nothing_left(s, value).await?;
        s.read_value().await?;
        ensure!(super::places_of(s, value).await? == ["page"]);
        s.discard_value().await?;
        nothing_left(s, value).await?;
        let requests = s.server.control().requests();
        let signature = value.rsplit('.').next().unwrap_or_default();
        ensure!(!format!("{requests:?}").contains(&signature[..16]));
        Ok(())
    })
}
