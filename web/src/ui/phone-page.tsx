// One user's phone: the calls and the list of businesses on one side, a chat on the other.
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Ringer } from "../media/ringer.ts";
import { unreadInAll } from "../phone/chats.ts";
import { type DeepLink, deepLinkOf, withoutDeepLink } from "../phone/deep-link.ts";
import { Phone } from "../phone/driver.ts";
import type { Identity } from "../phone/identity.ts";
import { withPlus } from "../phone/spoken.ts";
import { type State, sound } from "../phone/state.ts";
import { CallScreen } from "./call-screen.tsx";
import { ChatList } from "./chat-list.tsx";
import { ChatPane } from "./chat-pane.tsx";
import { CloseIcon } from "./icons.tsx";
import { IncomingCall, WaitingCall } from "./incoming-call.tsx";
import { LinkedCall } from "./linked-call.tsx";

export function PhonePage({ identity }: { identity: Identity }) {
  const [phone, setPhone] = useState<Phone | null>(null);
  useEffect(() => {
    const opened = new Phone(new URL(location.href), identity);
    setPhone(opened);
    const close = () => opened.close();
    window.addEventListener("pagehide", close);
    return () => {
      window.removeEventListener("pagehide", close);
      opened.close();
    };
  }, [identity]);

  return phone ? <Screen phone={phone} identity={identity} /> : null;
}

function Screen({ phone, identity }: { phone: Phone; identity: Identity }) {
  const state = useSyncExternalStore(phone.subscribe, phone.state);
  useRinger(sound(state));
  useTitle(state);
  useEffect(() => {
    const retry = () => phone.retry();
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, [phone]);

  const isWide = useWide();
  const [chosen, choose] = useState<string | null>(null);
  const [beside, showBeside] = useState(false);
  const inCall = state.call !== null;
  useEffect(() => showBeside(false), [inCall]);

  const [only] = state.businesses;
  // Where there is room for both sides, the chat is that of the call, or of the only business there is.
  const obvious = state.call?.with ?? state.rings[0]?.from ?? (state.businesses.length === 1 ? only : undefined);
  const open = chosen ?? (isWide ? obvious?.phone_number_id : null);
  const business = state.businesses.find((one) => one.phone_number_id === open);
  const isTaken = state.rings.length > 0 || (inCall && !beside);
  // Where there is room for one side only, a call has it.
  const chatIsShown = business !== undefined && (isWide || !isTaken) && state.line.is !== "refused";

  return (
    <main className={`phone ${chatIsShown && !isWide ? "one chat-only" : isWide ? "two" : "one"}`}>
      <div className="side">
        <header>
          <div>
            <h1>{state.me?.name ?? "Phone"}</h1>
            <p className="number">{withPlus(state.me?.waId ?? identity.waId)}</p>
          </div>
          <LineState state={state} retry={() => phone.retry()} />
        </header>
        <Side
          state={state} phone={phone} identity={identity} open={business?.phone_number_id ?? null} choose={choose}
          toChat={isWide ? null : () => {
            choose(state.call?.with.phone_number_id ?? null);
            showBeside(true);
          }}
        />
      </div>
      {chatIsShown ? (
        <ChatPane
          key={business.phone_number_id} state={state} business={business} phone={phone} alone={!isWide}
          back={() => (inCall ? showBeside(false) : choose(null))}
        />
      ) : (
        isWide && <p className="no-chat quiet">Choose a business to see what it wrote.</p>
      )}
      {state.notice && <Notice text={state.notice} close={() => phone.closeNotice()} />}
      <Linked state={state} phone={phone} />
      <RemoteSound phone={phone} />
    </main>
  );
}

type SideProps = {
  state: State;
  phone: Phone;
  identity: Identity;
  open: string | null;
  choose: (number: string) => void;
  toChat: (() => void) | null;
};

function Side({ state, phone, identity, open, choose, toChat }: SideProps) {
  const [ring] = state.rings;
  if (state.line.is === "refused") {
    return (
      <section className="refused" role="alert">
        <p>{state.line.message}</p>
        <p><a href="/phone/">Choose another phone</a></p>
      </section>
    );
  }
  if (state.call) {
    return (
      <>
        {state.rings.map((one) => <WaitingCall key={one.callId} ring={one} phone={phone} />)}
        <CallScreen call={state.call} phone={phone} toChat={toChat} />
      </>
    );
  }
  if (ring) return <IncomingCall key={ring.callId} ring={ring} phone={phone} />;
  return (
    <ChatList
      state={state} processing={identity.processing} open={open}
      choose={(business) => choose(business.phone_number_id)} dial={(business) => phone.dial(business)}
      allow={(business) => phone.allow(business.phone_number_id, "temporary")}
    />
  );
}

function LineState({ state, retry }: { state: State; retry: () => void }) {
  const { line } = state;
  const words = { connecting: "connecting…", open: "online", lost: "line lost", refused: "refused" }[line.is];
  return (
    <p className={`line ${line.is}`} role="status">
      <span aria-hidden="true">●</span> {words}
      {line.is === "lost" && <button type="button" className="link" onClick={retry}>Try now</button>}
    </p>
  );
}

function Notice({ text, close }: { text: string; close: () => void }) {
  return (
    <div className="toast" role="status">
      <p>{text}</p>
      <button type="button" className="round plain" aria-label="Close the notice" onClick={close}><CloseIcon /></button>
    </div>
  );
}

/** The call that the page's address asks for, once the businesses are known. */
function Linked({ state, phone }: { state: State; phone: Phone }) {
  const [link, setLink] = useState<DeepLink | null>(() => deepLinkOf(new URL(location.href)));
  if (!link || !state.me || state.line.is !== "open" || state.call) return null;
  const close = () => {
    history.replaceState(null, "", withoutDeepLink(new URL(location.href)));
    setLink(null);
  };
  return (
    <LinkedCall
      link={link} businesses={state.businesses} close={close}
      call={(business, payload) => {
        close();
        phone.dial(business, payload === null ? {} : { deepLinkPayload: payload });
      }}
    />
  );
}

/** The other side's voice. An element and not a Web Audio graph: Chromium plays remote audio only through one. */
function RemoteSound({ phone }: { phone: Phone }) {
  const remote = useSyncExternalStore(phone.subscribe, phone.remote);
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (element.current) element.current.srcObject = remote;
  }, [remote]);
  return <audio ref={element} autoPlay aria-hidden="true" />;
}

function useRinger(wanted: ReturnType<typeof sound>) {
  const ringer = useRef<Ringer | null>(null);
  useEffect(() => {
    ringer.current ??= new Ringer();
    ringer.current.play(wanted);
  }, [wanted]);
  useEffect(() => () => {
    ringer.current?.close();
    ringer.current = null;
  }, []);
}

/** A phone in a background tab shows in its title that it rings, and what is unread. */
function useTitle(state: State) {
  const [ring] = state.rings;
  const news = unreadInAll(state.chats);
  const name = state.me?.name ?? "Phone";
  const title = ring ? `${ring.from.name} calls` : state.call ? `${state.call.with.name} · call` : news > 0 ? `(${news}) ${name}` : name;
  useEffect(() => {
    document.title = `${title} · Dialtone`;
  }, [title]);
}

/** Whether there is room for both sides; style.css has the same width. */
function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      WIDE.addEventListener("change", changed);
      return () => WIDE.removeEventListener("change", changed);
    },
    () => WIDE.matches,
  );
}

const WIDE = matchMedia("(min-width: 52rem)");
