-- Armed faults. `kind` is the fault with what it needs to know, whole; `spent` follows from `times` and
-- `fired` and stands beside them, so that an occasion reads only what may still fire.
CREATE TABLE fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL,
    phone_number_id TEXT,
    wa_id TEXT,
    operation TEXT,
    event TEXT,
    direction TEXT,
    times TEXT NOT NULL,
    times_count INTEGER,
    seed INTEGER NOT NULL,
    met INTEGER NOT NULL,
    fired INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    armed_at INTEGER NOT NULL
) STRICT;

-- Webhooks that wait for a later one of the same call to the same subscriber: `behind`, or any.
CREATE TABLE held_delivery (
    delivery_id INTEGER PRIMARY KEY NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    subscription_id INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    behind TEXT
) STRICT;
