// Asks before a link's call: no browser opens a microphone, and nobody a call, without being asked.
import { useEffect, useRef } from "react";
import type { Business } from "../line/messages.ts";
import { type DeepLink, linked } from "../phone/deep-link.ts";
import { withPlus } from "../phone/spoken.ts";
import { CallIcon } from "./icons.tsx";

type Props = {
  link: DeepLink;
  businesses: Business[];
  call: (business: Business, payload: string | null) => void;
  close: () => void;
};

export function LinkedCall({ link, businesses, call, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    first.current?.focus();
  }, []);
  const business = linked(link, businesses);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="linked" onClose={close}>
      <div className="inside">
        <h2 id="linked">{business ? `Call ${business.name}?` : `No business has the number ${withPlus(link.to)}.`}</h2>
        {business && <p className="number">{withPlus(business.display_phone_number)}</p>}
        <p className="quiet">{business ? "A link brought you here." : "The link that brought you here may be old."}</p>
        <div className="actions">
          <button type="button" onClick={close}>{business ? "Not now" : "Close"}</button>
          {business && (
            <button type="button" ref={first} className="primary" onClick={() => call(business, link.payload)}>
              <CallIcon /> Call
            </button>
          )}
        </div>
      </div>
    </dialog>
  );
}
