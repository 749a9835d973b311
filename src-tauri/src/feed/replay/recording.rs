//! The pieces of a recording, from a file with a header or from the bare bytes of a manager client.
//!
//! In bare bytes the time of a piece is the recording's own: the `Timestamp:` header that Asterisk adds with
//! `timestampevents=yes`. A message without one has the time of the message before it.

use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use memchr::memmem;

use crate::feed::Piece;
use crate::feed::record::{FORMAT, Header, Line};

/// What every recording with a header begins with.
const MARK: &[u8] = b"{\"ringside_recording\":";
/// The longest line, in bytes; no feed receives as much at once.
const LONGEST: u64 = 64 << 20;
/// Bare bytes are cut here when no message ends before.
const LONGEST_MESSAGE: usize = 4 << 20;

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The first line is broken.
    #[error("its first line is not that of a recording ({0}); the file is damaged, record again")]
    Header(#[source] serde_json::Error),
    /// It was written by a later Ringside.
    #[error("it is of format {0}, and this Ringside reads format {FORMAT}; install a newer one")]
    Format(u32),
    /// A line is broken, and it is not the last one.
    #[error("line {number} is not a piece of a recording ({what}); the file was changed or is damaged")]
    Line {
        /// Its number, from 1.
        number: u64,
        /// What is wrong with it.
        what: String,
    },
}

/// A recording as it is read.
#[derive(Debug)]
pub struct Recording<R> {
    input: BufReader<R>,
    header: Option<Header>,
    line: u64,
    cut: bool,
    bare: Bare,
}

impl<R: Read> Recording<R> {
    /// Reads the header, when there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or its header is broken or of a later format.
    pub fn open(input: R) -> Result<Self, RecordingError> {
        let mut recording = Recording {
            input: BufReader::with_capacity(256 * 1024, input),
            header: None,
            line: 0,
            cut: false,
            bare: Bare::default(),
        };
        if recording.input.fill_buf()?.starts_with(MARK) {
            let line = recording.line()?;
            let header: Header = serde_json::from_slice(&line).map_err(RecordingError::Header)?;
            if header.ringside_recording != FORMAT {
                return Err(RecordingError::Format(header.ringside_recording));
            }
            recording.header = Some(header);
        }
        Ok(recording)
    }

    /// The bare bytes of a manager client, whatever they begin with.
    pub fn bare(input: R) -> Self {
        Recording {
            input: BufReader::with_capacity(256 * 1024, input),
            header: None,
            line: 0,
            cut: false,
            bare: Bare::default(),
        }
    }

    /// What was recorded; `None` for bare bytes.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Whether the last line was cut and left out, as after a crash.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or a line other than the last is broken.
    pub fn piece(&mut self) -> Result<Option<Piece>, RecordingError> {
        if self.header.is_none() {
            return Ok(self.bare.next(&mut self.input)?);
        }
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(None);
            }
            let is_whole = line.ends_with(b"\n");
            if line.trim_ascii().is_empty() {
                continue;
            }
            let parsed: Result<Line, _> = serde_json::from_slice(&line);
            match parsed.map_err(|error| error.to_string()).and_then(Line::piece) {
                Ok(piece) => return Ok(Some(piece)),
                Err(_) if !is_whole => {
                    self.cut = true;
                    return Ok(None);
                }
                Err(what) => {
                    let number = self.line;
                    return Err(RecordingError::Line { number, what });
                }
            }
        }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        (&mut self.input).take(LONGEST).read_until(b'\n', &mut line)?;
        self.line += 1;
        Ok(line)
    }
}

/// Bytes of a manager client without a header, a message at a time.
#[derive(Debug, Default)]
struct Bare {
    buffer: Vec<u8>,
    start: usize,
    at: DateTime<Utc>,
}

impl Bare {
    fn next<R: Read>(&mut self, input: &mut BufReader<R>) -> io::Result<Option<Piece>> {
        let mut searched = self.start;
        loop {
            if let Some(found) = memmem::find(&self.buffer[searched..], b"\r\n\r\n") {
                return Ok(Some(self.cut_at(searched + found + 4)));
            }
            searched = self.buffer.len().saturating_sub(3).max(self.start);
            if self.buffer.len() - self.start > LONGEST_MESSAGE {
                return Ok(Some(self.cut_at(self.buffer.len())));
            }
            searched -= self.start;
            self.buffer.drain(..self.start);
            self.start = 0;
            let more = input.fill_buf()?;
            let read = more.len();
            self.buffer.extend_from_slice(more);
            input.consume(read);
            if read == 0 {
                let end = self.buffer.len();
                return Ok((end > 0).then(|| self.cut_at(end)));
            }
        }
    }

    fn cut_at(&mut self, end: usize) -> Piece {
        if self.at == DateTime::UNIX_EPOCH {
            // what comes before the first time is as old
            self.at = timestamp(&self.buffer[self.start..]).unwrap_or(self.at);
        }
        let bytes = &self.buffer[self.start..end];
        self.at = timestamp(bytes).unwrap_or(self.at);
        self.start = end;
        Piece {
            at: self.at,
            bytes: Arc::from(bytes),
        }
    }
}

/// Seconds since 1970 with six decimals.
fn timestamp(message: &[u8]) -> Option<DateTime<Utc>> {
    let value = memmem::find(message, b"\nTimestamp: ")? + 12;
    let line = message[value..].split(|byte| *byte == b'\r').next()?;
    let text = std::str::from_utf8(line).ok()?;
    let (seconds, micros) = text.split_once('.').unwrap_or((text, "0"));
    let nanos = format!("{micros:0<9}").get(..9)?.parse().ok()?;
    DateTime::from_timestamp(seconds.parse().ok()?, nanos)
}
