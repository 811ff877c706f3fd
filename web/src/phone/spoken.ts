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
