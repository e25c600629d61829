/** The installed app: its service worker, and the band that says there is no network. */

import { showBand } from "./bands.js";

/** Registers the worker that `<html data-worker data-worker-scope>` names. */
export function startWorker() {
  const { worker, workerScope } = document.documentElement.dataset;
  if (!worker || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(worker, { scope: workerScope, updateViaCache: "none" });
  navigator.serviceWorker.ready.then(({ active }) => {
    active.postMessage({ language: document.documentElement.lang });
  });
}

/** A computer that says it is online may still reach nobody; http.js says that per request. */
export function watchNetwork() {
  const say = () => showBand("offline", !navigator.onLine);
  window.addEventListener("online", say);
  window.addEventListener("offline", say);
  say();
}
