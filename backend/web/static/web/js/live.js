/**
 * The live stream of a page: /ws/v1/board or /ws/v1/me.
 *
 * Every event carries its number and `prev`, the last one this viewer could see. An event whose
 * `prev` we never saw shows a gap: we connect again and the server replays from where we were.
 * Events on the target: live:event (detail: the event), live:ok, live:stale, and live:reset and
 * live:signed-out, after which the page loads anew unless somebody prevents it.
 */

const HEARTBEAT_MS = 5_000;
const CHECK_MS = 1_000;
const STALE_MS = 15_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const REPLAY_MS = 2_000;
const POLICY_VIOLATION = 1008;

export class Live {
  /**
   * `since`: number of the journal at which the page was made. `proof`: what a heartbeat says
   * besides, such as `() => ({ sound: soundIsReady() })` on the board.
   */
  constructor(path, { since, proof = () => ({}), target = document }) {
    this.url = new URL(path, location.href);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.since = since;
    this.proof = proof;
    this.target = target;
    this.socket = null;
    this.waitMs = FIRST_WAIT_MS;
    this.heardAt = performance.now();
    this.triedAt = this.heardAt;
    this.state = "new";
    this.gapAt = null;
    this.replayUntil = 0;
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
    socket.onopen = () => {
      this.replayUntil = performance.now() + REPLAY_MS;
      this.#send({ since: this.since, ...this.proof() });
    };
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
    this.#send({ ack: this.since, ...this.proof() });
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
      // News may overtake the replay we have just asked for, and comes again within it.
      if (performance.now() > this.replayUntil) this.#fillGap();
      return;
    }
    this.replayUntil = 0;
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
    if (code === POLICY_VIOLATION) {
      this.stop();
      this.#setState("stale");
      if (this.#tell("signed-out")) location.reload();
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
    const event = new CustomEvent(`live:${name}`, { detail, cancelable: true, bubbles: true });
    return this.target.dispatchEvent(event);
  }
}
