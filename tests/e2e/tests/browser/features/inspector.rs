//! Whose token is this?

use auth_api::Operation;
use e2e::page::Locator;
use e2e::{Account, Result, Scenario, ensure, scenario};

use super::signed_in_with;
use super::{
    DAY, DEMO, EMAIL, choose, copied_token, fingerprint, give_file, lists, menu_item, nothing_left,
};

async fn inspector(s: &Scenario) -> Result<Locator> {
    choose(s, "Check a token").await?;
    let dialog = s.page.dialog("Check a token");
    dialog.appears().await?;
    Ok(dialog)
}

/// Types a token into the inspector and looks at it.
async fn check(s: &Scenario, dialog: &Locator, token: &str) -> Result<()> {
    s.page.field("Token Value to check").fill(token).await?;
    dialog.button("Check").click().await
}

#[test]
fn a_pasted_token_is_recognised_and_forgotten() -> Result<()> {
    scenario(async |s| {
        s.sign_in(DEMO).await?;
        let token = copied_token(s).await?;
        s.server.control().forget_requests();
        let dialog = inspector(s).await?;
        s.page
            .focus_is_on("textbox", "Token Value to check")
            .await?;
        s.page.press("Control+v").await?;
        s.page.press("Enter").await?;
        s.page.announces("This token is active.").await?;
        let print = fingerprint(s, &token.value).await?;
        let told = [
            token.id.as_str(),
            "31884391",
            "owner",
            "data center create",
            &print,
        ];
        for text in told {
            s.page.says(text).await?;
        }
        nothing_left(s, &token.value).await?;
        let asked = s.server.control().requests();
        ensure!(
            asked.len() == 1 && asked[0].operation == Operation::Get,
            "{asked:?}"
        );
        dialog.button("Close").click().await?;
        dialog.disappears().await?;
        nothing_left(s, &token.value).await
    })
}

#[test]
fn a_typed_token_is_gone_when_the_inspector_is_left() -> Result<()> {
    scenario(async |s| {
        s.sign_in(DEMO).await?;
        let token = copied_token(s).await?;
        let dialog = inspector(s).await?;
        s.page.field("Token Value to check").focus().await?;
        s.page.press("Control+v").await?;
        ensure!(super::places_of(s, &token.value).await? == ["fields"]);
        s.page.press("Escape").await?;
        dialog.disappears().await?;
        nothing_left(s, &token.value).await?;
        let dialog = inspector(s).await?;
        dialog.button("Check").click().await?;
        s.page.announces("There is no token in it.").await
    })
}

#[test]
fn a_token_is_recognised_in_a_file() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        let id = signed_in_with(s, &[]).await?.remove(0);
        inspector(s).await?;
        let file = format!("# for the build\nIONOS_TOKEN={token}\n");
        let field = s.page.field("File with a token");
        give_file(s, &field, "build.env", &file).await?;
        s.page.announces("This token is active.").await?;
        s.page.says(&id).await?;
        nothing_left(s, &token).await
    })
}

#[test]
fn a_dropped_token_is_recognised() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        let id = signed_in_with(s, &[]).await?.remove(0);
        inspector(s).await?;
        let drop = "const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([arguments[0]], 'token.txt'));
            const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
            select('dialog form')[0].dispatchEvent(drop);
            return drop.defaultPrevented";
        let taken: bool = s.page.script(drop, vec![token.as_str().into()]).await?;
        ensure!(taken, "the browser would open the file");
        s.page.announces("This token is active.").await?;
        s.page.says(&id).await?;
        nothing_left(s, &token).await
    })
}

#[test]
fn the_inspector_is_never_more_certain_than_the_api() -> Result<()> {
    scenario(async |s| {
        let control = s.server.control();
        let expired = control.token(EMAIL, -60)?;
        let deleted = control.token(EMAIL, DAY)?;
        let id = control.token_ids(EMAIL)?[1];
        control.delete_token(EMAIL, id)?;
        let foreign = control.token(Account::MULTI.email, DAY)?;
        signed_in_with(s, &[]).await?;
        let dialog = inspector(s).await?;
        for (token, verdict) in [
            (expired.as_str(), "This token has expired."),
            (
                deleted.as_str(),
                "Not found: deleted, or of another contract.",
            ),
            (
                foreign.as_str(),
                "Not found: deleted, or of another contract.",
            ),
            ("no token", "There is no token in it."),
        ] {
            check(s, &dialog, token).await?;
            s.page.announces(verdict).await?;
        }
        Ok(())
    })
}

#[test]
fn a_checked_token_is_shown_in_the_list() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        let ids = signed_in_with(s, &[DAY, DAY]).await?;
        let dialog = inspector(s).await?;
        check(s, &dialog, &token).await?;
        dialog.button("Show in list").click().await?;
        dialog.disappears().await?;
        lists(s, &[&ids[0]]).await
    })
}

#[test]
fn a_leaked_token_is_deleted_and_proven_gone() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        let ids = signed_in_with(s, &[DAY]).await?;
        let dialog = inspector(s).await?;
        check(s, &dialog, &token).await?;
        s.page.announces("This token is active.").await?;
        s.server.control().forget_requests();
        dialog.button("Delete it now").click().await?;
        s.page.announces("It no longer exists (checked ").await?;
        let asked = s.server.control().requests();
        let operations: Vec<_> = asked.iter().map(|request| request.operation).collect();
        ensure!(
            operations == [Operation::Delete, Operation::Get],
            "{operations:?}"
        );
        let (status, _) = s.ask_api(&token, reqwest::Method::GET, "/tokens").await?;
        ensure!(status == 401, "{status}");
        s.page.press("Escape").await?;
        lists(s, &[&ids[1]]).await?;
        s.page.focus_is_on("button", "More").await
    })
}

/// The same in German, with the formal address and the time as Germans write it.
#[test]
fn a_leaked_token_is_deleted_and_proven_gone_in_german() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        signed_in_with(s, &[]).await?;
        let german = "document.querySelector('dcd-token-manager').lang = 'de'";
        s.page.script::<()>(german, vec![]).await?;
        choose_german(s, "Token prüfen").await?;
        let dialog = s.page.dialog("Token prüfen");
        s.page.field("Zu prüfender Token-Wert").fill(&token).await?;
        dialog.button("Prüfen").click().await?;
        s.page.announces("Dieses Token ist aktiv.").await?;
        dialog.button("Jetzt löschen").click().await?;
        s.page
            .announces("Es existiert nicht mehr (geprüft ")
            .await?;
        let told = s.page.announcements().await?.concat();
        ensure!(!told.contains("AM") && !told.contains("PM"), "{told}");
        dialog.button("Schließen").click().await?;
        s.page.says("Noch keine Token").await
    })
}

/// The same in German, where plurals follow its rules.
#[test]
fn expired_tokens_are_deleted_at_once_in_german() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[-60, DAY]).await?;
        let german = "document.querySelector('dcd-token-manager').lang = 'de'";
        s.page.script::<()>(german, vec![]).await?;
        s.page
            .says("1 Token ist abgelaufen; es zu löschen macht einen Platz frei.")
            .await?;
        choose_german(s, "Abgelaufene löschen").await?;
        s.page.says("1 abgelaufenes Token löschen?").await?;
        s.page
            .alert_dialog("Abgelaufene Token löschen")
            .button("Löschen")
            .click()
            .await?;
        s.page.announces("1 gelöscht, noch 1 vorhanden").await?;
        s.page.says("1 von 100 Token").await
    })
}

async fn choose_german(s: &Scenario, action: &str) -> Result<()> {
    s.page.button("Mehr").click().await?;
    menu_item(s, action).await
}
