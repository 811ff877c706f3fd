//! Business numbers.

use diesel::prelude::*;
use rules::reach::Restrictions;
use types::calling::{CallingSettings, MessagingLimit};
use types::{Country, PhoneNumber, PhoneNumberId, Timestamp, WabaId};

use crate::schema::number;
use crate::text::{millis, moment, number as row_count, parse, parse_optional};
use crate::{StoreError, Tx};

/// A business number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Its id in paths and webhooks.
    pub id: PhoneNumberId,
    /// The account that owns it.
    pub waba: WabaId,
    /// The number that people dial.
    pub display: PhoneNumber,
    /// The name that people see.
    pub verified_name: String,
    /// Where it is from, if that is known.
    pub country: Option<Country>,
    /// What is set about its calls.
    pub settings: CallingSettings,
    /// How many users the business may write to first.
    pub messaging_limit: MessagingLimit,
    /// What it is suspended from.
    pub restrictions: Restrictions,
}

/// Saves a number, new or changed.
pub fn save(tx: &mut Tx, row: &Number) -> Result<(), StoreError> {
    let settings = serde_json::to_string(&row.settings).map_err(unreadable)?;
    let restrictions = &row.restrictions;
    let rest = (
        number::waba_id.eq(row.waba.as_str()),
        number::display_number.eq(row.display.digits()),
        number::verified_name.eq(&row.verified_name),
        number::country.eq(row.country.as_ref().map(Country::as_str)),
        number::settings.eq(&settings),
        number::messaging_limit.eq(row.messaging_limit.as_str()),
        number::business_initiated_until.eq(restrictions.business_initiated_until.map(millis)),
        number::user_initiated_until.eq(restrictions.user_initiated_until.map(millis)),
        number::call_button_hidden_until.eq(restrictions.call_button_hidden_until.map(millis)),
    );
    diesel::insert_into(number::table)
        .values((number::id.eq(row.id.as_str()), rest))
        .on_conflict(number::id)
        .do_update()
        .set(rest)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The number of that id, if there is one.
pub fn find(tx: &mut Tx, id: &PhoneNumberId) -> Result<Option<Number>, StoreError> {
    number::table
        .find(id.as_str())
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// The number that people dial so, if there is one.
pub fn find_by_display(tx: &mut Tx, display: &PhoneNumber) -> Result<Option<Number>, StoreError> {
    number::table
        .filter(number::display_number.eq(display.digits()))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Every number, by id.
pub fn list(tx: &mut Tx) -> Result<Vec<Number>, StoreError> {
    number::table
        .order(number::id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// The first moment at which a suspension of any number ends.
pub fn next_restriction_end(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    use diesel::dsl::min;
    let (business, user, button): (Option<i64>, Option<i64>, Option<i64>) = number::table
        .select((
            min(number::business_initiated_until),
            min(number::user_initiated_until),
            min(number::call_button_hidden_until),
        ))
        .first(&mut tx.connection)?;
    let first = [business, user, button].into_iter().flatten().min();
    Ok(first.map(moment))
}

/// Up to `rows` numbers of which a suspension has ended by a moment and still stands in the records.
pub fn restrictions_over(
    tx: &mut Tx,
    by: Timestamp,
    rows: usize,
) -> Result<Vec<Number>, StoreError> {
    let by = millis(by);
    number::table
        .filter(
            number::business_initiated_until
                .le(by)
                .or(number::user_initiated_until.le(by))
                .or(number::call_button_hidden_until.le(by)),
        )
        .order(number::id)
        .limit(row_count(rows as u64))
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

type Raw = (
    String,
    String,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

fn read(raw: Raw) -> Result<Number, StoreError> {
    let (
        id,
        waba,
        display,
        verified_name,
        country,
        settings,
        messaging_limit,
        business,
        user,
        button,
    ) = raw;
    Ok(Number {
        id: parse(&id)?,
        waba: parse(&waba)?,
        display: parse(&display)?,
        verified_name,
        country: parse_optional(country.as_deref())?,
        settings: serde_json::from_str(&settings).map_err(unreadable)?,
        messaging_limit: parse(&messaging_limit)?,
        restrictions: Restrictions {
            business_initiated_until: business.map(moment),
            user_initiated_until: user.map(moment),
            call_button_hidden_until: button.map(moment),
        },
    })
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "number.settings",
        reason: error.to_string(),
    }
}
