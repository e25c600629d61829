/** Where this caregiver is, told while the page is open and only where they switched it on. */

import { Problem, post } from "../../web/js/http.js";

const KEPT = "share-position";
const EVERY_MS = 60_000;

export function startSharing(box) {
  const choice = box.querySelector("[data-sharing-switch]");
  const state = box.querySelector("[data-sharing-state]");
  let watch = null;
  let toldAt = -EVERY_MS;

  async function tell({ coords, timestamp }) {
    if (performance.now() - toldAt < EVERY_MS) return;
    toldAt = performance.now();
    const at = new Date(timestamp).toISOString();
    try {
      await post(box.dataset.sharing, { lat: coords.latitude, lon: coords.longitude, at });
      say(box.dataset.textOn.replace("{time}", new Date().toLocaleTimeString(lang(), HOUR)));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      toldAt = -EVERY_MS;
    }
  }

  function say(words) {
    state.textContent = words;
  }

  function follow() {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
    if (!choice.checked) return say(box.dataset.textOff);
    watch = navigator.geolocation.watchPosition(tell, () => say(box.dataset.textRefused), {
      enableHighAccuracy: true,
      maximumAge: EVERY_MS,
    });
    return undefined;
  }

  if (!("geolocation" in navigator)) {
    box.hidden = true;
    return;
  }
  choice.checked = Boolean(localStorage.getItem(KEPT));
  choice.addEventListener("change", () => {
    localStorage.setItem(KEPT, choice.checked ? "1" : "");
    follow();
  });
  follow();
}

const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

function lang() {
  return document.documentElement.lang;
}
