// The script for other pages, which `embed.js` loads.

import { defineElement } from "./boot.js";

defineElement();
