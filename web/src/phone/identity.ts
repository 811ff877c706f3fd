// Whose phone the page is, read from its address: `?wa_id=…&token=…`, and `&audio=raw` for measurements.
import type { Processing } from "../media/microphone.ts";

/** Whose phone this is, and how it treats its sound. */
export type Identity = { waId: string; token: string; processing: Processing };

/** `null` when the address names no user. */
export function identityOf(page: URL): Identity | null {
  const waId = digits(page.searchParams.get("wa_id") ?? "");
  const token = (page.searchParams.get("token") ?? "").trim();
  if (!waId || !token) return null;
  return { waId, token, processing: page.searchParams.get("audio") === "raw" ? "raw" : "voice" };
}

/** A number as people write it, down to the digits that the exchange knows it by. */
export const digits = (text: string): string => text.replace(/[\s().+-]/g, "");
