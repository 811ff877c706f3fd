//! One step of one call: the machine takes an input, its state is saved, its outputs are carried out.

use phone::line::{StopReason, ToPhone};
use rules::call::{Call, EndReason, Input, Notice, Output, Phase, PhoneNotice};
use rules::fault::Point;
use serde_json::json;
use store::calls::CallRow;
use types::{Direction, LegId};

use super::super::effects::Effect;
use super::super::{Refused, Turn, faults, numbers, users};
use super::ledger;
use crate::media_control::Side;
use crate::phone_lines::{LineId, Which};
use crate::{notices, observe};

/// What comes with an input that the machine does not hold.
#[derive(Debug, Default)]
pub(super) struct With {
    /// The session description of an accept, a pre-accept or a pickup.
    pub(super) answer: Option<String>,
    /// The phone that the input came from.
    pub(super) line: Option<LineId>,
}

/// Gives a call one input. A refusal has written nothing.
pub(super) fn step(
    turn: &mut Turn<'_>,
    row: &mut CallRow,
    input: Input,
    with: With,
) -> Result<(), Refused> {
    let mut call = row.machine();
    call.handle(turn.now, &turn.preset.calls, input)?;
    carry_out(turn, row, call, with)
}

/// Saves a call and carries out what it wants done.
pub(super) fn carry_out(
    turn: &mut Turn<'_>,
    row: &mut CallRow,
    mut call: Call,
    with: With,
) -> Result<(), Refused> {
    let before = row.machine();
    let outputs: Vec<Output> = std::iter::from_fn(|| call.poll_output()).collect();
    let point = point(&outputs, call.direction());
    row.state = call.state();
    store::calls::update(turn.tx, row)?;
    for output in outputs {
        match output {
            Output::Notify(notice) => notify(turn, row, notice)?,
            Output::RingPhone => ring(turn, row, Which::All)?,
            Output::TellPhone(notice) => {
                if notice == PhoneNotice::Ringing {
                    turn.tell(
                        "call.pre_accepted",
                        Some(&row.number),
                        Some(&row.id),
                        &json!({}),
                    )?;
                }
                tell_phone(turn, row, notice, with.line);
            }
            Output::ApplyBusinessAnswer => take_answer(turn, row, Side::Business, &with)?,
            Output::ApplyUserAnswer => take_answer(turn, row, Side::User, &with)?,
            Output::PassMedia => pass(turn, row)?,
            Output::CloseMedia => close(turn, row)?,
        }
    }
    measure_set_up(turn, row, before.phase());
    ledger::went_on(turn, row, &before)?;
    match point {
        Some(point) => faults::in_call(turn, row, point),
        None => Ok(()),
    }
}

/// Where armed faults may strike: the call begins to ring, or is answered.
fn point(outputs: &[Output], direction: Direction) -> Option<Point<'static>> {
    outputs.iter().find_map(|output| match output {
        Output::PassMedia => Some(Point::Answered(direction)),
        Output::Notify(Notice::Ringing) | Output::TellPhone(PhoneNotice::Ringing) => {
            Some(Point::Ringing(direction))
        }
        _ => None,
    })
}

/// Tells the business by webhook, and the stream of events.
fn notify(turn: &mut Turn<'_>, row: &CallRow, notice: Notice) -> Result<(), Refused> {
    notices::send(turn, row, notice)?;
    let (kind, detail) = match notice {
        Notice::Connect => return Ok(()),
        Notice::Ringing => ("call.ringing", json!({})),
        Notice::Accepted => ("call.picked_up", json!({})),
        Notice::Rejected => ("call.rejected", json!({})),
        Notice::Terminated(ending) => (
            "call.ended",
            json!({
                "reason": ending.reason.as_str(),
                "blame": ending.blame().as_str(),
                "status": ending.status().as_str(),
                "answered": ending.started.is_some(),
            }),
        ),
    };
    turn.tell(kind, Some(&row.number), Some(&row.id), &detail)?;
    if let Notice::Terminated(ending) = notice {
        let direction = row.machine().direction();
        let talked = ending.started.map(|started| ending.ended.since(started));
        turn.afterwards(Effect::Observe(Box::new(move || {
            observe::call_ended(direction, ending.reason.as_str(), ending.blame(), talked);
        })));
    }
    Ok(())
}

/// Lets phones of the user ring.
pub(super) fn ring(turn: &mut Turn<'_>, row: &CallRow, which: Which) -> Result<(), Refused> {
    let number = numbers::find(turn, &row.number)?;
    let leg = store::legs::find(turn.tx, &row.id, Side::User)?;
    let Some(sdp) = leg.and_then(|leg| leg.sdp_ours) else {
        return Ok(());
    };
    let user = users::find(turn, &row.wa_id)?;
    let ring = ToPhone::Ring {
        call_id: row.id.clone(),
        from: notices::business(&number, user.country, turn.now),
        sdp,
    };
    turn.afterwards(Effect::Tell(row.wa_id.clone(), which, ring));
    Ok(())
}

fn tell_phone(turn: &mut Turn<'_>, row: &CallRow, notice: PhoneNotice, from: Option<LineId>) {
    let call_id = row.id.clone();
    let holder = row.phone_line.map(LineId);
    let whose = holder.map_or(Which::All, Which::The);
    let mut tell = |which, message| {
        turn.afterwards(Effect::Tell(row.wa_id.clone(), which, message));
    };
    match notice {
        PhoneNotice::Ringing => tell(whose, ToPhone::RemoteRinging { call_id }),
        PhoneNotice::Accepted => {
            if let (Direction::BusinessInitiated, Some(line)) = (row.machine().direction(), holder)
            {
                let reason = StopReason::TakenElsewhere;
                let stop = ToPhone::StopRinging {
                    call_id: call_id.clone(),
                    reason,
                };
                tell(Which::AllBut(line), stop);
            }
            tell(whose, ToPhone::Accepted { call_id });
        }
        PhoneNotice::Ended(reason) => {
            let ended = ToPhone::Ended {
                call_id: call_id.clone(),
                reason: reason.as_str().to_owned(),
                message: notices::sentence(reason.sentence()),
            };
            match (holder, from) {
                (Some(_), _) => tell(whose, ended),
                // Nobody has taken it: every phone rings, one of them may have ended it.
                (None, from) => {
                    let others = from.map_or(Which::All, Which::AllBut);
                    tell(
                        others,
                        ToPhone::StopRinging {
                            call_id,
                            reason: stop_reason(reason),
                        },
                    );
                    if let Some(line) = from {
                        tell(Which::The(line), ended);
                    }
                }
            }
        }
    }
}

fn stop_reason(reason: EndReason) -> StopReason {
    match reason {
        EndReason::UserRejected => StopReason::RejectedElsewhere,
        EndReason::BusinessCancelled => StopReason::CallerHungUp,
        EndReason::UserDidNotAnswer | EndReason::UserUnreachable => StopReason::NoAnswer,
        _ => StopReason::Ended,
    }
}

fn take_answer(turn: &mut Turn<'_>, row: &CallRow, side: Side, with: &With) -> Result<(), Refused> {
    let leg = store::legs::media(turn.tx, &row.id, side)?;
    if let (Some(leg), Some(answer)) = (leg, &with.answer) {
        store::legs::set_theirs(turn.tx, &row.id, side, answer)?;
        turn.afterwards(Effect::TakeAnswer(leg, answer.clone()));
    }
    Ok(())
}

fn pass(turn: &mut Turn<'_>, row: &CallRow) -> Result<(), Refused> {
    if let Some((user, business)) = both_legs(turn, row)? {
        turn.afterwards(Effect::Pass { user, business });
    }
    turn.tell(
        "call.accepted",
        Some(&row.number),
        Some(&row.id),
        &json!({}),
    )?;
    let direction = row.machine().direction();
    let rang = turn.now.since(row.created_at);
    turn.afterwards(Effect::Observe(Box::new(move || {
        observe::call_answered(direction, rang)
    })));
    Ok(())
}

fn close(turn: &mut Turn<'_>, row: &CallRow) -> Result<(), Refused> {
    if let Some((user, business)) = both_legs(turn, row)? {
        turn.afterwards(Effect::Close { user, business });
        store::legs::forget_media(turn.tx, &row.id)?;
    }
    Ok(())
}

/// The legs of a call on the network; none after a restart.
fn both_legs(turn: &mut Turn<'_>, row: &CallRow) -> Result<Option<(LegId, LegId)>, Refused> {
    let user = store::legs::media(turn.tx, &row.id, Side::User)?;
    let business = store::legs::media(turn.tx, &row.id, Side::Business)?;
    Ok(user.zip(business))
}

fn measure_set_up(turn: &mut Turn<'_>, row: &CallRow, phase_before: Phase) {
    let call = row.machine();
    if call.phase() == Phase::Talking
        && phase_before != Phase::Talking
        && let Some(accepted_at) = call.accepted_at()
    {
        let (direction, took) = (call.direction(), turn.now.since(accepted_at));
        turn.afterwards(Effect::Observe(Box::new(move || {
            observe::call_set_up(direction, took)
        })));
    }
}
