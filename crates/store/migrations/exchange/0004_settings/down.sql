ALTER TABLE number ADD COLUMN calling_enabled INTEGER NOT NULL DEFAULT 0;
UPDATE number SET calling_enabled = json_extract(settings, '$.enabled');
ALTER TABLE number DROP COLUMN settings;
ALTER TABLE number DROP COLUMN messaging_limit;
ALTER TABLE number DROP COLUMN business_initiated_until;
ALTER TABLE number DROP COLUMN user_initiated_until;
ALTER TABLE number DROP COLUMN call_button_hidden_until;
