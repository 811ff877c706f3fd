//! The guide's commands, run as they stand: each page against a `dialtone dev` of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{PATIENCE, Program, run_whole};

#[test]
fn every_page_can_be_followed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide");
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the guide")
        .map(|entry| entry.expect("a page").path())
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect();
    pages.sort();
    let mut followed = 0;
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page");
        let script = commands(&text);
        if !script.is_empty() {
            follow(
                &page.file_name().expect("a name").to_string_lossy(),
                &script,
            );
            followed += 1;
        }
    }
    assert!(followed >= 3, "only {followed} pages have commands");
}

/// What stands in the page's `sh` blocks, but for what builds the program that runs this.
fn commands(text: &str) -> String {
    let blocks = text.split("```sh\n").skip(1);
    blocks
        .filter_map(|block| block.split("```").next())
        .flat_map(str::lines)
        .filter(|line| !line.starts_with("cargo xtask"))
        .map(|line| format!("{line}\n"))
        .collect()
}

fn follow(page: &str, script: &str) {
    let program = Program::start("dev", &[]);
    let folder = tempfile::tempdir().expect("a folder");
    let built = Path::new(env!("CARGO_BIN_EXE_dialtone"));
    let bin = built.parent().expect("a folder").display();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut bash = Command::new("bash");
    bash.args(["-euxo", "pipefail", "-c", script])
        .current_dir(folder.path())
        .envs(&program.env)
        .env("DIALTONE_GATEWAY_URL", program.gateway())
        .env("PATH", format!("{bin}:{path}"));
    let status = run_whole(&mut bash, PATIENCE);
    assert!(status.success(), "docs/guide/{page}: {status}:\n{script}");
}
