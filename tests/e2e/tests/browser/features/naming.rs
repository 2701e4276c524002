//! Names that stay in this browser, and reminders.

use e2e::{Result, ensure, scenario};
use serde_json::{Value, json};

use super::{CONTRACT, DAY, EMAIL, choose, come_back, details, name, nothing_left, row_button};
use super::{
    copied_token, give_file, row_says, row_text, signed_in_with, take_download, told_by_api,
};

const STORED: &str = "return localStorage.getItem(arguments[0])";

fn names_key() -> Vec<Value> {
    vec![format!("dcd-token-manager.names.{CONTRACT}").into()]
}

#[test]
fn a_name_stays_in_this_browser() -> Result<()> {
    scenario(async |s| {
        let id = signed_in_with(s, &[DAY]).await?.remove(0);
        s.server.control().forget_requests();
        let dialog = details(s, &id).await?;
        s.page
            .says("Kept in this browser only; the Auth API knows no names.")
            .await?;
        dialog.button("Cancel").click().await?;
        name(s, &id, "Build runner", "Asks for a new one in May").await?;
        row_says(s, &id, "Build runner").await?;
        s.page
            .focus_is_on("button", &format!("Details of token {id}"))
            .await?;
        ensure!(
            s.server.control().requests().is_empty(),
            "something was sent"
        );

        come_back(s).await?;
        row_says(s, &id, "Build runner").await?;
        details(s, &id).await?;
        let note: String = s.page.field("Note").property("value").await?;
        ensure!(note == "Asks for a new one in May", "{note}");
        let stored: Option<String> = s.page.script(STORED, names_key()).await?;
        ensure!(stored.is_some_and(|text| text.contains("Build runner")));
        Ok(())
    })
}

#[test]
fn a_name_goes_with_its_token() -> Result<()> {
    scenario(async |s| {
        let id = signed_in_with(s, &[DAY]).await?.remove(0);
        name(s, &id, "Build runner", "").await?;
        row_button(s, "Delete", &id).click().await?;
        s.page
            .alert_dialog("Delete token")
            .button("Delete")
            .click()
            .await?;
        s.page.says("No tokens yet").await?;
        let stored: Option<String> = s.page.script(STORED, names_key()).await?;
        ensure!(stored.is_none(), "{stored:?}");
        Ok(())
    })
}

#[test]
fn names_are_exported_and_imported() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[DAY; 2]).await?;
        name(s, &ids[0], "Build runner", "in the cellar").await?;
        choose(s, "Export names").await?;
        let (file, exported) = take_download(s).await?;
        ensure!(file == "ionos-token-names.json", "{file}");
        let names: Value = serde_json::from_str(&exported)?;
        let expected =
            json!({ "label": "Build runner", "note": "in the cellar", "replaced": false });
        ensure!(
            names["tokens"] == json!({ &ids[0]: expected }),
            "{exported}"
        );

        // As on another device.
        s.page.script::<()>("localStorage.clear()", vec![]).await?;
        come_back(s).await?;
        ensure!(!row_text(s, &ids[0]).await?.contains("Build runner"));
        s.page.button("More").click().await?;
        give_file(s, &s.page.field("Import names"), "names.json", &exported).await?;
        s.page.announces("Names imported: 1").await?;
        row_says(s, &ids[0], "Build runner").await
    })
}

#[test]
fn a_file_of_something_else_imports_nothing() -> Result<()> {
    scenario(async |s| {
        let id = signed_in_with(s, &[DAY]).await?.remove(0);
        name(s, &id, "Build runner", "").await?;
        s.page.button("More").click().await?;
        let field = s.page.field("Import names");
        give_file(s, &field, "names.json", r#"{"format":"other"}"#).await?;
        s.page.announces("This file is no export of names.").await?;
        row_says(s, &id, "Build runner").await
    })
}

#[test]
fn a_token_value_is_no_name() -> Result<()> {
    scenario(async |s| {
        s.sign_in(super::DEMO).await?;
        let token = copied_token(s).await?;
        for field in ["Name", "Note"] {
            let dialog = details(s, &token.id).await?;
            s.page.field(field).focus().await?;
            s.page.press("Control+v").await?;
            dialog.button("Save").click().await?;
            s.page.announces("This looks like a Token Value.").await?;
            nothing_left(s, &token.value).await?;
            dialog.button("Cancel").click().await?;
            dialog.disappears().await?;
        }
        choose(s, "Export names").await?;
        let (_, exported) = take_download(s).await?;
        ensure!(!exported.contains(&token.id), "{exported}");
        Ok(())
    })
}

#[test]
fn a_reminder_is_a_calendar_file() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, 30 * DAY)?;
        let id = signed_in_with(s, &[]).await?.remove(0);
        let dialog = details(s, &id).await?;
        dialog.button("Save reminder").click().await?;
        let (file, text) = take_download(s).await?;
        ensure!(file == format!("ionos-token-{}.ics", &id[..8]), "{file}");
        s.page.announces(&file).await?;
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        ensure!(
            lines.first() == Some(&"BEGIN:VCALENDAR") && !text.replace("\r\n", "").contains('\n')
        );
        ensure!(lines.iter().all(|line| line.len() <= 75), "{text}");
        let told = told_by_api(s, &token).await?;
        let expires = told[0]["expirationDate"].as_str().unwrap_or_default();
        let start = format!("DTSTART:{}", expires.replace(['-', ':'], ""));
        for line in [
            start.as_str(),
            "TRIGGER:-P7D",
            "TRIGGER:-P1D",
            "END:VCALENDAR",
        ] {
            ensure!(lines.contains(&line), "no {line} in {text}");
        }
        ensure!(text.replace("\r\n ", "").contains(&id));
        Ok(())
    })
}

#[test]
fn reminders_of_all_tokens_are_one_file() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[30 * DAY, -DAY, 60 * DAY]).await?;
        name(s, &ids[0], "Build runner", "").await?;
        choose(s, "Save reminders for all").await?;
        let (file, text) = take_download(s).await?;
        ensure!(file == "ionos-tokens.ics", "{file}");
        ensure!(text.matches("BEGIN:VEVENT").count() == 2, "{text}");
        ensure!(text.contains("SUMMARY:IONOS token Build runner expires"));
        Ok(())
    })
}

#[test]
fn without_an_expiry_there_is_nothing_to_remind_of() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[-DAY]).await?;
        choose(s, "Save reminders for all").await?;
        s.page.announces("No token has an expiry ahead.").await
    })
}
