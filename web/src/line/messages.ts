// What crosses the phone line, as JSON text frames. The Rust side is crates/phone/src/line.rs.

/** A business number, as the exchange presents it to a user. */
export type Business = {
  phone_number_id: string;
  display_phone_number: string;
  name: string;
};

/** What the phone tells the exchange. */
export type ToExchange =
  | { type: "dial"; dial_id: string; to: string; sdp: string }
  | { type: "ringing"; call_id: string }
  | { type: "pick_up"; call_id: string; sdp: string }
  | { type: "reject"; call_id: string }
  | { type: "hang_up"; call_id: string };

/** What the exchange tells the phone. */
export type FromExchange =
  | { type: "welcome"; wa_id: string; name: string; businesses: Business[]; calls: string[] }
  | { type: "dialing"; dial_id: string; call_id: string; sdp: string }
  | { type: "dial_refused"; dial_id: string; reason: string; message: string }
  | { type: "ring"; call_id: string; from: Business; sdp: string }
  | { type: "stop_ringing"; call_id: string; reason: string }
  | { type: "remote_ringing"; call_id: string }
  | { type: "accepted"; call_id: string }
  | { type: "ended"; call_id: string; reason: string; message: string }
  | { type: "error"; message: string };

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
  return value as FromExchange;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown) => typeof value === "string";
const isBusiness = (value: unknown) =>
  isRecord(value) &&
  isText(value["phone_number_id"]) &&
  isText(value["display_phone_number"]) &&
  isText(value["name"]);
const areBusinesses = (value: unknown) => Array.isArray(value) && value.every(isBusiness);

const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

const FIELDS = new Map<string, Record<string, (value: unknown) => boolean>>(Object.entries({
  welcome: { wa_id: isText, name: isText, businesses: areBusinesses, calls: areTexts },
  dialing: { dial_id: isText, call_id: isText, sdp: isText },
  dial_refused: { dial_id: isText, reason: isText, message: isText },
  ring: { call_id: isText, from: isBusiness, sdp: isText },
  stop_ringing: { call_id: isText, reason: isText },
  remote_ringing: { call_id: isText },
  accepted: { call_id: isText },
  ended: { call_id: isText, reason: isText, message: isText },
  error: { message: isText },
}));
