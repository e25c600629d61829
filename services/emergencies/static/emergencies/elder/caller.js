/** After a press of somebody unknown: name, telephone and place, for whoever wants to say them. */

import { Problem, post, text } from "../../web/js/http.js";
import { toast } from "../../web/js/toast.js";
import { findPlace } from "./place.js";

const ANY_CALL = "00000000-0000-0000-0000-000000000000";

/** Returns a function of the call's id that shows the form, or hides it for "". */
export function startCaller() {
  const box = document.querySelector("[data-caller]");
  if (!box) return () => {};
  const form = box.querySelector("[data-caller-form]");
  const told = box.querySelector("[data-caller-told]");
  let call = "";

  async function tell(words) {
    told.textContent = "";
    try {
      await post(box.dataset.address.replace(ANY_CALL, call), words, { untilMs: 15_000 });
      told.textContent = told.dataset.text;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      toast(problem.message, { problem: true });
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(Object.fromEntries(new FormData(form)));
  });
  form.querySelector("[data-caller-place]").addEventListener("click", async ({ currentTarget }) => {
    const position = await findPlace();
    if (position) tell({ position });
    else toast(currentTarget.dataset.textUnknown, { problem: true });
  });
  return (shown) => {
    call = shown;
    box.hidden = !shown;
  };
}
