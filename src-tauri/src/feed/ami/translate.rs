//! From AMI events to call events. Pure: the clock is an argument of whoever calls.
//!
//! Keyed on the channel's `Uniqueid`: `Linkedid` changes at a transfer, and the order of events within a
//! burst is not to be relied on. A call is named by the channel that began it.
//! Events: <https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/AMI_Events/>.

use std::collections::{HashMap, HashSet, VecDeque};

use regex::Regex;

use super::begun::Begun;
use super::channel::{Channel, Role};
use super::channels::Channels;
use super::message::{Headers, Message};
use super::party;
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Party, Side};

/// How many channels that hung up are remembered. A burst has a few dozen.
const REMEMBERED: usize = 128;

/// What must be known of a phone system to read its events.
#[derive(Clone, Debug)]
pub struct Dialplan {
    /// Which endpoint names are our phones, for example `\d{2,6}`; matched against the whole name.
    pub lines: Regex,
    /// Names of the contexts that are a voice mailbox.
    pub voicemail: Vec<String>,
}

impl Dialplan {
    /// A dialplan whose phones are the endpoints that match `lines` as a whole.
    ///
    /// # Errors
    /// When `lines` is not a regular expression.
    pub fn new(lines: &str, voicemail: Vec<String>) -> Result<Self, regex::Error> {
        Ok(Dialplan {
            lines: Regex::new(&format!("^(?:{lines})$"))?,
            voicemail,
        })
    }
}

/// A channel that hung up.
#[derive(Debug)]
pub(super) struct Gone {
    pub(super) unique: String,
    /// The call it was in, when that was told.
    pub(super) call: Option<CallKey>,
}

/// The channels of one Asterisk and the calls they belong to.
#[derive(Debug)]
pub struct Translator {
    pub(super) dialplan: Dialplan,
    pub(super) channels: Channels,
    pub(super) calls: HashMap<CallKey, Begun>,
    pub(super) out: Vec<CallEvent>,
    /// The last channels that hung up: what is told of them late brings none back.
    pub(super) hung_up: VecDeque<Gone>,
    /// Whether any event told if a number is withheld. `None` before the first call.
    pub(super) tells_presentation: Option<bool>,
}

impl Translator {
    /// Nothing known yet.
    #[must_use]
    pub fn new(dialplan: Dialplan) -> Self {
        Translator {
            dialplan,
            channels: Channels::default(),
            calls: HashMap::new(),
            out: Vec::new(),
            hung_up: VecDeque::new(),
            tells_presentation: None,
        }
    }

    /// Reads one event; responses and events of other classes say nothing.
    pub fn handle(&mut self, message: &Message<'_>) -> Vec<CallEvent> {
        let reader: fn(&mut Self, &Headers<'_>) = match message.raw("Event").unwrap_or_default() {
            b"Newchannel" | b"CoreShowChannel" => Self::new_channel,
            b"Newstate" => Self::new_state,
            b"NewCallerid" => Self::note,
            b"DialBegin" => Self::dial_begin,
            b"DialState" => Self::dial_state,
            b"DialEnd" => Self::dial_end,
            b"BridgeEnter" => Self::bridge_enter,
            b"BridgeLeave" => Self::bridge_leave,
            b"BlindTransfer" => Self::blind_transfer,
            b"AttendedTransfer" => Self::attended_transfer,
            b"Pickup" => Self::pickup,
            b"QueueCallerJoin" | b"QueueEntry" => Self::queue_joined,
            b"QueueCallerLeave" | b"QueueCallerAbandon" => Self::queue_left,
            b"AgentConnect" => Self::queue_answered,
            b"Hold" => |translator, message| translator.hold(message, true),
            b"Unhold" => |translator, message| translator.hold(message, false),
            b"HangupRequest" => Self::hangup_request,
            b"Hangup" => Self::hangup,
            _ => return Vec::new(),
        };
        reader(self, &message.read());
        std::mem::take(&mut self.out)
    }

    /// After a gap: channels that Asterisk no longer lists are gone. Returns what ended and the calls that are left.
    pub fn resync(&mut self, live: &[String]) -> (Vec<CallEvent>, Vec<CallKey>) {
        let live: HashSet<&String> = live.iter().collect();
        let mut gone: Vec<String> = self
            .channels
            .uniques()
            .filter(|unique| !live.contains(unique))
            .cloned()
            .collect();
        gone.sort();
        for unique in gone {
            self.gone(&unique, Cause::Stale);
        }
        (std::mem::take(&mut self.out), self.channels.calls())
    }

    /// Whether the phone system tells if a number is withheld; `None` when no call was seen yet.
    #[must_use]
    pub fn tells_presentation(&self) -> Option<bool> {
        self.tells_presentation
    }

    fn new_channel(&mut self, message: &Headers<'_>) {
        let Some(unique) = message.get("Uniqueid") else { return };
        if self.channels.contains(unique.as_ref()) || self.hung_up.iter().any(|gone| gone.unique == unique) {
            return;
        }
        let linked = message.get("Linkedid").unwrap_or_else(|| unique.clone());
        let call = match self.channels.get(linked.as_ref()) {
            Some(first) => first.call.clone(),
            None => CallKey(linked.clone().into_owned()),
        };
        let role = if linked == unique { Role::Origin } else { Role::Other };
        self.channels.insert(
            unique.into_owned(),
            Channel::new(message, call.clone(), role, &self.dialplan.lines),
        );
        self.calls.entry(call).or_default();
    }

    /// What every event with a channel snapshot tells: the latest number, and the context.
    pub(super) fn note(&mut self, message: &Headers<'_>) {
        let Some(unique) = message.get("Uniqueid") else { return };
        let Some(channel) = self.channels.get_mut(unique.as_ref()) else {
            return;
        };
        channel.update(message);
        let (role, call) = (channel.role, channel.call.clone());
        if role == Role::Origin {
            self.notice_voicemail(&call, message);
        }
    }

    fn new_state(&mut self, message: &Headers<'_>) {
        self.note(message);
        let Some(unique) = message.get("Uniqueid") else { return };
        if message.raw("ChannelStateDesc") == Some(b"Ringing") {
            self.ringing(&unique);
        }
    }

    fn dial_begin(&mut self, message: &Headers<'_>) {
        let (Some(from), Some(to)) = (message.get("Uniqueid"), message.get("DestUniqueid")) else {
            return;
        };
        let name = message.get("DestChannel").unwrap_or_default();
        if name.starts_with("Local/") || !self.channels.contains(to.as_ref()) {
            return;
        }
        let Some(call) = self.channels.get(from.as_ref()).map(|channel| channel.call.clone()) else {
            return;
        };
        let Some(endpoint) = self.endpoint(&to, message) else {
            return;
        };
        let consulted_by = self.consulting_agent(&from, &call, message);
        if consulted_by.is_none() {
            let before = self
                .channels
                .get(&call.0)
                .map_or_else(Party::default, |origin| origin.party.clone());
            let party = party::of(message).or_as_before(&before);
            self.begin(&call, Some((&endpoint, &party)));
        }
        if let Some(channel) = self.channels.get_mut(to.as_ref()) {
            channel.role = Role::Leg;
            channel.to = Some(endpoint.clone());
            channel.dialled_by = Some(from.into_owned());
            channel.consulted_by.clone_from(&consulted_by);
        }
        self.channels.move_to_call(&to, &call);
        let leg = LegKey(to.into_owned());
        self.out.push(CallEvent::Offered {
            call: call.clone(),
            leg: leg.clone(),
            to: endpoint,
        });
        if let Some(by) = consulted_by {
            self.out.push(CallEvent::Consulted { call, leg, by });
        }
    }

    fn dial_state(&mut self, message: &Headers<'_>) {
        let Some(to) = message.get("DestUniqueid") else { return };
        if message.raw("DialStatus") == Some(b"RINGING") {
            self.ringing(&to);
        }
    }

    fn ringing(&mut self, unique: &str) {
        let Some(channel) = self
            .channels
            .get_mut(unique)
            .filter(|channel| channel.role == Role::Leg)
        else {
            return;
        };
        if !std::mem::replace(&mut channel.rang, true) {
            let (call, leg) = (channel.call.clone(), LegKey(unique.to_owned()));
            self.out.push(CallEvent::Ringing { call, leg });
        }
    }

    /// The first `DialEnd` of a channel counts; `ANSWER` is told by the bridge.
    fn dial_end(&mut self, message: &Headers<'_>) {
        let Some(to) = message.get("DestUniqueid") else { return };
        let status = message.get("DialStatus").unwrap_or_default();
        let Some(channel) = self
            .channels
            .get_mut(to.as_ref())
            .filter(|channel| channel.role == Role::Leg)
        else {
            return;
        };
        if std::mem::replace(&mut channel.dialled, true) {
            return;
        }
        channel.taken = status == "ANSWER";
        channel.unexplained = matches!(status.as_ref(), "CANCEL" | "NOANSWER");
        let call = channel.call.clone();
        let elsewhere = self.channels.of(&call).any(|(_, other)| other.taken);
        let cause = match status.as_ref() {
            "ANSWER" => return,
            "BUSY" => Cause::Busy,
            "NOANSWER" => Cause::NoAnswer,
            "CANCEL" if elsewhere => Cause::AnsweredElsewhere,
            "CANCEL" => Cause::Cancelled,
            "CONGESTION" | "CHANUNAVAIL" => Cause::Unreachable,
            _ => Cause::Other,
        };
        self.out.push(CallEvent::LegEnded {
            call,
            leg: LegKey(to.into_owned()),
            cause,
        });
    }

    /// Somebody hung up. A phone that refuses before it rang did not end the call: the phone system did.
    fn hangup_request(&mut self, message: &Headers<'_>) {
        let Some(channel) = message
            .get("Uniqueid")
            .and_then(|unique| self.channels.get(unique.as_ref()))
        else {
            return;
        };
        let Some(begun) = self.calls.get_mut(&channel.call) else {
            return;
        };
        let side = match (channel.role, &channel.line) {
            (Role::Origin, Some(_)) if begun.direction == Some(Direction::Out) => Side::Agent,
            (Role::Origin, _) => Side::Caller,
            (Role::Leg, Some(_)) if channel.rang || channel.talked => Side::Agent,
            (Role::Leg, None) => Side::Callee,
            (Role::Leg | Role::Other, _) => return,
        };
        begun.hung_up = Some(side);
    }

    fn hangup(&mut self, message: &Headers<'_>) {
        self.note(message);
        let Some(unique) = message.get("Uniqueid") else { return };
        let code = message
            .get("Cause")
            .and_then(|cause| cause.trim().parse().ok())
            .unwrap_or(0);
        let call = self.channels.get(unique.as_ref()).map(|channel| channel.call.clone());
        let told = call
            .as_ref()
            .and_then(|call| self.calls.get(call))
            .is_some_and(|begun| begun.began);
        if self.hung_up.len() == REMEMBERED {
            self.hung_up.pop_front();
        }
        self.hung_up.push_back(Gone {
            unique: unique.to_string(),
            call: call.filter(|_| told),
        });
        self.gone(&unique, cause_of(code));
    }

    fn gone(&mut self, unique: &str, cause: Cause) {
        let Some(channel) = self.channels.remove(unique) else {
            return;
        };
        let call = channel.call.clone();
        if channel.holds {
            self.out.push(CallEvent::Resumed { call: call.clone() });
        }
        if channel.role == Role::Origin && !channel.is_quiet() {
            self.begin_unheard(&call, &channel);
        }
        let is_agent_who_began = channel.role == Role::Origin && channel.line.is_some();
        let is_told = channel.dialled && !channel.taken;
        let is_explained =
            channel.unexplained && matches!(cause, Cause::AnsweredElsewhere | Cause::Busy | Cause::Rejected);
        if is_agent_who_began || (channel.role == Role::Leg && (!is_told || is_explained)) {
            self.out.push(CallEvent::LegEnded {
                call: call.clone(),
                leg: LegKey(unique.to_owned()),
                cause,
            });
        }
        if let Some(begun) = self.calls.get_mut(&call)
            && (begun.cause.is_none() || channel.role == Role::Origin)
        {
            begun.cause = Some(cause);
        }
        self.end_without_channels(&call, cause);
    }

    /// A call is over when its last channel is gone.
    pub(super) fn end_without_channels(&mut self, call: &CallKey, cause: Cause) {
        if self.channels.of(call).next().is_some() {
            return;
        }
        let Some(begun) = self.calls.remove(call).filter(|begun| begun.began) else {
            return;
        };
        let by = if cause == Cause::Stale {
            None
        } else {
            Some(begun.hung_up.unwrap_or(Side::Pbx))
        };
        self.out.push(CallEvent::Ended {
            call: call.clone(),
            cause: begun.cause.unwrap_or(cause),
            by,
        });
    }

    fn endpoint(&self, unique: &str, message: &Headers<'_>) -> Option<Endpoint> {
        let channel = self.channels.get(unique)?;
        Some(match &channel.line {
            Some(line) => Endpoint::Line(line.clone()),
            None => {
                let number = message.get("DestCallerIDNum").filter(|number| party::is_known(number));
                Endpoint::Outside(number.unwrap_or_default().into_owned())
            }
        })
    }
}

/// Q.850 causes as Asterisk numbers them (`causes.h`).
fn cause_of(code: u16) -> Cause {
    match code {
        16 => Cause::Normal,
        17 => Cause::Busy,
        18 | 19 => Cause::NoAnswer,
        21 => Cause::Rejected,
        26 => Cause::AnsweredElsewhere,
        1..=3 | 20 | 27 | 34 | 38 => Cause::Unreachable,
        0 | 127 => Cause::Normal,
        _ => Cause::Other,
    }
}
