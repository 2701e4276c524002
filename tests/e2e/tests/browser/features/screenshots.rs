//! The pictures that the README shows.
//!
//! They are made anew, by Chromium, when `TOKEN_MANAGER_UPDATE_SCREENSHOTS` is set; otherwise it is
//! checked that they are there.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use e2e::{Engine, Result, Scenario, Setup, ensure};
use serde_json::{Map, Value, json};

use super::{CONTRACT, DAY, DEMO, EMAIL};

const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);
/// People load them with the README.
const MAX_LENGTH: usize = 200_000;

/// What people call their tokens, and how long those live.
const TOKENS: [(&str, i64); 8] = [
    ("Terraform, production", 182 * DAY),
    ("Nightly backup", 87 * DAY),
    ("Build runner", 29 * DAY),
    ("Ansible, staging", 41 * DAY),
    ("", 364 * DAY),
    ("Load test", 5 * DAY / 2),
    ("Demo on Friday", -2 * DAY),
    ("", 23 * 60 * 60),
];

#[test]
fn the_readme_shows_the_list() -> Result<()> {
    picture("list.png", DESKTOP, "light", async |_| Ok(()))
}

#[test]
fn the_readme_shows_a_new_token() -> Result<()> {
    picture("reveal.png", DESKTOP, "light", async |s| {
        s.generate("90 Days").await?;
        s.page.says("Valid until").await
    })
}

#[test]
fn the_readme_shows_a_phone_in_the_dark() -> Result<()> {
    picture("phone-dark.png", PHONE, "dark", async |_| Ok(()))
}

/// Takes the picture after `story`, or looks whether there is one.
fn picture(
    name: &str,
    size: (u32, u32),
    theme: &str,
    story: impl AsyncFnOnce(&Scenario) -> Result<()>,
) -> Result<()> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "screenshots", name]
        .iter()
        .collect();
    let wanted = env::var_os("TOKEN_MANAGER_UPDATE_SCREENSHOTS").is_some();
    if wanted && Engine::under_test()? == Engine::Chromium {
        Setup::window(size.0, size.1).run(async |s| {
            furnish(s, theme).await?;
            story(s).await?;
            let settle =
                "return Promise.all(document.getAnimations().map(({ finished }) => finished))
                .then(() => document.activeElement.blur())";
            s.page.script::<()>(settle, vec![]).await?;
            fs::create_dir_all(path.parent().context("no folder")?)?;
            Ok(fs::write(
                &path,
                s.page.driver().screenshot_as_png().await?,
            )?)
        })?;
    }
    let content = fs::read(&path).with_context(|| path.display().to_string())?;
    ensure!(
        content.len() < MAX_LENGTH,
        "{name} has {} bytes",
        content.len()
    );
    ensure!(png_size(&content) == Some(size), "{name} has another size");
    Ok(())
}

/// Signs in to an account with tokens that have names.
async fn furnish(s: &Scenario, theme: &str) -> Result<()> {
    for (_, life) in TOKENS {
        s.server.control().token(EMAIL, life)?;
    }
    let ids = s.server.token_ids(EMAIL)?;
    let names: Map<String, Value> = ids
        .into_iter()
        .zip(TOKENS)
        .filter(|(_, (label, _))| !label.is_empty())
        .map(|(id, (label, _))| (id, json!({ "label": label })))
        .collect();
    let names = json!({ "format": "ionos-token-names", "version": 1, "tokens": names });
    s.open().await?;
    let set = "localStorage.setItem(`dcd-token-manager.names.${arguments[0]}`, arguments[1]);
        document.querySelector('dcd-token-manager').setAttribute('theme', arguments[2])";
    let arguments = [CONTRACT, &names.to_string(), theme].map(Value::from);
    s.page.script::<()>(set, arguments.into()).await?;
    s.fill_in(DEMO).await?;
    s.is_signed_in().await
}

/// Width and height in the head of a PNG file.
fn png_size(content: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        Some(u32::from_be_bytes(
            content.get(at..at + 4)?.try_into().ok()?,
        ))
    };
    let is_png = content.starts_with(b"\x89PNG\r\n\x1a\n");
    is_png.then_some(number(16)?).zip(number(20))
}
