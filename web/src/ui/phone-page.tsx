// One user's phone: the screen for each state, and the sounds that go with it.
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Ringer } from "../media/ringer.ts";
import { Phone } from "../phone/driver.ts";
import type { Identity } from "../phone/identity.ts";
import { withPlus } from "../phone/spoken.ts";
import { type State, sound } from "../phone/state.ts";
import { CallScreen } from "./call-screen.tsx";
import { Contacts } from "./contacts.tsx";
import { IncomingCall, WaitingCall } from "./incoming-call.tsx";

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

  const [ring] = state.rings;
  return (
    <main className="card phone">
      <header>
        <div>
          <h1>{state.me?.name ?? "Phone"}</h1>
          <p className="number">{withPlus(state.me?.waId ?? identity.waId)}</p>
        </div>
        <LineState state={state} retry={() => phone.retry()} />
      </header>
      {state.line.is === "refused" ? (
        <section role="alert">
          <p>{state.line.message}</p>
          <p><a href="/phone/">Choose another phone</a></p>
        </section>
      ) : state.call ? (
        <>
          {state.rings.map((one) => <WaitingCall key={one.callId} ring={one} phone={phone} />)}
          <CallScreen call={state.call} phone={phone} />
        </>
      ) : ring ? (
        <IncomingCall key={ring.callId} ring={ring} phone={phone} />
      ) : (
        <Contacts state={state} processing={identity.processing} dial={(business) => phone.dial(business)} />
      )}
      {state.notice && <p className="notice" role="status">{state.notice}</p>}
      <RemoteSound phone={phone} />
    </main>
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

/** A phone in a background tab shows in its title that it rings. */
function useTitle(state: State) {
  const [ring] = state.rings;
  const title = ring ? `${ring.from.name} calls` : state.call ? `${state.call.with.name} · call` : (state.me?.name ?? "Phone");
  useEffect(() => {
    document.title = `${title} · Dialtone`;
  }, [title]);
}
