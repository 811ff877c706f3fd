ALTER TABLE waba DROP COLUMN banned_at;
ALTER TABLE waba DROP COLUMN ban;
ALTER TABLE waba DROP COLUMN customer_initiated_until;
ALTER TABLE waba DROP COLUMN business_initiated_until;
ALTER TABLE waba DROP COLUMN payment_missing;
