// The microphone, and a sentence for each way in which a browser may refuse it.

/** Why there is no microphone, said so that the user can do something about it. */
export class NoMicrophone extends Error {}

/** How the sound is treated before it is sent. */
export type Processing = "voice" | "raw";

/** Opens the microphone. Throws `NoMicrophone`. */
export async function openMicrophone(processing: Processing): Promise<MediaStream> {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) {
    throw new NoMicrophone(INSECURE);
  }
  const on = processing === "voice";
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: on, noiseSuppression: on, autoGainControl: on, channelCount: 1 },
    });
  } catch (fault) {
    throw new NoMicrophone(sentence(fault instanceof Error ? fault.name : ""));
  }
}

/** What to tell the user when `getUserMedia` fails with an error of that name. */
export function sentence(name: string): string {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "The microphone is blocked for this page. Allow it in the site settings, beside the address, and try again.";
    case "NotFoundError":
    case "OverconstrainedError":
      return "No microphone was found. Plug one in, or look whether the system's sound settings know it, and try again.";
    case "NotReadableError":
    case "AbortError":
      return "The microphone is there but cannot be opened. Another program may hold it: close that one and try again.";
    default:
      return `The browser gave no microphone (${name || "no reason given"}). Try again, or try another browser.`;
  }
}

const INSECURE =
  "Browsers give the microphone only to pages from https or from localhost. Open this page at http://localhost, or put https in front of the exchange.";
