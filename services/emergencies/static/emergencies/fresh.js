/**
 * A part of the page kept as the server would draw it now: `<section data-fresh="address">`.
 *
 * The live stream says when to look (`data-live`, `data-since`); without it the part looks every
 * five seconds. The answer is {"html", "showing"?, "said"?, "since"?}. Events on the part: fresh:drawn
 * (detail: the answer), after the part was drawn anew, fresh:lost and fresh:found.
 */

import { Live } from "../web/js/live.js";
import { get } from "../web/js/http.js";

const POLL_MS = 5_000;
const SELDOM_MS = 30_000;
const PATIENCE_MS = 8_000;

export class Fresh {
  /**
   * `headers`: what every question carries, such as a token; `wanted`: whether there is anything
   * to look for when nobody says so.
   */
  constructor(part, { headers = () => ({}), wanted = () => true } = {}) {
    this.part = part;
    this.headers = headers;
    this.wanted = wanted;
    this.drawn = null;
    this.asking = null;
    this.next = null;
    this.askedAt = performance.now();
    this.isLive = false;
    this.isLost = false;
    this.isFollowing = false;
    this.finger = new Finger(part);
  }

  start() {
    const { live, since } = this.part.dataset;
    if (live && since) this.#follow(live, Number(since));
    setInterval(() => this.#poll(), 1_000);
    document.addEventListener("visibilitychange", () => this.#poll());
    window.addEventListener("online", () => this.refresh());
  }

  /** The state from now on: while an answer is on its way, another question follows it. */
  refresh() {
    if (!this.asking) {
      this.asking = this.#ask().finally(() => {
        this.asking = null;
      });
      return this.asking;
    }
    this.next ??= this.asking.then(() => {
      this.next = null;
      return this.refresh();
    });
    return this.next;
  }

  #follow(path, since) {
    this.isFollowing = true;
    const stream = new Live(path, { since, target: this.part });
    this.part.addEventListener("live:event", () => this.refresh());
    this.part.addEventListener("live:ok", () => {
      this.isLive = true;
      this.refresh();
    });
    this.part.addEventListener("live:stale", () => {
      this.isLive = false;
    });
    for (const name of ["live:reset", "live:signed-out"]) {
      this.part.addEventListener(name, (event) => {
        event.preventDefault();
        this.isLive = false;
        this.refresh();
      });
    }
    stream.start();
  }

  /** A page that the telephone kept learns only now from where on to listen. */
  #followAt(since) {
    const { live } = this.part.dataset;
    if (this.isFollowing || !live || since === undefined) return;
    this.#follow(live, since);
  }

  #poll() {
    const waitMs = this.isLive ? SELDOM_MS : POLL_MS;
    const isDue = performance.now() - this.askedAt >= waitMs;
    if (isDue && !document.hidden && this.wanted()) this.refresh();
  }

  async #ask() {
    this.askedAt = performance.now();
    const address = new URL(this.part.dataset.fresh, location.href);
    if (this.part.dataset.showing) address.searchParams.set("showing", this.part.dataset.showing);
    try {
      const answer = await get(address, { headers: this.headers(), timeoutMs: PATIENCE_MS });
      this.#found(true);
      this.#followAt(answer.since);
      await this.#draw(answer);
      return answer;
    } catch {
      this.#found(false);
      return null;
    }
  }

  /** Not under somebody's finger: the press would fall on nothing. */
  async #draw(answer) {
    await this.finger.isUp();
    if (answer.html !== this.drawn) {
      this.drawn = answer.html;
      replace(this.part, answer.html);
    }
    this.part.dispatchEvent(new CustomEvent("fresh:drawn", { detail: answer }));
  }

  #found(found) {
    if (this.isLost === !found) return;
    this.isLost = !found;
    this.part.dispatchEvent(new CustomEvent(found ? "fresh:found" : "fresh:lost"));
  }
}

/** Whether somebody is pressing on a part at this moment. */
class Finger {
  constructor(part) {
    this.up = Promise.resolve();
    part.addEventListener("pointerdown", () => {
      this.up = new Promise((resolve) => {
        const release = () => setTimeout(resolve);
        window.addEventListener("pointerup", release, { once: true });
        window.addEventListener("pointercancel", release, { once: true });
      });
    });
  }

  isUp() {
    return this.up;
  }
}

/** What other packages filled by themselves (web/parts/panels.html) stays as it is. */
function panelsOf(part) {
  return Array.from(part.querySelectorAll("[data-panel]"));
}

/** Draw anew without taking away what somebody does: focus, typed words, what is unfolded stay. */
export function replace(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const unfolded = Array.from(part.querySelectorAll("details[open][id]"), (each) => each.id);
  const typed = Array.from(part.querySelectorAll("input[id][data-note]"), ({ id, value }) => [id, value]);
  const panels = new Map(panelsOf(part).map((panel) => [panel.getAttribute("hx-get"), panel]));
  part.innerHTML = html;
  for (const panel of panelsOf(part)) {
    const kept = panels.get(panel.getAttribute("hx-get"));
    if (kept) panel.replaceWith(kept);
    else globalThis.htmx?.process(panel);
  }
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
