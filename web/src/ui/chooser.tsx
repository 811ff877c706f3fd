// Asks whose phone this browser is to be.
import { type FormEvent, useState } from "react";
import { digits } from "../phone/identity.ts";

export function Chooser() {
  const [waId, setWaId] = useState("");
  const [token, setToken] = useState("");

  const open = (event: FormEvent) => {
    event.preventDefault();
    location.search = new URLSearchParams({ wa_id: digits(waId), token: token.trim() }).toString();
  };

  return (
    <main className="card">
      <h1>Whose phone is this?</h1>
      <p>
        Every WhatsApp user of the exchange has a number and a phone token. <code>dialtone dev</code> prints a link
        with both, and the control API lists them under <code>/users</code>.
      </p>
      <form onSubmit={open}>
        <label>
          WhatsApp number
          <input
            name="wa_id" inputMode="tel" autoComplete="off" required autoFocus
            placeholder="+1 408 555 1234" pattern="\+?[\d\s().\-]{5,24}" title="5 to 15 digits, country code first"
            value={waId} onChange={(event) => setWaId(event.target.value)}
          />
        </label>
        <label>
          Phone token
          <input
            name="token" autoComplete="off" spellCheck={false} required
            value={token} onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <button type="submit" className="primary">Open the phone</button>
      </form>
    </main>
  );
}
