//! Why a message that was taken does not reach its user.

use std::fmt;
use std::str::FromStr;

use types::ParseError;

/// Makes the enum, its words and its sentences from the same lines.
macro_rules! failures {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $sentence:literal;)*) => {
        /// Why a message that was taken does not reach its user. `Display` says what was wrong and
        /// what to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Failure {
            $($(#[$doc])* $name,)*
        }

        impl Failure {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// A few lower-case words joined by `_`, for rows and screens; never changed.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$name => $sentence,)*
                }
            }
        }
    };
}

failures! {
    /// 131047: it was not a template, and the customer-service window is closed.
    WindowClosed = "window_closed", "The customer-service window with this user is not open: they have not written or called in the last 24 hours. Send a template instead.";
    /// 131026: there is nobody on WhatsApp with this number.
    NotOnWhatsApp = "not_on_whatsapp", "There is nobody on WhatsApp with this number.";
    /// 131026: the user's client is too old for this kind of message.
    OutdatedClient = "outdated_client", "The user's WhatsApp client is too old for this kind of message.";
    /// 131026: the user has not accepted WhatsApp's terms.
    TermsNotAccepted = "terms_not_accepted", "The user has not accepted WhatsApp's terms.";
    /// 131042: the business has nothing to pay with.
    PaymentIssue = "payment_issue", "The message could not be billed: something is wrong with the payment method of the account. Set it right in the billing settings.";

    /// 368: the account is blocked for a breach of policy.
    PolicyBlock = "policy_block", "The account was restricted or disabled for a breach of policy. The Business Manager says for how long.";
    /// 130429: the number sends too many messages.
    Throughput = "throughput", "The business number sends more messages than its throughput allows. Send fewer, and this one again later.";
    /// 130472: the user is part of an experiment.
    Experiment = "experiment", "The message was held back as part of an experiment. Do not send it again.";
    /// 130497: the account may not message users of this country.
    CountryRestricted = "country_restricted", "The account may not message users of this country.";
    /// 131000: nobody knows.
    SomethingWentWrong = "something_went_wrong", "The message failed for a reason that is not known. Send it again.";
    /// 131005: a permission is missing.
    AccessDenied = "access_denied", "A permission is not granted or was taken back. Look at the permissions of the access token.";
    /// 131016: the platform has too much to do.
    ServiceUnavailable = "service_unavailable", "A service of the platform is not available at this moment. Send the message again later.";
    /// 131026: it cannot be delivered.
    Undeliverable = "undeliverable", "The message cannot be delivered to this user. Ask them to update WhatsApp and to accept its terms.";
    /// 131031: the account is locked.
    AccountLocked = "account_locked", "The account is locked. The Business Manager says why and takes an appeal.";
    /// 131037: the number's name is not approved.
    NameNotApproved = "name_not_approved", "The display name of the business number is not approved. Have it approved first.";
    /// 131045: the number is not registered as it should be.
    Registration = "registration", "The business number is not registered as it should be. Register it again.";
    /// 131048: users reported the number.
    SpamLimit = "spam_limit", "Too many messages of this business number were blocked or reported. Look at its quality rating.";
    /// 131049: the user gets enough marketing.
    Ecosystem = "ecosystem", "The message was not delivered, to keep the ecosystem healthy: this user gets enough marketing. Do not send it again at once.";
    /// 131050: the user wants no more marketing.
    StoppedMarketing = "stopped_marketing", "The user has stopped marketing messages of this business. Do not send them any more.";
    /// 131053: the media of the header cannot be had.
    MediaUpload = "media_upload", "The media of the message could not be fetched or stored. Look at its address, its type and its size.";
    /// 131056: too many messages to one user.
    PairLimit = "pair_limit", "The business number sends this user too many messages. Wait, and send this one again.";
    /// 131057: the account is under maintenance.
    Maintenance = "maintenance", "The account is under maintenance. Send the message again in some minutes.";
    /// 131063: marketing goes another way.
    MarketingDisabled = "marketing_disabled", "Marketing templates are switched off for the Cloud API on this account.";
    /// 131064: the messaging limit is used up.
    MessagingLimit = "messaging_limit", "The messaging limit of the account is used up, because templates were put into wrong categories. It is lifted by itself.";
    /// 133010: the number is not registered.
    NotRegistered = "not_registered", "The business number is not registered on the platform. Register it.";
    /// 135000: nobody says why.
    GenericError = "generic_error", "The message failed because of something about its parameters. Look at how the template was made.";
}

/// Which messages an outside cause can strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strikes {
    /// Any.
    All,
    /// Templates.
    Templates,
    /// Templates of the category MARKETING.
    Marketing,
    /// Templates with a picture, a film or a file.
    Media,
}

impl Failure {
    /// Which messages it can strike by a cause outside of the exchange; none if its cause is always
    /// inside.
    #[must_use]
    pub const fn outside(self) -> Option<Strikes> {
        match self {
            Self::WindowClosed
            | Self::NotOnWhatsApp
            | Self::OutdatedClient
            | Self::TermsNotAccepted => None,
            Self::Experiment
            | Self::Ecosystem
            | Self::StoppedMarketing
            | Self::MarketingDisabled => Some(Strikes::Marketing),
            Self::MessagingLimit => Some(Strikes::Templates),
            Self::MediaUpload => Some(Strikes::Media),
            Self::PaymentIssue
            | Self::PolicyBlock
            | Self::Throughput
            | Self::CountryRestricted
            | Self::SomethingWentWrong
            | Self::AccessDenied
            | Self::ServiceUnavailable
            | Self::Undeliverable
            | Self::AccountLocked
            | Self::NameNotApproved
            | Self::Registration
            | Self::SpamLimit
            | Self::PairLimit
            | Self::Maintenance
            | Self::NotRegistered
            | Self::GenericError => Some(Strikes::All),
        }
    }
}

impl FromStr for Failure {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.iter().find(|it| it.as_str() == text);
        found.copied().ok_or(ParseError {
            what: "failure of a message",
            rule: "one of the words that name them",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}
