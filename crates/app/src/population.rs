//! Who is there in the end: the configured world, with what it leaves open made up from the seed.

use rand::RngExt as _;
use rand_chacha::ChaCha20Rng;

use crate::config::Secrets;
use crate::config::world::{App, Consent, Number, Reachability, Term, User, Waba, World};
use crate::secret::Secret;
use crate::seed::Seed;

/// The secrets of a world, all of them there.
#[derive(Debug, Clone)]
pub struct KnownSecrets {
    /// What the Graph dialect's clients send as a bearer token.
    pub access_token: Secret,
    /// What signs webhooks.
    pub app_secret: Secret,
    /// What the webhook handshake is done with.
    pub verify_token: Secret,
    /// What the 360dialog dialect's clients send as `D360-API-KEY`.
    pub d360_api_key: Secret,
}

impl KnownSecrets {
    /// The configured ones, and the others drawn.
    #[must_use]
    pub fn of(configured: &Secrets, seed: Seed) -> Self {
        let mut chance = seed.chance("secrets");
        // Drawn even where not needed, so that configuring one does not change the others.
        let drawn = Self {
            access_token: Secret::new(format!("EAA{}", word(&mut chance, LETTERS, 60))),
            app_secret: Secret::new(word(&mut chance, HEX, 32)),
            verify_token: Secret::new(word(&mut chance, LETTERS, 24)),
            d360_api_key: Secret::new(format!("{}_AK", word(&mut chance, LETTERS, 22))),
        };
        let or = |configured: &Option<Secret>, drawn| configured.clone().unwrap_or(drawn);
        Self {
            access_token: or(&configured.access_token, drawn.access_token),
            app_secret: or(&configured.app_secret, drawn.app_secret),
            verify_token: or(&configured.verify_token, drawn.verify_token),
            d360_api_key: or(&configured.d360_api_key, drawn.d360_api_key),
        }
    }
}

/// Fills every gap of `world`: a list that is empty gets one entry, an entry gets the secrets and ids
/// that it does not name.
#[must_use]
pub fn complete(mut world: World, secrets: &KnownSecrets, seed: Seed) -> World {
    if world.wabas.is_empty() {
        world.wabas.push(a_waba());
    }
    if world.apps.is_empty() {
        world.apps.push(an_app());
    }
    let made_up = world.numbers.is_empty() && world.users.is_empty() && world.consents.is_empty();
    if world.numbers.is_empty() {
        world.numbers.push(a_number());
    }
    if world.users.is_empty() {
        world.users.push(a_user());
    }
    if made_up {
        world.consents.push(Consent {
            phone_number_id: world.numbers[0].id.clone(),
            wa_id: world.users[0].wa_id.clone(),
            granted: true,
            term: Term::Permanent,
        });
        let reached = world.users[0].wa_id.clone();
        world.numbers[0].recipients.push(reached);
    }
    for app in &mut world.apps {
        app.secret.get_or_insert_with(|| secrets.app_secret.clone());
        app.access_token
            .get_or_insert_with(|| secrets.access_token.clone());
        app.verify_token
            .get_or_insert_with(|| secrets.verify_token.clone());
    }
    let waba = world.wabas[0].id.clone();
    for number in &mut world.numbers {
        number.waba.get_or_insert_with(|| waba.clone());
    }
    // One key opens one number, so only the first gets the default one.
    if let Some(first) = world.numbers.first_mut() {
        first
            .d360_api_key
            .get_or_insert_with(|| secrets.d360_api_key.clone());
    }
    for user in &mut world.users {
        let mut chance = seed.chance(user.wa_id.digits());
        let country = *user.country.get_or_insert_with(|| known("US"));
        let own = word(&mut chance, DIGITS, 20);
        user.bsuid
            .get_or_insert_with(|| known(&format!("{country}.{own}")));
        let token = Secret::new(word(&mut chance, LETTERS, 24));
        user.phone_token.get_or_insert(token);
    }
    world
}

fn a_waba() -> Waba {
    Waba {
        id: known("102290129340398"),
        name: "Example Bakery".to_owned(),
        apps: None,
    }
}

fn an_app() -> App {
    App {
        id: known("634974688087057"),
        name: "Example Calls".to_owned(),
        secret: None,
        access_token: None,
        callback_url: None,
        verify_token: None,
    }
}

fn a_number() -> Number {
    Number {
        id: known("106540352242922"),
        waba: None,
        display_phone_number: known("15550783881"),
        verified_name: "Example Bakery".to_owned(),
        calling_enabled: true,
        country: None,
        recipients: Vec::new(),
        calling: Default::default(),
        messaging_limit: Default::default(),
        d360_api_key: None,
    }
}

fn a_user() -> User {
    User {
        wa_id: known("14085551234"),
        name: "Ada".to_owned(),
        country: Some(known("US")),
        bsuid: None,
        phone_token: None,
        reachability: Reachability::Active,
        online: true,
    }
}

/// A value that is written in this file, or made of ones that were parsed.
fn known<T: std::str::FromStr<Err = types::ParseError>>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(error) => unreachable!("{text}: {error}"),
    }
}

/// So many letters of an alphabet.
fn word(chance: &mut ChaCha20Rng, alphabet: &[u8], letters: usize) -> String {
    (0..letters)
        .map(|_| char::from(alphabet[chance.random_range(0..alphabet.len())]))
        .collect()
}

const DIGITS: &[u8] = b"0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[cfg(test)]
mod tests {
    use super::*;

    fn made(seed: u64) -> World {
        let seed = Seed::chosen(seed);
        let secrets = KnownSecrets::of(&Secrets::default(), seed);
        complete(World::default(), &secrets, seed)
    }

    #[test]
    fn an_empty_world_can_place_a_call() {
        let world = made(7);
        assert_eq!(world.numbers[0].waba, Some(world.wabas[0].id.clone()));
        assert!(world.numbers[0].calling_enabled);
        assert!(world.consents[0].granted);
        assert!(world.users[0].phone_token.is_some());
    }

    #[test]
    fn the_same_seed_makes_the_same_world() {
        let token = |world: &World| {
            let token = world.apps[0].access_token.as_ref().expect("drawn");
            token.reveal().to_owned()
        };
        assert_eq!(token(&made(7)), token(&made(7)));
        assert_ne!(token(&made(7)), token(&made(8)));
        assert_eq!(made(7).users[0].bsuid, made(7).users[0].bsuid);
    }

    #[test]
    fn one_configured_secret_changes_no_other() {
        let configured = Secrets {
            access_token: Some(Secret::new("mine")),
            ..Secrets::default()
        };
        let seed = Seed::chosen(7);
        let mine = KnownSecrets::of(&configured, seed);
        let drawn = KnownSecrets::of(&Secrets::default(), seed);
        assert_eq!(mine.access_token.reveal(), "mine");
        assert_eq!(mine.app_secret.reveal(), drawn.app_secret.reveal());
    }

    #[test]
    fn consent_is_given_only_where_nobody_said_anything() {
        let mut world = World::default();
        world.users.push(a_user());
        let seed = Seed::chosen(7);
        let secrets = KnownSecrets::of(&Secrets::default(), seed);
        assert!(complete(world, &secrets, seed).consents.is_empty());
    }
}
