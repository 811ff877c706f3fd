// The round mark of a business: its first letter, on one of a few colours that stays its own.
export function Avatar({ name, number }: { name: string; number: string }) {
  const colour = [...number].reduce((sum, digit) => sum + digit.charCodeAt(0), 0) % COLOURS;
  return <span className={`avatar tint-${colour}`} aria-hidden="true">{[...name.trim()][0]?.toUpperCase() ?? "?"}</span>;
}

/** As many as style.css has. */
const COLOURS = 6;
