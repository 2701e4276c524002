//! What each engine can do of what the page builds on; `cargo xtask test` prints it.

use std::collections::BTreeMap;

use e2e::{Account, Result, Setup, ensure};

/// Without these the page does not run.
const NEEDED: [&str; 5] = [
    "Trusted Types",
    "fetch integrity",
    "adoptedStyleSheets",
    "modal dialogs",
    "wasm streaming",
];

const PROBE: &str = "const done = arguments[0];
    const refuses = async (attempt) => { try { await attempt(); return false; } catch { return true; } };
    (async () => ({
        'Trusted Types': await refuses(() => { document.createElement('p').innerHTML = '<b>'; }),
        'fetch integrity': await refuses(() => fetch('config.json', { integrity: 'sha384-AAAA' + 'A'.repeat(60) })),
        'adoptedStyleSheets': 'adoptedStyleSheets' in document,
        'modal dialogs': 'showModal' in HTMLDialogElement.prototype,
        'wasm streaming': 'compileStreaming' in WebAssembly,
        'locks between tabs': 'locks' in navigator,
        'clipboard': 'writeText' in (navigator.clipboard ?? {}),
        'messages between tabs': 'BroadcastChannel' in window,
    }))().then(done)";

#[test]
fn the_engine_has_what_the_page_needs() -> Result<()> {
    Setup::default().tolerant().run(async |s| {
        s.server.prepend_to_app(
            "addEventListener('pageshow', (event) => { window.restored = event.persisted; });",
        )?;
        s.open().await?;
        let mut can: BTreeMap<String, bool> = s.page.asynchronous(PROBE, vec![]).await?;
        s.page
            .open(&format!("{}/config.json", s.server.origin()))
            .await?;
        s.page.driver().back().await?;
        s.page.find("form", "Sign in").appears().await?;
        let restored = s
            .page
            .script("return own.restored === true", vec![])
            .await?;
        can.insert("back/forward cache".to_owned(), restored);

        let engine = s.page.engine().name();
        let told =
            |(name, can): (&String, &bool)| format!("{name}: {}", if *can { "yes" } else { "no" });
        let list: Vec<String> = can.iter().map(told).collect();
        println!("capability: {engine}: {}", list.join(", "));
        for name in NEEDED {
            ensure!(can[name], "{engine} has no {name}");
        }
        // And with these it does.
        s.fill_in(Account::DEMO).await?;
        s.is_signed_in().await
    })
}
