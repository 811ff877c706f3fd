-- What there is between a business number and a user. `state` is that of `rules::consent`, whole;
-- `deadline` follows from it and stands beside it for questions.
CREATE TABLE ledger (
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    wa_id TEXT NOT NULL REFERENCES user (wa_id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    deadline INTEGER,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (phone_number_id, wa_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_deadline ON ledger (deadline) WHERE deadline IS NOT NULL;

-- How it came to that. `detail` is `rules::consent::Reason`, whole, and `reason` its word; `request`
-- is the message of a request that was sent, so that its answer finds the ledger.
CREATE TABLE ledger_entry (
    phone_number_id TEXT NOT NULL,
    wa_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    request TEXT,
    PRIMARY KEY (phone_number_id, wa_id, number),
    FOREIGN KEY (phone_number_id, wa_id) REFERENCES ledger (phone_number_id, wa_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entry_by_request ON ledger_entry (request) WHERE request IS NOT NULL;

-- What an operator had granted was for ever; whoever was asked for and not granted stays known.
INSERT INTO ledger
SELECT phone_number_id, wa_id,
    json_object(
        'held', CASE granted
            WHEN 0 THEN json_object('nothing', 'never')
            ELSE json_object('permanent', json_object('grant', json_object(
                'since', changed_at, 'source', 'operator', 'calls', 0, 'unanswered', 0)))
        END,
        'requests', json_array(),
        'asked', json_array(),
        'connected', json_array(),
        'entries', iif(granted = 0, 0, 1)),
    NULL, changed_at
FROM consent;
INSERT INTO ledger_entry
SELECT phone_number_id, wa_id, 0, changed_at, 'operator_grant', '{"operator_grant":{"until":null}}', NULL
FROM consent WHERE granted <> 0;
DROP TABLE consent;

-- When a user was last heard of by a business number: the customer-service window.
CREATE TABLE service_window (
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    wa_id TEXT NOT NULL REFERENCES user (wa_id) ON DELETE CASCADE,
    heard_at INTEGER NOT NULL,
    PRIMARY KEY (phone_number_id, wa_id)
) STRICT, WITHOUT ROWID;

-- Whom a business number may reach, where the preset has such lists.
CREATE TABLE recipient (
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    wa_id TEXT NOT NULL REFERENCES user (wa_id) ON DELETE CASCADE,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (phone_number_id, wa_id)
) STRICT, WITHOUT ROWID;

-- How often something was done lately: `rules::rate`. `wa_id` is empty for what a number does as such.
CREATE TABLE rate (
    kind TEXT NOT NULL,
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    wa_id TEXT NOT NULL,
    owed INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, phone_number_id, wa_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE user ADD COLUMN reachability TEXT NOT NULL DEFAULT 'active';
ALTER TABLE number ADD COLUMN country TEXT;
