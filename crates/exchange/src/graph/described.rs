//! A business number as Graph shows it to the app that asks.

use rules::account::{Ailment, Health, Standing};
use store::numbers::Number;
use store::subscriptions::Scope;
use types::{AppId, Timestamp, WabaId};
use wire::{ErrorCode, reply};

use crate::desk::accounts;
use crate::desk::auth::Acting;
use crate::desk::subscriptions;
use crate::desk::{Refused, Turn};

/// The number with every field that can be asked for.
pub(crate) fn described(
    turn: &mut Turn<'_>,
    acting: &Acting,
) -> Result<reply::BusinessNumber, Refused> {
    let number = acting.number();
    let mut url_of = |scope| {
        let found = subscriptions::find_scope(turn, acting.app(), &scope)?;
        Ok::<_, Refused>(found.map(|it| it.callback.url))
    };
    let webhook_configuration = reply::WebhookConfiguration {
        phone_number: url_of(Scope::Number(number.id.clone()))?,
        whatsapp_business_account: url_of(Scope::Waba(number.waba.clone()))?,
        application: url_of(Scope::App)?,
    };
    let standing = accounts::standing(turn, &number.waba)?;
    let limit = number.messaging_limit.as_str();
    let for_tests = turn.preset.eligibility.allow_list_max.is_some();
    Ok(reply::BusinessNumber {
        verified_name: number.verified_name.clone(),
        code_verification_status: "VERIFIED",
        display_phone_number: format!("+{}", number.display),
        quality_rating: "GREEN",
        platform_type: "CLOUD_API",
        throughput: reply::Throughput { level: "STANDARD" },
        status: "CONNECTED",
        whatsapp_business_manager_messaging_limit: limit,
        webhook_configuration,
        messaging_limit_tier: limit,
        name_status: "APPROVED",
        new_name_status: "NONE",
        quality_score: reply::QualityScore { score: "GREEN" },
        account_mode: if for_tests { "SANDBOX" } else { "LIVE" },
        is_official_business_account: false,
        is_pin_enabled: false,
        is_on_biz_app: false,
        health_status: health(number, acting.app(), &standing, turn.now),
        id: number.id.clone(),
    })
}

/// The health of a number: what the platform holds against its account keeps it from messages; calls
/// by SIP it has none, for the platform does not speak it: the number says whether that is all that is
/// wrong.
fn health(
    number: &Number,
    app: &AppId,
    standing: &Standing,
    now: Timestamp,
) -> reply::HealthStatus {
    let sip = &number.settings.sip;
    let of_number = if sip.enabled {
        NOT_SPOKEN
    } else {
        SWITCHED_OFF
    };
    let has_server = sip.servers.iter().any(|server| server.app == *app);
    let app_errors = if has_server { vec![] } else { vec![NO_SERVER] };
    let of_account = of_account(&number.waba, standing, now);
    reply::HealthStatus {
        can_send_message: of_account.can_send_message,
        entities: vec![
            reply::HealthOf {
                can_receive_call_sip: Some(BLOCKED),
                errors: vec![of_number],
                ..well("PHONE_NUMBER", number.id.as_str())
            },
            of_account,
            reply::HealthOf {
                can_receive_call_sip: Some(if has_server { AVAILABLE } else { BLOCKED }),
                errors: app_errors,
                ..well("APP", app.as_str())
            },
        ],
    }
}

/// The health of an account, asked by an app.
pub(super) fn account_health(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    app: &AppId,
) -> Result<reply::HealthStatus, Refused> {
    let standing = accounts::standing(turn, waba)?;
    let account = of_account(waba, &standing, turn.now);
    Ok(reply::HealthStatus {
        can_send_message: account.can_send_message,
        entities: vec![account, well("APP", app.as_str())],
    })
}

fn of_account(waba: &WabaId, standing: &Standing, now: Timestamp) -> reply::HealthOf {
    let ails = standing.ails(now);
    let worst = ails.iter().map(|(health, _)| *health).max();
    let error = |(_, ailment): &(Health, Ailment)| match ailment {
        Ailment::Disabled => DISABLED,
        Ailment::NoPayment => NO_PAYMENT,
        Ailment::Restricted => RESTRICTED,
    };
    reply::HealthOf {
        can_send_message: worst.unwrap_or(Health::Available).as_str(),
        errors: ails.iter().map(error).collect(),
        ..well("WABA", waba.as_str())
    }
}

/// Something that nothing ails.
fn well(entity_type: &'static str, id: &str) -> reply::HealthOf {
    reply::HealthOf {
        entity_type,
        id: id.to_owned(),
        can_send_message: AVAILABLE,
        can_receive_call_sip: None,
        errors: vec![],
    }
}

const AVAILABLE: &str = "AVAILABLE";
const BLOCKED: &str = "BLOCKED";

const SWITCHED_OFF: reply::HealthError = reply::HealthError {
    error_code: ErrorCode::SipConfiguration.code(),
    error_description: "SIP is not enabled on this phone number.",
    possible_solution: "Set calling.sip.status to ENABLED, with a server, if calls are to come by SIP.",
};

const NO_SERVER: reply::HealthError = reply::HealthError {
    error_code: ErrorCode::SipConfiguration.code(),
    error_description: "This app has set no SIP server for this phone number.",
    possible_solution: "Send calling.sip.servers with a token of this app.",
};

const NOT_SPOKEN: reply::HealthError = reply::HealthError {
    error_code: ErrorCode::SipServer.code(),
    error_description: "The SIP server cannot be reached: this exchange does not speak SIP yet.",
    possible_solution: "Set calling.sip.status to DISABLED and use the calling API.",
};

/// As the platform's servers say it, seen live; the code is of health alone.
const NO_PAYMENT: reply::HealthError = reply::HealthError {
    error_code: 141_006,
    error_description: "There is an error with the payment method. This will block business initiated conversations.",
    possible_solution: "There was an error with your payment method. Please add a new payment method to the account.",
};

const RESTRICTED: reply::HealthError = reply::HealthError {
    error_code: ErrorCode::TemporarilyBlocked.code(),
    error_description: "The account is restricted for a breach of policy.",
    possible_solution: "Wait until the restriction is over, or appeal in the Business Manager.",
};

const DISABLED: reply::HealthError = reply::HealthError {
    error_code: ErrorCode::AccountLocked.code(),
    error_description: "The account is disabled for a breach of policy.",
    possible_solution: "Appeal in the Business Manager.",
};
