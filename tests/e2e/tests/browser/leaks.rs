//! The places of `leaks.md`: no piece of a token's value or of a credential is left in any of them.
//!
//! L19 is native and in `tests/redaction.rs`, L10 in Rust's own memory in `tests/wasm_memory.rs` too.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use e2e::{Account, Engine, Result, Scenario, Setup, Token, Traces, ensure, eventually, scenario};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What the searches in the page share: whether a text or something inside a value holds a piece.
const SEARCH: &str = "const pieces = new Set(arguments[0]);
    const holds = (text) => {
        for (let start = 0; start + 16 <= text.length; start++)
            if (pieces.has(text.slice(start, start + 16))) return true;
        return false;
    };";

/// Signs in with a token and makes another one by all that the window offers.
///
/// The value is read from the file, so that no script of the test has ever held it.
async fn story(s: &Scenario) -> Result<(String, Token)> {
    let credential = s.server.control().token(Account::DEMO.email, 3600)?;
    s.sign_in_with(&credential).await?;
    let token = saved(s).await?;
    Ok((credential, token))
}

/// Generates a token and saves it in every way; its window stays open, the value masked.
async fn saved(s: &Scenario) -> Result<Token> {
    s.generate("1 Hour").await?;
    s.page.button("Copy Token Value").click().await?;
    s.page.announces("copied").await?;
    s.page.button("Download Token Value").click().await?;
    let (_, content) = s.page.download().await?;
    s.page.button("Show Token Value").click().await?;
    s.page.button("Hide Token Value").click().await?;
    s.page.button("Show Token Value").appears().await?;
    Ok(Token {
        id: s.revealed_id().await?,
        value: String::from_utf8(content)?,
    })
}

async fn close(s: &Scenario) -> Result<()> {
    s.page.button("Close").click().await?;
    s.reveal().disappears().await
}

fn traces((credential, token): &(String, Token)) -> Traces {
    Traces::of([credential.as_str(), &token.value])
}

async fn search<T: DeserializeOwned>(s: &Scenario, traces: &Traces, body: &str) -> Result<T> {
    s.page
        .script(&format!("{SEARCH}\n{body}"), vec![traces.pieces()])
        .await
}

/// Where in the page pieces are: attributes, texts, values of fields and comments.
async fn places(s: &Scenario, traces: &Traces) -> Result<Vec<String>> {
    let body = "const found = [];
        const look = (node, path) => {
            const here = `${path}/${node.nodeName}`;
            for (const { name, value } of node.attributes ?? [])
                if (holds(value)) found.push(`${here}@${name}`);
            if (node.nodeType === Node.ELEMENT_NODE) {
                if (typeof node.value === 'string' && holds(node.value)) found.push(`${here}.value`);
                if (node.shadowRoot) look(node.shadowRoot, here);
            } else if (holds(node.data ?? '')) {
                const box = node.parentElement;
                found.push(box?.matches('[data-token-value]') ? 'the box' : here);
            }
            for (const child of node.childNodes) look(child, here);
        };
        look(document, '');
        return found";
    search(s, traces, body).await
}

#[test]
fn l01_no_address_title_or_history_holds_the_value() -> Result<()> {
    scenario(async |s| {
        let secrets = story(s).await?;
        let traces = traces(&secrets);
        let body = "return [location.href, JSON.stringify(history.state), document.title,
            document.referrer].filter(holds)";
        let open: Vec<String> = search(s, &traces, body).await?;
        close(s).await?;
        let closed: Vec<String> = search(s, &traces, body).await?;
        ensure!(open.is_empty() && closed.is_empty(), "{open:?} {closed:?}");
        for request in s.server.control().requests() {
            ensure!(request.referer.is_none(), "{request:?}");
            let address = format!("{}?{:?}", request.path, request.query);
            ensure!(!traces.are_in(address.as_bytes()), "{address}");
        }
        Ok(())
    })
}

#[test]
fn l02_no_storage_holds_the_value_and_its_keys_are_documented() -> Result<()> {
    scenario(async |s| {
        let secrets = story(s).await?;
        close(s).await?;
        let body = "const done = arguments[arguments.length - 1];
            (async () => ({
                local: Object.entries(localStorage),
                session: Object.entries(sessionStorage),
                databases: (await indexedDB.databases?.()) ?? [],
                caches: await caches.keys(),
                cookies: document.cookie,
            }))().then(done, (error) => done(String(error)))";
        let stored: Value = s.page.asynchronous(body, vec![]).await?;
        ensure!(
            !traces(&secrets).are_in(stored.to_string().as_bytes()),
            "{stored}"
        );
        for kind in ["databases", "caches"] {
            ensure!(
                stored[kind].as_array().is_some_and(Vec::is_empty),
                "{stored}"
            );
        }
        ensure!(
            stored["cookies"] == "" && stored["session"] == serde_json::json!([]),
            "{stored}"
        );
        let entries = stored["local"].as_array().into_iter().flatten();
        let documented = ["dcd-token-manager.ttl", "dcd-token-manager.names."];
        for key in entries.filter_map(|entry| entry[0].as_str()) {
            ensure!(
                documented.iter().any(|start| key.starts_with(start)),
                "{key}"
            );
        }
        Ok(())
    })
}

#[test]
fn l03_nothing_is_left_in_the_browsers_profile() -> Result<()> {
    let told = async |s: &Scenario| {
        let secrets = story(s).await?;
        close(s).await?;
        Ok(secrets)
    };
    Setup::default().run_then(told, |folder, secrets| {
        let traces = traces(&secrets);
        let mut found = traces.in_folder(folder)?;
        let downloads = folder.join("downloads");
        let all = found.len();
        found.retain(|path| !path.starts_with(&downloads));
        ensure!(all > found.len(), "the search does not find the download");
        ensure!(found.is_empty(), "{found:?}");
        Ok(())
    })
}

#[test]
fn l04_nothing_is_told_to_the_console_even_in_a_crash() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        s.server.prepend_to_app(
            "window.heard = []; for (const type of ['error', 'unhandledrejection'])
             addEventListener(type, (event) => heard.push(String(event.message), String(event.reason),
             String((event.error ?? event.reason)?.stack)));",
        )?;
        s.server.prepend_to_app(KEEP_EXPORTS)?;
        let secrets = story(s).await?;
        s.page.button("Show Token Value").click().await?;
        s.page.button("Hide Token Value").appears().await?;
        s.page.script::<()>("setTimeout(own.crash)", vec![]).await?;
        s.page.says("The token manager has stopped").await?;
        let traces = traces(&secrets);
        ensure!(places(s, &traces).await?.is_empty(), "the page holds it after the crash");
        let heard: Vec<String> = s.page.script("return own.heard", vec![]).await?;
        ensure!(!heard.is_empty(), "the crash was not heard");
        let told = format!("{heard:?} {} {:?}", s.browser.console().await?, s.server.violations());
        ensure!(!traces.are_in(told.as_bytes()), "{told}");
        Ok(())
    })
}

/// Keeps what the wasm exports, which the app hands to nobody, and offers to make it trap: by calls
/// with addresses that it does not have.
pub(crate) const KEEP_EXPORTS: &str = "{ const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...given) => {
        const result = await instantiate(...given);
        window.exported = Object.values((result.instance ?? result).exports);
        window.memory = exported.find((item) => item instanceof WebAssembly.Memory);
        return result;
    };
    window.crash = () => {
        for (const call of exported) {
            try {
                if (typeof call === 'function') call(2 ** 31, 64, 4, 64);
            } catch (error) {
                if (error instanceof WebAssembly.RuntimeError) throw error;
            }
        }
    }; }";

#[test]
fn l05_only_the_authorization_header_carries_a_secret() -> Result<()> {
    let mut setup = Setup::default();
    setup.browser.network_log = true;
    setup.run(async |s| {
        let secrets = story(s).await?;
        close(s).await?;
        s.page.button("Refresh list").click().await?;
        let body = "return performance.getEntriesByType('resource').map(({ name }) => name)";
        let loaded: Vec<String> = s.page.script(body, vec![]).await?;
        ensure!(
            loaded.iter().all(|url| url.starts_with(s.server.origin())),
            "{loaded:?}"
        );
        if s.page.engine() != Engine::Chromium {
            return Ok(());
        }
        let traces = traces(&secrets);
        let mut authorized = 0;
        for mut request in s.browser.requests().await? {
            for path in ["/headers", "/request/headers"] {
                let headers = request.pointer_mut(path).and_then(Value::as_object_mut);
                for (_, value) in headers
                    .into_iter()
                    .flatten()
                    .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
                {
                    authorized += u32::from(traces.are_in(value.take().to_string().as_bytes()));
                }
            }
            ensure!(!traces.are_in(request.to_string().as_bytes()), "{request}");
        }
        ensure!(authorized > 0, "the search does not find the header");
        Ok(())
    })
}

#[test]
fn l06_the_page_holds_the_value_only_while_it_is_shown() -> Result<()> {
    scenario(async |s| {
        let secrets = story(s).await?;
        let traces = traces(&secrets);
        ensure!(
            places(s, &traces).await?.is_empty(),
            "masked: {:?}",
            places(s, &traces).await?
        );
        s.page.button("Show Token Value").click().await?;
        s.page.button("Hide Token Value").appears().await?;
        let shown = places(s, &traces).await?;
        ensure!(shown == ["the box"], "shown: {shown:?}");
        s.page.button("Hide Token Value").click().await?;
        s.page.button("Show Token Value").appears().await?;
        ensure!(places(s, &traces).await?.is_empty(), "masked again");
        close(s).await?;
        ensure!(places(s, &traces).await?.is_empty(), "closed");
        Ok(())
    })
}

#[test]
fn l07_assistive_technology_does_not_hear_a_masked_value() -> Result<()> {
    scenario(async |s| {
        let secrets = story(s).await?;
        let traces = traces(&secrets);
        let mut heard = s.page.announcements().await?;
        for element in s.reveal().every("button").all().await? {
            heard.push(s.page.computed(&element).await?.name);
        }
        let dialog = s.reveal().get().await?;
        heard.push(s.page.computed(&dialog).await?.name);
        ensure!(
            heard.len() > 5 && !traces.are_in(heard.join("\n").as_bytes()),
            "{heard:?}"
        );
        if s.page.engine() == Engine::Chromium {
            let masked = s.browser.accessibility().await?;
            ensure!(
                masked.contains("Token Value"),
                "the tree does not hold the window"
            );
            ensure!(
                !traces.are_in(masked.as_bytes()),
                "the tree holds the value"
            );
            s.page.button("Show Token Value").click().await?;
            s.page.button("Hide Token Value").appears().await?;
            let shown = s.browser.accessibility().await?;
            ensure!(
                traces.are_in(shown.as_bytes()),
                "the search does not find what is shown"
            );
        }
        Ok(())
    })
}

#[test]
fn l08_the_value_is_no_form_data_and_is_not_translated() -> Result<()> {
    scenario(async |s| {
        story(s).await?;
        s.page.button("Show Token Value").click().await?;
        s.page.button("Hide Token Value").appears().await?;
        let body = "const box = select('[data-token-value]')[0];
            return [box.closest('form, input, textarea, [contenteditable]') === null,
                box.translate === false, box.getAttribute('data-token-value') === '']";
        let kept: [bool; 3] = s.page.script(body, vec![]).await?;
        ensure!(
            kept == [true; 3],
            "no form, no translation, no attribute: {kept:?}"
        );
        Ok(())
    })
}

#[test]
fn l09_no_foreign_script_runs() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        let attempts = r#"const attempts = {
                inline() {
                    const script = document.createElement('script');
                    script.append('window.ran = "inline"');
                    document.body.append(script);
                },
                source() {
                    const script = document.createElement('script');
                    script.setAttribute('src', 'data:text/javascript,window.ran = "source"');
                    document.body.append(script);
                },
                handler() {
                    const button = document.createElement('button');
                    button.setAttribute('onclick', 'window.ran = "handler"');
                    document.body.append(button);
                    button.click();
                },
                markup() {
                    const box = document.createElement('div');
                    document.body.append(box);
                    box.innerHTML = '<button onclick="window.ran = \'markup\'">';
                    box.firstChild.click();
                },
            };
            delete own.ran;
            try { attempts[arguments[0]](); } catch {}"#;
        let names = ["inline", "source", "handler", "markup"];
        let ran = async |name: &str| -> Result<Value> {
            s.page.script::<()>(attempts, vec![name.into()]).await?;
            s.page.script("return own.ran ?? null", vec![]).await
        };
        // Where nothing forbids it, each of them runs.
        s.page.open("data:text/html,<p>Elsewhere").await?;
        for name in names {
            eventually(async || Ok((ran(name).await? == name).then_some(()))).await?;
        }
        s.open().await?;
        for name in names {
            let reports = s.server.violations().len();
            let result = ran(name).await?;
            ensure!(result.is_null(), "{result} ran");
            eventually(async || Ok((s.server.violations().len() > reports).then_some(()))).await?;
            let result: Value = s.page.script("return own.ran ?? null", vec![]).await?;
            ensure!(result.is_null(), "{result} ran");
        }
        s.page.find("form", "Sign in").appears().await
    })
}

#[test]
fn l10_the_memory_of_the_wasm_holds_no_secret() -> Result<()> {
    Setup::default().run(async |s| {
        s.server.prepend_to_app(KEEP_EXPORTS)?;
        let secrets = story(s).await?;
        let open = in_memory(s, &traces(&secrets)).await?;
        close(s).await?;
        let closed = in_memory(s, &traces(&secrets)).await?;
        // Rust knows the ID, so the search has to find it.
        let id = in_memory(s, &Traces::of([format!(".{}", secrets.1.id).as_str()])).await?;
        ensure!(id, "the search does not find what is there");
        ensure!(!open && !closed, "open: {open}, closed: {closed}");
        Ok(())
    })
}

async fn in_memory(s: &Scenario, traces: &Traces) -> Result<bool> {
    let body = "const bytes = new Uint8Array(own.memory.buffer);
        const starts = new Map();
        for (const piece of pieces) {
            const start = piece.charCodeAt(0) | (piece.charCodeAt(1) << 8) | (piece.charCodeAt(2) << 16);
            starts.set(start, [...(starts.get(start) ?? []), piece]);
        }
        for (let place = 0; place + 16 <= bytes.length; place++) {
            const start = bytes[place] | (bytes[place + 1] << 8) | (bytes[place + 2] << 16);
            const candidates = starts.get(start);
            if (!candidates) continue;
            const here = String.fromCharCode(...bytes.subarray(place, place + 16));
            if (candidates.includes(here)) return true;
        }
        return false";
    search(s, traces, body).await
}

#[test]
fn l11_the_heap_holds_no_secret_after_closing_and_signing_out() -> Result<()> {
    scenario(async |s| {
        let Account {
            email, password, ..
        } = Account::DEMO;
        let credential = BASE64_STANDARD.encode(format!("{email}:{password}"));
        let credential = Traces::of([credential.as_str()]);
        s.sign_in(Account::DEMO).await?;
        let value = saved(s).await?.value;
        let value = Traces::of([value.as_str()]);
        let heap = s.browser.heap().await?;
        let both = value.are_in(heap.as_bytes()) && credential.are_in(heap.as_bytes());
        ensure!(both, "the search does not find what is there");
        close(s).await?;
        ensure!(
            !value.are_in(s.browser.heap().await?.as_bytes()),
            "the value, after closing"
        );
        s.page.button("Sign out").click().await?;
        s.page.find("form", "Sign in").appears().await?;
        let heap = s.browser.heap().await?;
        ensure!(
            !value.are_in(heap.as_bytes()),
            "the value, after signing out"
        );
        ensure!(
            !credential.are_in(heap.as_bytes()),
            "the credential, after signing out"
        );
        Ok(())
    })
}

#[test]
fn l12_the_clipboard_is_written_on_request_only_and_never_read() -> Result<()> {
    scenario(async |s| {
        let count = "window.used = [];
            window.timers = [];
            {
                const { setTimeout } = window;
                window.setTimeout = (call, ...given) => {
                    // Those of the page's scripts, besides this one: drivers set some of their own.
                    if (Error().stack.split('/assets/').length > 2) timers.push(call);
                    return setTimeout(call, ...given);
                };
            }
            for (const name of ['read', 'readText', 'write', 'writeText']) {
                const own = Clipboard.prototype[name];
                if (own) Clipboard.prototype[name] = function (...given) {
                    used.push(name);
                    return own.apply(this, given);
                };
            }
            const { execCommand } = Document.prototype;
            Document.prototype.execCommand = function (name, ...given) {
                used.push(name);
                return execCommand.call(this, name, ...given);
            }";
        s.server.prepend_to_app(count)?;
        s.sign_in(Account::DEMO).await?;
        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        let used: Vec<String> = s.page.script("return own.used", vec![]).await?;
        ensure!(used.is_empty(), "before a request: {used:?}");
        s.page.button("Copy Token Value").click().await?;
        s.page.announces("copied").await?;
        close(s).await?;
        s.page.button("Sign out").click().await?;
        s.page.find("form", "Sign in").appears().await?;
        // Whatever was to happen later happens now.
        let later = "own.timers.forEach((call) => call()); return own.used";
        let used: Vec<String> = s.page.script(later, vec![]).await?;
        ensure!(used == ["writeText"], "{used:?}");
        ensure!(
            s.page.clipboard().await? == token.value,
            "the user's copy is gone"
        );
        Ok(())
    })
}

#[test]
fn l13_a_page_that_was_left_comes_back_without_the_value() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        s.page.open("data:text/html,<p>Elsewhere").await?;
        s.page.driver().back().await?;
        let traces = Traces::of([token.value.as_str()]);
        if s.page.engine() == Engine::Firefox {
            // It keeps no page that asks before it is left, as this one does with an unsaved value.
            s.page.find("form", "Sign in").appears().await?;
            ensure!(places(s, &traces).await?.is_empty(), "the page holds it");
            return Ok(());
        }
        // The others keep the page as it was, as `capabilities.rs` tells.
        s.page
            .says("The Token Value was removed because you left this page")
            .await?;
        s.page.says(&token.id).await?;
        ensure!(
            places(s, &traces).await?.is_empty(),
            "the page still holds it"
        );
        s.page.button("Close").click().await?;
        s.is_signed_in().await
    })
}

#[test]
fn l14_there_is_no_service_worker() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let body = "const done = arguments[0];
            const workers = navigator.serviceWorker?.getRegistrations() ?? Promise.resolve([]);
            workers.then(({ length }) => done(length), (error) => done(String(error)))";
        let workers: Value = s.page.asynchronous(body, vec![]).await?;
        ensure!(workers == 0, "{workers}");
        Ok(())
    })
}

#[test]
fn l15_a_hidden_tab_masks_the_value() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        let hide = "for (const [name, value] of [['hidden', true], ['visibilityState', 'hidden']])
                Object.defineProperty(document, name, { value, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));";
        s.page.script::<()>(hide, vec![]).await?;
        s.page.button("Show Token Value").appears().await?;
        let traces = Traces::of([token.value.as_str()]);
        ensure!(places(s, &traces).await?.is_empty(), "it is not masked");
        let show = "delete document.hidden; delete document.visibilityState;
            document.dispatchEvent(new Event('visibilitychange'))";
        s.page.script::<()>(show, vec![]).await?;
        ensure!(places(s, &traces).await?.is_empty(), "it is shown unasked");
        ensure!(s.read_value().await? == token);
        Ok(())
    })
}

#[test]
fn l16_the_address_of_the_download_is_revoked() -> Result<()> {
    scenario(async |s| {
        let count = "window.made = []; window.revoked = [];
            const { createObjectURL, revokeObjectURL } = URL;
            URL.createObjectURL = (blob) => {
                const url = createObjectURL.call(URL, blob);
                made.push(url);
                return url;
            };
            URL.revokeObjectURL = (url) => {
                revoked.push(url);
                revokeObjectURL.call(URL, url);
            }";
        s.server.prepend_to_app(count)?;
        s.sign_in(Account::DEMO).await?;
        s.generate("1 Hour").await?;
        s.page.button("Download Token Value").click().await?;
        s.page.download().await?;
        close(s).await?;
        eventually(async || {
            let body = "return [own.made, own.revoked]";
            let (made, revoked): (Vec<String>, Vec<String>) = s.page.script(body, vec![]).await?;
            ensure!(!made.is_empty(), "the download has no address");
            Ok((made == revoked).then_some(()))
        })
        .await
    })
}

#[test]
fn l17_nothing_reachable_from_window_leads_to_the_value() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        s.server.prepend_to_app(include_str!("reach.js"))?;
        let secrets = story(s).await?;
        let body = "return own.reach(JSON.stringify(arguments[0]))";
        let pieces = traces(&secrets).pieces();
        let found: Vec<String> = s.page.script(body, vec![pieces]).await?;
        let (canary, others): (Vec<_>, Vec<_>) = found
            .iter()
            .partition(|path| path.starts_with("window.canary"));
        ensure!(!canary.is_empty(), "the search finds nothing");
        ensure!(others.is_empty(), "{others:?}");
        Ok(())
    })
}

#[test]
fn l18_no_message_and_no_event_carries_the_value() -> Result<()> {
    scenario(async |s| {
        let listen = "window.sent = [];
            for (const { prototype } of [BroadcastChannel, MessagePort, Worker]) {
                const { postMessage } = prototype;
                prototype.postMessage = function (message, ...given) {
                    sent.push(['message', JSON.stringify(message)]);
                    return postMessage.call(this, message, ...given);
                };
            }
            const { dispatchEvent } = EventTarget.prototype;
            EventTarget.prototype.dispatchEvent = function (event) {
                sent.push([event.type, JSON.stringify(event.detail ?? null)]);
                return dispatchEvent.call(this, event);
            };
            addEventListener('message', ({ data }) => sent.push(['window', JSON.stringify(data)]))";
        s.server.prepend_to_app(listen)?;
        let (credential, token) = story(s).await?;
        close(s).await?;
        let sent: Vec<(String, String)> = s.page.script("return own.sent", vec![]).await?;
        let generated = sent
            .iter()
            .any(|(kind, detail)| kind == "token-generated" && detail.contains(&token.id));
        ensure!(generated, "the host does not hear of the token: {sent:?}");
        let traces = Traces::of([credential.as_str(), &token.value]);
        ensure!(!traces.are_in(format!("{sent:?}").as_bytes()), "{sent:?}");
        Ok(())
    })
}
