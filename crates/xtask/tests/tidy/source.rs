//! Reads the project's sources, and Rust well enough to tell code from comments, texts and tests.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of ours.
pub(crate) struct Source {
    /// Its path from the project's root, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
    /// The same number of bytes, with comments and the insides of literals blanked out. The same as
    /// `text` when it is not Rust.
    pub(crate) code: String,
    /// For each line, whether only tests are built from it.
    tested: Vec<bool>,
}

impl Source {
    /// A file of that path and text.
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let code = if path.ends_with(".rs") {
            without_literals(&text)
        } else {
            text.clone()
        };
        let lines = text.lines().count();
        let tested = if is_test_file(&path) {
            vec![true; lines]
        } else {
            test_lines(&code, lines)
        };
        Self {
            path,
            text,
            code,
            tested,
        }
    }

    /// The crate that is built from it, by its folder. None for a build script: it is a program of
    /// its own, which speaks to cargo.
    pub(crate) fn of(&self) -> Option<&str> {
        let (krate, rest) = self.path.strip_prefix("crates/")?.split_once('/')?;
        (rest != "build.rs").then_some(krate)
    }

    /// Whether line number `line` (from 1) is built for tests only.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.tested.get(line - 1).copied().unwrap_or_default()
    }

    /// The number, from 1, of the line that the byte at `offset` is in.
    pub(crate) fn line_at(&self, offset: usize) -> usize {
        1 + self.code.as_bytes()[..offset]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
    }
}

/// The project's root folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/xtask").to_owned()
}

/// The text of one file of the project.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every text of the project whose name ends in one of `endings`, in the order of their paths.
pub(crate) fn all(endings: &[&str]) -> Vec<Source> {
    let root = root();
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
            if !endings.iter().any(|ending| name.ends_with(ending)) {
                return None;
            }
            Some(Source::new(name, fs::read_to_string(&path).ok()?))
        })
        .collect()
}

/// Every Rust file.
pub(crate) fn rust() -> Vec<Source> {
    all(&[".rs"])
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries {
        let path = entry.expect("a folder's entry").path();
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or("");
        if path.is_dir() {
            if !matches!(name, ".git" | "target" | "node_modules" | "dist") {
                walk(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// Whether only tests are built from a file at that path. The crate `testkit` is tests' tools.
fn is_test_file(path: &str) -> bool {
    path.starts_with("crates/testkit/")
        || path
            .split('/')
            .any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
}

/// Marks the lines of each item that `#[cfg(test)]` stands above.
fn test_lines(code: &str, lines: usize) -> Vec<bool> {
    let mut tested = vec![false; lines];
    let line_of = |at: usize| code[..at].matches('\n').count();
    for (start, mark) in code.match_indices("#[cfg(test)]") {
        let body = start + mark.len();
        let end = match code[body..].find(['{', ';']) {
            Some(at) if code.as_bytes()[body + at] == b'{' => {
                closing(code, body + at).unwrap_or(code.len() - 1)
            }
            Some(at) => body + at,
            None => code.len() - 1,
        };
        for line in &mut tested[line_of(start)..=line_of(end).min(lines - 1)] {
            *line = true;
        }
    }
    tested
}

/// The offset of the brace that closes the one at `open`, in code without literals.
pub(crate) fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Blanks comments and the insides of literals, and keeps every line break where it is.
fn without_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = match rest[0] {
            b'/' if rest.starts_with(b"//") => {
                at + rest.iter().take_while(|b| **b != b'\n').count()
            }
            b'/' if rest.starts_with(b"/*") => at + comment(rest),
            b'"' => at + text_literal(rest),
            b'r' | b'b' | b'c' if !follows_a_word(bytes, at) => match raw_literal(rest) {
                Some(length) => at + length,
                None => {
                    at += 1;
                    continue;
                }
            },
            b'\'' => match char_literal(&text[at..]) {
                Some(length) => at + length,
                None => {
                    at += 1;
                    continue;
                }
            },
            _ => {
                at += 1;
                continue;
            }
        };
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    String::from_utf8(code).expect("whole characters were blanked")
}

fn follows_a_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

/// The length of the comment that `rest` begins with; they nest.
fn comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// The length of the text in quotes that `rest` begins with.
fn text_literal(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of `r"…"`, `br#"…"#`, `b"…"` or `c"…"`, if `rest` begins with one.
fn raw_literal(rest: &[u8]) -> Option<usize> {
    let letters = rest.iter().take_while(|b| b"brc".contains(b)).count();
    let hashes = rest[letters..].iter().take_while(|b| **b == b'#').count();
    let open = letters + hashes;
    if letters > 2 || rest.get(open) != Some(&b'"') {
        return None;
    }
    if !rest[..letters].contains(&b'r') {
        return (hashes == 0).then(|| open + text_literal(&rest[open..]));
    }
    let mut close = vec![b'"'];
    close.resize(1 + hashes, b'#');
    let body = &rest[open + 1..];
    let length = body.windows(close.len()).position(|it| it == close)?;
    Some(open + 1 + length + close.len())
}

/// The length of the character in quotes that `rest` begins with, if it is no lifetime.
fn char_literal(rest: &str) -> Option<usize> {
    let inside = &rest[1..];
    if inside.starts_with('\\') {
        // What is escaped may itself be a quote.
        let close = inside.get(2..)?.find('\'')?;
        return Some(1 + 2 + close + 1);
    }
    let end = 1 + inside.chars().next()?.len_utf8();
    (rest.as_bytes().get(end) == Some(&b'\'')).then_some(end + 1)
}

#[test]
fn literals_and_comments_are_blanked() {
    let code = |text: &str| Source::new("crates/a/src/lib.rs", text).code;
    assert_eq!(code("a // b\nc"), "a     \nc");
    assert_eq!(code("a /* b /* c */ d */ e"), "a                   e");
    assert_eq!(code(r#"f("un\"wrap") + 1"#), "f(          ) + 1");
    assert_eq!(
        code("f(r#\"a \" b\"#, b\"x\", x)"),
        "f(          ,     , x)"
    );
    assert_eq!(
        code("f('{', '\\'', 'ä', &'a str)"),
        "f(   ,     ,     , &'a str)"
    );
    assert_eq!(code("br + crab(r) + attr\"x\""), "br + crab(r) + attr   ");
}

#[test]
fn lines_of_tests_are_known() {
    let source = Source::new(
        "crates/a/src/lib.rs",
        "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n",
    );
    let tested: Vec<bool> = (1..=6).map(|line| source.is_test(line)).collect();
    assert_eq!(tested, [false, true, true, true, true, false]);
    assert!(Source::new("crates/a/src/call/tests.rs", "fn a() {}\n").is_test(1));
    assert!(Source::new("crates/a/tests/it/main.rs", "fn a() {}\n").is_test(1));
}
