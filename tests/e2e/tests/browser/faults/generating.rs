//! Asking for a token: one decision is one request, and no token stays unnoticed.

use std::slice;
use std::time::Duration;

use anyhow::Context;
use auth_api::{Content, Delivery, Fault, Operation};
use e2e::{Account, Engine, Result, Scenario, ensure, eventually, scenario};
use thirtyfour::Key;
use tokio::time::Instant;

use super::{EMAIL, NOTHING_CREATED, VALUE_LOST, ask_for_token, asked, come_back, count_decisions};
use super::{cross_origin, decisions, list_is_settled, listed, orphan_is_offered};
use super::{delete_where_it_is_named, the_named_token_can_be_deleted};

/// Asks for a token on a connection that was used before; whether the browser asks twice for it.
async fn is_repeated(s: &Scenario, fault: Fault) -> Result<bool> {
    let before = (asked(s), decisions(s).await?);
    let rule = fault.on(Operation::Generate).used_connection(true);
    s.server.fail([rule])?;
    ask_for_token(s).await?;
    let repeated = eventually(async || {
        let told = s.page.announcements().await?.concat();
        let more = told.contains("1 more token appeared");
        Ok((more || told.contains(VALUE_LOST)).then_some(more))
    });
    let repeated = repeated.await.context("the page notices nothing")?;
    let after = (asked(s), decisions(s).await?);
    let expected = (before.0 + 1 + usize::from(repeated), before.1 + 1);
    ensure!(after == expected, "{before:?} became {after:?}");
    Ok(repeated)
}

/// The page shows the second token of one decision and names the first.
async fn the_repeated_request_is_noticed(s: &Scenario) -> Result<()> {
    s.reveal().appears().await?;
    let token = s.read_value().await?;
    let made = s.server.token_ids(EMAIL)?;
    let other = made.iter().find(|id| **id != token.id);
    ensure!(made.len() == 2, "made are {made:?}");
    delete_where_it_is_named(s, other.map_or("", String::as_str)).await?;
    ensure!(s.server.token_ids(EMAIL)? == slice::from_ref(&token.id));
    ensure!(s.read_value().await? == token, "the value is gone");
    s.discard_value().await?;
    let id = token.id.parse()?;
    s.server.control().delete_token(EMAIL, id)?;
    s.page.button("Refresh list").click().await?;
    s.page.says("No tokens yet").await
}

#[test]
fn f01_a_request_that_the_browser_repeats_is_noticed() -> Result<()> {
    scenario(async |s| {
        count_decisions(s)?;
        s.sign_in(Account::DEMO).await?;
        ensure!(is_repeated(s, Fault::delivery(Delivery::Drop)).await?);
        the_repeated_request_is_noticed(s).await
    })
}

#[test]
fn f02_an_answer_that_is_dropped_on_a_new_connection_leaves_an_orphan() -> Result<()> {
    cross_origin().run(async |s| {
        let close = || Fault::delivery(Delivery::ThenClose);
        s.server.fail([
            close().on(Operation::Preflight).always(),
            close().on(Operation::List).always(),
            Fault::delivery(Delivery::Drop)
                .on(Operation::Generate)
                .always(),
        ])?;
        count_decisions(s)?;
        s.sign_in(Account::DEMO).await?;
        ask_for_token(s).await?;
        s.page.announces("lost on the way").await?;
        // Firefox asks again if it had opened the connection ahead of the request.
        let made = s.server.token_ids(EMAIL)?;
        ensure!(made.len() == asked(s), "made are {made:?}");
        ensure!(decisions(s).await? == 1, "the page asked again");
        for id in &made {
            delete_where_it_is_named(s, id).await?;
        }
        ensure!(s.server.token_ids(EMAIL)?.is_empty(), "one is still there");
        s.page.button("Generate Token").is_enabled().await
    })
}

#[test]
fn f03_half_an_answer_leaves_an_orphan_and_shows_no_part_of_it() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        for (count, delivery) in (1..).zip([Delivery::Half, Delivery::HalfThenReset]) {
            let fault = Fault::delivery(delivery).on(Operation::Generate);
            s.server.fail([fault])?;
            ask_for_token(s).await?;
            orphan_is_offered(s).await?;
            ensure!(asked(s) == count, "asked {} times", asked(s));
        }
        Ok(())
    })
}

#[test]
fn f04_an_answer_of_a_wrong_length_leaves_an_orphan() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let deliveries = [
            Delivery::WrongLength(10),
            Delivery::WrongLength(-10),
            Delivery::CutGzip,
        ];
        for (count, delivery) in (1..).zip(deliveries) {
            let fault = Fault::delivery(delivery).on(Operation::Generate);
            s.server.fail([fault])?;
            ask_for_token(s).await?;
            orphan_is_offered(s).await?;
            ensure!(asked(s) == count, "asked {} times", asked(s));
        }
        Ok(())
    })
}

#[test]
fn f05_a_status_after_which_browsers_ask_again_is_noticed() -> Result<()> {
    scenario(async |s| {
        count_decisions(s)?;
        s.sign_in(Account::DEMO).await?;
        for status in [408, 421] {
            let fault = Fault::status(status).after_work();
            if is_repeated(s, fault.delivered(Delivery::ThenClose)).await? {
                the_repeated_request_is_noticed(s).await?;
            } else {
                // Others take one of them, or both, as any other failure.
                ensure!(s.page.engine() != Engine::Chromium);
                orphan_is_offered(s).await?;
            }
        }
        Ok(())
    })
}

#[test]
fn f06_a_failure_that_made_nothing_is_told_and_not_repeated() -> Result<()> {
    scenario(async |s| {
        s.server.control().token(EMAIL, 3600)?;
        s.sign_in(Account::DEMO).await?;
        let before = s.listed().await?;
        for (count, status) in (1..).zip([500, 502, 503, 504]) {
            let fault = Fault::status(status).on(Operation::Generate);
            s.server.fail([fault])?;
            ask_for_token(s).await?;
            // The one that is said already is about the failure before.
            eventually(async || Ok((listed(s) > count).then_some(()))).await?;
            s.page.announces(NOTHING_CREATED).await?;
            s.page.button("Generate Token").is_enabled().await?;
            ensure!(asked(s) == count, "{status}: asked {} times", asked(s));
            ensure!(s.listed().await? == before, "{status}: another list");
        }
        ensure!(s.server.token_ids(EMAIL)? == before);
        Ok(())
    })
}

#[test]
fn f07_a_failure_after_the_work_leaves_an_orphan() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let fault = Fault::status(502).after_work();
        s.server.fail([fault.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        orphan_is_offered(s).await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f07_as_long_as_the_list_cannot_be_read_the_outcome_stays_open() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.server.fail([
            Fault::status(502).after_work().on(Operation::Generate),
            Fault::status(500).on(Operation::List).times(2),
        ])?;
        ask_for_token(s).await?;
        let open = "It is not known yet whether the last request created a token.";
        s.page.announces(open).await?;
        s.page.button("Generate Token").is_disabled().await?;
        s.page.button("Refresh list").click().await?;
        eventually(async || Ok((listed(s) == 3).then_some(()))).await?;
        list_is_settled(s).await?;
        s.page.announces(open).await?;
        s.page.button("Generate Token").is_disabled().await?;
        s.page.button("Refresh list").click().await?;
        orphan_is_offered(s).await
    })
}

#[test]
fn f08_too_many_requests_name_the_wait_and_are_not_repeated() -> Result<()> {
    cross_origin().run(async |s| {
        s.sign_in(Account::DEMO).await?;
        let soon = "return new Date(Date.now() + 49000).toUTCString()";
        let soon: String = s.page.script(soon, vec![]).await?;
        let wait = |value| Fault::status(429).header("retry-after", value);
        let cases = [
            (wait("7"), "Try again in 7 seconds."),
            (wait("3600"), "Try again in 60 seconds."),
            (wait(&soon), "Try again in 4"),
            (Fault::status(429), "Wait a minute, then try again."),
            // Without CORS the browser tells nobody what the answer was.
            (wait("7").without_cors(), NOTHING_CREATED),
        ];
        for (count, (fault, words)) in (1..).zip(cases) {
            s.server.fail([fault.on(Operation::Generate)])?;
            ask_for_token(s).await?;
            s.page.announces(words).await?;
            s.page.button("Generate Token").is_enabled().await?;
            ensure!(asked(s) == count, "asked {} times", asked(s));
        }
        ensure!(s.server.token_ids(EMAIL)?.is_empty());
        Ok(())
    })
}

#[test]
fn f09_a_token_that_is_made_after_the_time_out_is_found_later() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        // The page gives up after 30 s.
        let late = Fault::delay(Duration::from_secs(33));
        s.server.fail([late.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        s.page.button("Generating…").is_disabled().await?;
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(25) && listed(s) == 1 {
            s.page.button("Generating…").is_disabled().await?;
        }
        s.page.announces("did not answer in time").await?;
        s.page.announces(NOTHING_CREATED).await?;
        ensure!(s.server.token_ids(EMAIL)?.is_empty());
        let made = async || Ok((s.server.token_ids(EMAIL)?.len() == 1).then_some(()));
        eventually(made).await?;
        s.page.button("Refresh list").click().await?;
        s.page
            .announces("1 token of an earlier request turned up late.")
            .await?;
        the_named_token_can_be_deleted(s).await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f10_only_a_text_that_may_be_a_token_is_shown() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let says = |body: &str| Fault::body(Content::Text(body.to_owned()));
        let unreadable = [
            "",
            "{\"token\":\"eyJ",
            "{}",
            "null",
            "{\"token\":null}",
            "{\"token\":\"\"}",
            "{\"token\":7}",
            "{\"token\":{\"token\":\"eyJ0\"}}",
        ];
        for body in unreadable {
            s.server.fail([says(body).on(Operation::Generate)])?;
            ask_for_token(s).await?;
            orphan_is_offered(s).await?;
        }
        let no_utf8 = Fault::body(Content::Bytes(vec![0xff, 0x00, 0xfe]));
        s.server.fail([no_utf8.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        orphan_is_offered(s).await?;
        // Neither is a JWT that names its ID.
        for value in ["opaque", "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"] {
            let body = format!("{{\"token\":\"{value}\"}}");
            s.server.fail([says(&body).on(Operation::Generate)])?;
            ask_for_token(s).await?;
            s.page.says("The answer names no ID.").await?;
            s.page.button("Show Token Value").click().await?;
            eventually(async || {
                let shown = s.shown_value().await?;
                Ok((shown.as_deref() == Some(value)).then_some(()))
            })
            .await?;
            s.discard_value().await?;
        }
        ensure!(asked(s) == unreadable.len() + 3, "asked {} times", asked(s));
        Ok(())
    })
}

#[test]
fn f11_a_huge_answer_is_not_read_to_its_end() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let huge = Fault::body(Content::Padded(5_000_000));
        let endless = Fault::delivery(Delivery::Endless);
        for fault in [huge, endless] {
            s.server.fail([fault.on(Operation::Generate)])?;
            ask_for_token(s).await?;
            orphan_is_offered(s).await?;
        }
        ensure!(asked(s) == 2);
        Ok(())
    })
}

#[test]
fn f12_a_log_in_page_is_refused_and_never_rendered() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let html = "<h1>Log in here</h1><img src=x><script>document.title = 'taken'</script>";
        let page = Fault::body(Content::Text(html.to_owned()));
        let page = page.header("content-type", "text/html");
        s.server.fail([page.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        orphan_is_offered(s).await?;

        let redirect = Fault::redirect("/auth/v1/login");
        s.server.fail([redirect.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        s.page.announces(NOTHING_CREATED).await?;
        ensure!(
            s.server.received(Operation::Other).is_empty(),
            "the redirect was followed"
        );
        let body = "return document.title === 'taken' || select('img[src=x]').length > 0
            || select('*').some(({ textContent }) => textContent.includes('Log in here'))";
        let rendered: bool = s.page.script(body, vec![]).await?;
        ensure!(!rendered, "it is rendered");
        Ok(())
    })
}

#[test]
fn f13_two_clicks_or_held_keys_are_one_request() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        // Long enough for all that is pressed.
        let slow = Fault::hold(Duration::from_millis(700));
        s.server.fail([slow.on(Operation::Generate).always()])?;
        let generate = s.page.button("Generate Token");
        let actions = || s.page.driver().action_chain_with_delay(None, None);

        let button = generate.get().await?;
        actions().double_click_element(&button).perform().await?;
        s.reveal().appears().await?;
        s.discard_value().await?;
        ensure!(asked(s) == 1, "a double click asked {} times", asked(s));

        generate.is_enabled().await?;
        generate.focus().await?;
        let held = (0..4).fold(actions(), |actions, _| actions.key_down(Key::Enter));
        held.key_up(Key::Enter).perform().await?;
        s.reveal().appears().await?;
        s.discard_value().await?;
        ensure!(asked(s) == 2, "a held key asked {} times", asked(s) - 1);

        generate.is_enabled().await?;
        let button = generate.get().await?;
        let both = actions().click_element(&button).key_down(Key::Enter);
        both.key_up(Key::Enter).perform().await?;
        s.reveal().appears().await?;
        s.discard_value().await?;
        ensure!(
            asked(s) == 3,
            "click and Enter asked {} times",
            asked(s) - 2
        );
        ensure!(s.server.token_ids(EMAIL)?.len() == 3);
        Ok(())
    })
}

#[test]
fn f13_two_tabs_at_once_are_one_request() -> Result<()> {
    scenario(async |s| {
        let driver = s.page.driver();
        s.sign_in(Account::DEMO).await?;
        let first = driver.window().await?;
        let second = driver.new_tab().await?;
        driver.switch_to_window(second).await?;
        s.sign_in(Account::DEMO).await?;
        driver.switch_to_window(first.clone()).await?;

        let slow = Fault::hold(Duration::from_secs(4));
        s.server.fail([slow.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        eventually(async || Ok((asked(s) == 1).then_some(()))).await?;
        let tabs = driver.windows().await?;
        let second = tabs.into_iter().find(|tab| *tab != first);
        driver
            .switch_to_window(second.unwrap_or(first.clone()))
            .await?;
        ask_for_token(s).await?;
        s.page
            .announces("Another tab is generating a token")
            .await?;
        driver.switch_to_window(first).await?;
        s.reveal().appears().await?;
        ensure!(asked(s) == 1, "asked {} times", asked(s));
        ensure!(s.server.token_ids(EMAIL)?.len() == 1);
        Ok(())
    })
}

/// Asks for a token that is made at once, and whose answer takes long enough to leave before it.
async fn ask_and_leave(s: &Scenario, answer: Duration) -> Result<()> {
    let slow = Fault::hold(answer);
    s.server.fail([slow.on(Operation::Generate)])?;
    ask_for_token(s).await?;
    let made = async || Ok((s.server.token_ids(EMAIL)?.len() == 1).then_some(()));
    eventually(made).await
}

#[test]
fn f14_a_request_that_was_under_way_is_settled_after_a_reload() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        ask_and_leave(s, Duration::from_secs(20)).await?;
        come_back(s).await?;
        orphan_is_offered(s).await?;
        // It is told once.
        come_back(s).await?;
        ensure!(!s.page.text().await?.contains(VALUE_LOST));
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f14_a_request_that_was_under_way_is_settled_after_visiting_another_page() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        ask_and_leave(s, Duration::from_secs(20)).await?;
        s.page.open("about:blank").await?;
        s.sign_in(Account::DEMO).await?;
        orphan_is_offered(s).await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f14_a_request_that_was_under_way_is_settled_after_a_page_that_takes_its_time() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        ask_and_leave(s, Duration::from_secs(20)).await?;
        // Firefox ends requests at once, while the page still stands and could read the list.
        let slow = Fault::delay(Duration::from_secs(2));
        s.server.fail([slow.on(Operation::Get)])?;
        let leave = "location.assign('/auth/v1/tokens/none')";
        s.page.script::<()>(leave, vec![]).await?;
        let left = async || {
            let url = s.page.driver().current_url().await?;
            Ok(url.path().ends_with("none").then_some(()))
        };
        eventually(left).await?;
        s.sign_in(Account::DEMO).await?;
        orphan_is_offered(s).await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f14_who_stays_after_all_is_told_what_became_of_the_request() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        ask_and_leave(s, Duration::from_secs(20)).await?;
        let slow = Fault::delay(Duration::from_secs(20));
        s.server.fail([slow.on(Operation::Get)])?;
        let stay = "location.assign('/auth/v1/tokens/none'); setTimeout(() => stop(), 500)";
        s.page.script::<()>(stay, vec![]).await?;
        orphan_is_offered(s).await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f15_an_answer_after_the_panel_was_removed_is_settled_by_the_next_one() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        ask_and_leave(s, Duration::from_secs(3)).await?;
        let remove = "own.panel = document.querySelector('dcd-token-manager');
            own.panel.remove()";
        s.page.script::<()>(remove, vec![]).await?;
        // The answer comes to a page whose panel is another one.
        let add = "document.querySelector('main').append(own.panel)";
        s.page.script::<()>(add, vec![]).await?;
        s.page.find("form", "Sign in").appears().await?;
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;
        orphan_is_offered(s).await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f16_an_answer_that_may_be_kept_is_asked_for_again() -> Result<()> {
    scenario(async |s| {
        let kept = || Fault::default().header("cache-control", "max-age=3600");
        s.server.fail([
            kept().on(Operation::List).always(),
            kept().on(Operation::Generate).always(),
        ])?;
        s.sign_in(Account::DEMO).await?;
        let first = s.generate_and_close("1 Hour").await?;
        let second = s.generate_and_close("1 Hour").await?;
        ensure!(first.value != second.value, "the old token was shown");
        ensure!(asked(s) == 2);
        ensure!(s.server.token_ids(EMAIL)?.len() == 2);
        s.server.control().token(EMAIL, 3600)?;
        s.page.button("Refresh list").click().await?;
        s.page.says("3 of 100 tokens").await
    })
}
