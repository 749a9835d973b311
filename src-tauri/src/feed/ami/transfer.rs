//! Who passed a call to whom.

use std::borrow::Cow;

use super::channel::{Channel, Role, line_of};
use super::message::Headers;
use super::party;
use super::translate::Translator;
use crate::call::{CallEvent, CallKey, Cause, Endpoint, LegKey, Line, Transfer, TransferKind};

impl Translator {
    /// The other side is sent on to an extension, by REFER or by a feature code.
    pub(super) fn blind_transfer(&mut self, message: &Headers<'_>) {
        let Some(call) = self.call_of(message, "TransfereeUniqueid").filter(|_| is_done(message)) else {
            return;
        };
        let to = message.get("Extension").filter(|extension| !extension.is_empty());
        let transfer = Transfer {
            kind: TransferKind::Blind,
            by: self.line_named(message, "TransfererChannel"),
            to: to.map(|extension| self.dialled(&extension)),
            consultation: None,
        };
        self.out.push(CallEvent::Transferred { call, transfer });
    }

    /// Two sides that an agent spoke to are joined. By REFER with Replaces they are two calls, of which the
    /// consultation ends here; by feature code the colleague is a leg of the caller's call already.
    pub(super) fn attended_transfer(&mut self, message: &Headers<'_>) {
        if !is_done(message) {
            return;
        }
        let first = self
            .call_of(message, "TransfereeUniqueid")
            .or_else(|| self.call_of(message, "OrigTransfererUniqueid"));
        let second = self
            .call_of(message, "SecondTransfererUniqueid")
            .or_else(|| self.call_of(message, "TransferTargetUniqueid"));
        let (Some(first), Some(second)) = (first.clone().or_else(|| second.clone()), second.or(first)) else {
            return;
        };
        let (call, consultation) = self.in_rank(first, second);
        let (to, talks) = self.transfer_target(message);
        let was_told = self.calls.get(&consultation).is_some_and(|begun| begun.began)
            || self
                .hung_up
                .iter()
                .any(|gone| gone.call.as_ref() == Some(&consultation));
        let transfer = Transfer {
            kind: if talks {
                TransferKind::Attended
            } else {
                TransferKind::Blonde
            },
            by: self.line_named(message, "OrigTransfererChannel"),
            to,
            consultation: Some(consultation.clone()).filter(|other| *other != call && was_told),
        };
        self.out.push(CallEvent::Transferred {
            call: call.clone(),
            transfer,
        });
        let agents = ["OrigTransfererUniqueid", "SecondTransfererUniqueid"].map(|name| message.get(name));
        let agents: Vec<String> = agents.into_iter().flatten().map(Cow::into_owned).collect();
        if call != consultation {
            let moved = self.channels_of(&consultation, &agents);
            self.join(&call, &consultation, &moved);
        }
        if message.raw("DestType") != Some(b"Threeway") {
            agents.iter().for_each(|agent| self.leaves(agent));
        }
    }

    /// The agent has left the call, also where his phone is told to be gone only when the colleague answers.
    fn leaves(&mut self, unique: &str) {
        let Some(channel) = self.channels.get_mut(unique) else {
            return;
        };
        let call = channel.call.clone();
        channel.left = true;
        let held = std::mem::take(&mut channel.holds);
        let is_told = std::mem::replace(&mut channel.dialled, true) && !std::mem::take(&mut channel.taken);
        if !is_told {
            self.out.push(CallEvent::LegEnded {
                call: call.clone(),
                leg: LegKey(unique.to_owned()),
                cause: Cause::Normal,
            });
        }
        if held {
            self.out.push(CallEvent::Resumed { call });
        }
    }

    /// A colleague takes a call that rings elsewhere, by a feature code or a button. His channel was a call of its
    /// own for as long as he dialled that.
    pub(super) fn pickup(&mut self, message: &Headers<'_>) {
        let unique = message.get("Uniqueid").unwrap_or_default();
        let target = message.get("TargetUniqueid").unwrap_or_default();
        let Some(picker) = self.channels.get_mut(unique.as_ref()) else {
            return;
        };
        picker.quiet = true;
        let own = picker.call.clone();
        let Some(call) = self.channels.get(target.as_ref()).map(|rang| rang.call.clone()) else {
            return;
        };
        if call != own {
            self.join(&call, &own, &[unique.into_owned()]);
        }
        self.take_away(&target);
    }

    /// The phone rings no more because the call was taken elsewhere.
    fn take_away(&mut self, unique: &str) {
        let Some(rang) = self.channels.get_mut(unique).filter(|rang| rang.role == Role::Leg) else {
            return;
        };
        if !std::mem::replace(&mut rang.dialled, true) {
            self.out.push(CallEvent::LegEnded {
                call: rang.call.clone(),
                leg: LegKey(unique.to_owned()),
                cause: Cause::AnsweredElsewhere,
            });
        }
    }

    /// The agent who dials this phone to ask about a call that goes on: the dialling side is one end of a `Local`
    /// pair and calls itself by the extension of an agent who talks in the call.
    pub(super) fn consulting_agent(&self, from: &str, call: &CallKey, message: &Headers<'_>) -> Option<Line> {
        let dialling = self.channels.get(from)?;
        let number = message
            .get("CallerIDNum")
            .filter(|_| dialling.name.starts_with("Local/"))?;
        let talks = self.channels.of(call).filter(|(_, channel)| channel.talked);
        talks
            .filter_map(|(_, channel)| channel.line.as_ref())
            .find(|line| line.0 == number)
            .cloned()
    }

    /// Who the call was passed to, and whether that side talks yet.
    ///
    /// Asterisk 16 does not name the target, and none does while the target rings: then it is the phone that the
    /// agent dialled for the consultation, or else whom the agent was connected with.
    fn transfer_target(&self, message: &Headers<'_>) -> (Option<Endpoint>, bool) {
        let named = message.get("TransferTargetUniqueid");
        let named = named.and_then(|unique| self.behind(self.channels.get(unique.as_ref())?));
        if let Some(leg) = named.or_else(|| self.consulted_phone(message)) {
            return (Some(leg.endpoint()), leg.talked);
        }
        let number = ["TransferTargetCallerIDNum", "SecondTransfererConnectedLineNum"]
            .into_iter()
            .find_map(|header| message.get(header).filter(|number| party::is_known(number)));
        let talks = message.raw("SecondTransfererChannelStateDesc") == Some(b"Up");
        (number.map(|number| self.dialled(&number)), talks)
    }

    fn consulted_phone(&self, message: &Headers<'_>) -> Option<&Channel> {
        let agent = message.get("SecondTransfererUniqueid")?;
        let by = self.line_named(message, "SecondTransfererChannel");
        let call = self.call_of(message, "SecondTransfererUniqueid")?;
        let asked = |leg: &&Channel| {
            leg.dialled_by.as_deref() == Some(agent.as_ref()) || (leg.consulted_by.is_some() && leg.consulted_by == by)
        };
        let legs = self.channels.of(&call).map(|(_, leg)| leg);
        legs.filter(asked).max_by_key(|leg| leg.talked)
    }

    /// The phone at the far end of a `Local` pair; any other channel is its own far end.
    fn behind<'a>(&'a self, channel: &'a Channel) -> Option<&'a Channel> {
        let Some(pair) = channel.name.strip_suffix(";1") else {
            return Some(channel);
        };
        let is_other_end = |other: &Channel| other.name.strip_suffix(";2") == Some(pair);
        let (other, _) = self.channels.of(&channel.call).find(|(_, other)| is_other_end(other))?;
        let dialled = |leg: &&Channel| leg.dialled_by.as_ref() == Some(other);
        let mut legs: Vec<&Channel> = self
            .channels
            .of(&channel.call)
            .map(|(_, leg)| leg)
            .filter(dialled)
            .collect();
        legs.sort_by_key(|leg| !leg.talked);
        legs.first().copied()
    }

    fn call_of(&self, message: &Headers<'_>, header: &str) -> Option<CallKey> {
        let unique = message.get(header)?;
        let on = self.channels.get(unique.as_ref()).map(|channel| &channel.call);
        let gone = || self.hung_up.iter().rfind(|gone| gone.unique == unique);
        on.or_else(|| gone()?.call.as_ref()).cloned()
    }

    fn line_named(&self, message: &Headers<'_>, header: &str) -> Option<Line> {
        line_of(&message.get(header)?, &self.dialplan.lines)
    }

    fn dialled(&self, extension: &str) -> Endpoint {
        if self.dialplan.lines.is_match(extension) {
            Endpoint::Line(Line(extension.to_owned()))
        } else {
            Endpoint::Outside(extension.to_owned())
        }
    }
}

fn is_done(message: &Headers<'_>) -> bool {
    message.raw("Result").is_none_or(|result| result == b"Success")
}
