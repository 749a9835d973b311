//! The phones of a call while something is told of it.
//!
//! Pure. It does not know what is told.

use super::calls::Phone;
use super::story::Story;
use super::told::Told;
use crate::call::{CallEvent, Cause, Endpoint, LegKey, Line};

/// Phones that one call may have. The largest ring groups have some dozens.
const MOST: usize = 256;

impl Story<'_> {
    pub(super) fn end_legs(&mut self, cause: Cause) {
        let open = self.heard.phones.iter().filter(|phone| !phone.ended);
        let open: Vec<LegKey> = open.map(|phone| phone.leg.clone()).collect();
        open.into_iter().for_each(|leg| self.end_leg(leg, cause));
    }

    pub(super) fn end_leg(&mut self, leg: LegKey, cause: Cause) {
        if let Some(phone) = self.phone_mut(&leg) {
            phone.ended = true;
        }
        self.events.push(CallEvent::LegEnded {
            call: self.call.clone(),
            leg,
            cause,
        });
    }

    /// The phone that an event with a leg of its own is about, told once more.
    pub(super) fn offer_told(&mut self, told: &Told) -> LegKey {
        let (leg, to) = self.phone_told(told);
        self.offer(leg.clone(), to);
        leg
    }

    pub(super) fn phone_told(&self, told: &Told) -> (LegKey, Endpoint) {
        // The names are all of one user; the one that the settings have is taken.
        let known = told.users.iter().find_map(|user| self.names.known(user));
        let user = known.or_else(|| told.users.first().map(|user| Line(user.clone())));
        let line = user.or_else(|| self.names.known(&told.to).filter(|_| told.leg.is_some()));
        match (&told.leg, line) {
            (None, None) => self.far_end(),
            (None, Some(line)) => (self.inside(&line), Endpoint::Line(line)),
            (Some(leg), line) => {
                let leg = LegKey(leg.clone());
                let known = self.phone(&leg).map(|phone| phone.to.clone());
                let outside = || Endpoint::Outside(self.names.number(&told.to));
                let to = known.or(line.map(Endpoint::Line)).unwrap_or_else(outside);
                (leg, to)
            }
        }
    }

    pub(super) fn offer(&mut self, leg: LegKey, to: Endpoint) {
        if self.phone(&leg).is_none() && self.heard.phones.len() < MOST {
            self.heard.phones.push(Phone {
                leg: leg.clone(),
                to: to.clone(),
                talks: false,
                ended: false,
                order: 0,
            });
        }
        self.events.push(CallEvent::Offered {
            call: self.call.clone(),
            leg,
            to,
        });
    }

    pub(super) fn far_end(&self) -> (LegKey, Endpoint) {
        let leg = LegKey(format!("{}/outside", self.call.0));
        (leg, Endpoint::Outside(self.heard.far_end.clone()))
    }

    pub(super) fn inside(&self, line: &Line) -> LegKey {
        LegKey(format!("{}/{line}", self.call.0))
    }

    pub(super) fn talks(&self, leg: &str) -> bool {
        self.heard
            .phones
            .iter()
            .any(|phone| phone.leg.0 == leg && phone.talks && !phone.ended)
    }

    pub(super) fn phone(&self, leg: &LegKey) -> Option<&Phone> {
        self.heard.phones.iter().find(|phone| phone.leg == *leg)
    }

    pub(super) fn phone_mut(&mut self, leg: &LegKey) -> Option<&mut Phone> {
        self.heard.phones.iter_mut().find(|phone| phone.leg == *leg)
    }
}
