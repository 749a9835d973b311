//! A format that the settings describe: which field says what, which words mean what, how it is verified.
//!
//! Pure data and its checks. It does not know any provider; what a mapping means for a request is in `read`, `write`
//! and `proof`.
//!
//! ```toml
//! [feed.mapping]
//! name = "mypbx"                                  # the address ends with /in/mypbx
//! proof = { kind = "hmac", hash = "sha256", header = "X-Signature" }
//! fields = { call = "call.id", event = "type", direction = "call.dir", from = "call.from", to = "call.to" }
//! events = { ring = "rings-all", pickup = "answered", end = "ended" }
//! causes = { "17" = "busy", "19" = "no-answer" }
//! ```

mod proof;
mod read;
mod template;
mod write;

use std::collections::BTreeMap;

use axum::http::HeaderName;
use regex::Regex;
use serde::{Deserialize, Deserializer, de};

use crate::call::{Cause, Direction};

pub use proof::{Encoding, Hash, MappingProof, TimeUnit};
pub use template::Template;

/// A format in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its name, the last part of the address but the token.
    #[serde(deserialize_with = "name")]
    pub name: String,
    /// The method that the phone system uses.
    #[serde(default)]
    pub method: MappingMethod,
    /// How the fields are written.
    #[serde(default)]
    pub written: MappingForm,
    /// How it is verified.
    pub proof: MappingProof,
    /// Where the fields are.
    pub fields: MappingFields,
    /// What the words of `fields.event` mean; events with other words are acknowledged and say nothing.
    pub events: BTreeMap<String, MappingEvent>,
    /// What the words of `fields.direction` mean, beside in, out, inbound, outbound, incoming, outgoing and internal.
    #[serde(default, deserialize_with = "directions")]
    pub directions: BTreeMap<String, Direction>,
    /// The direction of all calls, where no field tells it.
    #[serde(default, deserialize_with = "only_direction")]
    pub only_direction: Option<Direction>,
    /// What the words of `fields.cause` mean.
    #[serde(default)]
    pub causes: BTreeMap<String, MappingCause>,
    /// How a number stands in its field: a regular expression whose first group is the number.
    #[serde(default)]
    pub number: Option<Pattern>,
    /// Words that stand for a withheld number, beside anonymous, restricted, private and withheld.
    #[serde(default)]
    pub withheld: Vec<String>,
    /// The call is over when its last phone is, because no event says so.
    #[serde(default)]
    pub ends_with_last_phone: bool,
    /// What is answered to a delivery, where the phone system wants to read something.
    #[serde(default)]
    pub answer: MappingAnswer,
}

/// How a phone system delivers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum MappingMethod {
    /// POST.
    #[default]
    #[serde(rename = "POST")]
    Post,
    /// GET.
    #[serde(rename = "GET")]
    Get,
}

/// How fields are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MappingForm {
    /// As the content type of each request says; a GET has them in its query.
    #[default]
    ByContentType,
    /// A JSON body, whatever its content type is.
    Json,
    /// A form, whatever its content type is.
    Form,
    /// The query, also of a POST.
    Query,
}

/// Where the fields are: a name, a path such as `data.parties[0].number`, `@query.NAME` or `@header.NAME`; or a list of
/// such places, of which the first that has something counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingFields {
    /// The key of the call; phones of one call share it.
    pub call: Place,
    /// What happened.
    pub event: Place,
    /// From where to where.
    #[serde(default)]
    pub direction: Place,
    /// The number that calls.
    #[serde(default)]
    pub from: Place,
    /// The number that is called.
    #[serde(default)]
    pub to: Place,
    /// The display name of the person outside.
    #[serde(default)]
    pub name: Place,
    /// Our users whose phones the event is about; one, or a list, also `agents.*.id`.
    #[serde(default)]
    pub users: Place,
    /// Our user who dials.
    #[serde(default)]
    pub dialler: Place,
    /// Who answered.
    #[serde(default)]
    pub answering: Place,
    /// The key of the phone, where events are about single phones.
    #[serde(default)]
    pub phone: Place,
    /// Why it ended.
    #[serde(default)]
    pub cause: Place,
    /// The queue.
    #[serde(default)]
    pub queue: Place,
    /// The attestation: A, B, C or a `verstat`.
    #[serde(default)]
    pub attestation: Place,
    /// The trunk or line.
    #[serde(default)]
    pub trunk: Place,
    /// A number that grows with every event of a call, where deliveries overtake each other.
    #[serde(default)]
    pub order: Place,
}

/// Places of one field, the first that has something counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(Vec<String>);

/// What an event means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MappingEvent {
    /// The call exists; its phones are told by events of their own.
    Began,
    /// The call exists, and the phones of `users` ring, or all when none is named.
    RingsAll,
    /// A phone is dialled.
    Dialled,
    /// A phone rings.
    Rings,
    /// A phone talks.
    Answered,
    /// The call is on hold.
    Held,
    /// It is off hold.
    Resumed,
    /// More is known of the person outside.
    Changed,
    /// It waits in `queue`.
    Queued,
    /// It was passed on without a talk.
    Transferred,
    /// A mailbox took it.
    Voicemail,
    /// A phone is out of the call.
    PhoneEnded,
    /// The call is over.
    Ended,
}

/// What a cause means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MappingCause {
    /// Somebody hung up.
    Normal,
    /// Busy.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// The caller gave up.
    Cancelled,
    /// Another phone took it.
    AnsweredElsewhere,
    /// Refused.
    Rejected,
    /// Not reached.
    Unreachable,
    /// Anything else.
    Other,
}

impl From<MappingCause> for Cause {
    fn from(cause: MappingCause) -> Self {
        match cause {
            MappingCause::Normal => Cause::Normal,
            MappingCause::Busy => Cause::Busy,
            MappingCause::NoAnswer => Cause::NoAnswer,
            MappingCause::Cancelled => Cause::Cancelled,
            MappingCause::AnsweredElsewhere => Cause::AnsweredElsewhere,
            MappingCause::Rejected => Cause::Rejected,
            MappingCause::Unreachable => Cause::Unreachable,
            MappingCause::Other => Cause::Other,
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MappingAnswer {
    /// Its content type.
    pub kind: AnswerKind,
    /// Its text.
    pub text: String,
}

/// Content types of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerKind {
    /// `application/json`.
    Json,
    /// `application/xml`.
    Xml,
}

impl Default for MappingAnswer {
    fn default() -> Self {
        MappingAnswer {
            kind: AnswerKind::Json,
            text: "{}".to_owned(),
        }
    }
}

/// A regular expression with a group.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let regex = Regex::new(&text).ok().filter(|regex| regex.captures_len() > 1);
        let what = r"number is a regular expression whose first group is the number, for example '^sip:([^@]+)@'";
        regex.map(Pattern).ok_or_else(|| de::Error::custom(what))
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a field is a name or a list of names")]
        enum OneOrMore {
            One(String),
            More(Vec<String>),
        }
        let places = match OneOrMore::deserialize(deserializer)? {
            OneOrMore::One(place) => vec![place],
            OneOrMore::More(places) => places,
        };
        if places.is_empty() || places.iter().any(|place| place.trim().is_empty()) {
            return Err(de::Error::custom("a field has a name, for example \"call.from\""));
        }
        // `parties[0].id` is `parties.0.id`.
        let plain = |place: String| place.replace('[', ".").replace(']', "");
        Ok(Place(places.into_iter().map(plain).collect()))
    }
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(good) {
        let what = "the name of a mapping has small letters, digits and `-`, because it stands in the address";
        return Err(de::Error::custom(what));
    }
    Ok(name)
}

/// The directions of the settings.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    In,
    Out,
    Internal,
}

impl From<Word> for Direction {
    fn from(word: Word) -> Self {
        match word {
            Word::In => Direction::In,
            Word::Out => Direction::Out,
            Word::Internal => Direction::Internal,
        }
    }
}

fn directions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Direction>, D::Error> {
    let words = BTreeMap::<String, Word>::deserialize(deserializer)?;
    Ok(words.into_iter().map(|(text, word)| (text, word.into())).collect())
}

fn only_direction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Direction>, D::Error> {
    Word::deserialize(deserializer).map(|word| Some(word.into()))
}

/// A name that a header can have, in small letters.
fn header_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = |_| de::Error::custom(format!("`{text}` cannot be the name of a header"));
    let name = HeaderName::from_bytes(text.as_bytes()).map_err(wrong)?;
    Ok(name.as_str().to_owned())
}
