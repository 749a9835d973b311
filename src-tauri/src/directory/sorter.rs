//! Sorts more records than memory should hold: sorted runs in a temporary file, merged while they are read.
//!
//! It knows bytes, not what they say. The file has no name, so that nothing is left of it when the program is killed,
//! and is sealed with a key that is never written, because its records are as private as the cache.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use super::DirectoryError;

/// What one seal covers, and what is read at once of a run, in bytes.
const BLOCK: usize = 128 * 1024;
/// The length that stands before each record.
const HEAD: usize = size_of::<u32>();

/// Records on their way in.
pub(super) struct Sorter {
    folder: PathBuf,
    most: usize,
    bytes: Vec<u8>,
    records: Vec<Place>,
    scratch: Option<Scratch>,
    runs: Vec<Run>,
}

/// Records on their way out.
pub(super) struct Sorted {
    scratch: Option<Scratch>,
    runs: Vec<Reader>,
    /// The run whose record was given last.
    last: Option<usize>,
}

/// Where a record lies in memory, and its first eight bytes: most comparisons need no more.
#[derive(Clone, Copy)]
struct Place {
    first: u64,
    start: usize,
    end: usize,
}

/// A sorted run: its blocks in the file, by place and length.
type Run = std::collections::VecDeque<(u64, usize)>;

struct Reader {
    blocks: Run,
    block: Vec<u8>,
    /// The record at hand in `block`.
    now: Option<(usize, usize)>,
}

/// The temporary file. A block's seal covers its place.
struct Scratch {
    file: File,
    key: LessSafeKey,
    end: u64,
}

impl Sorter {
    /// Holds at most about `most` bytes in memory; what is more goes into a file in `folder`.
    pub(super) fn new(folder: &Path, most: usize) -> Self {
        Sorter {
            folder: folder.to_owned(),
            most,
            bytes: Vec::new(),
            records: Vec::new(),
            scratch: None,
            runs: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.runs.is_empty()
    }

    /// Takes a record, the concatenation of `parts`.
    pub(super) fn push(&mut self, parts: &[&[u8]]) -> Result<(), DirectoryError> {
        let start = self.bytes.len();
        parts.iter().for_each(|part| self.bytes.extend_from_slice(part));
        let mut first = [0; 8];
        self.bytes[start..]
            .iter()
            .zip(&mut first)
            .for_each(|(byte, first)| *first = *byte);
        self.records.push(Place {
            first: u64::from_be_bytes(first),
            start,
            end: self.bytes.len(),
        });
        if self.bytes.len() + self.records.len() * size_of::<Place>() >= self.most {
            self.spill().map_err(DirectoryError::Scratch)?;
        }
        Ok(())
    }

    /// All records by their bytes.
    pub(super) fn sorted(mut self) -> Result<Sorted, DirectoryError> {
        if !self.runs.is_empty() && !self.records.is_empty() {
            self.spill().map_err(DirectoryError::Scratch)?;
        }
        let mut runs: Vec<Reader> = std::mem::take(&mut self.runs).into_iter().map(Reader::of).collect();
        if runs.is_empty() {
            self.sort();
            let mut block = Vec::with_capacity(self.bytes.len() + self.records.len() * HEAD);
            for &Place { start, end, .. } in &self.records {
                append(&mut block, &self.bytes[start..end]).map_err(DirectoryError::Scratch)?;
            }
            runs.push(Reader::holding(block));
        }
        let mut scratch = self.scratch;
        for run in &mut runs {
            run.advance(scratch.as_mut()).map_err(DirectoryError::Scratch)?;
        }
        Ok(Sorted {
            scratch,
            runs,
            last: None,
        })
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let rest = |place: &Place| &bytes[place.start..place.end];
        self.records
            .sort_unstable_by(|a, b| a.first.cmp(&b.first).then_with(|| rest(a).cmp(rest(b))));
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let scratch = match &mut self.scratch {
            Some(scratch) => scratch,
            none => none.insert(Scratch::new(&self.folder)?),
        };
        let (mut run, mut block) = (Run::new(), Vec::with_capacity(BLOCK * 2));
        for &Place { start, end, .. } in &self.records {
            append(&mut block, &self.bytes[start..end])?;
            if block.len() >= BLOCK {
                run.push_back(scratch.write(&mut block)?);
            }
        }
        if !block.is_empty() {
            run.push_back(scratch.write(&mut block)?);
        }
        self.runs.push(run);
        self.records.clear();
        self.bytes.clear();
        Ok(())
    }
}

impl Sorted {
    /// The next record.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, DirectoryError> {
        if let Some(last) = self.last {
            self.runs[last]
                .advance(self.scratch.as_mut())
                .map_err(DirectoryError::Scratch)?;
        }
        // Few runs: looking at each is cheaper than a heap of copies.
        let waiting = (0..self.runs.len()).filter(|&run| self.runs[run].now.is_some());
        self.last = waiting.min_by_key(|&run| self.runs[run].record());
        Ok(self.last.and_then(|run| self.runs[run].record()))
    }
}

impl Reader {
    fn of(blocks: Run) -> Self {
        Reader {
            blocks,
            block: Vec::new(),
            now: None,
        }
    }

    fn holding(block: Vec<u8>) -> Self {
        Reader {
            blocks: Run::new(),
            block,
            now: None,
        }
    }

    fn record(&self) -> Option<&[u8]> {
        self.now.map(|(start, end)| &self.block[start..end])
    }

    fn advance(&mut self, scratch: Option<&mut Scratch>) -> io::Result<()> {
        let mut at = self.now.map_or(0, |(_, end)| end);
        if at == self.block.len() {
            self.now = None;
            let (Some(place), Some(scratch)) = (self.blocks.pop_front(), scratch) else {
                return Ok(());
            };
            scratch.read(place, &mut self.block)?;
            at = 0;
        }
        let head = self.block.get(at..at + HEAD).and_then(|head| head.try_into().ok());
        self.now = head.map(|head| (at + HEAD, at + HEAD + u32::from_le_bytes(head) as usize));
        Ok(())
    }
}

impl Scratch {
    fn new(folder: &Path) -> io::Result<Self> {
        let mut secret = zeroize::Zeroizing::new([0; 32]);
        let refused = |_| io::Error::other("the system gives no random key");
        SystemRandom::new().fill(&mut *secret).map_err(refused)?;
        let key = UnboundKey::new(&AES_256_GCM, &*secret).map_err(refused)?;
        Ok(Scratch {
            file: tempfile::tempfile_in(folder)?,
            key: LessSafeKey::new(key),
            end: 0,
        })
    }

    /// Seals and writes a block, and empties it.
    fn write(&mut self, block: &mut Vec<u8>) -> io::Result<(u64, usize)> {
        let sealed = self.key.seal_in_place_append_tag(nonce(self.end), Aad::empty(), block);
        sealed.map_err(|_| io::Error::other("a block could not be sealed"))?;
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(block)?;
        let place = (self.end, block.len());
        self.end += block.len() as u64;
        block.clear();
        Ok(place)
    }

    fn read(&mut self, (start, length): (u64, usize), block: &mut Vec<u8>) -> io::Result<()> {
        block.resize(length, 0);
        self.file.seek(SeekFrom::Start(start))?;
        self.file.read_exact(block)?;
        let opened = self.key.open_in_place(nonce(start), Aad::empty(), block);
        let length = opened.map(|plain| plain.len());
        block.truncate(length.map_err(|_| io::Error::other("a block was changed on the disk"))?);
        Ok(())
    }
}

/// Each place is written once, so that no nonce comes twice under the key.
fn nonce(place: u64) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[..size_of::<u64>()].copy_from_slice(&place.to_le_bytes());
    Nonce::assume_unique_for_key(bytes)
}

fn append(block: &mut Vec<u8>, record: &[u8]) -> io::Result<()> {
    let length = u32::try_from(record.len()).map_err(io::Error::other)?;
    block.extend_from_slice(&length.to_le_bytes());
    block.extend_from_slice(record);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn all(mut sorted: Sorted) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(record) = sorted.next().expect("readable") {
            all.push(record.to_vec());
        }
        all
    }

    #[test]
    fn records_come_out_sorted_whether_or_not_they_fit_into_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut random = ChaCha8Rng::seed_from_u64(3);
        for most in [100, 5_000, 400_000, usize::MAX] {
            let mut sorter = Sorter::new(folder.path(), most);
            let mut expected: Vec<Vec<u8>> = (0..3_000)
                .map(|_| (0..random.random_range(0..60)).map(|_| random.random()).collect())
                .collect();
            expected.push(vec![7; 2 * BLOCK]);
            for record in &expected {
                sorter
                    .push(&[&record[..record.len() / 2], &record[record.len() / 2..]])
                    .expect("room");
            }
            expected.sort();
            assert_eq!(all(sorter.sorted().expect("readable")), expected, "{most} bytes");
        }
        assert!(all(Sorter::new(folder.path(), 100).sorted().expect("empty")).is_empty());
    }

    #[test]
    fn nothing_can_be_read_in_the_file_and_a_changed_block_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut sorter = Sorter::new(folder.path(), 1_000);
        for _ in 0..100 {
            sorter.push(&[b"Maria Lopez bought tea"]).expect("room");
        }
        let scratch = sorter.scratch.as_mut().expect("more than fits");
        let mut bytes = Vec::new();
        scratch.file.rewind().expect("seekable");
        scratch.file.read_to_end(&mut bytes).expect("readable");
        assert!(!bytes.windows(5).any(|window| window == b"Maria" || window == b"Lopez"));
        scratch.file.seek(SeekFrom::Start(40)).expect("seekable");
        scratch.file.write_all(&[bytes[40] ^ 1]).expect("writable");
        assert!(matches!(sorter.sorted().err(), Some(DirectoryError::Scratch(_))));
        assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0);
    }
}
