/**
 * Requests to our own doors: CSRF token, Idempotency-Key, time-out, and errors as words.
 *
 * A repeated attempt carries the same key, so the server does the thing once.
 */

const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = 1_500;
const TOKENS = ["__Host-csrftoken", "csrftoken"];
const FAILURES = { TimeoutError: "slow", TypeError: "offline" };

/** An answer that is no success, or no answer at all (`status` 0). */
export class Problem extends Error {
  constructor({ status, code, detail, data = {}, retryAfterMs = null }) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.data = data;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A sentence of the page, from `<body data-text-…>`. */
export function text(name) {
  return document.body.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
}

/** A random UUID; crypto.randomUUID is missing on plain-http pages. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function get(url, options = {}) {
  return attempt(url, { method: "GET", ...options });
}

/** What stands at an address now: {content, tag, date}; `content` is null while it is as `tag`. */
export async function getIfChanged(url, tag) {
  const headers = tag ? { "If-None-Match": tag } : {};
  const response = await sent(url, { method: "GET", headers });
  const date = response.headers.get("Date");
  if (response.status === 304) return { content: null, tag, date };
  const content = await understood(response);
  return { content, tag: response.headers.get("ETag"), date };
}

/** POST as JSON. `untilMs`: how long to keep trying while no success or refusal has come. */
export async function post(url, body = {}, { key = newKey(), untilMs = 0, ...options } = {}) {
  const end = performance.now() + untilMs;
  for (;;) {
    try {
      return await attempt(url, { method: "POST", body, key, ...options });
    } catch (problem) {
      const waitMs = problem.retryAfterMs ?? RETRY_AFTER_MS;
      if (!mayPass(problem) || performance.now() + waitMs > end) throw problem;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

function mayPass(problem) {
  return problem.status === 0 || problem.status === 502 || problem.status === 503;
}

async function attempt(url, options) {
  return understood(await sent(url, options));
}

/** The answer, whatever it is; no answer is a Problem of status 0. */
async function sent(url, { method, body, key, timeoutMs = TIMEOUT_MS, headers = {} }) {
  try {
    const response = await fetch(url, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...standing(method, key), ...headers },
      credentials: "same-origin",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response;
  } catch (error) {
    throw unanswered(error);
  }
}

function unanswered(error) {
  const name = FAILURES[error.name] ?? "failed";
  return new Problem({ status: 0, code: name, detail: text(name) });
}

function standing(method, key) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (method === "GET") return headers;
  headers["Content-Type"] = "application/json";
  headers["Idempotency-Key"] = key ?? newKey();
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? kept();
  if (token) headers["X-CSRFToken"] = token;
  return headers;
}

/** The token's cookie, by https or without; a page that the telephone kept carries no token. */
function kept() {
  const cookies = new Map(document.cookie.split("; ").map((each) => each.split("=")));
  return TOKENS.map((name) => cookies.get(name)).find(Boolean);
}

async function understood(response) {
  try {
    if (response.ok) return response.status === 204 ? null : await response.json();
    throw await problemOf(response);
  } catch (error) {
    throw error instanceof Problem ? error : unanswered(error);
  }
}

async function problemOf(response) {
  const type = response.headers.get("Content-Type") ?? "";
  const data = /[/+]json/.test(type) ? await response.json() : {};
  const seconds = Number(response.headers.get("Retry-After"));
  return new Problem({
    status: response.status,
    code: data.code ?? `http_${response.status}`,
    detail: data.detail || text("failed"),
    data,
    retryAfterMs: seconds > 0 ? seconds * 1_000 : null,
  });
}
