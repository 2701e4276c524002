//! Finding and seeing tokens.

use std::collections::BTreeSet;

use anyhow::Context;
use auth_api::Operation;
use e2e::page::Locator;
use e2e::{Account, Result, Scenario, ensure, eventually, scenario};

use super::{DAY, DEMO, EMAIL, come_back, details, lists, name, row_says, row_text};
use super::{choose, signed_in_with, told_by_api};

fn search(s: &Scenario) -> Locator {
    s.page.find("searchbox", "Search ID or name")
}

/// The card of a status, and the number on it.
async fn card(s: &Scenario, label: &str) -> Result<(Locator, usize)> {
    let cards = s.page.find("group", "Show by status");
    let names = cards.every("button").names().await?;
    let name = names.iter().find(|name| name.ends_with(label));
    let name = name.with_context(|| format!("no card for {label}: {names:?}"))?;
    let count = name.trim_end_matches(label).trim().parse()?;
    Ok((cards.button(name), count))
}

/// The part of the address after `#`.
async fn route(s: &Scenario) -> Result<String> {
    let address = s.page.driver().current_url().await?;
    Ok(address.fragment().unwrap_or_default().to_owned())
}

#[test]
fn a_status_is_told_by_an_icon_a_text_and_a_colour() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let script = "return select('.status').map((status) => [status.textContent,
            status.querySelector('svg path').getAttribute('d'), getComputedStyle(status).color])";
        let told: BTreeSet<[String; 3]> = s.page.script(script, vec![]).await?;
        for part in 0..3 {
            let different: BTreeSet<&String> = told.iter().map(|status| &status[part]).collect();
            ensure!(different.len() == 3 && told.len() == 3, "{told:#?}");
        }
        Ok(())
    })
}

#[test]
fn an_expiry_is_told_as_a_distance_and_as_a_date() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[DAY * 5 / 2]).await?;
        row_says(s, &ids[0], "in 2 days").await?;
        // Without a locale, as tests in containers run, WebKit's is no language tag.
        let date = "return new Intl.DateTimeFormat(navigator.language.replace(/^C$/, 'en-US'), { dateStyle: 'medium' })
            .format(Date.now() + arguments[0] * 1000)";
        let date: String = s.page.script(date, vec![(DAY * 5 / 2).into()]).await?;
        row_says(s, &ids[0], &date).await
    })
}

#[test]
fn an_iso_time_is_copied_from_the_details() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        let ids = signed_in_with(s, &[]).await?;
        let told = told_by_api(s, &token).await?;
        let dialog = details(s, &ids[0]).await?;
        let expires = told[0]["expirationDate"].as_str().unwrap_or_default();
        let minute = expires.get(..16).context("no date")?;
        let copy = dialog.button(&format!("Copy {minute}")).or_longer();
        copy.click().await?;
        s.page.announces("Copied").await?;
        let copied = s.page.clipboard().await?;
        ensure!(
            copied.starts_with(minute) && copied.ends_with('Z'),
            "{copied}"
        );
        Ok(())
    })
}

#[test]
fn each_column_sorts_both_ways() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        s.server.control().add_tokens(EMAIL, 12)?;
        s.sign_in(DEMO).await?;
        let told = told_by_api(s, &token).await?;
        let columns = [
            ("ID", "id"),
            ("Creation Date", "createdDate"),
            ("Expiration Date", "expirationDate"),
        ];
        for (column, key) in columns {
            let head = s.page.find("columnheader", column);
            let mut directions = BTreeSet::new();
            for _ in 0..2 {
                head.button(column).click().await?;
                let direction: String = head.property("ariaSort").await?;
                let listed = s.listed().await?;
                let keys: Vec<String> = listed
                    .iter()
                    .filter_map(|id| told.iter().find(|token| token["id"] == id.as_str()))
                    .map(|token| token[key].to_string())
                    .collect();
                ensure!(keys.len() == told.len(), "rows are missing");
                let sorted = match direction.as_str() {
                    "ascending" => keys.is_sorted(),
                    _ => keys.is_sorted_by(|first, second| first >= second),
                };
                ensure!(sorted, "not {direction} by {column}: {keys:#?}");
                directions.insert(direction);
            }
            ensure!(directions.len() == 2, "{column} sorts only {directions:?}");
        }
        Ok(())
    })
}

#[test]
fn statuses_sort_both_ways() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let statuses = "return select('.status').map((status) => status.textContent)
            .filter((status, place, all) => status !== all[place - 1])";
        let head = s.page.find("columnheader", "Status");
        head.button("Status").click().await?;
        let one: Vec<String> = s.page.script(statuses, vec![]).await?;
        head.button("Status").click().await?;
        let mut other: Vec<String> = s.page.script(statuses, vec![]).await?;
        other.reverse();
        ensure!(one.len() == 3 && one == other, "{one:?} {other:?}");
        Ok(())
    })
}

#[test]
fn tokens_are_found_by_a_part_of_their_id() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[DAY, DAY, DAY]).await?;
        search(s).fill(&ids[1][9..23].to_uppercase()).await?;
        lists(s, &[&ids[1]]).await?;
        search(s).fill("nothing is called so").await?;
        s.page.says("No token matches.").await?;
        search(s).fill(&ids[2]).await?;
        lists(s, &[&ids[2]]).await
    })
}

#[test]
fn tokens_are_found_by_a_part_of_their_name() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[DAY, DAY, DAY]).await?;
        name(s, &ids[0], "Nightly backup", "").await?;
        search(s).fill("BACK").await?;
        lists(s, &[&ids[0]]).await
    })
}

#[test]
fn a_card_counts_and_shows_the_tokens_of_a_status() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let mut sum = 0;
        for status in ["Active", "Expires soon", "Expired"] {
            let (button, count) = card(s, status).await?;
            button.click().await?;
            ensure!(button.property::<String>("ariaPressed").await? == "true");
            let rows = s.page.every("row").texts().await?;
            // The first row holds the columns' heads.
            let all = rows.iter().skip(1).all(|row| row.contains(status));
            ensure!(all && rows.len() == count + 1, "{status}: {rows:#?}");
            sum += count;
        }
        let (all, count) = card(s, "All").await?;
        ensure!(count == 100 && sum == 100);
        all.click().await?;
        ensure!(s.listed().await?.len() == 100);
        Ok(())
    })
}

#[test]
fn a_view_is_kept_in_the_url() -> Result<()> {
    scenario(async |s| {
        s.server.control().add_tokens(EMAIL, 40)?;
        s.sign_in(DEMO).await?;
        card(s, "Active").await?.0.click().await?;
        s.page
            .find("columnheader", "Expiration Date")
            .button("Expiration Date")
            .click()
            .await?;
        s.page.find("checkbox", "Times in UTC").click().await?;
        search(s).fill("a").await?;
        let listed = s.listed().await?;
        ensure!(listed.len() > 1 && listed.len() < 40);
        let view = route(s).await?;
        ensure!(view.starts_with("/tokens?"), "{view}");

        come_back(s).await?;
        ensure!(s.listed().await? == listed, "a reload shows something else");
        ensure!(route(s).await? == view);
        ensure!(search(s).property::<String>("value").await? == "a");
        ensure!(
            s.page
                .find("checkbox", "Times in UTC")
                .property::<bool>("checked")
                .await?
        );

        // Whoever gets the address sees the same.
        let tab = s.page.driver().new_tab().await?;
        s.page.driver().switch_to_window(tab).await?;
        s.page.open(&format!("{}#{view}", s.server.url())).await?;
        s.page.find("form", "Sign in").appears().await?;
        s.fill_in(DEMO).await?;
        s.is_signed_in().await?;
        ensure!(
            s.listed().await? == listed,
            "the address shows something else"
        );
        Ok(())
    })
}

#[test]
fn a_full_account_is_led_to_its_expired_tokens() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let meter = s.page.find("meter", "Tokens in use");
        ensure!(meter.property::<f64>("value").await? == 100.0);
        ensure!(meter.property::<f64>("max").await? == 100.0);
        s.page
            .says("10 tokens have expired; deleting them frees up to as many places.")
            .await?;
        s.page.button("Generate Token").is_disabled().await?;
        s.page.button("Delete expired").click().await?;
        s.page
            .alert_dialog("Delete expired tokens")
            .button("Delete")
            .click()
            .await?;
        s.page.says("90 of 100 tokens").await?;
        ensure!(meter.property::<f64>("value").await? == 90.0);
        s.page.button("Generate Token").is_enabled().await
    })
}

#[test]
fn the_time_line_shows_what_expires_next_and_filters() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[30 * DAY, DAY * 5 / 2, -60, DAY * 9 / 2]).await?;
        let next = s.page.find("list", "Next to expire").every("listitem");
        let told = next.texts().await?;
        let expected = [
            (&ids[1], "in 2 days"),
            (&ids[3], "in 4 days"),
            (&ids[0], "in "),
        ];
        ensure!(told.len() == expected.len(), "{told:?}");
        for (text, (id, when)) in told.iter().zip(expected) {
            ensure!(text.contains(when) && text.contains(&id[..8]), "{told:?}");
        }
        next.every("button").all().await?[1].click().await?;
        lists(s, &[&ids[3]]).await
    })
}

#[test]
fn a_token_expires_without_a_reload() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[12]).await?;
        ensure!(!row_text(s, &ids[0]).await?.contains("Expired"));
        s.server.control().forget_requests();
        // The page looks at its clock every 20 seconds, which is longer than tests wait.
        let mut told = row_says(s, &ids[0], "Expired").await;
        if told.is_err() {
            told = row_says(s, &ids[0], "Expired").await;
        }
        told?;
        ensure!(
            s.server.control().requests().is_empty(),
            "the API was asked"
        );
        Ok(())
    })
}

/// Moves the page's clock on and comes back to its tab.
async fn away_for(s: &Scenario, minutes: u32) -> Result<()> {
    let script = "const { Date } = window, then = Date.now() + arguments[0] * 60_000;
        Date.now = () => then;
        document.dispatchEvent(new Event('visibilitychange'))";
    s.page.script(script, vec![minutes.into()]).await
}

#[test]
fn a_list_is_read_again_after_five_minutes_away() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[]).await?;
        s.server.control().token(EMAIL, DAY)?;
        s.server.control().forget_requests();
        away_for(s, 4).await?;
        ensure!(
            s.server.received(Operation::List).is_empty(),
            "read too early"
        );
        away_for(s, 2).await?;
        s.page.says("1 of 100 tokens").await?;
        ensure!(s.server.received(Operation::List).len() == 1);
        Ok(())
    })
}

#[test]
fn other_tabs_hear_of_changes() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[]).await?;
        let hear = "window.heard = [];
            window.line = new BroadcastChannel('dcd-token-manager.changes');
            window.line.onmessage = ({ data }) => window.heard.push(data)";
        s.page.script::<()>(hear, vec![]).await?;
        let first = s.page.driver().window().await?;
        let second = s.page.driver().new_tab().await?;

        s.page.driver().switch_to_window(second.clone()).await?;
        s.sign_in(DEMO).await?;
        let token = s.generate_and_close("1 Hour").await?;
        s.page.driver().switch_to_window(first.clone()).await?;
        lists(s, &[&token.id]).await?;

        s.page.driver().switch_to_window(second).await?;
        super::row_button(s, "Delete", &token.id).click().await?;
        s.page
            .alert_dialog("Delete token")
            .button("Delete")
            .click()
            .await?;
        s.page.says("No tokens yet").await?;
        s.page.driver().switch_to_window(first).await?;
        s.page.says("No tokens yet").await?;
        let heard = eventually(async || {
            let heard: Vec<String> = s.page.script("return window.heard", vec![]).await?;
            Ok((heard.len() > 1).then_some(heard))
        });
        let heard = heard.await?;
        ensure!(heard == [token.id.clone(), token.id], "{heard:?}");
        Ok(())
    })
}

#[test]
fn a_searched_token_value_is_not_kept() -> Result<()> {
    scenario(async |s| {
        s.sign_in(DEMO).await?;
        let token = super::copied_token(s).await?;
        search(s).focus().await?;
        s.page.press("Control+v").await?;
        eventually(async || {
            let text: String = search(s).property("value").await?;
            Ok(text.is_empty().then_some(()))
        })
        .await?;
        super::nothing_left(s, &token.value).await?;
        ensure!(s.listed().await? == [token.id], "nothing is searched for");
        Ok(())
    })
}

#[test]
fn the_menu_closes_with_escape_and_keeps_the_focus() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[]).await?;
        s.page.button("More").click().await?;
        s.page.button("Check a token").focus().await?;
        s.page.press("Escape").await?;
        s.page.button("Check a token").disappears().await?;
        s.page.focus_is_on("button", "More").await?;
        choose(s, "Check a token").await?;
        s.page
            .dialog("Check a token")
            .button("Close")
            .click()
            .await?;
        s.page.focus_is_on("button", "More").await
    })
}
