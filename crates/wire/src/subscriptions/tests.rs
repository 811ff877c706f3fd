//! Tests of `subscriptions`.
