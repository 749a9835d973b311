//! What is wrong in `config.toml`, with the line to look at and the key that was probably meant.
//!
//! No message repeats a line of the file: it may hold a secret that somebody wrote there by mistake.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::words::Saying;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read or written.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The file is longer than settings can be.
    #[error("{path} is larger than one megabyte, so it is not a settings file; move it away")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Something in the file is wrong.
    #[error("{path}, line {line}, column {column}: {what}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong and what would be right.
        what: String,
    },
}

/// What the reader says, for a person. It is made of messages of the catalogue where those who meet it are no
/// programmers; anything else stays in the reader's own words. Of the words of `serde` and `toml` there are
/// "wrong.missing_field", "wrong.unknown_field", "wrong.unknown_variant", "wrong.invalid_type" and "wrong.invalid_value".
pub(super) fn said(what: &str) -> Saying {
    Saying::recognised("wrong.", what).unwrap_or_else(|| Saying::quoted(what))
}

/// A message of the catalogue in English, for a reader that hands on texts alone; [`said`] finds it again.
pub(super) fn text_of(key: &'static str) -> String {
    Saying::of(key).to_string()
}

impl ConfigError {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            ConfigError::Io { path, source } => Saying::of("wrong.file")
                .with("path", path.display())
                .with("why", source),
            ConfigError::TooLarge { path } => Saying::of("wrong.file_too_large").with("path", path.display()),
            ConfigError::Wrong { path, line, what, .. } => Saying::of("wrong.at_line")
                .with("path", path.display())
                .with("line", line)
                .with_said("what", said(what)),
        }
    }

    /// What the TOML reader found, in `text` of file `path`.
    pub(crate) fn from_toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        ConfigError::at(path, text, error.span(), with_suggestion(error.message()))
    }

    /// The same in a table that stands at `place`, for what the reader has no place of.
    pub(super) fn in_table(path: &Path, text: &str, error: &toml::de::Error, place: Range<usize>) -> Self {
        let span = error.span().or(Some(place));
        ConfigError::at(path, text, span, with_suggestion(error.message()))
    }

    /// `what` at a place in `text` of file `path`.
    pub(crate) fn at(path: &Path, text: &str, span: Option<Range<usize>>, what: String) -> Self {
        let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        ConfigError::Wrong {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what,
        }
    }
}

/// Serde names the unknown word first and the known ones after it, each in backticks; the nearest known one is what was
/// probably meant.
fn with_suggestion(message: &str) -> String {
    let one_line = message.lines().collect::<Vec<_>>().join(" ");
    if !one_line.starts_with("unknown field") && !one_line.starts_with("unknown variant") {
        return one_line;
    }
    let mut words = one_line.split('`').skip(1).step_by(2);
    let Some(unknown) = words.next() else { return one_line };
    match nearest(unknown, words) {
        Some(meant) => format!("{one_line}; did you mean `{meant}`?"),
        None => one_line,
    }
}

/// The word that `unknown` is probably a slip of: at most a third of its letters differ.
pub(crate) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = unknown.to_lowercase();
    known
        .map(|word| (strsim::damerau_levenshtein(&lower, word), word))
        .min()
        .filter(|(distance, word)| *distance <= word.len().max(lower.len()).div_ceil(3))
        .map(|(_, word)| word)
}
