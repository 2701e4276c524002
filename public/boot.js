// The one script of the app: defines `<dcd-token-manager>` and, on the standalone page, runs it.

import { TokenManagerElement } from "./element.js";
import { startPage } from "./host.js";

const NAME = "dcd-token-manager";
const standalone = document.querySelector(`${NAME}[data-standalone]`);

// Without its style the page would be a heap of boxes: an altered or missing style leaves the
// static message, which nothing hides then.
const styled = [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet);

if (!standalone || styled) {
  if (standalone) startPage(standalone);
  if (!customElements.get(NAME)) customElements.define(NAME, TokenManagerElement);
}
