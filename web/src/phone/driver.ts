// Drives the phone: owns the line, the microphone and the peer, and does what `step` decides.
import { Line, lineUrl } from "../line/line.ts";
import type { Answer, Held } from "../line/chat-message.ts";
import type { Business } from "../line/messages.ts";
import { NoMicrophone, type Processing, openMicrophone } from "../media/microphone.ts";
import { Peer } from "../media/peer.ts";
import type { Identity } from "./identity.ts";
import { type DialledBy, type Effect, type Event, INITIAL, type State, step } from "./state.ts";

export class Phone {
  readonly #processing: Processing;
  readonly #line: Line;
  readonly #listeners = new Set<() => void>();
  #state: State = INITIAL;
  #peer: Peer | null = null;
  #remote: MediaStream | null = null;
  #dials = 0;

  constructor(page: URL, identity: Identity) {
    this.#processing = identity.processing;
    this.#line = new Line(lineUrl(page, identity.waId, identity.token), {
      opened: () => this.#on({ type: "line_opened" }),
      message: (message) => this.#on({ type: "heard", message, now: Date.now() }),
      lost: (waitMs) => this.#on({ type: "line_lost", waitMs }),
      refused: (message) => this.#on({ type: "line_refused", message }),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): State => this.#state;
  /** The other side's sound, once there is any. */
  readonly remote = (): MediaStream | null => this.#remote;

  dial(to: Business, by: DialledBy = {}): void {
    this.#dials += 1;
    this.#on({ type: "dial", dialId: `${Math.round(performance.timeOrigin)}-${this.#dials}`, to, by });
  }
  pickUp(callId: string): void {
    this.#on({ type: "pick_up", callId });
  }
  reject(callId: string): void {
    this.#on({ type: "reject", callId });
  }
  hangUp(): void {
    this.#on({ type: "hang_up" });
  }
  mute(on: boolean): void {
    this.#on({ type: "mute", on });
  }
  press(digit: string): void {
    this.#on({ type: "press", digit });
  }
  write(to: Business, body: string): void {
    this.#on({ type: "write", to, body });
  }
  /** The user has the chat with that number before their eyes. */
  look(at: string): void {
    this.#on({ type: "look", at });
  }
  answer(messageId: string, answer: Answer): void {
    this.#on({ type: "answer", messageId, answer });
  }
  allow(number: string, permission: Held): void {
    this.#on({ type: "allow", number, permission });
  }
  closeNotice(): void {
    this.#on({ type: "close_notice" });
  }
  /** Tries the lost line again now. */
  retry(): void {
    this.#line.retry();
  }
  close(): void {
    this.#on({ type: "hang_up" });
    this.#line.close();
  }

  #on(event: Event): void {
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    for (const listener of this.#listeners) listener();
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case "send":
        if (!this.#line.send(effect.message)) this.#on({ type: "unsent", message: effect.message });
        return;
      case "make_offer": {
        const { dialId } = effect;
        void this.#describe(dialId, async (peer) => {
          this.#on({ type: "offer_ready", dialId, sdp: await peer.offer() });
        });
        return;
      }
      case "make_answer": {
        const { callId, offer } = effect;
        void this.#describe(callId, async (peer) => {
          this.#on({ type: "answer_ready", callId, sdp: await peer.answer(offer) });
        });
        return;
      }
      case "apply_answer": {
        const { of } = effect;
        this.#peer?.applyAnswer(effect.sdp).catch((fault: unknown) => this.#failed(of, fault));
        return;
      }
      case "close_media":
        this.#peer?.close();
        this.#peer = null;
        this.#remote = null;
        return;
      case "mute":
        this.#peer?.mute(effect.on);
        return;
      case "press":
        this.#peer?.press(effect.digit);
        return;
    }
  }

  /** Opens microphone and peer for one call, unless the call has been given up meanwhile. */
  async #describe(of: string, then: (peer: Peer) => Promise<void>): Promise<void> {
    try {
      const microphone = await openMicrophone(this.#processing);
      if (!this.#stillWants(of)) {
        for (const track of microphone.getTracks()) track.stop();
        return;
      }
      const peer: Peer = new Peer(microphone, {
        media: (media) => this.#ofPeer(peer, { type: "media", media, now: Date.now() }),
        lost: () => this.#ofPeer(peer, { type: "media_lost" }),
        remote: (stream) => {
          if (this.#peer !== peer) return;
          this.#remote = stream;
          for (const listener of this.#listeners) listener();
        },
      });
      this.#peer = peer;
      peer.mute(this.#state.call?.muted ?? false);
      await then(peer);
    } catch (fault) {
      this.#failed(of, fault);
    }
  }

  #stillWants(of: string): boolean {
    const { call } = this.#state;
    return call?.is === "dialing" ? call.dialId === of : call?.callId === of;
  }

  /** An event of a peer that has been replaced says nothing about the present call. */
  #ofPeer(peer: Peer, event: Event): void {
    if (this.#peer === peer) this.#on(event);
  }

  #failed(of: string, fault: unknown): void {
    const message =
      fault instanceof NoMicrophone
        ? fault.message
        : `The browser could not set the audio up: ${fault instanceof Error ? fault.message : String(fault)}`;
    this.#on({ type: "media_failed", of, message });
  }
}
