//! A name and a URI in a header (`name-addr` of RFC 3261, 25.1), read with patience: what is malformed gives an
//! empty part, never an error, because a caller with an odd name is still a caller.

/// `"Display" <sip:user@host;uri-parameters>;header-parameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// The display name, unquoted.
    pub(super) display: String,
    /// The whole URI.
    pub(super) uri: String,
    /// What stands before `@`, without parameters, `%41` decoded; in a `tel:` URI the number.
    pub(super) user: String,
    /// What stands after `@`, without port.
    pub(super) host: String,
}

impl Address {
    /// Reads one address.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        let (display, rest) = display_of(text);
        let uri = match rest.find('<') {
            Some(open) => {
                let inner = &rest[open + 1..];
                &inner[..inner.find('>').unwrap_or(inner.len())]
            }
            // without brackets, parameters belong to the header (RFC 3261, 20)
            None => rest.split(';').next().unwrap_or_default(),
        };
        Address {
            display,
            ..Address::of_uri(uri)
        }
    }

    /// Reads a URI without a name.
    pub(super) fn of_uri(uri: &str) -> Self {
        let uri = uri.trim();
        let (scheme, rest) = uri.split_once(':').unwrap_or(("", uri));
        let (user, host) = if scheme.eq_ignore_ascii_case("tel") {
            (rest, "")
        } else {
            rest.rsplit_once('@').unwrap_or(("", rest))
        };
        Address {
            display: String::new(),
            uri: uri.to_owned(),
            user: percent_decoded(user.split([';', ':']).next().unwrap_or_default()),
            host: host_of(host).to_owned(),
        }
    }

    /// Whether the caller does not want to be known: `anonymous` by RFC 3323, 4.1, and what phone systems make of it.
    pub(super) fn is_anonymous(&self) -> bool {
        self.host.eq_ignore_ascii_case("anonymous.invalid")
            || ["anonymous", "restricted", "withheld"]
                .iter()
                .any(|word| self.user.eq_ignore_ascii_case(word))
    }
}

/// The parts of a comma-separated header; commas in quotes and brackets part nothing.
pub(super) fn list(value: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quoted, mut escaped, mut depth) = (Vec::new(), 0, false, false, 0_usize);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => depth += 1,
            '>' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push(value[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(value[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The display name and what follows it.
fn display_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        return match text.find('<') {
            Some(open) => (text[..open].trim().to_owned(), &text[open..]),
            None => (String::new(), text),
        };
    };
    let mut name = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return (name, &quoted[at + 1..]),
            c => {
                name.push(c);
                escaped = false;
            }
        }
    }
    (String::new(), "")
}

fn host_of(text: &str) -> &str {
    let end = match text.strip_prefix('[') {
        Some(_) => text.find(']').map_or(text.len(), |end| end + 1),
        None => text.find([':', ';', '?', '>']).unwrap_or(text.len()),
    };
    &text[..end]
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_reads(text: &str, display: &str, user: &str, host: &str) {
        let address = Address::parse(text);
        assert_eq!(
            (address.display.as_str(), address.user.as_str(), address.host.as_str()),
            (display, user, host),
            "{text}"
        );
    }

    #[test]
    fn names_and_numbers_are_read_in_every_form_of_the_grammar() {
        assert_reads(
            "\"Alice\" <sip:+12025550143@127.0.0.1:17060>;tag=1",
            "Alice",
            "+12025550143",
            "127.0.0.1",
        );
        assert_reads(
            "Alice Liddell <sips:alice@[2001:db8::1]:5061>",
            "Alice Liddell",
            "alice",
            "[2001:db8::1]",
        );
        assert_reads("sip:101@pbx.example;tag=9", "", "101", "pbx.example");
        assert_reads("<tel:+4930901820;verstat=TN-Validation-Passed>", "", "+4930901820", "");
        assert_reads(
            "<sip:+4930901820;verstat=No;npdi@pbx;user=phone>",
            "",
            "+4930901820",
            "pbx",
        );
        assert_reads(
            "\"a \\\"b\\\" <sip:x@y>\" <sip:%2B49:pw@h?x=y>",
            "a \"b\" <sip:x@y>",
            "+49",
            "h",
        );
        assert_reads("<sip:pbx.example;lr>", "", "", "pbx.example");
    }

    #[test]
    fn malformed_addresses_give_empty_parts() {
        for text in [
            "",
            "\"never closed",
            "<",
            "<sip:",
            ">",
            "\"\"\"",
            "<sip:@>",
            "%",
            "<sip:%4@h>",
        ] {
            let address = Address::parse(text);
            assert!(
                address.display.len() <= 1 && address.user.len() <= 2,
                "{text}: {address:?}"
            );
        }
    }

    #[test]
    fn commas_within_quotes_and_brackets_part_nothing() {
        let value = "\"Doe, Jane\" <sip:a@b;x=1,2>, <sip:c@d>,, tel:+49";
        assert_eq!(list(value), ["\"Doe, Jane\" <sip:a@b;x=1,2>", "<sip:c@d>", "tel:+49"]);
    }
}
