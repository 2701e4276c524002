// The frame mode, seen from inside the frame: a page that shows the element to whoever frames it,
// if that is a page of an origin that the configuration names.

import { readConfig } from "./config.js";
import { chooseLanguage, chooseTag } from "./language.js";
import { CONNECT, EVENTS, receive, TO_FRAME, VERSION } from "./messages.js";

/** What opens above the panel, and the room that it needs, in pixels: a short frame would cut it off. */
const ABOVE = "dialog[open], .more[open]";
const ROOM = 640;

/** @param {HTMLElement} element the frame's `<dcd-token-manager>` */
export function startFrame(element) {
  if (parent === window) {
    // Nobody frames it: the standalone page is meant.
    location.replace(new URL(".", location));
    return;
  }
  const tag = chooseTag(element.lang);
  document.documentElement.lang = chooseLanguage(tag);
  const config = readConfig(tag);
  // The element starts when its settings are known.
  element.settings = Promise.all([config, connection(config)]).then(
    ([settings, port]) => new Guest(element, settings, port).settings,
  );
}

/**
 * The port to the page that frames this one. Messages that are anything else than the first
 * greeting of such a page have no effect.
 */
function connection(config) {
  return new Promise((resolve) => {
    const hear = ({ data, origin, ports, source }) => {
      if (source !== parent || ports.length !== 1) return;
      if (data?.type !== CONNECT || data.version !== VERSION) return;
      config.then(
        ({ embedOrigins }) => {
          if (!embedOrigins.includes(origin)) return;
          removeEventListener("message", hear);
          resolve(ports[0]);
        },
        // The element says what is wrong with the configuration.
        () => {},
      );
    };
    addEventListener("message", hear);
  });
}

class Guest {
  /** The element's settings, once the host's options are known. */
  settings;

  #element;
  #config;
  #port;
  #asked = 0;
  /** The questions that the host has not answered yet, by their number. */
  #questions = new Map();
  // One function for good, so that the panel can tell that nothing has changed.
  #getCredential = ({ reason }) =>
    new Promise((resolve) => {
      this.#asked += 1;
      this.#questions.set(this.#asked, resolve);
      this.#send("ask", { id: this.#asked, reason });
    });

  constructor(element, config, port) {
    this.#element = element;
    this.#config = config;
    this.#port = port;
    this.settings = new Promise((resolve) => {
      receive(port, TO_FRAME, {
        options: (options) => {
          this.#take(options);
          resolve(element.settings);
        },
        credential: ({ id, credential }) => {
          this.#questions.get(id)?.(credential);
          this.#questions.delete(id);
        },
        refresh: () => element.refresh(),
        "sign-out": () => element.signOut(),
        view: ({ start, end }) => {
          element.style.setProperty("--dcd-view-start", `${start}px`);
          element.style.setProperty("--dcd-view-end", `${end}px`);
        },
      });
    });
    this.#watch();
    this.#send("connected");
  }

  #take({ asksHost, authApi, contractNumber, headingLevel, lang, theme }) {
    const { session, tokenLimit, dcdUrl, authApiUrl } = this.#config;
    const ownApi = new URL(authApiUrl, document.baseURI).href;
    const attributes = {
      "contract-number": contractNumber,
      "heading-level": headingLevel,
      lang,
      theme,
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) this.#element.removeAttribute(name);
      else this.#element.setAttribute(name, value);
    }
    document.documentElement.lang = chooseLanguage(lang);
    this.#element.settings = {
      // Credentials that are typed here go where this page's configuration says, and nowhere else.
      authApi: (asksHost && authApi) || ownApi,
      session: asksHost ? "host" : session,
      tokenLimit,
      dcdUrl,
    };
    this.#element.getCredential = asksHost ? this.#getCredential : null;
  }

  #watch() {
    const element = this.#element;
    for (const name of EVENTS) {
      element.addEventListener(name, ({ detail }) => this.#send("event", { name, detail }));
    }
    // A dialog keeps its Escape for itself.
    addEventListener("keydown", ({ key, defaultPrevented }) => {
      if (key === "Escape" && !defaultPrevented) this.#send("escape");
    });

    let open = false;
    let unsaved = false;
    const tellHeight = () => {
      const { height } = document.body.getBoundingClientRect();
      this.#send("height", { height: Math.max(height, open ? ROOM : 0) });
    };
    new ResizeObserver(tellHeight).observe(document.body);
    // Whatever happens to a token's value or above the panel can be seen in the panel.
    new MutationObserver(() => {
      const opened = element.shadowRoot.querySelector(ABOVE) !== null;
      if (opened !== open) {
        open = opened;
        tellHeight();
      }
      if (element.hasUnsavedToken !== unsaved) {
        unsaved = !unsaved;
        this.#send("unsaved", { unsaved });
      }
    }).observe(element.shadowRoot, {
      attributeFilter: ["open"],
      characterData: true,
      childList: true,
      subtree: true,
    });
  }

  #send(type, content) {
    this.#port.postMessage({ type, ...content });
  }
}
