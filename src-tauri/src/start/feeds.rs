//! From settings to feeds.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::Utc;
use tokio::runtime::Runtime;

use super::Start;
use crate::call::Line;
use crate::config::{self, AsteriskFeed, FeedKind, SecretRef, SelfMade, SimulatedFeed, Tls, WebhookFeed};
use crate::feed::ami::{AmiFeed, Dialplan, Login};
use crate::feed::simulated::{Pace, Plan, Simulated};
use crate::feed::webhook::{Identity, Keys, Names, Numbers, Reach, Webhook};
use crate::feed::{Feed, FeedSignal, Signal, Signals};
use crate::number::DialContext;
use crate::source::demo::Shop;
use crate::vault;

/// The extension that simulated calls ring at when none is configured.
pub(super) const FIRST_LINE: &str = "101";
/// The seed of the demo shop, and of simulated calls that are given none in a demo.
pub(super) const SEED: u64 = 1;
/// Colleagues in simulated traffic.
const COLLEAGUES: [&str; 2] = ["102", "103"];

/// A feed, or why it cannot be one.
pub(super) struct Built {
    pub(super) name: Arc<str>,
    feed: Result<Box<dyn Feed>, String>,
}

/// Runs all feeds; what could not be built is reported as refused.
pub(super) fn start(built: Vec<Built>, signals: &Signals, runtime: &Runtime) {
    for Built { name, feed } in built {
        let signals = signals.clone();
        runtime.spawn(async move {
            match feed {
                Ok(feed) => feed.run(signals).await,
                Err(why) => {
                    let refused = FeedSignal {
                        feed: name,
                        at: Utc::now(),
                        what: Signal::Refused(why),
                    };
                    // nobody listens any more: then nobody needs to know
                    let _ = signals.send(refused).await;
                }
            }
        });
    }
}

impl Start<'_> {
    /// The feeds to run: those configured, or the demo's.
    fn feeds(&self) -> Vec<config::Feed> {
        match self.demo {
            Some(simulated) => vec![config::Feed {
                name: "demo".to_owned(),
                kind: FeedKind::Simulated(simulated),
            }],
            None => self.config.feeds(),
        }
    }

    /// Whether all calls are simulated.
    pub(super) fn simulates(&self) -> bool {
        self.feeds()
            .iter()
            .all(|feed| matches!(feed.kind, FeedKind::Simulated(_)))
    }

    /// How numbers are read that come from nowhere in particular.
    pub(super) fn home_context(&self) -> DialContext {
        DialContext {
            region: self.config.region(),
            ..DialContext::default()
        }
    }

    /// How numbers of each feed are read.
    pub(super) fn contexts(&self) -> HashMap<String, DialContext> {
        let context = |feed: config::Feed| {
            let mut context = self.home_context();
            match feed.kind {
                FeedKind::Asterisk(asterisk) => {
                    context.region = asterisk.region.or(context.region);
                    context.outside_prefix = asterisk.outside_prefix;
                }
                FeedKind::Webhook(webhook) => context.region = webhook.region.or(context.region),
                FeedKind::Simulated(_) => {}
            }
            (feed.name, context)
        };
        self.feeds().into_iter().map(context).collect()
    }

    /// Builds every feed; simulated calls are those of `shop`.
    pub(super) fn build_feeds(&self, shop: Option<&Shop>) -> Vec<Built> {
        let build = |feed: config::Feed| {
            let made: Result<Box<dyn Feed>, String> = match &feed.kind {
                FeedKind::Asterisk(asterisk) => self.asterisk(&feed.name, asterisk).map(|feed| Box::new(feed) as _),
                FeedKind::Webhook(webhook) => self.webhook(&feed.name, webhook).map(|feed| Box::new(feed) as _),
                FeedKind::Simulated(simulated) => Ok(Box::new(self.simulated(&feed.name, *simulated, shop))),
            };
            Built {
                name: Arc::from(feed.name.as_str()),
                feed: made,
            }
        };
        self.feeds().into_iter().map(build).collect()
    }

    fn asterisk(&self, name: &str, feed: &AsteriskFeed) -> Result<AmiFeed, String> {
        let login = Login {
            user: feed.user.clone(),
            secret: self.secret(&feed.secret)?,
        };
        let dialplan = Dialplan::new(&feed.agents, feed.voicemail.clone()).map_err(|error| error.to_string())?;
        Ok(AmiFeed::new(name, &feed.host, feed.port, login, dialplan))
    }

    fn webhook(&self, name: &str, feed: &WebhookFeed) -> Result<Webhook, String> {
        let dialect = feed.dialect().ok_or("set either `preset` or `[feed.mapping]`")?;
        let secrets = feed.secret.iter().chain(&feed.secret_before);
        let keys = Keys {
            token: feed.token.as_ref().map(|token| self.secret(token)).transpose()?,
            secrets: secrets.map(|secret| self.secret(secret)).collect::<Result<_, _>>()?,
            public_key: feed.public_key.clone(),
            public_url: feed.public_url.clone(),
            from_addresses: feed.from_addresses.clone(),
            ..Keys::default()
        };
        let reach = match (self.identity(feed)?, feed.open_to_network) {
            (Some(identity), _) => {
                tracing::info!(
                    feed = name,
                    fingerprint = identity.fingerprint(),
                    "the endpoint's certificate"
                );
                Reach::Encrypted(identity)
            }
            (None, true) => Reach::Network,
            (None, false) => Reach::Loopback,
        };
        let names = Names {
            agents: feed
                .agents
                .iter()
                .map(|(name, line)| (name.clone(), Line(line.clone())))
                .collect(),
            unnamed: self.lines(),
            numbers: match feed.numbers {
                config::Numbers::CountryCode => Numbers::CountryCode,
                config::Numbers::AsDialled => Numbers::AsDialled,
            },
        };
        Webhook::new(name, dialect, feed.listen, keys, names, reach).map_err(|error| error.to_string())
    }

    /// The certificate of the endpoint; `None` when it is not encrypted.
    fn identity(&self, feed: &WebhookFeed) -> Result<Option<Identity>, String> {
        let home = self.home.folder();
        let identity = match &feed.tls {
            None => return Ok(None),
            Some(Tls::Made(SelfMade::SelfMade)) => Identity::self_made(home, feed.host_names()),
            Some(Tls::Given { certificate, key }) => Identity::from_files(&home.join(certificate), &home.join(key)),
        };
        identity.map(Some).map_err(|error| error.to_string())
    }

    fn simulated(&self, name: &str, feed: SimulatedFeed, shop: Option<&Shop>) -> Simulated {
        let mine = self
            .lines()
            .into_iter()
            .next()
            .unwrap_or_else(|| Line(FIRST_LINE.to_owned()));
        let colleagues: Vec<Line> = COLLEAGUES
            .iter()
            .map(|line| Line((*line).to_owned()))
            .filter(|line| *line != mine)
            .collect();
        let pace = match self.demo {
            Some(_) => Pace::demo(feed.calls_per_hour),
            None => Pace::office(feed.calls_per_hour),
        };
        let made;
        let shop = match shop {
            Some(shop) => shop,
            None => {
                made = self.shop();
                &made
            }
        };
        let seed = feed.seed.unwrap_or_else(rand::random);
        Simulated::new(name, Plan::for_shop(shop, mine, colleagues, pace), seed)
    }

    fn secret(&self, reference: &SecretRef) -> Result<zeroize::Zeroizing<String>, String> {
        vault::read_secret(reference, self.home.folder(), self.keyring.as_ref()).map_err(|error| error.to_string())
    }
}
