//! What surrounds the page: the network, the browser, the files it is made of, and its host.

use std::fs;
use std::slice;
use std::time::{Duration, Instant};

use anyhow::Context;
use auth_api::{Fault, Operation};
use e2e::server::Server;
use e2e::{Account, CLOSE_GUARD, Engine, Result, Scenario, Setup, ensure, eventually, scenario};
use serde_json::{Value, json};

use super::super::leaks::KEEP_EXPORTS;
use super::{EMAIL, VALUE_LOST, ask_for_token, asked, cross_origin, listed, set_offline};

const OFFLINE: &str = "You are offline.";

#[test]
fn f29_without_a_network_nothing_is_queued_and_the_list_comes_back_with_it() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        s.open().await?;
        set_offline(s, true).await?;
        s.fill_in(Account::DEMO).await?;
        s.page.says(OFFLINE).await?;
        set_offline(s, false).await?;
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;
        s.rest_is_there().await?;

        set_offline(s, true).await?;
        ask_for_token(s).await?;
        s.page.announces(OFFLINE).await?;
        s.page
            .announces("It is not known yet whether the last request created a token.")
            .await?;
        s.page.button("Generate Token").is_disabled().await?;
        s.server.control().token(EMAIL, 3600)?;
        set_offline(s, false).await?;
        // Somebody else has made it: better a warning too many than an unknown token.
        s.page.announces(VALUE_LOST).await?;
        s.page.says("1 of 100 tokens").await?;
        ensure!(asked(s) == 0, "a request for a token was kept for later");
        Ok(())
    })
}

#[test]
fn f29_before_all_of_the_app_is_loaded_the_list_stays_and_says_so() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        let file = s.server.file("assets/rest-*.bin")?;
        let away = file.with_extension("away");
        fs::rename(&file, &away)?;
        s.sign_in(Account::DEMO).await?;
        set_offline(s, true).await?;
        ask_for_token(s).await?;
        s.page.announces(OFFLINE).await?;
        s.page.says("0 of 100 tokens").await?;
        ensure!(asked(s) == 0);

        fs::rename(&away, &file)?;
        set_offline(s, false).await?;
        s.generate_and_close("1 Day").await?;
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f30_a_page_that_comes_back_has_no_value_and_asks_again() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        let before = listed(s);
        let leave = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))";
        s.page.script::<()>(leave, vec![]).await?;
        s.page
            .says("The Token Value was removed because you left this page")
            .await?;
        s.page.says(&token.id).await?;
        let back = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
        s.page.script::<()>(back, vec![]).await?;
        eventually(async || Ok((listed(s) > before).then_some(()))).await?;
        ensure!(s.shown_value().await?.is_none(), "the value is back");
        Ok(())
    })
}

#[test]
fn f30_after_a_sleep_the_list_is_asked_for_again() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.server.control().token(EMAIL, 3600)?;
        let wake = "const { Date } = own, later = Date.now() + 10 * 60 * 1000;
            Date.now = () => later;
            document.dispatchEvent(new Event('visibilitychange'))";
        s.page.script::<()>(wake, vec![]).await?;
        s.page.says("1 of 100 tokens").await
    })
}

/// Lets the browser take the module as a file of another type.
const WRONG_TYPE: &str = "{ const { fetch } = globalThis;
    globalThis.fetch = (url, ...given) =>
        fetch(String(url).replace(/[.]wasm$/, '.bin'), ...given); }";

fn alter_module(server: &Server, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Result<()> {
    server.alter("assets/*.wasm", change)
}

fn remove_module(server: &Server) -> Result<()> {
    server.remove("assets/*.wasm")
}

fn cut_module(server: &Server) -> Result<()> {
    alter_module(server, |mut module| {
        module.truncate(module.len() / 2);
        module
    })
}

fn change_module(server: &Server) -> Result<()> {
    alter_module(server, |mut module| {
        // An empty custom section: a module as valid as before.
        module.extend([0, 1, 0]);
        module
    })
}

fn give_module_another_type(server: &Server) -> Result<()> {
    let module = server.file("assets/*.wasm")?;
    fs::copy(&module, module.with_extension("bin"))?;
    server.prepend_to_app(WRONG_TYPE)
}

fn forbid_modules(server: &Server) -> Result<()> {
    for name in ["index.html", "_headers"] {
        server.alter(name, |text| {
            let text = String::from_utf8_lossy(&text);
            text.replace(" 'wasm-unsafe-eval'", "").into_bytes()
        })?;
    }
    Ok(())
}

/// Opens a page whose files are not as they were built.
async fn open_damaged(s: &Scenario, damage: impl FnOnce(&Server) -> Result<()>) -> Result<Server> {
    let server = Server::start(Setup::default().server).await?;
    damage(&server)?;
    s.page.open(server.url()).await?;
    Ok(server)
}

#[test]
fn f31_a_module_that_cannot_run_leaves_an_error_and_a_reload() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        let damages = [
            remove_module,
            cut_module,
            change_module,
            give_module_another_type,
            forbid_modules,
        ];
        for damage in damages {
            let start = Instant::now();
            let _server = open_damaged(s, damage).await?;
            s.page
                .announces("The token manager could not be loaded")
                .await?;
            let taken = start.elapsed();
            ensure!(taken < Duration::from_secs(5), "after {taken:?}");
            s.page.button("Reload").appears().await?;
            ensure!(s.page.find("form", "Sign in").count().await? == 0);
        }
        Ok(())
    })
}

#[test]
fn f31_what_a_cache_has_kept_damaged_is_fetched_anew() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        let file = s.server.file("assets/*.wasm")?;
        let module = fs::read(&file)?;
        change_module(&s.server)?;
        s.page.open(s.server.url()).await?;
        s.page
            .announces("The token manager could not be loaded")
            .await?;
        fs::write(&file, module)?;
        s.page.button("Reload").click().await?;
        s.page.find("form", "Sign in").appears().await
    })
}

#[test]
fn f31_a_script_that_was_changed_leaves_a_static_error_and_a_reload() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        let change = |server: &Server| {
            server.alter("assets/app-*.js", |script| [&script[..], b"\n;"].concat())
        };
        let remove = |server: &Server| server.remove("assets/app-*.js");
        let changed = open_damaged(s, change).await?;
        s.page.says("The token manager has not started").await?;
        s.page.link("Reload").appears().await?;
        drop(changed);
        let _removed = open_damaged(s, remove).await?;
        s.page.says("The token manager has not started").await?;
        s.page.link("Reload").click().await?;
        s.page.says("The token manager has not started").await
    })
}

#[test]
fn f32_without_javascript_a_static_text_says_so() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        // In a sandbox, browsers treat a page as if scripts were switched off.
        s.server.alter("_headers", |headers| {
            let headers = String::from_utf8_lossy(&headers);
            let policy = "Content-Security-Policy: ";
            let sandbox = format!("{policy}sandbox allow-same-origin; ");
            headers.replace(policy, &sandbox).into_bytes()
        })?;
        s.page.open(s.server.url()).await?;
        s.page.says("JavaScript is switched off").await?;
        s.page.says("Allow both for this page and reload it.").await
    })
}

#[test]
fn f32_without_webassembly_an_error_and_a_reload_are_left() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        s.server.prepend_to_app("delete globalThis.WebAssembly;")?;
        s.page.open(s.server.url()).await?;
        s.page
            .announces("The token manager could not be loaded")
            .await?;
        s.page.button("Reload").appears().await
    })
}

#[test]
fn f33_the_page_works_in_a_browser_that_refuses_everything_else() -> Result<()> {
    scenario(async |s| {
        s.server.prepend_to_app(
            "{ const refuse = () => { throw new DOMException('refused', 'SecurityError'); };
               for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
                   Object.defineProperty(globalThis, name, { get: refuse });
               for (const name of ['locks', 'clipboard'])
                   Object.defineProperty(navigator, name, { get: refuse });
               globalThis.BroadcastChannel = class { constructor() { refuse(); } }; }",
        )?;
        s.sign_in(Account::DEMO).await?;
        let token = s.generate_and_close("1 Day").await?;
        ensure!(s.server.token_ids(EMAIL)? == slice::from_ref(&token.id));
        ensure!(asked(s) == 1);
        s.page
            .button(&format!("Delete token {}", token.id))
            .click()
            .await?;
        let question = s.page.alert_dialog("Delete token");
        question.button("Delete").click().await?;
        s.page
            .announces(&format!("Token {} deleted", token.id))
            .await
    })
}

/// Lets the browser refuse the clipboard, or have none.
const NO_CLIPBOARD: [&str; 2] = [
    "Clipboard.prototype.writeText = async () => {
        throw new DOMException('refused', 'NotAllowedError');
    };
    Document.prototype.execCommand = () => false",
    "Object.defineProperty(navigator, 'clipboard', { value: undefined });
    Document.prototype.execCommand = () => { throw new DOMException('refused'); }",
];

/// The selected text, which in Chromium is the shadow root's to tell.
const SELECTED: &str = "const { shadowRoot } = document.querySelector('dcd-token-manager');
    return String(shadowRoot.getSelection?.() ?? getSelection()).trim()";

#[test]
fn f34_without_a_clipboard_the_failure_is_said_and_the_text_is_selected() -> Result<()> {
    for refusal in NO_CLIPBOARD {
        scenario(async |s| {
            s.server.prepend_to_app(&format!("{refusal};"))?;
            s.sign_in(Account::DEMO).await?;
            s.generate("1 Hour").await?;
            let copy = async |name: &str| {
                s.page.button(name).click().await?;
                s.page
                    .announces("Your browser did not allow copying.")
                    .await
            };
            let is_selected = async |text: &str| {
                eventually(async || {
                    let selected: String = s.page.script(SELECTED, vec![]).await?;
                    Ok((selected == text).then_some(()))
                })
                .await
            };
            copy("Copy Token ID").await?;
            is_selected(&s.revealed_id().await?).await?;
            // The value has to be seen to be selected.
            copy("Copy Token Value").await?;
            is_selected(&s.read_value().await?.value).await?;
            s.page.button("Close").click().await?;
            s.page.alert_dialog(CLOSE_GUARD).appears().await
        })?;
    }
    Ok(())
}

#[test]
fn f35_a_download_that_is_blocked_is_told_and_copying_works() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        s.generate("1 Hour").await?;
        let block =
            "own.URL.createObjectURL = () => { throw new DOMException('', 'SecurityError'); }";
        s.page.script::<()>(block, vec![]).await?;
        s.page.button("Download Token Value").click().await?;
        s.page
            .announces("Your browser did not allow the download. Copy the Token Value instead.")
            .await?;
        s.page.button("Copy Token Value").click().await?;
        s.page.announces("Token Value copied").await?;
        let token = s.read_value().await?;
        ensure!(s.page.clipboard().await? == token.value);
        Ok(())
    })
}

const OUT_OF_REACH: &str = "The Auth API can't be reached from this page.";

#[test]
fn f36_a_refused_preflight_is_no_wrong_password() -> Result<()> {
    cross_origin().run(async |s| {
        let refuse = Fault::default().without_cors().on(Operation::Preflight);
        s.server.fail([refuse.always()])?;
        s.open().await?;
        s.fill_in(Account::DEMO).await?;
        s.page.says(OUT_OF_REACH).await?;
        s.page
            .says("the API may not allow requests from this address")
            .await?;
        let text = s.page.text().await?;
        ensure!(
            !text.contains("does not accept these credentials"),
            "{text}"
        );
        ensure!(listed(s) == 0, "the request itself was sent");
        Ok(())
    })
}

/// Opens a page whose API is at `address`, and tries to sign in.
async fn sign_in_at(s: &Scenario, address: &str, tls: bool) -> Result<()> {
    let mut options = Setup::config(json!({ "authApiUrl": address })).server;
    options.connect_src = vec![address.to_owned()];
    options.tls = tls;
    let server = Server::start(options).await?;
    s.page.open(server.url()).await?;
    s.page.find("form", "Sign in").appears().await?;
    s.fill_in(Account::DEMO).await?;
    s.page.says(OUT_OF_REACH).await
}

#[test]
fn f37_tls_and_dns_failures_are_one_network_message() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        // The server speaks no TLS.
        let no_tls = s.server.origin().replace("http://", "https://");
        sign_in_at(s, &format!("{no_tls}/auth/v1"), false).await?;
        sign_in_at(s, "http://no-such-host.invalid/auth/v1", false).await
    })
}

#[test]
fn f37_mixed_content_is_a_network_message() -> Result<()> {
    let mut setup = Setup::default().tolerant();
    setup.browser.trusting = true;
    setup.run(async |s| sign_in_at(s, "http://no-such-host.invalid/auth/v1", true).await)
}

#[test]
fn f38_a_new_release_is_told_once_and_loaded_on_request() -> Result<()> {
    const NEWS: &str = "There is a new version of this page.";
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let look = "document.dispatchEvent(new Event('visibilitychange'))";
        s.page.script::<()>("own.same = true", vec![]).await?;

        let script = s.server.file("assets/app-*.js")?;
        let name = script.file_name().unwrap_or_default().to_string_lossy();
        fs::copy(&script, script.with_file_name("app-next.js"))?;
        s.server.alter("index.html", |page| {
            let page = String::from_utf8_lossy(&page);
            page.replace(&*name, "app-next.js").into_bytes()
        })?;
        s.page.script::<()>(look, vec![]).await?;
        s.page.announces(NEWS).await?;
        let same: bool = s.page.script("return own.same", vec![]).await?;
        ensure!(same, "the page has loaded itself");
        s.page.button("Sign out").appears().await?;

        s.page.button("Reload").click().await?;
        s.page.find("form", "Sign in").appears().await?;
        s.page.script::<()>(look, vec![]).await?;
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;
        ensure!(!s.page.text().await?.contains(NEWS), "it is told again");
        Ok(())
    })
}

/// What Chromium still holds of the page after a garbage collection: nodes and listeners.
async fn held(s: &Scenario) -> Result<Option<[u64; 2]>> {
    if s.page.engine() != Engine::Chromium {
        return Ok(None);
    }
    let cdp = s.page.driver().cdp();
    // The driver's console holds the elements that its messages are about.
    for clear in [
        "Runtime.discardConsoleEntries",
        "HeapProfiler.collectGarbage",
    ] {
        cdp.send_raw(clear, json!({})).await?;
    }
    let counters = cdp.send_raw("Memory.getDOMCounters", json!({})).await?;
    let count = |name: &str| counters[name].as_u64().context("no counter");
    Ok(Some([count("nodes")?, count("jsEventListeners")?]))
}

/// Takes the element out of the page and puts it back, so many times.
async fn remove_and_add(s: &Scenario, times: u32) -> Result<()> {
    let body = "const [times, done] = arguments;
        const element = document.querySelector('dcd-token-manager');
        const main = element.parentElement;
        (async () => {
            for (let count = 0; count < times; count++) {
                element.remove();
                await new Promise((resolve) => setTimeout(resolve));
                main.append(element);
                await new Promise((resolve) => setTimeout(resolve));
            }
        })().then(() => done(null), (error) => done(String(error)))";
    let error: Value = s.page.asynchronous(body, vec![times.into()]).await?;
    ensure!(error.is_null(), "{error}");
    s.page.find("form", "Sign in").appears().await
}

#[test]
fn f39_a_host_that_removes_and_adds_the_element_makes_no_request_and_no_leak() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let slow = Fault::hold(Duration::from_secs(3));
        s.server.fail([slow.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        eventually(async || Ok((asked(s) == 1).then_some(()))).await?;
        remove_and_add(s, 10).await?;
        let before = held(s).await?;
        remove_and_add(s, 100).await?;
        if let Some([nodes, listeners]) = before {
            // A panel and no more, and not at once: the browser collects what is gone in several turns.
            eventually(async || {
                let held = held(s).await?;
                let same = held.is_some_and(|[more_nodes, more_listeners]| {
                    more_nodes < nodes + 100 && more_listeners < listeners + 10
                });
                Ok(same.then_some(()))
            })
            .await
            .with_context(|| {
                format!("more than {nodes} nodes or {listeners} listeners are left")
            })?;
        }
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await?;
        s.page.announces(VALUE_LOST).await?;
        ensure!(asked(s) == 1, "asked {} times", asked(s));
        Ok(())
    })
}

#[test]
fn f39_an_element_that_is_only_moved_keeps_its_request() -> Result<()> {
    scenario(async |s| {
        s.sign_in(Account::DEMO).await?;
        let slow = Fault::hold(Duration::from_secs(1));
        s.server.fail([slow.on(Operation::Generate)])?;
        ask_for_token(s).await?;
        // In a task of its own: WebKit's driver runs promises amid its scripts.
        let move_it = "const element = document.querySelector('dcd-token-manager');
            const main = element.parentElement;
            setTimeout(() => {
                for (let count = 0; count < 100; count++) {
                    element.remove();
                    main.append(element);
                }
                own.moved = true;
            });";
        s.page.script::<()>(move_it, vec![]).await?;
        eventually(async || {
            Ok(s.page
                .script::<bool>("return own.moved === true", vec![])
                .await?
                .then_some(()))
        })
        .await?;
        s.reveal().appears().await?;
        let token = s.read_value().await?;
        ensure!(s.server.token_ids(EMAIL)? == [token.id]);
        ensure!(asked(s) == 1);
        Ok(())
    })
}

#[test]
fn f40_a_panic_anywhere_leaves_an_error_and_a_reload() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        s.server.prepend_to_app(KEEP_EXPORTS)?;
        for panic in [
            "setTimeout(own.crash)",
            "own.Promise.resolve().then(own.crash)",
            "const button = select('button').find((button) => nameOf(button) === 'Refresh list');
             button.addEventListener('click', own.crash);
             button.click()",
        ] {
            s.sign_in(Account::DEMO).await?;
            s.generate("1 Hour").await?;
            s.page.script::<()>(panic, vec![]).await?;
            s.page.announces("The token manager has stopped").await?;
            s.page
                .announces("A token value that was shown is gone")
                .await?;
            ensure!(s.page.every("dialog").count().await? == 0);
            ensure!(s.page.every("table").count().await? == 0);
            s.page.button("Reload").click().await?;
            s.page.find("form", "Sign in").appears().await?;
        }
        Ok(())
    })
}
