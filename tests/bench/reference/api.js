// The Auth API's operations that the journey needs.

export class Api {
  #base;
  #authorization;

  constructor(base, authorization) {
    this.#base = base;
    this.#authorization = authorization;
  }

  async #send(path, method = "GET") {
    const response = await fetch(this.#base + path, {
      method,
      headers: { Authorization: this.#authorization, Accept: "application/json" },
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    if (!response.ok) throw new Error(`The Auth API answered ${response.status}.`);
    return response.json();
  }

  async list() {
    const { tokens } = await this.#send("/tokens");
    return tokens.map(({ id, createdDate, expirationDate }) => ({
      id,
      created: date(createdDate),
      expires: date(expirationDate),
    }));
  }

  async generate(ttl) {
    const { token } = await this.#send(`/tokens/generate?ttl=${ttl}`);
    return token;
  }

  delete(id) {
    return this.#send(`/tokens/${encodeURIComponent(id)}`, "DELETE");
  }
}

function date(text) {
  return Date.parse(text.replace(/\[.*\]$/, ""));
}

/** The ID in a token's header. */
export function tokenId(token) {
  const [header] = token.split(".");
  return JSON.parse(atob(header.replace(/-/g, "+").replace(/_/g, "/"))).kid;
}
