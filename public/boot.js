// The one script of the app: defines `<dcd-token-manager>` and runs the app's own pages.

import { TokenManagerElement } from "./element.js";
import { startFrame } from "./guest.js";
import { startPage } from "./host.js";

const NAME = "dcd-token-manager";
const standalone = document.querySelector(`${NAME}[data-standalone]`);
const framed = document.querySelector(`${NAME}[data-framed]`);

// Without its style the page would be a heap of boxes: an altered or missing style leaves the
// static message, which nothing hides then. Some browsers give a refused style an empty sheet.
function isStyled() {
  const links = [...document.querySelectorAll("link[rel=stylesheet]")];
  return links.every(({ sheet }) => sheet?.cssRules.length);
}

if (!(standalone || framed) || isStyled()) {
  if (standalone) startPage(standalone);
  if (framed) startFrame(framed);
  if (!customElements.get(NAME)) customElements.define(NAME, TokenManagerElement);
}
