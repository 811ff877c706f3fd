//! What the configuration takes, and how it answers a mistake.

use std::fs;
use std::path::Path;

use gateway::handlers::HandlerKind;
use toml::{Table, Value};

use super::keys::{Kind, keys};
use super::{Config, LogFormat, Sources, load};

/// What comes of a file and variables: the configuration, or the sentence that refuses it.
fn told(file: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dialtone.toml");
    fs::write(&path, file).expect("written");
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let sources = Sources {
        file: Some(path.clone()),
        variables,
    };
    match load(&sources) {
        Ok(loaded) => Ok(loaded.config),
        Err(failure) => Err(failure
            .to_string()
            .replace(&path.display().to_string(), "dialtone.toml")),
    }
}

#[test]
fn an_empty_file_is_the_default() {
    let config = told("", &[]).expect("an empty file");
    assert_eq!(config.listen.public.to_string(), "127.0.0.1:7080");
    assert_eq!(config.listen.control.to_string(), "127.0.0.1:7081");
    assert_eq!(config.listen.gateway.to_string(), "127.0.0.1:7090");
    assert_eq!(config.media.port, 7082);
    assert_eq!(config.preset.name, "meta-2026");
}

#[test]
fn a_variable_overrides_the_file() {
    let file = "seed = 1\n[log]\nformat = \"pretty\"\n[media]\nport = 9000\n";
    let config = told(
        file,
        &[
            ("DIALTONE_SEED", "7"),
            ("DIALTONE_LOG_FORMAT", "json"),
            ("DIALTONE_MEDIA_ADVERTISE", "203.0.113.5, 2001:db8::5"),
            ("DIALTONE_PRESET_SDP_SEVERAL_FINGERPRINTS", "true"),
            ("DIALTONE_GATEWAY_HANDLER_HZ", "600"),
            ("DIALTONE_GATEWAY_HANDLER_KIND", "record"),
            ("PATH", "/bin"),
        ],
    )
    .expect("a configuration");
    assert_eq!(config.seed, Some(7));
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.media.port, 9000, "what no variable names stays");
    assert_eq!(config.media.advertise.len(), 2);
    assert_eq!(config.gateway.handler.kind, HandlerKind::Record);
    let preset = config.preset.preset().expect("a preset");
    assert!(preset.sdp.several_fingerprints);
}

#[test]
fn a_mistake_is_named_with_its_line() {
    let refused = |file: &str| told(file, &[]).expect_err(file);
    insta::assert_snapshot!(refused("seed = 7\n[media]\nprot = 9000\n"), @"dialtone.toml:3: `prot` is not a key here; did you mean `port`?");
    insta::assert_snapshot!(refused("[listen]\npublic = \"localhost\"\n"), @"dialtone.toml:2: invalid socket address syntax");
    insta::assert_snapshot!(refused("[gateway.handler]\nkind = \"ekko\"\n"), @"dialtone.toml:2: `ekko` is not known here; did you mean `echo`?");
    insta::assert_snapshot!(refused("[[world.users]]\nwa_id = \"12\"\nname = \"Ann\"\n"), @"dialtone.toml:2: not a phone number: at least 5 digits, country code included");
    insta::assert_snapshot!(refused("[preset.calls]\nring_for_secs = 5\n"), @"dialtone.toml:1: `calls.ring_for_secs` is not a setting of a preset; did you mean `calls.ring_for_ms`?");
    insta::assert_snapshot!(refused("[preset.calls]\nring_for_ms = true\n"), @"dialtone.toml:1: `calls.ring_for_ms` takes a whole number of milliseconds");
    insta::assert_snapshot!(refused("seed = \n"), @"dialtone.toml:1: string values must be quoted, expected literal string");
}

#[test]
fn a_wrong_variable_is_named() {
    let refused = |name: &str, value: &str| told("", &[(name, value)]).expect_err(name);
    insta::assert_snapshot!(refused("DIALTONE_SEED", "seven"), @"DIALTONE_SEED is not a number");
    insta::assert_snapshot!(refused("DIALTONE_LISTEN_PUBLIC", "7080"), @"DIALTONE_LISTEN_PUBLIC: invalid socket address syntax");
    insta::assert_snapshot!(refused("DIALTONE_LOG_FORMAT", "jsno"), @"DIALTONE_LOG_FORMAT: `jsno` is not known here; did you mean `json`?");
}

#[test]
fn a_variable_that_means_nothing_is_doubted() {
    let doubts = |name: &str| {
        let sources = Sources {
            file: None,
            variables: vec![(name.to_owned(), "1".to_owned())],
        };
        load(&sources).expect("a configuration").doubts
    };
    assert_eq!(
        doubts("DIALTONE_SEDE"),
        ["the variable DIALTONE_SEDE is set and means nothing here; did you mean `DIALTONE_SEED`?"]
    );
    assert!(doubts("DIALTONE_GRAPH_URL").is_empty());
}

#[test]
fn an_unknown_preset_is_answered_with_the_nearest() {
    let config = told("[preset]\nname = \"meta-2025\"\n", &[]).expect("a name is a text");
    insta::assert_snapshot!(config.preset.preset().expect_err("unknown"), @"preset.name: there is no preset `meta-2025`; did you mean `meta-2026`?");
}

#[test]
fn every_key_can_be_set_and_every_value_has_a_key() {
    let mut variables = Vec::new();
    for key in keys() {
        let value = match (key.path.as_str(), key.kind) {
            ("gateway.platform.url" | "listen.public_url", _) => "http://localhost:1",
            ("log.format", _) => "json",
            ("gateway.platform.dialect", _) => "d360",
            ("gateway.handler.kind", _) => "tone",
            (path, _) if path.starts_with("listen.") => "127.0.0.1:1",
            ("preset.name", _) => "seeds-2025",
            ("preset.hours.holidays", _) => "open",
            ("preset.eligibility.restrictions", _) => "combined",
            ("preset.templates.review", _) => "wait",
            ("preset.templates.rejected_reason", _) => "SCAM",
            (path, Kind::List) if path.starts_with("preset.") => "US,CA",
            (_, Kind::List) => "127.0.0.1",
            (_, Kind::Flag) => "true",
            (_, Kind::Text | Kind::Secret | Kind::Number) => "1",
        };
        variables.push((key.variable(), value));
    }
    let variables: Vec<(&str, &str)> = variables.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    let config = told("", &variables).expect("every key takes its value");
    let written = Table::try_from(&config).expect("a table");
    let mut paths = Vec::new();
    leaves(&written, "", &mut paths);
    let mut known: Vec<String> = keys().into_iter().map(|key| key.path).collect();
    paths.sort_unstable();
    known.sort_unstable();
    assert_eq!(paths, known, "keys() and Config name the same keys");
}

#[test]
fn secrets_are_not_written() {
    let config = told("", &[("DIALTONE_SECRETS_ACCESS_TOKEN", "EAAGsecret")]).expect("set");
    let written = toml::to_string(&config).expect("a text");
    assert!(written.contains("access_token = \"(hidden)\""), "{written}");
    assert!(!written.contains("EAAG"));
    assert!(!format!("{config:?}").contains("EAAG"));
}

/// The paths of all single values but those of the world's lists.
fn leaves(table: &Table, under: &str, paths: &mut Vec<String>) {
    for (name, value) in table {
        let path = format!("{under}{name}");
        match value {
            Value::Table(inner) if path != "world" => leaves(inner, &format!("{path}."), paths),
            Value::Table(_) => {}
            _ => paths.push(path),
        }
    }
}

#[test]
fn the_guide_lists_every_key() {
    let mut table = String::from("| key | default | what it means |\n|---|---|---|\n");
    let default = Table::try_from(Config::default()).expect("a table");
    for key in keys() {
        let value = key
            .path
            .split('.')
            .try_fold(&Value::Table(default.clone()), |value, part| {
                value.get(part).ok_or(())
            })
            .map_or_else(|()| String::new(), |value| format!("`{value}`"));
        table.push_str(&format!("| `{}` | {value} | {} |\n", key.path, key.says));
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/configuration.md");
    let page = fs::read_to_string(page).expect("the guide's page");
    assert!(
        page.contains(&table),
        "docs/guide/configuration.md must have this table:\n\n{table}"
    );
}

#[test]
fn the_guides_examples_can_be_read() {
    let mut examples = 0;
    for page in ["configuration.md", "consent.md", "gateway.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../docs/guide")
            .join(page);
        let text = fs::read_to_string(path).expect("the guide's page");
        for block in text.split("```toml\n").skip(1) {
            let example = block.split("```").next().expect("a block's text");
            told(example, &[]).unwrap_or_else(|refusal| panic!("{page}: {refusal}\n{example}"));
            examples += 1;
        }
    }
    assert!(examples >= 3, "only {examples} examples were found");
}
