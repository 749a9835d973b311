//! Do not disturb: nothing comes up and nothing is announced. Calls are followed and logged all the same, and what was
//! missed stands in the panel afterwards.

use chrono::{DateTime, TimeDelta, Utc};

use super::error::DeskError;
use super::state::Desk;
use crate::pop::view::QuietView;

/// How long nobody is to be disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuietFor {
    /// Until somebody ends it. A restart does.
    Ever,
    /// For so long, also over a restart.
    Time(TimeDelta),
}

/// Keeps until when nobody is to be disturbed, for the next start; the error is what went wrong, in words.
pub type KeepQuiet = Box<dyn FnMut(Option<DateTime<Utc>>) -> Result<(), String> + Send>;

impl Desk {
    /// What a desk begins with: a time that is not over goes on.
    pub(super) fn begin_quiet(&mut self, until: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        let until = until.filter(|until| *until > now);
        self.board.set_quiet(until.map(|until| QuietView {
            since: now,
            until: Some(until),
        }));
    }

    pub(super) fn set_quiet(&mut self, wish: Option<QuietFor>, now: DateTime<Utc>) -> Result<(), DeskError> {
        let quiet = wish.map(|wish| QuietView {
            since: self.board.quiet().map_or(now, |quiet| quiet.since),
            until: match wish {
                QuietFor::Ever => None,
                QuietFor::Time(time) => now.checked_add_signed(time),
            },
        });
        self.change_quiet(quiet).map_err(DeskError::NotKept)
    }

    /// Ends it when its time has come.
    pub(super) fn end_quiet(&mut self, now: DateTime<Utc>) {
        let until = self.board.quiet().and_then(|quiet| quiet.until);
        if until.is_some_and(|until| until <= now)
            && let Err(error) = self.change_quiet(None)
        {
            tracing::warn!(error, "that do not disturb has ended could not be written");
        }
    }

    fn change_quiet(&mut self, quiet: Option<QuietView>) -> Result<(), String> {
        let until = quiet.as_ref().and_then(|quiet| quiet.until);
        tracing::info!(on = quiet.is_some(), ?until, "do not disturb");
        self.board.set_quiet(quiet);
        self.tell_panel();
        (self.keep_quiet)(until)
    }
}
