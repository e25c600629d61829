/**
 * What was done and the server does not have yet: sent one after the other, in order, each under a
 * key of its own with the time of the act, and with the same content however often it is sent.
 *
 * No answer, a failing server and a session that ended leave everything as it is. A refusal puts
 * its act aside, with the server's words, until somebody decides; the others go on.
 */

import { Problem, newKey, post } from "../../web/js/http.js";
import { serverNow } from "../../web/js/ticking.js";

const AGAIN_MS = 5_000;
const LATE_MS = 30_000;
const SET_BACK_MS = 5_000;
/** The clock is the server's, known to the second: it may step back by a few after a restart. */
const FAILURES_MAX = 5;
/** So often the server may break on one act before the others go on without it. */
export const SIGNED_OUT = [401, 403];
const LATER = [0, 408, 425, 429];
const CHECKS = ["check-in", "check-out"];

export class ActQueue {
  constructor(store, { user, onChange, onSent, onUnkept }) {
    this.store = store;
    this.user = user;
    this.onChange = onChange;
    this.onSent = onSent;
    this.onUnkept = onUnkept;
    this.acts = [];
    this.unkept = 0;
    this.isSignedOut = false;
    this.sending = null;
    this.restUntil = 0;
  }

  async start() {
    this.acts = await this.store.acts(this.user);
    window.addEventListener("online", () => this.flush({ now: true }));
    setInterval(() => this.flush(), AGAIN_MS);
    this.onChange();
    this.flush();
  }

  in(state) {
    return this.acts.filter((act) => act.state === state);
  }

  /** `about`: {who, time}, for a list that outlives the day. Kept before anything else happens. */
  async add({ kind, visit = null, path, body = {}, about, at = nowIso() }) {
    const act = { user: this.user, key: newKey(), at: this.#after(at), kind, visit, path, body, about };
    const kept = await this.#keep({ ...act, state: "waiting", wasOnline: navigator.onLine });
    this.acts.push(kept);
    this.onChange();
    this.flush();
    return kept;
  }

  /** Acts keep their order though the clock is set back by a second, as after a restart without network. */
  #after(at) {
    const last = Math.max(...this.acts.map((act) => Date.parse(act.at)));
    const isBack = last - Date.parse(at) > 0 && last - Date.parse(at) < SET_BACK_MS;
    return isBack ? new Date(last + 1).toISOString() : at;
  }

  /** Where the telephone keeps nothing more, an act lasts as long as the page, and is sent all the same. */
  async #keep(act) {
    try {
      return await this.store.add(act);
    } catch (error) {
      console.warn(error);
      this.onUnkept();
      this.unkept += 1;
      return { ...act, id: -this.unkept };
    }
  }

  /** Send a refused act once more; the server kept nothing of it, so its key is free. */
  async again(id) {
    const act = this.acts.find((each) => each.id === id);
    await this.#change(act, { state: "waiting", problem: null });
    this.flush({ now: true });
  }

  async discard(id) {
    await this.store.remove(id);
    this.acts = this.acts.filter((act) => act.id !== id);
    this.onChange();
  }

  /** The acts that a day asked for at `askedAt` has in it. */
  sentBefore(askedAt) {
    return this.in("sent").filter((act) => act.sentAt < askedAt);
  }

  forget(acts) {
    const ids = new Set(acts.map((act) => act.id));
    this.acts = this.acts.filter((act) => !ids.has(act.id));
  }

  flush({ now = false } = {}) {
    if (now) this.restUntil = 0;
    if (performance.now() < this.restUntil) return this.sending;
    this.sending ??= this.#alone(() => this.#sendAll()).finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  /** Two windows of one telephone do not send at the same time; if they did, the keys would tell. */
  async #alone(send) {
    if (!navigator.locks) return send();
    return navigator.locks.request(`care-acts ${this.user}`, { ifAvailable: true }, (lock) =>
      lock ? send() : null,
    );
  }

  async #sendAll() {
    let sent = 0;
    for (let act = this.in("waiting")[0]; act; act = this.in("waiting")[0]) {
      if (!(await this.#send(act))) break;
      sent += 1;
    }
    if (sent) this.onSent();
  }

  /** Whether the next one may follow. */
  async #send(act) {
    // What is sent is settled before the first attempt: under one key goes one content.
    if (!act.sends) await this.#change(act, { sends: contentOf(act) });
    try {
      await post(act.path, act.sends, { key: act.key });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      return this.#failed(act, problem);
    }
    this.isSignedOut = false;
    await this.#change(act, { state: "sent", sentAt: Date.now() });
    return true;
  }

  async #failed(act, { status, code, message, retryAfterMs }) {
    this.isSignedOut = SIGNED_OUT.includes(status);
    const failures = status === 500 ? (act.failures ?? 0) + 1 : 0;
    const isOurs = status >= 500 && failures < FAILURES_MAX;
    if (this.isSignedOut || LATER.includes(status) || isOurs) {
      this.restUntil = performance.now() + (retryAfterMs ?? 0);
      await this.#change(act, { failures });
      return false;
    }
    await this.#change(act, { state: "refused", problem: { status, code, detail: message } });
    return true;
  }

  async #change(act, changes) {
    Object.assign(act, changes);
    try {
      await this.store.change(act);
    } catch (error) {
      console.warn(error);
      this.onUnkept();
    }
    this.onChange();
  }
}

export function nowIso() {
  return new Date(serverNow()).toISOString();
}

export function isCheck(act) {
  return CHECKS.includes(act.kind);
}

function contentOf({ kind, body, key, at, wasOnline }) {
  const content = { ...body, key, at };
  if (!CHECKS.includes(kind)) return content;
  const isLate = serverNow() - Date.parse(at) > LATE_MS;
  return { ...content, offline: isLate || !wasOnline };
}
