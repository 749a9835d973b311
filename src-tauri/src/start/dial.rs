//! Click-to-dial by the settings: which feed makes the call, as whom, and which phone rings first.

use std::time::Duration;

use super::feeds::{Feeds, asterisk_server, unusable};
use super::settings::Settings;
use crate::config::{AsteriskFeed, Dial, FeedKind};
use crate::desk::{DeskError, DeskHandle};
use crate::feed::ami::Login;
use crate::feed::ami::dial::{DialError, Dialler, Plan};
use crate::words::Saying;

/// Why nothing was dialled. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NoCall {
    /// There is no such feed.
    NoFeed(String),
    /// No feed may order calls.
    NoDial,
    /// It is not known which phone.
    NoLine,
    /// The feed cannot be used as it is set.
    Unusable(String),
    /// The phone system made no call.
    Dial(#[from] DialError),
    /// The desk does not answer.
    Desk(#[from] DeskError),
}

impl NoCall {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoCall::NoFeed(name) => Saying::of("refused.no_such_feed").with("name", name),
            NoCall::NoDial => Saying::of("refused.no_dial"),
            NoCall::NoLine => Saying::of("refused.no_line"),
            NoCall::Unusable(why) => unusable(why),
            NoCall::Dial(error) => error.saying(),
            NoCall::Desk(error) => error.saying(),
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NoCall::NoFeed(_) => "no_such_feed",
            NoCall::NoDial => "no_dial",
            NoCall::NoLine => "no_line",
            NoCall::Unusable(_) => "unusable_feed",
            NoCall::Dial(_) => "not_dialled",
            NoCall::Desk(error) => error.code(),
        }
    }
}

impl Settings {
    /// Rings the first of my extensions, and dials `number` when it is taken. Returns when it is taken.
    ///
    /// # Errors
    /// When nothing was dialled.
    pub async fn dial(&self, desk: &DeskHandle, number: &str) -> Result<(), NoCall> {
        let dialler = self.ask(|feeds| feeds.dialler(None)).await??;
        let line = desk.lines().await?.into_iter().next().ok_or(NoCall::NoLine)?;
        Ok(dialler.dial(&line, number).await?)
    }
}

impl Feeds<'_> {
    /// What orders calls from the feed called `name`, else from the first that may order any.
    ///
    /// # Errors
    /// When no feed may order calls, or the one that may cannot be used.
    pub fn dialler(&self, name: Option<&str>) -> Result<Dialler, NoCall> {
        let feeds = self.feeds();
        if let Some(name) = name.filter(|name| feeds.iter().all(|feed| feed.name != *name)) {
            return Err(NoCall::NoFeed(name.to_owned()));
        }
        let mut named = feeds.iter().filter(|feed| name.is_none_or(|name| name == feed.name));
        let found = named.find_map(|feed| match &feed.kind {
            FeedKind::Asterisk(asterisk) => asterisk.dial.as_ref().map(|dial| (asterisk, dial)),
            _ => None,
        });
        let (feed, dial) = found.ok_or(NoCall::NoDial)?;
        self.dialler_of(feed, dial).map_err(NoCall::Unusable)
    }

    fn dialler_of(&self, feed: &AsteriskFeed, dial: &Dial) -> Result<Dialler, String> {
        let login = Login {
            user: dial.user.clone(),
            secret: self.secret(&dial.secret)?,
        };
        let plan = Plan {
            context: dial.context.clone(),
            channel: dial.channel.clone(),
            timeout: Duration::from_secs(dial.timeout.into()),
        };
        Ok(Dialler::new(asterisk_server(feed, self.home)?, login, plan))
    }
}
