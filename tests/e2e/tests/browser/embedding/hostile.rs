//! A host whose scripts want what is not theirs. In frame mode they don't get it.

use e2e::{Account, Host, Result, Traces, ensure, scenario};

use super::{delete, lists, show};

/// Notes all that a page's scripts can get hold of: what functions are called with and give, every
/// event, every message through the page's end of a port, and what the document holds at each beat.
const SPY: &str = r#"<script>
{
  const { apply, ownKeys } = Reflect;
  const { stringify } = JSON;
  const { push } = Array.prototype;
  const { addEventListener: listen } = EventTarget.prototype;
  const seen = [];
  const note = (...things) => {
    for (const thing of things) {
      let text;
      try { text = typeof thing === "object" ? stringify(thing) : String(thing); } catch {}
      apply(push, seen, [text]);
    }
  };
  globalThis.confess = () => seen.join("\n");

  const patch = (owner, name) => {
    const original = owner[name];
    if (typeof original !== "function") return;
    owner[name] = function (...given) {
      note(name, ...given);
      const result = apply(original, this, given);
      note(result);
      if (result instanceof Promise) result.then(note, note);
      return result;
    };
  };
  const patches = [
    [window, ["fetch", "postMessage", "atob", "btoa", "structuredClone", "open"]],
    [Clipboard.prototype, ["write", "writeText", "read", "readText"]],
    [MessagePort.prototype, ["postMessage"]],
    [XMLHttpRequest.prototype, ["open", "send", "setRequestHeader"]],
    [Headers.prototype, ["set", "append"]],
    [Response.prototype, ["json", "text", "arrayBuffer"]],
    [JSON, ["parse", "stringify"]],
    [String.prototype, ["split", "replace", "slice", "trim"]],
    [Array.prototype, ["join", "map"]],
    [Object, ["entries", "assign"]],
    [Node.prototype, ["appendChild", "insertBefore"]],
    [Element.prototype, ["append", "replaceChildren", "setAttribute"]],
    [EventTarget.prototype, ["dispatchEvent"]],
    [Storage.prototype, ["setItem"]],
    [URL, ["createObjectURL"]],
    [TextDecoder.prototype, ["decode"]],
    [WebAssembly, ["compile", "compileStreaming", "instantiate", "instantiateStreaming"]],
  ];
  for (const [owner, names] of patches) for (const name of names) patch(owner, name);

  for (const name of ["token", "email", "password", "authorization", "credential"]) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      set(value) {
        note(name, value);
        Object.defineProperty(this, name, { value, configurable: true, writable: true });
      },
    });
  }

  const Channel = MessageChannel;
  globalThis.MessageChannel = function () {
    const channel = new Channel();
    apply(listen, channel.port1, ["message", ({ data }) => note("port", data)]);
    return channel;
  };

  const own = ["token-generated", "token-deleted", "session-required", "failed", "ready"];
  const handlers = ownKeys(window).filter((key) => /^on/.test(key)).map((key) => key.slice(2));
  for (const name of [...handlers, ...own]) {
    apply(listen, window, [name, (event) => {
      const { type, data, detail, key } = event;
      note(type, data, detail, key, event.clipboardData?.getData("text/plain"));
    }, true]);
  }

  setInterval(() => {
    const frame = document.querySelector("dcd-token-manager")?.shadowRoot?.querySelector("iframe");
    note(document.documentElement.outerHTML, frame?.outerHTML);
    try { note(frame.contentWindow.document.documentElement.outerHTML); } catch {}
    try { note(frame.contentDocument.documentElement.outerHTML); } catch {}
    try { note(frame.contentWindow.location.href); } catch {}
    note(performance.getEntries().map(({ name }) => name), Object.entries(localStorage));
  }, 50);
}
</script>"#;

#[test]
fn a_hostile_host_sees_neither_what_is_typed_nor_what_is_shown_in_the_frame() -> Result<()> {
    scenario(async |s| {
        let host = Host::admitted(&s.server, Account::DEMO).await?;
        let body = format!(r#"{SPY}<dcd-token-manager mode="frame"></dcd-token-manager>"#);
        show(s, &host, &body).await?;
        let credential = s.server.control().token(Account::DEMO.email, 3600)?;
        s.enter_frame().await?;
        s.page.find("form", "Sign in").appears().await?;
        // Some drivers type into no frame before a button in it was clicked.
        s.page.button("Use e-mail and password").click().await?;
        s.fill_in_token(&credential).await?;
        lists(s).await?;
        s.generate("1 Hour").await?;
        let token = s.read_value().await?;
        s.page.button("Copy Token Value").click().await?;
        s.page.announces("copied").await?;
        s.page.button("Download Token Value").click().await?;
        s.page.download().await?;
        s.reveal().button("Close").click().await?;
        s.reveal().disappears().await?;
        delete(s, &token.id).await?;
        s.leave_frame().await?;

        s.holds("heard('token-deleted').length === 1").await?;
        let seen: String = s.evaluate("confess()").await?;
        for known in ["\"height\"", &token.id] {
            ensure!(seen.contains(known), "the spy is blind to {known}");
        }
        let traces = Traces::of([credential.as_str(), token.value.as_str()]);
        ensure!(
            !traces.are_in(seen.as_bytes()),
            "the host has seen a secret"
        );
        Ok(())
    })
}

#[test]
fn what_is_typed_into_the_frame_goes_to_no_api_that_the_host_names() -> Result<()> {
    scenario(async |s| {
        let host = Host::admitted(&s.server, Account::DEMO).await?;
        // Even where the frame could reach it.
        s.server.alter("_headers", |headers| {
            let allowed = format!("connect-src 'self' {}", host.origin);
            let headers = String::from_utf8_lossy(&headers);
            headers.replace("connect-src 'self'", &allowed).into_bytes()
        })?;
        let element = format!(
            r#"<dcd-token-manager mode="frame" auth-api="{}/auth/v1"></dcd-token-manager>"#,
            host.origin
        );
        show(s, &host, &element).await?;
        s.enter_frame().await?;
        s.page.find("form", "Sign in").appears().await?;
        s.fill_in(Account::DEMO).await?;
        lists(s).await?;
        s.leave_frame().await?;

        // The user's session ends before the host's API takes the place of the app's own.
        s.evaluate::<()>("panel().getCredential = () => null, panel().refresh()")
            .await?;
        s.enter_frame().await?;
        s.page.says("You are not signed in.").await?;
        s.leave_frame().await?;
        ensure!(host.received("/auth/v1/tokens").is_empty());

        // With the host's own credential, it is asked.
        s.evaluate::<()>("panel().getCredential = fetchCredential, null")
            .await?;
        e2e::eventually(async || Ok((!host.received("/auth/v1/tokens").is_empty()).then_some(())))
            .await
    })
}
