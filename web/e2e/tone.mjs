// Tones: a WAV file for the fake microphone, and the measure of what is heard.

/** A mono 16-bit WAV file at 48 kHz with a sine of `hz`, 10 dB below full scale. */
export function toneWav(hz, seconds) {
  const rate = 48_000;
  const samples = rate * seconds;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // mono
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let n = 0; n < samples; n++) {
    wav.writeInt16LE(Math.round(0.32 * 32_767 * Math.sin((2 * Math.PI * hz * n) / rate)), 44 + n * 2);
  }
  return wav;
}

/** The samples of a 16-bit PCM WAV file, the channels apart, with its rate. */
export function readWav(bytes) {
  const wav = Buffer.from(bytes);
  let at = 12;
  let format = null;
  while (at + 8 <= wav.length) {
    const kind = wav.toString("latin1", at, at + 4);
    const size = Math.min(wav.readUInt32LE(at + 4), wav.length - at - 8);
    if (kind === "fmt ") {
      format = { channels: wav.readUInt16LE(at + 10), rate: wav.readUInt32LE(at + 12), bits: wav.readUInt16LE(at + 22) };
    } else if (kind === "data" && format?.bits === 16) {
      const frames = Math.floor(size / (2 * format.channels));
      const channels = Array.from({ length: format.channels }, () => new Float32Array(frames));
      for (let n = 0; n < frames; n++) {
        channels.forEach((channel, c) => {
          channel[n] = wav.readInt16LE(at + 8 + 2 * (n * format.channels + c)) / 32_768;
        });
      }
      return { rate: format.rate, channels };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error("no 16-bit PCM in this WAV file");
}

/** The share of the windows of a tenth of a second in which most of the power lies at `hz`, from 0 to 1. */
export function shareOfTone(samples, rate, hz) {
  const size = rate / 10;
  let hits = 0;
  let windows = 0;
  for (let start = 0; start + size <= samples.length; start += size) {
    windows += 1;
    if (toneShareOf(samples.subarray(start, start + size), rate, hz) > 0.7) hits += 1;
  }
  return windows === 0 ? 0 : hits / windows;
}

/**
 * The share of one window's power that lies at `hz`, from 0 to 1 (Goertzel's algorithm); 0 for silence.
 * Stands alone, because it also runs inside the page.
 */
export function toneShareOf(samples, rate, hz) {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [one, two, total] = [0, 0, 0];
  for (const sample of samples) {
    [one, two] = [sample + turn * one - two, one];
    total += sample * sample;
  }
  const power = one * one + two * two - turn * one * two;
  // Below -60 dB is silence.
  return total / samples.length < 1e-6 ? 0 : (2 * power) / (samples.length * total);
}
