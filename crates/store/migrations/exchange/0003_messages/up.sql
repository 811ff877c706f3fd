-- What was written between business numbers and users. `body` is what it shows, as JSON; `status`
-- and the moments beside it are the state of `rules::message`. `wa_id` need not be a user's: what is
-- sent to somebody who is not on WhatsApp fails, and is kept like any other.
CREATE TABLE message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    phone_number_id TEXT NOT NULL,
    wa_id TEXT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    reply_to TEXT,
    callback_data TEXT,
    pricing TEXT,
    created_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    deadline INTEGER,
    delivered_at INTEGER,
    ended_at INTEGER,
    failure TEXT
) STRICT;
CREATE INDEX message_waiting ON message (wa_id, seq) WHERE deadline IS NOT NULL;
CREATE INDEX message_by_deadline ON message (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX message_by_number ON message (phone_number_id, seq);

-- The message that a webhook is about, if any.
ALTER TABLE delivery ADD COLUMN message_id TEXT;
CREATE INDEX delivery_by_message ON delivery (message_id) WHERE message_id IS NOT NULL;

-- Whether the user's phones take messages: a phone that is away gets them when it is back.
ALTER TABLE user ADD COLUMN online INTEGER NOT NULL DEFAULT 1;

-- The message's button, or the deep link, that a user's call came from.
ALTER TABLE call ADD COLUMN cta_payload TEXT;
ALTER TABLE call ADD COLUMN deeplink_payload TEXT;
