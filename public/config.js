// Reads and checks `config.json`.

import { chooseLanguage } from "./language.js";

const DEFAULTS = {
  authApiUrl: "/auth/v1",
  session: "form",
  dcdUrl: "https://dcd.ionos.com/latest/",
  embedOrigins: [],
  tokenLimit: 100,
};

/** What each key must be: a check, and the words for it. */
const RULES = {
  authApiUrl: [isWebAddress, { en: "a web address", de: "eine Webadresse" }],
  session: [
    (value) => value === "form" || value === "cookie",
    { en: '"form" or "cookie"', de: '"form" oder "cookie"' },
  ],
  dcdUrl: [isWebAddress, { en: "a web address", de: "eine Webadresse" }],
  embedOrigins: [
    (value) => Array.isArray(value) && value.every(isOrigin),
    { en: "a list of origins", de: "eine Liste von Origins" },
  ],
  tokenLimit: [
    (value) => Number.isInteger(value) && value > 0,
    { en: "a whole number above 0", de: "eine ganze Zahl über 0" },
  ],
};

const TEXTS = {
  en: {
    unread: "The file config.json can't be read.",
    wrong: (key, expected) => `config.json: "${key}" must be ${expected}.`,
  },
  de: {
    unread: "Die Datei config.json kann nicht gelesen werden.",
    wrong: (key, expected) => `config.json: "${key}" muss ${expected} sein.`,
  },
};

class ConfigurationError extends Error {
  code = "configuration";

  /** @param {string} detail a sentence for the reader */
  constructor(detail) {
    super(detail);
    this.detail = detail;
  }
}

/**
 * The page's configuration, with defaults for what it does not say.
 *
 * @param {string} tag the language of error messages
 */
export async function readConfig(tag) {
  const language = chooseLanguage(tag);
  const given = await readFile(TEXTS[language]);
  for (const [key, [accepts, expected]] of Object.entries(RULES)) {
    if (Object.hasOwn(given, key) && !accepts(given[key])) {
      throw new ConfigurationError(TEXTS[language].wrong(key, expected[language]));
    }
  }
  return { ...DEFAULTS, ...given };
}

async function readFile(texts) {
  try {
    const response = await fetch("config.json", { cache: "no-store", redirect: "error" });
    if (response.status === 404) return {};
    const content = response.ok ? await response.json() : null;
    if (content?.constructor === Object) return content;
  } catch {
    // What went wrong is in the browser's console; the message below is for the reader.
  }
  throw new ConfigurationError(texts.unread);
}

function isWebAddress(value) {
  if (typeof value !== "string" || !URL.canParse(value, document.baseURI)) return false;
  return /^https?:$/.test(new URL(value, document.baseURI).protocol);
}

function isOrigin(value) {
  return typeof value === "string" && URL.canParse(value) && new URL(value).origin === value;
}
