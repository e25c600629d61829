/**
 * Times that go on counting: `<time datetime data-ticking="relative">` says "3 minutes ago",
 * `data-ticking="clock"` counts 3:07. Both follow the server's clock, not the computer's.
 */

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

let aheadMs = 0;
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang);

/** Tell the server's time, as ISO 8601; pages carry it in `<meta name="server-time">`. */
export function setServerTime(iso, receivedAt = Date.now()) {
  aheadMs = Date.parse(iso) - receivedAt;
}

export function serverNow() {
  return Date.now() + aheadMs;
}

export function startTicking() {
  const made = document.querySelector('meta[name="server-time"]')?.content;
  const [navigation] = performance.getEntriesByType("navigation");
  if (made) setServerTime(made, performance.timeOrigin + (navigation?.responseStart ?? 0));
  tick();
  setInterval(tick, 1_000);
}

function tick() {
  for (const element of document.querySelectorAll("time[data-ticking]")) {
    const seconds = (serverNow() - Date.parse(element.dateTime)) / 1_000;
    const words = element.dataset.ticking === "clock" ? clockText(seconds) : relativeText(seconds);
    if (element.textContent !== words) element.textContent = words;
  }
}

export function relativeText(seconds) {
  const size = Math.round(Math.abs(seconds));
  const [unit, length] = UNITS.find(([, one]) => size >= one) ?? UNITS.at(-1);
  const count = Math.floor(size / length);
  return relative.format(seconds < 0 ? count : -count, unit);
}

export function clockText(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const [hour, minute, second] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hour ? `${hour}:${two(minute)}:${two(second)}` : `${minute}:${two(second)}`;
}
