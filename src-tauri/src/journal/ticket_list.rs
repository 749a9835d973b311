//! Tickets as a list, page by page: of open ones the gravest and first due first, of closed ones the latest. A page begins
//! behind a place, so that what is opened or closed meanwhile neither repeats nor hides the others.

use rusqlite::{Connection, params};

use super::record::Word;
use super::tickets::{COLUMNS, LoggedTicket, ticket};
use super::{Journal, JournalError};
use crate::call::Line;
use crate::pop::view::{Priority, TicketPlace};
pub use crate::pop::view::{TicketFilter, TicketsOf, Whose};

/// What a filter asks beside open or closed.
const FITS: &str = "(?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR priority = ?2)
    AND (?3 IS NULL OR iif(?3, assignee IN (SELECT value FROM json_each(?4)), assignee = ''))";
const OPEN: &str = "closed IS NULL AND (urgency, by_when, id) > (?6, ?7, ?8) ORDER BY urgency, by_when, id LIMIT ?5";
const CLOSED: &str = "closed IS NOT NULL AND (closed, id) < (?6, ?7) ORDER BY closed DESC, id DESC LIMIT ?5";

impl LoggedTicket {
    /// Where it stands in a list.
    #[must_use]
    pub fn place(&self) -> TicketPlace {
        TicketPlace {
            closed: self.closed,
            priority: self.ticket.priority,
            due: self.due,
            id: self.id.0,
        }
    }
}

impl Journal {
    /// At most `limit` tickets of a list behind a place in it, or its first ones. The words of the filter are not looked at.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn tickets(
        &self,
        filter: &TicketFilter,
        mine: &[Line],
        behind: Option<&TicketPlace>,
        limit: u32,
    ) -> Result<Vec<LoggedTicket>, JournalError> {
        let among_closed = behind.filter(|place| place.closed.is_some());
        let read = || {
            let mut found = Vec::new();
            if filter.state != TicketsOf::Closed && among_closed.is_none() {
                found = open(&self.conn, filter, mine, behind, limit)?;
            }
            let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
            if filter.state != TicketsOf::Open && left > 0 {
                found.extend(closed(&self.conn, filter, mine, among_closed, left)?);
            }
            Ok(found)
        };
        read().map_err(JournalError::NotRead)
    }
}

fn open(
    conn: &Connection,
    filter: &TicketFilter,
    mine: &[Line],
    behind: Option<&TicketPlace>,
    limit: u32,
) -> rusqlite::Result<Vec<LoggedTicket>> {
    let (urgency, by_when, id) = behind.map_or((-1, i64::MIN, 0), |place| {
        let due = place.due.map_or(i64::MAX, |due| due.timestamp_millis());
        (urgency(place.priority), due, place.id)
    });
    conn.prepare_cached(&sql(OPEN))?
        .query_map(
            params![
                filter.about.map(Word),
                filter.priority.map(Word),
                assigned(filter.assignee),
                lines(mine),
                limit,
                urgency,
                by_when,
                id
            ],
            ticket,
        )?
        .collect()
}

fn closed(
    conn: &Connection,
    filter: &TicketFilter,
    mine: &[Line],
    behind: Option<&TicketPlace>,
    limit: u32,
) -> rusqlite::Result<Vec<LoggedTicket>> {
    let place = behind.and_then(|place| Some((place.closed?.timestamp_millis(), place.id)));
    let (closed, id) = place.unwrap_or((i64::MAX, i64::MAX));
    conn.prepare_cached(&sql(CLOSED))?
        .query_map(
            params![
                filter.about.map(Word),
                filter.priority.map(Word),
                assigned(filter.assignee),
                lines(mine),
                limit,
                closed,
                id
            ],
            ticket,
        )?
        .collect()
}

fn sql(part: &str) -> String {
    [COLUMNS, " WHERE ", FITS, " AND ", part].concat()
}

/// As the column `urgency` has it.
fn urgency(priority: Priority) -> i64 {
    match priority {
        Priority::Urgent => 0,
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

fn assigned(whose: Whose) -> Option<bool> {
    match whose {
        Whose::Anyone => None,
        Whose::Mine => Some(true),
        Whose::Nobody => Some(false),
    }
}

fn lines(mine: &[Line]) -> String {
    let lines: Vec<&str> = mine.iter().map(|line| line.0.as_str()).collect();
    serde_json::to_string(&lines).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MasterKey;

    #[test]
    fn a_page_is_read_in_the_order_of_an_index_from_where_it_begins() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let journal = Journal::open(&folder.path().join("journal.db"), &MasterKey::random()?)?;
        for (part, index) in [(OPEN, "tickets_by_urgency"), (CLOSED, "tickets_by_close")] {
            let mut explain = journal.conn.prepare(&format!("EXPLAIN QUERY PLAN {}", sql(part)))?;
            let steps = explain.raw_query().mapped(|row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.collect::<Result<_, _>>()?;
            let begun = format!("SEARCH tickets USING INDEX {index} (");
            assert!(steps[0].starts_with(&begun), "{steps:?}");
            assert!(!steps.iter().any(|step| step.contains("ORDER BY")), "{steps:?}");
        }
        Ok(())
    }
}
