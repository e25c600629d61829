/** Pages of the desk beside the board: they ring as well, and show the way to the board. */

import { hideBand, showBand } from "../../web/js/bands.js";
import { Live } from "../../web/js/live.js";
import { soundIsReady, startRinging, stopRinging } from "../../web/js/sound.js";
import { fetchQueue, soon } from "./parts.js";

const { since, queue } = document.getElementById("elsewhere").dataset;

const look = soon(async () => {
  const { rings, caller, callerPage } = await fetchQueue(queue);
  showBand("rings", Number(rings) > 0);
  sayWhoIsOnThePhone(caller, callerPage);
  if (Number(rings)) startRinging();
  else stopRinging();
});

function sayWhoIsOnThePhone(words, page) {
  const text = document.querySelector("[data-caller-text]");
  const link = document.querySelector("[data-caller-link]");
  showBand("caller", Boolean(words));
  if (text.textContent !== (words ?? "")) text.textContent = words ?? "";
  link.hidden = !page;
  if (page) link.href = page;
}

document.addEventListener("live:event", ({ detail }) => {
  if (/^(call|phone)\./.test(detail.type)) look();
});
document.addEventListener("live:stale", () => showBand("stale"));
document.addEventListener("live:ok", () => {
  hideBand("stale");
  look();
});
new Live("/ws/v1/board", { since: Number(since), proof: () => ({ sound: soundIsReady() }) }).start();
