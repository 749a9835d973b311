//! From settings to feeds.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Local, Utc};
use tokio::runtime::Runtime;

use crate::call::Line;
use crate::config::{
    self, AsteriskFeed, Certificate, Config, FeedKind, Home, ReplayFeed, SecretRef, SelfMade, SimulatedFeed,
    SipTransport, Tls, WebhookFeed,
};
use crate::desk::FeedNumbers;
use crate::feed::ami::{AmiFeed, Dialplan, Login, Server, Trust};
use crate::feed::record::Reading;
use crate::feed::replay::{Replay, Speed};
use crate::feed::simulated::{Day, Faults, Pace, Plan, Simulated};
use crate::feed::sip::{self, SipFeed};
use crate::feed::webhook::{Identity, Keys, Names, Numbers, Reach, Webhook};
use crate::feed::{Feed, FeedSignal, Framing, Heard, Signal, Signals};
use crate::number::{self, DialContext, Key};
use crate::source::demo::Shop;
use crate::vault::{self, Keyring};
use crate::words::Saying;

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
                        what: Signal::Refused(unusable(&why)),
                    };
                    // nobody listens any more: then nobody needs to know
                    let _ = signals.send(refused).await;
                }
            }
        });
    }
}

/// Why a feed cannot be built, known again by its English.
pub(super) fn unusable(why: &str) -> Saying {
    let known = ["secret.", "said."].into_iter();
    let mut known = known.filter_map(|of| Saying::recognised(of, why));
    known.next().unwrap_or_else(|| Saying::quoted(why))
}

/// The feeds that the settings name, and what is needed to build them.
#[derive(Clone, Debug)]
pub struct Feeds<'a> {
    /// The folder from which relative paths count.
    pub home: &'a Home,
    /// The settings.
    pub config: &'a Config,
    /// Where `keyring:` secrets are.
    pub keyring: Option<Keyring>,
    /// A simulated phone system at demo pace, instead of the configured feeds.
    pub demo: Option<SimulatedFeed>,
}

impl Feeds<'_> {
    /// The feeds to run: those configured, or the demo's.
    pub(super) fn feeds(&self) -> Vec<config::Feed> {
        match self.demo {
            Some(simulated) => vec![config::Feed::new("demo", FeedKind::Simulated(simulated))],
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
        DialContext::of(self.config.home())
    }

    /// How numbers of each feed are read, and which are ours.
    #[must_use]
    pub fn numbers(&self) -> HashMap<String, FeedNumbers> {
        let mut contexts = self.contexts();
        let numbers = |feed: config::Feed| {
            let context = contexts.remove(&feed.name).unwrap_or_default();
            (feed.name, FeedNumbers::new(context, feed.ddi, feed.trunk))
        };
        self.feeds().into_iter().map(numbers).collect()
    }

    /// Our own outside numbers.
    #[must_use]
    pub fn own_numbers(&self) -> Vec<Key> {
        let numbers = self.numbers();
        let mut own: Vec<Key> = numbers.values().flat_map(FeedNumbers::keys).collect();
        own.sort_unstable();
        own.dedup();
        own
    }

    /// How numbers of each feed are read that came over no trunk in particular.
    pub(super) fn contexts(&self) -> HashMap<String, DialContext> {
        let context = |feed: config::Feed| {
            let mut context = self.home_context();
            match feed.kind {
                FeedKind::Asterisk(asterisk) => {
                    context.region = asterisk.region.or(context.region);
                    context.outside_prefix = asterisk.outside_prefix;
                }
                FeedKind::Sip(sip) => context.region = sip.region.or(context.region),
                FeedKind::Webhook(webhook) => context.region = webhook.region.or(context.region),
                FeedKind::Replay(replay) => context.region = replay.region.or(context.region),
                FeedKind::Simulated(_) => {}
            }
            (feed.name, context)
        };
        self.feeds().into_iter().map(context).collect()
    }

    /// Builds every feed; simulated calls are those of `shop`.
    /// What they receive is held in `heard` for a short while.
    pub(super) fn build_feeds(&self, shop: Option<&Shop>, heard: &Heard) -> Vec<Built> {
        let build = |feed: config::Feed| {
            let made: Result<Box<dyn Feed>, String> = match &feed.kind {
                FeedKind::Asterisk(asterisk) => self
                    .asterisk(&feed.name, asterisk)
                    .map(|asterisk| Box::new(asterisk.tapped(heard.tap(&feed.name, Framing::Stream))) as _),
                FeedKind::Sip(sip) => self
                    .sip(&feed.name, sip)
                    .map(|sip| Box::new(sip.tapped(heard.tap(&feed.name, Framing::Message))) as _),
                FeedKind::Webhook(webhook) => self
                    .webhook(&feed.name, webhook)
                    .map(|webhook| Box::new(webhook.tapped(heard.tap(&feed.name, Framing::Message))) as _),
                FeedKind::Replay(replay) => Ok(Box::new(self.replay(&feed.name, replay))),
                FeedKind::Simulated(simulated) => {
                    let made_up = self.simulated(&feed.name, *simulated, shop);
                    Ok(Box::new(made_up.tapped(heard.tap(&feed.name, Framing::Message))))
                }
            };
            Built {
                name: Arc::from(feed.name.as_str()),
                feed: made,
            }
        };
        self.feeds().into_iter().map(build).collect()
    }

    pub(super) fn asterisk(&self, name: &str, feed: &AsteriskFeed) -> Result<AmiFeed, String> {
        let login = Login {
            user: feed.user.clone(),
            secret: self.secret(&feed.secret)?,
        };
        let dialplan = Dialplan::new(&feed.agents, feed.voicemail.clone()).map_err(|error| error.to_string())?;
        Ok(AmiFeed::at(name, asterisk_server(feed, self.home)?, login, dialplan))
    }

    pub(super) fn sip(&self, name: &str, feed: &config::SipFeed) -> Result<SipFeed, String> {
        let account = sip::Account {
            host: feed.host.clone(),
            port: feed.port,
            transport: match feed.transport {
                SipTransport::Udp => sip::Transport::Udp,
                SipTransport::Tcp => sip::Transport::Tcp,
                SipTransport::Tls => sip::Transport::Tls,
            },
            domain: feed.domain.clone(),
            credentials: sip::Credentials {
                user: feed.user.clone(),
                secret: self.secret(&feed.secret)?,
            },
            extensions: feed.extensions.clone(),
            observe: feed.observe,
            ca_file: feed.ca_file.as_ref().map(|path| self.home.folder().join(path)),
        };
        Ok(SipFeed::new(name, account))
    }

    pub(super) fn webhook(&self, name: &str, feed: &WebhookFeed) -> Result<Webhook, String> {
        let dialect = feed
            .dialect()
            .ok_or_else(|| Saying::of("said.hook_no_format").to_string())?;
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
        let (keys, names) = (self.keys(feed)?, self.names(feed));
        Webhook::new(name, dialect, feed.listen, keys, names, reach).map_err(|error| error.to_string())
    }

    /// What the deliveries of `feed` are checked with.
    pub(super) fn keys(&self, feed: &WebhookFeed) -> Result<Keys, String> {
        let secrets = feed.secret.iter().chain(&feed.secret_before);
        Ok(Keys {
            token: feed.token.as_ref().map(|token| self.secret(token)).transpose()?,
            secrets: secrets.map(|secret| self.secret(secret)).collect::<Result<_, _>>()?,
            public_key: feed.public_key.clone(),
            public_url: feed.public_url.clone(),
            from_addresses: feed.from_addresses.clone(),
            ..Keys::default()
        })
    }

    /// Whose phones the users of `feed` are, and how it writes numbers.
    pub(super) fn names(&self, feed: &WebhookFeed) -> Names {
        let line = |(name, line): (&String, &String)| (name.clone(), Line(line.clone()));
        Names {
            agents: feed.agents.iter().map(line).collect(),
            unnamed: self.lines(),
            numbers: match feed.numbers {
                config::Numbers::CountryCode => Numbers::CountryCode,
                config::Numbers::AsDialled => Numbers::AsDialled,
            },
        }
    }

    pub(super) fn replay(&self, name: &str, feed: &ReplayFeed) -> Replay {
        let reading = Reading {
            agents: feed.agents.clone(),
            ..Reading::default()
        };
        let file = self.home.folder().join(&feed.file);
        Replay::new(name, file, reading, Speed::Times(feed.speed))
    }

    /// The certificate of the endpoint; `None` when it is not encrypted.
    fn identity(&self, feed: &WebhookFeed) -> Result<Option<Identity>, String> {
        let home = self.home.folder();
        let identity = match &feed.tls {
            None => return Ok(None),
            Some(Certificate::Made(SelfMade::SelfMade)) => Identity::self_made(home, feed.host_names()),
            Some(Certificate::Given { certificate, key }) => {
                Identity::from_files(&home.join(certificate), &home.join(key))
            }
        };
        identity.map(Some).map_err(|error| error.to_string())
    }

    pub(super) fn simulated(&self, name: &str, feed: SimulatedFeed, shop: Option<&Shop>) -> Simulated {
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
        let faults = Faults {
            duplicate: feed.faults.duplicate,
            reorder: feed.faults.reorder,
            lost_hangup: feed.faults.lost_hangup,
        };
        let plan = Plan {
            day: feed.day.then(|| Day {
                start: Local::now().naive_local(),
            }),
            ..Plan::for_shop(shop, mine, colleagues, pace)
        };
        Simulated::new(name, plan, seed).with_faults(faults)
    }

    pub(super) fn secret(&self, reference: &SecretRef) -> Result<zeroize::Zeroizing<String>, String> {
        vault::read_secret(reference, self.home.folder(), self.keyring.as_ref()).map_err(|error| error.to_string())
    }

    /// My extensions; with simulated calls alone, the one that they ring at.
    pub fn lines(&self) -> Vec<Line> {
        let configured = &self.config.agent.extensions;
        if configured.is_empty() && self.simulates() {
            return vec![Line(FIRST_LINE.to_owned())];
        }
        if configured.is_empty() {
            tracing::warn!("no extension is mine, so nothing will pop: set extensions under [agent] in config.toml");
        }
        configured.iter().map(|extension| Line(extension.clone())).collect()
    }

    pub(super) fn shop(&self) -> Shop {
        let region = self.config.region();
        let home = region.as_ref().map_or("DE", number::Region::code);
        Shop::new(SEED, home, Utc::now())
    }
}

/// Where the manager of `feed` listens, and whom to believe.
pub(crate) fn asterisk_server(feed: &AsteriskFeed, home: &Home) -> Result<Server, String> {
    let server = Server::new(&feed.host, feed.port);
    let trust = match &feed.tls {
        None => return Ok(server),
        Some(Tls::System) => Trust::System,
        Some(Tls::Fingerprint(fingerprint)) => Trust::Fingerprint(*fingerprint),
        Some(Tls::CaFile(file)) => {
            let path = home.folder().join(file);
            let pem = std::fs::read(&path);
            let unread = |why| Saying::of("said.ca_file").with("path", path.display()).with("why", why);
            Trust::Authorities(pem.map_err(|why| unread(why).to_string())?)
        }
    };
    server.over_tls(&trust).map_err(|error| error.to_string())
}
