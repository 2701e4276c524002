// Secrets that no Rust code has seen, and the search for them.

/** The shortest piece of a secret that must not be found. */
const PIECE = 16;

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

const encode = (value) => base64url(new TextEncoder().encode(JSON.stringify(value)));

const random = (length) => base64url(crypto.getRandomValues(new Uint8Array(length)));

/** A secret and the forms in which it could turn up. */
export class Vault {
  #value;
  #forms;

  constructor(value, ...derived) {
    this.#value = value;
    this.#forms = [value, ...derived].flatMap((text) => [text, ...shifted(text)]);
  }

  /** A token with this ID. */
  static token(id) {
    const header = encode({ typ: "JWT", kid: id, alg: "RS256" });
    const claims = encode({ exp: 1790170184, identity: { contractNumber: 31884391 } });
    return new Vault(`${header}.${claims}.${random(256)}`);
  }

  /** A password, and what becomes of it in a header for this account. */
  static password(email) {
    const password = random(48);
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
    return this.#forms.some((form) => pieces(form).some((piece) => text.includes(piece)));
  }

  /** How many of its pieces a memory holds. */
  tracesIn(memory) {
    const text = new TextDecoder("latin1").decode(new Uint8Array(memory.buffer));
    return this.#forms.reduce((sum, form) => sum + traces(text, form), 0);
  }
}

/** Base64 of a text at each of the three places that it can have in a longer one. */
const shifted = (text) =>
  [0, 1, 2].map((shift) => btoa("\0".repeat(shift) + text).slice(4, -4));

const pieces = (form) =>
  Array.from({ length: form.length - PIECE + 1 }, (_, at) => form.slice(at, at + PIECE));

/**
 * Every piece holds a block of half its length that begins at a multiple of that: it is enough to
 * look for those, and to look closer where one is found.
 */
const traces = (text, form) => {
  const block = PIECE / 2;
  let found = 0;
  for (let start = 0; start + block <= form.length; start += block) {
    const sought = form.slice(start, start + block);
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
      let [from, to] = [0, block];
      while (start + from > 0 && text[at + from - 1] === form[start + from - 1]) from -= 1;
      while (start + to < form.length && text[at + to] === form[start + to]) to += 1;
      if (to - from >= PIECE) found += 1;
    }
  }
  return found;
};
