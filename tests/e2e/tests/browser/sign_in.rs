//! Signing in and out, and what is said where that fails.

use auth_api::{Fault, Operation};
use e2e::{Account, Result, Setup, ensure, scenario};

/// Signs in with e-mail and password, and expects to be told `message` in the form.
fn refused(account: Account, message: &'static str) -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.fill_in(account).await?;
        s.page.announces(message).await?;
        s.page.find("form", "Sign in").appears().await
    })
}

#[test]
fn a_user_signs_in_with_e_mail_and_password() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.page.says("demo@example.com").await?;
        s.page.says("No tokens yet").await
    })
}

#[test]
fn a_user_signs_in_with_a_token() -> Result<()> {
    scenario(async |s| {
        let token = s.server.control().token("demo@example.com", 3600)?;
        s.sign_in_with(&token).await?;
        s.page.says("1 of 100 tokens").await
    })
}

#[test]
fn enter_sends_the_form() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        let token = s.server.control().token("demo@example.com", 3600)?;
        s.page.field("Authentication token").fill(&token).await?;
        s.page.press("Enter").await?;
        s.is_signed_in().await
    })
}

#[test]
fn a_wrong_password_is_named() -> Result<()> {
    let account = Account {
        password: "wrong",
        ..Account::DEMO
    };
    refused(account, "does not accept these credentials")
}

#[test]
fn an_unknown_contract_is_named() -> Result<()> {
    refused(
        Account::DEMO.with_contract("99999999"),
        "You have no access to this contract",
    )
}

#[test]
fn a_user_of_several_contracts_is_asked_for_one() -> Result<()> {
    refused(Account::MULTI, "Your account has several contracts")
}

#[test]
fn a_user_of_several_contracts_names_one() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::MULTI.with_contract("31990210")).await?;
        s.page.says("31990210").await?;
        let named = s.server.control().requests();
        ensure!(
            named
                .iter()
                .all(|request| request.contract_number.as_deref() == Some("31990210"))
        );
        Ok(())
    })
}

#[test]
fn a_user_with_two_factors_is_told_another_way() -> Result<()> {
    refused(Account::SECURE, "two-factor authentication")
}

#[test]
fn an_api_out_of_reach_is_no_wrong_password() -> Result<()> {
    let config = serde_json::json!({ "authApiUrl": "http://127.0.0.1:9/auth/v1" });
    let mut setup = Setup::config(config);
    setup.server.connect_src = vec!["http://127.0.0.1:9".to_owned()];
    setup.run(async |s| {
        s.open().await?;
        s.fill_in(Account::DEMO).await?;
        s.page.announces("can't be reached from this page").await?;
        ensure!(!s.page.text().await?.contains("credentials. Check"));
        Ok(())
    })
}

#[test]
fn a_broken_api_is_no_wrong_password() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.server.fail([Fault::status(500).on(Operation::List)])?;
        s.fill_in(Account::DEMO).await?;
        s.page
            .announces("The Auth API has a problem right now")
            .await?;
        // The way out: the same again.
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await
    })
}

#[test]
fn an_empty_form_is_not_sent() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.page
            .find("form", "Sign in")
            .button("Sign in")
            .click()
            .await?;
        s.page.says("Fill in this field").await?;
        ensure!(
            s.server.control().requests().is_empty(),
            "something was sent"
        );
        Ok(())
    })
}

#[test]
fn a_contract_number_has_digits_only() -> Result<()> {
    scenario(async |s| {
        s.open().await?;
        s.fill_in(Account::DEMO.with_contract("abc")).await?;
        s.page.says("A contract number has digits only").await?;
        ensure!(
            s.server.control().requests().is_empty(),
            "something was sent"
        );
        Ok(())
    })
}

#[test]
fn signing_out_leaves_nothing_of_the_account() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let token = s.generate_and_close("1 Hour").await?;
        s.page.button("Sign out").click().await?;
        s.page.find("form", "Sign in").appears().await?;
        let text = s.page.text().await?;
        for trace in [&token.id, "demo@example.com", "of 100 tokens"] {
            ensure!(!text.contains(trace), "{trace} is still there: {text}");
        }
        s.page.button("Sign out").disappears().await
    })
}
