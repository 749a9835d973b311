//! One message of the manager: header lines, of which a name may stand several times. It knows no event by name.

use std::borrow::Cow;

use memchr::memchr;

/// More lines than most messages have.
const USUAL_LINES: usize = 32;

/// One message: an event or a response.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub(super) bytes: &'a [u8],
}

impl<'a> Message<'a> {
    /// A message from its bytes, without the empty line at the end.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Message { bytes }
    }

    /// The first header called `name`, as text; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(String::from_utf8_lossy)
    }

    /// The first header called `name`, byte for byte.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a [u8]> {
        self.lines().find_map(|line| value(line, name))
    }

    /// All headers in their order. A line without a colon is left out.
    pub fn headers(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        self.lines().filter_map(|line| {
            let colon = memchr(b':', line)?;
            Some((&line[..colon], without_space(&line[colon + 1..])))
        })
    }

    /// The same for whoever asks for many of them: the lines are found once, and not again for each.
    #[must_use]
    pub fn read(&self) -> Headers<'a> {
        let mut lines = Vec::with_capacity(USUAL_LINES);
        lines.extend(self.lines());
        Headers { lines }
    }

    fn lines(&self) -> Lines<'a> {
        Lines { rest: self.bytes }
    }
}

/// The headers of a message whose lines were found once.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    lines: Vec<&'a [u8]>,
}

impl<'a> Headers<'a> {
    /// The first header called `name`, as text; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(String::from_utf8_lossy)
    }

    /// The first header called `name`, byte for byte.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a [u8]> {
        self.lines.iter().find_map(|line| value(line, name))
    }

    /// Every header called `name`, for those that stand several times.
    pub fn all(&self, name: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
        let values = self.lines.iter().filter_map(move |line| value(line, name));
        values.map(String::from_utf8_lossy)
    }
}

/// The lines of a message, without their ends.
#[derive(Clone, Debug)]
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let line = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// The value of a line, if it is the header `name`. Looks for no colon: most lines are other headers.
fn value<'a>(line: &'a [u8], name: &str) -> Option<&'a [u8]> {
    if line.get(name.len()) != Some(&b':') {
        return None;
    }
    let value = line.strip_prefix(name.as_bytes())?;
    Some(without_space(&value[1..]))
}

fn without_space(value: &[u8]) -> &[u8] {
    value.strip_prefix(b" ").unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_headers_keep_their_order_and_values_keep_their_colons() {
        let message = Message::new(b"Event: E\r\nOutput: a: b\r\nno colon here\r\nOutput:\r\nOutput: \xff");
        let told = ["a: b", "", "\u{fffd}"];
        assert_eq!(message.get("Output").as_deref(), Some("a: b"));
        let headers = message.read();
        assert_eq!(headers.all("Output").collect::<Vec<_>>(), told);
        assert_eq!(headers.get("Output").as_deref(), Some("a: b"));
        assert_eq!(headers.raw("no colon here"), None);
    }
}
