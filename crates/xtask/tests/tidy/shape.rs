//! The shape of files and functions: a head that says what this is, and walls that keep a reader's
//! eye on one concern.

use crate::hold;
use crate::source::{self, Source, closing};

/// No file is longer.
const FILE_LINES_MAX: usize = 800;

/// No function is longer, but for [`LONG_FUNCTIONS`].
const FUNCTION_LINES_MAX: usize = 70;

/// No function of a test is longer: it may be a table of cases.
const TEST_LINES_MAX: usize = 100;

/// Functions that are longer than the wall, with their lines. The list may only shrink: a function
/// that got shorter takes its number down with it, and one under the wall leaves.
const LONG_FUNCTIONS: &[(&str, &str, usize)] = &[];

#[test]
fn every_file_says_what_it_is() {
    let sources = source::all(&[".rs", ".ts", ".tsx", ".mjs", ".py"]);
    let problems: Vec<String> = sources.iter().filter_map(headless).collect();
    hold(&problems);
}

#[test]
fn no_file_is_too_long() {
    let sources = source::all(&[".rs", ".ts", ".tsx", ".mjs", ".py", ".css", ".sql"]);
    let problems: Vec<String> = sources.iter().filter_map(too_long).collect();
    hold(&problems);
}

#[test]
fn no_function_is_too_long() {
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for source in source::rust() {
        for (name, line, length) in functions(&source) {
            let wall = if source.is_test(line) {
                TEST_LINES_MAX
            } else {
                FUNCTION_LINES_MAX
            };
            let listed = LONG_FUNCTIONS
                .iter()
                .find(|(path, it, _)| *path == source.path && *it == name);
            match listed {
                Some((_, _, allowed)) if length > wall => {
                    seen.push((source.path.clone(), name.clone()));
                    if length != *allowed {
                        problems.push(format!(
                            "{}:{line}: `{name}` has {length} lines and LONG_FUNCTIONS says \
                             {allowed}: it may only shrink, and the list with it",
                            source.path
                        ));
                    }
                }
                None if length > wall => problems.push(format!(
                    "{}:{line}: `{name}` has {length} lines, over {wall}; take a \
                     step out and give it a name, because what does not fit a screen is not read",
                    source.path
                )),
                _ => {}
            }
        }
    }
    for (path, name, _) in LONG_FUNCTIONS {
        if !seen.iter().any(|(p, n)| p == path && n == name) {
            problems.push(format!(
                "{path}: `{name}` is not over the wall any more; take it off LONG_FUNCTIONS"
            ));
        }
    }
    hold(&problems);
}

#[test]
fn no_file_is_dead() {
    let sources = source::rust();
    let problems: Vec<String> = sources
        .iter()
        .filter(|file| !is_root(file) && !sources.iter().any(|other| is_parent(other, file)))
        .map(|file| {
            format!(
                "{}:1: no `mod` names this file, so nothing is built of it; name it or delete it",
                file.path
            )
        })
        .collect();
    hold(&problems);
}

#[test]
fn what_is_out_of_shape_is_caught() {
    let file = |text: &str| Source::new("crates/a/src/lib.rs", text);
    assert!(headless(&file("use std::fmt;\n")).is_some());
    assert!(headless(&file("//!\nuse std::fmt;\n")).is_some());
    assert!(headless(&file("//! What it is.\n")).is_none());
    assert!(headless(&Source::new("web/a.ts", "const a = 1;\n")).is_some());
    assert!(headless(&Source::new("web/a.ts", "// What it is.\n")).is_none());
    assert!(headless(&Source::new("a.py", "\"\"\"What it is.\"\"\"\n")).is_none());

    let parent = file("pub mod ring;\nmod hang_up;\n");
    let child = |path: &str| Source::new(path, "//! What it is.\n");
    assert!(is_parent(&parent, &child("crates/a/src/ring.rs")));
    assert!(!is_parent(&parent, &child("crates/a/src/up.rs")));
    assert!(!is_parent(&parent, &child("crates/b/src/ring.rs")));
    let nested = Source::new("crates/a/src/ring.rs", "mod tone;\n");
    assert!(is_parent(&nested, &child("crates/a/src/ring/tone.rs")));
    assert!(is_root(&child("crates/a/build.rs")));
    assert!(is_root(&child("crates/a/tests/it/main.rs")));
    assert!(!is_root(&child("crates/a/src/call/tests/walk.rs")));

    assert!(too_long(&file(&"\n".repeat(FILE_LINES_MAX))).is_none());
    assert!(too_long(&file(&"\n".repeat(FILE_LINES_MAX + 1))).is_some());

    let long = format!(
        "trait T {{\n    fn declared(&self);\n}}\n\
         fn short() -> [u8; 2] {{ \"}}\"; }}\n\
         pub(crate) fn long<F: Fn(u8)>(f: F)\nwhere\n    F: Fn(u8),\n{{\n{}}}\n",
        "    f(1);\n".repeat(70)
    );
    let functions = functions(&file(&long));
    assert_eq!(
        functions,
        [("short".to_owned(), 4, 1), ("long".to_owned(), 5, 75)]
    );
}

fn headless(source: &Source) -> Option<String> {
    let first = source.text.lines().find(|line| !line.starts_with("#!"));
    let first = first.unwrap_or_default().trim_end();
    let (opening, said) = match source.path.rsplit_once('.')?.1 {
        "rs" => ("//! …", first.strip_prefix("//!")),
        "py" => ("\"\"\"…", first.strip_prefix("\"\"\"")),
        _ => (
            "// …",
            first
                .strip_prefix("//")
                .or_else(|| first.strip_prefix("/*")),
        ),
    };
    if said.is_some_and(|said| said.len() > 3) {
        return None;
    }
    Some(format!(
        "{}:1: begin with `{opening}`: what this file is, and what it is not, because that is \
         what a reader asks first",
        source.path
    ))
}

/// Whether something is built of `file` by itself: a library, a program, a benchmark, a set of tests.
fn is_root(file: &Source) -> bool {
    let path = file.path.trim_end_matches(".rs");
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let outside = !path.contains("/src/") && !folder.ends_with("/src");
    let set = ["tests", "benches", "targets"];
    matches!(name, "lib" | "main" | "build")
        || folder.ends_with("/src/bin")
        || outside && set.iter().any(|it| folder.ends_with(&format!("/{it}")))
}

/// Whether `other` names `file` as a module of its own.
fn is_parent(other: &Source, file: &Source) -> bool {
    let path = file.path.trim_end_matches(".rs");
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    // `a.rs` names what lies in `a/`; `lib.rs` and `main.rs` what lies beside them.
    let other_path = other.path.trim_end_matches(".rs");
    let modules = ["/lib", "/main", "/mod"]
        .iter()
        .find_map(|it| other_path.strip_suffix(it))
        .unwrap_or(other_path);
    modules == folder && names(&other.code, name)
}

/// Whether there is a `mod name;` in the code.
fn names(code: &str, name: &str) -> bool {
    let declared = format!("mod {name};");
    code.lines().any(|line| {
        let line = line.trim();
        line.strip_suffix(&declared)
            .is_some_and(|before| before.is_empty() || before.ends_with(' '))
    })
}

fn too_long(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (lines > FILE_LINES_MAX).then(|| {
        format!(
            "{}:{FILE_LINES_MAX}: {lines} lines, over {FILE_LINES_MAX}; one concern, one file: \
             move the second one out",
            source.path
        )
    })
}

/// Each function that has a body: its name, the line that it starts in, how many lines it takes.
fn functions(source: &Source) -> Vec<(String, usize, usize)> {
    let code = source.code.as_str();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let name: String = code[at + 3..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let Some(open) = body(code, at + 3 + name.len()) else {
            continue;
        };
        let Some(end) = closing(code, open).filter(|_| !name.is_empty()) else {
            continue;
        };
        let (first, last) = (source.line_at(at), source.line_at(end));
        found.push((name, first, last - first + 1));
    }
    found
}

/// The brace that opens a function's body, if it has one.
fn body(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.checked_sub(1)?,
            b'{' if depth == 0 => return Some(at),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
