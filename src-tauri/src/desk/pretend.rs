//! A pretend call, to see what the panel does. It is shown like any other and written nowhere.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::DeskError;
use super::state::Desk;
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Party, Side};
use crate::feed::{FeedSignal, Signal};
use crate::pop::view::PretendStep;

/// The feed that pretend calls come over. No feed of the settings can have this name.
pub(super) const PRETEND: &str = "(pretend)";
/// There is one at a time.
const LEG: &str = "phone";

impl Desk {
    /// Lets a pretend call from `number` ring at my phone, be answered or end.
    pub(super) fn pretend(&mut self, step: PretendStep, number: &str, now: DateTime<Utc>) -> Result<(), DeskError> {
        let line = self.lines.first().cloned().ok_or(DeskError::NoLine)?;
        let last = self.pretended.clone();
        let events = match step {
            PretendStep::Ring => {
                let call = CallKey(now.timestamp_millis().to_string());
                let mut events = last.map(hang_up).unwrap_or_default();
                events.extend(ring(&call, Endpoint::Line(line), number));
                self.pretended = Some(call);
                events
            }
            PretendStep::Answer => last.map_or_else(Vec::new, |call| {
                vec![CallEvent::Answered {
                    call,
                    leg: LegKey(LEG.to_owned()),
                }]
            }),
            PretendStep::HangUp => {
                self.pretended = None;
                last.map(hang_up).unwrap_or_default()
            }
        };
        for event in events {
            self.signal(FeedSignal {
                feed: Arc::from(PRETEND),
                at: now,
                what: Signal::Event(event),
            });
        }
        Ok(())
    }
}

fn ring(call: &CallKey, to: Endpoint, number: &str) -> [CallEvent; 3] {
    let leg = LegKey(LEG.to_owned());
    [
        CallEvent::Began {
            call: call.clone(),
            direction: Direction::In,
            remote: Party {
                number: number.to_owned(),
                ..Party::default()
            },
            called: String::new(),
            trunk: None,
            origin: None,
        },
        CallEvent::Offered {
            call: call.clone(),
            leg: leg.clone(),
            to,
        },
        CallEvent::Ringing {
            call: call.clone(),
            leg,
        },
    ]
}

fn hang_up(call: CallKey) -> Vec<CallEvent> {
    let leg = LegKey(LEG.to_owned());
    vec![
        CallEvent::LegEnded {
            call: call.clone(),
            leg,
            cause: Cause::Normal,
        },
        CallEvent::Ended {
            call,
            cause: Cause::Normal,
            by: Some(Side::Caller),
        },
    ]
}
