//! Words that may not stand in the code, or in some of it, with what to write instead.

use crate::hold;
use crate::source::{self, Source};

/// One ban.
struct Ban {
    /// What may not be written; looked for in code, not in comments or texts.
    words: &'static [&'static str],
    /// Where it may not be written.
    scope: Scope,
    instead: &'static str,
    why: &'static str,
}

/// Where a ban holds. Tests are free of all of them but [`Scope::Everywhere`].
enum Scope {
    /// In the code of these crates.
    In(&'static [&'static str]),
    /// In the code of every crate but these, and of every file but these.
    Outside(&'static [&'static str], &'static [&'static str]),
    /// In tests too.
    Everywhere,
}

const BANS: &[Ban] = &[
    Ban {
        words: &["Instant::now", "SystemTime"],
        scope: Scope::In(&["types", "wire", "rules", "media", "store"]),
        instead: "take `now` as an argument",
        why: "a decision that asks for the time cannot be replayed, nor can its clock be turned",
    },
    Ban {
        words: &["Instant::now", "SystemTime::now"],
        // The worker thread of media is an edge of its own: what it receives, it must stamp.
        scope: Scope::Outside(&["app", "xtask", "load", "media-io"], &[]),
        instead: "ask the `Clock` that `app` hands out, once per piece of work",
        why: "the exchange's clock can be turned; whoever asks the machine's misses that",
    },
    Ban {
        words: &[
            "env::var",
            "env::var_os",
            "env::vars",
            "env::args",
            "env::current_dir",
            "env::temp_dir",
        ],
        scope: Scope::Outside(&["app", "xtask", "load"], &["crates/sim/src/main.rs"]),
        instead: "take it as configuration from `app`",
        why: "only one place reads the environment, so that all of it can be listed",
    },
    Ban {
        words: &[
            "getrandom",
            "rand::rng",
            "thread_rng",
            "OsRng",
            "SysRng",
            "from_entropy",
            "from_os_rng",
            "rand::random",
        ],
        scope: Scope::Outside(&["app"], &[]),
        instead: "take a seed, or a value drawn from it, as an argument",
        why: "one seed per process makes a run repeatable",
    },
    Ban {
        words: &["tokio::", "async fn", ".await"],
        scope: Scope::In(&["types", "wire", "rules", "media", "store"]),
        instead: "a plain function; the caller waits",
        why: "the lower floors run without a runtime",
    },
    Ban {
        words: &["HashMap", "HashSet"],
        scope: Scope::In(&["rules", "media"]),
        instead: "`BTreeMap` or `BTreeSet`",
        why: "their order is the same in every run",
    },
    Ban {
        words: &["println!", "eprintln!", "print!", "eprint!"],
        scope: Scope::Outside(&["app", "xtask", "load"], &["crates/sim/src/main.rs"]),
        instead: "`tracing`, or return it",
        why: "only a program's own commands speak to a terminal",
    },
    Ban {
        words: &[
            "UdpSocket",
            "TcpStream",
            "TcpListener",
            "std::fs",
            "std::thread",
        ],
        scope: Scope::In(&["types", "wire", "rules"]),
        instead: "return what is to be done; another crate does it",
        why: "decide first, do later",
    },
    Ban {
        words: &["UdpSocket", "TcpStream", "TcpListener", "std::thread"],
        scope: Scope::In(&["media"]),
        instead: "return what is to be sent; `media-io` sends it",
        why: "media is driven by tests at full speed, without sockets",
    },
    Ban {
        words: &["thread::sleep", "time::sleep("],
        scope: Scope::Outside(
            &["app", "xtask", "load", "media-io", "phone"],
            &[
                "crates/exchange/src/pause.rs",
                "crates/gateway/src/pause.rs",
            ],
        ),
        instead: "`Clock::sleep_until`, or wait for what you are waiting for",
        why: "a sleep is a guess; and a turned clock does not shorten it",
    },
    Ban {
        words: &[".unwrap()"],
        scope: Scope::Outside(&[], &[]),
        instead: "`?`, or `.expect(\"the sentence that is true\")`",
        why: "bad input is never a panic, and a bug says what was believed",
    },
    Ban {
        words: &["todo!", "unimplemented!", "dbg!"],
        scope: Scope::Everywhere,
        instead: "the thing itself, or a line under \"Not yet built\" in ARCHITECTURE.md",
        why: "what is not there must not look as if it were",
    },
];

/// Marks that may not stand anywhere in a source, comments included.
const MARKS: &[&str] = &["TODO", "FIXME", "XXX"];

#[test]
fn banned_words_are_not_used() {
    let problems: Vec<String> = source::rust().iter().flat_map(banned).collect();
    hold(&problems);
}

#[test]
fn nothing_is_left_for_later_in_a_comment() {
    let sources = source::all(&[".rs", ".ts", ".tsx", ".mjs", ".py", ".css", ".sql"]);
    let problems: Vec<String> = sources.iter().flat_map(left_for_later).collect();
    hold(&problems);
}

#[test]
fn each_banned_word_is_caught() {
    for (path, line, caught) in [
        ("crates/rules/src/call.rs", "let now = Instant::now();", 2),
        (
            "crates/exchange/src/desk.rs",
            "let now = SystemTime::now();",
            1,
        ),
        (
            "crates/gateway/src/lib.rs",
            "let x = std::env::var(\"X\");",
            1,
        ),
        ("crates/exchange/src/desk.rs", "let seed = rand::rng();", 1),
        ("crates/media/src/leg.rs", "async fn f() {}", 1),
        (
            "crates/rules/src/call.rs",
            "use std::collections::HashMap;",
            1,
        ),
        ("crates/store/src/lib.rs", "println!(\"{x}\");", 1),
        ("crates/media/src/leg.rs", "let s: UdpSocket;", 1),
        (
            "crates/gateway/src/lib.rs",
            "tokio::time::sleep(d).await;",
            1,
        ),
        ("crates/exchange/src/desk.rs", "x.unwrap();", 1),
        ("crates/app/src/main.rs", "dbg!(x);", 1),
        ("crates/app/tests/it/main.rs", "todo!()", 1),
        // And what is free.
        ("crates/app/src/clock.rs", "let now = SystemTime::now();", 0),
        (
            "crates/media-io/src/worker.rs",
            "let now = Instant::now();",
            0,
        ),
        ("crates/rules/src/call/tests.rs", "x.unwrap();", 0),
        (
            "crates/rules/src/call.rs",
            "// Instant::now would be wrong here.",
            0,
        ),
        ("crates/rules/src/call.rs", "say(\"x.unwrap()\");", 0),
        (
            "crates/gateway/src/lib.rs",
            "my_println!(x); let y = Instant::nowhere;",
            0,
        ),
    ] {
        let problems = banned(&Source::new(path, format!("//! Head.\n{line}\n")));
        assert_eq!(problems.len(), caught, "{path}: {line}: {problems:?}");
        assert!(
            problems
                .iter()
                .all(|it| it.starts_with(&format!("{path}:2: ")))
        );
    }
}

#[test]
fn a_mark_in_a_comment_is_caught() {
    let mark = ["TO", "DO"].concat();
    let source = Source::new("web/src/phone.ts", format!("// Head.\n// {mark}: ring\n"));
    assert_eq!(left_for_later(&source).len(), 1);
    assert!(left_for_later(&Source::new("web/src/a.ts", "// TODOS of a list\n")).is_empty());
}

fn banned(source: &Source) -> Vec<String> {
    let mut problems = Vec::new();
    for ban in BANS {
        for word in ban.words {
            for (at, _) in source.code.match_indices(word) {
                let line = source.line_at(at);
                if stands_alone(&source.code, at, word) && ban.scope.holds(source, line) {
                    problems.push(format!(
                        "{}:{line}: no `{}` here; instead: {}, because {}",
                        source.path,
                        word.trim(),
                        ban.instead,
                        ban.why
                    ));
                }
            }
        }
    }
    problems
}

impl Scope {
    fn holds(&self, source: &Source, line: usize) -> bool {
        let Some(krate) = source.of() else {
            return false;
        };
        match self {
            Self::Everywhere => true,
            Self::In(crates) => crates.contains(&krate) && !source.is_test(line),
            Self::Outside(crates, files) => {
                !crates.contains(&krate)
                    && !files.contains(&source.path.as_str())
                    && !source.is_test(line)
            }
        }
    }
}

fn left_for_later(source: &Source) -> Vec<String> {
    // This very file must name them.
    if source.path.ends_with("tidy/bans.rs") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for mark in MARKS {
            let found = line.match_indices(mark);
            if found
                .into_iter()
                .any(|(at, _)| stands_alone(line, at, mark))
            {
                problems.push(format!(
                    "{}:{}: no `{mark}`; do it, or open an issue and say so in ARCHITECTURE.md, \
                     because a mark in the code is read by nobody",
                    source.path,
                    number + 1
                ));
            }
        }
    }
    problems
}

/// Whether the word at `at` is not a part of a longer one.
fn stands_alone(code: &str, at: usize, word: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    let before = code[..at].chars().next_back();
    let after = code[at + word.len()..].chars().next();
    let opens = word.starts_with(part_of_a_name) && before.is_some_and(part_of_a_name);
    let closes = word.ends_with(part_of_a_name) && after.is_some_and(part_of_a_name);
    !opens && !closes
}
