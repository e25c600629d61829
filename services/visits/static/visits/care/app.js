/**
 * The caregiver's day on this telephone: kept in `store.js`, shown by `views.js` and `visit.js`,
 * changed through `queue.js`, and asked for anew whenever there is network and reason to.
 */

import { showBand } from "../../web/js/bands.js";
import { getIfChanged } from "../../web/js/http.js";
import { serverNow, setServerTime } from "../../web/js/ticking.js";
import { saySignedOut, sayWaiting, waitingCount } from "../../web/js/waiting.js";
import { forgetEntries } from "../../emergencies/care/queue.js";
import { forgetUser, userOf } from "../../emergencies/care/user.js";
import { standing, withoutPast } from "./day.js";
import { make, redraw, said } from "./parts.js";
import { ActQueue, SIGNED_OUT } from "./queue.js";
import { openStore } from "./store.js";
import { VisitPage } from "./visit.js";
import * as views from "./views.js";

const SYNC_MS = 60_000;
const SOON_MS = 300;
const OF_DAY = /^(visit|day_plan|absence|care_plan)\./;
const THEME = "care-theme";
const MADE_ONLINE = 'meta[name="server-time"]';

const root = document.querySelector("[data-day]");
const main = document.querySelector("main");
const spoken = document.querySelector("[data-day-said]");
const texts = { ...root.dataset };
const user = userOf(document.querySelector("[data-fresh]"));

const app = { root, say, draw, model: null, queue: null };
const page = new VisitPage(app);
let store = null;
let kept = null;
let drawn = "";
let shownRoute = null;
let syncing = null;
let syncSoon = null;
let saidLast = "";
let isOut = false;

start();

async function start() {
  keepTheme();
  store = await openStore();
  showBand("unkept", !store.isLasting);
  kept = await store.day(user);
  // A page that the telephone kept has no time of the server in it; the last known difference holds.
  if (kept && !document.querySelector(MADE_ONLINE)) {
    setServerTime(new Date(Date.now() + kept.aheadMs).toISOString(), Date.now());
  }
  app.queue = new ActQueue(store, { user, onChange: draw, onSent: sync, onUnkept: sayUnkept });
  await app.queue.start();
  listen();
  draw();
  sync();
}

function sayUnkept() {
  showBand("unkept", true);
}

/** Light or night as chosen stands in a cookie that only the server reads; the kept page asks here. */
function keepTheme() {
  const html = document.documentElement;
  if (document.querySelector(MADE_ONLINE)) localStorage.setItem(THEME, html.dataset.theme ?? "");
  else if (localStorage.getItem(THEME)) html.dataset.theme = localStorage.getItem(THEME);
}

function listen() {
  window.addEventListener("hashchange", () => location.hash.startsWith("#/") && draw());
  window.addEventListener("online", sync);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  document.addEventListener("live:event", ({ detail }) => OF_DAY.test(detail.type) && soon());
  setInterval(sync, SYNC_MS);
  main.addEventListener("click", press);
  main.addEventListener("keydown", enter);
  guardSignOut(document.querySelector("[data-sign-out]"));
}

/** Ask for the day; what was sent before is in it, and is kept as an act no longer. */
function sync() {
  clearTimeout(syncSoon);
  syncSoon = null;
  syncing ??= ask().finally(() => {
    syncing = null;
  });
  return syncing;
}

function soon() {
  syncSoon ??= setTimeout(sync, SOON_MS);
}

async function ask() {
  const askedAt = Date.now();
  let answer = null;
  try {
    answer = await getIfChanged(texts.day, kept?.tag);
  } catch (problem) {
    isOut = SIGNED_OUT.includes(problem.status);
    draw();
    return;
  }
  isOut = false;
  const inIt = app.queue.sentBefore(askedAt);
  const aheadMs = answer.date ? Date.parse(answer.date) - Date.now() : 0;
  const day = answer.content ?? kept.day;
  kept = { user, day, tag: answer.tag, askedAt, aheadMs };
  try {
    await store.takeDay(kept, inIt);
  } catch (error) {
    console.warn(error);
    sayUnkept();
  }
  app.queue.forget(inIt);
  draw();
  if (app.queue.in("sent").length) soon();
}

/** What may be held no longer is gone from the page and from the disk; the server is not needed. */
function dropPast() {
  if (!kept) return;
  const day = withoutPast(kept.day, serverNow());
  if (day.visits.length === kept.day.visits.length) return;
  kept = { ...kept, day };
  store.takeDay(kept, []).catch(sayUnkept);
}

function modelNow() {
  const { queue } = app;
  dropPast();
  return {
    day: kept?.day ?? null,
    visits: kept ? standing(kept.day, queue.acts, serverNow()) : [],
    waiting: queue.in("waiting"),
    refused: queue.in("refused"),
    askedAt: kept?.askedAt,
    now: serverNow(),
    zone: texts.zone,
    texts,
  };
}

function routeNow() {
  const [, name = "", id = ""] = location.hash.split("/");
  return ["week", "map", "end", "visit"].includes(name) ? { name, id } : { name: "today", id: "" };
}

/** Show what the address asks for; nothing is touched while it would look the same. */
function draw() {
  app.model = modelNow();
  sayBands();
  const route = routeNow();
  const address = `${route.name} ${route.id}`;
  const isSame = address === shownRoute;
  if (!isSame) {
    page.leave();
    saidLast = spoken.textContent = "";
  }
  const minute = Math.floor(app.model.now / SYNC_MS);
  const { now, ...looks } = app.model;
  const fingerprint = JSON.stringify([address, looks, [...page.opened], minute]);
  if (fingerprint === drawn) return;
  if (isSame && route.name === "map") return;
  drawn = fingerprint;
  redraw(root, viewOf(route), { isSame });
  if (isSame) showSaid();
  if (!isSame) arrive(route);
  if (route.name === "map" && app.model.day) views.fillMap(root, app.model);
}

function viewOf({ name, id }) {
  if (name === "end") return views.end(app.model);
  if (!app.model.day) return make("waiting", { text: waitingText() });
  if (name !== "visit") return views[name](app.model);
  const visit = app.model.visits.find((each) => each.id === id && each.address !== undefined);
  return visit ? page.view(visit, app.model) : document.getElementById("t-gone").content.cloneNode(true);
}

function waitingText() {
  return navigator.onLine ? texts.textLoading : texts.textNever;
}

/** The focus goes to what is new, but not on a page that has just been opened. */
function arrive({ name }) {
  main.dataset.view = name;
  for (const link of document.querySelectorAll(".day-nav a")) {
    link.toggleAttribute("aria-current", false);
    if (link.dataset.to === name) link.setAttribute("aria-current", "page");
  }
  const isFirst = shownRoute === null;
  shownRoute = `${name} ${routeNow().id}`;
  if (isFirst) return;
  scrollTo(0, 0);
  (root.querySelector("h1:not(.unseen)") ?? main).focus({ preventScroll: true });
}

function sayBands() {
  const { waiting, refused } = app.model;
  sayWaiting("visits", waiting.length);
  const words = document.querySelector("[data-refused-text]");
  words.textContent = said(words.dataset.refusedText, { n: refused.length });
  showBand("refused", refused.length > 0);
  saySignedOut("visits", app.queue.isSignedOut || isOut);
  const signOut = document.querySelector("[data-sign-out] button");
  if (!signOut) return;
  const unsent = waitingCount() + refused.length;
  if (unsent) signOut.dataset.confirm = said(signOut.closest("[data-sign-out]").dataset.textUnsent, { n: unsent });
  else delete signOut.dataset.confirm;
}

async function press({ target }) {
  const button = target.closest("[data-do]");
  if (!button) return;
  const act = Number(target.closest("[data-act]")?.dataset.act);
  const deed = { send: () => app.queue.flush({ now: true }), again: () => app.queue.again(act) }[button.dataset.do];
  if (deed) deed();
  else if (button.dataset.do === "discard") app.queue.discard(act);
  else if (button.dataset.do === "hand-instead") writeByHand(act);
  else pressVisit(button);
}

function pressVisit(button) {
  const { name, id } = routeNow();
  const next = button.dataset.do === "go" ? button.closest("article").querySelector("h2 a").hash.split("/")[2] : id;
  const visit = app.model.visits.find((each) => each.id === next);
  if (!visit) return;
  if (name !== "visit") {
    location.hash = `#/visit/${visit.id}`;
    draw();
  }
  page.press(visit, button);
}

/** The same arrival or departure, at the same time, on the carer's word: a code did not fit. */
async function writeByHand(id) {
  const { queue } = app;
  const refused = queue.acts.find((act) => act.id === id);
  const { kind, visit, path, about, at } = refused;
  const reason = refused.body.method === "code" ? "wrong_code" : "no_position";
  await queue.add({ kind, visit, path, about, at, body: { method: "manual", reason } });
  await queue.discard(id);
}

function enter(event) {
  if (event.key !== "Enter" || event.target.id !== "visit-code") return;
  event.preventDefault();
  root.querySelector('[data-do="code"]').click();
}

function say(text) {
  spoken.textContent = text;
  saidLast = text;
  showSaid();
}

function showSaid() {
  const status = root.querySelector('[data-part="status"]');
  if (status) status.textContent = saidLast;
}

/** What this telephone keeps of anybody goes with them. */
function guardSignOut(box) {
  box?.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    await store.empty(user);
    forgetEntries(user);
    forgetUser();
    event.target.submit();
  });
}
