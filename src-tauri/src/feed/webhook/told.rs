//! The normal form: what one delivery of any provider says about a call.
//!
//! Pure. It does not know what was said before; `calls` remembers that.

use super::fields::Malformed;
use crate::call::{Cause, Direction, Side, TransferKind, Trust};
use crate::words::Saying;

/// Why a delivery cannot be translated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub(super) enum Bad {
    /// The body cannot be read.
    Malformed(#[from] Malformed),
    /// A field is missing without which nothing can be told.
    Missing(String),
    /// A field has a word that the format does not have.
    Word {
        /// The field.
        field: String,
        /// What it says.
        word: String,
        /// What it may say: a message of the catalogue.
        allowed: &'static str,
    },
}

impl Bad {
    /// What is wrong and what to do.
    pub(super) fn saying(&self) -> Saying {
        match self {
            Bad::Malformed(malformed) => malformed.saying(),
            Bad::Missing(field) => Saying::of("said.hook_field_missing").with("field", field),
            Bad::Word { field, word, allowed } => Saying::of("said.hook_word")
                .with("field", field)
                .with("word", word)
                .with_said("allowed", Saying::of(allowed)),
        }
    }
}

/// One thing that a delivery says. Numbers and names of users stand here as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Told {
    /// The provider's key of what the caller lives through; legs share it.
    pub(super) session: String,
    /// What happened.
    pub(super) what: What,
    /// From where to where. An event that has it can begin a call that was not heard of; one that has none waits
    /// until the call begins.
    pub(super) direction: Option<Direction>,
    /// The number that calls.
    pub(super) from: String,
    /// The number that is called.
    pub(super) to: String,
    /// The display name of the person outside, empty for none.
    pub(super) name: String,
    /// Our user who dials, in outgoing and internal calls.
    pub(super) dialler: Option<String>,
    /// Our users whose phones the event is about.
    pub(super) users: Vec<String>,
    /// The provider's key of the phone, when the format tells of single phones.
    pub(super) leg: Option<String>,
    /// Who took the call, in the provider's words; may be a number, a user or a phone.
    pub(super) answering: Option<String>,
    /// The attestation.
    pub(super) trust: Trust,
    /// The attestation in the provider's words.
    pub(super) verstat: String,
    /// Why it ended.
    pub(super) cause: Option<Cause>,
    /// Who ended it.
    pub(super) by: Option<Side>,
    /// Whether the call is over when this was its last phone. Told with the end of a phone, where nothing else tells
    /// the end of a call that a phone began.
    pub(super) last_ends: bool,
    /// The provider's order number: what comes later with a smaller one than the last of its phone is old.
    pub(super) order: u64,
    /// The trunk or line it came over.
    pub(super) trunk: Option<String>,
}

/// What can happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// The call exists. Its phones are told apart, by events of their own.
    #[default]
    Began,
    /// The call exists, and the phones of `users` ring from now on, or all when none is named; the format has no
    /// event for a single phone.
    BeganRinging,
    /// A phone is dialled: `leg` of `users[0]`, or of the number outside.
    Offered,
    /// That phone rings.
    Ringing,
    /// That phone talks. Without a `leg` the phone is found from `answering` and `users`.
    Answered,
    /// The call is on hold.
    Held,
    /// The call is off hold.
    Resumed,
    /// More is known of the person outside.
    Changed,
    /// The call waits in a queue.
    Queued(String),
    /// The call was passed on by `users[0]`, to a user or number.
    Passed(TransferKind, Option<String>),
    /// The phone `leg` left, because its call was joined with that of another session.
    Joined(String),
    /// A voice mailbox took it.
    Voicemail,
    /// That phone is out of the call.
    LegEnded,
    /// The call is over.
    Ended,
}

impl Told {
    /// Something about call `session`.
    pub(super) fn new(session: String, what: What) -> Self {
        Told {
            session,
            what,
            ..Told::default()
        }
    }
}

impl Told {
    /// Whether it tells of a phone that is dialled.
    pub(super) fn dials(&self) -> bool {
        self.leg.is_some() && matches!(self.what, What::Offered | What::Ringing | What::Answered)
    }
}

/// Our user behind an address: `ada` of `client:ada`, `101` of `sip:101@acme.example`. A number is none.
pub(super) fn user_of(address: &str) -> Option<String> {
    if let Some(client) = address.strip_prefix("client:") {
        return Some(client.to_owned());
    }
    let sip = address.strip_prefix("sip:").or_else(|| address.strip_prefix("sips:"))?;
    let user = sip.split(['@', ';']).next().filter(|user| !user.starts_with('+'))?;
    Some(user.to_owned())
}

/// The number or user of an address, without what stands before and behind it.
pub(super) fn bare(address: &str) -> &str {
    let schemes = ["client:", "sip:", "sips:", "tel:"];
    let rest = schemes.iter().find_map(|scheme| address.strip_prefix(scheme));
    rest.map_or(address, |rest| rest.split(['@', ';']).next().unwrap_or_default())
}

/// The attestation of a `verstat` (RFC 8946 section 4, ATIS-1000074), with the level as some write it behind.
pub(super) fn trust_of(verstat: &str) -> Trust {
    let word = verstat.trim().to_ascii_lowercase();
    match word.as_str() {
        "tn-validation-passed" | "tn-validation-passed-a" | "a" => Trust::Verified,
        "tn-validation-passed-b" | "b" => Trust::NotVerifiedB,
        "tn-validation-passed-c" | "c" => Trust::NotVerifiedC,
        word if word.starts_with("tn-validation-failed") => Trust::Failed,
        _ => Trust::Unknown,
    }
}

/// The letters of a word in lower case: `newCall`, `new_call` and `New-Call` are one.
pub(super) fn letters(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The direction of a word, as most formats write it.
pub(super) fn direction_of(text: &str) -> Option<Direction> {
    match letters(text).as_str() {
        "in" | "inbound" | "incoming" => Some(Direction::In),
        "out" | "outbound" | "outgoing" => Some(Direction::Out),
        "internal" => Some(Direction::Internal),
        _ => None,
    }
}
