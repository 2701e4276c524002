// The last resort: what is shown where the app can't run. Plain DOM, no secrets.

import { chooseLanguage } from "./language.js";

const TEXTS = {
  en: {
    "not-loaded": [
      "The token manager could not be loaded",
      "A file is missing or was changed on its way, or this browser does not allow WebAssembly.",
    ],
    crashed: [
      "The token manager has stopped",
      "An unexpected error occurred. A token value that was shown is gone; your other tokens are unchanged.",
    ],
    "not-connected": [
      "The token manager can't be shown here",
      "It did not answer. Either it is out of reach, or it does not allow this page to show it.",
    ],
    configuration: ["The token manager is not set up correctly", ""],
    reload: "Reload",
  },
  de: {
    "not-loaded": [
      "Die Token-Verwaltung konnte nicht geladen werden",
      "Eine Datei fehlt oder wurde unterwegs verändert, oder dieser Browser erlaubt kein WebAssembly.",
    ],
    crashed: [
      "Die Token-Verwaltung wurde beendet",
      "Ein unerwarteter Fehler ist aufgetreten. Ein angezeigter Token-Wert ist verloren; Ihre übrigen Token sind unverändert.",
    ],
    "not-connected": [
      "Die Token-Verwaltung kann hier nicht angezeigt werden",
      "Sie antwortet nicht. Entweder ist sie nicht erreichbar, oder sie erlaubt dieser Seite nicht, sie anzuzeigen.",
    ],
    configuration: ["Die Token-Verwaltung ist nicht richtig eingerichtet", ""],
    reload: "Neu laden",
  },
};

/**
 * @param {"not-loaded" | "crashed" | "not-connected" | "configuration"} code
 * @param {string} tag the language
 * @param {string} [detail] a sentence in place of the usual one
 */
export function failurePanel(code, tag, detail) {
  const language = chooseLanguage(tag);
  const texts = TEXTS[language];
  const [title, text] = texts[code];

  const panel = element("div", "failure");
  panel.lang = language;
  panel.setAttribute("role", "alert");
  panel.setAttribute("part", "failure");
  const reload = element("button", "button outlined", texts.reload);
  reload.type = "button";
  reload.addEventListener("click", () => location.reload());
  panel.append(
    element("p", "failure-title", title),
    element("p", "failure-text", detail ?? text),
    reload,
  );
  return panel;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
