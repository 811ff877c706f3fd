//! A session description as numbered lines, in sections. Refuses what is no such thing at all.

use types::limits::{SDP_BYTES_MAX, SDP_LINE_BYTES_MAX, SDP_LINES_MAX};

use super::{SdpFault, SdpRule};

/// The lines of a session description.
pub(super) struct Lines<'a> {
    /// All of them, in order, without blank ones.
    pub(super) all: Vec<Line<'a>>,
}

/// One line, `k=value`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// From 1, blank lines counted.
    pub(super) number: u32,
    /// All of it, without line end and trailing spaces.
    pub(super) text: &'a str,
    /// The letter before the `=`.
    pub(super) kind: u8,
    /// What stands after the `=`.
    pub(super) value: &'a str,
}

/// A stretch of lines: the session's, up to the first `m=`, or one stream's.
#[derive(Clone, Copy)]
pub(super) struct Section<'l, 'a> {
    /// Of a stream's, the first one is its `m=`.
    pub(super) lines: &'l [Line<'a>],
}

impl<'a> Lines<'a> {
    /// Splits `text`, whatever its line ends.
    pub(super) fn split(text: &'a str) -> Result<Self, SdpFault> {
        if text.len() > SDP_BYTES_MAX {
            return Err(SdpFault::whole(SdpRule::TooLarge));
        }
        if text.trim().is_empty() {
            return Err(SdpFault::whole(SdpRule::Empty));
        }
        if is_encoded(text) {
            return Err(SdpFault::whole(SdpRule::Encoded));
        }

        let mut all = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_end();
            if line.is_empty() {
                continue;
            }
            if all.len() == SDP_LINES_MAX {
                return Err(SdpFault::whole(SdpRule::TooManyLines));
            }
            let line = Line::read(number, line)?;
            if all.is_empty() && line.text != "v=0" {
                return Err(SdpFault::at(&line, SdpRule::NotSdp));
            }
            all.push(line);
        }
        Ok(Self { all })
    }

    /// The text with each line ended by CRLF.
    pub(super) fn normalised(&self) -> String {
        let mut text = String::with_capacity(self.all.iter().map(|line| line.text.len() + 2).sum());
        for line in &self.all {
            text.push_str(line.text);
            text.push_str("\r\n");
        }
        text
    }

    /// The lines before the first stream.
    pub(super) fn session(&self) -> Section<'_, 'a> {
        let end = self.stream_starts().next().unwrap_or(self.all.len());
        Section {
            lines: &self.all[..end],
        }
    }

    /// The streams, in order.
    pub(super) fn streams(&self) -> impl Iterator<Item = Section<'_, 'a>> {
        let ends = self.stream_starts().skip(1).chain([self.all.len()]);
        self.stream_starts().zip(ends).map(|(start, end)| Section {
            lines: &self.all[start..end],
        })
    }

    fn stream_starts(&self) -> impl Iterator<Item = usize> {
        let numbered = self.all.iter().enumerate();
        numbered.filter_map(|(index, line)| (line.kind == b'm').then_some(index))
    }
}

impl<'a> Line<'a> {
    fn read(number: u32, text: &'a str) -> Result<Self, SdpFault> {
        let line = Self {
            number,
            text,
            kind: text.as_bytes().first().copied().unwrap_or_default(),
            value: text.get(2..).unwrap_or_default(),
        };
        if text.len() > SDP_LINE_BYTES_MAX {
            return Err(SdpFault::at(&line, SdpRule::LineTooLong));
        }
        if text.contains(|c: char| c.is_control() && c != '\t') {
            return Err(SdpFault::at(&line, SdpRule::ControlCharacter));
        }
        if !line.kind.is_ascii_lowercase() || text.as_bytes().get(1) != Some(&b'=') {
            // Prose, HTML or a file name: nothing that a line number would help with.
            return Err(if number == 1 {
                SdpFault::at(&line, SdpRule::NotSdp)
            } else {
                let reason = "a line is one small letter, an equals sign and a value";
                SdpFault::because(&line, SdpRule::Syntax, reason)
            });
        }
        Ok(line)
    }

    /// The value of an attribute of that name; empty for one without a value.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        if self.kind != b'a' {
            return None;
        }
        let rest = self.value.strip_prefix(name)?;
        match rest.strip_prefix(':') {
            Some(value) => Some(value.trim()),
            None => rest.trim().is_empty().then_some(""),
        }
    }
}

impl<'l, 'a> Section<'l, 'a> {
    /// The lines with an attribute of that name, each with its value.
    pub(super) fn attributes(self, name: &str) -> impl Iterator<Item = (&'l Line<'a>, &'a str)> {
        let lines = self.lines.iter();
        lines.filter_map(move |line| Some((line, line.attribute(name)?)))
    }
}

/// Whether a program has encoded the text once more: JSON, or line ends written as `\r\n`.
fn is_encoded(text: &str) -> bool {
    let text = text.trim_start();
    let quoted = text.starts_with(['{', '"', '[']);
    let escaped = text.starts_with("v=0\\r") || text.starts_with("v=0\\n");
    quoted || escaped
}
