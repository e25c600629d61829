/** What each address of the app shows: today, seven days, the map, the end of the day. */

import { isCheck } from "./queue.js";
import { isThere, isToCome, nextOf, ofToday, statesOf } from "./day.js";
import { clock, dayName, make, said } from "./parts.js";

export function today(model) {
  const visits = ofToday(model.visits, model.day);
  const next = nextOf(visits);
  const rest = visits.filter((visit) => visit !== next && (isToCome(visit) || isThere(visit)));
  const made = visits.filter((visit) => visit !== next && !rest.includes(visit));
  return make(
    "today",
    { rest: rest.length, count: rest.length, made: made.length, madeCount: made.length, of: asOf(model) },
    {
      next: [next ? card(next, model) : make("nothing")],
      rest: rest.map((visit) => row(visit, model)),
      made: made.map((visit) => row(visit, model)),
    },
  );
}

function card(visit, model) {
  return make("next", slotsOf(visit, model), { state: states(visit), know: known(visit) });
}

function row(visit, model) {
  return make("row", { ...slotsOf(visit, model), where: visit.address ?? visit.area }, { state: states(visit) });
}

/** What the card, the row and the page of a visit say alike. */
export function slotsOf(visit, { texts, zone }) {
  return {
    time: clock(visit.starts_at, zone),
    minutes: said(texts.textMinutes, { n: visit.minutes }),
    service: visit.service_name,
    who: visit.who,
    address: visit.address,
    href: `#/visit/${visit.id}`,
    way: visit.way,
    geo: visit.position && `geo:${visit.position.join(",")}`,
    tel: visit.phone && `tel:${visit.phone}`,
    phone: grouped(visit.phone),
    with: visit.with.length > 0 && said(texts.textWith, { names: visit.with.join("、") }),
    know: visit.know?.length,
    state: statesOf(visit).length,
    toCome: isToCome(visit),
    there: isThere(visit),
  };
}

/** As it is read aloud: 138 1234 5678; what is no mobile of ours stays as it is. */
function grouped(phone) {
  return phone?.replace(/^(?:\+86)?(1\d{2})(\d{4})(\d{4})$/, "$1 $2 $3");
}

export function states(visit) {
  return statesOf(visit).map((name) => make(`state-${name}`));
}

export function known(visit) {
  return (visit.know ?? []).map((text) => make("know", { text }));
}

export function week(model) {
  const shown = [...groups(model.visits)].sort(([a], [b]) => (a < b ? -1 : 1));
  return make(
    "week",
    { of: asOf(model) },
    { days: shown.length ? shown.map(([day, visits]) => weekDay(day, visits, model)) : [make("week-empty")] },
  );
}

function groups(visits) {
  const found = new Map();
  for (const visit of visits) found.set(visit.day, [...(found.get(visit.day) ?? []), visit]);
  return found;
}

function weekDay(day, visits, model) {
  const isToday = day === model.day.from;
  const rows = visits.map((visit) =>
    isToday ? row(visit, model) : make("week-row", { ...slotsOf(visit, model), where: visit.area }),
  );
  return make("week-day", { day: dayName(day), count: visits.length }, { visits: rows });
}

export function map(model) {
  const visits = ofToday(model.visits, model.day);
  return make("map", {}, { rows: visits.map((visit) => row(visit, model)) });
}

/** Draws the map once its module is here; without network only if it was opened before. */
export async function fillMap(root, model) {
  const element = root.querySelector("#day-map");
  const marks = ofToday(model.visits, model.day)
    .filter(({ position }) => position)
    .map((visit) => ({
      id: visit.id,
      lat: visit.position[0],
      lon: visit.position[1],
      kind: isToCome(visit) || isThere(visit) ? "visit" : "made",
      name: clock(visit.starts_at, model.zone),
    }));
  try {
    const { drawDay } = await import(element.dataset.module);
    if (element.isConnected) drawDay(element, marks);
  } catch {
    const trouble = root.querySelector('[data-part="trouble"]');
    if (trouble) trouble.textContent = trouble.dataset.text;
  }
}

export function end(model) {
  const visits = model.day ? ofToday(model.visits, model.day) : [];
  const made = visits.filter((visit) => visit.left_at || visit.state === "done");
  const open = visits.flatMap((visit) => (visit.came_at ? visit.tasks.filter(({ outcome }) => !outcome) : []));
  const { waiting, refused } = model;
  return make(
    "end",
    {
      made: made.length,
      unmade: visits.length - made.length,
      tasks: open.length,
      unsent: waiting.length + refused.length,
      waiting: waiting.length,
      refused: refused.length,
      allSent: !waiting.length && !refused.length,
    },
    { waiting: waiting.map((act) => make("act", actSlots(act, model))), refused: refusals(refused, model) },
  );
}

export function refusals(acts, model) {
  return acts.map((act) => {
    const made = make("refused", { ...actSlots(act, model), detail: act.problem.detail, isCheck: isCheck(act) });
    made.querySelector("li").dataset.act = act.id;
    const discard = made.querySelector('[data-do="discard"]');
    discard.dataset.confirm = model.texts.textConfirmDiscard;
    for (const button of made.querySelectorAll("button")) button.id = `${button.dataset.do}-${act.id}`;
    return made;
  });
}

function actSlots(act, { zone }) {
  const kinds = document.getElementById("t-kinds").content;
  const what = kinds.querySelector(`[data-kind="${act.kind}"]`)?.textContent ?? act.kind;
  return { time: clock(act.at, zone), what, who: act.about?.who };
}

/** How old the day is; one that is not today's any more says which it is. */
function asOf({ texts, zone, askedAt, day, now }) {
  if (!askedAt) return "";
  const of = said(texts.textOf, { time: clock(askedAt, zone) });
  return now < Date.parse(day.day_ends_at) ? of : `${dayName(day.from)} · ${of}`;
}
