// The standalone page as a host of the element: its configuration, its top bar and its route.

import { readConfig } from "./config.js";
import { chooseLanguage, chooseTag } from "./language.js";

const ROUTE = "#/tokens";

/** How long to wait between two looks for a new release, in milliseconds. */
const RELEASE_INTERVAL = 60_000;

/** The page's own texts; the English ones stand in index.html. */
const GERMAN = {
  menu: "Menü",
  management: "Verwaltung",
  tokens: "Token-Verwaltung",
  home: "Startseite",
  contract: "Vertrag",
  signOut: "Abmelden",
  release: "Eine neue Version dieser Seite ist da.",
  reload: "Neu laden",
  lead: "Erzeugen Sie sichere Token für den Zugriff auf die APIs und SDKs von IONOS Cloud.",
  late: "Die Token-Verwaltung ist nicht gestartet",
  lateReason: "Bleibt diese Meldung stehen, fehlt eine Datei oder wurde unterwegs verändert.",
};

/** @param {HTMLElement} element the page's `<dcd-token-manager>` */
export function startPage(element) {
  const tag = chooseTag(element.lang);
  document.documentElement.lang = chooseLanguage(tag);
  if (chooseLanguage(tag) === "de") translate();
  keepRoute();
  runMenu(document.querySelector("[data-menu]"));
  showSession(element);
  // The shell has done its work.
  element.addEventListener("ready", () => element.replaceChildren(), { once: true });
  watchRelease(document.querySelector("[data-release]"));
  element.settings = readSettings(tag);
}

async function readSettings(tag) {
  const config = await readConfig(tag);
  document.querySelector("[data-home]").href = config.dcdUrl;
  const { session, tokenLimit, dcdUrl } = config;
  const authApi = new URL(config.authApiUrl, document.baseURI).href;
  return { authApi, session, tokenLimit, dcdUrl };
}

function translate() {
  for (const node of document.querySelectorAll("[data-text]")) {
    const text = GERMAN[node.dataset.text];
    if (text) node.textContent = text;
  }
}

/** There is one page; every other address leads to it. */
function keepRoute() {
  const correct = () => {
    const [path] = location.hash.split("?");
    if (path !== ROUTE) history.replaceState(history.state, "", ROUTE);
  };
  addEventListener("hashchange", correct);
  correct();
}

/** @param {HTMLElement} menu buttons that each open the list after them */
function runMenu(menu) {
  const buttons = [...menu.querySelectorAll("button[aria-expanded]")];
  const [first] = buttons;
  const isOpen = () => first.ariaExpanded === "true";
  const set = (button, open) => {
    button.setAttribute("aria-expanded", open);
    button.nextElementSibling.hidden = !open;
  };
  const close = () => {
    for (const button of buttons) set(button, false);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => set(button, button.nextElementSibling.hidden));
  }
  const closeAndReturn = () => {
    close();
    first.focus();
  };
  menu.querySelector("a").addEventListener("click", closeAndReturn);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) closeAndReturn();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) close();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!menu.contains(target)) close();
  });
}

function showSession(element) {
  const box = document.querySelector("[data-session]");
  const show = () => {
    const { session } = element;
    box.hidden = !session;
    box.querySelector("[data-account]").textContent = session?.account ?? "";
    box.querySelector("[data-contract]").textContent = session?.contractNumber ?? "";
    box.querySelector("[data-contract-row]").hidden = !session?.contractNumber;
  };
  for (const event of ["ready", "session-changed", "failed"]) element.addEventListener(event, show);
  box.querySelector("button").addEventListener("click", () => element.signOut());
}

/**
 * A tab that stays open outlives its release. Coming back to it, the user is told, and decides:
 * what is open on the page may not be lost by a reload.
 *
 * @param {HTMLElement} notice
 */
function watchRelease(notice) {
  const script = document.querySelector("script[integrity]").getAttribute("src");
  let looked = -Infinity;
  const look = async () => {
    if (document.hidden || performance.now() - looked < RELEASE_INTERVAL) return;
    looked = performance.now();
    const page = await fetch(location.pathname, { cache: "no-cache", redirect: "error" })
      .then((response) => (response.ok ? response.text() : ""))
      .catch(() => "");
    // Anything else than this page, such as a proxy's message, says nothing about a release.
    if (page.includes("data-release") && !page.includes(script)) notice.hidden = false;
  };
  document.addEventListener("visibilitychange", look);
  notice.querySelector("button").addEventListener("click", () => location.reload());
}
