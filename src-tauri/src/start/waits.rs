//! Who waited in the last hour: read over a connection of its own, so that no call waits for it.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::report::{CallReport, NoCallReport};
use crate::call::{CallId, Wait};
use crate::journal::Journal;
use crate::pop::view::{LastHourView, WaitsView};
use crate::review::{LastHour, Minute, Period};

impl CallReport {
    /// The last hour of one queue, or, where `queue` is empty, of all callers: from the journal and from `on`, the calls that it does
    /// not have yet, which the desk has to be asked for first.
    ///
    /// # Errors
    /// See [`NoCallReport`].
    pub fn last_hour(
        &self,
        on: &[(CallId, Vec<Wait>)],
        queue: &str,
        now: DateTime<Utc>,
    ) -> Result<LastHourView, NoCallReport> {
        let target = self.target;
        let mut hour = LastHour::until(now, target, queue);
        let period = Period {
            from: hour.begins(),
            until: now + TimeDelta::milliseconds(1),
        };
        let over = Journal::open(&self.journal, &self.key)?.waits(period)?;
        // one that has ended since the desk was asked is in both
        let known: HashSet<_> = over.iter().map(|(call, _)| call).collect();
        let on = on.iter().filter(|(call, _)| !known.contains(call));
        for (_, waits) in over.iter().chain(on) {
            hour.add(waits);
        }
        Ok(LastHourView {
            from: hour.begins(),
            target_seconds: target.seconds,
            minutes: hour.minutes().iter().copied().map(view).collect(),
            all: view(hour.all()),
        })
    }
}

fn view(minute: Minute) -> WaitsView {
    WaitsView {
        waiting: minute.waiting,
        late: minute.late,
        longest_seconds: minute.longest,
    }
}
