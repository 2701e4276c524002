// What the element and its frame tell each other: through a port that nobody else holds, and only
// in messages of a known shape. Nothing here ever carries the value of a token.

/** The one message that is sent in public: from the element's page to the frame, with the port. */
export const CONNECT = "dcd-token-manager/connect";
export const VERSION = 1;

/** The events that the frame's panel may let the element dispatch. */
export const EVENTS = [
  "ready",
  "session-changed",
  "token-generated",
  "token-deleted",
  "session-required",
  "failed",
];

const isText = (value) => typeof value === "string";
const isFlag = (value) => typeof value === "boolean";
const isNumber = (value) => typeof value === "number";
const isAmount = (value) => Number.isFinite(value) && value >= 0;
const isRecord = (value) => typeof value === "object" && value !== null;
const orNothing = (accepts) => (value) => value === null || accepts(value);

/** The host's answer as a credential, with nothing else in it; `null` if it is none. */
export function readCredential(answer) {
  if (!isRecord(answer)) return null;
  const { token, email, password } = answer;
  if (isText(token)) return { token };
  return isText(email) && isText(password) ? { email, password } : null;
}

/** What the frame hears. */
export const TO_FRAME = {
  options: {
    asksHost: isFlag,
    authApi: orNothing(isText),
    contractNumber: orNothing(isText),
    headingLevel: isNumber,
    lang: isText,
    theme: orNothing(isText),
  },
  credential: { id: isAmount, credential: orNothing((value) => readCredential(value) !== null) },
  refresh: {},
  "sign-out": {},
  // How much of the frame can't be seen, at its start and at its end.
  view: { start: isAmount, end: isAmount },
};

/** What the element hears. */
export const TO_ELEMENT = {
  connected: {},
  ask: { id: isAmount, reason: isText },
  event: { name: (value) => EVENTS.includes(value), detail: orNothing(isRecord) },
  height: { height: isAmount },
  unsaved: { unsaved: isFlag },
  escape: {},
};

/**
 * Hands each message of `port` that is in `shapes` to the handler of its name.
 *
 * @param {MessagePort} port
 * @param {typeof TO_FRAME | typeof TO_ELEMENT} shapes
 * @param {Record<string, (message: object) => void>} handlers
 */
export function receive(port, shapes, handlers) {
  port.onmessage = ({ data }) => {
    if (!isRecord(data) || !isText(data.type) || !Object.hasOwn(shapes, data.type)) return;
    const shape = Object.entries(shapes[data.type]);
    if (shape.every(([name, accepts]) => accepts(data[name]))) handlers[data.type](data);
  };
}
