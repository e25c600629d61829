/**
 * Parts of a page that listen to `yian:changed` on the body are fetched anew when something that
 * the viewer may see has changed: at once for what is shared and with whom, else at most once in
 * a while, as a district tells of many things.
 */

const AT_ONCE = /^(consent|contact|guardian)\./;
const EVERY_MS = { "/ws/v1/me": 500, "/ws/v1/board": 5_000 };
const OTHERWISE_MS = 2_000;

let waiting = null;
let toldAt = -Infinity;

export function startChanged() {
  document.addEventListener("live:event", ({ detail }) => {
    if (AT_ONCE.test(detail.type)) tell();
    else soon();
  });
  document.addEventListener("live:ok", soon);
}

function soon() {
  waiting ??= setTimeout(tell, Math.max(0, toldAt + everyMs() - performance.now()));
}

function everyMs() {
  const path = document.querySelector("[data-live]")?.dataset.live;
  return EVERY_MS[path ?? (document.querySelector("[data-queue]") ? "/ws/v1/board" : "")] ?? OTHERWISE_MS;
}

function tell() {
  clearTimeout(waiting);
  waiting = null;
  toldAt = performance.now();
  document.body.dispatchEvent(new CustomEvent("yian:changed"));
}
