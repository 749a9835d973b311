//! What a phone system told of a call, as lines for a person. Pure.

use std::collections::HashMap;

use super::view::{EventView, WhatView};
use crate::call::{CallEvent, Endpoint, LegKey, Line, Party, Presentation, Then};

/// One line an event, in their order.
#[must_use]
pub fn events_of(events: &[CallEvent]) -> Vec<EventView> {
    let mut phones: HashMap<&LegKey, &Endpoint> = HashMap::new();
    let mut views = Vec::with_capacity(events.len());
    for event in events {
        if let CallEvent::Offered { leg, to, .. } = event {
            phones.insert(leg, to);
        }
        views.push(EventView {
            call: event.call().0.clone(),
            what: event_of(event, |leg| phones.get(leg).map(ToString::to_string)),
        });
    }
    views
}

/// What happened. A phone is known by its key alone once it was dialled: `dialled` says who that is.
#[must_use]
pub fn event_of(event: &CallEvent, dialled: impl Fn(&LegKey) -> Option<String>) -> WhatView {
    let phone = |leg: &LegKey| dialled(leg).unwrap_or_else(|| leg.0.clone());
    match event {
        CallEvent::Began {
            direction,
            remote,
            called,
            origin,
            ..
        } => WhatView::Began {
            direction: *direction,
            number: number(remote),
            name: said(&remote.name),
            called: said(called),
            origin: origin.as_ref().map(Line::to_string),
        },
        CallEvent::Offered { to, .. } => WhatView::Offered { phone: to.to_string() },
        CallEvent::Consulted { leg, by, .. } => WhatView::Consulted {
            phone: phone(leg),
            by: by.to_string(),
        },
        CallEvent::Ringing { leg, .. } => WhatView::Ringing { phone: phone(leg) },
        CallEvent::Answered { leg, .. } => WhatView::Answered { phone: phone(leg) },
        CallEvent::Held { .. } => WhatView::Held,
        CallEvent::Resumed { .. } => WhatView::Resumed,
        CallEvent::PartyChanged { remote, .. } => WhatView::PartyChanged {
            number: number(remote),
            name: said(&remote.name),
        },
        CallEvent::Queued { queue, .. } => WhatView::Queued { queue: queue.clone() },
        CallEvent::Unqueued { outcome, .. } => WhatView::Unqueued { outcome: *outcome },
        CallEvent::Transferred { transfer, .. } => WhatView::Transferred {
            how: transfer.kind,
            by: transfer.by.as_ref().map(Line::to_string),
            to: transfer.to.as_ref().map(Endpoint::to_string),
        },
        CallEvent::Diverted {
            then: Then::Voicemail, ..
        } => WhatView::Voicemail,
        CallEvent::LegEnded { leg, cause, .. } => WhatView::LegEnded {
            phone: phone(leg),
            cause: *cause,
        },
        CallEvent::Ended { cause, by, .. } => WhatView::Ended { cause: *cause, by: *by },
    }
}

/// The number, unless it is withheld.
fn number(party: &Party) -> Option<String> {
    (party.presentation != Presentation::Restricted)
        .then(|| said(&party.number))
        .flatten()
}

fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{CallKey, Direction};

    #[test]
    fn a_withheld_number_is_in_no_line_and_a_dialled_phone_is_named_by_its_extension() {
        let call = CallKey("c1".to_owned());
        let leg = LegKey("leg-7".to_owned());
        let remote = Party {
            number: "+49301".to_owned(),
            presentation: Presentation::Restricted,
            ..Party::default()
        };
        let began = CallEvent::Began {
            call: call.clone(),
            direction: Direction::In,
            remote,
            called: String::new(),
            trunk: None,
            origin: None,
        };
        let to = Endpoint::Line(Line("101".to_owned()));
        let offered = CallEvent::Offered {
            call: call.clone(),
            leg: leg.clone(),
            to,
        };
        let other = LegKey("leg-8".to_owned());
        let lines = events_of(&[
            began,
            offered,
            CallEvent::Ringing {
                call: call.clone(),
                leg,
            },
            CallEvent::Answered { call, leg: other },
        ]);
        assert!(matches!(
            &lines[0].what,
            WhatView::Began {
                number: None,
                called: None,
                ..
            }
        ));
        let phone = |phone: &str| phone.to_owned();
        assert_eq!(lines[2].what, WhatView::Ringing { phone: phone("101") });
        assert_eq!(lines[3].what, WhatView::Answered { phone: phone("leg-8") });
    }
}
