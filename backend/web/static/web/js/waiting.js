/**
 * The band that says how much waits on this phone: `<div data-band="waiting">` with a
 * `data-waiting-text` that carries `data-text-offline` and `data-text-online`, "{n}" in each.
 *
 * Several queues of a page count together. Where the band speaks, the one without a number is still.
 */

import { showBand } from "./bands.js";

const counts = new Map();
const signedOut = new Set();

export function sayWaiting(queue, count) {
  counts.set(queue, count);
  draw();
}

/** A queue that was told to sign in first shows the band "signed-out" until it was not. */
export function saySignedOut(queue, isOut) {
  if (isOut) signedOut.add(queue);
  else signedOut.delete(queue);
  showBand("signed-out", signedOut.size > 0);
}

export function waitingCount() {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}

function draw() {
  const words = document.querySelector("[data-waiting-text]");
  const count = waitingCount();
  const { textOffline, textOnline } = words.dataset;
  words.textContent = (navigator.onLine ? textOnline : textOffline).replace("{n}", count);
  showBand("waiting", count > 0);
  showBand("offline", count === 0 && !navigator.onLine);
}

for (const event of ["online", "offline"]) {
  window.addEventListener(event, () => setTimeout(() => counts.size && draw()));
}
