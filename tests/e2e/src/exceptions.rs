//! What an engine cannot run, and why.

use anyhow::Result;

use crate::engine::Engine;

/// An engine, a test's path or its beginning, and the reason.
const EXCEPTIONS: &[(Engine, &str, &str)] = &[
    (
        Engine::WebKit,
        "language::a_german_browser_gets_the_german_page",
        "MiniBrowser speaks the language of an installed locale, and Debian installs none",
    ),
    (
        Engine::Firefox,
        "leaks::l11_",
        "its driver gives no snapshot of the heap",
    ),
    (
        Engine::WebKit,
        "leaks::l11_",
        "its driver gives no snapshot of the heap",
    ),
    (
        Engine::Firefox,
        "access::sight::",
        "its driver pretends no preferences of its user",
    ),
    (
        Engine::WebKit,
        "access::sight::",
        "its driver pretends no preferences of its user",
    ),
    (
        Engine::Firefox,
        "faults::surroundings::f29_",
        "its driver takes the network from no page",
    ),
    (
        Engine::WebKit,
        "faults::surroundings::f29_",
        "its driver takes the network from no page",
    ),
];

/// Why `engine` cannot run `test`, if it cannot.
pub(crate) fn reason(engine: Engine, test: &str) -> Option<&'static str> {
    let exception = EXCEPTIONS
        .iter()
        .find(|(of, path, _)| *of == engine && test.starts_with(path));
    exception.map(|(_, _, reason)| *reason)
}

/// Tells that a test did not run.
pub(crate) fn record(engine: Engine, test: &str, reason: &str) -> Result<()> {
    println!("not run: {test} in {}: {reason}", engine.name());
    Ok(())
}
