//! The page of the day: what was promised, who is to be rung back, what was done, and what was left open.
//!
//! It reads the journal; what it writes is that somebody need not be rung back.

use chrono::{DateTime, Local, TimeDelta, TimeZone as _, Utc};

use super::error::DeskError;
use super::record::{customer_view, row};
use super::state::Desk;
use super::words::told;
use crate::call::{CallId, Direction, Outcome};
use crate::journal::{CallLine, LoggedCall, LoggedCustomer, MissedPerson, Task};
use crate::pop::view::{GivenView, MissedPersonView, TaskView, TodayView};

/// Tasks that are shown: whoever has more open has stopped looking.
pub(super) const MOST_TASKS: u32 = 500;
/// Whoever called in vain longer ago than this waits for no call any more.
pub(super) const MISSED_FOR: TimeDelta = TimeDelta::days(14);
/// A call of longer ago is not asked about any more.
const UNFINISHED_FOR: TimeDelta = TimeDelta::days(3);

impl Desk {
    /// The page as it is now; a day begins at midnight here.
    pub(super) fn today(&mut self, now: DateTime<Utc>) -> Result<TodayView, DeskError> {
        self.keep(now);
        let began = midnight(now);
        let tasks = self.journal.open_tasks(MOST_TASKS).map_err(DeskError::Journal)?;
        let missed = self.journal.missed_people(now - MISSED_FOR);
        self.learn_names();
        let own_alone = self.sees_own_alone()?;
        let (settled, missed): (Vec<_>, Vec<_>) = missed
            .map_err(DeskError::Journal)?
            .into_iter()
            .partition(|person| person.settled);
        let mut missed = self.missed_views(missed)?;
        if own_alone {
            missed.retain(|person| self.is_for_me(person));
        }
        let tasks = tasks
            .into_iter()
            .filter(|task| !own_alone || self.lines.contains(&task.plan.line));
        let since = (now - UNFINISHED_FOR).min(began);
        let mine = self.journal.calls_at(&self.lines, since).map_err(DeskError::Journal)?;
        let unfinished = mine.iter().filter(|call| self.is_unfinished(call)).cloned().map(row);
        let unfinished = unfinished.collect();
        let today = mine.into_iter().filter(|logged| logged.call.started >= began);
        let reached = settled.iter().filter(|person| person.last >= began).count();
        Ok(TodayView {
            tasks: tasks.map(|task| self.task_view(task)).collect(),
            missed,
            reached: u32::try_from(reached).unwrap_or(u32::MAX),
            calls: today.map(row).collect(),
            unfinished,
        })
    }

    /// Whether a missed caller rang at one of my extensions the last time, or was given to me.
    fn is_for_me(&self, person: &MissedPersonView) -> bool {
        let given = person.given.as_ref();
        let is_mine = |line: &String| self.lines.iter().any(|mine| mine.0 == *line);
        let call = told(self.journal.call(&CallId(person.call.clone())));
        given.is_some_and(|given| is_mine(&given.line)) || call.is_some_and(|logged| self.is_mine(&logged.call))
    }

    /// The caller of this missed call need not be rung back, or must be after all.
    pub(super) fn close_missed(&mut self, call: &CallId, closed: bool, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.own(call)?;
        let logged = self.journal.call(call).map_err(DeskError::Journal)?;
        let logged = logged.ok_or(DeskError::NoSuchCall)?;
        let missed = logged.call.direction == Direction::In && logged.call.answered.is_none();
        if !missed {
            return Err(DeskError::NoSuchCall);
        }
        let here = self.here();
        let line = closed.then_some(&here);
        self.journal.close_missed(call, line, now).map_err(DeskError::Journal)?;
        self.panel.log_changed();
        Ok(())
    }

    /// A talk of mine that has ended with neither result nor note, and whose card is gone.
    fn is_unfinished(&self, logged: &LoggedCall) -> bool {
        let LoggedCall {
            call,
            note,
            disposition,
        } = logged;
        let talked = |line: &CallLine| line.talked_from.is_some() && self.lines.contains(&line.line);
        call.outcome == Some(Outcome::Answered)
            && call.direction != Direction::Internal
            && call.ended.is_some()
            && call.lines.iter().any(talked)
            && disposition.is_none()
            && note.as_ref().is_none_or(|note| note.text.trim().is_empty())
            && !self.board.has(&call.id)
    }

    pub(super) fn task_view(&self, task: Task) -> TaskView {
        let Task { id, plan, created, .. } = task;
        let named = |reference| {
            customer_view(LoggedCustomer {
                reference,
                name: plan.customer_name.clone(),
                company: String::new(),
            })
        };
        TaskView {
            id: id.0,
            todo: plan.kind,
            text: plan.text,
            customer: plan.customer.map(named),
            number: Some(plan.number_display).filter(|number| !number.is_empty()),
            due: plan.due,
            planned: created,
            mine: self.lines.contains(&plan.line),
            line: plan.line.0,
        }
    }
}

pub(super) fn person(missed: MissedPerson, given: Option<GivenView>) -> MissedPersonView {
    MissedPersonView {
        call: missed.call.0,
        customer: missed.customer.map(customer_view),
        number: missed.number_display,
        first: missed.first,
        last: missed.last,
        times: missed.times,
        waited_seconds: missed.waited.num_seconds(),
        tried: missed.tried,
        given,
    }
}

/// When today began here. Where the clocks skip midnight, the day begins when they are back.
pub(super) fn midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    let date = now.with_timezone(&Local).date_naive();
    let hours = (0..3).filter_map(|hour| date.and_hms_opt(hour, 0, 0));
    let mut begins = hours.filter_map(|time| Local.from_local_datetime(&time).earliest());
    begins.next().map_or(now, |begin| begin.to_utc())
}
