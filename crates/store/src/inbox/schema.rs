//! The tables of `migrations/gateway`, in diesel's words.

diesel::table! {
    webhook (id) {
        id -> BigInt,
        body_hash -> Binary,
        body -> Binary,
        received_ms -> BigInt,
        processed_ms -> Nullable<BigInt>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    seen_event (call_id, event, stamped_sec) {
        call_id -> Text,
        event -> Text,
        stamped_sec -> BigInt,
        seen_ms -> BigInt,
    }
}

diesel::table! {
    call (reference) {
        reference -> Text,
        call_id -> Nullable<Text>,
        direction -> Text,
        phone_number_id -> Text,
        peer -> Text,
        peer_name -> Nullable<Text>,
        handler -> Text,
        callback_data -> Nullable<Text>,
        phase -> Text,
        started_ms -> BigInt,
        answered_ms -> Nullable<BigInt>,
        ended_ms -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        blame -> Nullable<Text>,
        reason_code -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        digits -> Text,
        recording -> Nullable<Text>,
        statistics -> Nullable<Text>,
    }
}

diesel::table! {
    call_event (number) {
        number -> BigInt,
        reference -> Text,
        at_ms -> BigInt,
        event -> Text,
    }
}
