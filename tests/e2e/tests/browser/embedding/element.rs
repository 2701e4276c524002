//! The element among its neighbours: what a host does to it, and it does to nobody.

use std::collections::BTreeSet;

use auth_api::Operation;
use e2e::{Account, Host, Result, Scenario, ensure, scenario};
use serde_json::{Value, json};

use super::{delete_button, heard_no_value, lists, show, unsaved};

const EMBEDDING: &str = include_str!("../../../../../EMBEDDING.md");

const API: &str = r#"auth-api="https://tokens.example.com/auth/v1""#;

/// An element whose host signs in.
fn element(attributes: &str) -> String {
    format!(
        "<dcd-token-manager {API} {attributes}></dcd-token-manager>
        <script>
            for (const element of document.querySelectorAll('dcd-token-manager'))
                element.getCredential = fetchCredential;
        </script>"
    )
}

async fn opened(s: &Scenario, account: Account, body: &str) -> Result<Host> {
    let host = Host::start(&s.server, account).await?;
    show(s, &host, body).await?;
    Ok(host)
}

async fn set(s: &Scenario, name: &str, value: &str) -> Result<()> {
    let set = format!("panel().setAttribute('{name}', '{value}')");
    s.evaluate(&set).await
}

#[test]
fn language_theme_and_level_change_at_once_and_ask_nobody() -> Result<()> {
    scenario(async |s| {
        let host = opened(s, Account::DEMO, &element("lang='en' theme='light'")).await?;
        lists(s).await?;
        let token = unsaved(s).await?;
        for (name, value) in [("lang", "de"), ("theme", "dark"), ("heading-level", "5")] {
            set(s, name, value).await?;
        }
        s.page.dialog("Token erzeugt").appears().await?;
        ensure!(
            s.shown_value().await? == Some(token.value),
            "the value is gone"
        );
        let looks = "return [select('.title')[0].tagName,
            getComputedStyle(select('.dcd')[0]).colorScheme]";
        let looks: Vec<String> = s.page.script(looks, vec![]).await?;
        ensure!(looks == ["H5", "dark"], "{looks:?}");
        ensure!(host.received("/session/token").len() == 1);
        Ok(())
    })
}

#[test]
fn another_contract_and_another_api_take_effect_at_once() -> Result<()> {
    scenario(async |s| {
        let host = opened(s, Account::MULTI, &element("")).await?;
        s.page.says("X-Contract-Number is required").await?;
        set(s, "contract-number", "31884391").await?;
        s.page.says("No tokens yet").await?;
        s.generate_and_close("1 Hour").await?;
        set(s, "contract-number", "31990210").await?;
        s.page.says("No tokens yet").await?;
        let asked = host.received("/session/token").len();
        ensure!(asked == 2, "the host was asked {asked} times");

        // A credential is for the API that it was given for.
        set(s, "auth-api", &format!("{}/elsewhere", host.origin)).await?;
        s.page
            .says("The Auth API was not found at its address.")
            .await?;
        ensure!(host.received("/elsewhere/tokens").len() == 1);
        ensure!(host.received("/session/token").len() == asked + 1);
        Ok(())
    })
}

#[test]
fn another_contract_is_shown_although_the_list_of_the_first_is_on_its_way() -> Result<()> {
    scenario(async |s| {
        s.server.control().add_tokens(Account::MULTI.email, 3)?;
        let slow = auth_api::Fault::hold(std::time::Duration::from_secs(1));
        s.server.fail([slow.on(Operation::List)])?;
        let _host = opened(s, Account::MULTI, &element("contract-number='31884391'")).await?;
        e2e::eventually(
            async || Ok((!s.server.received(Operation::List).is_empty()).then_some(())),
        )
        .await?;
        set(s, "contract-number", "31990210").await?;
        s.page.says("No tokens yet").await
    })
}

/// The ways to make an element and give it `getCredential`, once it is defined.
const LATE: [&str; 4] = [
    "element.getCredential = fetchCredential; document.body.append(element)",
    "document.body.append(element); element.getCredential = fetchCredential",
    // While the panel asks for it.
    "document.body.append(element);
        (async () => {
            for (let turn = 0; turn < 5; turn++) await null;
            element.getCredential = fetchCredential;
        })()",
    "document.body.append(element);
        element.addEventListener('session-required', () => {
            element.getCredential = fetchCredential;
        })",
];

#[test]
fn get_credential_may_be_set_before_the_element_is_defined_or_whenever_it_is_there() -> Result<()> {
    scenario(async |s| {
        let host = opened(s, Account::DEMO, &element("")).await?;
        lists(s).await?;
        for (count, way) in (2..).zip(LATE) {
            let make = format!(
                "(() => {{
                    panel().remove();
                    const element = document.createElement('dcd-token-manager');
                    element.setAttribute('auth-api', 'https://tokens.example.com/auth/v1');
                    {way};
                }})()"
            );
            let make = make.replace("https://tokens.example.com", s.server.origin());
            s.evaluate::<()>(&make).await?;
            s.page.says(&format!("{count} of 100 tokens")).await?;
            ensure!(host.received("/session/token").len() == count, "{way}");
        }
        Ok(())
    })
}

#[test]
fn two_elements_of_different_contracts_share_one_module_and_nothing_else() -> Result<()> {
    scenario(async |s| {
        let [main, side] =
            ["31884391", "31990210"].map(|number| element(&format!("contract-number='{number}'")));
        let again = "<script type=module src=https://tokens.example.com/embed.js?again></script>";
        let body = format!("{again}<main>{main}</main><nav aria-label='Side'>{side}</nav>");
        let host = opened(s, Account::MULTI, &body).await?;
        let [main, side] = [s.page.every("main"), s.page.find("navigation", "Side")];
        for panel in [&main, &side] {
            panel.button("Generate Token").is_enabled().await?;
        }
        main.button("Generate Token").click().await?;
        s.reveal().appears().await?;
        let token = s.read_value().await?;
        s.discard_value().await?;
        let delete = format!("Delete token {}", token.id);
        main.button(&delete).appears().await?;

        side.button("Generate Token").click().await?;
        s.reveal().appears().await?;
        let other = s.read_value().await?;
        s.evaluate::<()>("document.querySelector('main').remove()")
            .await?;
        set(s, "lang", "en").await?;
        ensure!(s.read_value().await? == other);
        s.discard_value().await?;
        side.button(&format!("Delete token {}", other.id))
            .appears()
            .await?;
        side.button(&delete).disappears().await?;
        ensure!(host.received("/session/token").len() == 2);

        let modules = "performance.getEntriesByType('resource')
            .filter(({ name }) => name.endsWith('.wasm')).length";
        ensure!(s.evaluate::<u32>(modules).await? == 1);
        Ok(())
    })
}

#[test]
fn removing_the_element_wipes_its_value_and_adding_it_again_starts_anew() -> Result<()> {
    scenario(async |s| {
        let host = opened(s, Account::DEMO, &element("")).await?;
        lists(s).await?;
        let token = unsaved(s).await?;
        s.evaluate::<()>(
            "(() => {
                globalThis.element = panel();
                globalThis.told = [];
                element.addEventListener('failed', ({ detail }) => told.push(detail.code));
                element.remove();
            })()",
        )
        .await?;
        s.holds("heard('failed').length === 1").await?;
        let told: Value = s.evaluate("[told, heard('failed')]").await?;
        let code = "unsaved-token-discarded";
        ensure!(told == json!([[code], [{ "code": code }]]), "{told}");
        s.holds("!element.hasUnsavedToken && element.session === null")
            .await?;
        let left: String = s.evaluate("element.shadowRoot.innerHTML").await?;
        ensure!(
            !left.contains(&token.value) && !left.contains("dialog"),
            "{left}"
        );

        s.evaluate::<()>("document.body.append(element)").await?;
        s.page.says("3 of 100 tokens").await?;
        ensure!(host.received("/session/token").len() == 2);
        heard_no_value(s, &token).await
    })
}

/// What a host's style could do to the panel, were it let in.
const HOSTILE: &str = "
    * { all: unset !important; }
    html { font: italic 900 60px/3 fantasy !important; }
    :root, body, body * {
        color: lime !important; text-transform: uppercase !important;
        text-align: end !important; white-space: pre !important;
    }
    button, table, dialog, div { display: none !important; position: fixed !important; }";

/// How everything in the panel looks.
const PANEL_LOOKS: &str = "return select('dcd-token-manager').flatMap(({ shadowRoot }) => (
    shadowRoot.getAnimations().forEach((animation) => animation.cancel()),
    [...shadowRoot.querySelectorAll('*')].map((element) => {
        const style = getComputedStyle(element);
        const names = ['color', 'background-color', 'display', 'font-size', 'font-style',
            'font-weight', 'line-height', 'position', 'text-align', 'text-transform',
            'white-space-collapse'];
        const looks = names.map((name) => `${name}: ${style.getPropertyValue(name)}`);
        return `${element.tagName}.${element.className}: ${looks.join('; ')}`;
    })))";

#[test]
fn no_style_of_the_host_reaches_the_panel() -> Result<()> {
    scenario(async |s| {
        let _host = opened(s, Account::DEMO, &element("")).await?;
        lists(s).await?;
        s.generate("1 Hour").await?;
        s.page.says("Valid until").await?;
        let looks = async || s.page.script::<Vec<String>>(PANEL_LOOKS, vec![]).await;
        let plain = looks().await?;
        ensure!(plain.len() > 50, "{plain:?}");
        let dress = "document.head.append(document.createElement('style')),
            document.querySelector('style').textContent = arguments[0]";
        s.page.script::<()>(dress, vec![HOSTILE.into()]).await?;
        let dressed = looks().await?;
        let mut pairs = plain.iter().zip(&dressed);
        let differ = pairs.find(|(plain, dressed)| plain != dressed);
        ensure!(differ.is_none(), "{differ:#?}");
        s.discard_value().await
    })
}

#[test]
fn in_a_right_to_left_page_the_panel_works() -> Result<()> {
    scenario(async |s| {
        let body = format!(
            "<script>document.documentElement.dir = 'rtl'</script>
            <style>html {{ font-size: 48px }}</style>{}",
            element("")
        );
        let _host = opened(s, Account::DEMO, &body).await?;
        lists(s).await?;
        s.generate_and_close("1 Hour").await?;
        let wide = "document.documentElement.scrollWidth <= innerWidth";
        s.holds(wide).await
    })
}

#[test]
fn no_style_of_the_panel_leaks_out() -> Result<()> {
    scenario(async |s| {
        let neighbours = "<div style='width: 600px'><h1>A title</h1><p class='panel lead card'>Text</p><button class='button
            primary'>Button</button><table class='tokens'><tr><td>Cell</td></tr></table>
            <dialog open class='dialog' style='position: static'>Dialog</dialog><input class='control'></div>";
        let looks = "[...document.querySelectorAll('body > div > *')].flatMap((element) =>
            [...getComputedStyle(element)].map((name) =>
                `${element.tagName} ${name}: ${getComputedStyle(element).getPropertyValue(name)}`))";
        let host = opened(s, Account::DEMO, neighbours).await?;
        s.holds("document.readyState === 'complete'").await?;
        let alone: Vec<String> = s.evaluate(looks).await?;
        show(s, &host, &format!("{neighbours}{}", element(""))).await?;
        lists(s).await?;
        s.evaluate::<()>(
            "document.querySelectorAll('script').forEach((script) => script.remove())",
        )
        .await?;
        let beside: Vec<String> = s.evaluate(looks).await?;
        let differ = alone
            .iter()
            .zip(&beside)
            .find(|(alone, beside)| alone != beside);
        ensure!(differ.is_none(), "{differ:?}");
        let globals: Vec<String> = s
            .evaluate("Object.keys(window).filter((name) => /dcd|token|wasm|leptos/i.test(name))")
            .await?;
        ensure!(globals.is_empty(), "{globals:?}");
        Ok(())
    })
}

/// The names of parts that integrators are told of.
fn documented_parts() -> BTreeSet<&'static str> {
    let (_, rest) = EMBEDDING
        .split_once("They are named after what they are:")
        .unwrap_or_default();
    let (names, _) = rest.split_once('.').unwrap_or_default();
    names.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_part_that_is_documented_exists() -> Result<()> {
    scenario(async |s| {
        let mut missing = documented_parts();
        ensure!(missing.len() > 30, "{missing:?}");
        // The stories of what cannot be loaded show it.
        missing.remove("failure");
        let mut look = async || {
            let body = "return select('[part]').flatMap(({ part }) => [...part])";
            let found: Vec<String> = s.page.script(body, vec![]).await?;
            missing.retain(|name| !found.iter().any(|part| part == name));
            Ok::<_, anyhow::Error>(missing.clone())
        };
        s.open().await?;
        look().await?;
        let host = Host::admitted(&s.server, Account::DEMO).await?;
        show(s, &host, &element("")).await?;
        lists(s).await?;
        look().await?;
        let token = unsaved(s).await?;
        look().await?;
        s.discard_value().await?;
        delete_button(s, &token.id).click().await?;
        let question = s.page.alert_dialog("Delete token");
        question.button("Delete").appears().await?;
        look().await?;
        question.button("Delete").click().await?;
        s.page.announces("deleted").await?;
        look().await?;
        s.page
            .find("searchbox", "Search ID or name")
            .fill("none is called so")
            .await?;
        s.page
            .button("Delete token ")
            .or_longer()
            .disappears()
            .await?;
        look().await?;
        set(s, "mode", "frame").await?;
        let missing = look().await?;
        ensure!(missing.is_empty(), "{missing:?}");
        Ok(())
    })
}
