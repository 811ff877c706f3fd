//! What crosses HTTP, in both dialects: bodies, webhooks, the error table, signatures, session descriptions.
