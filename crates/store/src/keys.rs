//! Who a request speaks for: access tokens and 360dialog keys, kept as SHA-256 only.

use diesel::prelude::*;
use types::{AppId, PhoneNumberId, WabaId};

use crate::schema::{access_token, d360_key};
use crate::text::parse;
use crate::{StoreError, Tx};

/// What an access token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHolder {
    /// The app it was made for.
    pub app: AppId,
    /// The account it may work on.
    pub waba: WabaId,
}

/// What a 360dialog key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct D360Holder {
    /// The number it stands for.
    pub number: PhoneNumberId,
    /// The app whose secret signs what the number's webhook gets.
    pub app: AppId,
}

/// Saves an access token by the hex of its SHA-256.
pub fn save_token(tx: &mut Tx, sha256_hex: &str, holder: &TokenHolder) -> Result<(), StoreError> {
    diesel::replace_into(access_token::table)
        .values((
            access_token::hash.eq(sha256_hex),
            access_token::app_id.eq(holder.app.as_str()),
            access_token::waba_id.eq(holder.waba.as_str()),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// What the token of that SHA-256 opens, if it is known.
pub fn find_token(tx: &mut Tx, sha256_hex: &str) -> Result<Option<TokenHolder>, StoreError> {
    access_token::table
        .find(sha256_hex)
        .select((access_token::app_id, access_token::waba_id))
        .first::<(String, String)>(&mut tx.connection)
        .optional()?
        .map(|(app, waba)| {
            Ok(TokenHolder {
                app: parse(&app)?,
                waba: parse(&waba)?,
            })
        })
        .transpose()
}

/// Saves a 360dialog key by the hex of its SHA-256.
pub fn save_d360(tx: &mut Tx, sha256_hex: &str, holder: &D360Holder) -> Result<(), StoreError> {
    diesel::replace_into(d360_key::table)
        .values((
            d360_key::hash.eq(sha256_hex),
            d360_key::phone_number_id.eq(holder.number.as_str()),
            d360_key::app_id.eq(holder.app.as_str()),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// What the 360dialog key of that SHA-256 opens, if it is known.
pub fn find_d360(tx: &mut Tx, sha256_hex: &str) -> Result<Option<D360Holder>, StoreError> {
    d360_key::table
        .find(sha256_hex)
        .select((d360_key::phone_number_id, d360_key::app_id))
        .first::<(String, String)>(&mut tx.connection)
        .optional()?
        .map(|(number, app)| {
            Ok(D360Holder {
                number: parse(&number)?,
                app: parse(&app)?,
            })
        })
        .transpose()
}
