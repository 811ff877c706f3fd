//! The file of `KEY=VALUE` lines that tells whoever drives the program from outside where it is.

use std::io;
use std::path::Path;

/// Writes the lines so that a reader sees all of them or no file, readable by its owner only: some
/// of the values are secrets.
///
/// # Errors
///
/// When the file cannot be written there.
pub fn write(path: &Path, lines: &[(&str, String)]) -> io::Result<()> {
    let text: String = lines
        .iter()
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect();
    crate::data::replace(path, text.as_bytes())
}

/// Takes away a file that an earlier process left.
///
/// # Errors
///
/// When it is there and cannot be taken away.
pub fn clear(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn is_whole_and_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dialtone.env");
        fs::write(&path, "OLD=1\n").expect("an older file");
        write(
            &path,
            &[("A", "1".to_owned()), ("B", "http://x".to_owned())],
        )
        .expect("written");
        let text = fs::read_to_string(&path).expect("readable");
        assert_eq!(text, "A=1\nB=http://x\n");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let files = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files, 1, "nothing is left over");
    }
}
