//! `dialtone config`: the configuration as the other roles would have it.

use crate::cli::Show;
use crate::failure::Failure;
use crate::roles::opening::read;

/// Prints it as a file that could be read again, but for the secrets.
///
/// # Errors
///
/// When the configuration is wrong.
pub fn run(flags: &Show) -> Result<(), Failure> {
    let loaded = read(&flags.common)?;
    let text = toml::to_string(&loaded.config)
        .map_err(|error| Failure::running(format!("the configuration: {error}")))?;
    for doubt in loaded.doubts {
        eprintln!("{doubt}");
    }
    print!("{text}");
    Ok(())
}
