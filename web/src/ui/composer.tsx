// The line to write a text in. Enter sends, Shift and Enter begin a new line.
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { SendIcon } from "./icons.tsx";

export function Composer({ canSend, send }: { canSend: boolean; send: (text: string) => void }) {
  const [text, setText] = useState("");
  const ready = canSend && text.trim() !== "";

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    send(text.trim());
    setText("");
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        rows={1} aria-label="Write a message" placeholder="Write a message" maxLength={TEXT_CHARS_MAX}
        value={text} onChange={(event) => setText(event.target.value)} onKeyDown={onKey}
      />
      <button type="submit" className="round primary" aria-label="Send" disabled={!ready}><SendIcon /></button>
    </form>
  );
}

/** As `TEXT_CHARS_MAX` of the exchange. */
const TEXT_CHARS_MAX = 4_096;
