//! One channel of Asterisk: which phone or trunk it is, and what it has done.

use regex::Regex;

use super::message::Headers;
use super::party;
use crate::call::{CallKey, Endpoint, Line, Party};

/// What a channel is in its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It began the call.
    Origin,
    /// It was dialled, and is a phone or a trunk.
    Leg,
    /// Neither, or not known yet: one end of a `Local` pair, a channel that was not dialled.
    Other,
}

/// One channel.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    /// For example `PJSIP/101-00000001`.
    pub(super) name: String,
    /// The call it belongs to, from its creation on.
    pub(super) call: CallKey,
    pub(super) role: Role,
    /// Our extension, when it is one of our phones.
    pub(super) line: Option<Line>,
    /// The number that was dialled when it was created.
    pub(super) exten: String,
    /// Who is on it, as last told.
    pub(super) party: Party,
    /// Who was on it when it came into being, before a dialplan could put another number in.
    pub(super) born: Party,
    /// Nothing is told when it goes without any phone having been dialled: it is one end of a `Local` pair,
    /// one of our phones that dialled nothing, or was on before we came.
    pub(super) quiet: bool,
    pub(super) rang: bool,
    pub(super) talked: bool,
    /// Who was dialled when it came into being for a dial, and by which channel.
    pub(super) to: Option<Endpoint>,
    pub(super) dialled_by: Option<String>,
    /// The agent for whom it was dialled to ask about the call.
    pub(super) consulted_by: Option<Line>,
    /// The bridge it is in.
    pub(super) bridge: Option<String>,
    /// It put the other side on hold.
    pub(super) holds: bool,
    /// Its agent passed the call on, and is out of it before it hangs up.
    pub(super) left: bool,
    /// Its dialling has ended.
    pub(super) dialled: bool,
    /// Its dialling was ended without an answer, as cancelled or not answered; its hang-up may know
    /// better why.
    pub(super) unexplained: bool,
    /// Its dialling has ended with an answer.
    pub(super) taken: bool,
}

impl Channel {
    pub(super) fn new(message: &Headers<'_>, call: CallKey, role: Role, lines: &Regex) -> Self {
        let name = message.get("Channel").unwrap_or_default().into_owned();
        let line = line_of(&name, lines);
        let exten = message
            .get("Exten")
            .filter(|exten| exten != "s")
            .unwrap_or_default()
            .into_owned();
        let joined = message.raw("Event") == Some(b"CoreShowChannel");
        let quiet = joined || name.starts_with("Local/") || (line.is_some() && exten.is_empty());
        let party = party::of(message);
        Channel {
            name,
            call,
            role,
            line,
            exten,
            born: party.clone(),
            party,
            quiet,
            rang: false,
            talked: false,
            to: None,
            dialled_by: None,
            consulted_by: None,
            bridge: None,
            holds: false,
            left: false,
            dialled: false,
            unexplained: false,
            taken: false,
        }
    }

    /// Nothing is told of it when it goes without any phone having been dialled: see [`Channel::quiet`]; nor when
    /// one of our phones dialled a code of the phone system itself, or talks to it.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet || (self.line.is_some() && (self.talked || self.exten.starts_with(['*', '#'])))
    }

    /// One end of a pair within Asterisk: no phone.
    pub(super) fn is_local(&self) -> bool {
        self.name.starts_with("Local/")
    }

    /// Takes in the newest number and presentation.
    pub(super) fn update(&mut self, message: &Headers<'_>) {
        self.party = party::of(message).or_as_before(&self.party);
        if self.exten.is_empty() {
            self.exten = message
                .get("Exten")
                .filter(|exten| exten != "s")
                .unwrap_or_default()
                .into_owned();
        }
    }
}

/// `PJSIP/101-00000001` is endpoint `101`; a `Local` channel is no phone.
pub(super) fn line_of(name: &str, lines: &Regex) -> Option<Line> {
    let peer = peer_of(name);
    (!name.starts_with("Local/") && lines.is_match(peer)).then(|| Line(peer.to_owned()))
}

/// The endpoint in a channel's name: between the technology and the last dash.
pub(super) fn peer_of(name: &str) -> &str {
    let rest = name.split_once('/').map_or(name, |(_, rest)| rest);
    rest.rsplit_once('-').map_or(rest, |(peer, _)| peer)
}
