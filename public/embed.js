// For other pages: loads the app's script, checked, from wherever this file lies.

const NAME = "dcd-token-manager";

if (!customElements.get(NAME)) {
  const script = document.createElement("script");
  script.type = "module";
  script.integrity = ELEMENT_INTEGRITY;
  script.crossOrigin = "anonymous";
  script.src = trusted(new URL(ELEMENT_FILE, import.meta.url).href);
  document.head.append(script);
}

/** A host that requires Trusted Types allows the policy of our name. */
function trusted(url) {
  try {
    return trustedTypes.createPolicy(NAME, { createScriptURL: () => url }).createScriptURL(url);
  } catch {
    return url;
  }
}
