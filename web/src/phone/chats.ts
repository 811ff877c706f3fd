// The chats on the phone: what was written, what is unread, what the user allows each business.
//
// Values and functions only: state.ts decides when, the exchange what.
import type { CallPermission, ChatMessage, MessageStatus } from "../line/chat-message.ts";
import type { Welcome } from "../line/messages.ts";

export type Chats = {
  /** The messages of all chats, in the order in which they came. */
  messages: ChatMessage[];
  /** What the user allows each business number; nothing where there is none. */
  permissions: CallPermission[];
  /** How far the exchange's clock is ahead of this browser's. It may be held or turned. */
  aheadMs: number;
  /** Messages whose call button the exchange has refused as expired. */
  expired: string[];
};

export const NO_CHATS: Chats = { messages: [], permissions: [], aheadMs: 0, expired: [] };

/** What a new line brings. It is all that there is to show: a page forgets what the exchange has. */
export function welcomed(chats: Chats, welcome: Welcome, now: number): Chats {
  const aheadMs = welcome.now_ms === 0 ? 0 : welcome.now_ms - now;
  return { ...chats, messages: welcome.chat, permissions: welcome.permissions, aheadMs };
}

/** A message comes, or one that is shown has changed. */
export function shown(chats: Chats, message: ChatMessage, now: number): Chats {
  const at = chats.messages.findIndex((one) => one.id === message.id);
  const messages = at < 0 ? [...chats.messages, message] : chats.messages.with(at, message);
  // A message from the future says that the exchange's clock was turned.
  return { ...chats, messages, aheadMs: Math.max(chats.aheadMs, message.at_ms - now) };
}

/** A message has come further. */
export function cameTo(chats: Chats, id: string, status: MessageStatus): Chats {
  return changed(chats, (message) => (message.id === id ? { ...message, status } : message));
}

export function permitted(chats: Chats, permission: CallPermission): Chats {
  const others = chats.permissions.filter((one) => one.phone_number_id !== permission.phone_number_id);
  return { ...chats, permissions: [...others, permission] };
}

/** The exchange says that the call button of a message has expired. */
export const expired = (chats: Chats, id: string): Chats => ({ ...chats, expired: [...chats.expired, id] });

/** The user has seen everything in the chat with a business; what was unread until now is told. */
export function read(chats: Chats, number: string): { chats: Chats; ids: string[] } {
  const ids = unread(chats, number).map((message) => message.id);
  if (ids.length === 0) return { chats, ids };
  return { chats: changed(chats, (one) => (ids.includes(one.id) ? { ...one, status: "read" } : one)), ids };
}

export const messagesOf = (chats: Chats, number: string): ChatMessage[] =>
  chats.messages.filter((message) => message.phone_number_id === number);

/** The business's messages that the user has not seen. The platform's own words wait for nobody. */
export const unread = (chats: Chats, number: string): ChatMessage[] =>
  messagesOf(chats, number).filter((message) => message.from === "business" && message.status !== "read");

export const unreadInAll = (chats: Chats): number =>
  chats.messages.filter((message) => message.from === "business" && message.status !== "read").length;

export const permissionOf = (chats: Chats, number: string): CallPermission =>
  chats.permissions.find((one) => one.phone_number_id === number) ?? { phone_number_id: number, permission: "none" };

/** The exchange's time at a moment of this browser. */
export const exchangeTime = (chats: Chats, now: number): number => now + chats.aheadMs;

/** Whether the call button of a message works no longer. */
export const hasExpired = (chats: Chats, id: string, expiresAtMs: number, now: number): boolean =>
  chats.expired.includes(id) || expiresAtMs <= exchangeTime(chats, now);

/** A message in one line, for the list of chats. */
export function inOneLine(message: ChatMessage): string {
  switch (message.kind) {
    case "text":
    case "call_button":
    case "template":
      return message.body;
    case "call_permission_request":
      return message.body ?? "May we call you?";
    case "notice":
      return message.text;
  }
}

const changed = (chats: Chats, change: (message: ChatMessage) => ChatMessage): Chats => ({
  ...chats,
  messages: chats.messages.map(change),
});
