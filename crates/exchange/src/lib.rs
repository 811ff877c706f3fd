//! The platform: the desk, the HTTP API in both dialects, delivery, phones.

pub mod observe;
