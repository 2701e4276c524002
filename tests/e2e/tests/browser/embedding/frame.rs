//! The frame mode: two documents that trust each other only as far as they must.

use std::time::{Duration, Instant};

use auth_api::{Operation, Received};
use e2e::{Account, Host, Result, Scenario, Setup, ensure, eventually, scenario};
use serde_json::{Value, json};

use super::{EMAIL, heard_no_value, lists, show, unsaved};

/// A frame whose users sign in by themselves, and one whose host signs them in.
const BY_FORM: &str = r#"<dcd-token-manager mode="frame"></dcd-token-manager>"#;
const BY_HOST: &str = r#"<dcd-token-manager mode="frame"
        auth-api="https://tokens.example.com/auth/v1"></dcd-token-manager>
    <script>panel().getCredential = fetchCredential</script>"#;

/// Opens a page with a frame, and goes on inside it.
async fn framed(s: &Scenario, body: &str) -> Result<Host> {
    let host = Host::admitted(&s.server, Account::DEMO).await?;
    show(s, &host, body).await?;
    s.enter_frame().await?;
    Ok(host)
}

#[test]
fn an_origin_that_is_not_admitted_is_told_so_within_seconds() -> Result<()> {
    // The browser says in its console why the frame stays empty.
    Setup::default().tolerant().run(async |s| {
        let host = Host::start(&s.server, Account::DEMO).await?;
        let refused = async || {
            show(s, &host, BY_HOST).await?;
            let start = Instant::now();
            s.page
                .announces("The token manager can't be shown here")
                .await?;
            let taken = start.elapsed();
            ensure!(taken < Duration::from_secs(8), "after {taken:?}");
            s.holds("JSON.stringify(heard('failed')) === '[{\"code\":\"not-connected\"}]'")
                .await?;
            ensure!(host.received("/session/token").is_empty());
            Ok(())
        };
        refused().await?;
        // Were the headers too generous, the app itself would not talk.
        s.server.let_frame(&host.origin)?;
        refused().await
    })
}

#[test]
fn a_frame_that_is_opened_by_itself_leads_to_the_apps_page() -> Result<()> {
    scenario(async |s| {
        s.page
            .open(&format!("{}frame.html", s.server.url()))
            .await?;
        s.page.find("form", "Sign in").appears().await?;
        let address = s.page.driver().current_url().await?;
        ensure!(address.path() == "/", "{address}");
        Ok(())
    })
}

/// Lets the frame's document note the messages that reach its window.
fn eavesdrop(s: &Scenario) -> Result<()> {
    s.server.prepend_to_app(
        "{ const heard = window.windowMessages = [];
           addEventListener('message', ({ data, ports }) =>
               heard.push(JSON.stringify([data, ports.length]))); }",
    )
}

const GREETING: &str = r#"[{"type":"dcd-token-manager/connect","version":1},1]"#;

#[test]
fn a_credential_goes_through_the_port_alone() -> Result<()> {
    scenario(async |s| {
        eavesdrop(s)?;
        let host = framed(s, BY_HOST).await?;
        lists(s).await?;
        let token = s.generate_and_close("1 Hour").await?;
        let messages: Vec<String> = s.page.script("return own.windowMessages", vec![]).await?;
        ensure!(messages == [GREETING], "{messages:?}");
        s.leave_frame().await?;
        let messages: Vec<String> = s.page.script("return own.windowMessages", vec![]).await?;
        ensure!(messages.is_empty(), "{messages:?}");
        ensure!(host.received("/session/token").len() == 1);
        heard_no_value(s, &token).await
    })
}

#[test]
fn inside_the_frame_there_are_no_barriers() -> Result<()> {
    scenario(async |s| {
        let _host = framed(s, BY_HOST).await?;
        lists(s).await?;
        let clear = async |state: &str| {
            let mut barriers = s.page.barriers().await?;
            // The page around it has the landmarks and the first heading.
            let of_pages = ["landmark-one-main ", "page-has-heading-one ", "region "];
            barriers.retain(|barrier| !of_pages.iter().any(|rule| barrier.starts_with(rule)));
            ensure!(barriers.is_empty(), "{state}: {barriers:#?}");
            Ok(())
        };
        clear("list").await?;
        s.generate("1 Hour").await?;
        clear("reveal").await?;
        let token = s.read_value().await?;
        s.discard_value().await?;
        let delete = s.page.button(&format!("Delete token {}", token.id));
        delete.click().await?;
        s.page.find("alertdialog", "Delete token").appears().await?;
        clear("delete").await
    })
}

#[test]
fn malformed_and_foreign_messages_have_no_effect() -> Result<()> {
    scenario(async |s| {
        eavesdrop(s)?;
        let _host = framed(s, BY_HOST).await?;
        lists(s).await?;
        let requests = s.server.control().requests().len();
        let text = s.page.text().await?;
        s.leave_frame().await?;
        s.evaluate::<()>(FLOOD).await?;
        s.enter_frame().await?;
        let count = "return own.windowMessages.length > 10_000";
        eventually(async || Ok(s.page.script::<bool>(count, vec![]).await?.then_some(()))).await?;
        ensure!(s.page.text().await? == text);
        ensure!(s.server.control().requests().len() == requests);
        s.generate_and_close("1 Hour").await?;

        s.leave_frame().await?;
        let answered: u32 = s.evaluate("answered").await?;
        ensure!(answered == 0, "{answered} strangers were answered");
        let events: Vec<Value> = s.evaluate("events.map(({ type }) => type)").await?;
        ensure!(
            events == ["session-changed", "ready", "token-generated"]
                || events == ["ready", "session-changed", "token-generated"],
            "{events:?}"
        );
        Ok(())
    })
}

/// Ten thousand messages to the frame's window: garbage, other versions, greetings without a port or
/// with two, proper greetings that come too late or from another window.
const FLOOD: &str = r#"void (() => {
    globalThis.answered = 0;
    const frame = panel().shadowRoot.querySelector("iframe").contentWindow;
    const stranger = document.createElement("iframe");
    document.body.append(stranger);
    const send = stranger.contentWindow.eval(
        "(frame, data, ports) => frame.postMessage(data, '*', ports)");
    const port = () => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => answered++;
        return port2;
    };
    const type = "dcd-token-manager/connect";
    const options = { type: "options", asksHost: false, authApi: null, contractNumber: "1",
        headingLevel: 1, lang: "de", theme: "dark" };
    const garbage = [null, undefined, 0, "", type, [], {}, { type }, { type, version: "1" },
        { type: [type], version: 1 }, { type, version: 2 }, { type, version: 1 }, options,
        { type: "sign-out" }, { type: "credential", id: 1, credential: { token: "x" } },
        new Error(type), new Map([["type", type]]), new Uint8Array(9)];
    for (let count = 0; count < 10_000; count++) {
        const data = garbage[count % garbage.length];
        switch (count % 5) {
            case 0: frame.postMessage(data, "*"); break;
            case 1: frame.postMessage(data, "*", [port()]); break;
            case 2: frame.postMessage({ type, version: 1 }, "*", [port(), port()]); break;
            case 3: frame.postMessage({ type, version: 1 }, "*", [port()]); break;
            case 4: send(frame, { type, version: 1 }, [port()]); break;
        }
    }
})()"#;

/// Greets a frame that nobody else greets, in every wrong way and then in the right one, and waits
/// for an answer on the last port.
const GREET: &str = r#"void (() => {
    globalThis.answers = [];
    const greet = (kind, data, { from = window, count = 1 } = {}) => {
        const ports = Array.from({ length: count }, () => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => answers.push([kind, data.type]);
            return port2;
        });
        from.eval("(frame, data, ports) => frame.postMessage(data, '*', ports)")(
            frames.app, data, ports);
    };
    const type = "dcd-token-manager/connect";
    const stranger = frames.stranger;
    greet("no type", { version: 1 });
    greet("other type", { type: "connect", version: 1 });
    greet("text", JSON.stringify({ type, version: 1 }));
    greet("no version", { type });
    greet("other version", { type, version: 2 });
    greet("version as text", { type, version: "1" });
    greet("two ports", { type, version: 1 }, { count: 2 });
    greet("another window", { type, version: 1 }, { from: stranger });
    greet("right", { type, version: 1 });
    greet("late", { type, version: 1 });
})()"#;

#[test]
fn only_the_first_proper_greeting_is_answered() -> Result<()> {
    scenario(async |s| {
        let host = Host::admitted(&s.server, Account::DEMO).await?;
        let frames = r#"<iframe name="app" src="https://tokens.example.com/frame.html"></iframe>
            <iframe name="stranger"></iframe>
            <script>addEventListener("load", () => { globalThis.loaded = true; })</script>"#;
        show(s, &host, frames).await?;
        s.holds("globalThis.loaded").await?;
        s.evaluate::<()>(GREET).await?;
        s.holds("answers.some(([, type]) => type === 'height')")
            .await?;
        let answered: Vec<String> = s.evaluate("answers.map(([kind]) => kind)").await?;
        ensure!(answered.iter().all(|kind| kind == "right"), "{answered:?}");
        Ok(())
    })
}

#[test]
fn malformed_messages_through_the_port_have_no_effect() -> Result<()> {
    scenario(async |s| {
        // A host could get hold of its own port; what it sends is checked all the same.
        let body = format!(
            "<script>
                globalThis.ports = [];
                globalThis.MessageChannel = class extends MessageChannel {{
                    constructor() {{
                        super();
                        ports.push(this.port1);
                    }}
                }};
            </script>{BY_HOST}"
        );
        let _host = framed(s, &body).await?;
        lists(s).await?;
        let requests = s.server.control().requests().len();
        let text = s.page.text().await?;
        s.leave_frame().await?;
        s.evaluate::<()>(
            r#"void (() => {
                const options = { asksHost: true, authApi: null, contractNumber: null,
                    headingLevel: 2, lang: "en", theme: null };
                const garbage = [null, undefined, 7, "refresh", [], {}, { type: 7 },
                    { type: "toString" }, { type: "__proto__" }, { type: "constructor" },
                    { type: "options" }, { type: "options", ...options, lang: null },
                    { type: "options", ...options, asksHost: "no" },
                    { type: "options", ...options, contractNumber: 7 },
                    { type: "credential", id: -1, credential: null },
                    { type: "credential", id: 99, credential: { token: "x" } },
                    { type: "credential", id: 1, credential: { token: 7 } },
                    { type: "view", start: "1", end: 1 }, { type: "view", start: -1, end: 1 },
                    { type: "event", name: "ready", detail: null }, new Error("x")];
                for (let count = 0; count < 10_000; count++)
                    ports[0].postMessage(garbage[count % garbage.length]);
            })()"#,
        )
        .await?;
        s.enter_frame().await?;
        ensure!(s.page.text().await? == text);
        s.generate_and_close("1 Hour").await?;
        let contracts = s.server.control().requests().split_off(requests);
        let ours = |request: &Received| request.contract_number.as_deref() == Some("31884391");
        ensure!(contracts.iter().all(ours), "{contracts:?}");
        Ok(())
    })
}

#[test]
fn the_frame_is_out_of_reach_and_may_do_no_more_than_it_must() -> Result<()> {
    scenario(async |s| {
        let _host = framed(s, BY_FORM).await?;
        s.leave_frame().await?;
        let frame = "panel().shadowRoot.querySelector('iframe')";
        s.holds(&format!("{frame}.contentDocument === null"))
            .await?;
        s.holds(&format!(
            "(() => {{
                try {{ return !{frame}.contentWindow.document; }}
                catch ({{ name }}) {{ return name === 'SecurityError'; }}
            }})()"
        ))
        .await?;
        s.holds(&format!("{frame}.title === 'Token Management'"))
            .await?;
        let sandbox: String = s.evaluate(&format!("{frame}.sandbox.value")).await?;
        for missing in ["allow-top-navigation", "allow-modals", "allow-pointer-lock"] {
            ensure!(!sandbox.contains(missing), "{sandbox}");
        }
        ensure!(s.evaluate::<String>(&format!("{frame}.allow")).await? == "clipboard-write");
        Ok(())
    })
}

#[test]
fn the_mode_changes_while_the_panel_runs() -> Result<()> {
    scenario(async |s| {
        let host = framed(s, BY_HOST).await?;
        lists(s).await?;
        s.leave_frame().await?;
        let set_mode = async |mode: &str| {
            s.evaluate::<()>(&format!("panel().setAttribute('mode', '{mode}')"))
                .await
        };
        set_mode("inline").await?;
        lists(s).await?;
        s.holds("!panel().shadowRoot.querySelector('iframe')")
            .await?;
        s.generate_and_close("1 Hour").await?;
        set_mode("frame").await?;
        s.enter_frame().await?;
        lists(s).await?;
        s.generate_and_close("1 Hour").await?;
        // Each panel has asked for itself: those credentials are listed, too.
        ensure!(host.received("/session/token").len() == 3);
        ensure!(s.server.token_ids(EMAIL)?.len() == 5);
        Ok(())
    })
}

#[test]
fn language_theme_and_heading_level_reach_into_the_frame() -> Result<()> {
    scenario(async |s| {
        let _host = framed(s, BY_HOST).await?;
        lists(s).await?;
        let looks = async || {
            let body = "const [title] = select('.title');
                return [title.tagName, document.documentElement.lang,
                    getComputedStyle(select('.dcd').at(-1)).colorScheme]";
            s.page.script::<Vec<String>>(body, vec![]).await
        };
        ensure!(looks().await?[..2] == ["H2", "en"]);
        s.leave_frame().await?;
        s.evaluate::<()>(
            "(() => {
                panel().lang = 'de-AT';
                panel().setAttribute('theme', 'dark');
                panel().setAttribute('heading-level', '4');
            })()",
        )
        .await?;
        s.holds("panel().shadowRoot.querySelector('iframe').title === 'Token-Verwaltung'")
            .await?;
        s.enter_frame().await?;
        s.page.says("von 100 Token").await?;
        let looks = looks().await?;
        ensure!(looks == ["H4", "de", "dark"], "{looks:?}");
        ensure!(s.server.received(Operation::List).len() == 1);
        Ok(())
    })
}

#[test]
fn the_frame_is_as_high_as_what_it_shows() -> Result<()> {
    scenario(async |s| {
        let _host = framed(s, BY_HOST).await?;
        lists(s).await?;
        let fits = async || {
            let height: f64 = s
                .page
                .script(
                    "return document.body.getBoundingClientRect().height",
                    vec![],
                )
                .await?;
            s.leave_frame().await?;
            let outer = "panel().shadowRoot.querySelector('iframe').clientHeight";
            s.holds(&format!("Math.abs({outer} - {height}) < 2"))
                .await?;
            s.enter_frame().await?;
            Ok::<f64, anyhow::Error>(height)
        };
        let few = fits().await?;
        s.server.control().add_tokens(EMAIL, 30)?;
        s.page.button("Refresh list").click().await?;
        s.page.says("31 of 100 tokens").await?;
        let many = fits().await?;
        ensure!(many > few + 500.0, "{few} became {many}");
        Ok(())
    })
}

#[test]
fn a_dialog_appears_where_the_user_is_looking_and_escape_reaches_the_page() -> Result<()> {
    scenario(async |s| {
        s.server.control().add_tokens(EMAIL, 40)?;
        let far_down = format!(
            "<div style='height: 3000px'></div>{BY_HOST}<div style='height: 3000px'></div>
            <script>
                globalThis.escapes = 0;
                addEventListener('keydown', ({{ key }}) => {{ if (key === 'Escape') escapes++; }});
            </script>"
        );
        let host = Host::admitted(&s.server, Account::DEMO).await?;
        show(s, &host, &far_down).await?;
        // Some browsers do not lay out what is far away.
        s.evaluate::<()>("void panel().scrollIntoView()").await?;
        s.enter_frame().await?;
        lists(s).await?;
        s.generate("1 Hour").await?;
        let is_seen = "
            const box = document.querySelector('dcd-token-manager').shadowRoot
                .querySelector('dialog[open]').getBoundingClientRect();
            return [box.top, box.bottom]";
        let [top, bottom]: [f64; 2] = s.page.script(is_seen, vec![]).await?;
        s.leave_frame().await?;
        s.holds(&format!(
            "(() => {{
                const {{ top }} = panel().shadowRoot.querySelector('iframe').getBoundingClientRect();
                return top + {top} >= 0 && top + {bottom} <= innerHeight;
            }})()"
        ))
        .await?;

        s.enter_frame().await?;
        s.page.press("Escape").await?;
        let guard = s.page.alert_dialog(e2e::CLOSE_GUARD);
        guard.button("Go back").appears().await?;
        s.page.focus_is_on("button", "Go back").await?;
        guard.button("Close anyway").click().await?;
        s.reveal().disappears().await?;
        s.page.focus_is_on("button", "Generate Token").await?;
        s.leave_frame().await?;
        ensure!(
            s.evaluate::<u32>("escapes").await? == 0,
            "the dialog's Escape went on"
        );
        s.enter_frame().await?;
        s.page.press("Escape").await?;
        s.leave_frame().await?;
        s.holds("escapes === 1").await
    })
}

#[test]
fn the_keyboard_goes_through_the_frame_and_on() -> Result<()> {
    scenario(async |s| {
        let body = format!("<button autofocus>Before</button>{BY_FORM}<button>After</button>");
        let _host = framed(s, &body).await?;
        s.leave_frame().await?;
        s.page.button("Before").focus().await?;
        s.page.press("Tab").await?;
        s.enter_frame().await?;
        s.page
            .focus_is_on("textbox", "Authentication token")
            .await?;
        s.tab_to("button", "Use e-mail and password").await?;
        s.page.press("Tab").await?;
        s.leave_frame().await?;
        s.page.focus_is_on("button", "After").await?;
        s.page.press("Shift+Tab").await?;
        s.enter_frame().await?;
        s.page
            .focus_is_on("button", "Use e-mail and password")
            .await
    })
}

#[test]
fn removing_the_frame_while_a_value_is_unsaved_is_told() -> Result<()> {
    scenario(async |s| {
        let _host = framed(s, BY_HOST).await?;
        lists(s).await?;
        let token = unsaved(s).await?;
        s.leave_frame().await?;
        s.holds("panel().hasUnsavedToken").await?;
        s.evaluate::<()>(
            "(() => {
                globalThis.told = [];
                const element = panel();
                element.addEventListener('failed', ({ detail }) => told.push(detail.code));
                element.remove();
            })()",
        )
        .await?;
        s.holds("heard('failed').length === 1").await?;
        let told: Value = s.evaluate("[told, heard('failed')]").await?;
        let code = "unsaved-token-discarded";
        ensure!(told == json!([[code], [{ "code": code }]]), "{told}");
        heard_no_value(s, &token).await
    })
}

#[test]
fn what_is_no_credential_is_none_in_the_frame_too_and_a_later_one_signs_in() -> Result<()> {
    scenario(async |s| {
        let answers = [
            "async () => null",
            "async () => { throw new Error('no'); }",
            "() => 7",
            "async () => ({ token: 7, email: 'demo@example.com' })",
            "async () => ({ token: () => {} })",
        ];
        let host = Host::admitted(&s.server, Account::DEMO).await?;
        for answer in answers {
            show(
                s,
                &host,
                &format!("{BY_FORM}<script>panel().getCredential = {answer}</script>"),
            )
            .await?;
            s.holds("JSON.stringify(heard('session-required')) === '[{\"reason\":\"initial\"}]'")
                .await?;
            s.enter_frame().await?;
            s.page.says("You are not signed in.").await?;
            s.leave_frame().await?;
        }
        ensure!(s.server.received(Operation::List).is_empty());
        s.evaluate::<()>("panel().getCredential = fetchCredential, null")
            .await?;
        s.enter_frame().await?;
        lists(s).await
    })
}

#[test]
fn a_host_that_sets_get_credential_late_takes_the_forms_place() -> Result<()> {
    scenario(async |s| {
        let host = framed(s, BY_FORM).await?;
        s.page.find("form", "Sign in").appears().await?;
        s.leave_frame().await?;
        s.evaluate::<()>("panel().getCredential = fetchCredential, null")
            .await?;
        s.enter_frame().await?;
        lists(s).await?;
        ensure!(host.received("/session/token").len() == 1);
        Ok(())
    })
}
