-- What is set about a number's calls, whole, as JSON; whether they are enabled is a part of it.
ALTER TABLE number ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
UPDATE number SET settings = json_object('enabled', json(iif(calling_enabled, 'true', 'false')));
ALTER TABLE number DROP COLUMN calling_enabled;

-- How many users the business may write to first, as a tier's name.
ALTER TABLE number ADD COLUMN messaging_limit TEXT NOT NULL DEFAULT 'TIER_10K';

-- Until when the number is suspended from calling, from being called, and from showing a call button.
ALTER TABLE number ADD COLUMN business_initiated_until INTEGER;
ALTER TABLE number ADD COLUMN user_initiated_until INTEGER;
ALTER TABLE number ADD COLUMN call_button_hidden_until INTEGER;
