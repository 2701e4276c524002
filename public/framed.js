// The script of the page inside the frame.

import { defineElement, ownElement } from "./boot.js";
import { startFrame } from "./guest.js";

startFrame(ownElement());
defineElement();
