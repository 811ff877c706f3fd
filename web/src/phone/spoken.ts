// How the phone says times and numbers.

/** A duration as `m:ss`, or `h:mm:ss` from one hour on. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A number with its plus, whether or not it came with one. */
export const withPlus = (number: string): string => (number.startsWith("+") ? number : `+${number}`);

/** The time of day, as `14:05`. */
export const timeOfDay = (at: number, timeZone?: string): string =>
  new Date(at).toLocaleTimeString(LANGUAGE, { hour: "2-digit", minute: "2-digit", timeZone });

/** A day as people call it: `Today`, `Yesterday`, `Tomorrow`, `12 December`, with its year when it is another. */
export function day(at: number, now: number, timeZone?: string): string {
  const on = (ms: number) => new Date(ms).toLocaleDateString(LANGUAGE, { timeZone });
  for (const [days, name] of [[0, "Today"], [-1, "Yesterday"], [1, "Tomorrow"]] as const) {
    if (on(at) === on(now + days * DAY_MS)) return name;
  }
  const year = (ms: number) => new Date(ms).toLocaleDateString(LANGUAGE, { year: "numeric", timeZone });
  return new Date(at).toLocaleDateString(LANGUAGE, {
    day: "numeric", month: "long", timeZone, ...(year(at) !== year(now) && { year: "numeric" }),
  });
}

/** A day and its time in the middle of a sentence: `today at 14:05`, `12 December at 14:05`. */
export function moment(at: number, now: number, timeZone?: string): string {
  const name = day(at, now, timeZone);
  const said = /^\d/.test(name) ? name : name.toLowerCase();
  return `${said} at ${timeOfDay(at, timeZone)}`;
}

/** The pages speak English, whatever the browser speaks. */
const LANGUAGE = "en-GB";
const DAY_MS = 86_400_000;
