//! Deleting: what is gone and what is left is what the API says, never what was hoped for.

use auth_api::{Delivery, Fault, Operation};
use e2e::{Account, Result, Scenario, ensure, scenario};

use super::{EMAIL, listed};

const HOUR: i64 = 60 * 60;

/// Asks to delete a token and confirms it.
async fn delete(s: &Scenario, id: &str) -> Result<()> {
    s.page.button(&format!("Delete token {id}")).click().await?;
    let question = s.page.alert_dialog("Delete token");
    question.button("Delete").click().await
}

async fn ask_to_delete_all(s: &Scenario) -> Result<()> {
    s.page.button("More").click().await?;
    s.page.button("Delete all").click().await
}

/// Asks to delete all tokens, types their number and confirms it.
async fn delete_all(s: &Scenario, count: usize) -> Result<()> {
    ask_to_delete_all(s).await?;
    let number = s.page.field("Type the number of tokens to confirm");
    number.fill(&count.to_string()).await?;
    let question = s.page.alert_dialog("Delete all tokens");
    question.button("Delete").click().await
}

/// Makes tokens, signs in with the password, and returns their IDs.
async fn signed_in_with(s: &Scenario, lives: &[i64]) -> Result<Vec<String>> {
    for &life in lives {
        s.server.control().token(EMAIL, life)?;
    }
    s.sign_in(Account::DEMO).await?;
    s.server.token_ids(EMAIL)
}

#[test]
fn f24_a_token_that_is_gone_already_counts_as_deleted() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[HOUR, HOUR]).await?;
        s.server.control().delete_token(EMAIL, ids[0].parse()?)?;
        delete(s, &ids[0]).await?;
        s.page
            .announces(&format!("Token {} deleted", ids[0]))
            .await?;
        ensure!(s.listed().await? == [ids[1].clone()]);

        let gone = Fault::status(410).after_work();
        s.server.fail([gone.on(Operation::Delete)])?;
        delete(s, &ids[1]).await?;
        s.page
            .announces(&format!("Token {} deleted", ids[1]))
            .await?;
        s.page.says("No tokens yet").await
    })
}

#[test]
fn f24_after_a_failure_the_list_tells_whether_a_token_is_gone() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[HOUR; 3]).await?;
        let done = [
            Fault::status(500).after_work(),
            Fault::delivery(Delivery::Half),
            Fault::delivery(Delivery::Drop),
        ];
        for (id, fault) in ids.iter().zip(done) {
            let before = listed(s);
            s.server.fail([fault.on(Operation::Delete)])?;
            delete(s, id).await?;
            s.page.announces(&format!("Token {id} deleted")).await?;
            ensure!(!s.server.token_ids(EMAIL)?.contains(id));
            // A browser may have repeated the request that was dropped, which was answered then.
            ensure!(listed(s) <= before + 1);
        }
        s.page.says("No tokens yet").await
    })
}

#[test]
fn f24_a_token_that_could_not_be_deleted_stays() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[HOUR]).await?;
        for status in [409, 500] {
            s.server
                .fail([Fault::status(status).on(Operation::Delete)])?;
            delete(s, &ids[0]).await?;
            s.page.announces("The token was not deleted.").await?;
            s.page.button("Cancel").click().await?;
            ensure!(s.listed().await? == ids, "{status}: another list");
        }
        // Where the list can't be read either, nobody knows.
        s.server.fail([
            Fault::status(500).on(Operation::Delete),
            Fault::status(500).on(Operation::List),
        ])?;
        delete(s, &ids[0]).await?;
        s.page
            .announces("It is not known whether the token was deleted.")
            .await?;
        ensure!(s.server.token_ids(EMAIL)? == ids);
        Ok(())
    })
}

#[test]
fn f25_deleting_the_token_in_use_warns_and_signs_out_without_a_loop() -> Result<()> {
    scenario(async |s| {
        for all in [false, true] {
            let token = s.server.control().token(EMAIL, HOUR)?;
            s.sign_in_with(&token).await?;
            let id = &s.listed().await?[0];
            if all {
                ask_to_delete_all(s).await?;
            } else {
                s.page.button(&format!("Delete token {id}")).click().await?;
            }
            s.page.says("You are signed in with this token").await?;
            s.page.button("Cancel").click().await?;
            s.server.control().forget_requests();
            if all {
                delete_all(s, 1).await?;
            } else {
                delete(s, id).await?;
            }
            s.page.find("form", "Sign in").appears().await?;
            let requests = s.server.control().requests();
            ensure!(requests.len() == 1, "{requests:?}");
            ensure!(s.server.token_ids(EMAIL)?.is_empty());
        }
        Ok(())
    })
}

#[test]
fn f26_the_server_decides_what_has_expired() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[-HOUR, HOUR, 72 * HOUR]).await?;
        // By the server's clock, the second one has expired, too.
        s.server
            .control()
            .change_settings(|settings| settings.clock_offset_seconds = 2 * HOUR);
        s.page.button("Delete expired").click().await?;
        s.page.says("Delete 1 expired token?").await?;
        let question = s.page.alert_dialog("Delete expired tokens");
        question.button("Delete").click().await?;
        s.page.announces("2 deleted, 1 left").await?;
        ensure!(s.listed().await? == ids[2..]);
        ensure!(s.server.token_ids(EMAIL)? == ids[2..]);
        Ok(())
    })
}

#[test]
fn f26_what_only_the_own_clock_calls_expired_stays() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[-HOUR]).await?;
        s.server
            .control()
            .change_settings(|settings| settings.clock_offset_seconds = -2 * HOUR);
        s.page.button("Delete expired").click().await?;
        let question = s.page.alert_dialog("Delete expired tokens");
        question.button("Delete").click().await?;
        s.page.announces("0 deleted, 1 left").await?;
        ensure!(s.listed().await? == ids);
        Ok(())
    })
}

#[test]
fn f27_deleting_all_is_not_repeated_when_its_answer_is_lost() -> Result<()> {
    scenario(async |s| {
        signed_in_with(s, &[HOUR; 3]).await?;
        let half = Fault::delivery(Delivery::Half);
        s.server.fail([half.on(Operation::DeleteMany)])?;
        delete_all(s, 3).await?;
        s.page.announces("3 deleted, 0 left").await?;
        s.page.says("No tokens yet").await?;
        ensure!(s.server.received(Operation::DeleteMany).len() == 1);
        ensure!(listed(s) == 2, "listed {} times", listed(s));
        Ok(())
    })
}

#[test]
fn f27_deleting_all_that_fails_says_that_all_is_left() -> Result<()> {
    scenario(async |s| {
        let ids = signed_in_with(s, &[HOUR; 2]).await?;
        s.server
            .fail([Fault::status(503).on(Operation::DeleteMany)])?;
        delete_all(s, 2).await?;
        s.page.announces("not deleted").await?;
        s.page.button("Cancel").click().await?;
        ensure!(s.server.received(Operation::DeleteMany).len() == 1);
        ensure!(s.server.token_ids(EMAIL)? == ids);
        s.page.says("2 of 100 tokens").await
    })
}
