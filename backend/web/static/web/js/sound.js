/**
 * The ring of the console, made of two tones without a file, and the test at the start of a shift.
 *
 * A browser does not say how loud its loudspeaker is, so a person says it: the console counts as
 * muted until somebody has heard the ring in this shift and while the browser holds sound back.
 * Events on document: sound:ready, sound:muted.
 */

import { showBand } from "./bands.js";

const SHIFT_MS = 12 * 3_600_000;
const KEPT = "sound-heard-at";
const TONES_HZ = [659, 523];
const TONE_S = 0.4;
const ROUND_S = 2.4;
const LOUDNESS = 0.6;

let context = null;
let playing = null;
let ready = null;

/** Ring until stopRinging; the page is marked so that nothing is laid over the call. */
export function startRinging() {
  document.documentElement.dataset.ringing = "";
  play();
}

export function stopRinging() {
  delete document.documentElement.dataset.ringing;
  playing?.stop();
  playing = null;
}

export function soundIsReady() {
  const heardAt = Number(localStorage.getItem(KEPT));
  return Date.now() - heardAt < SHIFT_MS && context?.state === "running";
}

/** Wires every `data-sound-test` and keeps the muted band true. */
export function startSoundTest() {
  const tests = document.querySelectorAll("[data-sound-test]");
  if (!tests.length) return;
  tests.forEach(wire);
  context = new AudioContext();
  context.addEventListener("statechange", sayState);
  for (const gesture of ["pointerdown", "keydown"]) {
    document.addEventListener(gesture, wake, { capture: true });
  }
  setInterval(sayState, 60_000);
  sayState();
}

function wake() {
  if (context.state !== "running") context.resume();
}

function sayState() {
  if (ready === soundIsReady()) return;
  ready = soundIsReady();
  showBand("muted", !ready);
  document.dispatchEvent(new CustomEvent(ready ? "sound:ready" : "sound:muted"));
}

function wire(test) {
  const part = (name) => test.querySelector(`[data-sound-${name}]`);
  const answer = (advice) => {
    part("question").hidden = true;
    part("advice").textContent = advice;
    stopTest();
  };
  part("play").addEventListener("click", async () => {
    part("advice").textContent = "";
    await Promise.race([context.resume(), pause(1_000)]);
    if (context.state !== "running") return answer(test.dataset.textBlocked);
    part("question").hidden = false;
    play();
  });
  part("heard").addEventListener("click", () => {
    localStorage.setItem(KEPT, String(Date.now()));
    answer("");
    sayState();
  });
  part("silent").addEventListener("click", () => {
    localStorage.removeItem(KEPT);
    answer(test.dataset.textSilent);
    sayState();
  });
}

function stopTest() {
  if ("ringing" in document.documentElement.dataset) return;
  playing?.stop();
  playing = null;
}

function play() {
  if (playing) return;
  context ??= new AudioContext();
  playing = context.createBufferSource();
  playing.buffer = ringBuffer();
  playing.loop = true;
  playing.connect(context.destination);
  playing.start();
}

/** One round of the ring; looping it needs no timer, which a hidden tab would slow down. */
function ringBuffer() {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, rate * ROUND_S, rate);
  const samples = buffer.getChannelData(0);
  for (let tone = 0; tone < 4; tone += 1) {
    const from = Math.round(tone * TONE_S * rate);
    const length = Math.round(TONE_S * rate);
    for (let i = 0; i < length; i += 1) {
      const edge = Math.min(1, i / (0.02 * rate), (length - i) / (0.02 * rate));
      const turn = (2 * Math.PI * TONES_HZ[tone % 2] * i) / rate;
      samples[from + i] = LOUDNESS * edge * (Math.sin(turn) + 0.3 * Math.sin(2 * turn));
    }
  }
  return buffer;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
