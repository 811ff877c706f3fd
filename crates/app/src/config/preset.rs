//! The preset by name, and what of it the configuration changes: any of [`Preset::SETTINGS`], by its
//! name.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::Table;
use types::Preset;
use types::preset::Value;

use crate::failure::Failure;
use crate::suggest::did_you_mean;

/// A preset, with the settings that differ from it.
#[derive(Debug, Clone)]
pub struct PresetChoice {
    /// One of [`Preset::NAMES`].
    pub name: String,
    changes: Vec<(&'static str, Value)>,
}

impl PresetChoice {
    /// The preset with these changes.
    ///
    /// # Errors
    ///
    /// When there is none of that name.
    pub fn preset(&self) -> Result<Preset, Failure> {
        let mut preset = Preset::by_name(&self.name).ok_or_else(|| {
            Failure::configuration(format!(
                "preset.name: there is no preset `{}`{}",
                self.name,
                did_you_mean(&self.name, Preset::NAMES)
            ))
        })?;
        for (name, value) in &self.changes {
            preset
                .set(name, value.clone())
                .map_err(|fault| Failure::configuration(format!("preset: {fault}")))?;
        }
        Ok(preset)
    }

    /// Takes what a table says, all of which has to be a setting that takes its value.
    fn change(&mut self, table: Table, under: &str) -> Result<(), String> {
        for (key, value) in table {
            let name = format!("{under}{key}");
            match value {
                toml::Value::Table(inner) => self.change(inner, &format!("{name}."))?,
                toml::Value::String(text) if name == "name" => self.name = text,
                value => self.set(&name, value)?,
            }
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: toml::Value) -> Result<(), String> {
        let names = || Preset::SETTINGS.iter().map(|setting| setting.name);
        let known = names().find(|it| *it == name).ok_or_else(|| {
            let near = did_you_mean(name, names());
            format!("`{name}` is not a setting of a preset{near}")
        })?;
        let wanted = Preset::default().get(known);
        let value = as_setting(value, wanted.as_ref())
            .ok_or_else(|| format!("`{name}` cannot be set to that"))?;
        let fits = Preset::default().set(known, value.clone());
        fits.map_err(|fault| fault.to_string())?;
        self.changes.push((known, value));
        Ok(())
    }
}

/// A value of the file as one of a preset; `wanted` tells an empty list from another.
fn as_setting(value: toml::Value, wanted: Option<&Value>) -> Option<Value> {
    match value {
        toml::Value::Integer(number) => number.try_into().ok().map(Value::Number),
        toml::Value::Boolean(flag) => Some(Value::Flag(flag)),
        toml::Value::String(word) => Some(Value::Word(word)),
        toml::Value::Array(list) if matches!(wanted, Some(Value::Countries(_))) => {
            let country = |it: &toml::Value| it.as_str()?.parse().ok();
            let countries: Option<Vec<_>> = list.iter().map(country).collect();
            countries.map(Value::Countries)
        }
        _ => None,
    }
}

impl Default for PresetChoice {
    fn default() -> Self {
        Self {
            name: Preset::default().name,
            changes: Vec::new(),
        }
    }
}

impl<'de> Deserialize<'de> for PresetChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = Table::deserialize(deserializer)?;
        let mut choice = Self::default();
        choice.change(table, "").map_err(D::Error::custom)?;
        Ok(choice)
    }
}

/// Written whole: the name and every setting, changed or not.
impl Serialize for PresetChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let preset = self.preset().map_err(serde::ser::Error::custom)?;
        let mut table = Table::new();
        table.insert("name".to_owned(), self.name.clone().into());
        for setting in Preset::SETTINGS {
            let value = match preset.get(setting.name) {
                Some(Value::Number(number)) => {
                    toml::Value::Integer(number.try_into().unwrap_or(i64::MAX))
                }
                Some(Value::Flag(flag)) => flag.into(),
                Some(Value::Word(word)) => word.into(),
                Some(Value::Countries(countries)) => {
                    let names = countries.iter().map(|it| it.as_str().to_owned().into());
                    toml::Value::Array(names.collect())
                }
                None => continue,
            };
            super::load::put(&mut table, setting.name, value);
        }
        table.serialize(serializer)
    }
}
