// The journey that is measured, written with React: for comparison only, and never shipped.

import { createRoot } from "react-dom/client";
import { startPage } from "../../../public/host.js";
import panelStyle from "../../../style/panel.css";
import { Panel } from "./panel.jsx";

const style = new CSSStyleSheet();
style.replaceSync(panelStyle);

class PanelElement extends HTMLElement {
  session = null;

  async connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    const container = document.createElement("div");
    container.className = "dcd";
    container.append(document.createElement("slot"));
    root.append(container);
    // The page has set this before the element was defined.
    const settings = await this.settings;
    createRoot(container).render(<Panel settings={settings} />);
  }

  signOut() {
    location.reload();
  }
}

startPage(document.querySelector("dcd-token-manager"));
customElements.define("dcd-token-manager", PanelElement);
