// The one script of the app: defines `<dcd-token-manager>` and runs the app's own pages.

import { TokenManagerElement } from "./element.js";
import { startFrame } from "./guest.js";
import { startPage } from "./host.js";

const NAME = "dcd-token-manager";
const standalone = document.querySelector(`${NAME}[data-standalone]`);
const framed = document.querySelector(`${NAME}[data-framed]`);

// Without its style the page would be a heap of boxes: an altered or missing style leaves the
// static message, which nothing hides then. Some browsers give a refused style an empty sheet, and
// some run this script before the style that stands above it is there.
async function isStyled() {
  const links = [...document.querySelectorAll("link[rel=stylesheet]")];
  await Promise.all(links.map((link) => link.sheet ?? settled(link)));
  return links.every(({ sheet }) => sheet?.cssRules.length);
}

function settled(link) {
  return new Promise((resolve) => {
    for (const event of ["load", "error"]) link.addEventListener(event, resolve);
  });
}

function start() {
  if (standalone) startPage(standalone);
  if (framed) startFrame(framed);
  if (!customElements.get(NAME)) customElements.define(NAME, TokenManagerElement);
}

if (!(standalone || framed)) start();
else if (await isStyled()) start();
