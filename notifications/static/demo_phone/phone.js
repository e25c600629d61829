/** One telephone: what it shows, and what a hand does with it. */

import { Problem, post } from "../web/js/http.js";
import { toast } from "../web/js/toast.js";

const LINES = 40;

export class Phone {
  constructor(owner, template) {
    this.owner = owner;
    this.call = null;
    this.element = template.content.cloneNode(true).querySelector("[data-phone]");
    this.#part("name").textContent = owner.name;
    this.#part("about").textContent = owner.about;
    this.#part("number").textContent = owner.number;
    this.element.dataset.number = owner.number;
    this.element.addEventListener("click", (event) => this.#press(event));
    this.element.addEventListener("keydown", (event) => this.#type(event));
    this.#part("write").addEventListener("submit", (event) => this.#write(event));
    this.#say("idle");
  }

  isRinging() {
    return this.call?.state === "ringing";
  }

  show() {
    this.element.scrollIntoView({ block: "center" });
    this.element.focus();
  }

  /** `aloud`: what is said is spoken by the browser, too. */
  take(event, { aloud }) {
    this.element.dataset.used = "";
    const hear = this[TAKES[event.type]];
    hear.call(this, event, aloud);
  }

  ringing(event) {
    this.call = { sid: event.call_sid, state: "ringing", from: event.from };
    this.#part("said").replaceChildren();
    this.#say("ringing");
  }

  answered(event) {
    this.call = { sid: event.call_sid, state: "talking", from: event.from };
    this.#say("talking");
  }

  said(event, aloud) {
    this.#line("said", event.text);
    if (aloud) speak(event);
  }

  asked() {
    this.#say("asked");
  }

  connected(event) {
    this.#say("connected", event.text);
  }

  ended(event) {
    if (this.call && this.call.sid !== event.call_sid) return;
    this.call = null;
    this.#say("ended");
  }

  received(event) {
    this.#line("texts", event.text);
    this.#countTexts();
  }

  sent(event) {
    this.#line("texts", event.text, { own: true });
    this.#countTexts();
  }

  #countTexts() {
    this.#part("texts-count").textContent = this.#part("texts").children.length;
  }

  #say(state, other = "") {
    const line = this.#part("state");
    const words = line.dataset[`text${state[0].toUpperCase()}${state.slice(1)}`];
    line.textContent = words.replace("{from}", this.call?.from ?? "").replace("{other}", other);
    this.element.dataset.call = this.call?.state ?? "";
  }

  #line(name, words, { own = false } = {}) {
    const list = this.#part(name);
    const line = document.createElement("li");
    line.textContent = words;
    line.classList.toggle("is-own", own);
    list.append(line);
    while (list.children.length > LINES) list.firstChild.remove();
    list.scrollTop = list.scrollHeight;
  }

  #press({ target }) {
    const digit = target.closest("[data-digit]")?.dataset.digit;
    if (digit) this.#key(digit);
    const act = target.closest("[data-act]")?.dataset.act;
    if (act === "dial") this.#tell("keys", { dial: true });
    else if (act) this.#tell(act, {});
  }

  /** The keys of a keyboard, too, while the telephone has the focus. */
  #type(event) {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-9*#]$/.test(event.key)) this.#key(event.key);
  }

  async #key(digits) {
    if (await this.#tell("keys", { digits })) this.#line("said", digits, { own: true });
  }

  #write(event) {
    event.preventDefault();
    const body = new FormData(event.target).get("body").trim();
    if (!body) return;
    event.target.reset();
    this.#tell("texts", { body });
  }

  /** Whether the telephone did it. */
  async #tell(door, body) {
    try {
      await post(`/demo/v1/phones/${encodeURIComponent(this.owner.number)}/${door}`, body);
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const words = this.element.querySelector(`[data-refused="${problem.code}"]`);
      toast(words?.content.textContent ?? problem.message, { problem: true });
      return false;
    }
  }

  #part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }
}

const TAKES = {
  "call.ringing": "ringing",
  "call.answered": "answered",
  "call.said": "said",
  "call.gather": "asked",
  "call.connected": "connected",
  "call.ended": "ended",
  "text.received": "received",
  "text.sent": "sent",
};

function speak({ text, language }) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language ?? "";
  speechSynthesis.speak(words);
}
