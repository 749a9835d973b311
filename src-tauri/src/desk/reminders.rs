//! What comes back: tasks that fall due, and missed calls that were put off. While nobody is to be disturbed, they wait.

use chrono::{DateTime, TimeDelta, Utc};

use super::error::DeskError;
use super::state::{Desk, RETRY};
use crate::call::CallId;
use crate::journal::{Task, TaskId};
use crate::pop::view::MissedView;

/// Something to be reminded of.
#[derive(Clone, Debug, PartialEq)]
pub enum Reminder {
    /// A missed call that was put off and still stands in the panel.
    Missed(MissedView),
    /// A follow-up or a callback is due.
    Task(Task),
}

/// For how long something is put off.
pub const SNOOZE: TimeDelta = TimeDelta::minutes(10);

/// What is to come back, and when.
#[derive(Debug, Default)]
pub(super) struct Reminders {
    /// Missed calls that were put off. Not kept over a restart, as the missed calls in the panel are not.
    snoozed: Vec<(DateTime<Utc>, CallId)>,
    /// When the next task falls due, as the journal had it last.
    next_due: Option<DateTime<Utc>>,
}

impl Desk {
    /// When the next reminder comes.
    pub(super) fn next_reminder(&self) -> Option<DateTime<Utc>> {
        let snoozed = self.reminders.snoozed.iter().map(|(at, _)| *at);
        let next = snoozed.chain(self.reminders.next_due).min();
        next.filter(|_| self.board.quiet().is_none())
    }

    /// Asks the journal again when the next task falls due: one may have been planned, put off or done.
    pub(super) fn look_ahead(&mut self) {
        match self.journal.next_due() {
            Ok(next) => self.reminders.next_due = next,
            Err(error) => tracing::error!(%error, "when the next follow-up is due could not be read"),
        }
    }

    /// Reminds of everything whose time has come.
    pub(super) fn remind(&mut self, now: DateTime<Utc>) {
        if self.board.quiet().is_some() {
            return;
        }
        let due = self.reminders.snoozed.extract_if(.., |(at, _)| *at <= now);
        let calls: Vec<CallId> = due.map(|(_, call)| call).collect();
        for call in calls {
            if let Some(missed) = self.board.missed(&call) {
                self.panel.remind(&Reminder::Missed(missed.clone()));
            }
        }
        if self.reminders.next_due.is_none_or(|due| due > now) {
            return;
        }
        match self.journal.take_due(now) {
            Ok(tasks) => {
                for task in tasks {
                    self.panel.remind(&Reminder::Task(task));
                }
                self.look_ahead();
            }
            Err(error) => {
                tracing::error!(%error, "what is due could not be taken from the journal; it is tried again");
                self.reminders.next_due = Some(now + RETRY);
            }
        }
    }

    /// The missed call is announced again after [`SNOOZE`], while it stands in the panel.
    pub(super) fn snooze_missed(&mut self, call: CallId, now: DateTime<Utc>) -> Result<(), DeskError> {
        if self.board.missed(&call).is_none() {
            return Err(DeskError::NoSuchCall);
        }
        self.reminders.snoozed.retain(|(_, snoozed)| *snoozed != call);
        tracing::debug!(%call, "a missed call was put off");
        self.reminders.snoozed.push((now + SNOOZE, call));
        Ok(())
    }

    /// The reminder of the task comes again after [`SNOOZE`].
    pub(super) fn snooze_task(&mut self, task: TaskId, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.own_task(task)?;
        let put_off = self.journal.put_off_task(task, now + SNOOZE);
        self.changed(put_off.map_err(DeskError::Journal)?, DeskError::NoSuchTask)
    }
}
