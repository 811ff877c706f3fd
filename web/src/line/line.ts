// The phone line: one WebSocket that is opened again when it is lost.
import { type FromExchange, type ToExchange, read } from "./messages.ts";

/** What the line reports. */
export type LineEvents = {
  opened(): void;
  message(message: FromExchange): void;
  /** The line is gone and is tried again after `waitMs`. */
  lost(waitMs: number): void;
  /** The exchange does not want this phone: it is not tried again. */
  refused(message: string): void;
};

/** The part of a WebSocket that the line uses. */
export type Socket = Pick<WebSocket, "send" | "close" | "readyState"> & {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
};

/** What the line takes from its surroundings, so that a test can turn the time. */
export type LineParts = {
  open(url: string): Socket;
  /**
   * Why the exchange does not take this phone, in its own words; `null` when it would, or does not
   * answer. A browser tells no page why a WebSocket was not opened, so the same address is asked
   * over plain HTTP.
   */
  askWhy(url: string): Promise<string | null>;
  after(ms: number, then: () => void): () => void;
  /** A number from 0 up to 1, to spread the phones that all lost the same exchange. */
  chance(): number;
};

/** The address of the phone line for a page at `page`. */
export function lineUrl(page: URL, waId: string, token: string): string {
  const url = new URL("/phone/v1/line", page);
  url.protocol = page.protocol === "https:" ? "wss:" : "ws:";
  url.search = new URLSearchParams({ wa_id: waId, token }).toString();
  return url.toString();
}

export class Line {
  readonly #url: string;
  readonly #events: LineEvents;
  readonly #parts: LineParts;
  #socket: Socket | null = null;
  #failures = 0;
  #stopWaiting: (() => void) | null = null;
  #closed = false;

  constructor(url: string, events: LineEvents, parts: LineParts = BROWSER) {
    this.#url = url;
    this.#events = events;
    this.#parts = parts;
    this.#open();
  }

  /** Sends when the line is open; says whether it was. */
  send(message: ToExchange): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Tries again now instead of when the wait is over. */
  retry(): void {
    if (!this.#stopWaiting) return;
    this.#stopWaiting();
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#stopWaiting?.();
    this.#socket?.close();
  }

  #open(): void {
    this.#stopWaiting = null;
    const socket = this.#parts.open(this.#url);
    let wasOpen = false;
    this.#socket = socket;
    socket.onopen = () => {
      wasOpen = true;
      this.#failures = 0;
      this.#events.opened();
    };
    socket.onmessage = (event) => {
      const message = typeof event.data === "string" ? read(event.data) : null;
      if (message && this.#socket === socket) this.#events.message(message);
    };
    socket.onclose = async () => {
      if (this.#closed || this.#socket !== socket) return;
      this.#socket = null;
      const refusal = wasOpen ? null : await this.#parts.askWhy(this.#url);
      if (this.#closed) return;
      if (refusal !== null) {
        this.#events.refused(refusal);
        return;
      }
      const wait = waitMs(this.#failures, this.#parts.chance());
      this.#failures += 1;
      this.#stopWaiting = this.#parts.after(wait, () => this.#open());
      this.#events.lost(wait);
    };
  }
}

/** The wait before the next try, in milliseconds: doubled each time, up to ten seconds, spread by a fifth. */
export function waitMs(failures: number, chance: number): number {
  const wait = Math.min(WAIT_FIRST_MS * 2 ** failures, WAIT_MAX_MS);
  return Math.round(wait * (0.8 + 0.4 * chance));
}

/** The sentence in the exchange's error body. */
function refusalIn(body: unknown): string | null {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : null;
  return typeof message === "string" ? message : null;
}

const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 10_000;
/** `WebSocket.OPEN`, which does not exist outside of browsers. */
const OPEN = 1;
const UNAUTHORIZED = 401;

const BROWSER: LineParts = {
  open: (url) => new WebSocket(url),
  askWhy: async (url) => {
    try {
      const answer = await fetch(url.replace(/^ws/, "http"));
      if (answer.status !== UNAUTHORIZED) return null;
      const body: unknown = await answer.json();
      return refusalIn(body) ?? "The exchange does not know this phone: look at wa_id and token.";
    } catch {
      return null;
    }
  },
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
};
