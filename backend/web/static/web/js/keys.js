/**
 * Shortcuts that stand on their buttons: `data-key="a"` on a button, link or field.
 *
 * Only plain letters, never while somebody types, and they can be switched off
 * (WCAG 2.1.4) by a `data-keys-switch` button; the choice is kept on this computer.
 */

const KEPT = "keys";

export function startKeys(root = document) {
  for (const button of root.querySelectorAll("[data-keys-switch]")) {
    button.addEventListener("click", () => switchKeys(!keysAreOn()));
  }
  root.addEventListener("keydown", onKey);
  switchKeys(keysAreOn());
}

function keysAreOn() {
  return localStorage.getItem(KEPT) !== "off";
}

function switchKeys(on) {
  localStorage.setItem(KEPT, on ? "on" : "off");
  document.documentElement.dataset.keys = on ? "on" : "off";
  for (const button of document.querySelectorAll("[data-keys-switch]")) {
    button.setAttribute("aria-pressed", String(on));
  }
}

function onKey(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing || !keysAreOn()) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const target = findTarget(event.key.toLowerCase());
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
}

function isTyping(element) {
  return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}

function findTarget(key) {
  const all = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
  return [...all].find((element) => element.getClientRects().length > 0);
}
