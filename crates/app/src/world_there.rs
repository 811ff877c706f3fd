//! The configured world in the words of the exchange.

use exchange::world as there;
use exchange::world::{Callback, Scope};
use types::AppId;

use crate::config::world::{App, Number, Reachability, Shape, Subscription, Term, World};
use crate::failure::Failure;
use crate::secret::Secret;

/// The world as the exchange takes it. `world` is complete.
///
/// # Errors
///
/// When an entry names something that is not there.
pub fn for_exchange(world: &World) -> Result<exchange::World, Failure> {
    let first_app = world.apps.first().map(|app| app.id.clone());
    let everyone: Vec<_> = world.apps.iter().map(|app| app.id.clone()).collect();
    let mut callbacks: Vec<Callback> = world.apps.iter().filter_map(of_app).collect();
    for subscription in &world.subscriptions {
        callbacks.push(of_subscription(subscription, world)?);
    }
    Ok(exchange::World {
        wabas: world
            .wabas
            .iter()
            .map(|waba| there::Waba {
                id: waba.id.clone(),
                name: waba.name.clone(),
                apps: waba.apps.clone().unwrap_or_else(|| everyone.clone()),
            })
            .collect(),
        apps: world.apps.iter().map(|app| app_there(app, world)).collect(),
        numbers: world
            .numbers
            .iter()
            .filter_map(|number| number_there(number, first_app.as_ref()).transpose())
            .collect::<Result<_, _>>()?,
        users: world
            .users
            .iter()
            .filter_map(|user| {
                Some(there::User {
                    wa_id: user.wa_id.clone(),
                    bsuid: user.bsuid.clone(),
                    name: user.name.clone(),
                    country: user.country?,
                    phone_token: user.phone_token.as_ref().map(Secret::share),
                    reachability: reachability(user.reachability),
                    online: user.online,
                })
            })
            .collect(),
        consents: world
            .consents
            .iter()
            .map(|consent| there::Consent {
                number: consent.phone_number_id.clone(),
                wa_id: consent.wa_id.clone(),
                term: consent.granted.then(|| term(consent.term)),
            })
            .collect(),
        templates: templates(world)?,
        callbacks,
    })
}

/// The templates, as the requests that would make them.
fn templates(world: &World) -> Result<Vec<there::Template>, Failure> {
    let first = world.wabas.first().map(|waba| &waba.id);
    let mut templates = Vec::new();
    for template in &world.templates {
        let Some(waba) = template.waba.as_ref().or(first) else {
            continue;
        };
        let wrong = |error: serde_json::Error| {
            let name = &template.name;
            Failure::configuration(format!("world.templates: {name}: {error}"))
        };
        let mut parameters = serde_json::Map::new();
        let format = template.parameter_format.as_deref();
        let words = [
            ("name", Some(template.name.as_str())),
            ("language", Some(template.language.as_str())),
            ("category", Some(template.category.as_str())),
            ("parameter_format", format),
        ];
        for (key, value) in words {
            parameters.extend(value.map(|value| (key.to_owned(), value.into())));
        }
        let components = serde_json::to_value(&template.components).map_err(wrong)?;
        parameters.insert("components".to_owned(), components);
        templates.push(there::Template {
            waba: waba.clone(),
            parameters,
        });
    }
    Ok(templates)
}

const fn reachability(configured: Reachability) -> there::Reachability {
    match configured {
        Reachability::Active => there::Reachability::Active,
        Reachability::NotOnWhatsApp => there::Reachability::NotOnWhatsApp,
        Reachability::OutdatedClient => there::Reachability::OutdatedClient,
        Reachability::TermsNotAccepted => there::Reachability::TermsNotAccepted,
    }
}

const fn term(configured: Term) -> there::Term {
    match configured {
        Term::Temporary => there::Term::Temporary,
        Term::Permanent => there::Term::Permanent,
    }
}

/// None for a number without an account, which a complete world has not.
fn number_there(number: &Number, app: Option<&AppId>) -> Result<Option<there::Number>, Failure> {
    let Some(waba) = number.waba.clone() else {
        return Ok(None);
    };
    let calling = there::read_calling(&number.calling).map_err(|said| {
        Failure::configuration(format!(
            "world.numbers, the one with id {}: {said}",
            number.id
        ))
    })?;
    let key = number.d360_api_key.as_ref().map(Secret::share);
    Ok(Some(there::Number {
        id: number.id.clone(),
        waba,
        display: number.display_phone_number.clone(),
        verified_name: number.verified_name.clone(),
        calling_enabled: number.calling_enabled,
        calling,
        messaging_limit: number.messaging_limit,
        country: number.country,
        recipients: number.recipients.clone(),
        d360_key: key.zip(app.cloned()),
    }))
}

fn app_there(app: &App, world: &World) -> there::App {
    let secret = app.secret.as_ref().map(Secret::share).unwrap_or_default();
    let token = app.access_token.as_ref();
    there::App {
        id: app.id.clone(),
        name: app.name.clone(),
        secret,
        tokens: world
            .wabas
            .iter()
            .filter_map(|waba| Some((token?.share(), waba.id.clone())))
            .collect(),
    }
}

/// Where an app's own webhooks go, if it says so.
fn of_app(app: &App) -> Option<Callback> {
    Some(Callback {
        app: app.id.clone(),
        scope: Scope::App,
        url: app.callback_url.as_ref()?.to_string(),
        verify_token: app.verify_token.as_ref()?.reveal().to_owned(),
        fields: Vec::new(),
        shape: there::Shape::Rich,
        dialect: there::Dialect::Graph,
        headers: Default::default(),
    })
}

fn of_subscription(subscription: &Subscription, world: &World) -> Result<Callback, Failure> {
    let wrong = |said: &str| Failure::configuration(format!("world.subscriptions: {said}"));
    let scope = match (&subscription.waba, &subscription.number) {
        (Some(waba), None) => Scope::Waba(waba.clone()),
        (None, Some(number)) => Scope::Number(number.clone()),
        (None, None) => return Err(wrong("say which `waba` or which `number` it is for")),
        (Some(_), Some(_)) => return Err(wrong("it is for a `waba` or for a `number`, not both")),
    };
    let named = |app: &&App| subscription.app.as_ref().is_none_or(|id| *id == app.id);
    let app = world
        .apps
        .iter()
        .find(named)
        .ok_or_else(|| wrong("its `app` is not one of world.apps"))?;
    Ok(Callback {
        app: app.id.clone(),
        scope,
        url: subscription.url.to_string(),
        verify_token: app
            .verify_token
            .as_ref()
            .map(|token| token.reveal().to_owned())
            .unwrap_or_default(),
        fields: subscription.fields.clone(),
        shape: match subscription.shape {
            Shape::Rich => there::Shape::Rich,
            Shape::DocExact => there::Shape::DocExact,
        },
        dialect: there::Dialect::Graph,
        headers: Default::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_consent_and_reach_arrives() {
        let file = r#"
            [[apps]]
            id = "634974688087057"
            name = "Calls"
            [[wabas]]
            id = "102290129340398"
            name = "Bakery"
            [[numbers]]
            id = "106540352242922"
            waba = "102290129340398"
            display_phone_number = "+55 11 91234 5678"
            verified_name = "Bakery"
            country = "PT"
            recipients = ["14085551234"]
            [[users]]
            wa_id = "14085551234"
            name = "Ada"
            country = "US"
            reachability = "not_on_whatsapp"
            online = false
            [[users]]
            wa_id = "14085551235"
            name = "Ben"
            country = "US"
            [[consents]]
            phone_number_id = "106540352242922"
            wa_id = "14085551234"
            granted = true
            term = "temporary"
            [[consents]]
            phone_number_id = "106540352242922"
            wa_id = "14085551234"
            granted = false
        "#;
        let world: World = toml::from_str(file).expect("a world");
        let there = for_exchange(&world).expect("a world that holds together");
        let number = &there.numbers[0];
        assert_eq!(number.country.expect("a country").as_str(), "PT");
        assert_eq!(number.recipients, [world.users[0].wa_id.clone()]);
        assert_eq!(
            there.users[0].reachability,
            there::Reachability::NotOnWhatsApp
        );
        let online: Vec<_> = there.users.iter().map(|it| it.online).collect();
        assert_eq!(online, [false, true], "online unless said otherwise");
        let terms: Vec<_> = there.consents.iter().map(|it| it.term).collect();
        assert_eq!(terms, [Some(there::Term::Temporary), None]);
    }
}
