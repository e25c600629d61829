/**
 * What was pressed and is not confirmed yet, kept on this phone with its time until it is.
 *
 * Entries are sent one after the other, each under its own key, so that sending again does nothing
 * twice. A refusal ends an entry and is said. That somebody goes is only true when the server says
 * so: an acceptance that could not be sent is given up after two minutes.
 */

import { Problem, newKey, post } from "../../web/js/http.js";
import { serverNow } from "../../web/js/ticking.js";
import { toast } from "../../web/js/toast.js";

const KEPT = "care-acts";
const AGAIN_MS = 5_000;
const ACCEPT_WAITS_MS = 120_000;
const SIGNED_OUT = [401, 403];

export class Queue {
  /** `user`: a shared telephone sends nobody else's entries. */
  constructor(user, { onChange, onSent }) {
    this.user = user;
    this.onChange = onChange;
    this.onSent = onSent;
    this.isSending = false;
    this.isRefused = false;
  }

  start() {
    window.addEventListener("online", () => this.flush());
    setInterval(() => this.flush(), AGAIN_MS);
    this.flush();
  }

  entries() {
    return kept().filter((entry) => entry.user === this.user);
  }

  /** `kind`, `id` and `name` as the API's addresses have them: calls, a call's id, accept. */
  add({ kind, id, name, body }) {
    const again = this.entries().some((entry) => entry.id === id && entry.name === name);
    if (again) return;
    const at = new Date(serverNow()).toISOString();
    keep([...kept(), { user: this.user, key: newKey(), at, kind, id, name, body }]);
    this.onChange();
    this.flush();
  }

  async flush() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let entry = this.entries()[0]; entry; entry = this.entries()[0]) {
        if (!(await this.#send(entry))) break;
      }
    } finally {
      this.isSending = false;
      this.onChange();
    }
  }

  /** Whether the entry is done with, so that the next one may follow. */
  async #send(entry) {
    if (entry.name === "accept" && serverNow() - Date.parse(entry.at) > ACCEPT_WAITS_MS) {
      this.#drop(entry);
      toast(document.body.dataset.textOffline, { problem: true });
      return true;
    }
    try {
      const body = { ...entry.body, at: entry.at };
      await post(`/api/v1/${entry.kind}/${entry.id}/${entry.name}/`, body, { key: entry.key });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      return this.#failed(entry, problem);
    }
    this.isRefused = false;
    this.#drop(entry);
    this.onSent();
    return true;
  }

  #failed(entry, problem) {
    this.isRefused = SIGNED_OUT.includes(problem.status);
    if (this.isRefused || problem.status === 0 || problem.status >= 500) return false;
    this.#drop(entry);
    toast(problem.message, { problem: true });
    this.onSent();
    return true;
  }

  #drop(entry) {
    keep(kept().filter((each) => each.key !== entry.key));
    this.onChange();
  }
}

/** At sign-out nothing of somebody stays on the telephone. */
export function forgetEntries(user) {
  keep(kept().filter((entry) => entry.user !== user));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

function keep(entries) {
  localStorage.setItem(KEPT, JSON.stringify(entries));
}
