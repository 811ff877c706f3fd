-- Headers that a subscriber wants with its webhooks, as the JSON text of an object: names and values.
ALTER TABLE subscription ADD COLUMN headers TEXT NOT NULL DEFAULT '{}';
