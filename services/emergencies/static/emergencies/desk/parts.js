/** Parts of the desk's pages: fetched, put in their place, and never fetched twice at once. */

import { Problem, text } from "../../web/js/http.js";
import { morphParts } from "./morph.js";

const TIMEOUT_MS = 10_000;
const PAUSE_MS = 250;

/** Fetch parts of the page and put them in. A refusal comes as parts, too, and says why. */
export async function fetchParts(url, { anew, ...options } = {}) {
  const response = await answered(url, options);
  const type = response.headers.get("Content-Type") ?? "";
  if (response.redirected || !type.startsWith("text/html") || response.status >= 500) {
    if (response.redirected) location.reload();
    throw new Problem({ status: response.status, code: "failed", detail: text("failed") });
  }
  if (response.status === 404) {
    throw new Problem({ status: 404, code: "not_found", detail: text("failed") });
  }
  morphParts(await response.text(), { anew });
  return response.ok;
}

/** What the queue says of itself, without putting it into the page. */
export async function fetchQueue(url) {
  const response = await answered(url, {});
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  return answer.getElementById("queue")?.dataset ?? {};
}

async function answered(url, options) {
  try {
    return await fetch(url, {
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...options,
      headers: { "X-Parts": "1", Accept: "text/html", ...options.headers },
    });
  } catch (error) {
    const code = error.name === "TimeoutError" ? "slow" : "offline";
    throw new Problem({ status: 0, code, detail: text(code) });
  }
}

/**
 * A function that does `work` at once, and again after a pause if it was wished for meanwhile:
 * many events within a moment are two fetches at most.
 */
export function soon(work) {
  let wished = false;
  let working = false;
  return async function wish() {
    wished = true;
    if (working) return;
    working = true;
    while (wished) {
      wished = false;
      await work().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    working = false;
  };
}
