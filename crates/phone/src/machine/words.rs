//! What a phone is told, what it wants done, and what it refuses.

use media::dtmf::Digits;
use types::{CallId, MessageId, PhoneNumberId};

use crate::line::{FromPhone, PermissionAnswer, PermissionHeld, ToPhone};
use crate::script::Speech;
use crate::story::Happening;

/// What can happen to a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The exchange says something. Its `welcome` means that the line is up.
    Message(ToPhone),
    /// The line is down.
    LineDown {
        /// Why, as a sentence without its full stop.
        why: String,
    },
    /// The phone's user does something.
    Order(Order),
    /// [`Output::MakeOffer`] was done.
    OfferMade {
        /// The offer.
        sdp: String,
    },
    /// [`Output::MakeAnswer`] was done.
    AnswerMade {
        /// The answer.
        sdp: String,
    },
    /// Something about the call's media.
    Media(MediaInput),
    /// The moment named by [`Machine::poll_timeout`](super::Machine::poll_timeout) has come.
    Timeout,
}

/// What can happen to a call's media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaInput {
    /// It is connected.
    Up,
    /// It could not be made or broke down; there is none any more.
    Failed {
        /// Why, as a sentence without its full stop.
        why: String,
    },
    /// The first audio of the other side.
    HearsAudio,
    /// The other side pressed a key.
    Digit(char),
    /// A file that was being said is over.
    ClipEnded,
    /// All pressed keys were sent.
    DigitsSent,
}

/// What a phone's user can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Call a business.
    Dial {
        /// Its number or its phone number id.
        to: String,
        /// The payload of the deep link that was followed, if one was.
        deep_link_payload: Option<String>,
    },
    /// Take the call that rings.
    Answer,
    /// Decline the call that rings.
    Reject,
    /// End the call, or give up dialling.
    HangUp,
    /// Press keys in the call.
    Press(Digits),
    /// Say something in the call.
    Say(Speech),
    /// Do something about a chat.
    Chat(ChatOrder),
}

/// What a phone's user can do about a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatOrder {
    /// Write to a business.
    Write {
        /// Its number or its phone number id.
        to: String,
        /// The text.
        body: String,
    },
    /// Read a message.
    Read {
        /// Which; the latest that is unread where it is not named.
        message: Option<MessageId>,
    },
    /// Answer a call permission request, or change the answer.
    AnswerPermission {
        /// Which; the latest that can be answered where it is not named.
        message: Option<MessageId>,
        /// What to say.
        answer: PermissionAnswer,
    },
    /// Say in a business's profile what it may do.
    SetPermission {
        /// The business number.
        phone_number_id: PhoneNumberId,
        /// What it may do from now on.
        permission: PermissionHeld,
    },
    /// Press the latest call button.
    PressButton,
}

/// What the driver has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Say this on the line.
    Send(FromPhone),
    /// Make media for a call and an offer for it; then [`Input::OfferMade`] or
    /// [`MediaInput::Failed`].
    MakeOffer,
    /// Make media for a call and an answer to this offer; then [`Input::AnswerMade`] or
    /// [`MediaInput::Failed`].
    MakeAnswer {
        /// The exchange's offer.
        offer: String,
    },
    /// Give the media the exchange's answer.
    ApplyAnswer {
        /// The exchange's answer.
        sdp: String,
    },
    /// Say this from now on.
    Say(Speech),
    /// Press these keys.
    Press(Digits),
    /// Take the call's media down; nothing is heard of it any more.
    CloseMedia,
    /// Write into the story.
    Tell(Happening),
    /// The phone has had all its calls: leave the line.
    Leave,
}

/// Why an order cannot be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no line to the exchange.
    #[error("the phone is offline: it can do nothing before its line to the exchange is up")]
    Offline,
    /// There is a call already.
    #[error("the phone is in a call: hang up first")]
    Busy,
    /// No call rings.
    #[error("nothing rings that could be answered or rejected")]
    NothingRings,
    /// There is no call.
    #[error("there is no call to hang up")]
    NoCall,
    /// Nobody can hear yet, or any more.
    #[error("nobody can hear it: both sides cannot talk now")]
    NotTalking,
    /// No message is unread.
    #[error("no message of a business is unread")]
    NothingUnread,
    /// No call permission request can be answered.
    #[error("no business has asked whether it may call, or its request is over")]
    NothingAsked,
    /// No message had a call button.
    #[error("no message has a call button")]
    NoButton,
}

/// What a phone is doing, in one word, and in which call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doing {
    /// Whether the line is up.
    pub online: bool,
    /// `idle`, `dialling`, `waiting`, `ringing`, `answering`, `talking` or `hanging_up`.
    pub state: &'static str,
    /// The call, once the phone knows its id.
    pub call_id: Option<CallId>,
}
