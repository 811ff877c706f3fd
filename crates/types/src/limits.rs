//! Bounds of queues, bodies and waits. What Meta's rules bound is in [`crate::preset`] instead.

use std::time::Duration;

/// The largest body that a request to the API may have, in bytes.
pub const REQUEST_BODY_BYTES_MAX: usize = 256 * 1024;

/// The largest document of all records that the exchange takes in, in bytes.
pub const STATE_BYTES_MAX: usize = 512 * 1024 * 1024;

/// The largest session description, in bytes. Chrome's with every codec has about 8 kB.
pub const SDP_BYTES_MAX: usize = 32 * 1024;

/// The lines of a session description. Chrome's for one audio stream has about 60.
pub const SDP_LINES_MAX: usize = 512;

/// The longest line of a session description, in bytes.
pub const SDP_LINE_BYTES_MAX: usize = 4 * 1024;

/// The longest `biz_opaque_callback_data`, in characters (`wire.md` 1.1).
pub const CALLBACK_DATA_CHARS_MAX: usize = 512;

/// The longest purpose of a recording or a transcript, in characters (`wire.md` 10.2).
pub const RECORDING_PURPOSE_CHARS_MAX: usize = 250;

/// The longest text of a text message, in characters (Meta, text messages).
pub const TEXT_CHARS_MAX: usize = 4_096;

/// The longest body of an interactive message, in characters (Meta, interactive messages).
pub const INTERACTIVE_BODY_CHARS_MAX: usize = 1_024;

/// The longest text on a call button, in characters (`wire.md` 8).
pub const BUTTON_TEXT_CHARS_MAX: usize = 20;

/// The longest payload of a call button or a deep link, in characters (`wire.md` 8).
pub const BUTTON_PAYLOAD_CHARS_MAX: usize = 512;

/// The longest time for which a call button works, in minutes: 30 days (`wire.md` 8).
pub const BUTTON_TTL_MINUTES_MAX: u32 = 43_200;

/// For how long a call button works that does not say, in minutes: 7 days (`wire.md` 8).
pub const BUTTON_TTL_MINUTES_DEFAULT: u32 = 10_080;

/// Countries to whose users call icons may be restricted; ISO 3166-1 has fewer.
pub const CALL_ICON_COUNTRIES_MAX: usize = 256;

/// Apps that may have set a SIP server for one business number.
pub const SIP_SERVERS_MAX: usize = 3;

/// The longest host name of a SIP server, in bytes (RFC 1035).
pub const SIP_HOSTNAME_BYTES_MAX: usize = 253;

/// Parameters that a SIP server may want in the user part of the request URI.
pub const SIP_USER_PARAMS_MAX: usize = 16;

/// The longest key, and the longest value, of such a parameter, in characters (`wire.md` 7.5).
pub const SIP_USER_PARAM_CHARS_MAX: usize = 128;

/// The longest time that a call may ring before voicemail begins, in seconds (`wire.md` 4.1).
pub const VOICEMAIL_TIMEOUT_SECS_MAX: u32 = 30;

/// The longest address of a webhook receiver, in bytes.
pub const CALLBACK_URL_BYTES_MAX: usize = 2_048;

/// The longest token of a webhook handshake, in bytes.
pub const VERIFY_TOKEN_BYTES_MAX: usize = 512;

/// Headers that a receiver of webhooks may have sent along.
pub const WEBHOOK_HEADERS_MAX: usize = 16;

/// The longest such header, name and value together, in bytes.
pub const WEBHOOK_HEADER_BYTES_MAX: usize = 4_096;

/// How deep the braces of `?fields=` may stand in each other.
pub const FIELDS_DEPTH_MAX: usize = 8;

/// How long a callback may take to answer the handshake.
pub const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// How much of a callback's answer to the handshake is read, in bytes. The right one has ten.
pub const HANDSHAKE_ANSWER_BYTES_MAX: usize = 1_024;

/// The largest webhook body that the gateway takes, in bytes (`wire.md` 5.1).
pub const WEBHOOK_BODY_BYTES_MAX: usize = 3 * 1024 * 1024;

/// How long the gateway remembers calls that are over, ends of calls that it does not know yet, and
/// events that wait for a call's id.
pub const GATEWAY_REMEMBER_FOR: Duration = Duration::from_mins(5);

/// Ends of calls that the gateway does not know yet; the oldest id goes first.
pub const GATEWAY_TOMBSTONES_MAX: usize = 10_000;

/// Calls of which the gateway keeps events until it knows whether they are its own.
pub const GATEWAY_EARLY_CALLS_MAX: usize = 1_000;

/// Events that the gateway keeps of one such call: answer, ringing, pickup, end, and some twice.
pub const GATEWAY_EARLY_EVENTS_MAX: usize = 16;

/// Requests to the platform that may wait to be sent by the gateway.
pub const GATEWAY_ERRANDS_MAX: usize = 4_096;

/// How long a new connection of the gateway to the platform may take.
pub const GATEWAY_CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// The largest answer of the platform that the gateway reads, in bytes.
pub const GATEWAY_ANSWER_BYTES_MAX: usize = 64 * 1024;

/// How long a webhook may still name a call whose request got no answer.
pub const GATEWAY_LEARN_WITHIN: Duration = Duration::from_secs(10);

/// How long the gateway waits for the webhook that ends a call on which it hung up.
pub const GATEWAY_GOODBYE_WITHIN: Duration = Duration::from_secs(10);

/// How long the gateway waits for the webhook that ends a call whose media the platform has closed.
pub const GATEWAY_FAREWELL_WITHIN: Duration = Duration::from_secs(5);

/// Keys of one call that the gateway keeps.
pub const GATEWAY_DIGITS_MAX: usize = 512;

/// How much of a receiver's answer to a webhook is kept with the attempt, in bytes.
pub const ATTEMPT_ANSWER_BYTES_MAX: usize = 2 * 1024;

/// Commands that may wait for the desk; one more is refused with "try again".
pub const DESK_QUEUE_MAX: usize = 8_192;

/// Commands that the desk runs in one transaction before it commits.
pub const DESK_BATCH_MAX: usize = 64;

/// Deadlines of calls that are met in one command.
pub const DEADLINES_BATCH_MAX: usize = 64;

/// Deliveries under way to one subscriber at one time; the others wait their turn.
pub const DELIVERIES_PER_SUBSCRIBER_MAX: usize = 256;

/// Deliveries under way in all.
pub const DELIVERIES_MAX: usize = 2_048;

/// Deliveries that a worker leases at once.
pub const DELIVERY_LEASE_BATCH_MAX: usize = 256;

/// How long a leased delivery belongs to its worker before another may take it. Longer than any
/// preset's `answer_within`.
pub const DELIVERY_LEASE: Duration = Duration::from_secs(60);

/// How long a webhook waits for the attempt at an earlier event of the same call to the same receiver,
/// so that events that happen together arrive in their order where the receiver is quick.
pub const DELIVERY_STAGGER_MAX: Duration = Duration::from_millis(50);

/// How long the clock, when it is turned, stops at one moment for receivers of webhooks to answer.
pub const SETTLE_WITHIN: Duration = Duration::from_secs(1);

/// How long a worker waits after the records failed before it tries again.
pub const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Call permission requests from one business number to one user that can be answered at one time;
/// the oldest ends when one more is sent.
pub const OPEN_REQUESTS_MAX: usize = 32;

/// Lines of the ledger between one business number and one user that are kept; the oldest are
/// forgotten. What they led to stays.
pub const LEDGER_ENTRIES_KEPT: u64 = 10_000;

/// Calls that are kept; the oldest that are over are forgotten.
pub const CALLS_KEPT: u64 = 100_000;

/// Messages that are kept; the oldest that can no longer change are forgotten.
pub const MESSAGES_KEPT: u64 = 100_000;

/// Deliveries that are kept, with bodies and attempts; the oldest that are over are forgotten.
pub const DELIVERIES_KEPT: u64 = 200_000;

/// Entries of the event stream that are kept.
pub const EVENTS_KEPT: u64 = 200_000;

/// Rows of each kind that are forgotten in one command.
pub const FORGET_BATCH_MAX: usize = 256;

/// Entries that a reader of the event stream may lag behind before it is cut off.
pub const EVENT_READER_LAG_MAX: usize = 1_024;

/// Rows that one page of a listing may have.
pub const PAGE_ROWS_MAX: usize = 200;

/// Messages that may wait for one phone; a phone that does not read loses its line.
pub const PHONE_QUEUE_MAX: usize = 64;

/// Legs of one media worker.
pub const LEGS_PER_WORKER_MAX: usize = 4_096;

/// Commands that may wait for one media worker.
pub const MEDIA_QUEUE_MAX: usize = 4_096;

/// How late an app's 20 ms may be and still be made up for; after a longer standstill the lost time
/// is left out.
pub const APP_LATE_MAX: Duration = Duration::from_millis(200);

/// News from legs that may wait for the desk.
pub const LEG_NEWS_QUEUE_MAX: usize = 65_536;

/// News from legs that are taken in one command.
pub const LEG_NEWS_BATCH_MAX: usize = 128;

/// How long a shutdown waits for webhooks that are due or under way. Within [`DRAIN_WITHIN`], so that
/// records can be closed after it.
pub const DELIVERY_DRAIN_WITHIN: Duration = Duration::from_secs(7);

/// How long a shutdown waits for calls and deliveries under way.
pub const DRAIN_WITHIN: Duration = Duration::from_secs(10);

/// The longest message on a phone's line, in bytes: a session description and a little around it.
pub const PHONE_MESSAGE_BYTES_MAX: usize = SDP_BYTES_MAX * 2;

/// Messages of all chats of one user that are kept for the user's phones; the oldest go first.
pub const CHAT_KEPT_PER_USER: u64 = 200;

/// Messages of chats that a phone is given when its line opens.
pub const CHAT_WELCOME_MESSAGES_MAX: usize = 100;

/// The length of those messages together, in bytes of JSON, so that a welcome stays within
/// [`PHONE_MESSAGE_BYTES_MAX`].
pub const CHAT_WELCOME_BYTES_MAX: usize = PHONE_MESSAGE_BYTES_MAX / 2;

/// How long a phone's line may take to be opened.
pub const PHONE_CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// The wait before a phone opens its line again after it broke; each further one doubles it.
pub const PHONE_RECONNECT_WAIT_FIRST: Duration = Duration::from_millis(200);

/// The longest wait before a phone opens its line again.
pub const PHONE_RECONNECT_WAIT_MAX: Duration = Duration::from_secs(5);

/// Orders of its user, and events of its media, that may wait for a phone.
pub const PHONE_INBOX_MAX: usize = 64;

/// Events of a phone's story that are kept; the oldest go first.
pub const STORY_EVENTS_MAX: usize = 1_000;

/// Steps that a phone's script may have.
pub const PHONE_SCRIPT_STEPS_MAX: usize = 64;

/// The longest wait in a phone's script: as long as a call permission request lives.
pub const PHONE_SCRIPT_WAIT_MAX: Duration = Duration::from_hours(7 * 24);

/// What a phone's script may have to do about messages at one time.
pub const PHONE_CHORES_MAX: usize = 256;

/// Keys and pauses that may wait to be sent as telephone events on one leg.
pub const DTMF_QUEUE_MAX: usize = 64;

/// How long a leg may go without an audio packet before its media counts as stopped.
pub const MEDIA_SILENCE_MAX: Duration = Duration::from_secs(2);

/// How long a leg whose peer's connectivity checks have stopped is kept before it fails.
pub const PEER_LOST_AFTER: Duration = Duration::from_secs(10);

/// How soon a connectivity check is sent again that nobody answers; each further wait is twice as long.
/// Browsers check as often before a path works.
pub const ICE_RETRY_AFTER: Duration = Duration::from_millis(50);

/// Connectivity checks in a row that nobody answers, before a path counts as dead: after some 20 s.
pub const ICE_UNANSWERED_MAX: usize = 11;

/// How soon a flight of the DTLS handshake is sent again that nobody answers; each further wait is twice
/// as long. WebRTC clients agree on this, where DTLS itself says one second.
pub const DTLS_RETRY_AFTER: Duration = Duration::from_millis(50);

/// How often a flight of the DTLS handshake is sent again; `DTLS_HANDSHAKE_WITHIN` comes first.
pub const DTLS_RETRIES_MAX: usize = 12;

/// How long a DTLS handshake may take from its first record on.
pub const DTLS_HANDSHAKE_WITHIN: Duration = Duration::from_secs(40);

/// The longest audio file that can be played, in seconds.
pub const AUDIO_FILE_SECS_MAX: usize = 600;

/// The largest audio file that is read, in bytes: ten minutes of 48 kHz, stereo, 24 bits.
pub const AUDIO_FILE_BYTES_MAX: usize = 176 * 1024 * 1024;

/// The longest recording that is kept in memory, in packets of 20 ms: half an hour.
pub const TAPE_PACKETS_MAX: usize = 1_800 * 50;

/// Packets that wait in a jitter buffer; the oldest is played early when one more comes.
pub const JITTER_PACKETS_MAX: usize = 25;

/// Orders (play, press, fall silent) that may wait for one handset.
pub const HANDSET_ORDERS_MAX: usize = 16;

/// Phones of one user that may be online at one time.
pub const PHONES_PER_USER_MAX: usize = 16;

/// How often a phone and its exchange ask each other whether they are still there.
pub const PHONE_PING_EVERY: Duration = Duration::from_secs(15);

/// How long either end of a phone's line may be silent, pings unanswered, before it is given up.
pub const PHONE_SILENCE_MAX: Duration = Duration::from_secs(45);

/// How long writing one message to a phone may take before it loses its line.
pub const PHONE_WRITE_WITHIN: Duration = Duration::from_secs(10);

/// Scripted phones that the exchange may host at one time.
pub const HOSTED_PHONES_MAX: usize = 256;

/// The longest that a request for a phone's story waits for it to go on.
pub const STORY_WAIT_MAX: Duration = Duration::from_secs(30);

/// How long after a peer has closed its media its hang-up may come; then the leg counts as lost.
pub const HANG_UP_FOLLOWS_WITHIN: Duration = Duration::from_secs(3);

/// Faults that may be armed at one time, spent ones included.
pub const FAULTS_MAX: usize = 256;

/// The longest time that an armed fault may name: a delay of a webhook, a restriction.
pub const FAULT_TIME_MAX: Duration = Duration::from_hours(720);

/// The longest that an armed fault lets a call ring.
pub const FAULT_RING_MAX: Duration = Duration::from_mins(10);

/// The longest that an armed fault delays a datagram, and the most that jitter adds to it.
pub const FAULT_NETWORK_DELAY_MAX: Duration = Duration::from_secs(10);

/// How long an armed fault holds a webhook back for a later one of the same call; then it goes
/// nevertheless.
pub const FAULT_WEBHOOK_HELD_MAX: Duration = Duration::from_mins(10);

/// How long the answer to `connect` waits for the connect webhook, where an armed fault wants it to.
pub const FAULT_REPLY_WAITS_MAX: Duration = Duration::from_secs(5);

/// The longest name of an event in an armed fault's filter, in bytes.
pub const FAULT_EVENT_BYTES_MAX: usize = 64;

/// Datagrams of one leg and way that its armed weather holds back at one time; more are lost.
pub const WEATHER_HELD_MAX: usize = 4_096;

/// The longest name of a template, in characters (`wire.md` 9).
pub const TEMPLATE_NAME_CHARS_MAX: usize = 512;

/// The longest header of a template, in characters, filled in or not (Meta, template components).
pub const TEMPLATE_HEADER_CHARS_MAX: usize = 60;

/// The longest body of a template, in characters (Meta, template components).
pub const TEMPLATE_BODY_CHARS_MAX: usize = 1_024;

/// The longest body of a template that is nothing but a body, filled in, in characters; one that has
/// more parts stays within [`TEMPLATE_BODY_CHARS_MAX`] (Meta, template messages).
pub const TEMPLATE_BODY_ALONE_CHARS_MAX: usize = 32_768;

/// The longest footer of a template, in characters (Meta, template components).
pub const TEMPLATE_FOOTER_CHARS_MAX: usize = 60;

/// Buttons of one template (Meta, template components).
pub const TEMPLATE_BUTTONS_MAX: usize = 10;

/// Buttons of one template that open an address (Meta, template components).
pub const TEMPLATE_URL_BUTTONS_MAX: usize = 2;

/// The longest text on a template's button, in characters; on one that calls,
/// [`BUTTON_TEXT_CHARS_MAX`] (Meta, template components).
pub const TEMPLATE_BUTTON_TEXT_CHARS_MAX: usize = 25;

/// The shortest time that a template may say its call button works, in minutes: a day (`wire.md` 8).
pub const TEMPLATE_BUTTON_TTL_MINUTES_MIN: u32 = 1_440;

/// The longest address of a template's button, in characters, filled in or not (Meta, template
/// components).
pub const TEMPLATE_URL_CHARS_MAX: usize = 2_000;

/// The longest number of a template's button, in characters (Meta, template components).
pub const TEMPLATE_PHONE_NUMBER_CHARS_MAX: usize = 20;

/// Components of a template as they are read; each kind may stand once.
pub const TEMPLATE_COMPONENTS_MAX: usize = 16;

/// Templates that may be removed by their ids in one request (Meta, template management).
pub const TEMPLATES_REMOVED_AT_ONCE_MAX: usize = 100;

/// The longest handle of a sample in a template's header, in characters; those of several files in one
/// text have a few thousand.
pub const TEMPLATE_HANDLE_CHARS_MAX: usize = 8_192;

/// The longest address of a picture, a film or a file in a message, in characters.
pub const MEDIA_LINK_CHARS_MAX: usize = 2_048;

/// The longest id or name of a file, and the longest name or address of a place, in a message, in
/// characters.
pub const MEDIA_TEXT_CHARS_MAX: usize = 1_000;

/// The longest word for a breach of policy, in characters.
pub const VIOLATION_CHARS_MAX: usize = 64;
