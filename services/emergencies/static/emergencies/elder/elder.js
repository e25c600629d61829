/** The page with the red button. */

import { showBand } from "../../web/js/bands.js";
import { Problem, post } from "../../web/js/http.js";
import { toast } from "../../web/js/toast.js";
import { Fresh } from "../fresh.js";
import { startCaller } from "./caller.js";
import { startReadingAloud } from "./aloud.js";
import { Plea } from "./plea.js";
import { keepToken, keptToken } from "./token.js";

const SHOWN = "call-shown";

const part = document.querySelector("[data-fresh]");
const fresh = new Fresh(part, {
  headers: bearer,
  wanted: () => Boolean(part.dataset.live || part.dataset.showing || keptToken()),
});
const say = startReadingAloud(document.querySelector("[data-said]"));
const askWho = startCaller();
const plea = new Plea(part.dataset, { onHeard: heard });

part.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-press]")) {
    event.preventDefault();
    plea.send();
  } else if (form.matches("[data-service], [data-mistake]")) {
    event.preventDefault();
    tell(form);
  }
});
part.addEventListener("click", (event) => {
  if (event.target.closest("#back")) sessionStorage.removeItem(SHOWN);
});
part.addEventListener("fresh:drawn", ({ detail }) => {
  show(detail.showing);
  say(detail.said);
  askWho(detail.showing && detail.stage !== "over" ? detail.showing : "");
});
part.addEventListener("fresh:lost", () => showBand("lost", Boolean(part.dataset.showing)));
part.addEventListener("fresh:found", () => showBand("lost", false));

part.dataset.showing ||= sessionStorage.getItem(SHOWN) ?? "";
keepToken(part.dataset);
fresh.start();
if (keptToken() || part.dataset.showing) fresh.refresh();

/** From here on the call is committed; what the page says until it is known how it stands. */
async function heard(call) {
  show(call);
  const words = document.querySelector("[data-heard]").content.cloneNode(true);
  part.replaceChildren(words);
  fresh.drawn = null;
  const answer = await fresh.refresh();
  if (answer && !answer.showing) part.replaceChildren(words);
}

/** A call of a telephone without account is known by this tab alone, so the tab keeps it. */
function show(call) {
  part.dataset.showing = call;
  if (call) sessionStorage.setItem(SHOWN, call);
  else sessionStorage.removeItem(SHOWN);
}

async function tell(form) {
  try {
    await post(form.action, {}, { untilMs: 10_000, headers: bearer() });
    await fresh.refresh();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message, { problem: true });
  }
}

function bearer() {
  const token = keptToken();
  return token ? { Authorization: `Bearer ${token}` } : {};
}
