// The one script of the app: defines `<dcd-token-manager>` and, on the standalone page, runs it.

import { TokenManagerElement } from "./element.js";
import { startPage } from "./host.js";

const NAME = "dcd-token-manager";
const standalone = document.querySelector(`${NAME}[data-standalone]`);

// Without its style the page would be a heap of boxes: an altered or missing style leaves the
// static message, which nothing hides then. Some browsers give a refused style an empty sheet.
function isStyled() {
  const links = [...document.querySelectorAll("link[rel=stylesheet]")];
  return links.every(({ sheet }) => sheet?.cssRules.length);
}

if (!standalone || isStyled()) {
  if (standalone) startPage(standalone);
  if (!customElements.get(NAME)) customElements.define(NAME, TokenManagerElement);
}
