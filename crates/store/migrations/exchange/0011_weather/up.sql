-- Bad weather that was made on a leg on purpose, as a JSON object; none where it was fine.
ALTER TABLE leg ADD COLUMN weather TEXT;
