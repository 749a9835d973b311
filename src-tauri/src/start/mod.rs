//! Puts the rooms together: opens both stores, starts the feeds and the desk, each on threads of its own.
//!
//! It decides nothing about calls. What is wrong with one feed is that feed's health, and never a reason not to start.

mod advice;
mod audit;
mod data_files;
mod described;
mod dial;
mod downloads;
mod due;
mod feeds;
mod instance;
mod listen;
mod lists;
mod log;
mod numbers;
mod outbox;
mod person;
mod post;
mod recorded;
mod report;
mod retention;
mod schedule;
mod set;
mod settings;
mod sources;
mod trial;
mod waits;
mod written;

pub(crate) use feeds::asterisk_server;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;

use chrono::{TimeDelta, Utc};
use tokio::runtime::{Builder, Runtime};

use crate::call::Line;
use crate::config::{self, Config, Home, Memory, SimulatedFeed};
use crate::desk::{
    self, AdviceRules, Desk, DeskHandle, Identify, KeepLines, KeepQuiet, Keeper, Panel, Parts, Rules, ShowAt,
};
use crate::directory::{Directory, DirectoryError};
use crate::feed::Heard;
use crate::journal::{Journal, JournalError, Traces};
use crate::number;
use crate::pop::view::StartNotice;
use crate::pop::{Cover, said_view};
use crate::source::demo::{self, Shop};
use crate::store::OpenError;
use crate::vault::{Keyring, Unlocked};
use crate::words::Words;

pub use advice::{AdviceReport, NotReported};
pub use audit::{AuditTrail, NoTrail, act_word, table as audit_table};
pub use data_files::NoImport;
pub use dial::NoCall;
pub use feeds::Feeds;
pub use instance::{Instance, InstanceError};
pub use listen::{Listening, NoListening};
pub use lists::{CallLists, MOST_PICKED, with_tickets};
pub use numbers::{NoReport, NumberReport, Sheet, problem_word, unreadable_word};
pub use outbox::{NotDone, Outbox, Word, say, view};
pub use person::{Candidate, Declined, Erased, GivenOut, Look, NoPerson, People, Person};
pub use post::{OpenSource, Post};
pub use recorded::{NotRecorded, Tapped};
pub use report::{CallReport, NoCallReport, target_of};
pub use retention::{NotDropped, Old, Retained, Tidy};
pub use schedule::{NoSource, Schedule};
pub use settings::Settings;
pub use sources::{Follower, Sources, WhatPeopleSaid, Wish, left_out_in, said_in};
pub use trial::NoTrial;
pub use written::{Writer, marker};

/// How long nothing must change before a call is written into its source, where a wrap-up does not close by itself.
const SETTLE: TimeDelta = TimeDelta::minutes(1);

/// Why Ringside cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] OpenError),
    /// The journal cannot be written.
    #[error(transparent)]
    Write(#[from] JournalError),
    /// The cache cannot be opened.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The system gives no thread.
    #[error("the system gives no thread; close other programs and start Ringside again")]
    Thread(#[from] std::io::Error),
}

/// A desk that runs. The feeds stop when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Asks the desk.
    pub desk: DeskHandle,
    /// The sources of customer data, and their runs.
    pub sources: Schedule,
    /// What is to be written back into them.
    pub outbox: Outbox,
    /// What became of erasures that were begun before this start.
    pub erased: Vec<StartNotice>,
    /// What the feeds received lately.
    pub heard: Heard,
    /// Drops once a day what is older than the settings keep it.
    tidy: Tidy,
    thread: JoinHandle<()>,
    traces: Option<JoinHandle<()>>,
    feeds: Runtime,
}

impl Running {
    /// Stops the feeds and waits until the desk has written everything. Every other [`DeskHandle`] must be gone.
    pub fn stop(self) {
        self.feeds.shutdown_background();
        self.sources.stop();
        self.outbox.stop();
        self.tidy.stop();
        drop(self.desk);
        if self.thread.join().is_err() {
            tracing::error!("the desk ended in a panic; what was said to be saved is in the journal");
        }
        if self.traces.is_some_and(|traces| traces.join().is_err()) {
            tracing::error!("the traces of the last calls are lost: what writes them ended in a panic");
        }
    }
}

/// How to start.
#[derive(Debug)]
pub struct Start<'a> {
    /// The folder.
    pub home: &'a Home,
    /// Its settings.
    pub config: &'a Config,
    /// The key of the stores.
    pub unlocked: &'a Unlocked,
    /// Where feeds find their `keyring:` secrets.
    pub keyring: Option<Keyring>,
    /// What is remembered of the run before.
    pub memory: Memory,
    /// A simulated phone system at demo pace, instead of the configured feeds.
    pub demo: Option<SimulatedFeed>,
}

impl Start<'_> {
    /// Opens the stores and starts everything. The demo shop fills an empty cache when calls are simulated.
    ///
    /// # Errors
    /// When a store cannot be opened. What is wrong with a feed is said in the panel instead.
    pub fn run(self, panel: Box<dyn Panel>) -> Result<Running, StartError> {
        let erased = go_on_erasing(&People::new(self.home.folder(), self.config, self.unlocked));
        let mut directory = Directory::open(&self.unlocked.cache_db(), self.unlocked.key.bytes())?
            .leaving_out(left_out_in(&self.unlocked.journal_db(), &self.unlocked.key));
        let hand = said_in(&self.unlocked.journal_db(), &self.unlocked.key);
        let sources = Sources::new(self.home, self.config, directory.place(), hand);
        let mut journal = Journal::open(&self.unlocked.journal_db(), &self.unlocked.key)?.roomy()?;
        let names: Vec<String> = sources.written().map(|source| source.name.clone()).collect();
        journal.write_back_to(&names, self.config.panel.wrap_up().unwrap_or(SETTLE), Utc::now())?;
        let unfinished = journal.close_unfinished()?;
        if unfinished > 0 {
            tracing::warn!(
                unfinished,
                "calls were on when Ringside stopped; how they ended is not known"
            );
        }
        number::warm(self.config.region());
        let planned = Feeds {
            home: self.home,
            config: self.config,
            keyring: self.keyring,
            demo: self.demo,
        };
        let shop = planned.simulates().then(|| planned.shop());
        if let Some(shop) = &shop {
            fill(&mut directory, shop)?;
        }
        // from the first look on, when the desk knows what was offered
        directory.learn_in_background();
        let heard = Heard::default();
        let built = planned.build_feeds(shop.as_ref(), &heard);
        let parts = Parts {
            lines: planned.lines(),
            show_at: match self.config.panel.show_at {
                config::ShowAt::Ring => ShowAt::Ring,
                config::ShowAt::Answer => ShowAt::Answer,
            },
            rules: Rules {
                cover: match self.config.panel.cover {
                    config::Cover::Never => Cover::Never,
                    config::Cover::Failed => Cover::Failed,
                    config::Cover::Unverified => Cover::Unverified,
                    config::Cover::Always => Cover::Always,
                },
                wrap_up: self.config.panel.wrap_up(),
                stale_after: self.config.panel.stale_after(),
                dispositions: self.config.dispositions().into_iter().map(|one| one.code).collect(),
                agent: self.config.agent.name.clone(),
                lock_minutes: self.config.agent.lock_minutes(),
                colleagues: colleagues(self.config),
                target: target_of(self.config),
                goal_percent: self.config.service_level.goal_percent(),
            },
            feeds: built.iter().map(|feed| feed.name.clone()).collect(),
            identify: Identify::new(
                directory,
                planned.home_context(),
                planned.numbers(),
                self.config.own_numbers.clone(),
            )
            .advising(AdviceRules::of_settings(self.config)),
            journal,
            panel,
            keep_lines: keep_lines(self.home.clone()),
            quiet_until: self.memory.all().quiet_until,
            keep_quiet: keep_quiet(self.memory.clone()),
        };
        let mut state = Desk::new(parts, Utc::now());
        let traces = match keeper(self.unlocked) {
            Ok((keeper, traces)) => {
                state = state.traced(heard.clone(), keeper);
                Some(traces)
            }
            Err(error) => {
                tracing::warn!(%error, "calls are not traced, so `ringside why` will not know them");
                None
            }
        };
        let (signals, desk, inbox) = desk::ways();
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let thread = std::thread::Builder::new().name("desk".to_owned()).spawn(move || {
            runtime.block_on(desk::run(state, inbox));
        })?;
        let feeds = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("feeds")
            .enable_all()
            .build()?;
        feeds::start(built, &signals, &feeds);
        Ok(Running {
            desk,
            outbox: outbox(self.unlocked, self.config, &sources)?,
            sources: Schedule::start(sources)?,
            erased,
            heard,
            tidy: Tidy::start(Retained::new(self.config, self.unlocked))?,
            thread,
            traces,
            feeds,
        })
    }
}

/// Who sits at which extension.
fn colleagues(config: &Config) -> BTreeMap<Line, String> {
    let named = config.colleagues.iter();
    named
        .map(|one| (Line(one.extension.clone()), one.name.clone()))
        .collect()
}

/// Finishes erasures that were begun, in the window or before a crash, while nothing is loaded yet; says what became of each.
/// What cannot be done now is tried at the next start.
fn go_on_erasing(people: &People) -> Vec<StartNotice> {
    let finished = people.finish_each(Utc::now()).into_iter();
    let notices = finished.map(|finished| match finished {
        Ok(erased) => {
            tracing::info!(finished = erased.finished, "somebody was erased");
            erased.notice(&people.other_files())
        }
        Err(error) => {
            tracing::error!(%error, "an erasure that was begun could not be finished");
            StartNotice::NotErased {
                said: said_view(&error.saying()),
            }
        }
    });
    notices.collect()
}

/// Writes into the sources that want it, on a thread of its own.
fn outbox(unlocked: &Unlocked, config: &Config, sources: &Sources) -> Result<Outbox, OpenError> {
    let named = config.dispositions().into_iter();
    let named = named.filter_map(|one| Some((one.code, one.name?)));
    let writer = Writer::new(Words::of(config.spoken()), named.collect());
    let sources = sources.clone();
    Outbox::start(&unlocked.journal_db(), &unlocked.key, |journal, stopped| {
        let stop = Arc::clone(&stopped);
        let open: OpenSource = Box::new(move |name| sources.open_to_write(name, &stop));
        Post::new(journal, open, writer, Box::new(rand::random::<f64>), stopped)
    })
}

/// Keeps the traces of calls, on a thread of its own.
fn keeper(unlocked: &Unlocked) -> Result<(Keeper, JoinHandle<()>), StartError> {
    let traces = Traces::open(&unlocked.traces_db(), &unlocked.key)?;
    Ok(Keeper::start(traces)?)
}

/// Puts the demo shop into a cache that has nobody in it.
fn fill(directory: &mut Directory, shop: &Shop) -> Result<(), DirectoryError> {
    if !directory.read()?.is_empty()? {
        return Ok(());
    }
    let mut import = directory.begin_import(demo::NAME, Utc::now())?;
    for record in shop.records() {
        import.record(&record)?;
    }
    import.finish()?;
    Ok(())
}

fn keep_lines(home: Home) -> KeepLines {
    Box::new(move |lines| {
        let extensions: Vec<String> = lines.iter().map(|line| line.0.clone()).collect();
        config::set_extensions(&home, &extensions).map_err(|error| error.to_string())
    })
}

fn keep_quiet(memory: Memory) -> KeepQuiet {
    Box::new(move |until| {
        let kept = memory.change(|now| now.quiet_until = until);
        kept.map_err(|error| error.to_string())
    })
}
