/**
 * Templates of the page, filled: `data-slot` gets a text, `data-if` hides, `data-href` leads
 * somewhere, `data-pressed` says whether a button is pressed, `data-part` holds other parts.
 */

export function make(name, slots = {}, parts = {}) {
  const made = document.getElementById(`t-${name}`).content.cloneNode(true);
  for (const each of made.querySelectorAll("[data-slot]")) {
    const text = slots[each.dataset.slot];
    each.textContent = text === false ? "" : (text ?? "");
  }
  for (const each of made.querySelectorAll("[data-if]")) each.hidden = !slots[each.dataset.if];
  for (const each of made.querySelectorAll("[data-href]")) {
    if (slots[each.dataset.href]) each.href = slots[each.dataset.href];
  }
  for (const each of made.querySelectorAll("[data-pressed]")) {
    each.setAttribute("aria-pressed", String(Boolean(slots[each.dataset.pressed])));
  }
  for (const [part, nodes] of Object.entries(parts)) {
    made.querySelector(`[data-part="${part}"]`)?.replaceChildren(...nodes);
  }
  return made;
}

/** "{n} min" with its values. */
export function said(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const language = document.documentElement.lang;

export function clock(iso, zone) {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return new Intl.DateTimeFormat(language, form).format(new Date(iso));
}

/** A day of the calendar ("2026-11-26") with its weekday. */
export function dayName(day) {
  const form = { weekday: "long", month: "long", day: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, form).format(new Date(`${day}T00:00:00Z`));
}

/** Draw a view without taking away what somebody does: typed words, what is unfolded, the focus. */
export function redraw(root, made, { isSame }) {
  const typed = isSame ? Array.from(root.querySelectorAll("[data-keep]"), ({ id, value }) => [id, value]) : [];
  const unfolded = isSame ? Array.from(root.querySelectorAll("details[open][id]"), (each) => each.id) : [];
  const asking = isSame ? Array.from(root.querySelectorAll('[aria-expanded="true"][id]'), (each) => each.id) : [];
  const focused = root.contains(document.activeElement) ? document.activeElement.id : "";
  root.replaceChildren(made);
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  for (const id of asking) unfold(document.getElementById(id), true);
  if (isSame && focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Show or hide what a button asks for: the part of its group that `data-unfolds` names. */
export function unfold(button, isOpen) {
  const part = button?.closest("[role=group]")?.querySelector(`[data-part="${button.dataset.unfolds}"]`);
  if (!part) return;
  part.hidden = !isOpen;
  button.setAttribute("aria-expanded", String(isOpen));
}
