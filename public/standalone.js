// The script of the standalone page.

import { defineElement, ownElement } from "./boot.js";
import { startPage } from "./host.js";

startPage(ownElement());
defineElement();
