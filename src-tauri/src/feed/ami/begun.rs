//! What was said of a call so far, and how its beginning is told.
//!
//! A call is told when the first phone is dialled for it, since only then are its number and its presentation sure.

use super::channel::{Channel, peer_of};
use super::message::Headers;
use super::translate::Translator;
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, Line, Party, Presentation, Side, Then};

/// What was already said of a call.
#[derive(Debug, Default)]
pub(super) struct Begun {
    pub(super) began: bool,
    pub(super) direction: Option<Direction>,
    pub(super) party: Party,
    pub(super) diverted: bool,
    pub(super) queued: bool,
    pub(super) hung_up: Option<Side>,
    pub(super) cause: Option<Cause>,
}

impl Translator {
    /// Says that a call began, or that more is known of its caller, when a phone is dialled for it.
    pub(super) fn begin(&mut self, call: &CallKey, dialled: Option<(&Endpoint, &Party)>) {
        let Some(origin) = self.channels.get(&call.0) else {
            return;
        };
        let Some(begun) = self.calls.get_mut(call) else { return };
        let direction = match (&origin.line, dialled.map(|(to, _)| to)) {
            (None, _) => Direction::In,
            (Some(_), Some(Endpoint::Line(_))) => Direction::Internal,
            (Some(_), None) if begun.queued => Direction::Internal,
            (Some(_), _) => Direction::Out,
        };
        let party = match direction {
            // towards the outside the phone system may show a number of ours instead of the caller's
            Direction::In => match dialled {
                Some((Endpoint::Line(_), party)) => party.clone(),
                Some((Endpoint::Outside(_), _)) if begun.began => begun.party.clone(),
                None if begun.queued => origin.party.clone(),
                Some((Endpoint::Outside(_), _)) | None => Party {
                    presentation: origin.party.presentation,
                    ..origin.born.clone()
                },
            },
            Direction::Out => Party {
                number: origin.exten.clone(),
                ..Party::default()
            },
            Direction::Internal => origin.own_party(),
        };
        if direction == Direction::In {
            let told = party.presentation != Presentation::Unknown;
            self.tells_presentation = Some(self.tells_presentation.unwrap_or(false) || told);
        }
        let event = if !begun.began {
            CallEvent::Began {
                call: call.clone(),
                direction,
                remote: party.clone(),
                called: origin.exten.clone(),
                trunk: origin.line.is_none().then(|| peer_of(&origin.name).to_owned()),
                origin: origin.line.clone(),
            }
        } else if begun.party != party {
            CallEvent::PartyChanged {
                call: call.clone(),
                remote: party.clone(),
            }
        } else {
            return;
        };
        begun.began = true;
        begun.direction = Some(direction);
        begun.party = party;
        self.out.push(event);
    }

    /// A call that no phone was dialled for is told when its first channel goes.
    pub(super) fn begin_unheard(&mut self, call: &CallKey, origin: &Channel) {
        if self.calls.get(call).is_none_or(|begun| begun.began) {
            return;
        }
        self.channels.insert(call.0.clone(), origin.clone());
        self.begin(call, None);
        self.channels.remove(&call.0);
    }

    pub(super) fn notice_voicemail(&mut self, call: &CallKey, message: &Headers<'_>) {
        let Some(context) = message.get("Context") else { return };
        let Some(begun) = self.calls.get_mut(call).filter(|begun| begun.began && !begun.diverted) else {
            return;
        };
        if self.dialplan.voicemail.iter().any(|name| *name == context) {
            begun.diverted = true;
            self.out.push(CallEvent::Diverted {
                call: call.clone(),
                then: Then::Voicemail,
            });
        }
    }
}

impl Channel {
    fn own_party(&self) -> Party {
        let number = self.line.as_ref().map_or_else(String::new, |Line(line)| line.clone());
        Party {
            number,
            name: self.party.name.clone(),
            ..Party::default()
        }
    }
}
