/**
 * What this telephone keeps: the day as the server last told it, and everything that was done, in
 * its order, until the server has it. It outlives reloads and restarts, and is emptied at sign-out.
 *
 * An act is {id, user, key, at, kind, visit, path, body, about, state, …}; `id` is its place in the
 * order, `state` "waiting", "sent" (not in the day yet) or "refused".
 */

const NAME = "yian-care";
const KEPT = "kept";
const ACTS = "acts";

/** A store; where the browser keeps nothing, one that lasts as long as the page (`isLasting`). */
export async function openStore() {
  try {
    return new Store(await opened());
  } catch {
    return new PageStore();
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEPT);
      request.result.createObjectStore(ACTS, { keyPath: "id", autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

class Store {
  isLasting = true;
  isEmptied = false;

  constructor(database) {
    this.database = database;
    navigator.storage?.persist?.();
  }

  async day(user) {
    const day = await this.#in(KEPT, "readonly", (kept) => kept.get("day"));
    return day?.user === user ? day : null;
  }

  async acts(user) {
    const all = await this.#in(ACTS, "readonly", (acts) => acts.getAll());
    return all.filter((act) => act.user === user);
  }

  async add(act) {
    const id = await this.#in(ACTS, "readwrite", (acts) => acts.add(act));
    return { ...act, id };
  }

  async change(act) {
    if (this.isEmptied) return;
    await this.#in(ACTS, "readwrite", (acts) => acts.put(act));
  }

  remove(id) {
    return this.#in(ACTS, "readwrite", (acts) => acts.delete(id));
  }

  /** Keep a day and let go, in the same moment, of the acts that are in it. */
  async takeDay(day, inIt) {
    if (this.isEmptied) return;
    const transaction = this.#begin([KEPT, ACTS], "readwrite");
    transaction.objectStore(KEPT).put(day, "day");
    for (const { id } of inIt) transaction.objectStore(ACTS).delete(id);
    await ended(transaction);
  }

  /** An answer that comes afterwards, of a question asked before, is not kept any more. */
  async empty(user) {
    const theirs = await this.acts(user);
    this.isEmptied = true;
    const transaction = this.#begin([KEPT, ACTS], "readwrite");
    transaction.objectStore(KEPT).clear();
    for (const { id } of theirs) transaction.objectStore(ACTS).delete(id);
    await ended(transaction);
  }

  async #in(name, mode, ask) {
    const transaction = this.#begin([name], mode);
    const request = ask(transaction.objectStore(name));
    await ended(transaction);
    return request.result;
  }

  /** "strict": on the disk before we say that it is kept. */
  #begin(names, mode) {
    return this.database.transaction(names, mode, { durability: "strict" });
  }
}

function ended(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

class PageStore {
  isLasting = false;
  kept = null;
  all = new Map();
  last = 0;

  async day(user) {
    return this.kept?.user === user ? this.kept : null;
  }

  async acts(user) {
    return [...this.all.values()].filter((act) => act.user === user);
  }

  async add(act) {
    this.last += 1;
    await this.change({ ...act, id: this.last });
    return this.all.get(this.last);
  }

  async change(act) {
    this.all.set(act.id, act);
  }

  async remove(id) {
    this.all.delete(id);
  }

  async takeDay(day, inIt) {
    this.kept = day;
    for (const { id } of inIt) this.all.delete(id);
  }

  async empty() {
    this.kept = null;
    this.all.clear();
  }
}
