/** What every page of the staff's console does besides: shortcuts, sound test, htmx errors. */

import { startKeys } from "./keys.js";
import { startSoundTest } from "./sound.js";
import { text } from "./http.js";
import { toast } from "./toast.js";

startKeys();
startSoundTest();

document.addEventListener("htmx:sendError", () => toast(text("offline"), { problem: true }));
document.addEventListener("htmx:timeout", () => toast(text("slow"), { problem: true }));
document.addEventListener("htmx:responseError", (event) => {
  toast(problemText(event.detail.xhr), { problem: true });
});

function problemText(answer) {
  const type = answer.getResponseHeader("Content-Type") ?? "";
  if (!type.startsWith("application/problem+json")) return text("failed");
  return JSON.parse(answer.responseText).detail || text("failed");
}
