// One message: text, a request, a button, a template, or a word of the platform.
import type { ChatMessage, TemplateButton } from "../line/chat-message.ts";
import type { Business } from "../line/messages.ts";
import { type Chats, exchangeTime, hasExpired } from "../phone/chats.ts";
import type { Phone } from "../phone/driver.ts";
import { moment, timeOfDay } from "../phone/spoken.ts";
import { CallIcon, LinkIcon, StatusIcon } from "./icons.tsx";
import { PermissionAsked } from "./permission-asked.tsx";

type Props = {
  message: ChatMessage;
  chats: Chats;
  /** The browser's time. */
  now: number;
  phone: Phone;
  business: Business;
  canDial: boolean;
  canAnswer: boolean;
  /** The message before it is by the same side. */
  follows: boolean;
};

export function Bubble(props: Props) {
  const { message, follows } = props;
  if (message.kind === "notice") {
    return <li className="notice-line"><span>{message.text}</span></li>;
  }
  const side = message.from === "user" ? "mine" : "theirs";
  return (
    <li className={`bubble ${side} ${message.kind} ${follows ? "follows" : ""}`}>
      <span className="sr-only">{message.from === "user" ? "You wrote:" : `${props.business.name} wrote:`}</span>
      <Body {...props} />
      <Foot message={message} />
      <Below {...props} />
    </li>
  );
}

function Body({ message, business }: Props) {
  switch (message.kind) {
    case "text":
    case "call_button":
      return <p className="text">{message.body}</p>;
    case "call_permission_request":
      return (
        <>
          <p className="asks"><CallIcon /> {business.name} asks whether it may call you</p>
          {message.body && <p className="text">{message.body}</p>}
        </>
      );
    case "template":
      return (
        <>
          {message.header && <p className="head">{message.header}</p>}
          <p className="text">{message.body}</p>
          {message.footer && <p className="footer">{message.footer}</p>}
          {message.request && <p className="asks"><CallIcon /> {business.name} asks whether it may call you</p>}
        </>
      );
    case "notice":
      return null;
  }
}

function Foot({ message }: { message: ChatMessage }) {
  return (
    <p className="foot">
      <time dateTime={new Date(message.at_ms).toISOString()}>{timeOfDay(message.at_ms)}</time>
      {message.from === "user" && <StatusIcon status={message.status} />}
    </p>
  );
}

/** What can be done about a message. */
function Below(props: Props) {
  const { message, chats, now, phone, canAnswer } = props;
  switch (message.kind) {
    case "text":
    case "notice":
      return null;
    case "call_permission_request":
      return (
        <PermissionAsked
          request={message.request} now={exchangeTime(chats, now)} canAnswer={canAnswer}
          answer={(answer) => phone.answer(message.id, answer)}
        />
      );
    case "call_button":
      return <CallButton {...props} text={message.display_text} expiresAtMs={message.expires_at_ms} />;
    case "template":
      return (
        <>
          {message.buttons.map((button, at) => <Button key={at} {...props} button={button} />)}
          {message.request && (
            <PermissionAsked
              request={message.request} now={exchangeTime(chats, now)} canAnswer={canAnswer}
              answer={(answer) => phone.answer(message.id, answer)}
            />
          )}
        </>
      );
  }
}

function Button({ button, ...props }: Props & { button: TemplateButton }) {
  switch (button.type) {
    case "voice_call":
      return <CallButton {...props} text={button.text} expiresAtMs={button.expires_at_ms} />;
    case "url":
      return isWeb(button.url) ? (
        <a className="wide" href={button.url} target="_blank" rel="noopener noreferrer"><LinkIcon /> {button.text}</a>
      ) : (
        <span className="wide off"><LinkIcon /> {button.text}</span>
      );
    case "other":
      return <span className="wide off">{button.text}</span>;
  }
}

type CallButtonProps = Props & { text: string; expiresAtMs: number };

function CallButton({ text, expiresAtMs, message, chats, now, phone, business, canDial }: CallButtonProps) {
  const over = hasExpired(chats, message.id, expiresAtMs, now);
  return (
    <>
      <button
        type="button" className="wide" disabled={over || !canDial} aria-describedby={`until-${message.id}`}
        onClick={() => phone.dial(business, { button: message.id })}
      >
        <CallIcon /> {text}
      </button>
      <p className="until" id={`until-${message.id}`}>
        {over ? "This button has expired." : `Works until ${moment(expiresAtMs, exchangeTime(chats, now))}.`}
      </p>
    </>
  );
}

/** A template's address is a stranger's word: only a page of the web is opened. */
const isWeb = (url: string): boolean => /^https?:\/\//i.test(url);
