// A call that rings: over the whole screen when the phone is free, as a strip when it is in a call.
import { useEffect, useRef } from "react";
import type { Phone } from "../phone/driver.ts";
import { withPlus } from "../phone/spoken.ts";
import type { Ring } from "../phone/state.ts";
import { Avatar } from "./avatar.tsx";
import { CallIcon } from "./icons.tsx";

type Props = { ring: Ring; phone: Phone };

export function IncomingCall({ ring, phone }: Props) {
  const pickUp = useRef<HTMLButtonElement>(null);
  useEffect(() => pickUp.current?.focus(), []);
  return (
    <section className="call incoming" role="alertdialog" aria-labelledby="caller" aria-describedby="calls">
      <Avatar name={ring.from.name} number={ring.from.phone_number_id} />
      <h2 id="caller">{ring.from.name}</h2>
      <p className="number">{withPlus(ring.from.display_phone_number)}</p>
      <p id="calls" className="progress">calls you</p>
      <div className="actions">
        <button type="button" className="danger" onClick={() => phone.reject(ring.callId)}>Reject</button>
        <button ref={pickUp} type="button" className="primary" onClick={() => phone.pickUp(ring.callId)}><CallIcon /> Pick up</button>
      </div>
    </section>
  );
}

export function WaitingCall({ ring, phone }: Props) {
  return (
    <section className="waiting" role="alert">
      <p><strong>{ring.from.name}</strong> calls too.</p>
      <div className="actions">
        <button type="button" onClick={() => phone.reject(ring.callId)}>Reject</button>
        <button type="button" onClick={() => phone.pickUp(ring.callId)}>Hang up and pick up</button>
      </div>
    </section>
  );
}
