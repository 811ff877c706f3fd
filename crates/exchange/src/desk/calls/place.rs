//! Placing a call: a user dials, or a business connects.

use rules::admission::{ATTEMPTS_WINDOW, Load};
use rules::call::Call;
use rules::consent::Permission;
use rules::inbound::{self, Inbound};
use rules::outbound::NoCall;
use rules::reach;
use serde_json::json;
use store::calls::CallRow;
use store::legs::LegRow;
use store::numbers::Number;
use store::users::User;
use types::{CallId, CallOrigin, Direction, PhoneNumberId, Timestamp, WaId};
use wire::Recipient;

use super::super::auth::Acting;
use super::super::effects::Effect;
use super::super::faults::{self, AtPlacing};
use super::super::{Refused, Turn, accounts, consents, numbers, users};
use super::ledger;
use super::step::{self, With};
use crate::media_control::{PreparedLegs, Side};
use crate::phone_lines::{LineId, Which};
use crate::{ids, observe, time_zones};

/// A business calls a user.
#[derive(Debug)]
pub struct Connect {
    /// Whom.
    pub to: Recipient,
    /// The business's offer, checked.
    pub offer: String,
    /// What the business wants to hear again.
    pub callback_data: Option<String>,
    /// The legs: the business's offer answered, and an offer to the user.
    pub legs: PreparedLegs,
}

/// A user calls a business.
#[derive(Debug)]
pub struct Dial {
    /// The user.
    pub wa_id: WaId,
    /// The phone that dials.
    pub line: LineId,
    /// The phone's own name for this attempt.
    pub dial_id: String,
    /// The number dialled.
    pub to: PhoneNumberId,
    /// The button or the link that it came from.
    pub origin: CallOrigin,
    /// The phone's offer, checked.
    pub offer: String,
    /// The legs: the phone's offer answered, and an offer to the business.
    pub legs: PreparedLegs,
}

/// Places a business's call. The `connect` webhook with the answer goes out and the user's phones
/// ring.
///
/// # Errors
///
/// [`Refused::SipNumber`], [`Refused::Account`], [`Refused::UnknownUser`], [`Refused::NoCall`].
pub fn connect(turn: &mut Turn<'_>, acting: &Acting, request: Connect) -> Result<CallId, Refused> {
    let number = acting.number();
    by_the_api(number)?;
    accounts::standing(turn, &number.waba)?.may_call()?;
    let (user, permission) = reach(turn, number, &request.to)?;
    let direction = Direction::BusinessInitiated;
    let struck = faults::at_placing(turn, &number.id, &user.wa_id, direction)?;
    let limits = struck.limits(&turn.preset.calls);
    let call = Call::business_initiated(turn.now, &limits, permission);
    let new = New {
        number,
        user: &user,
        callback_data: request.callback_data,
        line: None,
        origin: CallOrigin::default(),
    };
    place(turn, call, new, request.offer, request.legs, struck)
}

/// The user whom a business wants to call, with the proof that it may.
fn reach(
    turn: &mut Turn<'_>,
    number: &Number,
    to: &Recipient,
) -> Result<(User, Permission), Refused> {
    let user = match users::by_recipient(turn, to) {
        Err(Refused::UnknownUser) => None,
        other => Some(other?),
    };
    let facts = match &user {
        Some(user) => consents::outbound(turn, number, user)?,
        None => consents::facts_of_stranger(turn, number)?,
    };
    match (user, facts.outbound().may_call(turn.now, turn.preset)) {
        (Some(user), Ok(permission)) => Ok((user, permission)),
        (None, Ok(_) | Err(NoCall::Reach(reach::Refusal::Uncallable))) => Err(Refused::UnknownUser),
        (_, Err(why)) => Err(Refused::no_call(why, &turn.preset.errors)),
    }
}

/// Places a user's call. The phone gets its answer and the business the `connect` webhook.
///
/// # Errors
///
/// [`Refused::UnknownUser`], [`Refused::UnknownNumber`], [`Refused::Admission`],
/// [`Refused::Restricted`], [`Refused::Account`], [`Refused::Closed`], [`Refused::SipNumber`].
pub fn dial(turn: &mut Turn<'_>, request: Dial) -> Result<CallId, Refused> {
    try_dial(turn, request).inspect_err(|refused| count(Direction::UserInitiated, refused))
}

fn try_dial(turn: &mut Turn<'_>, request: Dial) -> Result<CallId, Refused> {
    let number = numbers::find(turn, &request.to)?;
    let user = users::find(turn, &request.wa_id)?;
    may_be_called(turn, &number, &user)?;
    let standing = accounts::standing(turn, &number.waba)?;
    standing.may_be_called()?;

    let direction = Direction::UserInitiated;
    let struck = faults::at_placing(turn, &number.id, &user.wa_id, direction)?;
    let struck = struck.and_unpaid(standing.payment_missing);
    let call = Call::user_initiated(turn.now, &struck.limits(&turn.preset.calls));
    let sdp = request.legs.user.sdp.clone();
    let line = Some(request.line);
    let new = New {
        number: &number,
        user: &user,
        callback_data: None,
        line,
        origin: request.origin,
    };
    // The phone learns the call's id before anything else about it.
    let at = turn.effects.mark();
    let call_id = place(turn, call, new, request.offer, request.legs, struck)?;
    let dialing = phone::line::ToPhone::Dialing {
        dial_id: request.dial_id,
        call_id: call_id.clone(),
        sdp,
    };
    let tell = Effect::Tell(user.wa_id, Which::The(request.line), dialing);
    turn.effects.insert(at, tell);
    Ok(call_id)
}

/// Counts a call that never began. Nothing is saved of it, so there is no commit to wait for.
fn count(direction: Direction, refused: &Refused) {
    observe::call_refused(direction, refused.word());
}

/// Who is in a new call.
struct New<'a> {
    number: &'a Number,
    user: &'a User,
    callback_data: Option<String>,
    line: Option<LineId>,
    origin: CallOrigin,
}

fn place(
    turn: &mut Turn<'_>,
    call: Call,
    new: New<'_>,
    offer: String,
    legs: PreparedLegs,
    struck: AtPlacing,
) -> Result<CallId, Refused> {
    let direction = call.direction();
    let id = ids::call_id(turn.chance, &new.user.wa_id, &new.number.display, direction);
    let mut row = CallRow {
        id: id.clone(),
        number: new.number.id.clone(),
        wa_id: new.user.wa_id.clone(),
        state: call.state(),
        created_at: turn.now,
        callback_data: new.callback_data,
        phone_line: new.line.map(|line| line.0),
        origin: new.origin,
    };
    store::calls::insert(turn.tx, &row)?;
    let caller = match direction {
        Direction::UserInitiated => Side::User,
        Direction::BusinessInitiated => Side::Business,
    };
    for (side, leg) in [(Side::User, &legs.user), (Side::Business, &legs.business)] {
        let theirs = (side == caller).then(|| offer.clone());
        store::legs::save(
            turn.tx,
            &LegRow {
                call: id.clone(),
                side,
                media: Some(leg.id),
                sdp_ours: Some(leg.sdp.clone()),
                sdp_theirs: theirs,
                stats: None,
                weather: None,
            },
        )?;
    }
    let on_the_network = (legs.user.id, legs.business.id);
    turn.afterwards(Effect::Begin(id.clone(), legs));
    struck.make_weather(turn, &id, on_the_network.0, on_the_network.1)?;
    turn.afterwards(Effect::Observe(Box::new(move || {
        observe::call_started(direction)
    })));
    let detail = json!({ "direction": direction, "wa_id": row.wa_id });
    turn.tell("call.placed", Some(&row.number), Some(&id), &detail)?;
    step::carry_out(turn, &mut row, call, With::default())?;
    if direction == Direction::UserInitiated {
        // Before a fault takes back what the call has allowed.
        ledger::user_called(turn, new.number, &row.wa_id, &id)?;
    }
    struck.placed(turn, &mut row)?;
    Ok(id)
}

/// Whether a user may call a number now.
fn may_be_called(turn: &mut Turn<'_>, number: &Number, user: &User) -> Result<(), Refused> {
    let load = load_of(turn, number, Some(&user.wa_id), Direction::UserInitiated)?;
    let hours = rules::settings::call_hours(&number.settings).and_then(|(zone, schedule)| {
        // A zone that a later version of the database dropped keeps nobody out.
        let offsets = time_zones::offsets(zone, turn.now)?;
        Some((schedule, offsets))
    });
    let inbound = Inbound {
        load: &load,
        restrictions: &number.restrictions,
        hours: hours
            .as_ref()
            .map(|(schedule, offsets)| (schedule, offsets)),
    };
    let calls_back = number.settings.callback_permission;
    inbound
        .may_call(turn.now, turn.preset)
        .map_err(|refusal| match refusal {
            inbound::NoCall::Admission(refusal) => Refused::Admission(refusal),
            inbound::NoCall::Restricted(restricted) => Refused::Restricted(restricted),
            inbound::NoCall::Closed { opens_at } => Refused::Closed {
                opens_at,
                calls_back,
            },
        })?;
    by_the_api(number)
}

/// Whether a number's calls are signalled by the API.
fn by_the_api(number: &Number) -> Result<(), Refused> {
    if number.settings.sip.enabled {
        Err(Refused::SipNumber)
    } else {
        Ok(())
    }
}

/// What a number is busy with at this moment, with this user among others.
pub(in crate::desk) fn load_of(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: Option<&WaId>,
    direction: Direction,
) -> Result<Load, Refused> {
    let window = u64::try_from(ATTEMPTS_WINDOW.as_millis()).unwrap_or(u64::MAX);
    let since = Timestamp::from_millis(turn.now.as_millis().saturating_sub(window));
    let (attempts, first_attempt) = match direction {
        Direction::BusinessInitiated => {
            store::calls::attempts_since(turn.tx, &number.id, direction, since)?
        }
        Direction::UserInitiated => (0, None),
    };
    let call_with_user = match wa_id {
        Some(wa_id) => store::calls::running_between(turn.tx, &number.id, wa_id)?,
        None => None,
    };
    Ok(Load {
        calling_enabled: number.settings.enabled,
        calls_running: store::calls::running_count(turn.tx, &number.id)?,
        in_call_with_user: call_with_user.is_some(),
        attempts,
        first_attempt,
    })
}
