-- The exchange's records. Every moment is in milliseconds since the Unix epoch.

CREATE TABLE waba (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The secret is kept as it is: it signs every webhook.
CREATE TABLE app (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which apps a business account has subscribed: no row, no webhook.
CREATE TABLE waba_app (
    waba_id TEXT NOT NULL REFERENCES waba (id) ON DELETE CASCADE,
    app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
    PRIMARY KEY (waba_id, app_id)
) STRICT, WITHOUT ROWID;

-- `hash` is the SHA-256 of the token, in hex.
CREATE TABLE access_token (
    hash TEXT PRIMARY KEY NOT NULL,
    app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
    waba_id TEXT NOT NULL REFERENCES waba (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE number (
    id TEXT PRIMARY KEY NOT NULL,
    waba_id TEXT NOT NULL REFERENCES waba (id) ON DELETE CASCADE,
    display_number TEXT NOT NULL UNIQUE,
    verified_name TEXT NOT NULL,
    calling_enabled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- 360dialog's key names a number, and speaks for the app that 360dialog would be.
CREATE TABLE d360_key (
    hash TEXT PRIMARY KEY NOT NULL,
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    wa_id TEXT PRIMARY KEY NOT NULL,
    bsuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    phone_token TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    wa_id TEXT NOT NULL REFERENCES user (wa_id) ON DELETE CASCADE,
    granted INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (phone_number_id, wa_id)
) STRICT, WITHOUT ROWID;

-- One callback of one app: its own (scope `app`, no target), or an override for a WABA or a number.
CREATE TABLE subscription (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    target TEXT NOT NULL,
    url TEXT NOT NULL,
    verify_token TEXT NOT NULL,
    fields TEXT NOT NULL,
    shape TEXT NOT NULL,
    dialect TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (app_id, scope, target)
) STRICT;

-- `machine` is the state of `rules::call`, whole; `phase`, `is_over` and `deadline` follow from it
-- and stand beside it for questions.
CREATE TABLE call (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    phone_number_id TEXT NOT NULL,
    wa_id TEXT NOT NULL,
    direction TEXT NOT NULL,
    machine TEXT NOT NULL,
    phase TEXT NOT NULL,
    is_over INTEGER NOT NULL,
    deadline INTEGER,
    created_at INTEGER NOT NULL,
    callback_data TEXT,
    phone_line INTEGER
) STRICT;
CREATE INDEX call_by_deadline ON call (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX call_running ON call (phone_number_id, wa_id) WHERE is_over = 0;
CREATE INDEX call_by_number_and_age ON call (phone_number_id, direction, created_at);

-- What was said about the media of one side of a call, and what came of it. Apart from `call`, so
-- that a step of the machine does not rewrite two session descriptions.
CREATE TABLE leg (
    call_id TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    media_leg INTEGER,
    sdp_ours TEXT,
    sdp_theirs TEXT,
    stats TEXT,
    PRIMARY KEY (call_id, side)
) STRICT, WITHOUT ROWID;

-- The outbox. `due_at` is when to look at the row again, to send it or because its lease ran out;
-- `ended_at` stands in its place once nothing more is tried.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    subscription_id INTEGER NOT NULL,
    app_id TEXT NOT NULL,
    phone_number_id TEXT NOT NULL,
    call_id TEXT,
    event TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER,
    ended_at INTEGER,
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    failures INTEGER NOT NULL
) STRICT;

-- The exact bytes. Apart from `delivery`, so that an attempt does not rewrite them.
CREATE TABLE delivery_body (
    delivery_id INTEGER PRIMARY KEY NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX delivery_open ON delivery (subscription_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX delivery_by_due ON delivery (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX delivery_by_call ON delivery (call_id);

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    answer TEXT
) STRICT;
CREATE INDEX attempt_by_delivery ON attempt (delivery_id);

CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    phone_number_id TEXT,
    call_id TEXT,
    detail TEXT NOT NULL
) STRICT;
