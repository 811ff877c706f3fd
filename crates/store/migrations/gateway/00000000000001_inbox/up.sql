-- What the platform told the gateway, as it came: the exact bytes, once each.
CREATE TABLE webhook (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    body_hash    BLOB    NOT NULL UNIQUE,
    body         BLOB    NOT NULL,
    received_ms  BIGINT  NOT NULL,
    processed_ms BIGINT,
    -- Why nothing came of it, if nothing did.
    note         TEXT
);
CREATE INDEX webhook_waiting ON webhook (id) WHERE processed_ms IS NULL;
CREATE INDEX webhook_processed ON webhook (processed_ms) WHERE processed_ms IS NOT NULL;

-- Events already taken: the same event may come in bodies that differ (several subscribed apps).
CREATE TABLE seen_event (
    call_id     TEXT   NOT NULL,
    event       TEXT   NOT NULL,
    stamped_sec BIGINT NOT NULL,
    seen_ms     BIGINT NOT NULL,
    PRIMARY KEY (call_id, event, stamped_sec)
) WITHOUT ROWID;
CREATE INDEX seen_event_age ON seen_event (seen_ms);

-- The gateway's own calls.
CREATE TABLE call (
    reference       TEXT   PRIMARY KEY NOT NULL,
    -- The platform's id; not known until the platform has answered the request to place the call.
    call_id         TEXT,
    direction       TEXT   NOT NULL,
    phone_number_id TEXT   NOT NULL,
    peer            TEXT   NOT NULL,
    peer_name       TEXT,
    handler         TEXT   NOT NULL,
    callback_data   TEXT,
    phase           TEXT   NOT NULL,
    started_ms      BIGINT NOT NULL,
    answered_ms     BIGINT,
    ended_ms        BIGINT,
    outcome         TEXT,
    blame           TEXT,
    reason_code     BIGINT,
    reason          TEXT,
    digits          TEXT   NOT NULL DEFAULT '',
    recording       TEXT,
    statistics      TEXT
);
CREATE UNIQUE INDEX call_by_id ON call (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX call_open ON call (started_ms) WHERE ended_ms IS NULL;
CREATE INDEX call_ended ON call (ended_ms) WHERE ended_ms IS NOT NULL;

-- The story of each call, in the order in which it was told.
CREATE TABLE call_event (
    number    INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    reference TEXT    NOT NULL REFERENCES call (reference) ON DELETE CASCADE,
    at_ms     BIGINT  NOT NULL,
    event     TEXT    NOT NULL
);
CREATE INDEX call_event_of ON call_event (reference, number);
