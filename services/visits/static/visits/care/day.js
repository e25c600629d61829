/** The day as it stands: what the server told, with what was done on this telephone since. */

/** The day without the visits that this telephone may hold no longer. */
export function withoutPast(day, now) {
  return { ...day, visits: day.visits.filter((visit) => now < Date.parse(visit.keep_until)) };
}

const OPEN = ["planned", "assigned", "missed"];

/**
 * The day's visits with the acts applied; refused acts change nothing. What to know of somebody is
 * not in it before the time in which their door may be opened.
 */
export function standing(day, acts, now) {
  const visits = new Map(day.visits.map((visit) => [visit.id, start(visit, now)]));
  for (const act of acts) {
    if (act.kind === "absence") {
      for (const visit of visits.values()) if (isOf(visit, day.from)) giveBack(visit, act);
    } else if (visits.has(act.visit)) apply(visits.get(act.visit), act);
  }
  return [...visits.values()].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
}

function start(visit, now) {
  const know = now < Date.parse(visit.door_from) ? [] : visit.know;
  const tasks = visit.tasks.map((task) => ({ outcome: "", reason: "", ...task }));
  return { ...visit, know, tasks, notes: [], waits: 0, refused: [], notMetAt: null, isGivenBack: false };
}

function apply(visit, act) {
  if (act.state === "refused") {
    visit.refused.push(act);
    return;
  }
  if (act.state === "waiting") visit.waits += 1;
  EFFECTS[act.kind]?.(visit, act);
}

const EFFECTS = {
  "check-in": (visit, { at }) => {
    visit.came_at ??= at;
    if (visit.state !== "done") visit.state = "in_progress";
  },
  "check-out": (visit, { at }) => {
    visit.left_at = at;
    if (visit.carers_needed === 1) visit.state = "done";
  },
  tasks: (visit, { body }) => {
    const task = visit.tasks.find((each) => each.task === body.task);
    if (task) Object.assign(task, { outcome: body.outcome, reason: body.reason ?? "" });
  },
  note: (visit, { at, body }) => visit.notes.push({ at, text: body.text }),
  "not-met": (visit, { at, body }) => {
    visit.notMetAt = at;
    visit.notes.push({ at, text: body.text });
  },
  "turn-down": giveBack,
};

function giveBack(visit, act) {
  if (act.state !== "refused" && isToCome(visit)) visit.isGivenBack = true;
}

/** What began yesterday and is not over is among today's. */
function isOf(visit, day) {
  return visit.day <= day;
}

export function ofToday(visits, day) {
  return visits.filter((visit) => isOf(visit, day.from));
}

/** They have yet to arrive. */
export function isToCome(visit) {
  return !visit.came_at && !visit.left_at && !visit.isGivenBack && (OPEN.includes(visit.state) || visit.state === "in_progress");
}

/** They arrived and have not left. */
export function isThere(visit) {
  return Boolean(visit.came_at) && !visit.left_at;
}

/** Where one is, else the first that is still to be made; a missed one last. */
export function nextOf(visits) {
  const toCome = visits.filter(isToCome);
  return (
    visits.find(isThere) ??
    toCome.find((visit) => visit.state !== "missed" && !visit.notMetAt) ??
    toCome[0] ??
    null
  );
}

/** The names of the states that a row shows, the most pressing first. */
export function statesOf(visit) {
  const states = [];
  if (visit.refused.length) states.push("refused");
  if (visit.isGivenBack) states.push("turned_down");
  else if (visit.left_at || visit.state === "done") states.push("done");
  else if (visit.came_at) states.push("in_progress");
  else if (visit.notMetAt) states.push("not_met");
  else if (visit.state === "in_progress") states.push("colleague");
  else if (visit.state === "missed") states.push("missed");
  else if (visit.late) states.push("late");
  if (visit.waits) states.push("waits");
  return states;
}
