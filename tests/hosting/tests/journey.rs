//! A user's journey through the web servers, in a browser.

use e2e::{Account, Result, Setup, ensure};
use hosting::{Options, Software, built};
use rstest::rstest;

#[rstest]
fn a_token_is_generated_saved_and_deleted(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
    #[values("/", "/latest/")] base: &'static str,
) -> Result<()> {
    let mut setup = Setup::default();
    // The server's certificate is its own.
    setup.browser.trusting = true;
    setup.run(async |s| {
        // The API of the story's server, behind another one.
        let port = s.server.origin().rsplit(':').next().unwrap_or_default();
        let hosted = software.configure(&Options {
            dist: &built()?,
            base,
            api: ("http", port.parse()?),
            api_certificate: &[],
        })?;
        let hosted = hosted.start()?;
        s.page.open(&hosted.url).await?;
        s.page.find("form", "Sign in").appears().await?;
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;

        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        s.page.button("Download Token Value").click().await?;
        let (_, content) = s.page.download().await?;
        ensure!(content == token.value.as_bytes());
        s.reveal().button("Close").click().await?;
        s.reveal().disappears().await?;
        ensure!(s.server.token_ids(Account::DEMO.email)? == [token.id.as_str()]);

        let delete = format!("Delete token {}", token.id);
        s.page.button(&delete).click().await?;
        let dialog = s.page.alert_dialog("Delete token");
        dialog.button("Delete").click().await?;
        dialog.disappears().await?;
        s.page.button(&delete).disappears().await?;
        ensure!(s.server.token_ids(Account::DEMO.email)?.is_empty());
        Ok(())
    })
}
