//! A value is seen once.

use e2e::{Account, Result, Scenario, ensure, scenario};

/// Whether anything in the page, open or not, holds `value`.
async fn holds(s: &Scenario, value: &str) -> Result<bool> {
    let script = "const parts = [document.documentElement.outerHTML, location.href,
        JSON.stringify(history.state), JSON.stringify({ ...localStorage, ...sessionStorage })];
        for (const { shadowRoot } of select('*')) if (shadowRoot) parts.push(shadowRoot.innerHTML);
        return parts.some((part) => part.includes(arguments[0]))";
    s.page.script(script, vec![value.into()]).await
}

#[test]
fn a_value_cannot_be_had_again() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        ensure!(
            holds(s, &token.value).await?,
            "the search does not find what is shown"
        );

        s.discard_value().await?;
        ensure!(!holds(s, &token.value).await?, "it is there after closing");

        // The API gives the list and the entry, and neither has it.
        for path in ["/tokens".to_owned(), format!("/tokens/{}", token.id)] {
            let (status, body) = s.ask_api(&token.value, reqwest::Method::GET, &path).await?;
            ensure!(
                status == 200 && !body.to_string().contains(&token.value),
                "{path}"
            );
        }

        s.page.driver().refresh().await?;
        s.page.find("form", "Sign in").appears().await?;
        ensure!(!holds(s, &token.value).await?, "it is there after a reload");

        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;
        ensure!(
            !holds(s, &token.value).await?,
            "it is there after signing in again"
        );
        Ok(())
    })
}
