//! A file's lines as text, whatever its encoding and packing, in bounded memory.
//!
//! It knows bytes, encodings and gzip, and nothing of what the lines mean.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::read::MultiGzDecoder;

use super::SourceError;
use crate::words::Saying;

const CHUNK: usize = 64 * 1024;
/// The longest line that is kept, in bytes of text; the rest of a longer one is dropped and the line marked.
pub(super) const MAX_LINE: usize = 1024 * 1024;
/// A packed table is seldom a thirtieth of its size; gzip can reach a thousandth.
const MAX_INFLATION: u64 = 200;
/// Small files may unpack to this much whatever the ratio.
const FREE_INFLATION: u64 = 16 * 1024 * 1024;

/// How a file is written.
#[derive(Clone, Debug)]
pub(super) struct Format {
    path: PathBuf,
    packed: bool,
    size: u64,
    /// The encoding of its text.
    pub(super) encoding: &'static Encoding,
}

/// One line, without its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The text; control characters but the tab are dropped.
    pub(super) text: String,
    /// It was longer than [`MAX_LINE`]: the rest is gone.
    pub(super) cut: bool,
}

/// Reads lines.
pub(super) struct Lines {
    format: Format,
    bytes: Box<dyn Read + Send>,
    decoder: Decoder,
    pending: String,
    at: usize,
    ended: bool,
    position: Arc<AtomicU64>,
    inflated: u64,
}

/// Finds out how a file is written: gzip by its magic number, the encoding by byte order mark, else UTF-8 when the
/// whole file is valid UTF-8, else Windows-1252.
pub(super) fn sniff(path: &Path) -> Result<Format, SourceError> {
    let io = |error| SourceError::Io {
        path: path.to_owned(),
        error,
    };
    let mut head = [0; 4];
    let size = std::fs::metadata(path).map_err(io)?.len();
    let read = read_full(&mut File::open(path).map_err(io)?, &mut head).map_err(io)?;
    let packed = head[..read].starts_with(&[0x1f, 0x8b]);
    let mut format = Format {
        path: path.to_owned(),
        packed,
        size,
        encoding: UTF_8,
    };
    let mut bytes = Bytes {
        inner: open(&format, &Arc::default())?,
        inflated: 0,
    };
    let mut chunk = vec![0; CHUNK];
    let first = bytes.fill(&format, &mut chunk, 0)?;
    if first == 0 {
        return Err(SourceError::Empty { path: path.to_owned() });
    }
    if let Some(what) = not_text(&chunk[..first]) {
        return Err(SourceError::NotText {
            path: path.to_owned(),
            what,
        });
    }
    format.encoding = match Encoding::for_bom(&chunk[..first])
        .map(|(encoding, _)| encoding)
        .or(utf_16(&chunk[..first]))
    {
        Some(encoding) => encoding,
        None if valid_utf_8(&format, &mut bytes, chunk, first)? => UTF_8,
        None => WINDOWS_1252,
    };
    Ok(format)
}

impl Format {
    /// The size of the file in bytes, for a progress bar.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Opens the file for reading from its start. `position` counts the bytes read of the file.
    pub(super) fn lines(&self, position: Arc<AtomicU64>) -> Result<Lines, SourceError> {
        Ok(Lines {
            bytes: open(self, &position)?,
            decoder: self.encoding.new_decoder_with_bom_removal(),
            format: self.clone(),
            pending: String::new(),
            at: 0,
            ended: false,
            position,
            inflated: 0,
        })
    }
}

impl Lines {
    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line>, SourceError> {
        let mut line = Line::default();
        loop {
            let rest = &self.pending[self.at..];
            if let Some(end) = rest.find('\n') {
                let piece = &rest[..end];
                push(&mut line, piece.strip_suffix('\r').unwrap_or(piece));
                self.at += end + 1;
                return Ok(Some(line));
            }
            push(&mut line, rest);
            self.at = self.pending.len();
            if self.ended {
                return Ok((!rest_is_nothing(&line)).then_some(line));
            }
            self.decode_more()?;
        }
    }

    /// Bytes of the file read so far.
    pub(super) fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    fn decode_more(&mut self) -> Result<(), SourceError> {
        let mut chunk = [0; CHUNK];
        let read = self.bytes.read(&mut chunk).map_err(|error| self.error(error))?;
        self.inflated += read as u64;
        check_inflation(&self.format, self.inflated)?;
        self.pending.clear();
        self.at = 0;
        self.ended = read == 0;
        let room = self.decoder.max_utf8_buffer_length(read).unwrap_or(CHUNK * 3);
        self.pending.reserve(room);
        let _ = self
            .decoder
            .decode_to_string(&chunk[..read], &mut self.pending, self.ended);
        Ok(())
    }

    fn error(&self, error: io::Error) -> SourceError {
        SourceError::Io {
            path: self.format.path.clone(),
            error,
        }
    }
}

fn rest_is_nothing(line: &Line) -> bool {
    line.text.is_empty() && !line.cut
}

fn push(line: &mut Line, piece: &str) {
    for c in piece.chars().filter(|&c| c == '\t' || !c.is_control()) {
        if line.text.len() >= MAX_LINE {
            line.cut = true;
            return;
        }
        line.text.push(c);
    }
}

/// Counts what is read of the file itself.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The unpacked bytes of a file while its format is found out.
struct Bytes {
    inner: Box<dyn Read + Send>,
    inflated: u64,
}

impl Bytes {
    /// Fills `chunk` from `from` on; gives how much of it is filled.
    fn fill(&mut self, format: &Format, chunk: &mut [u8], from: usize) -> Result<usize, SourceError> {
        let read = read_full(&mut self.inner, &mut chunk[from..]).map_err(|error| SourceError::Io {
            path: format.path.clone(),
            error,
        })?;
        self.inflated += read as u64;
        check_inflation(format, self.inflated)?;
        Ok(from + read)
    }
}

fn open(format: &Format, position: &Arc<AtomicU64>) -> Result<Box<dyn Read + Send>, SourceError> {
    let file = File::open(&format.path).map_err(|error| SourceError::Io {
        path: format.path.clone(),
        error,
    })?;
    let counted = BufReader::with_capacity(
        CHUNK,
        Counted {
            inner: file,
            count: Arc::clone(position),
        },
    );
    Ok(if format.packed {
        Box::new(MultiGzDecoder::new(counted))
    } else {
        Box::new(counted)
    })
}

fn check_inflation(format: &Format, inflated: u64) -> Result<(), SourceError> {
    let limit = FREE_INFLATION.max(format.size.saturating_mul(MAX_INFLATION));
    if format.packed && inflated > limit {
        return Err(SourceError::Inflated {
            path: format.path.clone(),
            limit,
        });
    }
    Ok(())
}

fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// What a file that is no text looks like.
fn not_text(head: &[u8]) -> Option<Saying> {
    let packed = |with: &str| Saying::of("import.is_packed").with("with", with);
    let known: [(&[u8], Saying); 10] = [
        (b"PK\x03\x04", Saying::of("import.is_zip")),
        (b"\xd0\xcf\x11\xe0", Saying::of("import.is_old_excel")),
        (b"%PDF", Saying::of("import.is_pdf")),
        (b"SQLite format 3", Saying::of("import.is_database")),
        (b"\x89PNG", Saying::of("import.is_picture")),
        (b"\xff\xd8\xff", Saying::of("import.is_picture")),
        (b"\x7fELF", Saying::of("import.is_program")),
        (b"BZh", packed("bzip2")),
        (b"\xfd7zXZ", packed("xz")),
        (b"\x28\xb5\x2f\xfd", packed("zstd")),
    ];
    let found = known.into_iter().find(|(magic, _)| head.starts_with(magic));
    found.map(|(_, what)| what)
}

/// UTF-16 without a byte order mark: every second byte of Western text is zero.
fn utf_16(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let half = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (first, second) if half > 4 && second * 2 > half && first * 8 < half => Some(UTF_16LE),
        (first, second) if half > 4 && first * 2 > half && second * 8 < half => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads on to the end, as long as everything is valid UTF-8.
fn valid_utf_8(format: &Format, bytes: &mut Bytes, mut chunk: Vec<u8>, mut filled: usize) -> Result<bool, SourceError> {
    loop {
        let valid = Encoding::utf8_valid_up_to(&chunk[..filled]);
        let ended = filled < chunk.len();
        // Up to three bytes of a character may wait for the next chunk.
        if filled - valid > 3 || (ended && valid < filled) {
            return Ok(false);
        }
        if ended {
            return Ok(true);
        }
        chunk.copy_within(valid..filled, 0);
        filled = bytes.fill(format, &mut chunk, filled - valid)?;
    }
}
