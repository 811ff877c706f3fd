// The call that the phone is in: its progress, the timer, mute, the dialpad, hanging up.
import { useEffect, useState } from "react";
import type { Phone } from "../phone/driver.ts";
import { duration, withPlus } from "../phone/spoken.ts";
import type { Call } from "../phone/state.ts";
import { Avatar } from "./avatar.tsx";
import { useNow } from "./use-now.ts";

type Props = {
  call: Call;
  phone: Phone;
  /** Shows the chat beside the call, where there is room for one of them only. */
  toChat: (() => void) | null;
};

export function CallScreen({ call, phone, toChat }: Props) {
  const talking = call.is === "talking";
  return (
    <section className="call" aria-labelledby="peer">
      <Avatar name={call.with.name} number={call.with.phone_number_id} />
      <h2 id="peer">{call.with.name}</h2>
      <p className="number">{withPlus(call.with.display_phone_number)}</p>
      <p className="progress" role="status">{progress(call)}</p>
      {talking && <Timer since={call.since} />}
      {talking && <Dialpad press={(digit) => phone.press(digit)} />}
      <div className="actions">
        {toChat && <button type="button" onClick={toChat}>Chat</button>}
        <button type="button" aria-pressed={call.muted} onClick={() => phone.mute(!call.muted)}>
          {call.muted ? "Unmute" : "Mute"}
        </button>
        <button type="button" className="danger" onClick={() => phone.hangUp()}>Hang up</button>
      </div>
    </section>
  );
}

function progress(call: Call): string {
  switch (call.is) {
    case "dialing":
      return call.rings ? "Ringing…" : "Calling…";
    case "picking_up":
      return "Connecting…";
    case "talking":
      return { connecting: "Connecting the audio…", connected: "In the call", interrupted: "The audio is interrupted…" }[
        call.media
      ];
  }
}

function Timer({ since }: { since: number }) {
  return <p className="timer" role="timer">{duration(useNow(250) - since)}</p>;
}

function Dialpad({ press }: { press: (digit: string) => void }) {
  const [pressed, setPressed] = useState("");
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !DIGITS.includes(event.key)) return;
      // What is written into a chat during the call is not dialled.
      if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return;
      hit(event.key);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
  const hit = (digit: string) => {
    press(digit);
    setPressed((before) => (before + digit).slice(-PRESSED_SHOWN));
  };
  return (
    <div className="dialpad" role="group" aria-label="Dialpad">
      <output aria-label="Pressed">{pressed}</output>
      {DIGITS.map((digit) => (
        <button key={digit} type="button" aria-label={NAMES[digit] ?? digit} onClick={() => hit(digit)}>{digit}</button>
      ))}
    </div>
  );
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const NAMES: Record<string, string> = { "*": "star", "#": "hash" };
const PRESSED_SHOWN = 16;
