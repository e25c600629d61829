/**
 * The service worker of both apps; the server writes `const SHELL` before it:
 * {cache, prefix, scope, others, files, later, offline: {language: address}, works, patience_ms}.
 *
 * It keeps the shell and the offline pages, nothing about anybody, and answers for a page only
 * when the network does not, or, where the app works without it, when the server fails. Files of
 * `later` are kept once they were used. Whatever is sent (POST, API, sockets) it does not touch, so
 * nothing can look sent that was not.
 */

const LANGUAGE = new URL("./language", self.location).href;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && isOurs(url)) event.respondWith(page(request));
  else if (SHELL.files.includes(url.pathname)) event.respondWith(shellFile(request));
  else if (SHELL.later.includes(url.pathname)) event.respondWith(laterFile(request));
});

/** A page says its language; the first one was fetched before there was a worker to see it. */
self.addEventListener("message", (event) => {
  if (event.data?.language) event.waitUntil(rememberLanguage(event.data.language));
});

async function fill() {
  const cache = await caches.open(SHELL.cache);
  const wanted = [...SHELL.files, ...Object.values(SHELL.offline)];
  await cache.addAll(wanted.map((address) => new Request(address, { cache: "no-cache" })));
}

async function dropOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(SHELL.prefix) && name !== SHELL.cache);
  await Promise.all(old.map((name) => caches.delete(name)));
}

function isOurs(url) {
  return url.pathname.startsWith(SHELL.scope) && !SHELL.others.some((path) => url.pathname.startsWith(path));
}

function isHome(request) {
  return new URL(request.url).pathname === SHELL.scope;
}

async function page(request) {
  let response;
  try {
    response = await begun(request);
  } catch {
    return offlinePage();
  }
  if (SHELL.works && response.status >= 500 && isHome(request)) return offlinePage();
  await rememberLanguage(response.headers.get("Content-Language"));
  return response;
}

/** Patience is for the beginning: an answer that has begun comes as slowly as the line is. */
async function begun(request) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), SHELL.patience_ms);
  try {
    return await fetch(request, { signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function rememberLanguage(said) {
  const language = said?.toLowerCase();
  if (!(language in SHELL.offline)) return;
  await keep(LANGUAGE, new Response(language));
}

/** On a telephone that is full nothing more is kept, and what came is shown all the same. */
async function keep(address, response) {
  try {
    const cache = await caches.open(SHELL.cache);
    await cache.put(address, response);
  } catch (error) {
    console.warn(error);
  }
}

async function offlinePage() {
  const cache = await caches.open(SHELL.cache);
  const language = await (await cache.match(LANGUAGE))?.text();
  return cache.match(SHELL.offline[language] ?? Object.values(SHELL.offline)[0]);
}

async function shellFile(request) {
  const cache = await caches.open(SHELL.cache);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

async function laterFile(request) {
  const cache = await caches.open(SHELL.cache);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await keep(request, response.clone());
  return response;
}
