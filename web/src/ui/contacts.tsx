// The phone at rest: whom it can call, how the last call ended, and a microphone check.
import type { Business } from "../line/messages.ts";
import type { Processing } from "../media/microphone.ts";
import { withPlus } from "../phone/spoken.ts";
import type { State } from "../phone/state.ts";
import { MicrophoneCheck } from "./microphone-check.tsx";

type Props = { state: State; processing: Processing; dial: (business: Business) => void };

export function Contacts({ state, processing, dial }: Props) {
  const { businesses, last, line } = state;
  return (
    <>
      {last && (
        <section className="last" role="status">
          <strong>{last.with.name}</strong>
          <p>{last.message}</p>
        </section>
      )}
      <section aria-labelledby="businesses">
        <h2 id="businesses">Businesses</h2>
        {businesses.length === 0 ? (
          <p className="quiet">{line.is === "open" ? "The exchange has no business number." : "Waiting for the exchange…"}</p>
        ) : (
          <ul className="contacts">
            {businesses.map((business) => (
              <li key={business.phone_number_id}>
                <div>
                  <span className="name">{business.name}</span>
                  <span className="number">{withPlus(business.display_phone_number)}</span>
                </div>
                <button
                  type="button" className="primary" disabled={line.is !== "open"}
                  aria-label={`Call ${business.name}`} onClick={() => dial(business)}
                >
                  Call
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <MicrophoneCheck processing={processing} />
    </>
  );
}
