//! What the tests need of the machine besides Rust, a C compiler and Node: a browser, and a Python
//! with an independent WhatsApp client. Installed where we may, else named in one line.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::{Outcome, Step, cache, failed, find, has, root};

/// A Chromium to drive the phone page with; Debian's is installed when there is none.
pub(crate) fn chromium() -> Outcome<PathBuf> {
    if let Some(path) = std::env::var_os("DIALTONE_CHROMIUM") {
        return Ok(path.into());
    }
    if let Some(path) = any_chromium() {
        return Ok(path);
    }
    install("chromium", "the phone page is tested in a real browser")?;
    any_chromium().map_or_else(
        || failed("apt-get installed chromium, but there is no program of that name"),
        Ok,
    )
}

/// curl, which the guide's commands use and a test runs.
pub(crate) fn curl() -> Outcome {
    if has("curl") {
        return Ok(());
    }
    install("curl", "the guide's commands are run by a test")
}

/// The interpreter of a virtual environment that holds `tests/interop/requirements.txt`.
///
/// Made once per version of that file and of Python, outside the checkout.
pub(crate) fn python() -> Outcome<PathBuf> {
    let requirements = root().join("tests/interop/requirements.txt");
    let wanted = fs::read_to_string(&requirements)
        .or_else(|error| failed(format!("{}: {error}", requirements.display())))?;
    if Step::new("python3", ["-c", "import ensurepip, venv"])
        .output()
        .is_err()
    {
        install(
            "python3-venv",
            "an independent client in Python is one of the tests",
        )?;
    }
    let version = Step::new("python3", ["--version"]).output()?;
    let folder = cache().join(format!(
        "python-{:016x}",
        fingerprint(&format!("{wanted}{version}"))
    ));
    let interpreter = folder.join("bin/python");
    let stamp = folder.join("complete");
    if stamp.exists() {
        return Ok(interpreter);
    }
    Step::new("python3", ["-m", "venv", "--clear", &text(&folder)]).run()?;
    Step::new(
        &interpreter,
        [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
            &text(&requirements),
        ],
    )
    .run()?;
    fs::write(&stamp, "").or_else(|error| failed(format!("{}: {error}", stamp.display())))?;
    Ok(interpreter)
}

fn any_chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(find)
}

/// Installs a Debian package when we are root and apt is here.
fn install(package: &str, why: &str) -> Outcome {
    let root = Step::new("id", ["-u"]).output()?.trim() == "0";
    if !(root && has("apt-get")) {
        return failed(format!(
            "`{package}` is missing ({why}); install it, on Debian: sudo apt-get install {package}"
        ));
    }
    let get = |words: &[&str]| {
        Step::new("apt-get", words)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    };
    get(&["-qq", "update"])?;
    get(&["-qq", "install", "-y", "--no-install-recommends", package])
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// FNV-1a: names a folder after what is in it; nothing hangs on it but that.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
