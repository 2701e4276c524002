//! English and German.

use e2e::{Account, Result, Scenario, Setup, ensure, scenario};

/// Sets the element's language.
fn speak_german(s: &Scenario) -> Result<()> {
    s.server.alter("index.html", |page| {
        let page = String::from_utf8_lossy(&page);
        let page = page.replace("data-standalone", "data-standalone lang=\"de\"");
        page.into_bytes()
    })
}

/// Signs in on the German page.
async fn sign_in_in_german(s: &Scenario) -> Result<()> {
    s.page.open(s.server.url()).await?;
    s.page
        .button("E-Mail und Passwort verwenden")
        .click()
        .await?;
    s.page.field("E-Mail").fill(Account::DEMO.email).await?;
    s.page
        .field("Passwort")
        .fill(Account::DEMO.password)
        .await?;
    s.page
        .find("form", "Anmelden")
        .button("Anmelden")
        .click()
        .await?;
    s.page.says("0 von 100 Token").await
}

#[test]
fn a_german_browser_gets_the_german_page() -> Result<()> {
    Setup::language("de-DE").run(async |s| {
        sign_in_in_german(s).await?;
        let document: String = s
            .page
            .script("return document.documentElement.lang", vec![])
            .await?;
        ensure!(document == "de", "{document}");
        s.page.button("Menü").appears().await?;
        let lifetimes = s.page.list_box("Gültigkeitsdauer (TTL):");
        lifetimes.choose("7 Tage").await?;
        s.page.button("Token erzeugen").click().await?;
        s.page.dialog("Token erzeugt").appears().await?;
        s.page.says("Bitte speichern Sie den Token-Wert.").await?;
        s.page.button("Schließen").click().await?;
        s.page
            .alert_dialog("Ohne Speichern schließen?")
            .button("Trotzdem schließen")
            .click()
            .await?;
        s.page.says("1 von 100 Token").await?;
        s.page
            .find("table", "Authentifizierungs-Token")
            .appears()
            .await?;
        let id = &s.server.token_ids(Account::DEMO.email)?[0];
        s.page
            .button(&format!("Token {id} löschen"))
            .appears()
            .await?;
        s.page.says("Aktiv").await
    })
}

#[test]
fn german_errors_are_german() -> Result<()> {
    scenario(async |s| {
        speak_german(s)?;
        s.page.open(s.server.url()).await?;
        s.page
            .button("E-Mail und Passwort verwenden")
            .click()
            .await?;
        s.page.field("E-Mail").fill("demo@example.com").await?;
        s.page.field("Passwort").fill("falsch").await?;
        s.page
            .find("form", "Anmelden")
            .button("Anmelden")
            .click()
            .await?;
        s.page
            .announces("akzeptiert diese Zugangsdaten nicht")
            .await
    })
}

#[test]
fn the_elements_language_comes_before_the_browsers() -> Result<()> {
    scenario(async |s| {
        speak_german(s)?;
        sign_in_in_german(s).await
    })
}

#[test]
fn a_changed_language_takes_effect_at_once() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let change = "document.querySelector('dcd-token-manager').lang = 'de'";
        s.page.script::<()>(change, vec![]).await?;
        s.page.button("Token erzeugen").appears().await?;
        s.page.says("0 von 100 Token").await
    })
}

/// The files with German texts that the page has asked for.
const GERMAN_FILES: &str = "return performance.getEntriesByType('resource')
    .filter(({ name }) => /\\/de-[0-9a-f]+[.]bin$/.test(name)).length";

#[test]
fn german_texts_are_loaded_for_those_who_read_them() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let english: u32 = s.page.script(GERMAN_FILES, vec![]).await?;
        speak_german(s)?;
        sign_in_in_german(s).await?;
        let german: u32 = s.page.script(GERMAN_FILES, vec![]).await?;
        ensure!((english, german) == (0, 1), "{english}, {german}");
        Ok(())
    })
}

#[test]
fn without_its_german_texts_the_page_works_in_english() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        s.server.remove("assets/de-*.bin")?;
        speak_german(s)?;
        s.open().await?;
        s.fill_in(Account::DEMO).await?;
        s.page.says("0 of 100 tokens").await?;
        s.generate("1 Day").await
    })
}
