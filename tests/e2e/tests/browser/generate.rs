//! Generating a token.

use auth_api::Operation;
use e2e::{Account, Result, Setup, ensure, scenario};

/// The lifetimes that the DCD offers, and their seconds.
const LIFETIMES: [(&str, u32); 9] = [
    ("1 Hour", 3_600),
    ("4 Hours", 14_400),
    ("1 Day", 86_400),
    ("7 Days", 604_800),
    ("30 Days", 2_592_000),
    ("60 Days", 5_184_000),
    ("90 Days", 7_776_000),
    ("180 Days", 15_552_000),
    ("365 Days", 31_536_000),
];

#[test]
fn the_page_has_the_title_and_the_lead_of_the_dcd() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let title = s.page.heading("API/SDK Authentication Token Manager");
        ensure!(title.property::<String>("tagName").await? == "H1");
        s.page
            .says("Generate secure tokens for seamless access to IONOS Cloud APIs and SDKs.")
            .await
    })
}

#[test]
fn nine_lifetimes_are_offered_in_order_the_first_selected() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let list = s.page.list_box("Time To Live (TTL):");
        ensure!(list.every("option").names().await? == LIFETIMES.map(|(name, _)| name));
        ensure!(list.property::<String>("value").await? == "3600");
        Ok(())
    })
}

#[test]
fn each_lifetime_is_what_the_api_is_asked_for() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        for (name, seconds) in LIFETIMES {
            s.generate(name).await?;
            s.discard_value().await?;
            let requests = s.server.received(Operation::Generate);
            let asked = requests.last().and_then(|request| request.query.clone());
            ensure!(asked == Some(format!("ttl={seconds}")), "{name}: {asked:?}");
        }
        ensure!(s.server.received(Operation::Generate).len() == LIFETIMES.len());
        Ok(())
    })
}

#[test]
fn the_page_tells_before_when_a_token_would_expire() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let list = s.page.list_box("Time To Live (TTL):");
        list.choose("365 Days").await?;
        let script = "return new Date(Date.now() + 31536e6).getFullYear().toString()";
        let year: String = s.page.script(script, vec![]).await?;
        let hint = "return select('#' + select('select')[0].getAttribute('aria-describedby'))[0].textContent";
        let hint: String = s.page.script(hint, vec![]).await?;
        ensure!(hint.contains(&year), "{hint}");
        Ok(())
    })
}

#[test]
fn a_new_token_is_listed() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let first = s.generate_and_close("1 Hour").await?;
        let second = s.generate_and_close("30 Days").await?;
        let mut listed = s.listed().await?;
        listed.sort();
        let mut made = vec![first.id, second.id];
        made.sort();
        ensure!(listed == made, "{listed:?}");
        s.page.says("2 of 100 tokens").await
    })
}

#[test]
fn a_new_token_signs_in() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let token = s.generate_and_close("1 Hour").await?;
        let (status, list) = s
            .ask_api(&token.value, reqwest::Method::GET, "/tokens")
            .await?;
        ensure!(status == 200 && list["tokens"][0]["id"] == token.id.as_str());
        s.page.button("Sign out").click().await?;
        s.fill_in_token(&token.value).await?;
        s.is_signed_in().await?;
        s.page.says("In use here").await
    })
}

#[test]
fn a_full_account_cannot_generate_and_is_told_why() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        s.page.says("100 of 100 tokens").await?;
        s.page.button("Generate Token").is_disabled().await?;
        s.page
            .says("You have reached the limit of 100 tokens")
            .await
    })
}

#[test]
fn the_101st_token_is_refused_in_the_words_of_the_api() -> Result<()> {
    // The page believes in a higher limit than the API, as after a change on the other side.
    let config = serde_json::json!({ "tokenLimit": 200 });
    Setup::config(config).run(async |s| {
        s.open().await?;
        s.fill_in(Account::FULL).await?;
        s.page.says("100 of 200 tokens").await?;
        s.page.button("Generate Token").click().await?;
        s.page.announces("The token could not be generated").await?;
        s.page.announces("100").await?;
        ensure!(s.server.token_ids("full@example.com")?.len() == 100);
        s.page.button("Generate Token").is_enabled().await
    })
}
