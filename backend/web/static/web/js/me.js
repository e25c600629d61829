/** Somebody's own events on a page that has no live part of its own. */

import { Live } from "./live.js";

const { since } = document.getElementById("me").dataset;

if (!document.querySelector("[data-live]")) new Live("/ws/v1/me", { since: Number(since) }).start();
