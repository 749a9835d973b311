//! A feed of the settings, to be recorded.

use super::feeds::Feeds;
use crate::call::Line;
use crate::config::{self, FeedKind};
use crate::feed::record::Reading;
use crate::feed::webhook::Preset;
use crate::feed::{Feed, Tap};
use crate::number::Region;

/// Why a feed cannot be recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRecorded {
    /// The settings name no such feed.
    #[error("there is no feed `{name}` in the settings, only {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// It plays a recording.
    #[error("feed `{0}` plays a recording already; copy its file")]
    Recording(String),
    /// Its format is a mapping of the settings, which a recording does not carry.
    #[error(
        "feed `{0}` has a mapping of its own, which a recording cannot carry; record what a preset describes, or the phone system itself"
    )]
    Mapping(String),
    /// It cannot be started.
    #[error("feed `{0}` cannot start: {1}")]
    Unusable(String, String),
}

/// A feed that is to be recorded.
pub struct Tapped {
    /// The feed.
    pub feed: Box<dyn Feed>,
    /// What it is called in the header of a recording.
    pub kind: &'static str,
    /// How its bytes are read again.
    pub reading: Reading,
    /// Where its national numbers are read.
    pub region: Option<Region>,
}

impl Feeds<'_> {
    /// The feed called `name`, which hands a copy of what it receives to `tap`.
    ///
    /// # Errors
    /// When there is no such feed, or it cannot be recorded or built.
    pub fn tapped(&self, name: &str, tap: Tap) -> Result<Tapped, NotRecorded> {
        let feeds = self.feeds();
        let Some(feed) = feeds.iter().find(|feed| feed.name == name) else {
            let known: Vec<String> = feeds.into_iter().map(|feed| format!("`{}`", feed.name)).collect();
            let (name, known) = (name.to_owned(), known.join(", "));
            return Err(NotRecorded::Unknown { name, known });
        };
        let unusable = |why| NotRecorded::Unusable(name.to_owned(), why);
        let region = self.contexts().remove(name).and_then(|context| context.region);
        let kind = kind_of(feed).ok_or_else(|| NotRecorded::Mapping(name.to_owned()))?;
        let reading = self.reading_of(feed);
        let feed: Box<dyn Feed> = match &feed.kind {
            FeedKind::Asterisk(asterisk) => Box::new(self.asterisk(name, asterisk).map_err(unusable)?.tapped(tap)),
            FeedKind::Sip(sip) => Box::new(self.sip(name, sip).map_err(unusable)?.tapped(tap)),
            FeedKind::Webhook(webhook) => Box::new(self.webhook(name, webhook).map_err(unusable)?.tapped(tap)),
            FeedKind::Simulated(simulated) => Box::new(self.simulated(name, *simulated, None).tapped(tap)),
            FeedKind::Replay(_) => return Err(NotRecorded::Recording(name.to_owned())),
        };
        Ok(Tapped {
            feed,
            kind,
            reading,
            region,
        })
    }

    /// What the bytes of a feed are read with, for the header of a recording.
    fn reading_of(&self, feed: &config::Feed) -> Reading {
        match &feed.kind {
            FeedKind::Asterisk(asterisk) => Reading {
                agents: Some(asterisk.agents.clone()),
                voicemail: Some(asterisk.voicemail.clone()),
                ..Reading::default()
            },
            FeedKind::Sip(sip) => Reading {
                agents: Some(sip.extensions.join("|")),
                user: Some(sip.user.clone()),
                ..Reading::default()
            },
            FeedKind::Webhook(webhook) => {
                let lines: Vec<String> = self.lines().into_iter().map(|Line(line)| line).collect();
                Reading {
                    agents: (!lines.is_empty()).then(|| lines.join("|")),
                    users: webhook.agents.clone().into_iter().collect(),
                    as_dialled: webhook.numbers == config::Numbers::AsDialled,
                    ..Reading::default()
                }
            }
            FeedKind::Simulated(_) | FeedKind::Replay(_) => Reading::default(),
        }
    }
}

/// What the header of a recording calls the kind of a feed; `None` for one that cannot be read without its settings.
fn kind_of(feed: &config::Feed) -> Option<&'static str> {
    match &feed.kind {
        FeedKind::Asterisk(_) => Some("ami"),
        FeedKind::Sip(_) => Some("sip"),
        FeedKind::Webhook(webhook) => webhook.preset.map(Preset::name),
        FeedKind::Simulated(_) | FeedKind::Replay(_) => Some("simulated"),
    }
}
