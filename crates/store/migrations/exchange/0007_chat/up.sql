-- What a user's phones show: the messages of all chats in the order in which they came. `message` is
-- the one of the phone's line, as JSON.
CREATE TABLE chat_message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    wa_id TEXT NOT NULL REFERENCES user (wa_id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    phone_number_id TEXT NOT NULL REFERENCES number (id) ON DELETE CASCADE,
    message TEXT NOT NULL,
    UNIQUE (wa_id, id)
) STRICT;
