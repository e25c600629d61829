/**
 * Brings a part of the page to what the server says, touching only what differs.
 *
 * What somebody is doing stays: the focus, typed text, what they unfolded, and where a list was
 * scrolled to, and what was drawn on a map. Children are matched by id, else by their place among those without one.
 */

const THEIRS = { DETAILS: ["open"], BUTTON: ["data-armed", "aria-live"] };

/**
 * Puts the parts of an answer in the place of those with the same id.
 *
 * A part that is `data-of` another call than the one now shown came too late and is dropped;
 * those named in `anew` take the place of whatever was there.
 */
export function morphParts(html, { anew = [] } = {}) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement;
  for (const part of [...answer.body.children]) {
    const old = document.getElementById(part.id);
    if (!old) continue;
    if (anew.includes(part.id)) old.replaceWith(document.importNode(part, true));
    else if (old.dataset.of === part.dataset.of) morph(old, part);
  }
  if (focused.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

export function morph(old, next) {
  if (old.isEqualNode(next) || "armed" in (old.dataset ?? {}) || "map" in (old.dataset ?? {})) return;
  morphAttributes(old, next);
  if (old.nodeName !== "TEXTAREA") morphChildren(old, next);
}

function morphAttributes(old, next) {
  const theirs = THEIRS[old.nodeName] ?? [];
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !theirs.includes(name)) old.removeAttribute(name);
  }
}

function morphChildren(old, next) {
  const named = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let place = old.firstChild;
  for (const wanted of [...next.childNodes]) {
    const match = wanted.id ? named.get(wanted.id) : unnamed(place, wanted);
    if (!match) {
      old.insertBefore(document.importNode(wanted, true), place);
      continue;
    }
    place = removeUntil(old, place, match, next);
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    if (match.nodeType !== Node.ELEMENT_NODE) match.nodeValue = wanted.nodeValue;
    else morph(match, wanted);
  }
  while (place) place = removed(old, place);
}

/** The child at the place or right behind it that is of the same sort and has no id either. */
function unnamed(place, wanted) {
  for (let child = place; child && !child.id; child = child.nextSibling) {
    if (child.nodeName === wanted.nodeName) return child;
  }
  return null;
}

/** Takes away what stands before the match and is not wanted further down. */
function removeUntil(parent, place, match, next) {
  let at = place;
  while (at && at !== match && !(at.id && next.querySelector(`#${CSS.escape(at.id)}`))) {
    at = removed(parent, at);
  }
  return at;
}

function removed(parent, child) {
  const after = child.nextSibling;
  child.remove();
  return after;
}
