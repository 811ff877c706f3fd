// The phone page in a headless Chromium with a fake microphone, and what a test does with it.
import { chromium } from "playwright-core";
import { toneShareOf } from "./tone.mjs";

/** Starts Chromium with a microphone that plays `wav` for ever. */
export function startChromium(wav) {
  return chromium.launch({
    executablePath: process.env.DIALTONE_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-audio-capture=${wav}`,
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}

/** Opens a user's phone and waits until its line is up. */
export async function openPhone(browser, publicUrl, { waId, token }) {
  const context = await browser.newContext({ permissions: ["microphone"], viewport: { width: 520, height: 820 } });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (line) => line.type() === "error" && faults.push(line.text()));
  await page.goto(`${publicUrl}/phone/?wa_id=${waId}&token=${encodeURIComponent(token)}&audio=raw`);
  await page.getByText(/online$/).waitFor({ timeout: WAIT_MS });
  return { page, faults };
}

/**
 * Waits until the page hears `hz` steadily: `windows` windows of a tenth of a second in a row. Says how
 * long that took; throws with what it heard instead.
 */
export function hears(page, hz, windows = 15) {
  return page.evaluate(
    async ({ hz, windows, waitMs, measure }) => {
      const toneShareOf = new Function(`return (${measure})`)();
      const began = performance.now();
      const left = () => waitMs - (performance.now() - began);
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      let stream = null;
      while (!stream && left() > 0) {
        stream = document.querySelector("audio")?.srcObject ?? null;
        if (!stream) await pause(20);
      }
      if (!stream) throw new Error("the page has no remote sound");
      const context = new AudioContext({ sampleRate: 48_000 });
      await context.resume();
      const analyser = new AnalyserNode(context, { fftSize: 8_192 });
      context.createMediaStreamSource(stream).connect(analyser);
      const samples = new Float32Array(4_800);
      const heard = [];
      let inARow = 0;
      try {
        while (left() > 0) {
          await pause(100);
          analyser.getFloatTimeDomainData(samples);
          const share = toneShareOf(samples, 48_000, hz);
          heard.push(share);
          inARow = share > 0.7 ? inARow + 1 : 0;
          if (inARow >= windows) return performance.now() - began;
        }
      } finally {
        await context.close();
      }
      throw new Error(`no steady ${hz} Hz; the last shares were ${heard.slice(-20).map((s) => s.toFixed(2)).join(" ")}`);
    },
    { hz, windows, waitMs: WAIT_MS, measure: toneShareOf.toString() },
  );
}

/** How long anything may take that has to happen, in milliseconds. A bound, not a pace. */
export const WAIT_MS = 20_000;
