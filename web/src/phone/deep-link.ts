// A link that asks this phone to call: `?call=<number>` and `&biz_payload=…` in the page's address, as
// wa.me/call/<number>?biz_payload=… does on a telephone.
import type { Business } from "../line/messages.ts";
import { digits } from "./identity.ts";

/** Whom to call, and what the link tells the business. */
export type DeepLink = { to: string; payload: string | null };

/** `null` when the address asks for no call. */
export function deepLinkOf(page: URL): DeepLink | null {
  const to = digits(page.searchParams.get("call") ?? "");
  return to === "" ? null : { to, payload: page.searchParams.get("biz_payload") };
}

/** The address without the link, so that a page that is loaded again asks for no second call. */
export function withoutDeepLink(page: URL): URL {
  const rest = new URL(page);
  rest.searchParams.delete("call");
  rest.searchParams.delete("biz_payload");
  return rest;
}

/** The business that a link means, by its number or its id. */
export const linked = (link: DeepLink, businesses: Business[]): Business | undefined =>
  businesses.find(
    (business) => digits(business.display_phone_number) === link.to || business.phone_number_id === link.to,
  );
