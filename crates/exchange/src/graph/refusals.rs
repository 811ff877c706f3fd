//! The desk's refusals in the words of the API: each gets its code and says what to do.

use rules::{account, admission, consent, outbound, reach};
use types::{AppId, ParseError, PhoneNumberId, Preset, WabaId};
use wire::{ApiError, ErrorCode, Situation};

use crate::desk::{DeskError, Refused};
use crate::media_control::LegFault;

/// A refusal of the desk as the client is to read it.
///
/// Meta documents no codes for calls that are unknown, over or not in the right state; 100 with
/// details is its catch-all.
pub(crate) fn refused(why: &Refused) -> ApiError {
    let details = why.to_string();
    match why {
        Refused::UnknownNumber | Refused::UnknownWaba | Refused::UnknownApp => {
            ApiError::no_such_object(format!("{details} Check the id in the path."))
        }
        Refused::UnknownCall => ApiError::parameter(format!(
            "{details} Send calls[].id as the connect webhook or the answer to connect gave it."
        )),
        Refused::WrongToken | Refused::WrongKey | Refused::WrongPhoneToken => {
            ApiError::new(ErrorCode::InvalidAccessToken, details)
        }
        Refused::AppToken => ApiError::new(ErrorCode::ApiPermission, details),
        Refused::UnknownUser => ApiError::new(ErrorCode::ReceiverUncallable, details),
        Refused::Admission(admission) => ApiError::new(admission_code(admission), details),
        Refused::NoCall { why, chosen_code } => {
            let code = no_call_code(why, *chosen_code);
            titled(situation_of_call(why), code, details)
        }
        Refused::NoRequest { why, chosen_code } => {
            let code = no_request_code(why, *chosen_code);
            titled(situation_of_request(why), code, details)
        }
        Refused::TooManyReads(_) => ApiError::new(ErrorCode::TooManyPermissionReads, details),
        Refused::Desk(desk) => ApiError::new(
            match desk {
                DeskError::Busy | DeskError::Stopped => ErrorCode::ServiceUnavailable,
                DeskError::NotSaved { .. } => ErrorCode::SomethingWentWrong,
            },
            details,
        ),
        Refused::Account(barred) => ApiError::new(account_code(*barred), details),
        Refused::SipNumber => ApiError::new(ErrorCode::SipNumber, details),
        Refused::Template(why) => why.api_error(),
        Refused::Call(_) => ApiError::parameter(details),
        // What only the control API and phones can meet.
        _ => ApiError::parameter(details),
    }
}

/// The code of a call that may not be placed: the one that the preset chooses, or that of the table.
pub(crate) fn no_call_code(why: &outbound::NoCall, chosen: Option<u32>) -> ErrorCode {
    chosen
        .and_then(ErrorCode::from_code)
        .unwrap_or_else(|| match why {
            outbound::NoCall::Admission(refusal) => admission_code(refusal),
            outbound::NoCall::Reach(refusal) => reach_code(refusal),
            outbound::NoCall::Consent(refusal) => match refusal {
                consent::NoCall::NoPermission(_) => ErrorCode::NoCallPermission,
                consent::NoCall::PermissionUsedUp { .. } => ErrorCode::CallsPerPermissionLimit,
                consent::NoCall::TooManyConnected { .. } => ErrorCode::BusinessCallsLimit,
            },
        })
}

/// The code of a call permission request that may not be sent.
pub(crate) fn no_request_code(why: &outbound::NoRequest, chosen: Option<u32>) -> ErrorCode {
    chosen
        .and_then(ErrorCode::from_code)
        .unwrap_or_else(|| match why {
            outbound::NoRequest::Admission(refusal) => admission_code(refusal),
            outbound::NoRequest::Reach(refusal) => reach_code(refusal),
            outbound::NoRequest::Consent(refusal) => match refusal {
                consent::NoRequest::Permanent => ErrorCode::PermanentPermissionExists,
                consent::NoRequest::WindowClosed => ErrorCode::PermissionRequestNotSent,
                consent::NoRequest::TooMany { .. } => ErrorCode::PermissionRequestLimit,
            },
        })
}

/// What a call that may not be placed is an instance of, where sources disagree on the code.
const fn situation_of_call(why: &outbound::NoCall) -> Option<Situation> {
    match why {
        outbound::NoCall::Reach(reach::Refusal::Restricted(_)) => Some(Situation::Restricted),
        outbound::NoCall::Consent(consent::NoCall::NoPermission(lack)) if lack.ran_out() => {
            Some(Situation::PermissionLapsed)
        }
        outbound::NoCall::Consent(consent::NoCall::PermissionUsedUp { .. }) => {
            Some(Situation::CallsPerPermission)
        }
        outbound::NoCall::Admission(_)
        | outbound::NoCall::Reach(_)
        | outbound::NoCall::Consent(_) => None,
    }
}

/// What a request that may not be sent is an instance of, where sources disagree on the code.
const fn situation_of_request(why: &outbound::NoRequest) -> Option<Situation> {
    match why {
        outbound::NoRequest::Reach(reach::Refusal::Restricted(_)) => Some(Situation::Restricted),
        outbound::NoRequest::Consent(consent::NoRequest::WindowClosed) => {
            Some(Situation::RequestOutsideWindow)
        }
        outbound::NoRequest::Consent(consent::NoRequest::TooMany { .. }) => {
            Some(Situation::TooManyRequests)
        }
        outbound::NoRequest::Admission(_)
        | outbound::NoRequest::Reach(_)
        | outbound::NoRequest::Consent(_) => None,
    }
}

fn titled(situation: Option<Situation>, code: ErrorCode, details: String) -> ApiError {
    match situation {
        Some(situation) => ApiError::titled(situation, code, details),
        None => ApiError::new(code, details),
    }
}

/// Meta's pages give both codes to restricted and to disabled accounts; "temporarily blocked" fits the
/// first, "locked" the second.
pub(super) const fn account_code(barred: account::Barred) -> ErrorCode {
    match barred {
        account::Barred::Disabled => ErrorCode::AccountLocked,
        account::Barred::BusinessInitiated { .. } | account::Barred::CustomerInitiated { .. } => {
            ErrorCode::TemporarilyBlocked
        }
        account::Barred::NothingToPayWith => ErrorCode::CallPaymentIssue,
    }
}

const fn admission_code(refusal: &admission::Refusal) -> ErrorCode {
    match refusal {
        admission::Refusal::CallingDisabled => ErrorCode::CallingNotEnabled,
        admission::Refusal::AlreadyInCall => ErrorCode::DuplicateCall,
        admission::Refusal::TooManyCalls { .. } => ErrorCode::ConcurrentCallsLimit,
        admission::Refusal::TooManyAttempts { .. } => ErrorCode::CallRateLimit,
    }
}

const fn reach_code(refusal: &reach::Refusal) -> ErrorCode {
    match refusal {
        reach::Refusal::NotOnAllowList => ErrorCode::RecipientNotAllowed,
        reach::Refusal::CountryExcluded { .. } => ErrorCode::BusinessCallsUnavailable,
        reach::Refusal::Restricted(_) => ErrorCode::CallingRestricted,
        reach::Refusal::Uncallable => ErrorCode::ReceiverUncallable,
    }
}

/// A refusal of a message as the client is to read it.
pub(crate) fn message_refused(why: &Refused) -> ApiError {
    let code = match why {
        // Nobody has this business-scoped id: there is nothing that could fail later.
        Refused::UnknownUser => ErrorCode::Undeliverable,
        Refused::RecipientIsSender => ErrorCode::RecipientIsSender,
        Refused::TooManyMessages(_) => ErrorCode::ThroughputReached,
        Refused::BsuidNotSupported => ErrorCode::BsuidNotSupported,
        Refused::TooManyToUser(_) => ErrorCode::PairRateLimit,
        Refused::Reach(reach) => reach_code(reach),
        Refused::UnknownMessage | Refused::NoButtonsFrom { .. } => ErrorCode::ParameterValueInvalid,
        _ => return refused(why),
    };
    ApiError::new(code, why.to_string())
}

/// A leg that media would not make.
pub(crate) fn leg_refused(fault: &LegFault, preset: &Preset) -> ApiError {
    match fault {
        LegFault::Sdp(_) => ApiError::chosen(Situation::SdpFault, preset, fault.to_string()),
        LegFault::NoRoom => ApiError::new(ErrorCode::ServiceUnavailable, fault.to_string()),
    }
}

/// The phone number id of a path.
pub(super) fn number_id(text: &str) -> Result<PhoneNumberId, ApiError> {
    text.parse().map_err(|error| no_id(&error))
}

/// The account's id of a path.
pub(super) fn waba_id(text: &str) -> Result<WabaId, ApiError> {
    text.parse().map_err(|error| no_id(&error))
}

/// The app's id of a path.
pub(super) fn app_id(text: &str) -> Result<AppId, ApiError> {
    text.parse().map_err(|error| no_id(&error))
}

/// The id of `GET /{id}` is that of nothing.
pub(super) fn nothing_there() -> ApiError {
    ApiError::no_such_object(
        "No business number, account, template or app with this id can be seen with this token. \
         Check the id in the path.",
    )
}

fn no_id(error: &ParseError) -> ApiError {
    ApiError::no_such_object(format!("The id in the path is {error}."))
}
