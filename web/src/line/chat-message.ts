// What stands in the chat of a user and a business. The Rust side is crates/phone/src/line/chat.rs.

/** One message of a chat. One with an id that the page has already takes the place of the old one. */
export type ChatMessage = {
  id: string;
  /** The business number whose chat it stands in. */
  phone_number_id: string;
  from: "business" | "user" | "platform";
  /** When, by the exchange's clock. */
  at_ms: number;
  status: MessageStatus;
} & Content;

export type Content =
  | { kind: "text"; body: string }
  | { kind: "call_permission_request"; body?: string; request: PermissionRequest }
  | { kind: "call_button"; body: string; display_text: string; expires_at_ms: number }
  | {
      kind: "template";
      header?: string;
      body: string;
      footer?: string;
      buttons: TemplateButton[];
      request?: PermissionRequest;
    }
  | { kind: "notice"; text: string };

export type TemplateButton =
  | { type: "voice_call"; text: string; expires_at_ms: number }
  | { type: "url"; text: string; url: string }
  | { type: "other"; text: string };

/** How a call permission request stands. */
export type PermissionRequest = {
  state: "open" | "answered" | "over";
  answer?: Answer;
  /** Until when it can be answered, or the answer be changed. */
  until_ms: number;
};

export type Answer = "temporary" | "permanent" | "decline";
/** What a user allows a business. */
export type Held = "none" | "temporary" | "permanent";
export type MessageStatus = "sent" | "delivered" | "read" | "failed";
export type CallPermission = { phone_number_id: string; permission: Held; until_ms?: number };

type Fits = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Fits = (value) => typeof value === "string";
const isTime: Fits = (value) => typeof value === "number";
const oneOf = (words: readonly string[]): Fits => (value) => typeof value === "string" && words.includes(value);
const maybe = (fits: Fits): Fits => (value) => value === undefined || fits(value);
const all = (value: unknown, fields: Record<string, Fits>): value is Record<string, unknown> =>
  isRecord(value) && Object.entries(fields).every(([key, fits]) => fits(value[key]));

export const isStatus = oneOf(["sent", "delivered", "read", "failed"]);
export const isHeld = oneOf(["none", "temporary", "permanent"]);
export const isPermission: Fits = (value) =>
  all(value, { phone_number_id: isText, permission: isHeld, until_ms: maybe(isTime) });

const isRequest: Fits = (value) =>
  all(value, {
    state: oneOf(["open", "answered", "over"]),
    answer: maybe(oneOf(["temporary", "permanent", "decline"])),
    until_ms: isTime,
  });

const BUTTONS = new Map<unknown, Record<string, Fits>>([
  ["voice_call", { text: isText, expires_at_ms: isTime }],
  ["url", { text: isText, url: isText }],
  ["other", { text: isText }],
]);
const isButton: Fits = (value) => {
  const fields = isRecord(value) ? BUTTONS.get(value["type"]) : undefined;
  return fields !== undefined && all(value, fields);
};

const CONTENTS = new Map<unknown, Record<string, Fits>>([
  ["text", { body: isText }],
  ["call_permission_request", { body: maybe(isText), request: isRequest }],
  ["call_button", { body: isText, display_text: isText, expires_at_ms: isTime }],
  [
    "template",
    {
      header: maybe(isText),
      body: isText,
      footer: maybe(isText),
      buttons: (value) => Array.isArray(value) && value.every(isButton),
      request: maybe(isRequest),
    },
  ],
  ["notice", { text: isText }],
]);

/** Whether the page can show it. */
export const isChatMessage: Fits = (value) => {
  const fields = isRecord(value) ? CONTENTS.get(value["kind"]) : undefined;
  return (
    fields !== undefined &&
    all(value, {
      id: isText,
      phone_number_id: isText,
      from: oneOf(["business", "user", "platform"]),
      at_ms: isTime,
      status: isStatus,
      ...fields,
    })
  );
};
