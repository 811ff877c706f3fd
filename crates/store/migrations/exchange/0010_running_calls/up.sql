-- A phone that comes back asks for its user's running calls.
CREATE INDEX call_running_of_user ON call (wa_id) WHERE is_over = 0;
