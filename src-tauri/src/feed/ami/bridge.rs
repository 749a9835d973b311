//! Who talks to whom: channels enter bridges, and calls that meet in one become one.
//!
//! That covers what no event of its own is sure to tell: the attended transfer, and whoever fetches a parked call.

use std::borrow::Cow;

use super::channel::{Channel, Role};
use super::message::Headers;
use super::translate::Translator;
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Side};

impl Translator {
    pub(super) fn bridge_enter(&mut self, message: &Headers<'_>) {
        self.note(message);
        let Some(unique) = message.get("Uniqueid") else { return };
        let Some(channel) = self.channels.get_mut(unique.as_ref()) else {
            return;
        };
        let first = !std::mem::replace(&mut channel.talked, true);
        if first && channel.role == Role::Leg {
            let call = channel.call.clone();
            self.out.push(CallEvent::Answered {
                call,
                leg: LegKey(unique.to_string()),
            });
        }
        let bridge = message.get("BridgeUniqueid").filter(|_| is_plain(message));
        self.channels.move_to_bridge(&unique, bridge.map(Cow::into_owned));
        self.take_off_hold(&unique);
        self.join_calls_in_bridge_of(&unique);
    }

    /// An agent who is with the other side again has it on hold no more, also when no phone said so.
    fn take_off_hold(&mut self, unique: &str) {
        let Some(agent) = self.channels.get(unique).filter(|agent| agent.holds) else {
            return;
        };
        let Some(bridge) = &agent.bridge else { return };
        let is_other_side = |other: &Channel| other.call == agent.call && !other.is_local() && other.line != agent.line;
        if self.channels.within(bridge).any(|(_, other)| is_other_side(other)) {
            let call = agent.call.clone();
            self.out.push(CallEvent::Resumed { call });
            if let Some(agent) = self.channels.get_mut(unique) {
                agent.holds = false;
            }
        }
    }

    pub(super) fn bridge_leave(&mut self, message: &Headers<'_>) {
        self.note(message);
        let Some(unique) = message.get("Uniqueid") else { return };
        let bridge = self.channels.get(&unique).and_then(|channel| channel.bridge.as_deref());
        if bridge == message.get("BridgeUniqueid").as_deref() {
            self.channels.move_to_bridge(&unique, None);
        }
    }

    pub(super) fn hold(&mut self, message: &Headers<'_>, held: bool) {
        let channel = message
            .get("Uniqueid")
            .and_then(|unique| self.channels.get_mut(unique.as_ref()));
        // what the other side does with its own music is not our agent's hold
        let Some(channel) = channel.filter(|channel| channel.line.is_some()) else {
            return;
        };
        channel.holds = held;
        let call = channel.call.clone();
        self.out.push(if held {
            CallEvent::Held { call }
        } else {
            CallEvent::Resumed { call }
        });
    }

    fn join_calls_in_bridge_of(&mut self, unique: &str) {
        let Some((call, Some(bridge))) = self
            .channels
            .get(unique)
            .map(|channel| (channel.call.clone(), channel.bridge.clone()))
        else {
            return;
        };
        let met = self.channels.within(&bridge).map(|(_, channel)| &channel.call);
        let Some(other) = met.filter(|other| **other != call).min().cloned() else {
            return;
        };
        let (stays, goes) = self.in_rank(call, other);
        // the agent who joins them is in both, and leaves the second one at once
        let in_it = self.channels.of(&stays).filter(|(_, channel)| !channel.left);
        let agents: Vec<Line> = in_it.filter_map(|(_, channel)| channel.line.clone()).collect();
        let is_agent = |channel: &Channel| channel.line.as_ref().is_some_and(|line| agents.contains(line));
        let here = |channel: &Channel| channel.bridge.as_deref() == Some(&bridge) && !is_agent(channel);
        let mut moved = self.channels_of(&goes, &[]);
        moved.retain(|unique| self.channels.get(unique).is_some_and(here));
        self.join(&stays, &goes, &moved);
    }

    /// Of two calls that become one, the one that goes on, first: the one with somebody outside; else the first given.
    pub(super) fn in_rank(&self, one: CallKey, other: CallKey) -> (CallKey, CallKey) {
        let outside = |call: &CallKey| {
            let direction = self.calls.get(call).filter(|begun| begun.began)?.direction?;
            (direction != Direction::Internal).then_some(())
        };
        let began = |call: &CallKey| self.calls.get(call).is_some_and(|begun| begun.began);
        match (outside(&one), outside(&other)) {
            (None, Some(())) => (other, one),
            (None, None) if began(&other) && !began(&one) => (other, one),
            _ => (one, other),
        }
    }

    /// The channels of a call but for some, in an order that is always the same.
    pub(super) fn channels_of(&self, call: &CallKey, but: &[String]) -> Vec<String> {
        let mut found: Vec<String> = self.channels.of(call).map(|(unique, _)| unique.clone()).collect();
        found.retain(|unique| !but.contains(unique));
        found.sort();
        found
    }

    /// These channels of `goes` take part in `stays` from now on.
    pub(super) fn join(&mut self, stays: &CallKey, goes: &CallKey, moved: &[String]) {
        for unique in moved {
            self.move_channel(unique, stays);
        }
        if let Some(begun) = self.calls.get_mut(goes) {
            begun.hung_up = Some(Side::Transfer);
            begun.cause = Some(Cause::Normal);
        }
        self.end_without_channels(goes, Cause::Normal);
    }

    fn move_channel(&mut self, unique: &str, to_call: &CallKey) {
        let Some(was) = self.channels.move_to_call(unique, to_call) else {
            return;
        };
        let Some(channel) = self.channels.get_mut(unique) else {
            return;
        };
        let leg = LegKey(unique.to_owned());
        if channel.role == Role::Leg {
            self.out.push(CallEvent::LegEnded {
                call: was,
                leg: leg.clone(),
                cause: Cause::Normal,
            });
        }
        if channel.is_local() {
            return;
        }
        channel.role = Role::Leg;
        let call = to_call.clone();
        let to = channel.endpoint();
        self.out.push(CallEvent::Offered {
            call: call.clone(),
            leg: leg.clone(),
            to,
        });
        if channel.talked {
            self.out.push(CallEvent::Answered { call, leg });
        } else if channel.rang {
            self.out.push(CallEvent::Ringing { call, leg });
        }
    }
}

impl Channel {
    /// Who is on it.
    pub(super) fn endpoint(&self) -> Endpoint {
        match (&self.to, &self.line) {
            (Some(to), _) => to.clone(),
            (None, Some(line)) => Endpoint::Line(line.clone()),
            (None, None) => Endpoint::Outside(self.party.number.clone()),
        }
    }
}

/// A bridge between two people, not a conference room or a parking lot: those name the application that made them.
fn is_plain(message: &Headers<'_>) -> bool {
    let creator = message.get("BridgeCreator").unwrap_or_default();
    creator.is_empty() || creator == "<unknown>"
}
