/**
 * Buttons that ask twice without a dialogue: `data-confirm="Really end this call?"`.
 *
 * The first press shows the question on the button itself, a second one within the time does it.
 * A double click is one press, and Escape or pressing elsewhere takes the question back.
 */

const ASKED_MS = 6_000;
const DOUBLE_CLICK_MS = 500;

let asking = null;

export function startConfirm(root = document) {
  root.addEventListener("click", onClick, { capture: true });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") calm();
  });
}

function onClick(event) {
  const button = event.target.closest("[data-confirm]");
  if (asking && asking.button !== button) calm();
  if (!button) return;
  if (asking && event.timeStamp - asking.since >= DOUBLE_CLICK_MS) {
    calm();
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!asking) ask(button, event.timeStamp);
}

function ask(button, since) {
  asking = { button, since, was: [...button.childNodes], timer: setTimeout(calm, ASKED_MS) };
  button.dataset.armed = "";
  button.setAttribute("aria-live", "assertive");
  button.replaceChildren(button.dataset.confirm);
}

function calm() {
  if (!asking) return;
  const { button, was, timer } = asking;
  clearTimeout(timer);
  delete button.dataset.armed;
  button.removeAttribute("aria-live");
  button.replaceChildren(...was);
  asking = null;
}
