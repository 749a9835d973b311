//! Why a dialog is over, in the words of calls.

use super::super::dialog_info::{Dialog, Event};
use crate::call::{self, Cause, Side};

/// Why a dialog is over, as far as it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending {
    event: Option<Event>,
    code: Option<u16>,
    heard: bool,
}

impl Ending {
    pub(super) fn of(dialog: &Dialog) -> Self {
        Ending {
            event: dialog.event,
            code: dialog.code,
            heard: true,
        }
    }

    /// It is simply not there any more.
    pub(super) fn unheard() -> Self {
        Ending {
            event: None,
            code: None,
            heard: false,
        }
    }

    pub(super) fn cause(self, answered: bool) -> Cause {
        match (self.heard, answered, self.event, self.code) {
            (false, ..) => Cause::Stale,
            (true, true, ..) => Cause::Normal,
            (true, false, _, Some(486 | 600)) => Cause::Busy,
            (true, false, _, Some(603 | 607)) => Cause::Rejected,
            (true, false, _, Some(404 | 410 | 484 | 604)) => Cause::Unreachable,
            (true, false, Some(Event::Timeout), _) | (true, false, _, Some(408 | 480)) => Cause::NoAnswer,
            (true, false, Some(Event::Cancelled), _) | (true, false, _, Some(487)) => Cause::Cancelled,
            (true, false, Some(Event::Rejected), _) => Cause::Rejected,
            (true, false, Some(Event::Replaced), _) => Cause::AnsweredElsewhere,
            (true, false, Some(Event::Error), _) => Cause::Other,
            // the caller gave up or nobody came in time: which, a terminated dialog does not say
            (true, false, Some(Event::LocalBye | Event::RemoteBye) | None, _) => Cause::NoAnswer,
        }
    }

    pub(super) fn side(self, direction: call::Direction) -> Option<Side> {
        let outside = match direction {
            call::Direction::In => Side::Caller,
            call::Direction::Out => Side::Callee,
            call::Direction::Internal => return None,
        };
        match self.event {
            Some(Event::LocalBye) => Some(Side::Agent),
            Some(Event::RemoteBye) => Some(outside),
            Some(Event::Cancelled) if direction == call::Direction::In => Some(Side::Caller),
            Some(Event::Cancelled) => Some(Side::Agent),
            Some(Event::Rejected | Event::Replaced | Event::Timeout | Event::Error) | None => None,
        }
    }
}
