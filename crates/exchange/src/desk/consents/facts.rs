//! All that stands between a business number and a user, gathered for `rules::outbound`.

use rules::admission::{self, Load};
use rules::consent::{Ledger, Standing};
use rules::outbound::{NoCall, NoRequest, Outbound};
use rules::rate::Rate;
use rules::reach::{self, Reach};
use store::numbers::Number;
use store::rates::{RateKind, RateOf};
use store::users::{Reachability, User};
use types::{Direction, WaId};
use wire::Recipient;

use super::super::{Refused, Turn, calls, users};
use super::load;

/// What is known of a business number and a user whom it wants to reach.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Whether it may reach the user at all.
    pub reach: Reach,
    /// What the number is busy with.
    pub load: Load,
    /// What the user allows.
    pub ledger: Ledger,
}

/// What a business may do about calling a user, as the API tells it.
pub type Permitted = Standing<NoCall, NoRequest>;

impl Facts {
    /// The facts, to be asked what may be done.
    #[must_use]
    pub const fn outbound(&self) -> Outbound<'_> {
        Outbound {
            reach: &self.reach,
            load: &self.load,
            ledger: &self.ledger,
        }
    }
}

/// What is known of a number and a user.
///
/// # Errors
///
/// When the records cannot be read.
pub fn outbound(turn: &mut Turn<'_>, number: &Number, user: &User) -> Result<Facts, Refused> {
    let on_allow_list = turn.preset.eligibility.allow_list_max.is_some()
        && store::recipients::contains(turn.tx, &number.id, &user.wa_id)?;
    Ok(Facts {
        reach: Reach {
            business_country: number.country,
            on_allow_list,
            user_callable: user.reachability == Reachability::Active,
            restrictions: number.restrictions,
        },
        load: calls::load_of(
            turn,
            number,
            Some(&user.wa_id),
            Direction::BusinessInitiated,
        )?,
        ledger: load(turn, &number.id, &user.wa_id)?,
    })
}

/// What is known of a number and somebody who is not on WhatsApp.
///
/// # Errors
///
/// When the records cannot be read.
pub fn facts_of_stranger(turn: &mut Turn<'_>, number: &Number) -> Result<Facts, Refused> {
    let nobody: Option<&WaId> = None;
    Ok(Facts {
        reach: Reach {
            business_country: number.country,
            on_allow_list: false,
            user_callable: false,
            restrictions: number.restrictions,
        },
        load: calls::load_of(turn, number, nobody, Direction::BusinessInitiated)?,
        ledger: Ledger::new(),
    })
}

/// What a business may do about calling somebody, known or not. Each reading counts.
///
/// # Errors
///
/// [`Refused::Admission`] where calling is off; [`Refused::TooManyReads`].
pub fn read_permissions(
    turn: &mut Turn<'_>,
    number: &Number,
    to: &Recipient,
) -> Result<Permitted, Refused> {
    if !number.settings.enabled {
        return Err(admission::Refusal::CallingDisabled.into());
    }
    count_reading(turn, number)?;
    let (facts, of_nobody) = match users::by_recipient(turn, to) {
        Ok(user) => (outbound(turn, number, &user)?, false),
        Err(Refused::UnknownUser) => (
            facts_of_stranger(turn, number)?,
            matches!(to, Recipient::Bsuid(_)),
        ),
        Err(other) => return Err(other),
    };
    let mut standing = facts.outbound().standing(turn.now, turn.preset);
    // A message to a number is taken, and fails later if nobody has it; an id that nobody has is
    // refused at once.
    if of_nobody {
        let refused = NoRequest::Reach(reach::Refusal::Uncallable);
        standing.request.refused.get_or_insert(refused);
    }
    Ok(standing)
}

fn count_reading(turn: &mut Turn<'_>, number: &Number) -> Result<(), Refused> {
    let of = RateOf {
        kind: RateKind::PermissionReads,
        number: &number.id,
        wa_id: None,
    };
    let mut bucket = store::rates::find(turn.tx, of)?;
    let rate = Rate::of_permission_reads(&turn.preset.reads);
    bucket
        .take(turn.now, &rate)
        .map_err(Refused::TooManyReads)?;
    Ok(store::rates::save(turn.tx, of, bucket)?)
}
