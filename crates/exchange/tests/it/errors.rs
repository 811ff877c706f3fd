//! The table of error codes, walked: each code is met at the real doors, in each dialect that has it,
//! with its HTTP status and its envelope. The table of ways is a `match` without a wildcard: a code
//! without a way, and a way without a code, do not compile.

mod answers;
mod ended;
pub(crate) mod messages;
mod met;
mod permissions;
mod settings;
mod templates;

use futures_util::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};
use wire::ErrorCode;

use crate::business::ADA;
use crate::customer::{Answer, BOTH, Customer, Dialect};
use ended::Ended;

/// How a code is met.
enum Way {
    /// A request is refused with it, for the reason that the code stands for.
    Answer(
        &'static [Dialect],
        fn(Dialect) -> BoxFuture<'static, Answer>,
    ),
    /// A webhook carries it, for the reason that the code stands for.
    Webhook(fn(Dialect) -> BoxFuture<'static, Ended>),
    /// A message is taken and fails later with it, for the reason that the code stands for.
    Failed(fn(Dialect) -> BoxFuture<'static, Value>),
    /// A number's health, which only Meta's dialect shows, has it.
    Health(fn() -> BoxFuture<'static, Value>),
    /// Its cause lies outside of an exchange, and a message that was taken fails with it: a fault is
    /// armed.
    ArmedLate,
    /// Its cause lies outside of an exchange: a fault is armed.
    Armed,
}

#[tokio::test]
async fn refused_for_their_own_reason() {
    let mut walk = Walk::default();
    for code in ErrorCode::ALL.iter().copied() {
        if let Way::Answer(dialects, story) = way(code) {
            for dialect in dialects.iter().copied() {
                let met = async move { met::answer(code, dialect, &story(dialect).await) };
                walk.to(code, dialect, met).await;
            }
        }
    }
    walk.end();
}

#[tokio::test]
async fn told_by_webhook_for_their_own_reason() {
    let mut walk = Walk::default();
    for code in ErrorCode::ALL.iter().copied() {
        for dialect in BOTH.iter().copied() {
            if let Way::Webhook(story) = way(code) {
                let met = async move { met::webhook(code, &story(dialect).await) };
                walk.to(code, dialect, met).await;
            }
        }
    }
    walk.end();
}

#[tokio::test]
async fn told_by_a_failed_status_for_their_own_reason() {
    let mut walk = Walk::default();
    for code in ErrorCode::ALL.iter().copied() {
        for dialect in BOTH.iter().copied() {
            if let Way::Failed(story) = way(code) {
                let met = async move { met::failed(code, &story(dialect).await) };
                walk.to(code, dialect, met).await;
            }
        }
    }
    walk.end();
}

#[tokio::test]
async fn shown_by_the_health_of_a_number() {
    let mut walk = Walk::default();
    for code in ErrorCode::ALL.iter().copied() {
        if let Way::Health(story) = way(code) {
            let met = async move { met::ailing(code, &story().await) };
            walk.to(code, Dialect::Graph, met).await;
        }
    }
    walk.end();
}

/// A walk through the table, which goes on when a code is not met, and fails at its end.
#[derive(Default)]
struct Walk {
    walked: usize,
    not_met: Vec<String>,
}

impl Walk {
    async fn to(
        &mut self,
        code: ErrorCode,
        dialect: Dialect,
        met: impl Future<Output = ()> + Send + 'static,
    ) {
        self.walked += 1;
        if tokio::spawn(met).await.is_err() {
            self.not_met.push(format!("{code} in {dialect:?}"));
        }
    }

    #[track_caller]
    fn end(self) {
        assert!(self.walked > 0, "the table has no such way");
        assert!(self.not_met.is_empty(), "not met: {:?}", self.not_met);
    }
}

/// Messages fail later with those codes whose cause lies outside, and with a few that have a cause
/// inside as well; no other code can be armed so.
#[tokio::test]
async fn told_by_a_failed_status_because_a_fault_is_armed() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        customer.makes_media_template().await;
        for code in ErrorCode::ALL {
            let late = matches!(way(*code), Way::ArmedLate) || ALSO_LATE.contains(code);
            let fault = json!({"kind": "fail_message", "code": code.code(), "times": {"next": 1}});
            let business = &customer.business;
            let (status, answer) = business.ask_control(Method::POST, "/faults", &fault).await;
            assert_eq!(status, if late { 201 } else { 400 }, "{code}: {answer}");
            if late {
                met::failed(*code, &customer.fails().await);
            }
        }
    }
}

/// Any code can be armed: those whose cause lies outside have no other way.
#[tokio::test]
async fn refused_because_a_fault_is_armed() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        for code in ErrorCode::ALL {
            let fault = json!({"kind": "refuse_api", "code": code.code(), "times": {"next": 1}});
            let business = &customer.business;
            business.control(Method::POST, "/faults", fault).await;
            met::answer(*code, *dialect, &customer.connect(ADA).await);
        }
        assert_eq!(customer.connect(ADA).await.status, 200, "all are spent");
    }
}

/// Tells of a story: the dialects that have the door, and the function.
macro_rules! answer {
    ($dialects:expr, $story:path) => {
        Way::Answer($dialects, |dialect| Box::pin($story(dialect)))
    };
}

macro_rules! failed {
    ($story:path) => {
        Way::Failed(|dialect| Box::pin($story(dialect)))
    };
}

macro_rules! webhook {
    ($story:path) => {
        Way::Webhook(|dialect| Box::pin($story(dialect)))
    };
}

const fn way(code: ErrorCode) -> Way {
    use ErrorCode as Code;

    match code {
        Code::InvalidParameter => answer!(BOTH, answers::no_session),
        Code::InvalidAccessToken => answer!(BOTH, answers::no_credentials),
        Code::TooManyPermissionReads => answer!(BOTH, permissions::read_too_often),
        Code::CallbackVerificationFailed => answer!(GRAPH, answers::a_dead_callback),
        Code::UnknownPath => answer!(BOTH, answers::no_such_path),
        Code::ServiceUnavailable => answer!(BOTH, answers::shut_down),

        Code::ThroughputReached => answer!(BOTH, messages::many_at_once),
        Code::RequiredParameterMissing => answer!(BOTH, messages::no_text),
        Code::ParameterValueInvalid => {
            answer!(BOTH, messages::a_button_from_a_country_that_may_not)
        }
        Code::RecipientIsSender => answer!(BOTH, messages::to_itself),
        Code::Undeliverable => failed!(messages::an_old_client),
        Code::RecipientNotAllowed => answer!(BOTH, messages::not_on_the_list),
        Code::ReEngagement => failed!(messages::no_window),
        Code::UnsupportedMessageType => answer!(BOTH, messages::a_sticker),
        Code::PairRateLimit => answer!(BOTH, messages::many_to_one),
        Code::TemplateParamCount => answer!(BOTH, templates::one_parameter_of_two),
        Code::TemplateMissing => answer!(BOTH, templates::never_created),
        Code::TemplateTextTooLong => answer!(BOTH, templates::far_too_long),
        Code::TemplatePolicy => answer!(BOTH, templates::with_a_line_break_by_the_list),
        Code::TemplateParamValue => answer!(BOTH, templates::a_blank_parameter),
        Code::TemplateParamFormat => answer!(BOTH, templates::a_button_that_is_not_there),
        Code::TemplatePaused => answer!(BOTH, templates::paused),
        Code::TemplateDisabled => answer!(BOTH, templates::disabled),
        Code::TemplateParameterText => answer!(BOTH, templates::with_a_line_break),

        Code::TemplateRateLimit => answer!(BOTH, templates::one_too_many_in_an_hour),

        Code::PaymentIssue => answer!(BOTH, settings::nothing_to_pay_with),
        Code::CallPaymentIssue => webhook!(ended::nothing_to_pay_with),
        Code::TemporarilyBlocked => answer!(BOTH, settings::restricted_account),
        Code::AccountLocked => answer!(BOTH, settings::disabled_account),
        Code::SipNumber => answer!(BOTH, settings::set_up_for_sip),
        Code::CallingNotEnabled => answer!(BOTH, answers::calling_off),
        Code::ReceiverUncallable => answer!(BOTH, answers::nobodys_number),
        Code::ConcurrentCallsLimit => answer!(BOTH, answers::one_call_too_many),
        Code::DuplicateCall => answer!(BOTH, answers::twice_at_once),
        Code::ConnectionError => webhook!(ended::platform_restarted),
        Code::CallRateLimit => answer!(BOTH, answers::one_attempt_too_many),
        Code::NoCallPermission => answer!(BOTH, answers::nothing_allowed),
        Code::ConnectTimeout => webhook!(ended::business_never_up),
        Code::SdpValidation => answer!(BOTH, answers::a_bad_description),
        Code::PermissionRequestLimit => answer!(BOTH, permissions::asked_twice),
        Code::CallsPerPermissionLimit => answer!(BOTH, permissions::run_out),
        Code::PermissionRequestNotSent => answer!(BOTH, permissions::asked_without_a_window),
        Code::BusinessCallsLimit => answer!(BOTH, permissions::one_connected_call_too_many),
        Code::BusinessCallsUnavailable => answer!(BOTH, permissions::a_country_that_may_not),
        Code::CallingRestricted => answer!(BOTH, settings::suspended),
        Code::CallingCannotBeEnabled => answer!(BOTH, settings::too_small),
        Code::PermanentPermissionExists => answer!(BOTH, permissions::allowed_for_ever),
        Code::CallingPrerequisites => answer!(BOTH, settings::nobody_listens),
        Code::ClientSetUpFailed => webhook!(ended::user_failed),
        Code::ClientRelayUnreachable => webhook!(ended::user_never_up),
        Code::NoBusinessMedia => webhook!(ended::business_silent),
        Code::NoUserMedia => webhook!(ended::user_lost),
        Code::NoMediaSignals => webhook!(ended::no_sign_of_media),
        Code::SipConfiguration => Way::Health(|| Box::pin(settings::sip_not_set_up())),
        Code::SipServer => Way::Health(|| Box::pin(settings::sip_not_spoken())),

        // Their causes lie outside of an exchange.
        Code::UserInExperiment
        | Code::CountryRestricted
        | Code::SomethingWentWrong
        | Code::AccessDenied
        | Code::DisplayNameNotApproved
        | Code::IncorrectCertificate
        | Code::SpamRateLimit
        | Code::HealthyEcosystem
        | Code::UserStoppedMarketing
        | Code::MediaUpload
        | Code::AccountInMaintenance
        | Code::MarketingDisabled
        | Code::MessagingLimitReached
        | Code::NumberNotRegistered
        | Code::GenericMessageError => Way::ArmedLate,
        Code::AuthException
        | Code::ApiMethod
        | Code::AppRateLimit
        | Code::PermissionDenied
        | Code::ApiPermission
        | Code::WabaRateLimit
        | Code::BsuidNotSupported
        | Code::FlowBlocked
        | Code::FlowThrottled => Way::Armed,
    }
}

/// Codes with a way of their own that can be armed for messages besides.
const ALSO_LATE: [ErrorCode; 7] = [
    ErrorCode::TemporarilyBlocked,
    ErrorCode::AccountLocked,
    ErrorCode::ThroughputReached,
    ErrorCode::ServiceUnavailable,
    ErrorCode::Undeliverable,
    ErrorCode::PaymentIssue,
    ErrorCode::PairRateLimit,
];

/// 360dialog's dialect has no such door.
const GRAPH: &[Dialect] = &[Dialect::Graph];
