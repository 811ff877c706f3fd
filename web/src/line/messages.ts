// What crosses the phone line, as JSON text frames. The Rust side is crates/phone/src/line.rs; what
// stands in chats is in chat-message.ts.
import {
  type Answer,
  type CallPermission,
  type ChatMessage,
  type Held,
  type MessageStatus,
  isChatMessage,
  isHeld,
  isPermission,
  isStatus,
} from "./chat-message.ts";

/** A business number, as the exchange presents it to a user. */
export type Business = {
  phone_number_id: string;
  display_phone_number: string;
  name: string;
  /** Whether it shows a call icon; without one only its call buttons call it. */
  call_icon: boolean;
};

/** What the phone tells the exchange. */
export type ToExchange =
  | { type: "dial"; dial_id: string; to: string; sdp: string; button?: string; deep_link_payload?: string }
  | { type: "ringing"; call_id: string }
  | { type: "pick_up"; call_id: string; sdp: string }
  | { type: "reject"; call_id: string }
  | { type: "hang_up"; call_id: string }
  | { type: "text"; to: string; body: string }
  | { type: "read"; message_id: string }
  | { type: "answer_permission"; message_id: string; answer: Answer }
  | { type: "set_permission"; phone_number_id: string; permission: Held };

/** What the exchange tells the phone. */
export type FromExchange =
  | Welcome
  | { type: "businesses"; businesses: Business[] }
  | { type: "dialing"; dial_id: string; call_id: string; sdp: string }
  | {
      type: "dial_refused";
      dial_id: string;
      reason: string;
      message: string;
      /** With `closed`: when the business takes calls again, if it is known. */
      opens_at_ms?: number;
      /** With `closed`: whether the business would call back a user who lets it. */
      callback_offered?: boolean;
    }
  | { type: "ring"; call_id: string; from: Business; sdp: string }
  | { type: "stop_ringing"; call_id: string; reason: string }
  | { type: "remote_ringing"; call_id: string }
  | { type: "accepted"; call_id: string }
  | { type: "ended"; call_id: string; reason: string; message: string }
  | { type: "chat"; message: ChatMessage }
  | { type: "chat_status"; message_id: string; status: MessageStatus }
  | ({ type: "permission" } & CallPermission)
  | { type: "error"; message: string };

/** The first message on every line. */
export type Welcome = {
  type: "welcome";
  wa_id: string;
  name: string;
  businesses: Business[];
  /** The user's calls that are not over. */
  calls: string[];
  /** The latest messages of all chats, oldest first. */
  chat: ChatMessage[];
  permissions: CallPermission[];
  /** The exchange's time, which may be held or turned; 0 when it does not say. */
  now_ms: number;
};

/**
 * Reads one frame. `null` for what this page does not know: an exchange that is newer than a page
 * left open may say more than the page understands, and the page goes on.
 */
export function read(frame: string): FromExchange | null {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return null;
  }
  if (!isRecord(value) || typeof value["type"] !== "string") return null;
  const fields = FIELDS.get(value["type"]);
  if (!fields || !Object.entries(fields).every(([key, fits]) => fits(value[key]))) return null;
  return (value["type"] === "welcome" ? welcome(value) : value) as FromExchange;
}

/** What an older exchange leaves out, and what a newer one says that the page cannot show, is missing. */
function welcome(value: Record<string, unknown>): Record<string, unknown> {
  const list = (key: string): unknown[] => (Array.isArray(value[key]) ? value[key] : []);
  return {
    ...value,
    chat: list("chat").filter(isChatMessage),
    permissions: list("permissions").filter(isPermission),
    now_ms: typeof value["now_ms"] === "number" ? value["now_ms"] : 0,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown) => typeof value === "string";
const isBusiness = (value: unknown) =>
  isRecord(value) &&
  isText(value["phone_number_id"]) &&
  isText(value["display_phone_number"]) &&
  isText(value["name"]) &&
  typeof value["call_icon"] === "boolean";
const areBusinesses = (value: unknown) => Array.isArray(value) && value.every(isBusiness);

const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

const FIELDS = new Map<string, Record<string, (value: unknown) => boolean>>(Object.entries({
  welcome: { wa_id: isText, name: isText, businesses: areBusinesses, calls: areTexts },
  businesses: { businesses: areBusinesses },
  dialing: { dial_id: isText, call_id: isText, sdp: isText },
  dial_refused: { dial_id: isText, reason: isText, message: isText },
  ring: { call_id: isText, from: isBusiness, sdp: isText },
  stop_ringing: { call_id: isText, reason: isText },
  remote_ringing: { call_id: isText },
  accepted: { call_id: isText },
  ended: { call_id: isText, reason: isText, message: isText },
  chat: { message: isChatMessage },
  chat_status: { message_id: isText, status: isStatus },
  permission: { phone_number_id: isText, permission: isHeld },
  error: { message: isText },
}));
