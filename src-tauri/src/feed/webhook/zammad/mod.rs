//! Zammad's generic CTI push, read: what phone systems POST that were made to talk to Zammad.
//!
//! Pure; it does not know HTTP. The format names three events (`newCall`, `answer`, `hangup`), says
//! who rings only in the first and why it ended only in the last; so the phones of a call are kept
//! here until it is old. Source: <https://docs.zammad.org/en/latest/api/generic-cti/>.

mod names;
mod write;

use std::collections::{HashMap, VecDeque};

use super::fields::{Fields, Malformed};
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line};

pub use names::{Names, Numbers};
pub use write::{Post, Teller};

/// Calls whose phones are remembered. The oldest is forgotten first.
const REMEMBERED: usize = 4096;

/// Why a delivery cannot be translated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    /// The body cannot be read.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A field is missing without which nothing can be told.
    #[error("`{0}` is missing; send it with every event")]
    Missing(&'static str),
    /// The event is none of the three.
    #[error("`event` is `{0}`; it must be newCall, answer or hangup")]
    Event(String),
    /// The direction is neither in nor out.
    #[error("`direction` is `{0}`; it must be in or out")]
    Direction(String),
}

/// One POST, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    event: Event,
    call: CallKey,
    from: String,
    to: String,
    direction: Option<Direction>,
    users: Vec<String>,
    answering: Option<String>,
    cause: Option<String>,
}

/// The three events of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    NewCall,
    Answer,
    Hangup,
}

/// The calls heard of, and the phones of each.
#[derive(Debug, Default)]
pub struct Calls {
    names: Names,
    heard: HashMap<CallKey, Phones>,
    oldest: VecDeque<CallKey>,
}

/// What is remembered of a call.
#[derive(Clone, Debug)]
struct Phones {
    direction: Direction,
    rung: Vec<Line>,
    talks: Option<Line>,
    ended: bool,
}

impl Delivery {
    /// Reads the fields of one POST.
    ///
    /// # Errors
    /// When what every event needs is missing or cannot be read.
    pub fn read(fields: &Fields) -> Result<Self, Bad> {
        let users = fields.texts("user")?;
        let event = fields.text("event")?.ok_or(Bad::Missing("event"))?;
        Ok(Delivery {
            event: event_of(&event).ok_or(Bad::Event(event))?,
            call: CallKey(fields.text("callId")?.ok_or(Bad::Missing("callId"))?),
            from: fields.text("from")?.unwrap_or_default(),
            to: fields.text("to")?.unwrap_or_default(),
            direction: fields.text("direction")?.map(direction_of).transpose()?,
            users: if users.is_empty() {
                fields.texts("caller")?
            } else {
                users
            },
            answering: fields.text("answeringNumber")?,
            cause: fields.text("cause")?,
        })
    }
}

impl Phones {
    fn new(direction: Direction) -> Self {
        Phones {
            direction,
            rung: Vec::new(),
            talks: None,
            ended: false,
        }
    }
}

impl Calls {
    /// Nothing heard yet.
    #[must_use]
    pub fn new(names: Names) -> Self {
        Calls {
            names,
            ..Calls::default()
        }
    }

    /// What the delivery says. The same delivery twice says the same twice.
    ///
    /// # Errors
    /// [`Bad::Missing`] for a call that begins without a direction.
    pub fn translate(&mut self, delivery: &Delivery) -> Result<Vec<CallEvent>, Bad> {
        match delivery.event {
            Event::NewCall => self.began(delivery),
            Event::Answer => self.answered(delivery),
            Event::Hangup => Ok(self.ended(delivery)),
        }
    }

    /// The call, and all its phones at once: the format has no event for a single phone.
    fn began(&mut self, delivery: &Delivery) -> Result<Vec<CallEvent>, Bad> {
        let direction = self.direction(delivery)?;
        let mut events = vec![self.beginning(delivery, direction)];
        let mut rung = Vec::new();
        if direction == Direction::Out {
            events.push(offered(&delivery.call, outside(&delivery.call), self.far_end(delivery)));
        } else {
            rung = self.names.lines(&delivery.users);
            if rung.is_empty() {
                rung.clone_from(&self.names.unnamed);
            }
        }
        for line in &rung {
            let leg = inside(&delivery.call, line);
            events.push(offered(&delivery.call, leg.clone(), Endpoint::Line(line.clone())));
            events.push(CallEvent::Ringing {
                call: delivery.call.clone(),
                leg,
            });
        }
        let phones = self.phones(&delivery.call, direction);
        if phones.ended {
            // Phone systems that count from 1 after a restart use an id again.
            *phones = Phones::new(direction);
        }
        phones.rung = rung;
        Ok(events)
    }

    /// The phone that talks; the others stop ringing. A call that began unheard begins here.
    fn answered(&mut self, delivery: &Delivery) -> Result<Vec<CallEvent>, Bad> {
        let call = &delivery.call;
        let mut events = Vec::new();
        let (direction, rung) = match self.heard.get(call) {
            Some(phones) => (phones.direction, phones.rung.clone()),
            None => {
                let direction = self.direction(delivery)?;
                events.push(self.beginning(delivery, direction));
                (direction, Vec::new())
            }
        };
        let line = (direction != Direction::Out)
            .then(|| self.answerer(delivery, &rung))
            .flatten();
        let (leg, to) = match &line {
            Some(line) => (inside(call, line), Endpoint::Line(line.clone())),
            None => (outside(call), self.far_end(delivery)),
        };
        events.push(offered(call, leg.clone(), to));
        events.push(CallEvent::Answered {
            call: call.clone(),
            leg,
        });
        if line.is_some() {
            let others = rung.iter().filter(|other| Some(*other) != line.as_ref());
            events.extend(others.map(|other| leg_ended(call, inside(call, other), Cause::AnsweredElsewhere)));
        }
        self.phones(call, direction).talks = line;
        Ok(events)
    }

    fn ended(&mut self, delivery: &Delivery) -> Vec<CallEvent> {
        let cause = delivery.cause.as_deref().map_or(Cause::Other, cause_of);
        let call = &delivery.call;
        let phones = self.heard.get_mut(call).map(|phones| {
            phones.ended = true;
            &*phones
        });
        let legs: Vec<LegKey> = match phones {
            Some(Phones { talks: Some(line), .. }) => vec![inside(call, line)],
            Some(Phones {
                direction: Direction::Out,
                ..
            }) => vec![outside(call)],
            Some(phones) => phones.rung.iter().map(|line| inside(call, line)).collect(),
            None => Vec::new(),
        };
        let ended = CallEvent::Ended {
            call: call.clone(),
            cause,
            by: None,
        };
        legs.into_iter()
            .map(|leg| leg_ended(call, leg, cause))
            .chain([ended])
            .collect()
    }

    fn beginning(&self, delivery: &Delivery, direction: Direction) -> CallEvent {
        let (remote, origin) = match direction {
            Direction::In => (self.names.party(&delivery.from), None),
            Direction::Out => (self.names.party(&delivery.to), self.dialler(delivery)),
            Direction::Internal => (self.names.party(&delivery.from), self.names.known(&delivery.from)),
        };
        CallEvent::Began {
            call: delivery.call.clone(),
            direction,
            remote,
            called: self.names.number(&delivery.to),
            trunk: None,
            origin,
        }
    }

    /// The format knows in and out alone; a call in from one of our own lines is internal.
    fn direction(&self, delivery: &Delivery) -> Result<Direction, Bad> {
        let direction = delivery.direction.ok_or(Bad::Missing("direction"))?;
        let ours = direction == Direction::In && self.names.known(&delivery.from).is_some();
        Ok(if ours { Direction::Internal } else { direction })
    }

    fn dialler(&self, delivery: &Delivery) -> Option<Line> {
        let user = delivery.users.first().map(|user| self.names.line(user));
        user.or_else(|| self.names.known(&delivery.from)).or_else(|| {
            <&[Line; 1]>::try_from(self.names.unnamed.as_slice())
                .ok()
                .map(|[line]| line.clone())
        })
    }

    /// Who took it: the answering number when it is a phone that rings, else the only user named, else
    /// the only phone that rings, else the answering number as a line. `None` when nothing tells.
    fn answerer(&self, delivery: &Delivery, rung: &[Line]) -> Option<Line> {
        let answering = delivery.answering.as_deref().map(|name| self.names.line(name));
        let named = self.names.lines(&delivery.users);
        let only = |lines: &[Line]| <&[Line; 1]>::try_from(lines).ok().map(|[line]| line.clone());
        answering
            .clone()
            .filter(|line| rung.contains(line))
            .or_else(|| only(&named))
            .or_else(|| only(rung))
            .or(answering)
    }

    fn far_end(&self, delivery: &Delivery) -> Endpoint {
        Endpoint::Outside(self.names.number(&delivery.to))
    }

    /// What is remembered of the call, which is remembered from now on.
    fn phones(&mut self, call: &CallKey, direction: Direction) -> &mut Phones {
        if !self.heard.contains_key(call) {
            self.oldest.push_back(call.clone());
        }
        if self.oldest.len() > REMEMBERED
            && let Some(forgotten) = self.oldest.pop_front()
        {
            self.heard.remove(&forgotten);
        }
        self.heard.entry(call.clone()).or_insert_with(|| Phones::new(direction))
    }
}

fn offered(call: &CallKey, leg: LegKey, to: Endpoint) -> CallEvent {
    CallEvent::Offered {
        call: call.clone(),
        leg,
        to,
    }
}

fn leg_ended(call: &CallKey, leg: LegKey, cause: Cause) -> CallEvent {
    CallEvent::LegEnded {
        call: call.clone(),
        leg,
        cause,
    }
}

fn inside(call: &CallKey, line: &Line) -> LegKey {
    LegKey(format!("{}/{line}", call.0))
}

fn outside(call: &CallKey) -> LegKey {
    LegKey(format!("{}/outside", call.0))
}

fn event_of(text: &str) -> Option<Event> {
    match letters(text).as_str() {
        "newcall" => Some(Event::NewCall),
        "answer" | "answered" => Some(Event::Answer),
        "hangup" | "hungup" => Some(Event::Hangup),
        _ => None,
    }
}

fn direction_of(text: String) -> Result<Direction, Bad> {
    match letters(&text).as_str() {
        "in" | "inbound" | "incoming" => Ok(Direction::In),
        "out" | "outbound" | "outgoing" => Ok(Direction::Out),
        _ => Err(Bad::Direction(text)),
    }
}

fn cause_of(text: &str) -> Cause {
    match letters(text).as_str() {
        "normalclearing" => Cause::Normal,
        "busy" => Cause::Busy,
        "cancel" => Cause::Cancelled,
        "noanswer" => Cause::NoAnswer,
        "notfound" => Cause::Unreachable,
        "forwarded" => Cause::AnsweredElsewhere,
        _ => Cause::Other,
    }
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests;
