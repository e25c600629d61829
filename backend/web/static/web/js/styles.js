/** The living style page: its map, its messages, and the console's behaviour on every look. */

import { drawMap } from "./map.js";
import { startKeys } from "./keys.js";
import { startSoundTest } from "./sound.js";
import { toast } from "./toast.js";

document.querySelectorAll("[data-map]").forEach(drawMap);
document.querySelectorAll("[data-sample-toast]").forEach((button) => {
  button.addEventListener("click", () => toast(button.dataset.sampleToast, { problem: true }));
});
if (!document.querySelector("[data-keys-switch]")) {
  startKeys();
  startSoundTest();
}
