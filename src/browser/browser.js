// What is shorter in JavaScript than through bindings, and what must not copy secrets.

/** Puts a text into an element; an empty one when there is none. */
export const setText = (element, text) => {
  element.textContent = text ?? "";
};

/** Takes what was typed into a field, which is empty then. */
export const takeValue = (input) => {
  const { value } = input;
  input.value = "";
  return value;
};

export const readValue = (input) => input.value;

/** What was typed, unless a token was pasted into the wrong field: that is cleared at once. */
export const readPlain = (input) => {
  const { value } = input;
  if (!/eyJ[\w-]{12}|[\w-]{64}/.test(value)) return value;
  input.value = "";
  return undefined;
};

/** The first eight hexadecimal digits of a text's SHA-256; nothing on pages without TLS. */
export const digest = async (text) => {
  try {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    const digits = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0"));
    return digits.join("").slice(0, 8);
  } catch {
    return undefined;
  }
};

/** The text of the file that was chosen in `target` or dropped; nothing if it is none or too large. */
export const fileText = async ({ dataTransfer, target }) => {
  const [file] = dataTransfer?.files ?? target.files ?? [];
  if (!file || file.size > 1_000_000) return dataTransfer?.getData("text");
  const text = await file.text();
  if (target.value) target.value = "";
  return text;
};

export const fileIn = (input) => fileText({ target: input });

/** The first token in a text, such as a file with `IONOS_TOKEN=` before it. */
export const findToken = (text) =>
  typeof text === "string" ? text.match(/eyJ[\w-]*\.[\w-]+\.[\w-]*/)?.[0] : undefined;

/** Tells other tabs of this origin, and hears of them; IDs only, never a value. */
export const openChannel = (name, handler) => {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = handler;
    return channel;
  } catch {
    return undefined;
  }
};

/** Whether the text is in the clipboard now. */
export const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

/** Selects an element's text, so that it can be copied by hand. */
export const selectText = (element) => {
  const selection = getSelection();
  if (selection) selection.selectAllChildren(element);
};

/** Opens a dialog above everything else, unless it is open. */
export const openDialog = (dialog) => {
  if (dialog.open || !dialog.isConnected) return;
  // Chromium looks for a place for the caret in all that becomes inert, row by row.
  const selection = getSelection();
  if (selection?.isCollapsed) selection.removeAllRanges();
  dialog.showModal();
};

/** Offers texts, one after the other, as a file; false if the browser refuses at once. */
export const downloadParts = (parts, name, type) => {
  try {
    const url = URL.createObjectURL(new Blob(parts, { type }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    // The browser has to start reading it first.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    return true;
  } catch {
    return false;
  }
};

/** How long a lock is kept for whoever is about to take it, in milliseconds. */
const RESERVED = 1_000;
/** @type {Promise<(() => void) | undefined> | undefined} */
let reserved;

/** Asks for a lock that is about to be taken, since that goes through another process. */
export const reserve = (name) => {
  if (reserved) return;
  const lock = request(name);
  reserved = lock;
  setTimeout(async () => {
    if (reserved !== lock) return;
    reserved = undefined;
    (await lock)?.();
  }, RESERVED);
};

/** Takes a lock of this origin: the function that gives it back, or nothing if another tab has it. */
export const acquire = (name) => {
  const lock = reserved ?? request(name);
  reserved = undefined;
  return lock;
};

const request = (name) =>
  new Promise((resolve) => {
    // Where locks are missing or switched off, this tab alone decides.
    const alone = () => resolve(() => {});
    try {
      navigator.locks
        .request(name, { ifAvailable: true }, (lock) =>
          lock ? new Promise((release) => resolve(release)) : resolve(undefined),
        )
        .catch(alone);
    } catch {
      alone();
    }
  });

export const readStore = (store, key) => {
  try {
    return window[store].getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
};

/** Writes a text, or removes it when there is none. */
export const writeStore = (store, key, text) => {
  try {
    if (text === undefined) window[store].removeItem(key);
    else window[store].setItem(key, text);
    return true;
  } catch {
    return false;
  }
};

/** Listens until the returned function is called. */
export const listen = (target, type, handler) => {
  target.addEventListener(type, handler);
  return () => target.removeEventListener(type, handler);
};

/** Loads the part of the app that is not there yet; nothing once it is, or if there is only one. */
let loadRest;
/** @type {(() => void)[]} */
const waiting = [];

export const setRest = (load) => {
  loadRest = load;
  if (!load) for (const resolve of waiting.splice(0)) resolve();
};

/** Loads that part too; false, and nobody is told, if it can't be loaded now. */
export const makeComplete = async () => {
  try {
    await loadRest?.(true);
    return true;
  } catch {
    return false;
  }
};

/** Resolves when nothing is left to load, and loads nothing. */
export const complete = () => new Promise((resolve) => (loadRest ? waiting.push(resolve) : resolve()));

export const idle = () => new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve));

/** Listens with a handler that lies in that part: events before that wait for it. */
export const listenLater = (target, type, handler) => {
  let listening = true;
  const handle = (event) => {
    if (!loadRest) return handler(event);
    // Who loads it says what went wrong.
    const then = () => listening && handler(event);
    loadRest().then(then, () => {});
  };
  const end = listen(target, type, handle);
  return () => {
    listening = false;
    end();
  };
};

/** The element that has the focus, in whatever shadow root; nothing if none has. */
const focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element === document.body ? undefined : element;
};

/**
 * Remembers what has the focus. The function that is returned gives it back: to the same element,
 * or to the row that took its row's place, or to the first of `fallbacks` in `root`.
 */
export const rememberFocus = () => {
  const element = focused();
  const row = element?.closest("tr");
  const rows = row?.parentElement?.children;
  const index = rows ? [...rows].indexOf(row) : -1;
  return (root, fallbacks) => {
    const neighbour = rows?.[Math.min(index, rows.length - 1)];
    const candidates = [
      element?.isConnected && !element.disabled && element,
      neighbour?.isConnected && neighbour.querySelector("[data-hook=delete]"),
      ...fallbacks.split(",").map((selector) => root.querySelector(selector)),
    ];
    candidates.find(Boolean)?.focus();
  };
};

/** Dates, distances in time and plurals as people of a language write them. */
export const makeFormats = (tag, utc) => {
  const locale = [tag, "en"].find((candidate) => {
    try {
      return Intl.getCanonicalLocales(candidate);
    } catch {
      return false;
    }
  });
  const date = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: utc ? "UTC" : undefined,
  });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const plural = new Intl.PluralRules(locale);
  return {
    date: (milliseconds) => date.format(milliseconds),
    time: (milliseconds) => time.format(milliseconds),
    relative: (seconds) => {
      const units = { day: 86_400, hour: 3_600, minute: 60 };
      for (const [unit, size] of Object.entries(units)) {
        const number = Math.round(seconds / size);
        if (number !== 0 && Math.abs(seconds) >= size * 0.95) return relative.format(number, unit);
      }
      return relative.format(Math.trunc(seconds / 60), "minute");
    },
    isOne: (number) => plural.select(number) === "one",
  };
};

/** Whether the focus goes from inside an element to something outside it. */
export const leaves = (element, { relatedTarget }) =>
  relatedTarget !== null && !element.contains(relatedTarget);

export const hasFocus = () => focused() !== undefined;

export const makeElement = (tag) => document.createElement(tag);

export const copyElement = (element) => element.cloneNode(true);

export const makeText = (text) => document.createTextNode(text);

export const makePlace = () => document.createComment("");

const SVG = "http://www.w3.org/2000/svg";

export const makeIcon = (drawing) => {
  const icon = document.createElementNS(SVG, "svg");
  setClasses(icon, "icon");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", drawing);
  icon.append(path);
  return icon;
};

export const setClasses = (element, classes) => {
  element.setAttribute("class", classes);
  element.setAttribute("part", classes);
};

/** Without a value there is no attribute. */
export const setAttribute = (element, name, value) => {
  if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
};

export const setFlag = (element, name, value) => {
  element[name] = value;
};

export const insertBefore = (parent, node, before) => {
  parent.insertBefore(node, before ?? null);
};
