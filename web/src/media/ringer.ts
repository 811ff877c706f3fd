// The ring tone, and the tone that a caller hears while the other side rings.

/** Plays one of two cadences until told otherwise. */
export class Ringer {
  #context: AudioContext | null = null;
  #stop: (() => void) | null = null;

  play(sound: "ring" | "ringback" | "none"): void {
    this.#stop?.();
    this.#stop = null;
    if (sound === "none") return;
    this.#context ??= new AudioContext();
    // Before the first click on the page a browser may keep the context suspended; then the screen rings alone.
    void this.#context.resume().catch(() => undefined);
    this.#stop = cadence(this.#context, sound === "ring" ? RING : RINGBACK);
  }

  close(): void {
    this.play("none");
    void this.#context?.close();
    this.#context = null;
  }
}

type Cadence = { tones: number[]; onMs: number; everyMs: number; gain: number };

const RING: Cadence = { tones: [587, 784], onMs: 900, everyMs: 2_000, gain: 0.12 };
/** ITU-T E.180: one second of 425 Hz, four seconds of silence, as most countries have it. */
const RINGBACK: Cadence = { tones: [425], onMs: 1_000, everyMs: 5_000, gain: 0.06 };

function cadence(context: AudioContext, { tones, onMs, everyMs, gain }: Cadence): () => void {
  let playing: OscillatorNode[] = [];
  const burst = () => {
    const volume = new GainNode(context, { gain });
    volume.connect(context.destination);
    playing = tones.map((frequency) => {
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(volume);
      tone.start();
      tone.stop(context.currentTime + onMs / 1_000);
      return tone;
    });
  };
  burst();
  const timer = setInterval(burst, everyMs);
  return () => {
    clearInterval(timer);
    for (const tone of playing) tone.stop();
  };
}
