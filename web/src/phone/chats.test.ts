// Chats as the page keeps them: values in, values out.
import { describe, expect, it } from "vitest";
import type { ChatMessage } from "../line/chat-message.ts";
import { read as readFrame } from "../line/messages.ts";
import {
  NO_CHATS, cameTo, exchangeTime, expired, hasExpired, inOneLine, messagesOf, permissionOf, permitted, read, shown,
  unread, unreadInAll, welcomed,
} from "./chats.ts";
import { deepLinkOf, linked, withoutDeepLink } from "./deep-link.ts";
import { day, moment } from "./spoken.ts";

const SHOP = "100";
const ZOO = "200";
const HELLO = message("wamid.1", { kind: "text", body: "Hello." });
const ASKS = message("wamid.2", {
  kind: "call_permission_request", body: "May we call?", request: { state: "open", until_ms: 9_000 },
});

type Content = Pick<ChatMessage, "kind"> & Record<string, unknown>;
function message(id: string, content: Content, of: Partial<ChatMessage> = {}): ChatMessage {
  return { id, phone_number_id: SHOP, from: "business", at_ms: 1_000, status: "delivered", ...of, ...content } as ChatMessage;
}
const welcome = (chat: ChatMessage[], now_ms = 1_000) => ({
  type: "welcome" as const, wa_id: "4912345", name: "Ada", businesses: [], calls: [], chat, permissions: [], now_ms,
});

describe("messages", () => {
  it("stand in the order in which they came, by business", () => {
    const other = message("wamid.3", { kind: "text", body: "Roar." }, { phone_number_id: ZOO });
    const chats = [HELLO, other, ASKS].reduce((all, one) => shown(all, one, 1_000), NO_CHATS);
    expect(messagesOf(chats, SHOP).map(inOneLine)).toEqual(["Hello.", "May we call?"]);
    expect(messagesOf(chats, ZOO)).toEqual([other]);
  });

  it("take the place of the one with their id", () => {
    const answered = { ...ASKS, request: { state: "answered", answer: "permanent", until_ms: 9_000 } } as ChatMessage;
    const chats = [ASKS, HELLO, answered].reduce((all, one) => shown(all, one, 1_000), NO_CHATS);
    expect(messagesOf(chats, SHOP)).toEqual([answered, HELLO]);
  });

  it("are what the exchange has when the line is back", () => {
    const chats = welcomed(shown(NO_CHATS, HELLO, 1_000), welcome([ASKS]), 1_000);
    expect(chats.messages).toEqual([ASKS]);
  });

  it("are unread until the user looks, and are told once", () => {
    const mine = message("wamid.4", { kind: "text", body: "Hi." }, { from: "user", status: "sent" });
    const notice = message("wamid.5", { kind: "notice", text: "No more calls." }, { from: "platform" });
    const chats = [HELLO, mine, ASKS, notice].reduce((all, one) => shown(all, one, 1_000), NO_CHATS);
    expect([unread(chats, SHOP).length, unreadInAll(chats)]).toEqual([2, 2]);
    const looked = read(chats, SHOP);
    expect(looked.ids).toEqual(["wamid.1", "wamid.2"]);
    expect(read(looked.chats, SHOP)).toEqual({ chats: looked.chats, ids: [] });
    expect(unreadInAll(cameTo(chats, "wamid.1", "read"))).toBe(1);
  });
});

describe("permissions and buttons", () => {
  it("are nothing until they are something", () => {
    expect(permissionOf(NO_CHATS, SHOP).permission).toBe("none");
    const week = permitted(NO_CHATS, { phone_number_id: SHOP, permission: "temporary", until_ms: 9 });
    const always = permitted(week, { phone_number_id: SHOP, permission: "permanent" });
    expect([permissionOf(week, SHOP).until_ms, always.permissions.length]).toEqual([9, 1]);
  });

  it("expire by the exchange's clock, however it is turned, and by its word", () => {
    const chats = welcomed(NO_CHATS, welcome([], 5_000), 1_000);
    expect(exchangeTime(chats, 2_000)).toBe(6_000);
    expect(hasExpired(chats, "wamid.1", 6_000, 1_999)).toBe(false);
    expect(hasExpired(chats, "wamid.1", 6_000, 2_000)).toBe(true);
    const turned = shown(chats, message("wamid.9", { kind: "text", body: "" }, { at_ms: 100_000 }), 1_000);
    expect(hasExpired(turned, "wamid.1", 90_000, 1_000)).toBe(true);
    expect(hasExpired(expired(chats, "wamid.1"), "wamid.1", 1e15, 0)).toBe(true);
  });
});

describe("frames", () => {
  it("of an exchange that knows no chats are taken", () => {
    const frame = readFrame('{"type":"welcome","wa_id":"1","name":"A","businesses":[],"calls":[]}');
    expect(frame).toMatchObject({ chat: [], permissions: [], now_ms: 0 });
  });

  it("lose what the page cannot show, and nothing else", () => {
    const later = { ...HELLO, kind: "hologram" };
    expect(readFrame(JSON.stringify({ ...welcome([]), chat: [HELLO, later, 7] }))).toMatchObject({ chat: [HELLO] });
    expect(readFrame(JSON.stringify({ type: "chat", message: later }))).toBeNull();
    expect(readFrame(JSON.stringify({ type: "chat", message: ASKS }))).toEqual({ type: "chat", message: ASKS });
    const template = message("wamid.7", { kind: "template", body: "B", buttons: [{ type: "dance", text: "" }] });
    expect(readFrame(JSON.stringify({ type: "chat", message: template }))).toBeNull();
  });
});

describe("deep links", () => {
  const page = new URL("http://x/phone/?wa_id=1&token=t&call=%2B1%20555-0100&biz_payload=spring%20sale");
  it("name a business and a payload", () => {
    expect(deepLinkOf(page)).toEqual({ to: "15550100", payload: "spring sale" });
    expect(deepLinkOf(new URL("http://x/phone/?wa_id=1&token=t"))).toBeNull();
    expect(withoutDeepLink(page).search).toBe("?wa_id=1&token=t");
    const shop = { phone_number_id: SHOP, display_phone_number: "15550100", name: "Shop", call_icon: false };
    expect([linked({ to: "15550100", payload: null }, [shop]), linked({ to: "7", payload: null }, [shop])]).toEqual([shop, undefined]);
  });
});

it("calls days as people do", () => {
  const noon = Date.UTC(2026, 5, 1, 12);
  const days = [0, -1, 1, 4, 300].map((n) => day(noon + n * 86_400_000, noon, "UTC"));
  expect(days).toEqual(["Today", "Yesterday", "Tomorrow", "5 June", "28 March 2027"]);
  expect([moment(noon, noon, "UTC"), moment(noon + 345_600_000, noon, "UTC")]).toEqual(["today at 12:00", "5 June at 12:00"]);
});
