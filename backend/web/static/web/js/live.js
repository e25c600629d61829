/**
 * The live stream of a page: /ws/v1/board or /ws/v1/me.
 *
 * Every event carries its number and `prev`, the last one this viewer could see. An event whose
 * `prev` we never saw shows a gap: we connect again and the server replays from where we were.
 * Events on the target: live:event (detail: the event), live:ok, live:stale, live:reset (the
 * page must be read again; it reloads unless somebody prevents it), live:signed-out.
 */

const HEARTBEAT_MS = 5_000;
const CHECK_MS = 1_000;
const STALE_MS = 15_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const SIGNED_OUT_CODES = [4401, 4403];

export class Live {
  /** `since`: number of the journal at which the page was made. */
  constructor(path, { since, target = document }) {
    this.url = new URL(path, location.href);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.since = since;
    this.target = target;
    this.socket = null;
    this.waitMs = FIRST_WAIT_MS;
    this.heardAt = performance.now();
    this.triedAt = this.heardAt;
    this.state = "new";
    this.gapAt = null;
    this.timers = [];
  }

  start() {
    this.timers.push(
      setInterval(() => this.#check(), CHECK_MS),
      setInterval(() => this.#prove(), HEARTBEAT_MS),
    );
    window.addEventListener("online", () => this.#reconnectNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#check();
    });
    this.#connect();
  }

  stop() {
    this.timers.forEach(clearInterval);
    this.timers = [];
    this.#drop();
  }

  #connect() {
    if (this.socket || !this.timers.length) return;
    this.triedAt = performance.now();
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => this.#send({ since: this.since });
    socket.onmessage = (message) => {
      if (socket === this.socket) this.#hear(JSON.parse(message.data));
    };
    socket.onclose = (closed) => {
      if (socket === this.socket) this.#lost(closed.code);
    };
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  #send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Proves that this page is alive and shows what it heard. */
  #prove() {
    this.#send({ ack: this.since });
  }

  /** Notices that the server is not heard any more; a fresh attempt gets its time, too. */
  #check() {
    const now = performance.now();
    if (now - this.heardAt > STALE_MS) this.#setState("stale");
    if (this.socket && now - Math.max(this.heardAt, this.triedAt) > STALE_MS) this.#lost();
  }

  #hear(message) {
    this.heardAt = performance.now();
    this.waitMs = FIRST_WAIT_MS;
    if (message.type === "reset") {
      this.#reset();
      return;
    }
    this.#setState("ok");
    if (message.type === "ping") this.#prove();
    else if (message.type !== "hello") this.#take(message);
  }

  #take(event) {
    if (event.seq <= this.since) return;
    if (event.prev > this.since) {
      this.#fillGap();
      return;
    }
    this.since = event.seq;
    this.#tell("event", event);
    this.#prove();
  }

  /** A second gap at the same place cannot be filled by asking again. */
  #fillGap() {
    if (this.gapAt === this.since) {
      this.#reset();
      return;
    }
    this.gapAt = this.since;
    this.#drop();
    this.#connect();
  }

  #reset() {
    if (this.#tell("reset")) location.reload();
  }

  #lost(code) {
    this.#drop();
    if (SIGNED_OUT_CODES.includes(code)) {
      this.stop();
      this.#setState("stale");
      this.#tell("signed-out");
      return;
    }
    const waitMs = this.waitMs / 2 + (Math.random() * this.waitMs) / 2;
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    setTimeout(() => this.#connect(), waitMs);
  }

  #reconnectNow() {
    if (this.socket?.readyState === WebSocket.OPEN) this.#drop();
    this.#connect();
  }

  #setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell(state);
  }

  #tell(name, detail = null) {
    return this.target.dispatchEvent(
      new CustomEvent(`live:${name}`, { detail, cancelable: name === "reset" }),
    );
  }
}
