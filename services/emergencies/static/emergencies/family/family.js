/** The family's page: answers to what is asked, done by the same doors as the caregivers'. */

import { showBand } from "../../web/js/bands.js";
import { Problem, post } from "../../web/js/http.js";
import { toast } from "../../web/js/toast.js";
import { startReadingAloud } from "../elder/aloud.js";
import { Fresh } from "../fresh.js";

const part = document.querySelector("[data-fresh]");
const fresh = new Fresh(part);
const say = startReadingAloud(document.querySelector("[data-said]"));

part.addEventListener("fresh:drawn", ({ detail }) => say(detail.said));
part.addEventListener("fresh:lost", () => showBand("lost", true));
part.addEventListener("fresh:found", () => showBand("lost", false));
part.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-act]");
  if (button) act(button);
});
fresh.start();

async function act(button) {
  const { call } = button.closest("[data-call]").dataset;
  const body = "stayInformed" in button.dataset ? { stay_informed: true } : {};
  button.setAttribute("aria-busy", "true");
  try {
    await post(`/api/v1/calls/${call}/${button.dataset.act}/`, body, { untilMs: 20_000 });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message, { problem: true });
  } finally {
    button.removeAttribute("aria-busy");
  }
  await fresh.refresh();
}
