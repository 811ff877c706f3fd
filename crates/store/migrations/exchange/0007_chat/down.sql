DROP TABLE chat_message;
