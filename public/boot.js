// Defines `<dcd-token-manager>`, for each of the three ways in which the app is used.

import { TokenManagerElement } from "./element.js";

const NAME = "dcd-token-manager";

/** The one element of the app's own pages. */
export function ownElement() {
  return document.querySelector(NAME);
}

export function defineElement() {
  if (!customElements.get(NAME)) customElements.define(NAME, TokenManagerElement);
}
