//! Callers whose calls go on, as the last hour reads them: what the journal does not have yet.

use chrono::{DateTime, Utc};

use super::pretend::PRETEND;
use super::state::Desk;
use crate::call::{Call, CallId, Wait};

impl Desk {
    /// When the caller waited of every call that is on, or that is over and could not be written yet; what can be written is written
    /// first. Of one whose phone system cannot be heard it is told until that was lost.
    pub(super) fn callers(&mut self, now: DateTime<Utc>) -> Vec<(CallId, Vec<Wait>)> {
        self.keep(now);
        let calls = self.tracker.calls().filter(|call| call.feed != PRETEND);
        let calls = calls.filter(|call| call.ended.is_none() || self.unlogged.contains_key(&call.id));
        let told = |call: &Call| (call.id.clone(), heard(&call.waits, self.board.lost_since(&call.feed)));
        calls.map(told).collect()
    }
}

fn heard(waits: &[Wait], lost: Option<DateTime<Utc>>) -> Vec<Wait> {
    let until = |wait: &Wait| [wait.until, lost].into_iter().flatten().min();
    let waits = waits.iter().map(|wait| Wait {
        until: until(wait),
        ..wait.clone()
    });
    waits.collect()
}
