//! Settings: what `config.toml` says, read whole and checked before anything starts.
//!
//! Knows places and values. It opens no connection, reads no secret (a secret stands here by reference only) and decides
//! nothing: what an absent setting means is said by the functions below.

mod after_call;
mod check;
mod colleague;
mod error;
mod feed;
mod home;
mod keys;
mod loyalty;
mod memory;
mod place;
mod read;
mod retention;
mod secret;
mod service_level;
pub mod sheet;
mod source;
mod write;

use chrono::TimeDelta;
use serde::Deserialize;

use crate::customer::Currency;
use crate::number::{self, Key, Region};

pub use after_call::{Disposition, Template};
pub(crate) use check::is_extension;
pub use colleague::Colleague;
pub use error::ConfigError;
pub(crate) use error::nearest;
pub use feed::{
    AsteriskFeed, Certificate, Ddi, Dial, Feed, FeedKind, Numbers, ReplayFeed, SelfMade, SimulatedFaults,
    SimulatedFeed, SipFeed, SipTransport, Tls, Trunk, WebhookFeed,
};
pub use home::{Home, HomeError, folder_of, sync_folder, write_durably};
pub use keys::{Chord, Keys};
pub use loyalty::Tier;
pub use memory::{Dragged, Memory, Remembered};
pub use place::{Corner, Monitor};
pub use read::{load, parse};
pub use retention::Retention;
pub use secret::SecretRef;
pub use service_level::ServiceLevel;
pub use source::{FilesSource, RestConfig, Source, SourceKind, SqlConfig};
pub use write::{set_extensions, set_start_at_login};

/// All settings. The default is what an absent file means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `home_region`: where national numbers are read; see [`Config::region`].
    pub home_region: Option<Region>,
    /// `home_area`: the area code that people here leave out, for example `30`; empty for none. It counts in
    /// `home_region` alone.
    pub home_area: String,
    /// `own_numbers`: numbers of the company and of those who work here, beside those of `[[feed.ddi]]`. Who calls from one is
    /// no customer.
    pub own_numbers: Vec<Key>,
    /// `home_currency`: the currency of amounts that name none; see [`Config::currency`].
    pub home_currency: Option<Currency>,
    /// `language` of the windows; the system's when absent.
    pub language: Option<Language>,
    /// `start_at_login`: whether Ringside starts when somebody logs in; when absent, it is left as it is.
    pub start_at_login: Option<bool>,
    /// `[panel]`.
    pub panel: Panel,
    /// `[agent]`.
    pub agent: Agent,
    /// `[[colleague]]`.
    pub colleagues: Vec<Colleague>,
    /// `[advice]`.
    pub advice: Advice,
    /// `[retention]`.
    pub retention: Retention,
    /// `[service_level]`.
    pub service_level: ServiceLevel,
    /// `[[tier]]`, the highest first.
    pub tiers: Vec<Tier>,
    /// `[[disposition]]`, as written; see [`Config::dispositions`].
    pub dispositions: Vec<Disposition>,
    /// `[[template]]`.
    pub templates: Vec<Template>,
    /// `[keys]`: keys that are not the usual ones.
    pub keys: Keys,
    /// `[[feed]]`, as written; see [`Config::feeds`].
    pub feeds: Vec<Feed>,
    /// `[[source]]`, in their order.
    pub sources: Vec<Source>,
}

/// Languages of the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
    /// Croatian.
    Hr,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 3] = [Language::En, Language::Es, Language::Hr];

    /// The language of a tag such as `es-419` or `hr_HR.UTF-8`, when it is one of ours.
    #[must_use]
    pub fn of_locale(tag: &str) -> Option<Self> {
        let code = tag.split(['-', '_', '.', '@']).next()?.to_ascii_lowercase();
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Es => "es",
            Language::Hr => "hr",
        }
    }
}

/// `[panel]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Panel {
    /// When a call gets its card.
    pub show_at: ShowAt,
    /// For whom balance, address and tier stay covered until the agent says that the caller was verified.
    pub cover: Cover,
    /// How long a wrap-up stands without a key or a saved note before it closes by itself; 0: until it is closed.
    /// See [`Panel::wrap_up`].
    pub wrap_up_seconds: Option<u32>,
    /// From when on a fact looks old. See [`Panel::stale_after`].
    pub stale_after_hours: Option<u32>,
    /// The corner it stands in; where it was dragged to last when absent, and else above at the right.
    pub corner: Option<Corner>,
    /// The monitor it comes up on; the one it was dragged to last when absent, and else the main one.
    pub monitor: Option<Monitor>,
    /// The keys that bring it from anywhere; empty for none. See [`Panel::shortcut`].
    pub shortcut: Option<String>,
}

impl Panel {
    /// `wrap_up_seconds`: a minute when absent, `None` for 0.
    #[must_use]
    pub fn wrap_up(&self) -> Option<TimeDelta> {
        let seconds = i64::from(self.wrap_up_seconds.unwrap_or(60));
        (seconds > 0).then(|| TimeDelta::seconds(seconds))
    }

    /// `shortcut`: Ctrl Alt R when absent, `None` when it is empty. Whether it is one, and free, shows when it is asked for.
    #[must_use]
    pub fn shortcut(&self) -> Option<&str> {
        let keys = self.shortcut.as_deref().unwrap_or("Ctrl Alt R").trim();
        (!keys.is_empty()).then_some(keys)
    }

    /// `stale_after_hours`: two days when absent.
    #[must_use]
    pub fn stale_after(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.stale_after_hours.unwrap_or(48)))
    }
}

/// For whom balance, address and tier stay covered until the agent says that the caller was verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cover {
    /// For nobody.
    #[default]
    Never,
    /// For callers whose number the network could not confirm.
    Failed,
    /// For callers whose number the network did not confirm fully.
    Unverified,
    /// For everybody.
    Always,
}

/// When a call gets its card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShowAt {
    /// When my phone rings.
    #[default]
    Ring,
    /// When I answer.
    Answer,
}

/// `[advice]`: what is not suggested, by category as the products have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Advice {
    /// Products of these last: who has one is offered no second.
    pub durable: Vec<String>,
    /// Products of these are never suggested, and never named as a reason.
    pub sensitive: Vec<String>,
}

/// `[agent]`: who sits here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Agent {
    /// My extensions, as the phone system writes them.
    #[serde(deserialize_with = "check::extensions")]
    pub extensions: Vec<String>,
    /// My name.
    pub name: String,
    /// Where several people share the desk: after so many minutes without a key or the pointer it locks; 0: never. See
    /// [`Agent::lock_minutes`].
    pub lock_minutes: Option<u32>,
}

impl Agent {
    /// `lock_minutes`: ten when absent.
    #[must_use]
    pub fn lock_minutes(&self) -> u32 {
        self.lock_minutes.unwrap_or(10)
    }
}

impl Config {
    /// Where national numbers are read: `home_region`, else the region of the system's locale, if it names one.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.home_region
            .or_else(|| sys_locale::get_locales().find_map(|locale| region_of_locale(&locale)))
    }

    /// Where numbers without a country code and without an area code are from.
    #[must_use]
    pub fn home(&self) -> number::Home {
        number::Home {
            region: self.region(),
            area: self.home_area.clone(),
        }
    }

    /// The currency of amounts that name none: `home_currency`, else that of [`Config::region`], else EUR.
    #[must_use]
    pub fn currency(&self) -> Currency {
        let of_region = || self.region().and_then(currency_of_region);
        self.home_currency.or_else(of_region).unwrap_or(Currency::EUR)
    }

    /// The language that is spoken: `language`, else the system's, else English.
    #[must_use]
    pub fn spoken(&self) -> Language {
        let of_system = || sys_locale::get_locales().find_map(|locale| Language::of_locale(&locale));
        self.language.or_else(of_system).unwrap_or(Language::En)
    }

    /// What an agent may choose as the result of a call: what is written, else the usual six.
    #[must_use]
    pub fn dispositions(&self) -> Vec<Disposition> {
        if self.dispositions.is_empty() {
            Disposition::usual()
        } else {
            self.dispositions.clone()
        }
    }

    /// The feeds to start: those that are written, or made-up calls when there is none.
    #[must_use]
    pub fn feeds(&self) -> Vec<Feed> {
        if self.feeds.is_empty() {
            let kind = FeedKind::Simulated(SimulatedFeed::default());
            vec![Feed::new("simulated", kind)]
        } else {
            self.feeds.clone()
        }
    }
}

/// The region of a language tag: `de-AT` and `zh-Hant-TW` have one, `de` and `es-419` have none.
#[must_use]
pub fn region_of_locale(tag: &str) -> Option<Region> {
    let plain = tag.split(['.', '@']).next()?;
    plain
        .split(['-', '_'])
        .skip(1)
        .find(|part| part.len() == 2)
        .and_then(Region::from_code)
}

/// The currency that people of a region pay with today, by ISO 4217.
#[must_use]
pub fn currency_of_region(region: Region) -> Option<Currency> {
    let country: iso_currency::Country = region.code().parse().ok()?;
    iso_currency::Currency::from_country(country)
        .into_iter()
        .find(|currency| currency.flags().is_empty())
        .and_then(|currency| Currency::from_code(currency.code()))
}
