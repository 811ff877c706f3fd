-- Message templates, one row for each language of a name. `components` is what a template consists of,
-- as JSON; `status`, `reason` and `review_ends_at` are the state of its review. `seq` puts them into
-- the order of their making, which is that of listings.
CREATE TABLE template (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    waba_id TEXT NOT NULL REFERENCES waba (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    variables TEXT NOT NULL,
    components TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    review_ends_at INTEGER,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (waba_id, name, language)
) STRICT;
CREATE INDEX template_by_review ON template (review_ends_at) WHERE review_ends_at IS NOT NULL;
