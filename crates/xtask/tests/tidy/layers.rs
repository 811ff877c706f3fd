//! Which of our crates may lean on which, and which of the world's crates each may know. A new edge
//! is a design decision: change the table and ARCHITECTURE.md in the same commit.

use std::collections::BTreeMap;

use toml::Table;

use crate::{hold, source};

/// One of our crates.
struct Layer {
    name: &'static str,
    /// Its height; it may lean on lower ones only. None: it stands beside the house.
    floor: Option<u8>,
    /// The crates of ours that it may lean on.
    may_use: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    layer("types", 1, &[]),
    layer("wire", 2, &["types"]),
    layer("rules", 2, &["types"]),
    layer("media", 2, &["types"]),
    layer("store", 3, &["types", "rules"]),
    layer("media-io", 3, &["types", "media"]),
    layer("phone", 4, &["types", "media", "media-io"]),
    layer(
        "exchange",
        5,
        &[
            "types", "wire", "rules", "store", "media", "media-io", "phone",
        ],
    ),
    layer(
        "gateway",
        5,
        &["types", "wire", "store", "media", "media-io"],
    ),
    layer("web", 5, &[]),
    layer(
        "app",
        6,
        &[
            "exchange", "gateway", "phone", "web", "types", "media", "media-io",
        ],
    ),
    beside("load", &["types", "wire", "media", "media-io"]),
    beside(
        "sim",
        &["types", "wire", "rules", "store", "phone", "exchange"],
    ),
    beside("testkit", &["types"]),
    beside("xtask", &[]),
];

/// Crates of the world that only some of ours may know, and why.
const KNOWN_TO: &[(&str, &[&str], &str)] = &[
    (
        "str0m",
        &["media"],
        "one crate knows how WebRTC is done, so that it can be replaced",
    ),
    (
        "dimpl",
        &["media"],
        "one crate knows how WebRTC is done, so that it can be replaced",
    ),
    (
        "opus-pure",
        &["media"],
        "one crate knows the codec, behind a trait",
    ),
    (
        "rubato",
        &["media"],
        "one crate turns one sampling rate into another",
    ),
    (
        "hound",
        &["media"],
        "one crate reads and writes audio files",
    ),
    (
        "nix",
        &["media-io", "load"],
        "one crate makes batched system calls, and the load tool's bare forwarder",
    ),
    (
        "socket2",
        &["media-io", "load"],
        "one crate sets options of sockets, and the load tool those of its bare forwarder",
    ),
    (
        "jiff",
        &["exchange"],
        "one crate knows time zones; rules are told their offsets",
    ),
    ("diesel", &["store"], "one crate knows SQL"),
    ("diesel_migrations", &["store"], "one crate knows SQL"),
    ("libsqlite3-sys", &["store"], "one crate knows the database"),
    (
        "webrtc-sdp",
        &["wire"],
        "a session description is parsed at the door, once",
    ),
    ("rust-embed", &["web"], "one crate holds the built pages"),
    (
        "clap",
        &["app", "load"],
        "arguments are read where a process starts",
    ),
    (
        "getrandom",
        &["app"],
        "chance enters in one place, as a seed",
    ),
    (
        "metrics-exporter-prometheus",
        &["app"],
        "one place decides how metrics are read",
    ),
    (
        "tracing-subscriber",
        &["app"],
        "one place decides how logs are written",
    ),
    (
        "axum",
        &["exchange", "gateway", "web", "app", "load", "testkit"],
        "HTTP is known from floor 5 up",
    ),
    (
        "reqwest",
        &["exchange", "gateway", "app", "load", "testkit"],
        "HTTP is known from floor 5 up",
    ),
    (
        "utoipa",
        &["exchange", "gateway"],
        "HTTP is known from floor 5 up",
    ),
    (
        "tokio",
        &[
            "phone", "exchange", "gateway", "web", "app", "load", "testkit",
        ],
        "decisions, records and media run without a runtime, at full speed, in tests",
    ),
    (
        "serde",
        &[
            "types", "wire", "store", "phone", "exchange", "gateway", "app", "load",
        ],
        "rules and media are not on any wire",
    ),
    (
        "rand",
        &["exchange", "gateway", "phone", "app", "sim"],
        "rules are told chance as an argument",
    ),
    (
        "rand_chacha",
        &["media-io", "exchange", "gateway", "phone", "app", "sim"],
        "rules are told chance as an argument",
    ),
    (
        "tracing",
        &["media-io", "phone", "exchange", "gateway", "web", "app"],
        "a rule that must log decides too late",
    ),
    (
        "openssl",
        &[],
        "rustls with aws-lc-rs does all cryptography; a C compiler must be enough to build",
    ),
    (
        "ring",
        &[],
        "two providers in one program make rustls panic; aws-lc-rs is the one",
    ),
];

const fn layer(name: &'static str, floor: u8, may_use: &'static [&'static str]) -> Layer {
    Layer {
        name,
        floor: Some(floor),
        may_use,
    }
}

const fn beside(name: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer {
        name,
        floor: None,
        may_use,
    }
}

#[test]
fn crates_lean_only_downwards() {
    let mut problems = Vec::new();
    for (name, manifest) in manifests() {
        problems.extend(wrong_edges(&name, &manifest));
    }
    hold(&problems);
}

#[test]
fn the_table_is_about_crates_that_exist() {
    let manifests = manifests();
    for layer in LAYERS {
        assert!(
            manifests.contains_key(layer.name),
            "LAYERS has a line for `{}`, and crates/{} is not there",
            layer.name,
            layer.name
        );
        for below in layer.may_use {
            let below = LAYERS.iter().find(|it| it.name == *below);
            let below = below.unwrap_or_else(|| panic!("`{}`: {:?}", layer.name, layer.may_use));
            assert!(
                layer.floor.is_none() || below.floor < layer.floor,
                "`{}` stands on `{}`, which is not lower",
                layer.name,
                below.name
            );
        }
    }
}

#[test]
fn the_map_names_every_crate() {
    let map = source::read("ARCHITECTURE.md");
    let missing: Vec<String> = manifests()
        .into_keys()
        .filter(|name| !map.contains(&format!("`{name}`")))
        .map(|name| {
            format!(
                "ARCHITECTURE.md does not name `{name}`: give it two sentences and its invariant"
            )
        })
        .collect();
    hold(&missing);
}

#[test]
fn a_wrong_edge_is_caught() {
    let manifest = |text: &str| toml::from_str::<Table>(text).expect("a manifest");
    let upwards = wrong_edges(
        "rules",
        &manifest("[dependencies]\ntypes.workspace = true\nstore.workspace = true\n"),
    );
    assert_eq!(upwards.len(), 1, "{upwards:?}");
    assert!(upwards[0].contains("`rules` may not lean on `store`"));

    let hidden = wrong_edges(
        "wire",
        &manifest("[target.'cfg(unix)'.dependencies]\nrules = { path = \"../rules\" }\n"),
    );
    assert_eq!(hidden.len(), 1, "{hidden:?}");

    let foreign = wrong_edges("rules", &manifest("[dependencies]\nserde = \"1\"\n"));
    assert!(
        foreign[0].contains("rules and media are not on any wire"),
        "{foreign:?}"
    );

    let tests = wrong_edges(
        "rules",
        &manifest("[dev-dependencies]\nstore.workspace = true\n"),
    );
    assert!(tests.is_empty(), "tests may lean anywhere: {tests:?}");

    assert!(wrong_edges("shed", &manifest(""))[0].contains("no line in LAYERS"));
}

/// What is wrong with the dependencies of one crate.
fn wrong_edges(name: &str, manifest: &Table) -> Vec<String> {
    let file = format!("crates/{name}/Cargo.toml");
    let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
        return vec![format!(
            "{file}: `{name}` has no line in LAYERS (crates/xtask/tests/tidy/layers.rs): \
             say what it may lean on there and in ARCHITECTURE.md"
        )];
    };
    let mut problems = Vec::new();
    for dependency in dependencies(manifest) {
        let ours = LAYERS.iter().any(|layer| layer.name == dependency);
        if ours && !layer.may_use.contains(&dependency.as_str()) {
            problems.push(format!(
                "{file}: `{name}` may not lean on `{dependency}`, only on {:?}; \
                 move what you need to a lower floor, or argue for the edge in ARCHITECTURE.md",
                layer.may_use
            ));
        }
        for (foreign, known_to, why) in KNOWN_TO {
            if dependency == *foreign && !known_to.contains(&name) {
                problems.push(format!(
                    "{file}: `{foreign}` is known only to {known_to:?}: {why}"
                ));
            }
        }
    }
    problems
}

/// The names of all dependencies that the built crate has, whatever the target.
fn dependencies(manifest: &Table) -> Vec<String> {
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(|it| it.as_table()) {
        tables.extend(targets.values().filter_map(|it| it.as_table()));
    }
    let mut names = Vec::new();
    for table in tables {
        for section in ["dependencies", "build-dependencies"] {
            if let Some(section) = table.get(section).and_then(|it| it.as_table()) {
                names.extend(section.keys().cloned());
            }
        }
    }
    names
}

/// The manifest of each of our crates, by its folder's name.
fn manifests() -> BTreeMap<String, Table> {
    source::all(&["Cargo.toml"])
        .into_iter()
        .filter_map(|file| {
            let name = file
                .path
                .strip_prefix("crates/")?
                .strip_suffix("/Cargo.toml")?;
            let manifest = toml::from_str(&file.text).expect("a manifest");
            Some((name.to_owned(), manifest))
        })
        .collect()
}
