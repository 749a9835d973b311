//! What stands in the pages of an encrypted store, decrypted one by one as SQLCipher 4 writes them
//! (<https://www.zetetic.net/sqlcipher/design/>): AES-256-CBC, the initialisation vector and an authentication code in the last
//! 80 bytes of each page. Free pages and the frames of the write-ahead log are pages too, and no query shows them.

use std::fs;
use std::path::{Path, PathBuf};

use aes::Aes256;
use cbc::Decryptor;
use cbc::cipher::{BlockDecryptMut as _, KeyIvInit as _, block_padding::NoPadding};
use ringside::vault::MasterKey;

const PAGE: usize = 4096;
/// Behind the content of a page: 16 bytes of initialisation vector, 64 of authentication code.
const RESERVE: usize = 80;
/// In the place of SQLite's magic, in the clear.
const SALT: usize = 16;
const LOG_HEAD: usize = 32;
const FRAME_HEAD: usize = 24;

/// The decrypted pages of a store and of its log.
pub(super) struct Pages {
    pub(super) file: PathBuf,
    pages: Vec<Vec<u8>>,
}

impl Pages {
    pub(super) fn of(file: &Path, key: &MasterKey) -> Self {
        let bytes = fs::read(file).expect("the store");
        assert!(!bytes.is_empty() && bytes.len().is_multiple_of(PAGE), "{}", bytes.len());
        let mut pages: Vec<Vec<u8>> = bytes
            .chunks(PAGE)
            .enumerate()
            .map(|(nth, page)| open(page, nth == 0, key))
            .collect();
        // the header says the page size, so the key and the layout are the right ones
        assert_eq!(pages[0][..2], [0x10, 0x00], "{} is not read rightly", file.display());
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        let log = fs::read(log).unwrap_or_default();
        for frame in log.get(LOG_HEAD..).unwrap_or_default().chunks_exact(FRAME_HEAD + PAGE) {
            let number = u32::from_be_bytes(frame[..4].try_into().expect("four bytes"));
            pages.push(open(&frame[FRAME_HEAD..], number == 1, key));
        }
        Pages {
            file: file.to_owned(),
            pages,
        }
    }

    pub(super) fn have(&self, what: &[u8]) -> bool {
        self.pages
            .iter()
            .any(|page| page.windows(what.len()).any(|window| window.eq_ignore_ascii_case(what)))
    }
}

fn open(page: &[u8], first: bool, key: &MasterKey) -> Vec<u8> {
    let (content, rest) = page.split_at(PAGE - RESERVE);
    let mut content = content[if first { SALT } else { 0 }..].to_vec();
    if page.iter().all(|byte| *byte == 0) {
        return content; // never written
    }
    let iv: [u8; 16] = rest[..16].try_into().expect("an initialisation vector");
    let decryptor = Decryptor::<Aes256>::new(key.bytes().into(), &iv.into());
    let length = content.len();
    decryptor
        .decrypt_padded_mut::<NoPadding>(&mut content)
        .expect("whole blocks");
    assert_eq!(content.len(), length);
    content
}

/// A number as SQLite stores it: as many bytes as it needs.
pub(super) fn stored(number: u64) -> Vec<u8> {
    number.to_be_bytes()[2..].to_vec()
}
