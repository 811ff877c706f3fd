// The phone at rest: its businesses with the last word of each chat, how the last call ended, and a
// microphone check.
import type { Business } from "../line/messages.ts";
import type { Processing } from "../media/microphone.ts";
import { exchangeTime, inOneLine, messagesOf, unread } from "../phone/chats.ts";
import { day, timeOfDay, withPlus } from "../phone/spoken.ts";
import type { State } from "../phone/state.ts";
import { Avatar } from "./avatar.tsx";
import { CallIcon } from "./icons.tsx";
import { LastCall } from "./last-call.tsx";
import { MicrophoneCheck } from "./microphone-check.tsx";
import { useNow } from "./use-now.ts";

type Props = {
  state: State;
  processing: Processing;
  /** The chat that is open beside the list. */
  open: string | null;
  choose: (business: Business) => void;
  dial: (business: Business) => void;
  /** Lets a business call for a time. */
  allow: (business: Business) => void;
};

export function ChatList({ state, processing, open, choose, dial, allow }: Props) {
  const { businesses, last, line, call } = state;
  return (
    <>
      {last && <LastCall last={last} state={state} allow={allow} />}
      <section className="chats" aria-labelledby="businesses">
        <h2 id="businesses">Businesses</h2>
        {businesses.length === 0 ? (
          <p className="quiet">{line.is === "open" ? "The exchange has no business number." : "Waiting for the exchange…"}</p>
        ) : (
          <ul>
            {businesses.map((business) => (
              <li key={business.phone_number_id} className={business.phone_number_id === open ? "open" : ""}>
                <Entry state={state} business={business} isOpen={business.phone_number_id === open} choose={choose} />
                {business.call_icon && (
                  <button
                    type="button" className="round primary" disabled={line.is !== "open" || call !== null}
                    aria-label={`Call ${business.name}`} title={`Call ${business.name}`} onClick={() => dial(business)}
                  >
                    <CallIcon />
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <MicrophoneCheck processing={processing} />
    </>
  );
}

type EntryProps = { state: State; business: Business; isOpen: boolean; choose: (business: Business) => void };

function Entry({ state, business, isOpen, choose }: EntryProps) {
  const now = exchangeTime(state.chats, useNow(MINUTE_MS));
  const last = messagesOf(state.chats, business.phone_number_id).at(-1);
  const news = unread(state.chats, business.phone_number_id).length;
  return (
    <button
      type="button" className="entry" aria-current={isOpen || undefined}
      aria-label={`Chat with ${business.name}${news > 0 ? `, ${news} unread` : ""}`} onClick={() => choose(business)}
    >
      <Avatar name={business.name} number={business.phone_number_id} />
      <span className="name">{business.name}</span>
      <span className={news > 0 ? "when news" : "when"}>{last && (day(last.at_ms, now) === "Today" ? timeOfDay(last.at_ms) : day(last.at_ms, now))}</span>
      <span className="preview">
        {last ? `${last.from === "user" ? "You: " : ""}${inOneLine(last)}` : withPlus(business.display_phone_number)}
      </span>
      {news > 0 && <span className="badge" aria-hidden="true">{news}</span>}
    </button>
  );
}

const MINUTE_MS = 60_000;
