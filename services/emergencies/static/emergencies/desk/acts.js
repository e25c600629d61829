/** What an operator does: forms and call-backs that change parts of the page without leaving it. */

import { Problem } from "../../web/js/http.js";
import { toast } from "../../web/js/toast.js";
import { fetchParts } from "./parts.js";

const DRAFT = "note:";

/**
 * `after(done, thenOpen)` runs after each act, also one that was refused; `thenOpen` is what the
 * form named as it was pressed: by then it may be another call's.
 */
export function startActs(after) {
  document.addEventListener("submit", (event) => onSubmit(event, after));
  document.addEventListener("click", (event) => onClick(event, after));
  document.addEventListener("input", keepDraft);
  document.addEventListener("keydown", sendByKey);
}

async function onSubmit(event, after) {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-act]")) return;
  event.preventDefault();
  const { thenOpen } = form.dataset;
  const done = await send(form.action, new FormData(form, event.submitter), form);
  delete form.dataset.sent;
  if (done) forgetDraft(form);
  after(done, thenOpen);
}

function onClick(event, after) {
  const caller = event.target.closest("a[data-post]");
  if (!caller) return;
  const data = new FormData();
  data.set("csrfmiddlewaretoken", document.querySelector('meta[name="csrf-token"]').content);
  send(caller.dataset.post, data, caller).then((done) => after(done));
}

async function send(url, body, element) {
  element.setAttribute("aria-busy", "true");
  try {
    return await fetchParts(url, { method: "POST", body });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message, { problem: true });
    return false;
  } finally {
    element.removeAttribute("aria-busy");
  }
}

/** A note that is being written outlives a page that loads anew. */
function keepDraft(event) {
  const form = event.target.closest("[data-draft]");
  if (form) sessionStorage.setItem(DRAFT + form.dataset.draft, event.target.value);
}

export function restoreDraft() {
  const form = document.querySelector("[data-draft]");
  if (!form) return;
  const kept = sessionStorage.getItem(DRAFT + form.dataset.draft);
  if (kept) form.elements.text.value = kept;
}

function forgetDraft(form) {
  if (!form.dataset.draft) return;
  sessionStorage.removeItem(DRAFT + form.dataset.draft);
  form.reset();
}

function sendByKey(event) {
  const form = event.target.closest("[data-draft]");
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
}
