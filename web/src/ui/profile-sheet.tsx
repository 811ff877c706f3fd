// A business's profile: who it is, and whether it may call.
import { useEffect, useRef } from "react";
import type { CallPermission, Held } from "../line/chat-message.ts";
import type { Business } from "../line/messages.ts";
import { moment, withPlus } from "../phone/spoken.ts";
import { Avatar } from "./avatar.tsx";
import { CloseIcon } from "./icons.tsx";

type Props = {
  business: Business;
  held: CallPermission;
  canChange: boolean;
  allow: (permission: Held) => void;
  close: () => void;
  /** The exchange's time. */
  now: number;
};

export function ProfileSheet({ business, held, canChange, allow, close, now }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog} className="sheet" aria-labelledby="profile-of" onClose={close}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="inside">
        <button type="button" className="round plain close" aria-label="Close the profile" onClick={() => dialog.current?.close()}>
          <CloseIcon />
        </button>
        <Avatar name={business.name} number={business.phone_number_id} />
        <h2 id="profile-of">{business.name}</h2>
        <p className="number">{withPlus(business.display_phone_number)}</p>
        <fieldset disabled={!canChange}>
          <legend>May this business call you?</legend>
          {CHOICES.map(([permission, name, meaning]) => (
            <label key={permission} className="choice">
              <input
                type="radio" name="permission" checked={held.permission === permission}
                onChange={() => allow(permission)}
              />
              <span>
                {name}
                <small>
                  {permission === "temporary" && held.permission === "temporary" && held.until_ms !== undefined
                    ? `Until ${moment(held.until_ms, now)}.`
                    : meaning}
                </small>
              </span>
            </label>
          ))}
        </fieldset>
      </div>
    </dialog>
  );
}

const CHOICES: readonly [Held, string, string][] = [
  ["none", "No", "It must ask before it calls."],
  ["temporary", "For a week", "It may call for seven days."],
  ["permanent", "Always", "It may call until you say otherwise."],
];
