/**
 * Passkeys: what a button with `data-passkey` does.
 *
 * `sign-in` shows a passkey, `add` makes one; `data-begin` and `data-complete` are the doors.
 * Options and answers are JSON with base64url, which older telephones do not read by themselves.
 */

import { Problem, post, text } from "../web/js/http.js";
import { toast } from "../web/js/toast.js";

const CANCELLED = new Set(["NotAllowedError", "AbortError"]);
const ALREADY = "InvalidStateError";

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function base64url(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function described(credentials = []) {
  return credentials.map((each) => ({ ...each, id: bytes(each.id) }));
}

/** The same object with its buffers written as base64url. */
function written(response, names) {
  const present = names.filter((name) => response[name]);
  return Object.fromEntries(present.map((name) => [name, base64url(response[name])]));
}

function answerOf(credential, names) {
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: written(credential.response, names),
  };
}

async function make({ publicKey }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: described(publicKey.excludeCredentials),
    },
  });
  return answerOf(credential, ["clientDataJSON", "attestationObject"]);
}

async function show({ publicKey }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: described(publicKey.allowCredentials),
    },
  });
  const names = ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
  return answerOf(credential, names);
}

const CEREMONIES = { add: make, "sign-in": show };

async function run(button) {
  const { passkey, begin, complete, textCancelled, textAlready, stepUp } = button.dataset;
  button.disabled = true;
  try {
    const options = await post(begin);
    const answer = await CEREMONIES[passkey](options);
    const { location } = await post(complete, answer);
    window.location.assign(location);
  } catch (error) {
    if (error instanceof Problem && error.code === "step_up_required" && stepUp) {
      window.location.assign(stepUp);
    } else if (error instanceof Problem) {
      toast(error.message, { problem: true });
    } else if (error.name === ALREADY) {
      toast(textAlready, { problem: true });
    } else if (CANCELLED.has(error.name)) {
      toast(textCancelled, { problem: true });
    } else {
      toast(text("failed"), { problem: true });
    }
    button.disabled = false;
  }
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (window.PublicKeyCredential) {
    button.hidden = false;
    button.addEventListener("click", () => run(button));
  }
}
