-- How often an approved template was edited lately (Unix milliseconds, as a JSON list), how often an
-- account made one (the bucket of `rules::rate`), and the names of removed ones that cannot be used
-- again before `until`.
ALTER TABLE template ADD COLUMN edits TEXT NOT NULL DEFAULT '[]';
ALTER TABLE waba ADD COLUMN templates_owed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waba ADD COLUMN templates_at INTEGER;
CREATE TABLE held_name (
    waba_id TEXT NOT NULL REFERENCES waba (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (waba_id, name, language)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_name_by_until ON held_name (until);
