/** Draws the maps of a page that has nothing else to run. */

import { drawMap } from "./map.js";

document.querySelectorAll("[data-map]").forEach(drawMap);
