DROP TABLE held_name;
ALTER TABLE waba DROP COLUMN templates_at;
ALTER TABLE waba DROP COLUMN templates_owed;
ALTER TABLE template DROP COLUMN edits;
