// Stories of the phone: a script of events in, what it did and shows out.
import { describe, expect, it } from "vitest";
import type { Business } from "../line/messages.ts";
import { type Effect, type Event, INITIAL, type State, sound, step } from "./state.ts";

const ACME: Business = { phone_number_id: "100", display_phone_number: "15550100", name: "Acme", call_icon: true };
const ZOO: Business = { phone_number_id: "200", display_phone_number: "15550200", name: "Zoo", call_icon: true };

const NO_NEWS = { chat: [], permissions: [], now_ms: 0 };
const events: Record<string, Event> = {
  opened: { type: "line_opened" },
  lost: { type: "line_lost", waitMs: 500 },
  refused: { type: "line_refused", message: "wrong token" },
  welcome: heard({ type: "welcome", wa_id: "4912345", name: "Ada", businesses: [ACME, ZOO], calls: ["wacid.1"], ...NO_NEWS }),
  "welcome without calls": heard({ type: "welcome", wa_id: "4912345", name: "Ada", businesses: [ACME, ZOO], calls: [], ...NO_NEWS }),
  "acme hides its icon": heard({ type: "businesses", businesses: [{ ...ACME, call_icon: false }, ZOO] }),
  dial: { type: "dial", dialId: "d1", to: ACME },
  offer: { type: "offer_ready", dialId: "d1", sdp: "offer" },
  dialing: heard({ type: "dialing", dial_id: "d1", call_id: "wacid.1", sdp: "answer" }),
  busy: heard({ type: "dial_refused", dial_id: "d1", reason: "busy", message: "Acme is busy." }),
  "remote rings": heard({ type: "remote_ringing", call_id: "wacid.1" }),
  accepted: heard({ type: "accepted", call_id: "wacid.1" }, 5_000),
  ended: heard({ type: "ended", call_id: "wacid.1", reason: "business_hung_up", message: "Acme hung up." }),
  ring: heard({ type: "ring", call_id: "wacid.1", from: ACME, sdp: "offer" }),
  "ring again": heard({ type: "ring", call_id: "wacid.1", from: ACME, sdp: "offer 2" }),
  "ring of zoo": heard({ type: "ring", call_id: "wacid.2", from: ZOO, sdp: "offer z" }),
  "taken elsewhere": heard({ type: "stop_ringing", call_id: "wacid.1", reason: "taken_elsewhere" }),
  "pick up": { type: "pick_up", callId: "wacid.1" },
  "pick zoo up": { type: "pick_up", callId: "wacid.2" },
  answer: { type: "answer_ready", callId: "wacid.1", sdp: "answer" },
  reject: { type: "reject", callId: "wacid.1" },
  "hang up": { type: "hang_up" },
  mute: { type: "mute", on: true },
  five: { type: "press", digit: "5" },
  "media up": { type: "media", media: "connected", now: 7_000 },
  "media stutters": { type: "media", media: "interrupted", now: 8_000 },
  "media lost": { type: "media_lost" },
  "no microphone": { type: "media_failed", of: "d1", message: "No microphone." },
  "no microphone to answer": { type: "media_failed", of: "wacid.1", message: "No microphone." },
  "press the button": { type: "dial", dialId: "d1", to: ACME, by: { button: "wamid.1" } },
  "button expired": heard({ type: "dial_refused", dial_id: "d1", reason: "button_expired", message: "It has expired." }),
  closed: heard({
    type: "dial_refused", dial_id: "d1", reason: "closed", message: "It is closed.", opens_at_ms: 9_000, callback_offered: true,
  }),
  "follow a link": { type: "dial", dialId: "d1", to: ACME, by: { deepLinkPayload: "spring" } },
  chat: heard({
    type: "chat",
    message: {
      id: "wamid.1", phone_number_id: "100", from: "business", at_ms: 1, status: "delivered", kind: "call_button",
      body: "Questions?", display_text: "Call", expires_at_ms: 9,
    },
  }),
  look: { type: "look", at: "100" },
  write: { type: "write", to: ACME, body: "Hello." },
  permit: { type: "answer", messageId: "wamid.1", answer: "permanent" },
  forbid: { type: "allow", number: "100", permission: "none" },
  "write unsent": { type: "unsent", message: { type: "text", to: "100", body: "Hello." } },
  "dial unsent": { type: "unsent", message: { type: "dial", dial_id: "d1", to: "100", sdp: "offer" } },
};

function heard(message: Extract<Event, { type: "heard" }>["message"], now = 1_000): Event {
  return { type: "heard", message, now };
}

/** Plays a comma-separated script on a phone whose line is open, and tells what it did and where it stands. */
function story(script: string): string[] {
  const told: string[] = [];
  let state: State = INITIAL;
  for (const name of ["opened", "welcome", ...script.split(", ")]) {
    const event = events[name];
    if (!event) throw new Error(`no such event: ${name}`);
    const next = step(state, event);
    state = next.state;
    told.push(...next.effects.map((effect) => `${name}: ${say(effect)}`));
    holds(state);
  }
  return [...told, shown(state)];
}

/** The same, as values. */
function play(script: string): { state: State; effects: Effect[] } {
  let state: State = INITIAL;
  const effects: Effect[] = [];
  for (const name of ["opened", "welcome", ...script.split(", ")]) {
    const next = step(state, events[name] as Event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

function say(effect: Effect): string {
  switch (effect.do) {
    case "send":
      return `send ${Object.values(effect.message).join(" ")}`;
    case "make_answer":
      return `make answer to ${effect.offer}`;
    default:
      return Object.values(effect).join(" ").replaceAll("_", " ");
  }
}

function shown({ call, rings, last, line }: State): string {
  const parts = [
    line.is,
    call && `${call.is} ${call.with.name}${call.is === "talking" ? ` since ${call.since}, ${call.media}` : ""}${call.muted ? ", muted" : ""}`,
    ...rings.map((ring) => `${ring.from.name} rings`),
    last && `last: ${last.message}`,
  ];
  return `= ${parts.filter(Boolean).join("; ")}`;
}

/** What must be true of every state. */
function holds(state: State): void {
  const ids = state.rings.map((ring) => ring.callId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain(state.call?.callId);
  if (state.call) expect(sound(state)).not.toBe("ring");
  if (state.line.is === "refused") expect(state.call).toBeNull();
}

describe("chats", () => {
  it("tell what the user does", () => {
    expect(story("chat, look, look, write, permit, forbid")).toEqual([
      "look: send read wamid.1",
      "write: send text 100 Hello.",
      "permit: send answer_permission wamid.1 permanent",
      "forbid: send set_permission 100 none",
      "= open",
    ]);
  });

  it("call by a button, until the exchange says that it has expired", () => {
    const { effects } = play("chat, press the button, offer");
    expect(effects.at(-1)).toEqual({
      do: "send", message: { type: "dial", dial_id: "d1", to: "100", sdp: "offer", button: "wamid.1" },
    });
    expect(play("chat, press the button, offer, button expired").state.chats.expired).toEqual(["wamid.1"]);
  });

  it("call by a link", () => {
    expect(story("follow a link, offer").at(-2)).toBe("offer: send dial d1 100 offer spring");
  });

  it("say that a text was not sent", () => {
    expect(play("write unsent").state.notice).toMatch(/line to the exchange is down/);
  });
});

describe("a user calls a business", () => {
  it("is answered and hangs up", () => {
    expect(story("dial, offer, dialing, media up, remote rings, accepted, mute, five, hang up")).toEqual([
      "dial: make offer d1",
      "offer: send dial d1 100 offer",
      "dialing: apply answer wacid.1 answer",
      "mute: mute true",
      "five: press 5",
      "hang up: send hang_up wacid.1",
      "hang up: close media",
      "= open; last: You hung up.",
    ]);
  });

  it("is in the call from `accepted` on, and keeps what media said before", () => {
    expect(story("dial, offer, dialing, media up, accepted").at(-1)).toBe("= open; talking Acme since 5000, connected");
  });

  it("shows the reason of a refusal", () => {
    expect(story("dial, offer, busy").slice(-2)).toEqual(["busy: close media", "= open; last: Acme is busy."]);
  });

  it("shows when a closed business takes calls again, and that it would call back", () => {
    expect(play("dial, offer, closed").state.last).toEqual({
      with: ACME, message: "It is closed.", talked: false, opensAtMs: 9_000, callsBack: true,
    });
  });

  it("says why there is no microphone, and tells the exchange nothing", () => {
    expect(story("dial, no microphone")).toEqual([
      "dial: make offer d1", "no microphone: close media", "= open; last: No microphone.",
    ]);
  });

  it("gives up before the exchange has answered: the call is ended as soon as it has a name", () => {
    expect(story("dial, offer, hang up, dialing")).toEqual([
      "dial: make offer d1",
      "offer: send dial d1 100 offer",
      "hang up: close media",
      "dialing: send hang_up wacid.1",
      "= open; last: You hung up.",
    ]);
  });

  it("sends no offer for a call that was given up meanwhile", () => {
    expect(story("dial, hang up, offer")).toEqual(["dial: make offer d1", "hang up: close media", "= open; last: You hung up."]);
  });

  it("places one call at a time, and none without a line", () => {
    expect(story("dial, dial").filter((line) => line.includes("make offer"))).toHaveLength(1);
    expect(story("lost, dial")).toEqual(["= lost"]);
  });

  it("presses no digits before the call is answered", () => {
    expect(story("dial, offer, dialing, five").some((line) => line.startsWith("five"))).toBe(false);
  });

  it("ends with the exchange's words", () => {
    expect(story("dial, offer, dialing, accepted, ended").slice(-2)).toEqual(["ended: close media", "= open; last: Acme hung up."]);
  });

  it("ends when the audio is lost, not when it stutters", () => {
    expect(story("dial, offer, dialing, accepted, media stutters").at(-1)).toBe("= open; talking Acme since 5000, interrupted");
    expect(story("dial, offer, dialing, accepted, media lost").slice(-3)).toEqual([
      "media lost: send hang_up wacid.1", "media lost: close media", "= open; last: The audio connection was lost.",
    ]);
  });

  it("does not wait for an answer to what was never sent", () => {
    expect(story("dial, offer, dial unsent").at(-1)).toMatch(/last: The line to the exchange is down/);
  });
});

describe("a business calls", () => {
  it("rings, is picked up and ended by the business", () => {
    expect(story("ring, pick up, answer, accepted, media up, ended")).toEqual([
      "ring: send ringing wacid.1",
      "pick up: make answer to offer",
      "answer: send pick_up wacid.1 answer",
      "ended: close media",
      "= open; last: Acme hung up.",
    ]);
  });

  it("is in the call when the audio is up, even if `accepted` went astray", () => {
    expect(story("ring, pick up, answer, media up").at(-1)).toBe("= open; talking Acme since 7000, connected");
  });

  it("is rejected", () => {
    expect(story("ring, reject")).toEqual(["ring: send ringing wacid.1", "reject: send reject wacid.1", "= open"]);
  });

  it("stops ringing when another phone takes it", () => {
    expect(story("ring, taken elsewhere").at(-1)).toBe("= open");
    expect(story("ring, pick up, taken elsewhere").at(-1)).toBe("= open; last: The call was taken on another phone.");
  });

  it("hangs up when there is no microphone to answer with", () => {
    expect(story("ring, pick up, no microphone to answer").slice(-3)).toEqual([
      "no microphone to answer: send hang_up wacid.1",
      "no microphone to answer: close media",
      "= open; last: No microphone.",
    ]);
  });

  it("shows a second call beside the first, and can change over", () => {
    expect(story("ring, pick up, answer, accepted, ring of zoo").at(-1)).toBe(
      "= open; talking Acme since 5000, connecting; Zoo rings",
    );
    expect(story("ring, pick up, answer, accepted, ring of zoo, pick zoo up").slice(-4)).toEqual([
      "pick zoo up: send hang_up wacid.1",
      "pick zoo up: close media",
      "pick zoo up: make answer to offer z",
      "= open; picking_up Zoo",
    ]);
  });

  it("rings on when the first call ends", () => {
    expect(story("ring, pick up, answer, accepted, ring of zoo, ended").at(-1)).toBe("= open; Zoo rings; last: Acme hung up.");
  });
});

describe("the line is lost", () => {
  it("in a call: the call goes on", () => {
    expect(story("dial, offer, dialing, accepted, lost, opened, welcome").at(-1)).toBe(
      "= open; talking Acme since 5000, connecting",
    );
  });

  it("in a call that ends meanwhile: the phone ends it too", () => {
    expect(story("dial, offer, dialing, accepted, lost, opened, welcome without calls").slice(-2)).toEqual([
      "welcome without calls: close media",
      "= open; last: The call ended while the line was down.",
    ]);
  });

  it("before the exchange answered the dial", () => {
    expect(story("dial, offer, lost").at(-1)).toMatch(/^= lost; last: The line to the exchange was lost/);
  });

  it("while it rings: the exchange rings again", () => {
    expect(story("ring, lost").at(-1)).toBe("= lost");
    expect(story("ring, lost, opened, welcome, ring again").at(-1)).toBe("= open; Acme rings");
  });

  it("while picking up: the offer that comes again is answered again", () => {
    expect(story("ring, pick up, answer, lost, opened, welcome, ring again, answer").slice(-4)).toEqual([
      "ring again: close media",
      "ring again: make answer to offer 2",
      "answer: send pick_up wacid.1 answer",
      "= open; picking_up Acme",
    ]);
  });

  it("for good: nothing is left but the reason", () => {
    expect(story("ring, refused").at(-1)).toBe("= refused");
  });
});

it("shows businesses as they are now, and goes on with its call", () => {
  const state = ["opened", "welcome", "dial", "offer", "dialing", "accepted", "acme hides its icon"].reduce(
    (now, name) => step(now, events[name] as Event).state, INITIAL,
  );
  expect([state.businesses.map((one) => one.call_icon), state.call?.is]).toEqual([[false, true], "talking"]);
});

it("sounds like a phone", () => {
  const after = (...names: string[]) =>
    sound(names.reduce((state, name) => step(state, events[name] as Event).state, INITIAL));
  expect(after("opened", "welcome")).toBe("none");
  expect(after("opened", "welcome", "ring")).toBe("ring");
  expect(after("opened", "welcome", "ring", "pick up")).toBe("none");
  expect(after("opened", "welcome", "dial", "offer", "dialing")).toBe("none");
  expect(after("opened", "welcome", "dial", "offer", "dialing", "remote rings")).toBe("ringback");
});

it("stays sound whatever three events happen", () => {
  // What happens in chats touches no call; it has stories of its own.
  const ofChats = ["chat", "look", "write", "permit", "forbid", "write unsent", "press the button", "follow a link"];
  const names = Object.keys(events).filter((name) => !ofChats.includes(name));
  const walk = (state: State, depth: number): number => {
    holds(state);
    if (depth === 0) return 1;
    return names.reduce((sum, name) => sum + walk(step(state, events[name] as Event).state, depth - 1), 0);
  };
  expect(walk(step(INITIAL, events["welcome"] as Event).state, 3)).toBe(names.length ** 3);
}, 30_000);
