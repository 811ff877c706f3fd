//! `cargo xtask docs`: the pages that are made from the sources. A tidy test runs it with `--check`,
//! so a constant or an error code cannot change without its line in a page.

use std::fs;

use crate::tools::{Outcome, failed, root};

mod errors;
mod limits;

/// Each page with the source that it is made from, and how.
const PAGES: [Page; 2] = [
    Page {
        source: "crates/types/src/limits.rs",
        path: "docs/guide/limits.md",
        make: limits::page,
    },
    Page {
        source: "crates/wire/src/error/code.rs",
        path: "docs/errors/README.md",
        make: errors::page,
    },
];

struct Page {
    source: &'static str,
    path: &'static str,
    make: fn(&str) -> String,
}

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let check = match arguments {
        [] => false,
        [one] if one == "--check" => true,
        _ => return failed("usage: cargo xtask docs [--check]"),
    };
    for page in &PAGES {
        page.bring_up_to_date(check)?;
    }
    Ok(())
}

impl Page {
    fn bring_up_to_date(&self, check: bool) -> Outcome {
        let source = fs::read_to_string(root().join(self.source))
            .or_else(|error| failed(format!("{}: {error}", self.source)))?;
        let page = (self.make)(&source);
        let path = root().join(self.path);
        if fs::read_to_string(&path).unwrap_or_default() == page {
            return Ok(());
        }
        if check {
            return failed(format!(
                "{} is not what {} says; run `cargo xtask docs` and commit the page with the change",
                self.path, self.source
            ));
        }
        fs::write(&path, page).or_else(|error| failed(format!("{}: {error}", self.path)))?;
        eprintln!("wrote {}", self.path);
        Ok(())
    }
}
