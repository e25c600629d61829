/**
 * The SOS token of this telephone: it can only call help, and does so after the session has ended.
 */

import { Problem, post } from "../../web/js/http.js";

const KEPT = "sos-token";

export function keptToken() {
  return kept().token ?? "";
}

/** Get a token for whoever is signed in, unless this telephone has one of theirs. */
export async function keepToken({ user, tokens, tokenLabel }) {
  if (!user || kept().user === user) return;
  try {
    const { token } = await post(tokens, { label: tokenLabel });
    localStorage.setItem(KEPT, JSON.stringify({ user, token }));
  } catch (problem) {
    // Without it the button works by the session, and the next page load asks again.
    if (!(problem instanceof Problem)) throw problem;
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}
