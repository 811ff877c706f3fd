//! A recording as a file: Ogg Opus if its name ends so, else WAV.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use media::audio::Tape;

/// Writes what a tape has: as Ogg Opus, packets as they came, if the path ends in `.ogg` or `.opus`;
/// else as WAV of 48 kHz, mono, 16 bits. Blocks.
///
/// # Errors
///
/// What the operating system says.
pub fn save(path: &Path, tape: &Tape) -> io::Result<()> {
    let mut sink = BufWriter::new(File::create(path)?);
    let is_ogg = path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("ogg") || extension.eq_ignore_ascii_case("opus")
    });
    if is_ogg {
        tape.write_ogg(&mut sink)?;
    } else {
        tape.write_wav(&mut sink)?;
    }
    sink.flush()
}

/// The path of the recording of call `number`: the path itself for the first, `heard-2.wav` for the
/// second.
pub(crate) fn numbered(path: &Path, number: u32) -> PathBuf {
    if number <= 1 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(extension) => format!("{stem}-{number}.{}", extension.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_has_its_file() {
        let numbered = |path: &str, number| {
            numbered(Path::new(path), number)
                .to_string_lossy()
                .into_owned()
        };
        assert_eq!(numbered("a/heard.wav", 1), "a/heard.wav");
        assert_eq!(numbered("a/heard.wav", 2), "a/heard-2.wav");
        assert_eq!(numbered("heard", 3), "heard-3");
    }

    #[test]
    fn the_name_says_the_format() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, magic) in [("a.wav", b"RIFF"), ("a.OGG", b"OggS"), ("a.opus", b"OggS")] {
            let path = folder.path().join(name);
            save(&path, &Tape::new()).expect("a file");
            let bytes = std::fs::read(&path).expect("a file");
            assert!(bytes.starts_with(magic), "{name}");
        }
        assert!(save(&folder.path().join("no/a.wav"), &Tape::new()).is_err());
    }
}
