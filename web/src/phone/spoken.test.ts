// Times, numbers, addresses and the sentences for a missing microphone.
import { expect, it } from "vitest";
import { sentence } from "../media/microphone.ts";
import { identityOf } from "./identity.ts";
import { duration, withPlus } from "./spoken.ts";

it("says durations", () => {
  expect([0, 999, 61_000, 3_599_000, 3_661_000, -5].map(duration)).toEqual(["0:00", "0:00", "1:01", "59:59", "1:01:01", "0:00"]);
});

it("writes numbers with one plus", () => {
  expect([withPlus("4912"), withPlus("+4912")]).toEqual(["+4912", "+4912"]);
});

it("reads whose phone it is", () => {
  const of = (query: string) => identityOf(new URL(`http://x/phone/${query}`));
  expect(of("")).toBeNull();
  expect(of("?wa_id=1")).toBeNull();
  expect(of("?wa_id=%2B1%20408-555&token=t%20")).toEqual({ waId: "1408555", token: "t", processing: "voice" });
  expect(of("?wa_id=1&token=t&audio=raw")?.processing).toBe("raw");
});

it("says what to do about each refusal of the microphone", () => {
  expect(sentence("NotAllowedError")).toMatch(/blocked.*Allow it/);
  expect(sentence("NotFoundError")).toMatch(/No microphone was found/);
  expect(sentence("NotReadableError")).toMatch(/Another program/);
  expect(sentence("")).toMatch(/no reason given/);
});
