DROP TABLE call_event;
DROP TABLE call;
DROP TABLE seen_event;
DROP TABLE webhook;
