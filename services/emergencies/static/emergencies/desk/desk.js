/**
 * The board: live, by keyboard, and never moving what is being read.
 *
 * An event of the journal only says that something changed; the queue and the open call are then
 * fetched from the server as they are, and morphed into the page.
 */

import { hideBand, showBand } from "../../web/js/bands.js";
import { Live } from "../../web/js/live.js";
import { drawMap } from "../../web/js/map.js";
import { soundIsReady } from "../../web/js/sound.js";
import { toast } from "../../web/js/toast.js";
import { restoreDraft, startActs } from "./acts.js";
import { fetchParts, soon } from "./parts.js";
import { minTheQueue } from "./ringing.js";

const BANDS_EVERY_MS = 15_000;
const WHEREABOUTS_EVERY_MS = 10_000;

const desk = document.querySelector("[data-desk]");
const chosen = () => document.getElementById("call").dataset.of;

const refreshQueue = soon(async () => {
  await fetchParts(`${desk.dataset.queue}?chosen=${chosen()}`);
  minTheQueue();
});
const refreshBands = soon(() => fetchParts(desk.dataset.bands));
const refreshCall = soon(async () => {
  const { parts } = document.getElementById("call").dataset;
  if (!parts) return;
  const column = document.getElementById("around");
  const atEnd = column.scrollTop + column.clientHeight >= column.scrollHeight - 4;
  await fetchParts(parts);
  drawMaps();
  if (atEnd) column.scrollTop = column.scrollHeight;
});

const refreshWhereabouts = soon(async () => {
  const { whereabouts } = document.getElementById("call").dataset;
  if (!whereabouts || document.hidden) return;
  await fetchParts(whereabouts);
  drawMaps();
});
/** Somebody found out who it is: all of the sheet may have changed, the note being written stays. */
const refreshSheet = soon(async () => {
  await fetchParts(location.href);
  drawMaps();
});

document.body.dataset.deskTitle = document.title;
const live = new Live("/ws/v1/board", {
  since: Number(desk.dataset.since),
  proof: () => ({ sound: soundIsReady() }),
});
document.addEventListener("live:event", ({ detail }) => onEvent(detail));
document.addEventListener("live:stale", () => showBand("stale"));
document.addEventListener("live:ok", () => {
  hideBand("stale");
  refreshBands();
});
live.start();
setInterval(refreshBands, BANDS_EVERY_MS);
setInterval(refreshWhereabouts, WHEREABOUTS_EVERY_MS);

startActs((done, thenOpen) => {
  refreshQueue();
  if (done && thenOpen) open(thenOpen);
  else keepFocus();
});
document.addEventListener("click", onClick);
window.addEventListener("popstate", () => open(location.href, { remember: false }));
settle();
minTheQueue();

function onEvent({ type, id }) {
  const [kind] = type.split(".");
  if (kind === "call" || kind === "alert" || kind === "watch" || kind === "phone") refreshQueue();
  if (kind === "watch" || kind === "provider") refreshBands();
  if (id === chosen()) (type === "call.identified" ? refreshSheet : refreshCall)();
  if (type === "call.pressed_again") onPressedAgain(id);
}

function onPressedAgain(id) {
  const name = document.querySelector(`#row-${CSS.escape(id)} .row__title`)?.textContent ?? "";
  toast(desk.dataset.textPressedAgain.replace("{name}", name));
}

function onClick(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-open]");
  if (link) {
    event.preventDefault();
    open(link.href);
  }
  const mover = event.target.closest("[data-move]");
  if (mover) moveInQueue(Number(mover.dataset.move));
  const goer = event.target.closest("[data-goto]");
  if (goer) goTo(document.getElementById(goer.dataset.goto));
}

/** Another call in the columns, under its own address; the queue and the live stream stay. */
async function open(url, { remember = true } = {}) {
  try {
    await fetchParts(url, { anew: ["call", "around"] });
  } catch {
    location.assign(url);
    return;
  }
  if (remember) history.pushState(null, "", url);
  settle();
  minTheQueue();
  document.getElementById("call-title").focus();
}

function settle() {
  drawMaps();
  globalThis.htmx?.process(document.getElementById("call"));
  restoreDraft();
}

function drawMaps() {
  document.querySelectorAll("[data-map]").forEach(drawMap);
}

function moveInQueue(by) {
  const rows = [...document.querySelectorAll("#queue a[data-open]")];
  const at = rows.indexOf(document.activeElement);
  const current = at < 0 ? rows.findIndex((row) => row.getAttribute("aria-current")) : at;
  rows[Math.min(Math.max(current + by, 0), rows.length - 1)]?.focus();
}

function goTo(section) {
  (section.querySelector("[data-ask]") ?? section.querySelector("h2")).focus();
}

/** When the button that was pressed is gone, the next one is under the hand. */
function keepFocus() {
  if (document.activeElement && document.activeElement !== document.body) return;
  (document.querySelector("#call [data-primary]") ?? document.getElementById("call-title")).focus();
}
