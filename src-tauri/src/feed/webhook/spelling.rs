//! How providers spell the names and the values of fields, evened out. Pure.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// A path of names, each evened out: `data.payload.call_session_id`.
pub(super) fn even_path(path: &str) -> Cow<'_, str> {
    if path
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.')
    {
        return path.into();
    }
    let even = |name: &str| match name.strip_prefix('@') {
        Some(bare) => format!("@{}", even(bare)),
        None => even(name),
    };
    path.split('.').map(even).collect::<Vec<_>>().join(".").into()
}

/// The name without what providers write differently: `callId`, `call_id`, `callid`, `user[]`, `user[0]`.
pub(super) fn even(name: &str) -> String {
    let bare = name.split('[').next().unwrap_or(name);
    let mut evened = String::with_capacity(bare.len());
    for letter in bare.chars() {
        if letter.is_ascii_alphanumeric() {
            evened.push(letter.to_ascii_lowercase());
        } else if letter.is_alphanumeric() {
            evened.extend(letter.to_lowercase());
        }
    }
    evened
}

/// The text without control characters and outer blanks, so that nothing breaks a line of a log.
pub(super) fn plain(text: Cow<'_, str>) -> String {
    let spaced = if text.chars().any(char::is_control) {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    } else {
        text.into_owned()
    };
    match spaced.trim() {
        trimmed if trimmed.len() == spaced.len() => spaced,
        trimmed => trimmed.to_owned(),
    }
}

/// Undoes percent-encoding. A `%` that no two hexadecimal digits follow stands for itself.
pub(super) fn decoded(text: &[u8]) -> Cow<'_, str> {
    if !text.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return match std::str::from_utf8(text) {
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode(text).0,
        };
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let (byte, used) = match first {
            b'+' => (b' ', 1),
            b'%' => after
                .get(..2)
                .and_then(|hex| std::str::from_utf8(hex).ok())
                .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
                .map_or((b'%', 1), |byte| (byte, 3)),
            other => (other, 1),
        };
        bytes.push(byte);
        rest = &rest[used..];
    }
    let text = String::from_utf8(bytes);
    text.map_or_else(
        |error| WINDOWS_1252.decode(error.as_bytes()).0.into_owned().into(),
        Cow::from,
    )
}
