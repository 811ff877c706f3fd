//! A business number as Graph shows it to the app that asks.

use store::numbers::Number;
use store::subscriptions::Scope;
use types::AppId;
use wire::{ErrorCode, reply};

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
        health_status: health(number, acting.app()),
        id: number.id.clone(),
    })
}

/// Messages go through in any case. Calls by SIP do not, for the platform does not speak it: the
/// number says whether that is all that is wrong.
fn health(number: &Number, app: &AppId) -> reply::HealthStatus {
    let sip = &number.settings.sip;
    let of_number = if sip.enabled {
        NOT_SPOKEN
    } else {
        SWITCHED_OFF
    };
    let has_server = sip.servers.iter().any(|server| server.app == *app);
    let app_errors = if has_server { vec![] } else { vec![NO_SERVER] };
    let plain = |entity_type, id: &str| reply::HealthOf {
        entity_type,
        id: id.to_owned(),
        can_send_message: AVAILABLE,
        can_receive_call_sip: None,
        errors: vec![],
    };
    reply::HealthStatus {
        can_send_message: AVAILABLE,
        entities: vec![
            reply::HealthOf {
                can_receive_call_sip: Some(BLOCKED),
                errors: vec![of_number],
                ..plain("PHONE_NUMBER", number.id.as_str())
            },
            plain("WABA", number.waba.as_str()),
            reply::HealthOf {
                can_receive_call_sip: Some(if has_server { AVAILABLE } else { BLOCKED }),
                errors: app_errors,
                ..plain("APP", app.as_str())
            },
        ],
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
