//! The panel in other people's pages: an element among theirs, or a frame of its own.

mod element;
mod examples;
mod frame;
mod hostile;
mod journey;

use e2e::page::Locator;
use e2e::{Account, Host, Result, Scenario, Token, ensure};

const EMAIL: &str = Account::DEMO.email;

/// The beginning of a host's page: it loads the element and notes the events that reach it.
const HEAD: &str = r#"<!DOCTYPE html>
<meta charset="utf-8">
<title>A host</title>
<script type="module" src="https://tokens.example.com/embed.js"></script>
<script>
  const events = [];
  const heard = (name) => events.filter(({ type }) => type === name).map(({ detail }) => detail);
  const names = ["ready", "session-changed", "token-generated", "token-deleted",
    "session-required", "failed"];
  for (const name of names)
    document.addEventListener(name, ({ type, detail }) => events.push({ type, detail }));
  const panel = () => document.querySelector("dcd-token-manager");
  const fetchCredential = async () => {
    const response = await fetch("/session/token");
    return response.ok ? response.json() : null;
  };
</script>
"#;

/// Opens a page with this body at `host`.
async fn show(s: &Scenario, host: &Host, body: &str) -> Result<()> {
    host.show(s, &format!("{HEAD}<body>{body}")).await
}

async fn lists(s: &Scenario) -> Result<()> {
    s.page.says("of 100 tokens").await
}

fn delete_button(s: &Scenario, id: &str) -> Locator {
    s.page.button(&format!("Delete token {id}"))
}

async fn delete(s: &Scenario, id: &str) -> Result<()> {
    delete_button(s, id).click().await?;
    let question = s.page.alert_dialog("Delete token");
    question.button("Delete").click().await?;
    s.page.announces(&format!("Token {id} deleted")).await
}

/// Makes a token without saving it and leaves its window open.
async fn unsaved(s: &Scenario) -> Result<Token> {
    s.generate("1 Hour").await?;
    s.read_value().await
}

/// No event that the host's page has heard carries a piece of `token`.
async fn heard_no_value(s: &Scenario, token: &Token) -> Result<()> {
    let events: serde_json::Value = s.evaluate("events").await?;
    let told = events.to_string();
    ensure!(told.contains(&token.id), "{told}");
    ensure!(
        !e2e::Traces::of([token.value.as_str()]).are_in(told.as_bytes()),
        "{told}"
    );
    Ok(())
}
