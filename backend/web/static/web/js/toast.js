/** Short messages in the row kept for them at the end of the page. Problems stay until closed. */

const STAYS_MS = 8_000;

export function toast(message, { problem = false } = {}) {
  const element = document.createElement("div");
  element.className = problem ? "toast toast--problem" : "toast";
  element.append(words(message), closer(element));
  document.querySelector("[data-toasts]").append(element);
  if (!problem) setTimeout(() => element.remove(), STAYS_MS);
  return element;
}

function words(message) {
  const element = document.createElement("p");
  element.className = "toast__text";
  element.textContent = message;
  return element;
}

function closer(element) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.textContent = document.body.dataset.textClose;
  button.addEventListener("click", () => element.remove());
  return button;
}
