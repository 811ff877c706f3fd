-- What the platform holds against an account: no payment method, messaging restricted until a moment
-- (Unix milliseconds), and a ban (`scheduled` or `disabled`) with the moment at which it was told.
ALTER TABLE waba ADD COLUMN payment_missing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waba ADD COLUMN business_initiated_until INTEGER;
ALTER TABLE waba ADD COLUMN customer_initiated_until INTEGER;
ALTER TABLE waba ADD COLUMN ban TEXT;
ALTER TABLE waba ADD COLUMN banned_at INTEGER;
