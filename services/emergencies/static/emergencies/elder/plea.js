/**
 * A press of the red button on its way, until somebody has confirmed it.
 *
 * It is sent again and again under one key. After five seconds without an answer the page says so
 * and names the telephone; nothing is shown as done before the server said it.
 */

import { Problem, newKey, post } from "../../web/js/http.js";
import { whereIAm } from "./place.js";
import { keptToken } from "./token.js";

const UNSENT_AFTER_MS = 5_000;
const ATTEMPT_MS = 4_000;
const BETWEEN_MS = 1_500;

export class Plea {
  /** `sos`: the door without login; `help`: the page's own, for a session without token. */
  constructor({ sos, help }, { onHeard }) {
    this.doors = { sos, help };
    this.onHeard = onHeard;
    this.isOnTheWay = false;
    this.hurry = () => {};
    this.panel = document.querySelector("[data-sending]");
    window.addEventListener("online", () => this.hurry());
  }

  /** Pressed again while it is on the way: it is tried again at once. */
  async send() {
    if (this.isOnTheWay) {
      this.hurry();
      return;
    }
    this.isOnTheWay = true;
    this.#show(true);
    const late = setTimeout(() => this.#sayUnsent(), navigator.onLine ? UNSENT_AFTER_MS : 0);
    const call = await this.#untilHeard();
    clearTimeout(late);
    this.isOnTheWay = false;
    this.#show(false);
    this.onHeard(call);
  }

  async #untilHeard() {
    const key = newKey();
    for (let attempt = 1; ; attempt += 1) {
      this.#count(attempt);
      try {
        return await this.#attempt(key);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        await this.#pause();
      }
    }
  }

  async #attempt(key) {
    const options = { key, timeoutMs: ATTEMPT_MS };
    const token = keptToken();
    if (this.doors.help && !token) {
      try {
        return (await post(this.doors.help, {}, options)).call;
      } catch (problem) {
        if (problem.status === 0 || problem.status >= 500) throw problem;
        // The session has ended: an unproven call is better than none.
      }
    }
    const position = whereIAm();
    const body = { ...(token && { token }), ...(position && { position }) };
    return (await post(this.doors.sos, body, options)).call;
  }

  #pause() {
    return new Promise((resolve) => {
      this.hurry = resolve;
      setTimeout(resolve, BETWEEN_MS);
    });
  }

  #show(shown) {
    this.panel.hidden = !shown;
    this.#unsent(false);
  }

  #sayUnsent() {
    if (!this.isOnTheWay) return;
    this.#unsent(true);
    this.panel.scrollIntoView({ block: "start" });
  }

  #unsent(unsent) {
    this.panel.querySelector("[data-unsent]").hidden = !unsent;
    this.panel.querySelector("[data-sending-calm]").hidden = unsent;
    this.panel.querySelector("[data-attempt]").hidden = !unsent;
  }

  #count(attempt) {
    const line = this.panel.querySelector("[data-attempt]");
    line.textContent = line.dataset.text.replace("{n}", attempt);
  }
}
