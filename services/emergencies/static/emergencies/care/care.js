/** The caregivers' calls: what is pressed goes through the queue, what is shown comes from the server. */

import { showBand } from "../../web/js/bands.js";
import { soundIsReady, startRinging, startSoundTest, stopRinging } from "../../web/js/sound.js";
import { toast } from "../../web/js/toast.js";
import { saySignedOut, sayWaiting } from "../../web/js/waiting.js";
import { Fresh, replace } from "../fresh.js";
import { userOf } from "./user.js";
import { Queue } from "./queue.js";
import { startSharing } from "./sharing.js";

const CARD = "[data-call], [data-alert]";
const RING_MS = 20_000;
const BUZZ_MS = [400, 200, 400, 200, 800];

const part = document.querySelector("[data-fresh]");
const below = document.querySelector("[data-fresh-below]");
const said = document.querySelector("[data-said]");
const fresh = new Fresh(part);
const queue = new Queue(userOf(part), { onChange: showWaiting, onSent: () => fresh.refresh() });
let rung = null;
let drawnBelow = null;

document.querySelector("main").addEventListener("click", ({ target }) => {
  if (part.contains(target)) stopRinging();
  const button = target.closest("[data-act]");
  if (button) act(button);
  const copier = target.closest("[data-copy]");
  if (copier) copy(copier);
});
part.addEventListener("fresh:drawn", ({ detail }) => {
  if (detail.user !== queue.user) location.reload();
  if (detail.below !== drawnBelow) replace(below, detail.below);
  drawnBelow = detail.below;
  ringForNew(detail.ringing);
  showWaiting();
});
part.addEventListener("fresh:lost", () => showBand("lost", navigator.onLine));
part.addEventListener("fresh:found", () => {
  showBand("lost", false);
  queue.flush();
});

startSoundTest();
startSharing(document.querySelector("[data-sharing]"));
fresh.start();
fresh.refresh();
queue.start();

function act(button) {
  const { act: name, minutes, outcome } = button.dataset;
  const card = button.closest(CARD);
  const note = card.querySelector("[data-note]")?.value.trim();
  const body = {
    ...(minutes && { minutes: Number(minutes) }),
    ...(outcome && { outcome }),
    ...(note && { note }),
  };
  queue.add({ ...aboutOf(card), name, body });
}

/** What a card is about, as the API names it. */
function aboutOf(card) {
  const { call, alert } = card.dataset;
  return call ? { kind: "calls", id: call } : { kind: "alerts", id: alert };
}

/** What waits is said on its card, and how many in the band. */
function showWaiting() {
  const waiting = queue.entries();
  sayWaiting("calls", waiting.length);
  saySignedOut("calls", queue.isRefused);
  for (const line of document.querySelectorAll("[data-waiting-act]")) {
    const { id } = aboutOf(line.closest(CARD));
    const entry = waiting.findLast((each) => each.id === id);
    line.hidden = !entry;
    if (entry) line.textContent = words(line, entry);
  }
}

function words(line, entry) {
  if (entry.name === "accept") return line.dataset.textAccept;
  return line.dataset.textOther.replace("{time}", clock(entry.at));
}

function clock(iso) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(iso).toLocaleTimeString(document.documentElement.lang, options);
}

/** Calls that are new to this page ring and shake the telephone; what stood there at first does not. */
function ringForNew(calls) {
  const unheard = rung === null ? [] : calls.filter((call) => !rung.has(call));
  rung = new Set(calls);
  if (!calls.length) stopRinging();
  if (!unheard.length) return;
  said.textContent = said.dataset.text;
  navigator.vibrate?.(BUZZ_MS);
  if (soundIsReady()) {
    startRinging();
    setTimeout(stopRinging, RING_MS);
  }
}

/** Pages without https have no clipboard; there the address is marked for copying by hand. */
async function copy(button) {
  const address = document.getElementById(button.dataset.copy);
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(address.textContent);
    toast(button.dataset.textDone);
    return;
  }
  getSelection().selectAllChildren(address);
}
