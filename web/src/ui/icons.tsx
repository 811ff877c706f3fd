// The few pictures on the pages. Each is decoration: what it means is said in words beside it or in a label.
import type { ReactNode } from "react";

const Icon = ({ children }: { children: ReactNode }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{children}</svg>
);

export const CallIcon = () => (
  <Icon>
    <path d="M6.7 3.6 9 3.2c.6-.1 1.2.2 1.4.8l1.2 3c.2.5.1 1.1-.4 1.5L9.7 9.8c.9 1.9 2.5 3.5 4.5 4.5l1.4-1.5c.4-.4 1-.5 1.5-.3l3 1.2c.6.2.9.8.8 1.4l-.4 2.3c-.2 1.3-1.4 2.2-2.7 2.1C10.8 19 5 13.2 4.6 6.3c-.1-1.3.8-2.5 2.1-2.7z" fill="currentColor" />
  </Icon>
);

export const BackIcon = () => (
  <Icon><path d="M15 5l-7 7 7 7" fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" /></Icon>
);

export const SendIcon = () => (
  <Icon><path d="M3.5 20.5 21.5 12 3.5 3.5l.1 6.7L15.5 12l-11.9 1.8z" fill="currentColor" /></Icon>
);

export const TickIcon = () => (
  <Icon><path d="M5 12.5l4.5 4.5L19 7.5" fill="none" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" /></Icon>
);

export const LinkIcon = () => (
  <Icon><path d="M14 4h6v6M20 4l-9 9M10 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-4" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" /></Icon>
);

export const CloseIcon = () => (
  <Icon><path d="M6 6l12 12M18 6L6 18" fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" /></Icon>
);

export const MicrophoneIcon = () => (
  <Icon>
    <path d="M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
  </Icon>
);

/** One tick: the exchange has it. Two: the business has it; in colour: it has read it. */
export const StatusIcon = ({ status }: { status: "sent" | "delivered" | "read" | "failed" }) => (
  <svg className={`icon status ${status}`} viewBox="0 0 30 24" role="img" aria-label={STATUS[status]}>
    {status === "failed" ? (
      <path d="M15 5v9M15 18v.5" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    ) : (
      <path
        d={status === "sent" ? "M8 13l4.5 4.5L22 8" : "M3 13l4.5 4.5L17 8M13 17l.5.5L23 8"}
        fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round"
      />
    )}
  </svg>
);

const STATUS = { sent: "sent", delivered: "delivered", read: "read", failed: "not delivered" };
