// For other pages: loads the app's script, checked, from wherever this file lies.

const NAME = "dcd-token-manager";

if (!customElements.get(NAME)) {
  const script = document.createElement("script");
  script.type = "module";
  script.integrity = ELEMENT_INTEGRITY;
  script.crossOrigin = "anonymous";
  script.src = trusted(new URL(ELEMENT_FILE, import.meta.url).href);
  document.head.append(script);
  // A panel that is there already needs the module as soon as its script runs.
  if (document.querySelector(`${NAME}:not([mode="frame"])`)) {
    const module = document.createElement("link");
    module.rel = "preload";
    module.as = "fetch";
    module.crossOrigin = "anonymous";
    module.href = new URL(WASM_FILE, import.meta.url).href;
    document.head.append(module);
  }
}

/** A host that requires Trusted Types allows the policy of our name. */
function trusted(url) {
  try {
    return trustedTypes.createPolicy(NAME, { createScriptURL: () => url }).createScriptURL(url);
  } catch {
    return url;
  }
}
