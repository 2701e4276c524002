// `<dcd-token-manager>`: connects the page it stands in with the wasm app in its shadow root.

import { mount } from "token-manager-glue";
import isolation from "../style/isolation.css";
import panelStyle from "../style/panel.css";
import parts from "../style/parts.css";
import {
  guard,
  hasTexts,
  isTrap,
  laterStyle,
  loadApp,
  loadTexts,
  prepareRest,
  watchApp,
} from "./app.js";
import { failurePanel } from "./failure.js";
import { mountFrame } from "./frame.js";
import { chooseTag } from "./language.js";

const style = new CSSStyleSheet();
style.replaceSync(FOR_OTHER_PAGES ? panelStyle : isolation + pageStyle() + parts);

/** What the app's own pages share with the panel stands in their heads. */
function pageStyle() {
  return document.querySelector("style").textContent;
}

/** Properties that a host may set before the element is defined. */
const EARLY_PROPERTIES = ["getCredential", "settings"];

export class TokenManagerElement extends HTMLElement {
  static observedAttributes = [
    "auth-api",
    "contract-number",
    "heading-level",
    "lang",
    "mode",
    "theme",
  ];

  #container = document.createElement("div");
  #panel = null;
  #starting = false;
  #stopListening = () => {};
  #getCredential = null;
  // One function for good, so that the app can tell that nothing has changed.
  #ask = async (request) => {
    // A host that has only just made the element may be about to set it.
    if (!this.#getCredential) await new Promise((resolve) => setTimeout(resolve));
    return (await this.#getCredential?.(request)) ?? null;
  };
  #settings = {};
  /** The settings, once they are known. */
  #known = {};

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style, laterStyle];
    this.#container.className = "dcd";
    // Until the app runs, what the host put into the element is shown, or else that it comes.
    const waiting = document.createElement("slot");
    const spinner = document.createElement("div");
    spinner.className = "spinner";
    waiting.append(spinner);
    this.#container.append(waiting);
    root.append(this.#container);
  }

  /** The host's way to authenticate: `async ({ reason }) => credential or null`. */
  get getCredential() {
    return this.#getCredential;
  }

  set getCredential(callback) {
    const before = this.#getCredential;
    this.#getCredential = typeof callback === "function" ? callback : null;
    if (this.#getCredential === before) return;
    this.#update();
    // A host that sets it late has left the app without a credential.
    if (this.#getCredential && !this.session) this.refresh();
  }

  /**
   * What the app's own pages read from their configuration, or a promise of it:
   * `{ authApi, session, tokenLimit, dcdUrl }`.
   */
  get settings() {
    return this.#settings;
  }

  set settings(settings) {
    this.#settings = settings;
    if (!this.#panel) return;
    this.#known = settings;
    this.#update();
  }

  /** Whether a token value is shown that was neither copied nor downloaded. */
  get hasUnsavedToken() {
    return guard(() => this.#panel?.hasUnsavedToken ?? false);
  }

  /** Who is signed in: `{ account, contractNumber }`, or `null`. */
  get session() {
    return guard(() => this.#panel?.session ?? null);
  }

  /** Reads the list again. */
  refresh() {
    guard(() => this.#panel?.refresh());
  }

  /** Forgets the credentials. */
  signOut() {
    guard(() => this.#panel?.signOut());
  }

  connectedCallback() {
    for (const name of EARLY_PROPERTIES) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    // Browsers load a frame anew that is moved, so what it showed is gone.
    if (this.#panel && this.#isFramed) this.#stop();
    if (this.#panel) this.#reopenDialogs();
    else if (!this.#starting) this.#start();
  }

  /** For hosts that move the element by `moveBefore`, which leaves everything as it is. */
  connectedMoveCallback() {}

  disconnectedCallback() {
    // An element that is moved is disconnected and connected at once: what it shows must survive.
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name !== "mode") {
      this.#update();
    } else if (this.#panel) {
      this.#stop();
      this.#start();
    }
  }

  get #tag() {
    return chooseTag(this.lang);
  }

  get #isFramed() {
    return FOR_OTHER_PAGES && this.getAttribute("mode") === "frame";
  }

  async #start() {
    this.#starting = true;
    try {
      const framed = this.#isFramed;
      const settings = this.#settings;
      const app = framed ? [] : [loadApp(), loadTexts(this.#tag)];
      [this.#known] = await Promise.all([settings, ...app]);
      if (!this.isConnected) return;
      if (framed === this.#isFramed && settings === this.#settings) this.#mount();
      else await this.#start();
    } catch (error) {
      const otherwise = isTrap(error) ? "crashed" : "not-loaded";
      this.#fail(typeof error.code === "string" ? error.code : otherwise, error.detail);
    } finally {
      this.#starting = false;
    }
  }

  #mount() {
    this.#container.replaceChildren();
    // The app's own pages have none.
    if (FOR_OTHER_PAGES && this.#isFramed) {
      this.#panel = mountFrame(this.#container, this.#options());
    } else {
      this.#panel = guard(() => mount(this.#container, this.#options()));
      this.#stopListening = watchApp({
        end: (code) => this.#fail(code),
        // The list says so.
        noNetwork: () => this.refresh(),
      });
    }
  }

  /** A dialog that is moved stays open, but is modal no more. */
  #reopenDialogs() {
    for (const dialog of this.#container.querySelectorAll("dialog[open]:not(:modal)")) {
      dialog.removeAttribute("open");
      dialog.showModal();
    }
  }

  #update() {
    // Until the texts are there, the panel speaks as before.
    if (this.#panel && !this.#isFramed) loadTexts(this.#tag)?.then(() => this.#apply());
    this.#apply();
  }

  #apply() {
    guard(() => this.#panel?.update(this.#options()));
  }

  #stop() {
    const panel = this.#panel;
    if (!panel) return;
    const unsaved = this.hasUnsavedToken;
    this.#panel = null;
    this.#stopListening();
    guard(() => panel.unmount());
    if (unsaved) this.#emit("failed", { code: "unsaved-token-discarded" });
  }

  #fail(code, detail) {
    // After a panic there is nothing left that could be taken down.
    if (code !== "crashed") this.#panel?.unmount();
    this.#panel = null;
    this.#stopListening();
    this.#container.replaceChildren(failurePanel(code, this.#tag, detail));
    this.#emit("failed", { code });
  }

  #options() {
    const { authApi, session = "host", tokenLimit, dcdUrl } = this.#known;
    return {
      authApi: this.getAttribute("auth-api") ?? authApi,
      contractNumber: this.getAttribute("contract-number"),
      headingLevel: Number(this.getAttribute("heading-level") ?? 2),
      // Only the standalone page's URL is the panel's to write.
      route: this.hasAttribute("data-standalone"),
      lang: this.#isFramed || hasTexts(this.#tag) ? this.#tag : "en",
      session,
      tokenLimit,
      dcdUrl,
      getCredential: session === "host" ? this.#ask : undefined,
      emit: (name, detail) => this.#emit(name, detail),
      // For the frame mode alone.
      asksHost: this.#getCredential !== null,
      fail: (code) => this.#fail(code),
      theme: this.getAttribute("theme"),
    };
  }

  #emit(name, detail) {
    prepareRest(name);
    // Later, since a listener may call back into the app, which is busy while it emits.
    queueMicrotask(() => {
      const dispatch = (target) =>
        target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
      dispatch(this);
      // A host that listens on its document hears of an element that has left it, too.
      if (!this.isConnected) dispatch(this.ownerDocument);
    });
  }
}
