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

const DESKTOP: Look = Look {
    size: (1280, 1080),
    scheme: "light",
};
const DARK_PHONE: Look = Look {
    size: (390, 1180),
    scheme: "dark",
};
/// People load them with the README.
const MAX_LENGTH: usize = 200_000;

/// What people call their tokens, how old those are, and how long they still live.
const TOKENS: [(&str, i64, i64); 8] = [
    ("Demo on Friday", 9 * DAY, -2 * DAY),
    ("Terraform, production", 183 * DAY, 182 * DAY),
    ("Nightly backup", 85 * DAY, 5 * DAY),
    ("", 62 * DAY, 303 * DAY),
    ("Ansible, staging", 49 * DAY, 41 * DAY),
    ("Build runner", 31 * DAY, 29 * DAY),
    ("Load test", 3 * DAY, 4 * DAY),
    ("Terraform, staging", DAY, 89 * DAY),
];

/// How big a picture is, and which colours it has.
#[derive(Clone, Copy)]
struct Look {
    size: (u32, u32),
    scheme: &'static str,
}

#[test]
fn the_readme_shows_the_list() -> Result<()> {
    picture("list.png", DESKTOP, async |_| Ok(()))
}

#[test]
fn the_readme_shows_a_new_token() -> Result<()> {
    picture("reveal.png", DESKTOP, async |s| {
        s.generate("90 Days").await?;
        s.page.says("Valid until").await
    })
}

#[test]
fn the_readme_shows_a_phone_in_the_dark() -> Result<()> {
    picture("phone-dark.png", DARK_PHONE, async |s| {
        let to_the_list = "select('.cards')[0].scrollIntoView()";
        s.page.script(to_the_list, vec![]).await
    })
}

/// Takes the picture after `story`, or looks whether there is one.
fn picture(name: &str, look: Look, story: impl AsyncFnOnce(&Scenario) -> Result<()>) -> Result<()> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "screenshots", name]
        .iter()
        .collect();
    let wanted = env::var_os("TOKEN_MANAGER_UPDATE_SCREENSHOTS").is_some();
    if wanted && Engine::under_test()? == Engine::Chromium {
        Setup::default().run(async |s| {
            wear(s, look).await?;
            furnish(s).await?;
            story(s).await?;
            come_to_rest(s).await?;
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
    let size = png_size(&content);
    ensure!(size == Some(look.size), "{name} is {size:?}");
    Ok(())
}

/// Gives the page a screen of this size and this preference of colours.
async fn wear(s: &Scenario, look: Look) -> Result<()> {
    let cdp = s.page.driver().cdp();
    let (width, height) = look.size;
    // As on a phone, bars for scrolling take no room.
    let screen =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
    cdp.send_raw("Emulation.setDeviceMetricsOverride", screen)
        .await?;
    let scheme = json!([{ "name": "prefers-color-scheme", "value": look.scheme }]);
    cdp.send_raw("Emulation.setEmulatedMedia", json!({ "features": scheme }))
        .await?;
    Ok(())
}

/// Signs in to an account with tokens that were made now and then and have names.
async fn furnish(s: &Scenario) -> Result<()> {
    let control = s.server.control();
    for (_, age, left) in TOKENS {
        control.change_settings(|settings| settings.clock_offset_seconds = -age);
        control.token(EMAIL, age + left)?;
    }
    control.change_settings(|settings| settings.clock_offset_seconds = 0);
    let ids = s.server.token_ids(EMAIL)?;
    let names: Map<String, Value> = ids
        .into_iter()
        .zip(TOKENS)
        .filter(|(_, (label, ..))| !label.is_empty())
        .map(|(id, (label, ..))| (id, json!({ "label": label })))
        .collect();
    let names = json!({ "format": "ionos-token-names", "version": 1, "tokens": names });
    s.open().await?;
    let key = format!("dcd-token-manager.names.{CONTRACT}");
    let store = "localStorage.setItem(...arguments)";
    s.page
        .script::<()>(store, vec![key.into(), names.to_string().into()])
        .await?;
    s.sign_in(DEMO).await
}

/// Takes pointer and focus away, and waits for what they have set in motion.
async fn come_to_rest(s: &Scenario) -> Result<()> {
    let actions = s.page.driver().action_chain().move_to(0, 0);
    actions.perform().await?;
    let rest = "focused()?.blur();
        const scopes = [document, ...select('*').flatMap(({ shadowRoot }) => shadowRoot ?? [])];
        const moving = scopes.flatMap((scope) => scope.getAnimations());
        return Promise.allSettled(moving.map(({ finished }) => finished)).then(() => null)";
    s.page.script(rest, vec![]).await
}

/// Width and height in the head of a PNG file.
fn png_size(content: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        let bytes = content.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    let is_png = content.starts_with(b"\x89PNG\r\n\x1a\n");
    is_png.then_some(number(16)?).zip(number(20))
}
