//! What a business is told of messages: what became of its own, and what users write.

use rules::message::{Failure, Status};
use store::messages::MessageRow;
use store::numbers::Number;
use store::users::User;
use types::MessageId;
use wire::ErrorCode;
use wire::webhook::{CallFault, MESSAGES, MessageStatus, MessageStatusEvent, UserText};

use super::publish::{About, publish, shape};
use super::{contact, line};
use crate::desk::messages::pricing_of;
use crate::desk::{Refused, Turn};

/// Tells the business what has become of its message.
pub(crate) fn status(
    turn: &mut Turn<'_>,
    number: &Number,
    row: &MessageRow,
    status: Status,
) -> Result<(), Refused> {
    let user = store::users::find(turn.tx, &row.wa_id)?;
    let event = MessageStatusEvent {
        line: line(number),
        recipient: row.wa_id.clone(),
        user: user.map(contact),
        message: row.id.clone(),
        at: turn.now,
        status: on_the_wire(status),
        pricing: match status {
            Status::Sent | Status::Delivered => pricing_of(row),
            Status::Read | Status::Failed(_) => None,
        },
        callback_data: row.callback_data.clone(),
    };
    let about = about(number, &row.id, status.as_str());
    publish(turn, about, |subscriber| {
        Some(event.to_bytes(shape(subscriber)))
    })
}

/// Tells the business what a user has written.
pub(crate) fn user_text(
    turn: &mut Turn<'_>,
    number: &Number,
    user: User,
    row: &MessageRow,
    body: String,
) -> Result<(), Refused> {
    let event = UserText {
        line: line(number),
        user: contact(user),
        message: row.id.clone(),
        at: turn.now,
        body,
        reply_to: row.reply_to.clone(),
    };
    let bytes = event.to_bytes();
    publish(turn, about(number, &row.id, "text"), |_| {
        Some(bytes.clone())
    })
}

fn about<'a>(number: &'a Number, message: &'a MessageId, event: &'a str) -> About<'a> {
    About {
        number,
        call: None,
        message: Some(message),
        field: MESSAGES,
        event,
    }
}

fn on_the_wire(status: Status) -> MessageStatus {
    match status {
        Status::Sent => MessageStatus::Sent,
        Status::Delivered => MessageStatus::Delivered,
        Status::Read => MessageStatus::Read,
        Status::Failed(failure) => MessageStatus::Failed(CallFault {
            code: code(failure),
            details: failure.to_string(),
        }),
    }
}

/// The code of a message that failed.
pub(crate) const fn code(failure: Failure) -> ErrorCode {
    match failure {
        Failure::WindowClosed => ErrorCode::ReEngagement,
        Failure::NotOnWhatsApp
        | Failure::OutdatedClient
        | Failure::TermsNotAccepted
        | Failure::Undeliverable => ErrorCode::Undeliverable,
        Failure::PaymentIssue => ErrorCode::PaymentIssue,
        Failure::PolicyBlock => ErrorCode::TemporarilyBlocked,
        Failure::Throughput => ErrorCode::ThroughputReached,
        Failure::Experiment => ErrorCode::UserInExperiment,
        Failure::CountryRestricted => ErrorCode::CountryRestricted,
        Failure::SomethingWentWrong => ErrorCode::SomethingWentWrong,
        Failure::AccessDenied => ErrorCode::AccessDenied,
        Failure::ServiceUnavailable => ErrorCode::ServiceUnavailable,
        Failure::AccountLocked => ErrorCode::AccountLocked,
        Failure::NameNotApproved => ErrorCode::DisplayNameNotApproved,
        Failure::Registration => ErrorCode::IncorrectCertificate,
        Failure::SpamLimit => ErrorCode::SpamRateLimit,
        Failure::Ecosystem => ErrorCode::HealthyEcosystem,
        Failure::StoppedMarketing => ErrorCode::UserStoppedMarketing,
        Failure::MediaUpload => ErrorCode::MediaUpload,
        Failure::PairLimit => ErrorCode::PairRateLimit,
        Failure::Maintenance => ErrorCode::AccountInMaintenance,
        Failure::MarketingDisabled => ErrorCode::MarketingDisabled,
        Failure::MessagingLimit => ErrorCode::MessagingLimitReached,
        Failure::NotRegistered => ErrorCode::NumberNotRegistered,
        Failure::GenericError => ErrorCode::GenericMessageError,
    }
}
