// The journey that is measured, written by hand in plain JavaScript: same page, same style, same
// elements, as fast as is sensible. It is what the app is compared with, and never shipped.

import { startPage } from "../../../public/host.js";
import { Panel } from "./panel.js";

startPage(document.querySelector("dcd-token-manager"));
customElements.define("dcd-token-manager", Panel);
