// What is done in JavaScript, since Rust can't or must not do it.
//
// It is one module for all: the test runner's server can starve a page that opens more than four
// connections, which is what the app's own modules and this one come to.

/** Writes down what the page offers as a file, and saves nothing. */
export class Downloads {
  #files = [];
  #create = URL.createObjectURL;
  #click = HTMLAnchorElement.prototype.click;

  constructor() {
    const blobs = [];
    const files = this.#files;
    URL.createObjectURL = (blob) => `blob:${blobs.push(blob) - 1}`;
    HTMLAnchorElement.prototype.click = function () {
      const blob = blobs[this.href.slice("blob:".length)];
      files.push({ name: this.download, blob });
    };
  }

  names() {
    return this.#files.map(({ name }) => name);
  }

  /** The last file's bytes as text, a mark of its encoding included. */
  async text() {
    const bytes = await this.#files.at(-1).blob.arrayBuffer();
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  close() {
    URL.createObjectURL = this.#create;
    HTMLAnchorElement.prototype.click = this.#click;
  }
}

/** Counts what a page leaves running: listeners on what outlives a panel, and intervals. */
export class Ledger {
  #listeners = new Map();
  #intervals = new Set();
  #originals = [];

  constructor() {
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    const key = (target, type) => `${target.constructor.name} ${type}`;
    const listeners = this.#listeners;
    const intervals = this.#intervals;
    const outlives = (target) => target === window || target === document;
    this.#replace(EventTarget.prototype, "addEventListener", function (type, handler, ...rest) {
      const target = this ?? window;
      if (outlives(target)) listeners.set(handler, key(target, type));
      return add.call(target, type, handler, ...rest);
    });
    this.#replace(EventTarget.prototype, "removeEventListener", function (type, handler, ...rest) {
      listeners.delete(handler);
      return remove.call(this ?? window, type, handler, ...rest);
    });
    const { setInterval: set, clearInterval: clear } = window;
    this.#replace(window, "setInterval", (...given) => {
      const id = set.apply(window, given);
      intervals.add(id);
      return id;
    });
    this.#replace(window, "clearInterval", (id) => {
      intervals.delete(id);
      clear.call(window, id);
    });
  }

  #replace(target, name, value) {
    this.#originals.push([target, name, target[name]]);
    target[name] = value;
  }

  /** What still runs, one word or two for each. */
  open() {
    return [...this.#listeners.values(), ...Array.from(this.#intervals, () => "interval")].sort();
  }

  close() {
    for (const [target, name, value] of this.#originals) target[name] = value;
  }
}

// Secrets that no Rust code has seen, and the search for them.

/** The shortest piece of a secret that must not be found, and the block that each piece holds. */
const PIECE = 16;
const BLOCK = PIECE / 2;

/**
 * Bytes of randomness in a secret: as many as a limit allows, since what Rust frees is soon written
 * over in part, and hardly ever as a whole.
 */
const TOKEN = 30_000;
const PASSWORD = 6_000;

const base64url = (bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");

const encode = (value) => base64url(new TextEncoder().encode(JSON.stringify(value)));

const random = (length) => base64url(crypto.getRandomValues(new Uint8Array(length)));

/** A secret and the forms in which it could turn up. */
export class Vault {
  #value;
  #forms;
  /** Where in which form the blocks are that begin with these four bytes. */
  #blocks = new Map();

  constructor(value, ...derived) {
    this.#value = value;
    const forms = [value, ...derived].flatMap((text) => [text, ...shifted(text)]);
    this.#forms = forms.map((form) => new TextEncoder().encode(form));
    for (const form of this.#forms) {
      for (let start = 0; start + BLOCK <= form.length; start += BLOCK) {
        const places = this.#blocks.get(word(form, start)) ?? [];
        places.push({ form, start });
        this.#blocks.set(word(form, start), places);
      }
    }
  }

  /** A token with this ID. */
  static token(id) {
    const header = encode({ typ: "JWT", kid: id, alg: "RS256" });
    const claims = encode({ exp: 1790170184, identity: { contractNumber: 31884391 } });
    return new Vault(`${header}.${claims}.${random(TOKEN)}`);
  }

  /** A password, and what becomes of it in a header for this account. */
  static password(email) {
    const password = random(PASSWORD);
    return new Vault(password, btoa(`${email}:${password}`));
  }

  get value() {
    return this.#value;
  }

  /** The answer that brings it, in pieces as a network does. */
  answer() {
    const bytes = new TextEncoder().encode(JSON.stringify({ token: this.#value }));
    const half = bytes.length >> 1;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, half));
        controller.enqueue(bytes.slice(half));
        controller.close();
      },
    });
    return new Response(body, { headers: { "Content-Type": "application/json" } });
  }

  typeInto(input) {
    input.value = this.#value;
  }

  isTextOf(element) {
    return element.textContent === this.#value;
  }

  isSentBy(request) {
    return this.isIn(request.headers.get("Authorization"));
  }

  isIn(text) {
    return text.length >= PIECE && this.#traces(new TextEncoder().encode(text)) > 0;
  }

  /** Whether scripts of the page can reach it, by properties and elements. */
  isReachable() {
    const seen = new Set();
    const waiting = [window];
    while (waiting.length > 0) {
      const value = waiting.pop();
      if (typeof value === "string" && this.isIn(value)) return true;
      const isPlace = typeof value === "object" || typeof value === "function";
      if (!isPlace || value === null || seen.has(value)) continue;
      seen.add(value);
      waiting.push(...held(value));
    }
    return false;
  }

  /** How many of its pieces a memory holds. */
  tracesIn(memory) {
    return this.#traces(new Uint8Array(memory.buffer));
  }

  /**
   * Every piece holds a block that begins at a multiple of a block's length: it is enough to look
   * for those, and to look closer where one is found.
   */
  #traces(bytes) {
    let found = 0;
    for (let at = 0; at + BLOCK <= bytes.length; at += 1) {
      for (const { form, start } of this.#blocks.get(word(bytes, at)) ?? []) {
        if (common(bytes, at, form, start) >= PIECE) found += 1;
      }
    }
    return found;
  }
}

/** Four bytes as a number. */
const word = (bytes, at) =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

/** How many bytes around these places are the same. */
const common = (bytes, at, form, start) => {
  let [from, to] = [0, 0];
  while (start + from > 0 && bytes[at + from - 1] === form[start + from - 1]) from -= 1;
  while (start + to < form.length && bytes[at + to] === form[start + to]) to += 1;
  return to - from;
};

/** Prototypes look like instances, but none of their getters works. */
const is = (object, type) => object instanceof type && !Object.hasOwn(object, "constructor");

/** What an object leads to without running any code of the page. */
const held = (object) => {
  const descriptors = Object.values(Object.getOwnPropertyDescriptors(object));
  const symbols = Object.getOwnPropertySymbols(object).map((symbol) =>
    Object.getOwnPropertyDescriptor(object, symbol),
  );
  const found = [...descriptors, ...symbols].flatMap(({ value, get, set }) => [value, get, set]);
  found.push(Object.getPrototypeOf(object));
  if (is(object, Map) || is(object, Set)) found.push(...[...object].flat());
  if (object === window) found.push(document, name, history.state, { ...localStorage });
  if (is(object, Node)) found.push(object.nodeValue, ...object.childNodes);
  if (is(object, Element)) found.push(object.shadowRoot, ...object.attributes);
  return found;
};

/** Base64 of a text at each of the three places that it can have in a longer one. */
const shifted = (text) =>
  [0, 1, 2].map((shift) => btoa("\0".repeat(shift) + text).slice(4, -4));
