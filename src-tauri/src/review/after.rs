//! What was promised and suggested in calls, as a report reads it.

use chrono::{DateTime, TimeDelta, Utc};

/// So long after the time that was agreed a callback still counts as kept: what is written down when the call is over comes later than
/// the call.
pub(super) const GRACE: TimeDelta = TimeDelta::minutes(15);

/// A callback that came due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// When it was due, as last agreed.
    pub due: DateTime<Utc>,
    /// When it was done.
    pub done: Option<DateTime<Utc>>,
    /// Whose it is: an extension.
    pub agent: String,
    /// The queue of the call that it came from.
    pub queue: Option<String>,
}

impl Promise {
    /// Whether it is said at `now` that it was kept or not: it was done, or the time for it is over.
    pub(super) fn is_judged(&self, now: DateTime<Utc>) -> bool {
        self.done.is_some() || self.due + GRACE <= now
    }

    /// Done in time.
    pub(super) fn is_kept(&self) -> bool {
        self.done.is_some_and(|done| done <= self.due + GRACE)
    }
}

/// What was said to a product that was suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Offered, and nothing was said yet.
    Open,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Not now.
    NotNow,
}

/// A product that was suggested in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// When.
    pub at: DateTime<Utc>,
    /// What people call it.
    pub product: String,
    /// What was said.
    pub reaction: Reaction,
    /// Who asked: an extension.
    pub agent: String,
    /// The queue of the call.
    pub queue: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(done: Option<i64>) -> Promise {
        let at = |minute: i64| DateTime::from_timestamp(1_790_000_000 + minute * 60, 0).expect("a time");
        Promise {
            due: at(0),
            done: done.map(at),
            agent: "101".to_owned(),
            queue: None,
        }
    }

    #[test]
    fn a_callback_is_kept_until_a_quarter_of_an_hour_after_it_was_due() {
        assert!(promise(Some(-60)).is_kept() && promise(Some(15)).is_kept());
        assert!(!promise(Some(16)).is_kept() && !promise(None).is_kept());
    }

    #[test]
    fn one_that_can_still_be_kept_is_not_judged() {
        let open = promise(None);
        assert!(!open.is_judged(open.due + TimeDelta::minutes(14)));
        assert!(open.is_judged(open.due + TimeDelta::minutes(15)));
        assert!(promise(Some(1)).is_judged(open.due));
    }
}
