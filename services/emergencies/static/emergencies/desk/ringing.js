/** The ring of the desk: a sound and a line in the title while nobody has taken a call. */

import { startRinging, stopRinging } from "../../web/js/sound.js";

let known = null;

/** Look at the queue as it stands now: ring, be still, and say what is new. */
export function minTheQueue() {
  const { rings, newest, title } = document.getElementById("queue").dataset;
  const calls = new Set(newest.split(" ").filter(Boolean));
  const isNew = known !== null && [...calls].some((call) => !known.has(call));
  known = calls;
  document.title = title || document.getElementById("call").dataset.title || document.body.dataset.deskTitle;
  if (isNew) document.querySelector("[data-announce]").textContent = title;
  if (Number(rings)) startRinging();
  else stopRinging();
}
