// How the last call ended, or why there was none and what can be done about it.
import type { Business } from "../line/messages.ts";
import { exchangeTime, permissionOf } from "../phone/chats.ts";
import { moment } from "../phone/spoken.ts";
import type { Last, State } from "../phone/state.ts";
import { useNow } from "./use-now.ts";

type Props = {
  last: Last;
  state: State;
  /** Lets a business call for a time. */
  allow: (business: Business) => void;
};

export function LastCall({ last, state, allow }: Props) {
  const now = exchangeTime(state.chats, useNow(MINUTE_MS));
  const mayCall = permissionOf(state.chats, last.with.phone_number_id).permission !== "none";
  return (
    <section className="last" role="status">
      <strong>{last.with.name}</strong>
      <p>{last.message}</p>
      {last.opensAtMs !== undefined && <p>It takes calls again {moment(last.opensAtMs, now)}.</p>}
      {last.callsBack && mayCall && <p>It may call you back.</p>}
      {last.callsBack && !mayCall && (
        <button type="button" disabled={state.line.is !== "open"} onClick={() => allow(last.with)}>Let it call back</button>
      )}
    </section>
  );
}

const MINUTE_MS = 60_000;
