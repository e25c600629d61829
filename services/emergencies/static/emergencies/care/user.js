/** Whose telephone this is: the page says it, or, without network, the page before it did. */

const KEPT = "care-user";

export function userOf(part) {
  if (part.dataset.user) localStorage.setItem(KEPT, part.dataset.user);
  return part.dataset.user ?? localStorage.getItem(KEPT) ?? "";
}

export function forgetUser() {
  localStorage.removeItem(KEPT);
}
