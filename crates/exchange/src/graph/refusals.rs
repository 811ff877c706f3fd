//! The desk's refusals in the words of the API: each gets its code and says what to do.

use rules::admission;
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
        Refused::UnknownUser => ApiError::new(ErrorCode::ReceiverUncallable, details),
        Refused::NoPermission(_) => ApiError::new(ErrorCode::NoCallPermission, details),
        Refused::Admission(admission) => ApiError::new(
            match admission {
                admission::Refusal::CallingDisabled => ErrorCode::CallingNotEnabled,
                admission::Refusal::AlreadyInCall => ErrorCode::DuplicateCall,
                admission::Refusal::TooManyCalls { .. } => ErrorCode::ConcurrentCallsLimit,
                admission::Refusal::TooManyAttempts { .. } => ErrorCode::CallRateLimit,
            },
            details,
        ),
        Refused::Desk(desk) => ApiError::new(
            match desk {
                DeskError::Busy | DeskError::Stopped => ErrorCode::ServiceUnavailable,
                DeskError::NotSaved { .. } => ErrorCode::SomethingWentWrong,
            },
            details,
        ),
        Refused::Call(_) => ApiError::parameter(details),
        // What only the control API and phones can meet.
        _ => ApiError::parameter(details),
    }
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

fn no_id(error: &ParseError) -> ApiError {
    ApiError::no_such_object(format!("The id in the path is {error}."))
}
