//! `deny.toml` held against the crates that are built, where `cargo deny` is not installed: their
//! licences, the banned names, and where they come from.

use std::collections::BTreeSet;
use std::process::Command;

use toml::Table;

use crate::{hold, source};

#[test]
fn every_crate_has_a_licence_that_we_take() {
    let deny: Table = toml::from_str(&source::read("deny.toml")).expect("deny.toml");
    let allowed = strings(&deny["licenses"], "allow");
    let banned = banned(&deny);
    let mut problems = Vec::new();
    for (name, licence) in built() {
        if !satisfies(&licence, &allowed) {
            problems.push(format!(
                "`{name}` is under `{licence}`, which deny.toml does not allow; choose another \
                 crate, or argue for the licence there"
            ));
        }
        if let Some((_, instead)) = banned.iter().find(|(it, _)| *it == name) {
            problems.push(format!(
                "`{name}` is banned by deny.toml; use {instead} instead"
            ));
        }
    }
    hold(&problems);
}

#[test]
fn every_crate_comes_from_a_registry_that_we_know() {
    let deny: Table = toml::from_str(&source::read("deny.toml")).expect("deny.toml");
    let lock: Table = toml::from_str(&source::read("Cargo.lock")).expect("Cargo.lock");
    let known = strings(&deny["sources"], "allow-registry");
    let mut problems = Vec::new();
    for package in lock["package"].as_array().expect("packages") {
        let Some(from) = package.get("source").and_then(|it| it.as_str()) else {
            continue;
        };
        if !known
            .iter()
            .any(|it| from.strip_prefix("registry+") == Some(it))
        {
            problems.push(format!(
                "Cargo.lock: {} comes from {from}; a version in a registry does not change under us",
                package["name"]
            ));
        }
    }
    hold(&problems);
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let allowed = ["MIT".to_owned(), "Apache-2.0".to_owned()];
    for (licence, ok) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0 AND MIT", false),
        ("MIT AND (Apache-2.0 OR GPL-3.0)", true),
        ("(MIT OR Apache-2.0) AND ISC", false),
        ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ("Apache-2.0 WITH LLVM-exception", false),
        ("MIT/Apache-2.0", true),
        ("", false),
    ] {
        assert_eq!(satisfies(licence, &allowed), ok, "{licence}");
    }
}

/// The crates that are built for this machine, each with its licence.
///
/// Not from `cargo metadata`, which counts features that nobody turned on.
fn built() -> BTreeSet<(String, String)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--workspace", "--locked", "--prefix=none"])
        .args(["--edges=normal,build,dev", "--format={p}\t{l}"])
        .current_dir(source::root())
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    said.lines()
        .filter_map(|line| {
            let (package, licence) = line.split_once('\t')?;
            let name = package.split(' ').next()?;
            let licence = licence.trim_end_matches(" (*)");
            Some((name.to_owned(), licence.to_owned()))
        })
        .collect()
}

/// The banned names, each with what to use instead.
fn banned(deny: &Table) -> Vec<(String, String)> {
    deny["bans"]["deny"]
        .as_array()
        .expect("bans.deny")
        .iter()
        .map(|ban| {
            let text = |key: &str| ban.get(key).and_then(|it| it.as_str()).unwrap_or("another");
            (text("crate").to_owned(), text("use-instead").to_owned())
        })
        .collect()
}

fn strings(table: &toml::Value, key: &str) -> Vec<String> {
    let list = table[key].as_array().expect("a list");
    list.iter()
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

/// Whether an SPDX expression can be met with the allowed licences alone.
fn satisfies(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = words.as_slice();
    let met = any(&mut words, allowed);
    met && words.is_empty()
}

fn any(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = every(words, allowed);
    while let ["OR", rest @ ..] = words {
        *words = rest;
        met |= every(words, allowed);
    }
    met
}

fn every(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while let ["AND", rest @ ..] = words {
        *words = rest;
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut &[&str], allowed: &[String]) -> bool {
    match words {
        ["(", rest @ ..] => {
            *words = rest;
            let met = any(words, allowed);
            *words = words.get(1..).unwrap_or_default();
            met
        }
        [licence, "WITH", exception, rest @ ..] => {
            let whole = format!("{licence} WITH {exception}");
            *words = rest;
            allowed.contains(&whole)
        }
        [licence, rest @ ..] => {
            let met = allowed.iter().any(|it| it == licence);
            *words = rest;
            met
        }
        [] => false,
    }
}
