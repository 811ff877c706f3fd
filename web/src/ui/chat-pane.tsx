// The chat with one business: what was written, by day, and a line to write more.
import { Fragment, useEffect, useRef, useState } from "react";
import type { Business } from "../line/messages.ts";
import { exchangeTime, messagesOf, permissionOf, unread } from "../phone/chats.ts";
import type { Phone } from "../phone/driver.ts";
import { day, withPlus } from "../phone/spoken.ts";
import type { State } from "../phone/state.ts";
import { Avatar } from "./avatar.tsx";
import { Bubble } from "./bubble.tsx";
import { Composer } from "./composer.tsx";
import { BackIcon, CallIcon } from "./icons.tsx";
import { LastCall } from "./last-call.tsx";
import { ProfileSheet } from "./profile-sheet.tsx";
import { useNow } from "./use-now.ts";

type Props = {
  state: State;
  business: Business;
  phone: Phone;
  /** Whether the list, which tells of the last call, is out of sight. */
  alone: boolean;
  back: () => void;
};

export function ChatPane({ state, business, phone, alone, back }: Props) {
  const number = business.phone_number_id;
  const [profile, setProfile] = useState(false);
  const canDial = state.line.is === "open" && state.call === null;
  // Where the chat takes the list's place, the keyboard goes on from here.
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (alone) first.current?.focus({ preventScroll: true });
  }, [alone]);
  return (
    <section className="chat" aria-labelledby="chat-with">
      <header>
        <button ref={first} type="button" className="round plain back" aria-label={state.call ? "Back to the call" : "Back to the businesses"} onClick={back}>
          <BackIcon />
        </button>
        <button type="button" className="who" aria-haspopup="dialog" onClick={() => setProfile(true)}>
          <Avatar name={business.name} number={number} />
          <span>
            <strong id="chat-with">{business.name}</strong>
            <span className="number">{withPlus(business.display_phone_number)} · Profile</span>
          </span>
        </button>
        {business.call_icon && (
          <button
            type="button" className="round primary" disabled={!canDial} title={`Call ${business.name}`}
            aria-label={`Call ${business.name} from the chat`} onClick={() => phone.dial(business)}
          >
            <CallIcon />
          </button>
        )}
      </header>
      {alone && state.call && (
        <button type="button" className="in-call" onClick={back}><CallIcon /> In a call with {state.call.with.name}</button>
      )}
      {alone && state.last?.with.phone_number_id === number && !state.last.talked && (
        <LastCall last={state.last} state={state} allow={() => phone.allow(number, "temporary")} />
      )}
      <Messages key={number} state={state} business={business} phone={phone} canDial={canDial} />
      <Composer key={`to ${number}`} canSend={state.line.is === "open"} send={(text) => phone.write(business, text)} />
      {profile && (
        <ProfileSheet
          business={business} held={permissionOf(state.chats, number)} canChange={state.line.is === "open"}
          allow={(permission) => phone.allow(number, permission)} close={() => setProfile(false)}
          now={exchangeTime(state.chats, Date.now())}
        />
      )}
    </section>
  );
}

type MessagesProps = { state: State; business: Business; phone: Phone; canDial: boolean };

function Messages({ state, business, phone, canDial }: MessagesProps) {
  const { chats } = state;
  const number = business.phone_number_id;
  const messages = messagesOf(chats, number);
  const now = useNow(EXPIRY_LOOKED_AT_EVERY_MS);
  const firstUnread = useFirstUnread(state, number);
  const log = useRef<HTMLOListElement>(null);

  useLooking(phone, number, unread(chats, number).length);
  const latest = messages.at(-1)?.id;
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [latest]);

  return (
    <ol className="messages" ref={log} role="log" aria-label={`Messages with ${business.name}`} tabIndex={0}>
      {messages.length === 0 && <li className="empty">Nothing was written yet.</li>}
      {messages.map((message, at) => {
        const before = messages[at - 1];
        const shownNow = exchangeTime(chats, now);
        const on = day(message.at_ms, shownNow);
        return (
          <Fragment key={message.id}>
            {(!before || day(before.at_ms, shownNow) !== on) && <li className="day"><span>{on}</span></li>}
            {message.id === firstUnread && <li className="unread"><span>Unread</span></li>}
            <Bubble
              message={message} chats={chats} now={now} phone={phone} business={business} canDial={canDial}
              canAnswer={state.line.is === "open"} follows={before?.from === message.from}
            />
          </Fragment>
        );
      })}
    </ol>
  );
}

/** The first message that was unread when the chat was opened: its mark stays while one reads on. */
function useFirstUnread(state: State, number: string): string | null {
  const [first] = useState(() => unread(state.chats, number)[0]?.id ?? null);
  return first;
}

/** Messages count as read once they are before the user's eyes, not in a tab behind others. */
function useLooking(phone: Phone, number: string, news: number) {
  useEffect(() => {
    if (news === 0) return;
    const look = () => document.visibilityState === "visible" && phone.look(number);
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [phone, number, news]);
}

const EXPIRY_LOOKED_AT_EVERY_MS = 10_000;
