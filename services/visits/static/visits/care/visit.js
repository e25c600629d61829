/** The page of one visit: arriving and leaving, how to get in, tasks, notes, and what if not. */

import { isThere, isToCome } from "./day.js";
import { clock, make, said, unfold } from "./parts.js";
import { findPlace, judge } from "./place.js";
import { nowIso } from "./queue.js";
import { known, refusals, slotsOf, states } from "./views.js";

const CODE_DIGITS = 6;

/** `app`: {queue, model, root, say(text), draw()}. */
export class VisitPage {
  constructor(app) {
    this.app = app;
    this.opened = new Set();
    this.fix = null;
  }

  /** Somebody came to another page: what was found and shown for the one before is gone. */
  leave() {
    this.opened.clear();
    this.fix = null;
  }

  view(visit, model) {
    const isOpen = isToCome(visit) || isThere(visit);
    const slots = { ...slotsOf(visit, model), checks: isOpen, tasks: visit.tasks.length, refused: visit.refused.length };
    const made = make("visit", { ...slots, open: isOpen, ...this.#doorSlots(visit, model) }, {
      state: states(visit),
      know: known(visit),
      tasks: visit.tasks.map((task, at) => taskOf(task, at, !isToCome(visit))),
      notes: visit.notes.map(({ at, text }) => make("note", { time: clock(at, model.zone), text })),
      refused: refusals(visit.refused, model),
    });
    for (const button of made.querySelectorAll("[data-do]:not([id])")) button.id = button.dataset.do;
    this.#showDoor(made, visit);
    made.querySelector('[data-do="here"]').hidden = !this.fix;
    return made;
  }

  #doorSlots(visit, { zone, now }) {
    const isEarly = now < Date.parse(visit.door_from);
    const { code, key, notes } = visit.door ?? {};
    const from = document.getElementById("t-visit").content.querySelector('[data-slot="doorFrom"]');
    return {
      doorFrom: isEarly && said(from.dataset.text, { time: clock(visit.door_from, zone) }),
      doorMissing: !isEarly && !visit.door,
      doorReady: !isEarly && visit.door && !this.opened.has(visit.id),
      doorCode: code,
      doorKey: key,
      doorNotes: notes,
      doorNone: !code && !key && !notes,
    };
  }

  #showDoor(made, visit) {
    made.querySelector('[data-part="door"]').hidden = !visit.door || !this.opened.has(visit.id);
  }

  /** What a pressed button does; `false` where it is none of this page. */
  press(visit, button) {
    const deed = {
      go: () => this.#check(visit, "check-in"),
      arrive: () => this.#check(visit, "check-in"),
      leave: () => this.#check(visit, "check-out"),
      here: () => this.#checkHere(visit),
      code: () => this.#checkByCode(visit),
      "by-hand": () => this.#checkByHand(visit),
      copy: () => this.#copy(),
      door: () => this.#openDoor(visit),
      note: () => this.#note(visit),
      "not-met": () => this.#notMet(visit),
      "turn-down": () => this.#turnDown(visit),
      ill: () => this.#ill(visit),
      "task-done": () => this.#task(visit, button, { outcome: "done" }),
      "task-not": () => askWhy(button),
      "task-why": () => this.#task(visit, button, { outcome: "not_done", reason: button.dataset.reason }),
    }[button.dataset.do];
    return deed ? deed() : false;
  }

  #act(visit, kind, body = {}, at = undefined) {
    const { model, queue } = this.app;
    const about = { who: visit.who, time: visit.starts_at };
    return queue.add({ kind, visit: visit.id, path: `${model.texts.visits}${visit.id}/${kind}/`, body, about, at });
  }

  /** By position; where it does not show that they are there, they choose another way. */
  async #check(visit, kind) {
    const { model, root } = this.app;
    const at = nowIso();
    for (const button of root.querySelectorAll(".next-action button")) button.disabled = true;
    this.#say(model.texts.textLocating);
    const fix = await findPlace();
    for (const button of root.querySelectorAll(".next-action button")) button.disabled = false;
    if (!fix) {
      this.#offerOthers(model.texts.textNoPosition);
      return;
    }
    const { word, metres } = judge(fix, visit);
    if (word === "near") {
      await this.#checked(visit, kind, { method: "gps", ...fix }, at);
      const text = kind === "check-in" ? model.texts.textCheckedIn : model.texts.textCheckedOut;
      this.#say(said(text, { time: clock(at, model.zone), metres, accuracy: Math.round(fix.accuracy_m) }));
      return;
    }
    this.fix = { kind, at, ...fix };
    const text = { far: "textFar", vague: "textVague", "no-home": "textNoHome" }[word];
    const values = { metres, fence: visit.fence_m, accuracy: Math.round(fix.accuracy_m) };
    this.#offerOthers(said(model.texts[text], values));
  }

  async #checked(visit, kind, proof, at) {
    this.fix = null;
    await this.#act(visit, kind, proof, at);
  }

  #offerOthers(text) {
    const { root } = this.app;
    root.querySelector('[data-do="here"]').hidden = !this.fix;
    const ways = root.querySelector("#other-ways");
    ways.open = true;
    this.#say(text);
    ways.querySelector("button:not([hidden]), input")?.focus();
  }

  #checkHere(visit) {
    const { kind, at, ...fix } = this.fix;
    return this.#noted(() => this.#checked(visit, kind, { method: "gps", ...fix }, at));
  }

  #checkByCode(visit) {
    const code = field("visit-code").value.replace(/\D/g, "");
    if (code.length !== CODE_DIGITS) return this.#say(this.app.model.texts.textCodeShort);
    return this.#noted(() => this.#checked(visit, nextKind(visit), { method: "code", code }));
  }

  #checkByHand(visit) {
    const reason = field("visit-reason").value;
    if (!reason) return this.#say(this.app.model.texts.textChoose);
    const { lat, lon, accuracy_m } = this.fix ?? {};
    const place = this.fix ? { lat, lon, accuracy_m } : {};
    return this.#noted(() => this.#checked(visit, nextKind(visit), { method: "manual", reason, ...place }));
  }

  /** Done by a button inside of a folded part: fold it, empty it, say when. */
  async #noted(deed) {
    for (const each of this.app.root.querySelectorAll("details[open]")) each.open = false;
    for (const each of this.app.root.querySelectorAll("details [data-keep]")) each.value = "";
    await deed();
    this.#say(said(this.app.model.texts.textNoted, { time: clock(nowIso(), this.app.model.zone) }));
  }

  #openDoor(visit) {
    this.opened.add(visit.id);
    this.#act(visit, "door");
    this.app.draw();
    this.app.root.querySelector('[data-part="door"]')?.focus();
  }

  async #note(visit) {
    const note = field("visit-note");
    const text = note.value.trim();
    if (!text) return this.#say(this.app.model.texts.textEmpty);
    note.value = "";
    return this.#noted(() => this.#act(visit, "note", { text }));
  }

  #notMet(visit) {
    const found = field("visit-found");
    const text = [found.dataset.text, found.value.trim()].filter(Boolean).join(" ");
    return this.#noted(() => this.#act(visit, "not-met", { text }));
  }

  #turnDown(visit) {
    const reason = field("visit-why").value;
    if (!reason) return this.#say(this.app.model.texts.textChoose);
    return this.#noted(() => this.#act(visit, "turn-down", { reason }));
  }

  #ill(visit) {
    const { queue, model } = this.app;
    const at = nowIso();
    const body = { caregiver: model.day.caregiver, starts_at: at, ends_at: model.day.day_ends_at, reason: "sick" };
    const about = { who: "", time: visit.starts_at };
    return this.#noted(() => queue.add({ kind: "absence", path: model.texts.absences, body, about, at }));
  }

  #task(visit, button, outcome) {
    const group = button.closest("[data-task]");
    const { task } = visit.tasks[Number(group.dataset.task)];
    unfold(group.querySelector("[data-unfolds]"), false);
    group.querySelector(`[data-do="${outcome.reason ? "task-not" : "task-done"}"]`).focus();
    this.#act(visit, "tasks", { task, ...outcome });
  }

  async #copy() {
    const address = field("visit-address");
    if (!navigator.clipboard) {
      getSelection().selectAllChildren(address);
      return;
    }
    await navigator.clipboard.writeText(address.textContent);
    this.#say(this.app.model.texts.textCopied);
  }

  #say(text) {
    this.app.say(text);
  }
}

function nextKind(visit) {
  return isThere(visit) ? "check-out" : "check-in";
}

function field(id) {
  return document.getElementById(id);
}

function askWhy(button) {
  const isOpen = button.getAttribute("aria-expanded") !== "true";
  unfold(button, isOpen);
  if (isOpen) button.closest("[data-task]").querySelector('[data-part="reasons"] button').focus();
}

/** Before somebody has arrived, tasks are only read. */
function taskOf({ task, outcome, reason }, at, mayTick) {
  const words = document.getElementById("t-reasons").content;
  const made = make(
    "task",
    {
      task,
      state: outcome,
      why: words.querySelector(`[data-reason="${reason}"]`)?.textContent,
      mayTick,
      isDone: outcome === "done",
      isNot: outcome === "not_done",
    },
    { state: outcome ? [make(`task-${outcome}`)] : [] },
  );
  const item = made.querySelector("[role=group]");
  item.dataset.task = at;
  item.setAttribute("aria-label", task);
  for (const button of item.querySelectorAll("button")) {
    button.id = `${button.dataset.do}-${button.dataset.reason ?? ""}-${at}`;
  }
  return made;
}
