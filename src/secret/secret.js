// Secrets are strings of the JavaScript engine from the network to the screen: Rust holds handles
// to them, so that no copy is left in the memory of the wasm, which is never given back.

const text = (bytes) => new TextDecoder().decode(bytes);

/** The token of a generate answer; nothing if there is none. The bytes are wiped. */
export const tokenOf = (bytes) => {
  try {
    const { token } = JSON.parse(text(bytes));
    return typeof token === "string" && token !== "" ? token : undefined;
  } catch {
    return undefined;
  } finally {
    bytes.fill(0);
  }
};

/** The value of an object's field, if it is a string that is not empty. */
export const stringField = (object, name) => {
  try {
    const value = object[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
};

export const trimmed = (value) => value.trim();

export const bearer = (token) => `Bearer ${token}`;

/** RFC 7617 with UTF-8. */
export const basic = (email, password) => {
  const bytes = new TextEncoder().encode(`${email}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
};

/** False if the value can't be sent as a header. */
export const authorize = (headers, value) => {
  try {
    headers.set("Authorization", value);
    return true;
  } catch {
    return false;
  }
};

/** Part 0 (header) or 1 (claims) of a JWT, decoded; the signature stays where it is. */
export const jwtPart = (token, index) => {
  try {
    const part = token.split(".")[index].replace(/-/g, "+").replace(/_/g, "/");
    return text(Uint8Array.from(atob(part), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
};
