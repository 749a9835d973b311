//! Writing into a system what was said on the phone: an entry for each call, made once and changed later.
//!
//! What makes an entry is sent a single time. Where it is not known whether that worked, the entry is looked for by its marker
//! before it is sent again. It does not know when that is done, nor what an entry says.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ask::Want;
use super::connect::RestSource;
use super::paging::Position;
use super::path::Path;
use super::system::{Ask, Paging, System};
use super::tell::Untold;
use super::template::Words;
use crate::words::Saying;

/// What requests for entries may speak of, beside what every request may.
pub(super) const ENTRY_KNOWN: [&str; 9] = [
    "customer",
    "marker",
    "title",
    "text",
    "began",
    "seconds",
    "direction",
    "number",
    "entry",
];

/// How an entry for a call is written.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct WriteBack {
    /// What an entry is in the system, for people, for example `a note of the party`.
    pub(super) what: String,
    /// Makes one.
    pub(super) create: Keyed,
    /// Finds the one with `marker`. Without it, an entry of which it is not known whether it was made waits for a person.
    #[serde(default)]
    pub(super) find: Option<Keyed>,
    /// Changes the one with the key `entry`. Without it, what is written once stays as it is.
    #[serde(default)]
    pub(super) update: Option<Ask>,
    /// How long it may take until `find` knows what was made, in seconds; it does at once when absent.
    #[serde(default)]
    pub(super) found_after_seconds: Option<u32>,
}

/// A request, and where its answer has the key of an entry.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Keyed {
    /// Where the key stands.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) id: Path,
    /// What is asked. What `[defaults]` say holds for lists alone, and not for this.
    pub(super) ask: Ask,
}

/// What is written about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key of the customer in the system.
    pub customer: String,
    /// By which it is found again: small letters and digits, and it stands in `text`.
    pub marker: String,
    /// In one line.
    pub title: String,
    /// In several lines.
    pub text: String,
    /// When the call began.
    pub began: DateTime<Utc>,
    /// Seconds talked.
    pub seconds: i64,
    /// `in`, `out` or `internal`.
    pub direction: String,
    /// The other side's number, empty when it is not known.
    pub number: String,
}

/// Why an entry was not written, or not surely.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum Unwritten {
    /// It may work later.
    Later {
        /// What happened.
        said: Saying,
        /// How long the system asked to be left alone.
        after: Option<Duration>,
        /// Nothing was written: otherwise it is not known.
        sure: bool,
    },
    /// It will not work until somebody changes something.
    Refused {
        /// What happened and what to do.
        said: Saying,
        /// Nothing was written: otherwise it is not known.
        sure: bool,
    },
}

impl Unwritten {
    /// What happened and what to do.
    #[must_use]
    pub fn saying(&self) -> &Saying {
        match self {
            Unwritten::Later { said, .. } | Unwritten::Refused { said, .. } => said,
        }
    }

    /// Was surely nothing written?
    #[must_use]
    pub fn is_sure(&self) -> bool {
        match self {
            Unwritten::Later { sure, .. } | Unwritten::Refused { sure, .. } => *sure,
        }
    }
}

impl System {
    /// Does the file say how entries are written?
    #[must_use]
    pub fn writes_back(&self) -> bool {
        self.write_back.is_some()
    }
}

impl RestSource {
    /// Can what was written be changed?
    #[must_use]
    pub fn changes_entries(&self) -> bool {
        self.place().is_some_and(|place| place.update.is_some())
    }

    /// After how long an entry that was made can be found; `None` when none can.
    #[must_use]
    pub fn finds_entries_after(&self) -> Option<Duration> {
        let place = self.place().filter(|place| place.find.is_some())?;
        Some(Duration::from_secs(place.found_after_seconds.unwrap_or(0).into()))
    }

    /// The key of the entry with this marker, when there is one.
    ///
    /// # Errors
    /// When that cannot be asked.
    pub fn find_entry(&mut self, entry: &Entry) -> Result<Option<String>, Unwritten> {
        let find = self.place().and_then(|place| place.find.clone());
        let find = find.ok_or_else(|| self.no_place("unwritten.no_find"))?;
        let answer = self.tell(&find.ask, &words(entry, None))?;
        Ok(find.id.text_in(&answer))
    }

    /// Makes an entry, and gives its key. Sent once: whoever is not sure afterwards asks [`RestSource::find_entry`].
    ///
    /// # Errors
    /// When it was not made, or not surely.
    pub fn create_entry(&mut self, entry: &Entry) -> Result<String, Unwritten> {
        let place = self.place().cloned();
        let create = place.ok_or_else(|| self.no_place("unwritten.no_create"))?.create;
        let answer = self.tell(&create.ask, &words(entry, None))?;
        create.id.text_in(&answer).ok_or_else(|| Unwritten::Refused {
            said: self.said(Saying::of("unwritten.no_key").with("id", &create.id)),
            sure: false,
        })
    }

    /// Changes the entry with the key `key`. It may be sent again as often as one likes.
    ///
    /// # Errors
    /// When it was not changed, or not surely.
    pub fn update_entry(&mut self, key: &str, entry: &Entry) -> Result<(), Unwritten> {
        let update = self.place().and_then(|place| place.update.clone());
        let update = update.ok_or_else(|| self.no_place("unwritten.no_update"))?;
        self.tell(&update, &words(entry, Some(key))).map(drop)
    }

    fn place(&self) -> Option<&WriteBack> {
        self.system().write_back.as_ref()
    }

    fn tell(&mut self, ask: &Ask, words: &Words) -> Result<Value, Unwritten> {
        let position = Position::start(&Paging::None, None);
        let want = Want {
            ask,
            paging: &Paging::None,
            position: &position,
            words,
            errors: &[],
            stream: "write_back",
            alone: true,
        };
        let told = self.asker().tell(&want);
        told.map_err(|untold| match untold {
            Untold::Later { why, after, sure } => Unwritten::Later {
                said: self.said(why),
                after,
                sure,
            },
            Untold::Refused { why, sure } => Unwritten::Refused {
                said: self.said(why),
                sure,
            },
        })
    }

    fn no_place(&self, what: &'static str) -> Unwritten {
        Unwritten::Refused {
            said: self.said(Saying::of(what)),
            sure: true,
        }
    }

    fn said(&self, why: Saying) -> Saying {
        let what = self.place().map_or("", |place| place.what.as_str());
        Saying::of("unwritten.of")
            .with("system", &self.system().title)
            .with("what", what)
            .with_said("why", why)
    }
}

fn words(entry: &Entry, key: Option<&str>) -> Words {
    [
        ("customer", json!(entry.customer)),
        ("marker", json!(entry.marker)),
        ("title", json!(entry.title)),
        ("text", json!(entry.text)),
        ("began", json!(entry.began.format("%Y-%m-%dT%H:%M:%SZ").to_string())),
        ("seconds", json!(entry.seconds)),
        ("direction", json!(entry.direction)),
        ("number", json!(entry.number)),
        ("entry", json!(key)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
