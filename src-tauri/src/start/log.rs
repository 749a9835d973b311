//! The log of all calls, page by page: read over a connection of its own, because a filter may look at every call there is.

use chrono::{DateTime, Local, Utc};

use super::report::{CallReport, NoCallReport, days};
use crate::call::CallId;
use crate::desk::log_entry;
use crate::journal::CallFilter;
use crate::pop::view::{LogChoicesView, LogFilter, LogRowView};
use crate::review::local_days;

/// The most rows that are given at once.
const MOST_ROWS: u32 = 200;

impl CallReport {
    /// At most `limit` calls that `filter` lets through, the newest first; with `before`, those that follow that call.
    ///
    /// # Errors
    /// See [`NoCallReport`].
    pub fn log(
        &self,
        filter: &LogFilter,
        before: Option<&CallId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<LogRowView>, NoCallReport> {
        let filter = asked(filter, now)?;
        let journal = self.journal()?;
        let before = match before {
            // a call that is gone by now: there is no place in the log to go on from
            Some(id) => match journal.call(id)? {
                Some(logged) => Some(logged.call.cursor()),
                None => return Ok(Vec::new()),
            },
            None => None,
        };
        let rows = journal.log(&filter, before.as_ref(), limit.min(MOST_ROWS))?;
        Ok(rows.into_iter().map(log_entry).collect())
    }

    /// What the filters of the log can choose from.
    ///
    /// # Errors
    /// See [`NoCallReport`].
    pub fn log_choices(&self) -> Result<LogChoicesView, NoCallReport> {
        let journal = self.journal()?;
        let (agents, queues) = journal.agents_and_queues()?;
        Ok(LogChoicesView { agents, queues })
    }
}

/// The filter as the journal takes it, its days by the local clock.
fn asked(filter: &LogFilter, now: DateTime<Utc>) -> Result<CallFilter, NoCallReport> {
    let period = match &filter.period {
        Some(period) => {
            let (first, count) = days(period, now)?;
            Some(local_days(&Local, first, count)[0])
        }
        None => None,
    };
    Ok(CallFilter {
        from: period.map(|period| period.from),
        until: period.map(|period| period.until),
        direction: filter.direction,
        outcome: filter.outcome,
        extension: filter.agent.clone(),
        queue: filter.queue.clone(),
        disposition: filter.disposition.clone(),
        customer: filter.customer.clone(),
        matched: filter.matched,
        mark: filter.marked,
        words: filter.words.clone(),
    })
}
