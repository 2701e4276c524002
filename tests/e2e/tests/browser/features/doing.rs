//! Deleting many tokens, replacing one, and lifetimes.

use auth_api::{Fault, Operation};
use e2e::{Account, Result, Scenario, ensure, scenario};
use thirtyfour::Key;

use super::{DAY, DEMO, EMAIL, choose, come_back, lists, row_box, row_button, row_says};
use super::{signed_in_with, told_by_api};

/// Checks boxes and asks to delete what is checked.
async fn ask_to_delete_selected(s: &Scenario, ids: &[String]) -> Result<()> {
    for id in ids {
        row_box(s, id).click().await?;
    }
    s.page.button("Delete selected").click().await?;
    let question = s.page.alert_dialog("Delete selected tokens");
    question.appears().await?;
    s.page.focus_is_on("button", "Cancel").await
}

#[test]
fn shift_click_selects_a_range() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[DAY; 6]).await?;
        let listed = s.listed().await?;
        row_box(s, &listed[1]).click().await?;
        s.page.says("1 token selected").await?;
        let last = row_box(s, &listed[4]).get().await?;
        last.scroll_into_view().await?;
        let actions = s.page.driver().action_chain().key_down(Key::Shift);
        let actions = actions.click_element(&last).key_up(Key::Shift);
        actions.perform().await?;
        s.page.says("4 tokens selected").await?;
        for (place, id) in listed.iter().enumerate() {
            let checked: bool = row_box(s, id).property::<bool>("checked").await?;
            ensure!(checked == (1..=4).contains(&place), "row {place}");
        }
        Ok(())
    })
}

#[test]
fn the_box_above_selects_all_that_is_shown() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[DAY; 3]).await?;
        let all = s.page.find("checkbox", "Select all tokens");
        row_box(s, &ids[0]).click().await?;
        ensure!(
            all.property::<bool>("indeterminate").await?,
            "some look like none"
        );
        all.click().await?;
        s.page.says("3 tokens selected").await?;
        s.page.button("Clear selection").click().await?;
        s.page.says_no_longer("tokens selected").await?;
        s.page
            .find("searchbox", "Search ID or name")
            .fill(&ids[2])
            .await?;
        lists(s, &[&ids[2]]).await?;
        all.click().await?;
        s.page.says("1 token selected").await
    })
}

#[test]
fn selected_tokens_are_deleted_with_one_summary() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[DAY; 3]).await?;
        ask_to_delete_selected(s, &ids[..2]).await?;
        s.page.says("Delete 2 selected tokens?").await?;
        s.page.button("Delete").click().await?;
        s.page.announces("2 deleted, 1 left").await?;
        ensure!(s.page.announcements().await?.len() == 1);
        lists(s, &[&ids[2]]).await?;
        ensure!(s.server.token_ids(EMAIL)? == ids[2..]);
        s.page.says_no_longer("selected").await
    })
}

#[test]
fn expired_tokens_are_deleted_at_once() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[-60, DAY, -DAY]).await?;
        choose(s, "Delete expired").await?;
        s.page.says("Delete 2 expired tokens?").await?;
        s.page
            .alert_dialog("Delete expired tokens")
            .button("Delete")
            .click()
            .await?;
        s.page.announces("2 deleted, 1 left").await?;
        lists(s, &[&ids[1]]).await?;
        let requests = s.server.received(Operation::DeleteMany);
        ensure!(requests.len() == 1 && requests[0].query.as_deref() == Some("criteria=EXPIRED"));
        Ok(())
    })
}

#[test]
fn deleting_all_asks_for_the_number() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[DAY; 12]).await?;
        choose(s, "Delete all").await?;
        let question = s.page.alert_dialog("Delete all tokens");
        s.page
            .says("Delete all 12 tokens of this contract?")
            .await?;
        question.button("Delete").is_disabled().await?;
        let number = s.page.field("Type the number of tokens to confirm");
        number.fill("11").await?;
        question.button("Delete").is_disabled().await?;
        number.fill("12").await?;
        question.button("Delete").is_enabled().await?;
        ensure!(s.server.received(Operation::DeleteMany).is_empty());
        question.button("Delete").click().await?;
        s.page.announces("12 deleted, 0 left").await?;
        s.page.says("No tokens yet").await?;
        ensure!(s.server.token_ids(EMAIL)?.is_empty());
        Ok(())
    })
}

#[test]
fn deleting_all_can_be_cancelled() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[DAY; 2]).await?;
        choose(s, "Delete all").await?;
        s.page
            .field("Type the number of tokens to confirm")
            .fill("2")
            .await?;
        s.page.press("Escape").await?;
        s.page
            .alert_dialog("Delete all tokens")
            .disappears()
            .await?;
        s.page.focus_is_on("button", "More").await?;
        ensure!(s.server.token_ids(EMAIL)?.len() == 2);
        Ok(())
    })
}

#[test]
fn what_could_not_be_deleted_is_listed_with_a_retry() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[DAY; 3]).await?;
        s.server
            .fail([Fault::status(500).on(Operation::Delete).skip(1)])?;
        ask_to_delete_selected(s, &ids).await?;
        s.page.button("Delete").click().await?;
        s.page.announces("2 deleted, 1 not deleted:").await?;
        let left = s.server.token_ids(EMAIL)?;
        ensure!(left.len() == 1);
        let question = s.page.alert_dialog("Delete selected tokens");
        let told = question.every("listitem").texts().await?;
        ensure!(told == left, "{told:?}");
        question.button("Retry").click().await?;
        s.page.announces("1 deleted, 0 left").await?;
        question.disappears().await?;
        ensure!(s.server.token_ids(EMAIL)?.is_empty());
        Ok(())
    })
}

#[test]
fn deleting_the_token_in_use_ends_signed_out() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token(EMAIL, DAY)?;
        s.server.control().token(EMAIL, DAY)?;
        s.sign_in_with(&token).await?;
        s.page.find("checkbox", "Select all tokens").click().await?;
        s.page.button("Delete selected").click().await?;
        s.page
            .says("You are signed in with this token. Deleting it signs you out.")
            .await?;
        s.page.button("Delete").click().await?;
        s.page.find("form", "Sign in").appears().await?;
        s.page.button("Sign out").disappears().await?;
        ensure!(s.server.token_ids(EMAIL)?.is_empty(), "some are left");
        Ok(())
    })
}

#[test]
fn a_token_is_rotated() -> Result<()> {
    scenario(async |s| {
        let old = signed_in_with(s, &[7 * DAY]).await?.remove(0);
        row_button(s, "Rotate", &old).click().await?;
        s.reveal().appears().await?;
        let new = s.read_value().await?;
        let asked = s.server.received(Operation::Generate);
        ensure!(asked.len() == 1 && asked[0].query.as_deref() == Some("ttl=604800"));
        s.page.button("Copy Token Value").click().await?;
        s.page.announces("Token Value copied").await?;
        s.page.button("Close").click().await?;
        let question = s.page.alert_dialog("Replace token");
        ensure!(question.text().await?.contains(&old));
        s.page
            .focus_is_on("button", "Keep and mark as replaced")
            .await?;
        question.button("Delete old token").click().await?;
        s.page.announces(&format!("Token {old} deleted")).await?;
        lists(s, &[&new.id]).await?;
        ensure!(told_by_api(s, &new.value).await?.len() == 1);
        Ok(())
    })
}

#[test]
fn a_replaced_token_is_marked_in_this_browser() -> Result<()> {
    scenario(async |s| {
        let old = signed_in_with(s, &[DAY]).await?.remove(0);
        row_button(s, "Rotate", &old).click().await?;
        s.discard_value().await?;
        s.page
            .alert_dialog("Replace token")
            .button("Keep and mark as replaced")
            .click()
            .await?;
        row_says(s, &old, "Replaced").await?;
        come_back(s).await?;
        row_says(s, &old, "Replaced").await?;
        ensure!(s.server.token_ids(EMAIL)?.len() == 2);
        Ok(())
    })
}

#[test]
fn a_full_account_has_no_room_to_rotate() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::FULL).await?;
        let id = &s.listed().await?[0];
        row_button(s, "Rotate", id).is_disabled().await
    })
}

#[test]
fn the_last_lifetime_is_remembered() -> Result<()> {
    scenario(async |s| {
        s.sign_in(DEMO).await?;
        let lifetimes = s.page.list_box("Time To Live (TTL):");
        lifetimes.choose("30 Days").await?;
        come_back(s).await?;
        ensure!(lifetimes.property::<String>("value").await? == "2592000");
        Ok(())
    })
}

#[test]
fn a_long_lifetime_hints_at_a_shorter_one() -> Result<()> {
    scenario(async |s| {
        s.sign_in(DEMO).await?;
        let lifetimes = s.page.list_box("Time To Live (TTL):");
        lifetimes.choose("365 Days").await?;
        s.page.says("for most scripts 1 day will do").await?;
        lifetimes.choose("1 Day").await?;
        s.page.says_no_longer("for most scripts").await
    })
}

#[test]
fn any_lifetime_from_a_minute_on_can_be_chosen() -> Result<()> {
    scenario(async |s| {
        s.sign_in(DEMO).await?;
        s.page.button("Other…").click().await?;
        let amount = s.page.find("spinbutton", "Duration");
        let unit = s.page.list_box("Unit of the duration");
        for (number, of, seconds) in [
            ("1", "minutes", 60),
            ("36", "hours", 36 * 3_600),
            ("365", "days", 365 * DAY),
        ] {
            unit.choose(of).await?;
            amount.fill(number).await?;
            s.page.button("Generate Token").click().await?;
            s.discard_value().await?;
            let asked = s.server.received(Operation::Generate).pop();
            let query = asked.and_then(|request| request.query);
            ensure!(query == Some(format!("ttl={seconds}")), "{query:?}");
        }
        Ok(())
    })
}

#[test]
fn a_lifetime_out_of_range_is_not_generated() -> Result<()> {
    scenario(async |s| {
        s.sign_in(DEMO).await?;
        s.page.button("Other…").click().await?;
        s.page
            .list_box("Unit of the duration")
            .choose("days")
            .await?;
        for number in ["0", "366"] {
            s.page.find("spinbutton", "Duration").fill(number).await?;
            s.page
                .announces("Choose from 1 minute to 365 days.")
                .await?;
            s.page.button("Generate Token").is_disabled().await?;
        }
        s.page.find("spinbutton", "Duration").fill("365").await?;
        s.page.button("Generate Token").is_enabled().await
    })
}
