//! WhatsApp Business Accounts, and the apps each has subscribed to itself.

use diesel::prelude::*;
use rules::account::{Ban, BanState, Standing};
use rules::rate::Bucket;
use types::{AppId, WabaId};

use crate::schema::{waba, waba_app};
use crate::text::{millis, moment, number, parse, whole};
use crate::{StoreError, Tx};

/// A WhatsApp Business Account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waba {
    /// Its id.
    pub id: WabaId,
    /// What its owner calls it.
    pub name: String,
}

/// Saves an account, new or changed.
pub fn save(tx: &mut Tx, row: &Waba) -> Result<(), StoreError> {
    let name = waba::name.eq(&row.name);
    diesel::insert_into(waba::table)
        .values((waba::id.eq(row.id.as_str()), name))
        .on_conflict(waba::id)
        .do_update()
        .set(name)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The account of that id, if there is one.
pub fn find(tx: &mut Tx, id: &WabaId) -> Result<Option<Waba>, StoreError> {
    let name = waba::table
        .find(id.as_str())
        .select(waba::name)
        .first::<String>(&mut tx.connection)
        .optional()?;
    Ok(name.map(|name| Waba {
        id: id.clone(),
        name,
    }))
}

/// Every account, by id.
pub fn list(tx: &mut Tx) -> Result<Vec<Waba>, StoreError> {
    waba::table
        .order(waba::id)
        .select((waba::id, waba::name))
        .load::<(String, String)>(&mut tx.connection)?
        .into_iter()
        .map(|(id, name)| {
            Ok(Waba {
                id: parse(&id)?,
                name,
            })
        })
        .collect()
}

/// How often an account made a template lately: the bucket as it was left.
pub fn new_templates(tx: &mut Tx, id: &WabaId) -> Result<Bucket, StoreError> {
    let (owed, at) = waba::table
        .find(id.as_str())
        .select((waba::templates_owed, waba::templates_at))
        .first::<(i64, Option<i64>)>(&mut tx.connection)?;
    Ok(Bucket {
        owed: whole(owed),
        at: at.map(moment),
    })
}

/// Saves that bucket.
pub fn save_new_templates(tx: &mut Tx, id: &WabaId, bucket: Bucket) -> Result<(), StoreError> {
    diesel::update(waba::table.find(id.as_str()))
        .set((
            waba::templates_owed.eq(number(bucket.owed)),
            waba::templates_at.eq(bucket.at.map(millis)),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// What the platform holds against an account; nothing against one that is not there.
pub fn standing(tx: &mut Tx, id: &WabaId) -> Result<Standing, StoreError> {
    let row = waba::table
        .find(id.as_str())
        .select((
            waba::payment_missing,
            waba::business_initiated_until,
            waba::customer_initiated_until,
            waba::ban,
            waba::banned_at,
        ))
        .first::<(bool, Option<i64>, Option<i64>, Option<String>, Option<i64>)>(&mut tx.connection)
        .optional()?;
    let Some((payment_missing, business, customer, ban, banned_at)) = row else {
        return Ok(Standing::default());
    };
    let ban = match (ban, banned_at) {
        (Some(word), Some(since)) => Some(Ban {
            state: BanState::from_word(&word)
                .ok_or_else(|| StoreError::state("waba.ban", "none that is known"))?,
            since: moment(since),
        }),
        (None, _) | (_, None) => None,
    };
    Ok(Standing {
        payment_missing,
        business_initiated_until: business.map(moment),
        customer_initiated_until: customer.map(moment),
        ban,
    })
}

/// Saves what the platform holds against an account.
pub fn save_standing(tx: &mut Tx, id: &WabaId, standing: &Standing) -> Result<(), StoreError> {
    diesel::update(waba::table.find(id.as_str()))
        .set((
            waba::payment_missing.eq(standing.payment_missing),
            waba::business_initiated_until.eq(standing.business_initiated_until.map(millis)),
            waba::customer_initiated_until.eq(standing.customer_initiated_until.map(millis)),
            waba::ban.eq(standing.ban.map(|ban| ban.state.as_str())),
            waba::banned_at.eq(standing.ban.map(|ban| millis(ban.since))),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Subscribes an app to an account's webhooks; once is as good as twice.
pub fn subscribe(tx: &mut Tx, id: &WabaId, app: &AppId) -> Result<(), StoreError> {
    diesel::insert_or_ignore_into(waba_app::table)
        .values((
            waba_app::waba_id.eq(id.as_str()),
            waba_app::app_id.eq(app.as_str()),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Ends an app's subscription to an account; says whether there was one.
pub fn unsubscribe(tx: &mut Tx, id: &WabaId, app: &AppId) -> Result<bool, StoreError> {
    let rows = diesel::delete(waba_app::table.find((id.as_str(), app.as_str())))
        .execute(&mut tx.connection)?;
    Ok(rows > 0)
}

/// The apps that an account has subscribed, by id.
pub fn subscribed_apps(tx: &mut Tx, id: &WabaId) -> Result<Vec<AppId>, StoreError> {
    waba_app::table
        .filter(waba_app::waba_id.eq(id.as_str()))
        .order(waba_app::app_id)
        .select(waba_app::app_id)
        .load::<String>(&mut tx.connection)?
        .iter()
        .map(|id| parse(id))
        .collect()
}
