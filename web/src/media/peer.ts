// One WebRTC peer: the audio of one call between this page and the exchange.
import type { Media } from "../phone/state.ts";

/** What the peer reports. */
export type PeerEvents = {
  media(media: Media): void;
  /** ICE or DTLS gave up. */
  lost(): void;
  /** The other side's sound. */
  remote(stream: MediaStream): void;
};

export class Peer {
  readonly #pc: RTCPeerConnection;
  readonly #microphone: MediaStream;
  readonly #sender: RTCRtpSender;

  constructor(microphone: MediaStream, events: PeerEvents) {
    this.#microphone = microphone;
    this.#pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    const [track] = microphone.getAudioTracks();
    if (!track) throw new Error("The microphone has no audio track.");
    this.#sender = this.#pc.addTrack(track, microphone);
    this.#pc.ontrack = (event) => events.remote(event.streams[0] ?? new MediaStream([event.track]));
    this.#pc.onconnectionstatechange = () => {
      switch (this.#pc.connectionState) {
        case "connected":
          return events.media("connected");
        case "disconnected":
          return events.media("interrupted");
        case "failed":
          return events.lost();
        default:
          return undefined;
      }
    };
  }

  /** The offer of a call that this phone places, with all its candidates. */
  async offer(): Promise<string> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    return this.#gathered();
  }

  /** The answer to the exchange's offer, with all its candidates. */
  async answer(offer: string): Promise<string> {
    await this.#pc.setRemoteDescription({ type: "offer", sdp: offer });
    await this.#pc.setLocalDescription(await this.#pc.createAnswer());
    return this.#gathered();
  }

  async applyAnswer(sdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: "answer", sdp });
  }

  mute(on: boolean): void {
    for (const track of this.#microphone.getAudioTracks()) track.enabled = !on;
  }

  /** Sends a digit as RFC 4733 telephone-event; says whether the call can carry it. */
  press(digit: string): boolean {
    const dtmf = this.#sender.dtmf;
    if (!dtmf?.canInsertDTMF) return false;
    // Digits pressed fast wait for each other instead of replacing one another.
    dtmf.insertDTMF(dtmf.toneBuffer + digit, TONE_MS, GAP_MS);
    return true;
  }

  close(): void {
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
    for (const track of this.#microphone.getTracks()) track.stop();
  }

  /** The phone line knows no trickle: the description is sent when every candidate is in it. */
  async #gathered(): Promise<string> {
    const pc = this.#pc;
    if (pc.iceGatheringState !== "complete") {
      await new Promise<void>((resolve) => {
        // A gathering that hangs on one dead interface must not hold the call up.
        const timer = setTimeout(resolve, GATHER_MS_MAX);
        pc.onicegatheringstatechange = () => {
          if (pc.iceGatheringState !== "complete") return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const sdp = pc.localDescription?.sdp;
    if (!sdp) throw new Error("The browser made no session description.");
    return sdp;
  }
}

const TONE_MS = 160;
const GAP_MS = 70;
const GATHER_MS_MAX = 3_000;
