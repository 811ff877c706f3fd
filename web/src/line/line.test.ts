// The line against a socket and a clock that the test turns.
import { expect, it } from "vitest";
import { Line, type LineParts, type Socket, lineUrl, waitMs } from "./line.ts";
import { read } from "./messages.ts";

class Exchange {
  sockets: (Socket & { url: string; sent: string[]; closed: boolean })[] = [];
  waits: { ms: number; then: () => void }[] = [];
  told: string[] = [];
  why: string | null = null;

  line(): Line {
    const parts: LineParts = {
      open: (url) => {
        const socket = {
          url, sent: [] as string[], closed: false, readyState: 0,
          onopen: null, onmessage: null, onclose: null,
          send(text: string) { this.sent.push(text); },
          close() { this.closed = true; },
        };
        this.sockets.push(socket as unknown as Exchange["sockets"][number]);
        return socket as unknown as Socket;
      },
      askWhy: () => Promise.resolve(this.why),
      after: (ms, then) => {
        const wait = { ms, then };
        this.waits.push(wait);
        return () => { this.waits = this.waits.filter((one) => one !== wait); };
      },
      chance: () => 0.5,
    };
    return new Line("ws://x/phone/v1/line", {
      opened: () => this.told.push("opened"),
      message: (message) => this.told.push(message.type),
      lost: (ms) => this.told.push(`lost, again in ${ms}`),
      refused: (message) => this.told.push(`refused: ${message}`),
    }, parts);
  }

  open(): void {
    const socket = this.sockets.at(-1);
    (socket as { readyState: number }).readyState = 1;
    socket?.onopen?.({} as Event);
  }
  say(text: string): void {
    this.sockets.at(-1)?.onmessage?.({ data: text } as MessageEvent);
  }
  async hangUp(): Promise<void> {
    await this.sockets.at(-1)?.onclose?.({} as CloseEvent);
  }
  wait(): void {
    this.waits.shift()?.then();
  }
}

it("opens, hears, sends", () => {
  const exchange = new Exchange();
  const line = exchange.line();
  expect(line.send({ type: "reject", call_id: "wacid.1" })).toBe(false);
  exchange.open();
  exchange.say('{"type":"error","message":"no"}');
  exchange.say('{"type":"from_the_future"}');
  expect(line.send({ type: "reject", call_id: "wacid.1" })).toBe(true);
  expect(exchange.told).toEqual(["opened", "error"]);
  expect(exchange.sockets[0]?.sent).toEqual(['{"type":"reject","call_id":"wacid.1"}']);
});

it("tries again, waiting longer each time, and starts over once it was open", async () => {
  const exchange = new Exchange();
  exchange.line();
  await exchange.hangUp();
  exchange.wait();
  await exchange.hangUp();
  exchange.wait();
  exchange.open();
  await exchange.hangUp();
  expect(exchange.told).toEqual(["lost, again in 500", "lost, again in 1000", "opened", "lost, again in 500"]);
  expect(exchange.sockets).toHaveLength(3);
});

it("does not try again when the exchange says that it does not want this phone", async () => {
  const exchange = new Exchange();
  exchange.why = "The token is wrong.";
  exchange.line();
  await exchange.hangUp();
  expect(exchange.told).toEqual(["refused: The token is wrong."]);
  expect(exchange.waits).toEqual([]);
});

it("tries at once when asked to", async () => {
  const exchange = new Exchange();
  const line = exchange.line();
  line.retry();
  expect(exchange.sockets).toHaveLength(1);
  await exchange.hangUp();
  line.retry();
  expect(exchange.sockets).toHaveLength(2);
  expect(exchange.waits).toEqual([]);
});

it("is silent once closed", async () => {
  const exchange = new Exchange();
  exchange.line().close();
  await exchange.hangUp();
  expect(exchange.told).toEqual([]);
  expect(exchange.sockets[0]?.closed).toBe(true);
});

it("waits at most ten seconds, give or take a fifth", () => {
  expect(waitMs(0, 0)).toBe(400);
  expect(waitMs(0, 1)).toBe(600);
  expect(waitMs(30, 0.5)).toBe(10_000);
});

it("stands beside the page, encrypted when the page is", () => {
  expect(lineUrl(new URL("http://localhost:7080/phone/?x=1"), "49123", "a b")).toBe(
    "ws://localhost:7080/phone/v1/line?wa_id=49123&token=a+b",
  );
  expect(lineUrl(new URL("https://phones.example/phone/"), "49123", "t")).toBe("wss://phones.example/phone/v1/line?wa_id=49123&token=t");
});

it("reads only whole messages", () => {
  expect(read("{")).toBeNull();
  expect(read("[]")).toBeNull();
  expect(read('{"type":"accepted"}')).toBeNull();
  expect(read('{"type":"constructor"}')).toBeNull();
  expect(read('{"type":"accepted","call_id":"wacid.1","new":1}')).toEqual({ type: "accepted", call_id: "wacid.1", new: 1 });
  expect(read('{"type":"welcome","wa_id":"1","name":"A","businesses":[{"name":"x"}],"calls":[]}')).toBeNull();
});
