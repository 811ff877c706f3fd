// What the phone is doing, as one value, and how each event changes it.
//
// `step` decides and does nothing: it returns the next state and what is to be done. The driver
// (driver.ts) owns the line, the microphone and the peer, and carries the effects out.
import type { Answer, Held } from "../line/chat-message.ts";
import type { Business, FromExchange, ToExchange } from "../line/messages.ts";
import { type Chats, NO_CHATS, cameTo, expired, permitted, read, shown, welcomed } from "./chats.ts";

/** Everything that the page shows. */
export type State = {
  line: Line;
  me: { waId: string; name: string } | null;
  businesses: Business[];
  /** Calls that ring at this phone, the oldest first. */
  rings: Ring[];
  /** The one call that this phone is in. */
  call: Call | null;
  /** How the latest call ended, or why it did not begin; shown until the next one. */
  last: Last | null;
  /** What was written, and what the user allows. */
  chats: Chats;
  /** A sentence of the exchange that belongs to no call. */
  notice: string | null;
};

export type Last = {
  with: Business;
  message: string;
  /** Whether both sides could talk. */
  talked: boolean;
  /** When the business takes calls again, if that was the reason and is known. */
  opensAtMs?: number;
  /** Whether the business would call back, if the user lets it. */
  callsBack?: boolean;
};

export type Line =
  | { is: "connecting" }
  | { is: "open" }
  | { is: "lost"; waitMs: number }
  | { is: "refused"; message: string };

export type Ring = { callId: string; from: Business; offer: string };

export type Call =
  /** The offer is being made, or is with the exchange (`callId` is known then). */
  | {
      is: "dialing";
      dialId: string;
      callId: string | null;
      with: Business;
      by: DialledBy;
      rings: boolean;
      media: Media;
      muted: boolean;
    }
  | { is: "picking_up"; callId: string; with: Business; media: Media; muted: boolean }
  | { is: "talking"; callId: string; with: Business; since: number; media: Media; muted: boolean };

/** What the user pressed to call, beside the business itself. */
export type DialledBy = { button?: string; deepLinkPayload?: string };

/** What ICE and DTLS say of the audio. */
export type Media = "connecting" | "connected" | "interrupted";

export type Event =
  | { type: "line_opened" }
  | { type: "line_lost"; waitMs: number }
  | { type: "line_refused"; message: string }
  | { type: "heard"; message: FromExchange; now: number }
  | { type: "dial"; dialId: string; to: Business; by?: DialledBy }
  | { type: "pick_up"; callId: string }
  | { type: "reject"; callId: string }
  | { type: "hang_up" }
  | { type: "mute"; on: boolean }
  | { type: "press"; digit: string }
  | { type: "write"; to: Business; body: string }
  /** The user looks at the chat with a business. */
  | { type: "look"; at: string }
  | { type: "answer"; messageId: string; answer: Answer }
  | { type: "allow"; number: string; permission: Held }
  | { type: "close_notice" }
  | { type: "offer_ready"; dialId: string; sdp: string }
  | { type: "answer_ready"; callId: string; sdp: string }
  /** No microphone, or the browser refused a description. `of` is the dial id or the call id. */
  | { type: "media_failed"; of: string; message: string }
  | { type: "media"; media: Media; now: number }
  | { type: "media_lost" }
  /** A message could not be sent because the line is down. */
  | { type: "unsent"; message: ToExchange };

export type Effect =
  | { do: "send"; message: ToExchange }
  | { do: "make_offer"; dialId: string }
  | { do: "make_answer"; callId: string; offer: string }
  | { do: "apply_answer"; of: string; sdp: string }
  | { do: "close_media" }
  | { do: "mute"; on: boolean }
  | { do: "press"; digit: string };

export type Step = { state: State; effects: Effect[] };

export const INITIAL: State = {
  line: { is: "connecting" },
  me: null,
  businesses: [],
  rings: [],
  call: null,
  last: null,
  chats: NO_CHATS,
  notice: null,
};

/** What should be heard from the loudspeaker beside the other side's voice. */
export function sound(state: State): "ring" | "ringback" | "none" {
  if (state.call?.is === "dialing") return state.call.rings ? "ringback" : "none";
  return state.call === null && state.rings.length > 0 ? "ring" : "none";
}

export function step(state: State, event: Event): Step {
  const { call } = state;
  switch (event.type) {
    case "line_opened":
      return only({ ...state, line: { is: "connecting" } });
    case "line_lost":
      return loseLine({ ...state, line: { is: "lost", waitMs: event.waitMs } });
    case "line_refused":
      return end({ ...state, line: { is: "refused", message: event.message }, rings: [] }, event.message);
    case "heard":
      return state.line.is === "refused" ? only(state) : hear(state, event.message, event.now);

    case "dial": {
      if (call || state.line.is !== "open") return only(state);
      const dialing: Call = {
        is: "dialing", dialId: event.dialId, callId: null, with: event.to, by: event.by ?? {}, rings: false,
        media: "connecting", muted: false,
      };
      return {
        state: { ...state, call: dialing, last: null, notice: null },
        effects: [{ do: "make_offer", dialId: event.dialId }],
      };
    }
    case "offer_ready":
      if (call?.is !== "dialing" || call.dialId !== event.dialId) return only(state);
      return also(state, dialMessage(call.with, call.by, event.dialId, event.sdp));
    case "pick_up":
      return pickUp(state, event.callId);
    case "answer_ready":
      if (call?.is !== "picking_up" || call.callId !== event.callId) return only(state);
      return also(state, { type: "pick_up", call_id: event.callId, sdp: event.sdp });
    case "reject":
      if (!state.rings.some((ring) => ring.callId === event.callId)) return only(state);
      return also(withoutRing(state, event.callId), { type: "reject", call_id: event.callId });
    case "hang_up":
      return hangUp(state, "You hung up.");

    case "mute":
      if (!call) return only(state);
      return { state: { ...state, call: { ...call, muted: event.on } }, effects: [{ do: "mute", on: event.on }] };
    case "press":
      if (call?.is !== "talking") return only(state);
      return { state, effects: [{ do: "press", digit: event.digit }] };

    case "write":
      return also({ ...state, notice: null }, { type: "text", to: event.to.phone_number_id, body: event.body });
    case "look": {
      const { chats, ids } = read(state.chats, event.at);
      const told = ids.map((id): Effect => ({ do: "send", message: { type: "read", message_id: id } }));
      return { state: chats === state.chats ? state : { ...state, chats }, effects: told };
    }
    case "answer":
      return also({ ...state, notice: null }, {
        type: "answer_permission", message_id: event.messageId, answer: event.answer,
      });
    case "allow":
      return also({ ...state, notice: null }, {
        type: "set_permission", phone_number_id: event.number, permission: event.permission,
      });
    case "close_notice":
      return only({ ...state, notice: null });

    case "media_failed": {
      const of = call?.is === "dialing" && call.callId === null ? call.dialId : call?.callId;
      return of === event.of ? hangUp(state, event.message) : only(state);
    }
    case "media":
      if (!call) return only(state);
      // The exchange lets a picked-up call's media through at once: hearing it is being in the call.
      if (call.is === "picking_up" && event.media === "connected") {
        return only({ ...state, call: { ...call, is: "talking", since: event.now, media: event.media } });
      }
      return only({ ...state, call: { ...call, media: event.media } });
    case "media_lost":
      return hangUp(state, "The audio connection was lost.");
    case "unsent":
      return unsent(state, event.message);
  }
}

function hear(state: State, message: FromExchange, now: number): Step {
  const { call } = state;
  const ours = "call_id" in message && call?.callId === message.call_id;
  switch (message.type) {
    case "welcome": {
      const next: State = {
        ...state,
        line: { is: "open" },
        me: { waId: message.wa_id, name: message.name },
        businesses: message.businesses,
        chats: welcomed(state.chats, message, now),
        notice: null,
      };
      const missedTheEnd = call?.callId && !message.calls.includes(call.callId);
      return missedTheEnd ? end(next, "The call ended while the line was down.") : only(next);
    }
    case "businesses":
      return only({ ...state, businesses: message.businesses });
    case "dialing": {
      if (call?.is !== "dialing" || call.dialId !== message.dial_id) {
        // Given up before the exchange knew of it: the call exists now and is ended.
        return also(state, { type: "hang_up", call_id: message.call_id });
      }
      return {
        state: { ...withoutRing(state, message.call_id), call: { ...call, callId: message.call_id } },
        effects: [{ do: "apply_answer", of: message.call_id, sdp: message.sdp }],
      };
    }
    case "dial_refused":
      if (call?.is !== "dialing" || call.dialId !== message.dial_id) return only(state);
      return refused(state, message, call.by);
    case "ring": {
      if (ours && call?.is === "picking_up") {
        // It still rings there: the pick-up was lost with the line, and the offer may be another.
        return {
          state: { ...state, call: { ...call, media: "connecting" } },
          effects: [{ do: "close_media" }, { do: "make_answer", callId: message.call_id, offer: message.sdp }],
        };
      }
      if (ours) return only(state);
      const ring = { callId: message.call_id, from: message.from, offer: message.sdp };
      const rings = [...withoutRing(state, ring.callId).rings, ring];
      return also({ ...state, rings }, { type: "ringing", call_id: ring.callId });
    }
    case "stop_ringing":
      return call?.is === "picking_up" && ours
        ? end(state, RING_STOPPED[message.reason] ?? "The call is over.")
        : only(withoutRing(state, message.call_id));
    case "remote_ringing":
      if (call?.is !== "dialing" || !ours) return only(state);
      return only({ ...state, call: { ...call, rings: true } });
    case "accepted":
      if (!call || call.is === "talking" || !ours) return only(state);
      return only({
        ...state,
        call: { is: "talking", callId: message.call_id, with: call.with, since: now, media: call.media, muted: call.muted },
      });
    case "ended":
      return ours ? end(state, message.message) : only(withoutRing(state, message.call_id));
    case "chat":
      return only({ ...state, chats: shown(state.chats, message.message, now) });
    case "chat_status":
      return only({ ...state, chats: cameTo(state.chats, message.message_id, message.status) });
    case "permission": {
      const { type: _, ...permission } = message;
      return only({ ...state, chats: permitted(state.chats, permission) });
    }
    case "error":
      return only({ ...state, notice: message.message });
  }
}

function refused(state: State, message: Extract<FromExchange, { type: "dial_refused" }>, by: DialledBy): Step {
  const { state: next, effects } = end(state, message.message);
  const last = next.last && {
    ...next.last,
    ...(message.opens_at_ms !== undefined && { opensAtMs: message.opens_at_ms }),
    ...(message.callback_offered && { callsBack: true }),
  };
  const over = message.reason === "button_expired" && by.button !== undefined;
  return { state: { ...next, last, chats: over ? expired(next.chats, by.button ?? "") : next.chats }, effects };
}

/** The line was down. What waits for nothing says itself by the missing line. */
function unsent(state: State, message: ToExchange): Step {
  switch (message.type) {
    case "dial":
    case "pick_up":
      return end(state, LINE_DOWN);
    case "text":
    case "answer_permission":
    case "set_permission":
      return only({ ...state, notice: LINE_DOWN });
    case "ringing":
    case "reject":
    case "hang_up":
    case "read":
      return only(state);
  }
}

const dialMessage = (to: Business, by: DialledBy, dialId: string, sdp: string): ToExchange => ({
  type: "dial",
  dial_id: dialId,
  to: to.phone_number_id,
  sdp,
  ...(by.button && { button: by.button }),
  ...(by.deepLinkPayload && { deep_link_payload: by.deepLinkPayload }),
});

/** A call keeps its media without the line; what the exchange has not answered yet is lost. */
function loseLine(state: State): Step {
  // What rings is rung again when the line is back.
  const next = { ...state, rings: [] };
  return state.call?.is === "dialing" && state.call.callId === null
    ? end(next, "The line to the exchange was lost. Try again when it is back.")
    : only(next);
}

function pickUp(state: State, callId: string): Step {
  const ring = state.rings.find((one) => one.callId === callId);
  if (!ring) return only(state);
  const before = hangUp(state, "You took another call.");
  const call: Call = { is: "picking_up", callId, with: ring.from, media: "connecting", muted: false };
  return {
    state: { ...withoutRing(before.state, callId), call, last: null, notice: null },
    effects: [...before.effects, { do: "make_answer", callId, offer: ring.offer }],
  };
}

/** Ends the call of this phone and tells the exchange, when the exchange knows of it. */
function hangUp(state: State, message: string): Step {
  const callId = state.call?.callId;
  const { state: next, effects } = end(state, message);
  return callId ? { state: next, effects: [{ do: "send", message: { type: "hang_up", call_id: callId } }, ...effects] } : { state: next, effects };
}

/** Ends the call of this phone without a word to the exchange. */
function end(state: State, message: string): Step {
  if (!state.call) return only(state);
  return {
    state: { ...state, call: null, last: { with: state.call.with, message, talked: state.call.is === "talking" } },
    effects: [{ do: "close_media" }],
  };
}

const withoutRing = (state: State, callId: string): State => ({
  ...state,
  rings: state.rings.filter((ring) => ring.callId !== callId),
});
const only = (state: State): Step => ({ state, effects: [] });
const also = (state: State, message: ToExchange): Step => ({ state, effects: [{ do: "send", message }] });

const LINE_DOWN = "The line to the exchange is down. Try again when it is back.";

const RING_STOPPED: Record<string, string> = {
  taken_elsewhere: "The call was taken on another phone.",
  rejected_elsewhere: "The call was rejected on another phone.",
  caller_hung_up: "The business hung up.",
  no_answer: "The call rang out.",
};
