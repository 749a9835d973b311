//! The Asterisk Manager Interface on the wire: header lines, ended by an empty line.
//!
//! Zero-copy: a message borrows the buffer it was received into. It knows no header.
//! Source: <https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/>.

use std::sync::LazyLock;

use memchr::{memchr, memmem};

use super::message::Message;

/// The longest message taken in, in bytes; a longer one is skipped and counted.
pub const LONGEST: usize = 1 << 20;

/// How much is received at once, at most.
pub const PIECE: usize = 64 * 1024;

/// What ends a message.
const END: &[u8] = b"\r\n\r\n";

/// What stands in the middle of an end and hardly anywhere else: a search for the whole of it stops at the end of every line.
/// Making a searcher takes as long as reading a small message.
static GAP: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"\n\r"));

/// Where the first end of a message is.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let mut ends = GAP.find_iter(bytes).filter_map(|gap| gap.checked_sub(1));
    ends.find(|end| bytes[*end..].starts_with(END))
}

/// Bytes as they come, and the messages in them.
#[derive(Debug, Default)]
pub struct Wire {
    /// What is not read yet stands from `start` to `end`; behind it is room for more.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// No message ends before here; what comes in small pieces is not searched again with each.
    searched: usize,
    skipping: bool,
    /// Messages longer than [`LONGEST`] that were skipped.
    pub skipped: u64,
}

impl Wire {
    /// Appends what was received elsewhere.
    pub fn push(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.buffer[self.end..][..bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
    }

    /// Where to receive, [`PIECE`] bytes at most: messages are then read where they were received, without a copy.
    /// Asked twice it is the same place, until [`Wire::received`] says how much came.
    pub fn room(&mut self) -> &mut [u8] {
        self.make_room(PIECE);
        &mut self.buffer[self.end..][..PIECE]
    }

    /// So many bytes were received into [`Wire::room`].
    pub fn received(&mut self, length: usize) {
        self.end = self.buffer.len().min(self.end + length.min(PIECE));
    }

    fn make_room(&mut self, length: usize) {
        if self.start >= self.end - self.start {
            // as much as is moved was read since the last time; the buffer stays as small as the processor's own memory
            self.buffer.copy_within(self.start..self.end, 0);
            self.searched = self.searched.saturating_sub(self.start);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + length {
            self.buffer.resize(self.end + length, 0);
        }
    }

    /// The first line of a connection, which is not a message, without its line end.
    /// `None` until it is whole; a line of more than 512 bytes is cut there.
    pub fn banner(&mut self) -> Option<String> {
        let pending = &self.buffer[self.start..self.end];
        let end = match memchr(b'\n', pending) {
            Some(end) => end,
            None if pending.len() > 512 => 512,
            None => return None,
        };
        let line = String::from_utf8_lossy(&pending[..end])
            .trim_end_matches('\r')
            .to_owned();
        self.start += (end + 1).min(pending.len());
        Some(line)
    }

    /// The next whole message. Empty ones, which Asterisk sends after some events, are left out.
    pub fn message(&mut self) -> Option<Message<'_>> {
        let (from, to) = self.next_range()?;
        Some(Message::new(&self.buffer[from..to]))
    }

    fn next_range(&mut self) -> Option<(usize, usize)> {
        loop {
            // the end of a message that is being skipped may be half there
            let received = &self.buffer[..self.end];
            while !self.skipping && matches!(received.get(self.start), Some(b'\r' | b'\n')) {
                self.start += 1;
            }
            let searching = self.searched.max(self.start);
            let Some(further) = find_end(&received[searching..]) else {
                self.give_up_on_overlong();
                self.searched = self.end.saturating_sub(3);
                return None;
            };
            let (from, length) = (self.start, searching + further - self.start);
            self.start += length + END.len();
            if std::mem::take(&mut self.skipping) {
                continue;
            }
            if length > LONGEST {
                self.skipped += 1;
                continue;
            }
            return Some((from, from + length));
        }
    }

    /// A message without end must not fill the memory: drop all but what may be the start of its end.
    fn give_up_on_overlong(&mut self) {
        if self.end - self.start > LONGEST {
            self.skipped += u64::from(!self.skipping);
            self.skipping = true;
            self.start = self.end - 3;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn events(wire: &mut Wire) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(message) = wire.message() {
            found.push(message.get("Event").map_or_else(String::new, Cow::into_owned));
        }
        found
    }

    #[test]
    fn a_message_cut_at_any_byte_is_read_whole() {
        let bytes = b"Event: A\r\nX: 1\r\n\r\n\r\nEvent: B\r\n\r\n";
        for cut in 0..bytes.len() {
            let mut wire = Wire::default();
            wire.push(&bytes[..cut]);
            let mut found = events(&mut wire);
            wire.push(&bytes[cut..]);
            found.extend(events(&mut wire));
            assert_eq!(found, ["A", "B"], "cut at {cut}");
        }
    }

    /// The messages of `bytes`, received in two pieces straight into the wire.
    fn cut_at(bytes: &[u8], cut: usize) -> Vec<Vec<u8>> {
        let mut wire = Wire::default();
        let mut found = Vec::new();
        for piece in [&bytes[..cut], &bytes[cut..]] {
            wire.room()[..piece.len()].copy_from_slice(piece);
            wire.received(piece.len());
            while let Some(message) = wire.message() {
                found.push(message.bytes.to_vec());
            }
        }
        found
    }

    /// What stands between empty lines, as anybody would look for it.
    fn plainly(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut rest = bytes;
        let mut found = Vec::new();
        loop {
            let begin = rest.iter().position(|byte| !b"\r\n".contains(byte));
            rest = &rest[begin.unwrap_or(rest.len())..];
            let Some(end) = rest.windows(END.len()).position(|window| window == END) else {
                return found;
            };
            found.push(rest[..end].to_vec());
            rest = &rest[end + END.len()..];
        }
    }

    #[test]
    fn a_message_ends_with_the_first_empty_line_however_line_ends_are_mixed_up_and_wherever_they_are_cut() {
        for number in 0..3_usize.pow(8) {
            let digits = (0..8).scan(number, |left, _| {
                let byte = b"\r\nx"[*left % 3];
                *left /= 3;
                Some(byte)
            });
            let bytes: Vec<u8> = digits.chain(*b"\r\n\r\nlast\r\n\r\n").collect();
            for cut in 0..=9 {
                assert_eq!(
                    cut_at(&bytes, cut),
                    plainly(&bytes),
                    "{:?} cut at {cut}",
                    bytes.escape_ascii().to_string()
                );
            }
        }
    }

    #[test]
    fn what_is_received_into_the_wire_is_read_as_what_is_pushed() {
        let mut bytes = Vec::new();
        for number in 0..2000 {
            let long = "y".repeat(if number % 500 == 0 { LONGEST + number } else { number });
            bytes.extend(format!("Event: {number}\r\nValue: {long}\r\n\r\n").into_bytes());
        }
        let (mut pushed, mut received) = (Wire::default(), Wire::default());
        let mut found = 0;
        for piece in bytes.chunks(PIECE) {
            pushed.push(piece);
            received.room()[..piece.len()].copy_from_slice(piece);
            assert_eq!(&received.room()[..piece.len()], piece, "the room stays where it is");
            received.received(piece.len());
            let news = events(&mut received);
            assert_eq!(news, events(&mut pushed));
            found += news.len();
            assert!(received.buffer.len() <= 2 * LONGEST + 2 * PIECE);
        }
        assert_eq!((found, received.skipped, pushed.skipped), (1996, 4, 4));
    }

    #[test]
    fn no_more_is_taken_for_received_than_there_was_room_for() {
        let mut wire = Wire::default();
        wire.room().fill(b'x');
        wire.received(usize::MAX);
        wire.push(b"\r\n\r\nEvent: Next\r\n\r\n");
        assert_eq!(wire.message().expect("whole").bytes.len(), PIECE);
        assert_eq!(events(&mut wire), ["Next"]);
    }

    #[test]
    fn a_message_without_end_does_not_fill_the_memory_and_the_next_one_is_read() {
        let mut wire = Wire::default();
        for _ in 0..40 {
            wire.push(&[b'x'; 64 * 1024]);
            assert!(wire.message().is_none());
            assert!(wire.buffer.len() <= 2 * LONGEST + 64 * 1024);
        }
        wire.push(b"\r\n\r\nEvent: Next\r\n\r\n");
        assert_eq!(events(&mut wire), ["Next"]);
        assert_eq!(wire.skipped, 1);
    }

    #[test]
    fn of_an_overlong_message_that_is_cut_within_its_end_nothing_but_itself_is_skipped() {
        for cut in 0..=4 {
            let (before, after) = b"\r\n\r\n".split_at(cut);
            let mut wire = Wire::default();
            wire.push(&vec![b'x'; LONGEST]);
            wire.push(&[b"x", before].concat());
            let mut found = events(&mut wire);
            wire.push(&[after, b"Event: Next\r\n\r\nEvent: Last\r\n\r\n"].concat());
            found.extend(events(&mut wire));
            assert_eq!(found, ["Next", "Last"], "cut at {cut}");
            assert_eq!(wire.skipped, 1, "cut at {cut}");
        }
    }

    #[test]
    fn a_long_message_that_comes_byte_by_byte_is_not_searched_again_with_each() {
        let mut wire = Wire::default();
        let message = format!("Event: Slow\r\nValue: {}\r\n\r\n", "y".repeat(300_000));
        let (last, before) = message.as_bytes().split_last().expect("not empty");
        for byte in before {
            wire.push(&[*byte]);
            assert!(wire.message().is_none());
            assert!(wire.end - wire.searched <= 3);
        }
        wire.push(&[*last]);
        assert_eq!(events(&mut wire), ["Slow"]);
    }

    #[test]
    fn a_line_of_70_kilobytes_is_read() {
        let mut wire = Wire::default();
        let long = "y".repeat(70_000);
        wire.push(format!("Event: Long\r\nValue: {long}\r\n\r\n").as_bytes());
        assert_eq!(
            wire.message().expect("whole").raw("Value").map(<[u8]>::len),
            Some(70_000)
        );
    }

    #[test]
    fn the_banner_is_the_first_line() {
        let mut wire = Wire::default();
        wire.push(b"Asterisk Call");
        assert_eq!(wire.banner(), None);
        wire.push(b" Manager/11.0.0\r\nResponse: Success\r\n\r\n");
        assert_eq!(wire.banner().as_deref(), Some("Asterisk Call Manager/11.0.0"));
        assert_eq!(
            wire.message().expect("whole").get("Response").as_deref(),
            Some("Success")
        );
    }
}
