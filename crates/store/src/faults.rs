//! Armed faults, and the webhooks that they hold back.

use diesel::dsl::count_star;
use diesel::prelude::*;
use rules::fault::{Armed, Filter, Operation, Times};
use types::{Direction, FaultId, Timestamp};

use crate::schema::fault;
use crate::text::{millis, moment, number, parse, parse_optional, whole, words};
use crate::{StoreError, Tx};

mod column;
mod held;

pub use held::{hold, release};

/// An armed fault as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRow {
    /// Its id.
    pub id: FaultId,
    /// The fault, with what it has met.
    pub armed: Armed,
    /// When it was armed.
    pub armed_at: Timestamp,
}

words! {
    /// How often a fault fires, in one word.
    TimesWord, "count of firings":
    /// At every occasion.
    Always = "always",
    /// At the next few.
    Next = "next",
    /// By chance.
    Permille = "permille",
}

/// Adds a fault.
pub fn insert(tx: &mut Tx, armed: &Armed, now: Timestamp) -> Result<FaultId, StoreError> {
    let (word, count) = times(armed.times);
    let Filter {
        number: of_number,
        wa_id,
        operation,
        event,
        direction,
    } = &armed.filter;
    let id = diesel::insert_into(fault::table)
        .values((
            fault::kind.eq(column::write(&armed.fault)?),
            fault::phone_number_id.eq(of_number.as_ref().map(|id| id.as_str())),
            fault::wa_id.eq(wa_id.as_ref().map(|id| id.digits())),
            fault::operation.eq(operation.map(Operation::as_str)),
            fault::event.eq(event.as_deref()),
            fault::direction.eq(direction.map(Direction::as_str)),
            fault::times.eq(word.as_str()),
            fault::times_count.eq(count.map(i64::from)),
            fault::seed.eq(armed.seed.cast_signed()),
            fault::armed_at.eq(millis(now)),
            counts(armed),
        ))
        .returning(fault::id)
        .get_result::<i64>(&mut tx.connection)?;
    Ok(FaultId(whole(id)))
}

/// Saves what a fault has met.
pub fn update(tx: &mut Tx, row: &FaultRow) -> Result<(), StoreError> {
    diesel::update(fault::table.find(number(row.id.0)))
        .set(counts(&row.armed))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The fault of that id, if there is one.
pub fn find(tx: &mut Tx, id: FaultId) -> Result<Option<FaultRow>, StoreError> {
    fault::table
        .find(number(id.0))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Every fault, in the order in which they were armed.
pub fn list(tx: &mut Tx) -> Result<Vec<FaultRow>, StoreError> {
    fault::table
        .order(fault::id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// The faults that may still fire, in the order in which they were armed.
pub fn live(tx: &mut Tx) -> Result<Vec<FaultRow>, StoreError> {
    fault::table
        .filter(fault::spent.eq(false))
        .order(fault::id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Whether any fault may still fire.
pub fn any_live(tx: &mut Tx) -> Result<bool, StoreError> {
    let live = fault::table.filter(fault::spent.eq(false));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(&mut tx.connection)?)
}

/// How many faults there are.
pub fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    let count = fault::table
        .select(count_star())
        .first::<i64>(&mut tx.connection)?;
    Ok(whole(count))
}

/// Removes a fault; says whether there was one.
pub fn remove(tx: &mut Tx, id: FaultId) -> Result<bool, StoreError> {
    let rows = diesel::delete(fault::table.find(number(id.0))).execute(&mut tx.connection)?;
    Ok(rows > 0)
}

fn times(times: Times) -> (TimesWord, Option<u32>) {
    match times {
        Times::Always => (TimesWord::Always, None),
        Times::Next(count) => (TimesWord::Next, Some(count)),
        Times::Permille(chance) => (TimesWord::Permille, Some(chance)),
    }
}

type Counts = (
    diesel::dsl::Eq<fault::met, i64>,
    diesel::dsl::Eq<fault::fired, i64>,
    diesel::dsl::Eq<fault::spent, bool>,
);

fn counts(armed: &Armed) -> Counts {
    (
        fault::met.eq(number(armed.met)),
        fault::fired.eq(number(armed.fired)),
        fault::spent.eq(armed.is_spent()),
    )
}

type Raw = (
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    Option<i64>,
    i64,
    i64,
    i64,
    bool,
    i64,
);

fn read(raw: Raw) -> Result<FaultRow, StoreError> {
    let (id, kind, of_number, wa_id, operation, event, direction, times, count, ..) = raw;
    let (.., seed, met, fired, _, armed_at) = raw;
    let count = count
        .and_then(|count| u32::try_from(count).ok())
        .unwrap_or(0);
    let operation = operation
        .map(|word| {
            Operation::from_word(&word).ok_or_else(|| StoreError::State {
                column: "fault.operation",
                reason: format!("there is no operation `{word}`"),
            })
        })
        .transpose()?;
    Ok(FaultRow {
        id: FaultId(whole(id)),
        armed: Armed {
            fault: column::read(&kind)?,
            filter: Filter {
                number: parse_optional(of_number.as_deref())?,
                wa_id: parse_optional(wa_id.as_deref())?,
                operation,
                event,
                direction: parse_optional(direction.as_deref())?,
            },
            times: match parse(&times)? {
                TimesWord::Always => Times::Always,
                TimesWord::Next => Times::Next(count),
                TimesWord::Permille => Times::Permille(count),
            },
            seed: seed.cast_unsigned(),
            met: whole(met),
            fired: whole(fired),
        },
        armed_at: moment(armed_at),
    })
}
