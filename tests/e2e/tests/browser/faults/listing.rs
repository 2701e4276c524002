//! Reading the list: whatever is answered, the page says what it knows and how old that is.

use std::time::Duration;

use auth_api::{Content, Delivery, Fault, Operation};
use e2e::{Account, Result, Scenario, Setup, ensure, eventually, scenario};
use serde_json::json;
use tokio::time::Instant;

use super::{EMAIL, list_is_settled, listed};

async fn refresh(s: &Scenario) -> Result<()> {
    s.page.button("Refresh list").click().await
}

/// Answers the next list with `body`.
fn next_list(s: &Scenario, body: Content) -> Result<()> {
    s.server.fail([Fault::body(body).on(Operation::List)])
}

#[test]
fn f17_each_failure_is_told_and_keeps_the_old_rows() -> Result<()> {
    const REFUSED: &str = "The Auth API refused the request";
    const BROKEN: &str = "The Auth API has a problem right now";
    // 401 comes last, since it ends the session; 502 to 504 are asked for twice more.
    let failures = [
        (400, REFUSED, 1),
        (403, "You have no right to do this", 1),
        (404, "The Auth API was not found at its address", 1),
        (409, REFUSED, 1),
        (415, REFUSED, 1),
        (429, "The Auth API has received too many requests", 1),
        (500, BROKEN, 1),
        (502, BROKEN, 3),
        (503, BROKEN, 3),
        (504, BROKEN, 3),
        (401, "Your session is not valid any more", 1),
    ];
    scenario(async |s| {
        s.server.control().token(EMAIL, 3600)?;
        s.sign_in(Account::DEMO).await?;
        let rows = s.listed().await?;
        for (status, words, requests) in failures {
            let before = listed(s);
            let fault = Fault::status(status).on(Operation::List);
            s.server.fail([fault.times(requests)])?;
            refresh(s).await?;
            s.page.announces(words).await?;
            s.page.says("This list is from").await?;
            ensure!(s.listed().await? == rows, "{status}: other rows");
            let asked = listed(s) - before;
            ensure!(asked == requests as usize, "{status}: asked {asked} times");
            if status != 401 {
                s.page.button("Retry").click().await?;
                s.page.says_no_longer("This list is from").await?;
            }
        }
        s.page.find("form", "Sign in").appears().await
    })
}

#[test]
fn f18_a_session_that_ends_is_renewed_once_and_in_no_loop() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        // The page's host has the credentials in place of the form.
        let host = "const element = own.document.querySelector('dcd-token-manager');
            own.reasons = [];
            element.settings = { authApi: new URL('/auth/v1', location).href, session: 'host' };
            element.getCredential = async ({ reason }) => {
                own.reasons.push(reason);
                return { email: arguments[0], password: 'demo' };
            }";
        s.page.script::<()>(host, vec![EMAIL.into()]).await?;
        s.is_signed_in().await?;
        let reasons = async || {
            s.page
                .script::<Vec<String>>("return own.reasons", vec![])
                .await
        };
        ensure!(reasons().await? == ["initial"]);

        s.server.fail([Fault::status(401).on(Operation::List)])?;
        refresh(s).await?;
        eventually(async || Ok((listed(s) == 3).then_some(()))).await?;
        list_is_settled(s).await?;
        ensure!(reasons().await? == ["initial", "expired"]);
        s.page.says_no_longer("The list could not be read").await?;

        let never = Fault::status(401).on(Operation::List).always();
        s.server.fail([never])?;
        refresh(s).await?;
        s.page
            .announces("Your session is not valid any more")
            .await?;
        list_is_settled(s).await?;
        ensure!(reasons().await? == ["initial", "expired", "expired"]);
        ensure!(listed(s) == 5, "asked {} times", listed(s));
        Ok(())
    })
}

#[test]
fn f19_lists_of_any_length_are_shown() -> Result<()> {
    scenario(async |s| {
        s.server.control().token(EMAIL, 3600)?;
        s.sign_in(Account::DEMO).await?;
        for nothing in ["{\"tokens\":[]}", "{}", "{\"tokens\":null}"] {
            next_list(s, Content::Text(nothing.to_owned()))?;
            refresh(s).await?;
            s.page.says("No tokens yet").await?;
            s.page.says("0 of 100 tokens").await?;
            refresh(s).await?;
            s.page.says("1 of 100 tokens").await?;
        }
        for count in [1, 100, 10_000] {
            next_list(s, Content::Rows(count))?;
            refresh(s).await?;
            // Of a long list, the first rows can be used while the others are drawn.
            let body = "const [count] = arguments;
                return select('tbody tr').length >= Math.min(count, 200)
                    && select('.quota')[0].textContent === `${count} of 100 tokens`";
            eventually(async || {
                let shown = s.page.script::<bool>(body, vec![count.into()]).await?;
                Ok(shown.then_some(()))
            })
            .await?;
        }
        Ok(())
    })
}

#[test]
fn f20_odd_rows_are_shown_as_text_and_hide_no_other() -> Result<()> {
    const ODD: &str = include_str!("../../../../fixtures/odd/rows.json");
    const MARKUP: &str = "<img src=x onerror=alert(1)>";
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        next_list(s, Content::Text(ODD.to_owned()))?;
        refresh(s).await?;
        s.page.says("8 of 100 tokens").await?;
        let rows = s.listed().await?;
        ensure!(rows.len() == 8, "{rows:?}");
        ensure!(rows.iter().any(|id| id == MARKUP), "{rows:?}");
        // Newest first, those without a date last.
        ensure!(rows[0] == "9999", "{rows:?}");
        let undated: Vec<_> = rows[5..].iter().map(String::as_str).collect();
        for id in ["wrong-types", "\u{202e}abc\u{202c}"] {
            ensure!(undated.contains(&id), "{id} is not last: {rows:?}");
        }
        s.page.says(MARKUP).await?;
        let images = "return select('img').length";
        ensure!(s.page.script::<usize>(images, vec![]).await? == 0);

        let long = "x".repeat(10_240);
        let list = json!({ "tokens": [{ "id": long, "createdDate": 1e300 }] });
        next_list(s, Content::Text(list.to_string()))?;
        refresh(s).await?;
        s.page.says("1 of 100 tokens").await?;
        ensure!(s.listed().await? == [long]);
        let wide = "return document.documentElement.scrollWidth > innerWidth";
        ensure!(
            !s.page.script::<bool>(wide, vec![]).await?,
            "the page is too wide"
        );
        Ok(())
    })
}

#[test]
fn f21_a_list_without_bounds_is_given_up() -> Result<()> {
    scenario(async |s| {
        s.server.control().token(EMAIL, 3600)?;
        s.sign_in(Account::DEMO).await?;
        let rows = s.listed().await?;
        let faults = [
            Fault::body(Content::Padded(50_000_000)),
            Fault::body(Content::Nested(100_000)),
            Fault::delivery(Delivery::Endless),
        ];
        for fault in faults {
            s.server.fail([fault.on(Operation::List)])?;
            refresh(s).await?;
            s.page
                .announces("The Auth API answered something that this page can't read")
                .await?;
            ensure!(s.listed().await? == rows, "the old rows are gone");
            s.page.button("Retry").click().await?;
            s.page.says_no_longer("This list is from").await?;
        }
        Ok(())
    })
}

#[test]
fn f22_a_list_that_trickles_is_given_up_after_ten_seconds() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let trickle = || Fault::delivery(Delivery::Trickle(1000)).on(Operation::List);
        s.server.fail([trickle().times(2)])?;
        let start = Instant::now();
        refresh(s).await?;
        s.page
            .announces("The Auth API did not answer in time")
            .await?;
        let taken = start.elapsed();
        ensure!(taken >= Duration::from_secs(9), "after {taken:?} only");
        ensure!(listed(s) == 2, "a list that is slow is asked for again");

        // Whoever does not want to wait signs out.
        s.page.button("Retry").click().await?;
        eventually(async || Ok((listed(s) == 3).then_some(()))).await?;
        s.page.button("Sign out").click().await?;
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await
    })
}

#[test]
fn f23_an_older_list_never_replaces_a_newer_one() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let slow = Fault::hold(Duration::from_secs(2));
        s.server.fail([slow.on(Operation::List)])?;
        refresh(s).await?;
        eventually(async || Ok((listed(s) == 2).then_some(()))).await?;
        s.server.control().token(EMAIL, 3600)?;
        refresh(s).await?;
        s.page.says("1 of 100 tokens").await?;
        // The older one, which knows of no token, is still on its way.
        let busy = "return select('.toolbar [aria-busy]')[0].ariaBusy === 'true'";
        ensure!(s.page.script::<bool>(busy, vec![]).await?, "it was quicker");
        list_is_settled(s).await?;
        s.page.says("1 of 100 tokens").await?;
        ensure!(s.listed().await?.len() == 1);
        Ok(())
    })
}

#[test]
fn f28_a_wrong_clock_is_pointed_out_and_changes_no_date() -> Result<()> {
    const DAY: i64 = 24 * 60 * 60;
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.page.find("checkbox", "Times in UTC").click().await?;
        for ahead in [DAY, -DAY, 3_650 * DAY] {
            s.server
                .control()
                .change_settings(|settings| settings.clock_offset_seconds = ahead);
            s.generate("1 Hour").await?;
            let minutes = ahead.unsigned_abs() / 60;
            s.page
                .says(&format!("is off by about {minutes} minutes"))
                .await?;
            let token = s.read_value().await?;
            let path = format!("/tokens/{}", token.id);
            let told = s.ask_api(&token.value, reqwest::Method::GET, &path).await?;
            let date = "return new Intl.DateTimeFormat('en-US',
                    { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
                .format(Date.parse(arguments[0])).replace(/\\s/g, ' ')";
            let expires = vec![told.1["expirationDate"].clone()];
            let expires: String = s.page.script(date, expires).await?;
            s.page.says(&format!("Valid until {expires}")).await?;
            s.discard_value().await?;
            let rows = s.page.every("row").texts().await?;
            let row = rows.iter().find(|row| row.contains(&token.id));
            ensure!(
                row.is_some_and(|row| row.contains(&expires)),
                "{expires} is not in {row:?}"
            );
        }
        Ok(())
    })
}

#[test]
fn f28_dates_around_a_change_of_the_clocks_are_right() -> Result<()> {
    let mut setup = Setup::default();
    setup.browser.zone = "Europe/Berlin";
    setup.run(async |s| {
        let list = json!({ "tokens": [{
            "id": "change",
            "createdDate": "2026-03-29T00:59:00Z",
            "expirationDate": "2026-03-29T01:00:00Z",
        }] });
        next_list(s, Content::Text(list.to_string()))?;
        s.sign_in(Account::DEMO).await?;
        s.page.says("Mar 29, 2026, 1:59 AM").await?;
        s.page.says("Mar 29, 2026, 3:00 AM").await
    })
}
