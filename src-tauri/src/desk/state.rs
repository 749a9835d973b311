//! Everything the desk knows, without a clock or a channel: signals and requests in, panel and journal out.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Local, TimeDelta, Utc};

use super::Keeper;
use super::advise::HEEDED_FOR;
use super::board::Board;
use super::error::DeskError;
use super::floor::Floor;
use super::identify::{Identify, Moment};
use super::numbers::Via;
use super::open;
use super::panel::Panel;
use super::quiet::KeepQuiet;
use super::record;
use super::reminders::Reminders;
use super::rules::Rules;
use super::session::Sitting;
use super::today::midnight;
use super::trace::Tracing;
use super::words::told;
use crate::call::{Call, CallId, CallKey, CallTracker, Direction, Line, Party};
use crate::customer::CustomerRef;
use crate::feed::{FeedSignal, Heard, Signal};
use crate::journal::Journal;
use crate::pop;
use crate::pop::view::{CallLogRow, FeedHealth, FeedView, PastNoteView, PopView};

/// When the panel comes up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShowAt {
    /// When the phone rings.
    #[default]
    Ring,
    /// When the call is answered.
    Answer,
}

/// How long the journal is left alone when it could not be written.
pub(super) const RETRY: TimeDelta = TimeDelta::seconds(5);
/// The most rows of the call log that are given at once.
const LOG_PAGE: u32 = 200;
/// How many earlier notes the panel has room for.
const PAST_NOTES: u32 = 3;

/// Keeps my extensions in the configuration; the error is what went wrong, in words.
pub type KeepLines = Box<dyn FnMut(&[Line]) -> Result<(), String> + Send>;

/// The state of one desktop.
pub struct Desk {
    pub(super) tracker: CallTracker,
    pub(super) board: Board,
    pub(super) floor: Floor,
    pub(super) lines: Vec<Line>,
    pub(super) sitting: Sitting,
    pub(super) identify: Identify,
    pub(super) journal: Journal,
    pub(super) panel: Box<dyn Panel>,
    keep_lines: KeepLines,
    pub(super) keep_quiet: KeepQuiet,
    pub(super) reminders: Reminders,
    /// Calls as they are to be written, also those that the tracker has forgotten by then.
    pub(super) unlogged: BTreeMap<CallId, Call>,
    /// When to try again what could not be written.
    retry: Option<DateTime<Utc>>,
    pub(super) rules: Rules,
    pub(super) tracing: Tracing,
    /// The pretend call that is on.
    pub(super) pretended: Option<CallKey>,
}

/// What a desk is made of.
pub struct Parts {
    /// My extensions.
    pub lines: Vec<Line>,
    /// When the panel comes up.
    pub show_at: ShowAt,
    /// What the house decided.
    pub rules: Rules,
    /// The names of all feeds, so that one that never connects is seen too.
    pub feeds: Vec<Arc<str>>,
    /// Looks callers up.
    pub identify: Identify,
    /// Where calls and notes are kept.
    pub journal: Journal,
    /// Where it is shown.
    pub panel: Box<dyn Panel>,
    /// Keeps my extensions in the configuration.
    pub keep_lines: KeepLines,
    /// Nobody is to be disturbed until then, from the run before.
    pub quiet_until: Option<DateTime<Utc>>,
    /// Keeps until when nobody is to be disturbed.
    pub keep_quiet: KeepQuiet,
}

impl Desk {
    /// A desk with nothing on it.
    #[must_use]
    pub fn new(parts: Parts, now: DateTime<Utc>) -> Self {
        let starting = |name: Arc<str>| {
            let view = FeedView {
                name: name.to_string(),
                health: FeedHealth::Starting,
                since: now,
                said: Vec::new(),
            };
            (name, view)
        };
        let feeds: BTreeMap<Arc<str>, FeedView> = parts.feeds.into_iter().map(starting).collect();
        let mut desk = Desk {
            tracker: CallTracker::default(),
            board: Board::new(feeds, parts.show_at, parts.rules.clone()),
            floor: Floor::of_journal(told(parts.journal.seen_lines(midnight(now)))),
            sitting: Sitting::of_settings(&parts.lines, &parts.rules.agent),
            lines: parts.lines,
            identify: parts.identify,
            journal: parts.journal,
            panel: parts.panel,
            keep_lines: parts.keep_lines,
            keep_quiet: parts.keep_quiet,
            reminders: Reminders::default(),
            unlogged: BTreeMap::new(),
            retry: None,
            rules: parts.rules,
            tracing: Tracing::default(),
            pretended: None,
        };
        let offers = told(desk.journal.offers_since(now - HEEDED_FOR));
        desk.identify.heed(offers, now);
        desk.say_my_lines();
        desk.begin_sitting();
        desk.begin_quiet(parts.quiet_until, now);
        desk.look_ahead();
        desk
    }

    /// Keeps a trace of every call: what led to what, with what `heard` has of the feeds.
    #[must_use]
    pub fn traced(mut self, heard: Heard, keeper: Keeper) -> Self {
        self.tracing = Tracing::new(heard, keeper);
        self
    }

    /// [`Desk::signal`], noting for the trace how long it had waited until `now`.
    pub fn taken_up(&mut self, signal: FeedSignal, now: DateTime<Utc>) {
        self.tracing.waited((now - signal.at).to_std().ok());
        self.signal(signal);
    }

    /// Takes in what a feed says.
    pub fn signal(&mut self, signal: FeedSignal) {
        let FeedSignal { feed, at, what } = signal;
        self.tracing.begin();
        let mut event = None;
        match what {
            Signal::Event(said) => {
                self.tracker.handle(&feed, &said, at);
                self.tracing.tracked();
                event = Some(said);
            }
            Signal::Resync(live) => self.tracker.resync(&feed, &live, at),
            Signal::Up { caveat } => self.feed(&feed, FeedHealth::Up, caveat.as_ref(), at),
            Signal::Lost(why) => self.feed(&feed, FeedHealth::Lost, Some(&why), at),
            Signal::Refused(why) => self.feed(&feed, FeedHealth::Refused, Some(&why), at),
        }
        self.take_changes(at);
        self.trace(&feed, event.as_ref(), at);
    }

    /// When [`Desk::timeout`] has something to do next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<DateTime<Utc>> {
        let quiet_ends = self.board.quiet().and_then(|quiet| quiet.until);
        let board = [self.board.closes_next(), quiet_ends, self.next_reminder()];
        let all = [self.tracker.poll_timeout(), self.retry].into_iter().chain(board);
        all.flatten().min()
    }

    /// Closes what is quiet or silent for too long, and reminds of what is due.
    pub fn timeout(&mut self, now: DateTime<Utc>) {
        self.tracing.begin();
        self.end_quiet(now);
        self.remind(now);
        self.tracker.handle_timeout(now);
        let closed = self.board.close_quiet(now);
        if !closed.is_empty() {
            closed.iter().for_each(|call| self.settle(call, now));
            self.wrapped(closed, now);
            self.panel.log_changed();
            self.tell_panel();
        }
        self.take_changes(now);
        self.trace("", None, now);
    }

    /// Writes what is new to the journal. Called when nothing waits to be shown: the agent comes first. What cannot be
    /// written is kept and tried again.
    pub fn keep(&mut self, now: DateTime<Utc>) {
        self.tracing.hand_over();
        if self.retry.is_some_and(|retry| retry > now) {
            return;
        }
        self.retry = None;
        while let Some((id, call)) = self.unlogged.pop_first() {
            let found = self.found(&call);
            let mut record = record::of(&call, &found);
            record.facts.popped_micros = self.board.card(&id).and_then(|card| card.popped_micros);
            if let Err(error) = self.journal.put_story(&record, &call.steps, &call.waits) {
                tracing::error!(%error, "a call could not be written to the journal; it is tried again");
                self.unlogged.insert(id, call);
                self.retry = Some(now + RETRY);
                return;
            }
            self.panel.log_changed();
        }
    }

    /// Whoever talked has done with these calls. What cannot be written is no loss that anybody needs to be told of.
    pub(super) fn wrapped(&mut self, calls: impl IntoIterator<Item = CallId>, now: DateTime<Utc>) {
        for call in calls {
            if let Err(error) = self.journal.wrap_up(&call, now) {
                tracing::warn!(%error, "when a call was done with could not be written");
            }
        }
    }

    pub(super) fn who_is(&mut self, feed: &str, party: &Party, now: DateTime<Utc>) -> Result<PopView, DeskError> {
        let via = Via {
            feed,
            called: "",
            trunk: None,
        };
        let found = self.identify.find(via, party, Some(&self.journal), moment(now));
        let mut pop = found.map_err(DeskError::Directory)?.pop;
        open::hold_back(&self.journal, &mut pop, None, now);
        if pop::is_covered(self.rules.cover, Direction::In, pop.trust) {
            pop::cover(&mut pop);
        }
        Ok(pop)
    }

    pub(super) fn call_log(
        &mut self,
        before: Option<&CallId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<CallLogRow>, DeskError> {
        self.keep(now);
        let cursor = match before {
            Some(id) => Some(
                self.journal
                    .call(id)
                    .map_err(DeskError::Journal)?
                    .ok_or(DeskError::NoSuchCall)?
                    .call
                    .cursor(),
            ),
            None => None,
        };
        let limit = limit.min(LOG_PAGE);
        let rows = match self.sees_own_alone()? {
            true => self.journal.calls_on(&self.lines, cursor.as_ref(), limit),
            false => self.journal.calls(cursor.as_ref(), limit),
        };
        let rows = rows.map_err(DeskError::Journal)?;
        Ok(rows.into_iter().map(record::row).collect())
    }

    pub(super) fn set_lines(&mut self, lines: Vec<Line>, now: DateTime<Utc>) -> Result<(), DeskError> {
        let kept = (self.keep_lines)(&lines);
        self.sitting.moved(&lines);
        self.move_to(lines, now);
        kept.map_err(DeskError::Config)
    }

    /// My extensions are these from now on: calls that are on them are mine.
    pub(super) fn move_to(&mut self, lines: Vec<Line>, now: DateTime<Utc>) {
        self.lines = lines;
        self.say_my_lines();
        self.board.reseat(&self.lines);
        let calls = self.tracker.calls().filter(|call| call.ended.is_none());
        let mut on: Vec<Call> = calls.cloned().collect();
        on.sort_by(|one, other| (one.began, &one.id).cmp(&(other.began, &other.id)));
        for call in on {
            if self.board.is_new(&call, &self.lines) {
                let found = self.look_up(&call, now);
                self.lay(&call, found);
            }
        }
        self.tell_panel();
    }
}

/// The last notes of a customer's calls, as the panel shows them; none when the journal cannot be read.
#[must_use]
pub fn past_notes(journal: &Journal, customer: &CustomerRef) -> Vec<PastNoteView> {
    let notes = journal.notes_of(customer, PAST_NOTES).unwrap_or_else(|error| {
        tracing::error!(%error, "the earlier notes could not be read");
        Vec::new()
    });
    notes
        .into_iter()
        .map(|note| PastNoteView {
            text: note.text,
            at: note.at,
            line: note.line.map(|line| line.0).unwrap_or_default(),
        })
        .collect()
}

pub(super) fn moment(now: DateTime<Utc>) -> Moment {
    let offset: FixedOffset = *now.with_timezone(&Local).offset();
    Moment { now, offset }
}
