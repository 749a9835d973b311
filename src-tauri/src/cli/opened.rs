//! A home whose stores are open, for the commands that need them.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use chrono::{Local, Utc};

use super::{Failure, advise, customer, doctor, import, lookup, pop, search, why};
use crate::config::{self, Config, Home};
use crate::desk::{AdviceRules, Moment};
use crate::directory::Directory;
use crate::journal::{Journal, Traces};
use crate::number::DialContext;
use crate::review::Target;
use crate::start::{AuditTrail, Feeds, NumberReport, People, Retained, Sources, left_out_in, said_in, target_of};
use crate::store::OpenError;
use crate::vault::{self, Unlocked, Ways};

/// How long one look at a customer waits for what all purchases teach.
const PATIENCE: Duration = Duration::from_secs(1);

/// A home, its settings and its key.
pub(super) struct Opened {
    home: Home,
    config: Config,
    unlocked: Unlocked,
}

impl Opened {
    /// Opens the home. Where there is no place for a key, the stores live for this run only, and that is said.
    pub(super) fn at(home: &Home) -> Result<Self, Failure> {
        let config = config::load(home)?;
        let unlocked = vault::unlock(home, &Ways::from_environment()?)?;
        for notice in unlocked.notices() {
            writeln!(io::stderr(), "{}", *notice)?;
        }
        Ok(Opened {
            home: home.clone(),
            config,
            unlocked,
        })
    }

    /// The same, refused when nothing would be left after this run.
    pub(super) fn lasting(home: &Home) -> Result<Self, Failure> {
        let config = config::load(home)?;
        let unlocked = vault::unlock(home, &Ways::from_environment()?)?.lasting()?;
        for notice in unlocked.notices() {
            writeln!(io::stderr(), "{}", *notice)?;
        }
        Ok(Opened {
            home: home.clone(),
            config,
            unlocked,
        })
    }

    /// The journal of the home.
    pub(super) fn journal(&self) -> Result<Journal, OpenError> {
        Journal::open(&self.unlocked.journal_db(), &self.unlocked.key)
    }

    /// Within how long a call should be answered.
    pub(super) fn target(&self) -> Target {
        target_of(&self.config)
    }

    pub(super) fn import(&self, args: &import::ImportArgs, out: &mut dyn Write) -> Result<(), Failure> {
        let home = import::Home {
            place: self.config.home(),
            currency: self.config.currency(),
        };
        import::run(args, &self.directory()?, home, Path::new("."), Utc::now(), out)?;
        if !args.is_preview() {
            self.sources()?.link()?;
        }
        Ok(())
    }

    /// The stores for what is said of records.
    pub(super) fn stores(&self) -> Result<customer::Stores, Failure> {
        Ok(customer::Stores {
            directory: self.directory()?,
            journal: self.journal()?,
            sources: self.sources()?,
            trail: self.trail(),
        })
    }

    pub(super) fn lookup(&self, args: &lookup::LookupArgs, out: &mut dyn Write) -> Result<(), Failure> {
        let feeds = Feeds {
            home: &self.home,
            config: &self.config,
            keyring: None,
            demo: None,
        };
        let place = lookup::Place {
            home: self.config.home(),
            feeds: feeds.numbers().into_values().collect(),
            own: self.config.own_numbers.clone(),
        };
        Ok(lookup::run(args, &mut self.directory()?, &place, out)?)
    }

    pub(super) fn search(&self, args: &search::SearchArgs, out: &mut dyn Write) -> Result<(), Failure> {
        Ok(search::run(args, &mut self.directory()?, out)?)
    }

    pub(super) fn advise(&self, args: &advise::AdviseArgs, out: &mut impl Write) -> Result<(), Failure> {
        Ok(advise::run(
            args,
            &mut self.directory()?,
            (&AdviceRules::of_settings(&self.config), &self.journal()?),
            Utc::now(),
            out,
        )?)
    }

    pub(super) fn pop(&self, args: &pop::PopArgs, out: &mut impl Write) -> Result<(), Failure> {
        let home = DialContext::of(self.config.home());
        let surroundings = pop::Surroundings {
            directory: self.directory()?,
            home,
            own: self.config.own_numbers.clone(),
            advice: AdviceRules::of_settings(&self.config),
            patience: PATIENCE,
        };
        let journal = self.journal()?;
        let now = Utc::now();
        let moment = Moment {
            now,
            offset: *now.with_timezone(&Local).offset(),
        };
        Ok(pop::run(args, surroundings, &journal, moment, out)?)
    }

    pub(super) fn numbers(
        &self,
        args: &doctor::numbers::NumbersArgs,
        home: &Home,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let report = NumberReport::new(&self.unlocked, &self.feeds(home));
        Ok(doctor::numbers::run(args, &report, out)?)
    }

    /// The feeds of the settings, for what needs no secret.
    fn feeds<'a>(&'a self, home: &'a Home) -> Feeds<'a> {
        Feeds {
            home,
            config: &self.config,
            keyring: None,
            demo: None,
        }
    }

    pub(super) fn why(&self, args: &why::WhyArgs, home: &Home, out: &mut dyn Write) -> Result<(), Failure> {
        let feeds = self.feeds(home);
        let surroundings = why::Surroundings {
            journal: self.journal()?,
            traces: Traces::open(&self.unlocked.traces_db(), &self.unlocked.key)?,
            lines: feeds.lines(),
            feeds: self.config.feeds().into_iter().map(|feed| feed.name).collect(),
            home: self.config.region(),
        };
        Ok(why::run(args, &surroundings, Utc::now(), out)?)
    }

    /// The people of the home.
    pub(super) fn people(&self) -> People {
        People::new(self.home.folder(), &self.config, &self.unlocked)
    }

    /// What the settings keep for how long.
    pub(super) fn retained(&self) -> Retained {
        Retained::new(&self.config, &self.unlocked)
    }

    /// The audit trail, written by whom the settings name.
    pub(super) fn trail(&self) -> AuditTrail {
        AuditTrail::new(&self.config, &self.unlocked)
    }

    /// The sources of the settings, and the cache that they are read into.
    pub(super) fn sources(&self) -> Result<Sources, Failure> {
        let place = self.directory()?.place();
        let hand = said_in(&self.unlocked.journal_db(), &self.unlocked.key);
        Ok(Sources::new(&self.home, &self.config, place, hand))
    }

    fn directory(&self) -> Result<Directory, Failure> {
        let directory = Directory::open(&self.unlocked.cache_db(), self.unlocked.key.bytes())?;
        Ok(directory.leaving_out(left_out_in(&self.unlocked.journal_db(), &self.unlocked.key)))
    }
}
