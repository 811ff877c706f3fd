//! The table of error codes, walked: each code is met at the real doors, in each dialect that has it,
//! with its HTTP status and its envelope. The table of ways is a `match` without a wildcard: a code
//! without a way, and a way without a code, do not compile.

mod answers;
mod ended;
mod met;

use futures_util::future::BoxFuture;
use wire::ErrorCode;

use crate::customer::{Answer, BOTH, Dialect};
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
    /// Its cause lies outside of an exchange: a fault is armed.
    Armed,
}

#[tokio::test]
async fn refused_for_their_own_reason() {
    for code in ErrorCode::ALL {
        if let Way::Answer(dialects, story) = way(*code) {
            for dialect in dialects {
                met::answer(*code, *dialect, &story(*dialect).await);
            }
        }
    }
}

#[tokio::test]
async fn told_by_webhook_for_their_own_reason() {
    for code in ErrorCode::ALL {
        if let Way::Webhook(story) = way(*code) {
            for dialect in BOTH {
                met::webhook(*code, &story(*dialect).await);
            }
        }
    }
}

/// Tells of a story: the dialects that have the door, and the function.
macro_rules! answer {
    ($dialects:expr, $story:path) => {
        Way::Answer($dialects, |dialect| Box::pin($story(dialect)))
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
        Code::CallbackVerificationFailed => answer!(GRAPH, answers::a_dead_callback),
        Code::UnknownPath => answer!(BOTH, answers::no_such_path),
        Code::ServiceUnavailable => answer!(BOTH, answers::shut_down),
        Code::CallingNotEnabled => answer!(BOTH, answers::calling_off),
        Code::ReceiverUncallable => answer!(BOTH, answers::nobodys_number),
        Code::ConcurrentCallsLimit => answer!(BOTH, answers::one_call_too_many),
        Code::DuplicateCall => answer!(BOTH, answers::twice_at_once),
        Code::CallRateLimit => answer!(BOTH, answers::one_attempt_too_many),
        Code::NoCallPermission => answer!(BOTH, answers::nothing_allowed),
        Code::SdpValidation => answer!(BOTH, answers::a_bad_description),
        Code::ConnectionError => webhook!(ended::platform_restarted),
        Code::ConnectTimeout => webhook!(ended::business_never_up),
        Code::ClientSetUpFailed => webhook!(ended::user_failed),
        Code::ClientRelayUnreachable => webhook!(ended::user_never_up),
        Code::NoBusinessMedia => webhook!(ended::business_silent),
        Code::NoUserMedia => webhook!(ended::user_lost),
        Code::AuthException
        | Code::ApiMethod
        | Code::AppRateLimit
        | Code::PermissionDenied
        | Code::ApiPermission
        | Code::TemporarilyBlocked
        | Code::TooManyPermissionReads
        | Code::WabaRateLimit
        | Code::ThroughputReached
        | Code::UserInExperiment
        | Code::CountryRestricted
        | Code::SomethingWentWrong
        | Code::AccessDenied
        | Code::RequiredParameterMissing
        | Code::ParameterValueInvalid
        | Code::RecipientIsSender
        | Code::Undeliverable
        | Code::RecipientNotAllowed
        | Code::AccountLocked
        | Code::DisplayNameNotApproved
        | Code::PaymentIssue
        | Code::CallPaymentIssue
        | Code::IncorrectCertificate
        | Code::ReEngagement
        | Code::SpamRateLimit
        | Code::HealthyEcosystem
        | Code::UserStoppedMarketing
        | Code::UnsupportedMessageType
        | Code::SipNumber
        | Code::PairRateLimit
        | Code::AccountInMaintenance
        | Code::BsuidNotSupported
        | Code::MarketingDisabled
        | Code::MessagingLimitReached
        | Code::TemplateParamCount
        | Code::TemplateMissing
        | Code::TemplateTextTooLong
        | Code::TemplatePolicy
        | Code::TemplateParamValue
        | Code::TemplateParamFormat
        | Code::TemplatePaused
        | Code::TemplateDisabled
        | Code::TemplateParameterText
        | Code::FlowBlocked
        | Code::FlowThrottled
        | Code::NumberNotRegistered
        | Code::GenericMessageError
        | Code::PermissionRequestLimit
        | Code::CallsPerPermissionLimit
        | Code::PermissionRequestNotSent
        | Code::BusinessCallsLimit
        | Code::BusinessCallsUnavailable
        | Code::CallingRestricted
        | Code::CallingCannotBeEnabled
        | Code::PermanentPermissionExists
        | Code::CallingPrerequisites
        | Code::NoMediaSignals
        | Code::SipConfiguration
        | Code::SipServer => Way::Armed,
    }
}

/// 360dialog's dialect has no such door.
const GRAPH: &[Dialect] = &[Dialect::Graph];
