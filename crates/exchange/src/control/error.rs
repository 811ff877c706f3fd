//! What the control API answers when it does not do what was asked: one table, one shape.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rules::consent;
use serde::Serialize;
use utoipa::ToSchema;

use self::ControlErrorCode as Code;
use crate::desk::templates::TemplateRefused;
use crate::desk::{DeskError, Refused};

/// A refusal of the control API, said so that its reader knows what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ControlError {
    code: ControlErrorCode,
    message: String,
}

/// Why the control API refused, for programs. The HTTP status follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ControlErrorCode {
    /// The body is not JSON.
    BadJson,
    /// The body is JSON, but a key is unknown, missing, or has a value that does not fit.
    BadBody,
    /// A parameter of the query is unknown or has a value that does not fit.
    BadQuery,
    /// The path names something that cannot exist, such as a number with letters in it.
    BadPath,
    /// The body is longer than any request may be.
    BodyTooLarge,
    /// A page from another origin sent the request.
    ForeignOrigin,
    /// There is no such path.
    UnknownPath,
    /// The path is there, but not for this method.
    MethodNotAllowed,
    /// There is no such user.
    UnknownUser,
    /// There is no such business number.
    UnknownNumber,
    /// There is no such app.
    UnknownApp,
    /// There is no such account.
    UnknownWaba,
    /// There is no such call.
    UnknownCall,
    /// There is no such message.
    UnknownMessage,
    /// The message has no button that calls the business.
    NoButton,
    /// The message's button no longer works.
    ButtonExpired,
    /// The message has failed or was dropped: no phone has it.
    MessageNotThere,
    /// There is no such delivery.
    UnknownDelivery,
    /// There is no such subscription.
    UnknownSubscription,
    /// There is no such call permission request, or it is over.
    UnknownRequest,
    /// There is no such message template.
    UnknownTemplate,
    /// The template stands so that this cannot happen to it.
    TemplateNotReady,
    /// There is no such armed fault.
    UnknownFault,
    /// There is no such scripted phone.
    UnknownPhone,
    /// Another user has this wa_id or BSUID.
    UserExists,
    /// The document of all records does not fit.
    BadState,
    /// The user has a call; it has to end first.
    UserInCall,
    /// The call is over.
    CallOver,
    /// The ledger of consent has no room for that: it is over, or says so already.
    ConsentUnchanged,
    /// The number has as many recipients as it may have.
    TooManyRecipients,
    /// The scripted phone cannot do that now.
    PhoneNotReady,
    /// There are as many scripted phones as there may be.
    TooManyPhones,
    /// There are as many armed faults as there may be.
    TooManyFaults,
    /// The exchange has too much to do just now.
    Busy,
    /// The exchange failed; its log says more.
    Internal,
}

impl ControlErrorCode {
    const fn status(self) -> StatusCode {
        match self {
            Self::BadJson | Self::BadBody | Self::BadQuery | Self::BadPath | Self::BadState => {
                StatusCode::BAD_REQUEST
            }
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::UnknownPath
            | Self::UnknownUser
            | Self::UnknownNumber
            | Self::UnknownApp
            | Self::UnknownWaba
            | Self::UnknownCall
            | Self::UnknownMessage
            | Self::UnknownDelivery
            | Self::UnknownSubscription
            | Self::UnknownRequest
            | Self::UnknownTemplate
            | Self::UnknownFault
            | Self::UnknownPhone => StatusCode::NOT_FOUND,
            Self::UserExists
            | Self::UserInCall
            | Self::CallOver
            | Self::ConsentUnchanged
            | Self::TooManyRecipients
            | Self::TemplateNotReady
            | Self::PhoneNotReady
            | Self::NoButton
            | Self::ButtonExpired
            | Self::MessageNotThere => StatusCode::CONFLICT,
            Self::TooManyPhones | Self::TooManyFaults => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl ControlError {
    pub(crate) fn new(code: ControlErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl From<Refused> for ControlError {
    fn from(refused: Refused) -> Self {
        if let Refused::Template(why) = &refused {
            return Self::from(&**why);
        }
        if let Some((code, message)) = not_there(&refused) {
            return Self::new(code, message);
        }
        if let Some(code) = of_its_own_words(&refused) {
            return Self::new(code, refused.to_string());
        }
        let (code, message) = match &refused {
            Refused::TooManyFaults => (
                Code::TooManyFaults,
                "As many faults are armed as may be. DELETE /faults/{id} disarms one, DELETE /faults all.",
            ),
            Refused::Misfit(misfit) => {
                return Self::new(Code::BadBody, misfit.to_string());
            }
            Refused::UserExists => (Code::UserExists, "Another user has this wa_id or BSUID."),
            Refused::UserInCall => (
                Code::UserInCall,
                "The user has a call. POST /calls/{id}/hangup ends it; then try again.",
            ),
            Refused::Call(rules::call::Refusal::Ended { .. }) => {
                (Code::CallOver, "The call is over.")
            }
            Refused::Desk(DeskError::Busy) => (
                Code::Busy,
                "The exchange has too much to do. Try again in a second.",
            ),
            Refused::Desk(DeskError::Stopped) => (
                Code::Busy,
                "The exchange shuts down. Try again when it is back.",
            ),
            _ => {
                tracing::error!(%refused, "the control API cannot say why it was refused");
                (Code::Internal, "The exchange failed. Its log says more.")
            }
        };
        Self::new(code, message)
    }
}

/// What the path or the body named and what is not there.
const fn not_there(refused: &Refused) -> Option<(Code, &'static str)> {
    match refused {
        Refused::UnknownUser => Some((
            Code::UnknownUser,
            "There is no such user. GET /users lists them, POST /users makes one.",
        )),
        Refused::UnknownNumber => Some((
            Code::UnknownNumber,
            "There is no such business number. GET /numbers lists them.",
        )),
        Refused::UnknownWaba => Some((
            Code::UnknownWaba,
            "There is no such account. The configuration makes them; GET /wabas lists them.",
        )),
        Refused::UnknownApp => Some((
            Code::UnknownApp,
            "There is no such app. The configuration makes them.",
        )),
        Refused::UnknownCall => Some((
            Code::UnknownCall,
            "There is no such call. GET /calls lists them; the oldest are forgotten.",
        )),
        Refused::UnknownMessage => Some((
            Code::UnknownMessage,
            "There is no such message between the two. GET /messages lists them; the oldest are forgotten.",
        )),
        Refused::UnknownDelivery => Some((
            Code::UnknownDelivery,
            "There is no such delivery. GET /deliveries lists them; the oldest are forgotten.",
        )),
        Refused::UnknownSubscription => Some((
            Code::UnknownSubscription,
            "There is no such subscription. GET /subscriptions lists them.",
        )),
        Refused::UnknownFault => Some((
            Code::UnknownFault,
            "There is no such armed fault. GET /faults lists them.",
        )),
        _ => None,
    }
}

/// The code of a refusal whose own sentence is for this reader as well.
const fn of_its_own_words(refused: &Refused) -> Option<Code> {
    match refused {
        Refused::Consent(consent::Refusal::NoSuchRequest) => Some(Code::UnknownRequest),
        Refused::Consent(_) => Some(Code::ConsentUnchanged),
        Refused::AllowListFull { .. } => Some(Code::TooManyRecipients),
        Refused::BadState(_) => Some(Code::BadState),
        Refused::Settings(_) => Some(Code::BadBody),
        Refused::BadText => Some(Code::BadBody),
        Refused::NoButton => Some(Code::NoButton),
        Refused::ButtonExpired { .. } => Some(Code::ButtonExpired),
        Refused::Message(_) => Some(Code::MessageNotThere),
        _ => None,
    }
}

impl From<&TemplateRefused> for ControlError {
    fn from(refused: &TemplateRefused) -> Self {
        match refused {
            TemplateRefused::Unknown => Self::new(
                Code::UnknownTemplate,
                "There is no such template. GET /templates lists them.",
            ),
            _ => Self::new(Code::TemplateNotReady, refused.to_string()),
        }
    }
}

impl From<DeskError> for ControlError {
    fn from(error: DeskError) -> Self {
        Refused::Desk(error).into()
    }
}

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    error: ErrorDetail,
}

/// What was wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "unknown_user",
    "message": "There is no user 4915112345678. GET /users lists them, POST /users makes one."
}))]
pub(crate) struct ErrorDetail {
    /// For programs.
    code: ControlErrorCode,
    /// For people: what was wrong and what to do.
    message: String,
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let error = ErrorDetail {
            code: self.code,
            message: self.message,
        };
        (status, Json(ErrorBody { error })).into_response()
    }
}
