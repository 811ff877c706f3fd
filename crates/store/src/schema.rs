//! The tables of the exchange as Diesel checks queries against them; made by `migrations/exchange`.

diesel::table! {
    waba (id) {
        id -> Text,
        name -> Text,
        templates_owed -> BigInt,
        templates_at -> Nullable<BigInt>,
        payment_missing -> Bool,
        business_initiated_until -> Nullable<BigInt>,
        customer_initiated_until -> Nullable<BigInt>,
        ban -> Nullable<Text>,
        banned_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    app (id) {
        id -> Text,
        name -> Text,
        secret -> Text,
    }
}

diesel::table! {
    waba_app (waba_id, app_id) {
        waba_id -> Text,
        app_id -> Text,
    }
}

diesel::table! {
    access_token (hash) {
        hash -> Text,
        app_id -> Text,
        waba_id -> Text,
    }
}

diesel::table! {
    number (id) {
        id -> Text,
        waba_id -> Text,
        display_number -> Text,
        verified_name -> Text,
        country -> Nullable<Text>,
        settings -> Text,
        messaging_limit -> Text,
        business_initiated_until -> Nullable<BigInt>,
        user_initiated_until -> Nullable<BigInt>,
        call_button_hidden_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    d360_key (hash) {
        hash -> Text,
        phone_number_id -> Text,
        app_id -> Text,
    }
}

diesel::table! {
    user (wa_id) {
        wa_id -> Text,
        bsuid -> Text,
        name -> Text,
        country -> Text,
        phone_token -> Text,
        created_at -> BigInt,
        online -> Bool,
        reachability -> Text,
    }
}

diesel::table! {
    ledger (phone_number_id, wa_id) {
        phone_number_id -> Text,
        wa_id -> Text,
        state -> Text,
        deadline -> Nullable<BigInt>,
        changed_at -> BigInt,
    }
}

diesel::table! {
    fault (id) {
        id -> BigInt,
        kind -> Text,
        phone_number_id -> Nullable<Text>,
        wa_id -> Nullable<Text>,
        operation -> Nullable<Text>,
        event -> Nullable<Text>,
        direction -> Nullable<Text>,
        times -> Text,
        times_count -> Nullable<BigInt>,
        seed -> BigInt,
        met -> BigInt,
        fired -> BigInt,
        spent -> Bool,
        armed_at -> BigInt,
    }
}

diesel::table! {
    held_delivery (delivery_id) {
        delivery_id -> BigInt,
        subscription_id -> BigInt,
        call_id -> Text,
        behind -> Nullable<Text>,
    }
}

diesel::table! {
    ledger_entry (phone_number_id, wa_id, number) {
        phone_number_id -> Text,
        wa_id -> Text,
        number -> BigInt,
        at -> BigInt,
        reason -> Text,
        detail -> Text,
        request -> Nullable<Text>,
    }
}

diesel::table! {
    service_window (phone_number_id, wa_id) {
        phone_number_id -> Text,
        wa_id -> Text,
        heard_at -> BigInt,
    }
}

diesel::table! {
    recipient (phone_number_id, wa_id) {
        phone_number_id -> Text,
        wa_id -> Text,
        added_at -> BigInt,
    }
}

diesel::table! {
    rate (kind, phone_number_id, wa_id) {
        kind -> Text,
        phone_number_id -> Text,
        wa_id -> Text,
        owed -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    subscription (id) {
        id -> BigInt,
        app_id -> Text,
        scope -> Text,
        target -> Text,
        url -> Text,
        verify_token -> Text,
        fields -> Text,
        shape -> Text,
        dialect -> Text,
        changed_at -> BigInt,
        headers -> Text,
    }
}

diesel::table! {
    call (seq) {
        seq -> BigInt,
        id -> Text,
        phone_number_id -> Text,
        wa_id -> Text,
        direction -> Text,
        machine -> Text,
        phase -> Text,
        is_over -> Bool,
        deadline -> Nullable<BigInt>,
        created_at -> BigInt,
        callback_data -> Nullable<Text>,
        phone_line -> Nullable<BigInt>,
        cta_payload -> Nullable<Text>,
        deeplink_payload -> Nullable<Text>,
    }
}

diesel::table! {
    leg (call_id, side) {
        call_id -> Text,
        side -> Text,
        media_leg -> Nullable<BigInt>,
        sdp_ours -> Nullable<Text>,
        sdp_theirs -> Nullable<Text>,
        stats -> Nullable<Text>,
        weather -> Nullable<Text>,
    }
}

diesel::table! {
    delivery (id) {
        id -> BigInt,
        subscription_id -> BigInt,
        app_id -> Text,
        phone_number_id -> Text,
        call_id -> Nullable<Text>,
        event -> Text,
        created_at -> BigInt,
        state -> Text,
        due_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        since -> BigInt,
        attempts -> Integer,
        failures -> Integer,
        message_id -> Nullable<Text>,
    }
}

diesel::table! {
    delivery_body (delivery_id) {
        delivery_id -> BigInt,
        bytes -> Binary,
    }
}

diesel::table! {
    attempt (id) {
        id -> BigInt,
        delivery_id -> BigInt,
        url -> Text,
        started_at -> BigInt,
        took_ms -> BigInt,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    event (id) {
        id -> BigInt,
        at -> BigInt,
        kind -> Text,
        phone_number_id -> Nullable<Text>,
        call_id -> Nullable<Text>,
        detail -> Text,
    }
}

diesel::table! {
    chat_message (seq) {
        seq -> BigInt,
        wa_id -> Text,
        id -> Text,
        phone_number_id -> Text,
        message -> Text,
    }
}

diesel::table! {
    message (seq) {
        seq -> BigInt,
        id -> Text,
        phone_number_id -> Text,
        wa_id -> Text,
        direction -> Text,
        kind -> Text,
        body -> Text,
        reply_to -> Nullable<Text>,
        callback_data -> Nullable<Text>,
        pricing -> Nullable<Text>,
        created_at -> BigInt,
        status -> Text,
        deadline -> Nullable<BigInt>,
        delivered_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    template (seq) {
        seq -> BigInt,
        id -> Text,
        waba_id -> Text,
        name -> Text,
        language -> Text,
        category -> Text,
        variables -> Text,
        components -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        review_ends_at -> Nullable<BigInt>,
        created_at -> BigInt,
        changed_at -> BigInt,
        edits -> Text,
    }
}

diesel::table! {
    held_name (waba_id, name, language) {
        waba_id -> Text,
        name -> Text,
        language -> Text,
        until -> BigInt,
    }
}

diesel::joinable!(delivery_body -> delivery (delivery_id));
diesel::allow_tables_to_appear_in_same_query!(waba_app, subscription, delivery, delivery_body);
