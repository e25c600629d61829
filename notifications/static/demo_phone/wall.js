/** The demo's telephones: one question that waits for news of all of them, and a card for each. */

import { hideBand, showBand } from "../web/js/bands.js";
import { Problem, get } from "../web/js/http.js";
import { startRinging, stopRinging } from "../web/js/sound.js";
import { toast } from "../web/js/toast.js";
import { Phone } from "./phone.js";
import { isOn, startSwitches } from "./switches.js";

const EVENTS = "/demo/v1/events";
const WAIT_S = 20;
const AGAIN_MS = 2_000;
const STORY_MS = 600_000;

const wall = document.querySelector("[data-wall]");
const table = wall.querySelector("[data-phones]");
const ringingNow = wall.querySelector("[data-ringing-now]");
const phones = new Map();
let since = 0;
let isHistory = true;

startSwitches({ sound: sayRinging, active: (on) => table.toggleAttribute("data-only-active", on) });
wall.querySelector("[data-find]").addEventListener("submit", find);
follow();

async function follow() {
  await layOut(await directory({}));
  for (;;) {
    try {
      const wait = isHistory ? 0 : WAIT_S;
      const { events } = await get(`${EVENTS}?since=${since}&wait=${wait}`, { timeoutMs: 30_000 });
      hideBand("lost");
      await take(events);
      isHistory = false;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      showBand("lost");
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** What happened before the page was opened is shown, but neither rung nor spoken. */
async function take(events) {
  const fresh = events.filter((event) => Date.now() - Date.parse(event.at) < STORY_MS);
  const unknown = new Set(fresh.map((event) => event.number).filter((each) => !phones.has(each)));
  if (unknown.size) await layOut(await named([...unknown]));
  for (const event of fresh) phones.get(event.number).take(event, { aloud: !isHistory && isOn("speech") });
  if (events.length) since = events.at(-1).seq;
  sayRinging();
}

async function named(numbers) {
  const known = await directory({ numbers });
  const names = new Map(known.map((owner) => [owner.number, owner]));
  const nobody = { name: wall.dataset.textUnknown, about: "" };
  return numbers.map((number) => names.get(number) ?? { number, ...nobody });
}

async function directory({ numbers = [], q = "" }) {
  const asked = new URLSearchParams(numbers.map((number) => ["number", number]));
  if (q) asked.set("q", q);
  return (await get(`${wall.dataset.directory}?${asked}`)).phones;
}

async function layOut(owners) {
  for (const owner of owners) {
    if (phones.has(owner.number)) continue;
    const phone = new Phone(owner, wall.querySelector("[data-phone-template]"));
    phones.set(owner.number, phone);
    table.append(phone.element);
  }
}

async function find(event) {
  event.preventDefault();
  const found = wall.querySelector("[data-found]");
  found.textContent = "";
  try {
    const owners = await directory({ q: new FormData(event.target).get("q") });
    await layOut(owners);
    const first = phones.get(owners[0]?.number);
    if (first) first.show();
    else found.textContent = wall.dataset.textNothing;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message, { problem: true });
  }
}

/** Names those that ring, each a way to its telephone. */
function sayRinging() {
  const ringing = [...phones.values()].filter((phone) => phone.isRinging());
  if (ringing.length && isOn("sound")) startRinging();
  else stopRinging();
  const shown = ringing.map((phone) => phone.owner.number).join();
  if (ringingNow.dataset.shown === shown) return;
  ringingNow.dataset.shown = shown;
  ringingNow.replaceChildren(...ringing.map(pointer));
}

function pointer(phone) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = ringingNow.dataset.text.replace("{name}", phone.owner.name);
  button.addEventListener("click", () => phone.show());
  return button;
}
