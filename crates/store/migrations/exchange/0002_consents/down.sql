ALTER TABLE number DROP COLUMN country;
ALTER TABLE user DROP COLUMN reachability;
DROP TABLE rate;
DROP TABLE recipient;
DROP TABLE service_window;
CREATE TABLE consent (
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    wa_id TEXT NOT NULL REFERENCES user (wa_id) ON DELETE CASCADE,
    granted INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (phone_number_id, wa_id)
) STRICT, WITHOUT ROWID;
INSERT INTO consent
SELECT phone_number_id, wa_id, json_extract(state, '$.held.permanent') IS NOT NULL, changed_at FROM ledger;
DROP TABLE ledger_entry;
DROP TABLE ledger;
