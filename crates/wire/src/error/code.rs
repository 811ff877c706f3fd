//! Every error code: what it is called, its HTTP status, and whether to try again.
//!
//! Codes and titles are Meta's ("Troubleshooting" of the calling pages as of June 2026, and the Cloud
//! API's error codes, whose page of September 2026 has no titles any more: those of 2025 stand). What
//! ends calls, 138019 to 138023, keeps the titles that live webhooks had before Meta's table named them; where 360dialog's documents name a code otherwise, its page in `docs/errors/` says so.

use std::fmt;

/// What the table says of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The integer that clients branch on.
    pub code: u32,
    /// The HTTP status of an answer with this code.
    pub http_status: u16,
    /// Graph's exception type.
    pub kind: &'static str,
    /// A few words; clients should not branch on them.
    pub title: &'static str,
    /// Whether the same request may succeed later without a change to it.
    pub retryable: bool,
    /// Graph's `is_transient`: whether waiting a moment is enough.
    pub transient: bool,
    /// Whether 360dialog's own gateway answers this rather than the platform behind it.
    pub by_gateway: bool,
}

impl Row {
    /// The name of the code's page in `docs/errors/`.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}.md", self.code)
    }
}

/// Makes the enum and the table from the same lines, so that neither can lack one.
///
/// The words after the title are the fields of [`Row`] that are true.
macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $http:literal, $title:literal $(, $word:ident)*;)*) => {
        /// One line of the error table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// Every code, in rising order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What the table says of this code.
            #[must_use]
            pub const fn row(self) -> &'static Row {
                match self {
                    $(Self::$name => const {
                        &Row {
                            $($word: true,)*
                            ..Row::plain($code, $http, $title)
                        }
                    },)*
                }
            }
        }
    };
}

impl Row {
    const fn plain(code: u32, http_status: u16, title: &'static str) -> Self {
        Self {
            code,
            http_status,
            kind: "OAuthException",
            title,
            retryable: false,
            transient: false,
            by_gateway: false,
        }
    }
}

impl ErrorCode {
    /// The integer that clients branch on.
    #[must_use]
    pub const fn code(self) -> u32 {
        self.row().code
    }

    /// The code with that integer, if the table has it.
    #[must_use]
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.code() == code)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.code())
    }
}

error_codes! {
    /// The caller could not be authenticated.
    AuthException = 0, 401, "Authentication failed", by_gateway;
    /// The app has not this capability.
    ApiMethod = 3, 500, "Capability or permissions issue";
    /// The app made too many requests.
    AppRateLimit = 4, 400, "Application request limit reached", retryable, transient;
    /// A permission is not granted or was taken back.
    PermissionDenied = 10, 403, "Permission denied";
    /// A parameter is missing, of the wrong kind or out of its range; session descriptions too.
    InvalidParameter = 100, 400, "Invalid parameter";
    /// No access token, or one that is not known or no longer good.
    InvalidAccessToken = 190, 401, "Invalid OAuth access token", by_gateway;
    /// The token is good but not for this object.
    ApiPermission = 200, 403, "You do not have the necessary permissions";
    /// The account was blocked for a breach of policy.
    TemporarilyBlocked = 368, 403, "Temporarily blocked for policies violations";
    /// Too many reads of one pair's call permission.
    TooManyPermissionReads = 613, 429, "Calls to this API have exceeded the rate limit", retryable, transient;
    /// The callback did not answer the handshake as it should.
    CallbackVerificationFailed = 2_200, 400, "Callback verification failed", retryable;
    /// The path is none that the API has.
    UnknownPath = 2_500, 400, "Unknown path components", by_gateway;
    /// The WhatsApp Business Account made too many requests.
    WabaRateLimit = 80_007, 400, "Rate limit issues", retryable, transient;
    /// The WhatsApp Business Account made too many templates in an hour.
    TemplateRateLimit = 80_008, 400, "There have been too many calls to this WhatsApp Business account", retryable;
    /// More messages per second than the number may send.
    ThroughputReached = 130_429, 400, "Rate limit hit", retryable, transient;
    /// The user is part of an experiment of Meta's.
    UserInExperiment = 130_472, 400, "User's number is part of an experiment";
    /// The account may not message users of that country.
    CountryRestricted = 130_497, 403, "Business account is restricted from messaging users in this country";
    /// The platform failed for a reason it does not know.
    SomethingWentWrong = 131_000, 500, "Something went wrong", retryable, transient;
    /// A permission is not granted or was taken back.
    AccessDenied = 131_005, 403, "Access denied";
    /// A parameter of a message is missing.
    RequiredParameterMissing = 131_008, 400, "Required parameter is missing";
    /// A parameter of a message has a wrong value; a call button from an unsupported country too.
    ParameterValueInvalid = 131_009, 400, "Parameter value is not valid";
    /// The platform has too much to do.
    ServiceUnavailable = 131_016, 500, "Service unavailable", retryable, transient;
    /// Sender and recipient are the same.
    RecipientIsSender = 131_021, 400, "Recipient cannot be sender";
    /// The message cannot be delivered to this user.
    Undeliverable = 131_026, 400, "Message undeliverable";
    /// The recipient is not on the test number's list.
    RecipientNotAllowed = 131_030, 400, "Recipient phone number not in allowed list";
    /// The account is locked.
    AccountLocked = 131_031, 403, "Business Account locked";
    /// The number's display name is not approved.
    DisplayNameNotApproved = 131_037, 400, "WhatsApp provided number needs display name approval before message can be sent";
    /// Something is wrong with the payment method.
    PaymentIssue = 131_042, 400, "Business eligibility payment issue";
    /// A user's call failed because the business has no valid payment method.
    CallPaymentIssue = 131_044, 400, "Business eligibility payment issue";
    /// The number's registration is faulty.
    IncorrectCertificate = 131_045, 500, "Incorrect certificate";
    /// More than 24 hours since the user's last message.
    ReEngagement = 131_047, 400, "Re-engagement message";
    /// Too many messages of this number were reported.
    SpamRateLimit = 131_048, 400, "Spam rate limit hit", retryable;
    /// Held back for a healthy ecosystem.
    HealthyEcosystem = 131_049, 400, "Meta chose not to deliver";
    /// The user stopped marketing messages of this business.
    UserStoppedMarketing = 131_050, 400, "User has stopped marketing messages";
    /// A message of a type that is not supported.
    UnsupportedMessageType = 131_051, 400, "Message type is not currently supported";
    /// The media of a message could not be fetched or stored.
    MediaUpload = 131_053, 400, "Media upload error";
    /// Graph's calling API used on a number that is set up for SIP.
    SipNumber = 131_055, 400, "Method not allowed";
    /// Too many messages between this business and this user.
    PairRateLimit = 131_056, 400, "(Business account, consumer account) pair rate limit hit", retryable, transient;
    /// The account is under maintenance.
    AccountInMaintenance = 131_057, 500, "Account in maintenance mode", retryable;
    /// This kind of message cannot go to a business-scoped user id.
    BsuidNotSupported = 131_062, 400, "Business-scoped user id recipient is not supported";
    /// Marketing templates are switched off for the Cloud API on this account.
    MarketingDisabled = 131_063, 400, "Marketing templates are disabled for Cloud API";
    /// The messaging limit is used up.
    MessagingLimitReached = 131_064, 400, "Message failed because the messaging limit was reached", retryable;
    /// A template's parameters do not match its text.
    TemplateParamCount = 132_000, 400, "Template param count mismatch";
    /// There is no such template in this language.
    TemplateMissing = 132_001, 404, "Template does not exist";
    /// The template's text is too long with its parameters filled in.
    TemplateTextTooLong = 132_005, 400, "Template hydrated text too long";
    /// The template breaks a policy.
    TemplatePolicy = 132_007, 400, "Template format character policy violated";
    /// A template's parameter has a wrong value.
    TemplateParamValue = 132_008, 400, "Template parameter value is not valid";
    /// A template's parameter has a wrong format.
    TemplateParamFormat = 132_012, 400, "Template parameter format mismatch";
    /// The template is paused for low quality.
    TemplatePaused = 132_015, 400, "Template is paused";
    /// The template is disabled for low quality.
    TemplateDisabled = 132_016, 400, "Template is disabled";
    /// A template's parameters have characters that they may not have.
    TemplateParameterText = 132_018, 400, "Template validation error";
    /// The flow is blocked.
    FlowBlocked = 132_068, 400, "Flow is blocked";
    /// The flow is throttled.
    FlowThrottled = 132_069, 400, "Flow is throttled", retryable;
    /// The number is not registered.
    NumberNotRegistered = 133_010, 400, "Phone number not registered";
    /// A message failed for a reason that is not told.
    GenericMessageError = 135_000, 400, "Generic user error";
    /// Calling is not enabled on the business number.
    CallingNotEnabled = 138_000, 401, "Calling not enabled";
    /// The user cannot be called: not on WhatsApp, old client, terms not accepted.
    ReceiverUncallable = 138_001, 400, "Receiver uncallable";
    /// The business number has as many calls as it may have at one time.
    ConcurrentCallsLimit = 138_002, 429, "Concurrent calls limit", retryable;
    /// A call between this number and this user is under way.
    DuplicateCall = 138_003, 400, "Duplicate call", retryable;
    /// The call could not be connected.
    ConnectionError = 138_004, 500, "Connection error", retryable, transient;
    /// The business number tried to place too many calls in a day.
    CallRateLimit = 138_005, 429, "Call rate limit exceeded", retryable;
    /// The user has not allowed this number to call.
    NoCallPermission = 138_006, 401, "No approved call permission found";
    /// The session description was not applied, or did not come, in time.
    ConnectTimeout = 138_007, 500, "Connect timeout error", retryable;
    /// The session description breaks a rule; Meta's documents say 100, its servers this.
    SdpValidation = 138_008, 400, "SDP validation error";
    /// Too many call permission requests to this user.
    PermissionRequestLimit = 138_009, 400, "Call permission request limit hit", retryable;
    /// Too many calls for one granted permission; gone from Meta's table.
    CallsPerPermissionLimit = 138_010, 400, "Business initiated calls per approved permission limit hit";
    /// A call permission request without an open service window; gone from Meta's table.
    PermissionRequestNotSent = 138_011, 400, "Unable to send call permission request";
    /// Too many connected calls to this user in a day.
    BusinessCallsLimit = 138_012, 400, "Business initiated calls limit hit", retryable;
    /// Numbers of this country may not call users.
    BusinessCallsUnavailable = 138_013, 400, "Business initiated calling is not available";
    /// Calling is suspended for low quality.
    CallingRestricted = 138_014, 400, "Calling is temporarily disabled", retryable;
    /// The number's messaging limit is too low for calling.
    CallingCannotBeEnabled = 138_015, 400, "Calling cannot be enabled";
    /// The user has allowed calls for ever, so there is nothing to ask.
    PermanentPermissionExists = 138_017, 400, "Call permission request can't be sent because a permanent permission already exists";
    /// Nobody listens to the `calls` field and SIP is off.
    CallingPrerequisites = 138_018, 400, "WhatsApp Business calling cannot be enabled because technical pre-requisites are not met";
    /// The user's phone could not set the call up.
    ClientSetUpFailed = 138_019, 400, "Client failed to set up the call", retryable;
    /// The user's phone could not reach the media relay.
    ClientRelayUnreachable = 138_020, 400, "Client could not connect to the relay", retryable;
    /// The user's phone got no media from the business for too long.
    NoBusinessMedia = 138_021, 400, "Client did not receive media for a long time";
    /// The user's phone sent no media for too long.
    NoUserMedia = 138_022, 400, "Client did not send media for a long time", retryable;
    /// The call was accepted and ended without any sign of media.
    NoMediaSignals = 138_023, 400, "Call ended without media signals";
    /// The SIP set-up of the number is faulty.
    SipConfiguration = 138_024, 400, "SIP configuration error";
    /// The SIP server of the number cannot be reached.
    SipServer = 138_025, 400, "SIP server error";
}
