//! Meta apps: each holds the secret that signs the webhooks it gets.

use std::fmt;

use diesel::prelude::*;
use types::AppId;

use crate::schema::app;
use crate::text::parse;
use crate::{StoreError, Tx};

/// A Meta app.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// What its owner calls it.
    pub name: String,
    /// The secret that signs webhooks.
    pub secret: String,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Saves an app, new or changed.
pub fn save(tx: &mut Tx, row: &App) -> Result<(), StoreError> {
    let rest = (app::name.eq(&row.name), app::secret.eq(&row.secret));
    diesel::insert_into(app::table)
        .values((app::id.eq(row.id.as_str()), rest))
        .on_conflict(app::id)
        .do_update()
        .set(rest)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The app of that id, if there is one.
pub fn find(tx: &mut Tx, id: &AppId) -> Result<Option<App>, StoreError> {
    let rest = app::table
        .find(id.as_str())
        .select((app::name, app::secret))
        .first::<(String, String)>(&mut tx.connection)
        .optional()?;
    Ok(rest.map(|(name, secret)| App {
        id: id.clone(),
        name,
        secret,
    }))
}

/// Every app, by id.
pub fn list(tx: &mut Tx) -> Result<Vec<App>, StoreError> {
    app::table
        .order(app::id)
        .load::<(String, String, String)>(&mut tx.connection)?
        .into_iter()
        .map(|(id, name, secret)| {
            Ok(App {
                id: parse(&id)?,
                name,
                secret,
            })
        })
        .collect()
}
