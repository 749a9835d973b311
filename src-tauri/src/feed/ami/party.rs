//! The caller in an AMI event: number, name, whether withheld, attestation.

use super::message::Headers;
use crate::call::{Party, Presentation};
use crate::feed::verstat::{trust_of, verstat_in};

/// The party of the event's own channel.
pub(super) fn of(message: &Headers<'_>) -> Party {
    let text = |name: &str| message.get(name).filter(|value| is_known(value)).unwrap_or_default();
    let verstat = message
        .all("ChanVariable")
        .find_map(|variable| verstat_in(&variable))
        .unwrap_or_default();
    let presentation = presentation_of(message);
    let restricted = presentation == Presentation::Restricted;
    Party {
        number: text("CallerIDNum").into_owned(),
        name: if restricted {
            String::new()
        } else {
            unescape(&text("CallerIDName"))
        },
        presentation,
        trust: trust_of(&verstat),
        verstat,
    }
}

/// Asterisk writes `<unknown>` for what it does not know.
pub(super) fn is_known(value: &str) -> bool {
    !value.is_empty() && value != "<unknown>"
}

impl Party {
    /// Fills what this event did not tell from what was told before.
    pub(super) fn or_as_before(mut self, before: &Party) -> Party {
        if self.number.is_empty() {
            self.number.clone_from(&before.number);
        }
        if self.name.is_empty() {
            self.name.clone_from(&before.name);
        }
        if self.presentation == Presentation::Unknown {
            self.presentation = before.presentation;
        }
        if self.verstat.is_empty() {
            self.verstat.clone_from(&before.verstat);
            self.trust = before.trust;
        }
        self
    }
}

/// `channelvars=CALLERID(num-pres)` in manager.conf puts the presentation on every event of the call
/// class; `NewCallerid` carries it as a number (`0x20` set: prohibited, Q.951).
fn presentation_of(message: &Headers<'_>) -> Presentation {
    let variable = message.all("ChanVariable").find_map(|variable| {
        let value = variable.strip_prefix("CALLERID(num-pres)=")?;
        Some(match value {
            value if value.starts_with("prohib") => Presentation::Restricted,
            value if value.starts_with("allowed") => Presentation::Allowed,
            _ => Presentation::Unknown,
        })
    });
    variable.unwrap_or_else(|| {
        let code = message.get("CID-CallingPres");
        match code
            .as_deref()
            .and_then(|code| code.split(' ').next()?.parse::<u16>().ok())
        {
            Some(code) if code & 0x60 == 0x20 => Presentation::Restricted,
            Some(code) if code & 0x60 == 0 => Presentation::Allowed,
            _ => Presentation::Unknown,
        }
    })
}

/// A quote within a display name arrives escaped once by SIP (RFC 3261, 25.1) and once more by pjproject.
fn unescape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut slashes = 0;
    for c in name.chars() {
        match c {
            '\\' => slashes += 1,
            c => {
                if c != '"' {
                    out.extend(std::iter::repeat_n('\\', slashes));
                }
                slashes = 0;
                out.push(c);
            }
        }
    }
    out.extend(std::iter::repeat_n('\\', slashes));
    out
}
