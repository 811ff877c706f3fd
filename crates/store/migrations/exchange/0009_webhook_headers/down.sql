ALTER TABLE subscription DROP COLUMN headers;
