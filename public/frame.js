// The frame mode, seen from the host's page: the panel runs in a frame of its own origin, so that
// the page's scripts reach neither the credentials that are typed nor the values that are shown.

import { ASSETS } from "./app.js";
import { chooseLanguage } from "./language.js";
import { CONNECT, readCredential, receive, TO_ELEMENT, VERSION } from "./messages.js";

const FRAME = new URL("../frame.html", ASSETS);
const TITLE = { en: "Token Management", de: "Token-Verwaltung" };

/**
 * What the frame may do, and no more: run its script, be of its own origin (for its storage and its
 * API), let its sign-in form work, save a token as a file, and open the DCD in another tab.
 */
const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-downloads " +
  "allow-popups allow-popups-to-escape-sandbox";

/** How long a loaded frame may stay silent, and how long it may take to load, in milliseconds. */
const SILENCE = 5_000;
const LOADING = 30_000;

/** Does for the frame what the app's `mount` does for a panel on this page. */
export function mountFrame(container, options) {
  return new FramedPanel(container, options);
}

class FramedPanel {
  #frame = document.createElement("iframe");
  #options;
  /** The port to the document that the frame shows now. */
  #port = null;
  #unsaved = false;
  #timer;
  #observer = new IntersectionObserver((entries) => this.#tellView(entries.at(-1)), {
    threshold: [0, 0.25, 0.5, 0.75, 1],
  });
  #look = () => {
    // An observer tells where the frame is when it begins to look.
    this.#observer.disconnect();
    this.#observer.observe(this.#frame);
  };

  constructor(container, options) {
    this.#options = options;
    const frame = this.#frame;
    frame.className = "frame";
    frame.part = "frame";
    frame.title = TITLE[chooseLanguage(options.lang)];
    frame.allow = "clipboard-write";
    frame.sandbox = SANDBOX;
    frame.referrerPolicy = "no-referrer";
    frame.addEventListener("load", () => this.#connect());
    frame.src = FRAME;
    this.#expect(LOADING);
    container.append(frame);
    addEventListener("scroll", this.#look, { capture: true, passive: true });
    addEventListener("resize", this.#look);
  }

  get hasUnsavedToken() {
    return this.#unsaved;
  }

  /** Who signs in inside the frame is not this page's business. */
  get session() {
    return null;
  }

  update(options) {
    this.#options = options;
    this.#frame.title = TITLE[chooseLanguage(options.lang)];
    this.#tellOptions();
  }

  refresh() {
    this.#send("refresh");
  }

  signOut() {
    this.#send("sign-out");
  }

  unmount() {
    clearTimeout(this.#timer);
    removeEventListener("scroll", this.#look, { capture: true });
    removeEventListener("resize", this.#look);
    this.#observer.disconnect();
    this.#port?.close();
    this.#frame.remove();
  }

  /** Every document in the frame gets a port of its own; only one of the app's origin gets it. */
  #connect() {
    this.#port?.close();
    this.#unsaved = false;
    this.#expect(SILENCE);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    receive(port1, TO_ELEMENT, {
      connected: () => this.#start(),
      ask: ({ id, reason }) => this.#ask(port1, id, reason),
      event: ({ name, detail }) => this.#options.emit(name, detail),
      height: ({ height }) => {
        this.#frame.style.blockSize = `${Math.ceil(height)}px`;
        this.#look();
      },
      unsaved: ({ unsaved }) => {
        this.#unsaved = unsaved;
      },
      escape: () => {
        const init = { key: "Escape", bubbles: true, cancelable: true, composed: true };
        this.#frame.dispatchEvent(new KeyboardEvent("keydown", init));
      },
    });
    const message = { type: CONNECT, version: VERSION };
    this.#frame.contentWindow.postMessage(message, FRAME.origin, [port2]);
  }

  #start() {
    clearTimeout(this.#timer);
    this.#tellOptions();
    this.#look();
  }

  #expect(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#options.fail("not-connected"), milliseconds);
  }

  #tellOptions() {
    const { authApi, contractNumber, headingLevel, lang, theme, asksHost } = this.#options;
    this.#send("options", {
      asksHost,
      authApi: absolute(authApi),
      contractNumber,
      headingLevel,
      lang,
      theme,
    });
  }

  #tellView({ isIntersecting, boundingClientRect: box, intersectionRect: seen }) {
    if (isIntersecting) {
      this.#send("view", { start: seen.top - box.top, end: box.bottom - seen.bottom });
    }
  }

  async #ask(port, id, reason) {
    let credential = null;
    try {
      credential = readCredential(await this.#options.getCredential({ reason }));
    } catch {
      // The host has none.
    }
    port.postMessage({ type: "credential", id, credential });
  }

  #send(type, content) {
    this.#port?.postMessage({ type, ...content });
  }
}

/** An address as it is meant on this page. */
function absolute(address) {
  const isOne = typeof address === "string" && URL.canParse(address, document.baseURI);
  return isOne ? new URL(address, document.baseURI).href : null;
}
