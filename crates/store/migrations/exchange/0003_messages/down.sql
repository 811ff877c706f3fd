ALTER TABLE call DROP COLUMN deeplink_payload;
ALTER TABLE call DROP COLUMN cta_payload;
ALTER TABLE user DROP COLUMN online;
DROP INDEX delivery_by_message;
ALTER TABLE delivery DROP COLUMN message_id;
DROP TABLE message;
