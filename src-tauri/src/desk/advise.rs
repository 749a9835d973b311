//! What suits a customer, by what the directory learnt and what they said to earlier offers.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::words::told;
use crate::advisor::baskets::Day;
use crate::advisor::relation::Relation;
use crate::advisor::{Advised, Asked, Catalogue, Guards, ProductId, suggest};
use crate::customer::Product;
use crate::directory::{DirectoryError, Dossier, Reading};
use crate::journal::{Journal, Offer, OfferAnswer};

/// What the settings say of advice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdviceRules {
    /// Categories whose products last: what a customer has of them is not offered again. Lower case.
    pub durable: HashSet<String>,
    /// Categories that are never suggested nor named as a reason. Lower case.
    pub sensitive: HashSet<String>,
}

impl AdviceRules {
    /// From categories as people write them.
    #[must_use]
    pub fn of(durable: &[String], sensitive: &[String]) -> Self {
        let [durable, sensitive] =
            [durable, sensitive].map(|names| names.iter().map(|name| name.trim().to_lowercase()).collect());
        AdviceRules { durable, sensitive }
    }
}

/// With what a customer is known: the journal, the settings, and the moment.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) journal: Option<&'a Journal>,
    pub(super) rules: &'a AdviceRules,
    pub(super) now: DateTime<Utc>,
}

impl Known<'_> {
    /// What suits the customer of a dossier, and what kind of relation they have.
    pub(super) fn advise(self, reading: &Reading<'_>, dossier: &Dossier) -> (Advised, Option<Relation>) {
        self.try_advise(reading, dossier).unwrap_or_else(|error| {
            tracing::error!(%error, "a customer's purchases could not be read, so nothing is suggested");
            Default::default()
        })
    }

    fn try_advise(
        self,
        reading: &Reading<'_>,
        dossier: &Dossier,
    ) -> Result<(Advised, Option<Relation>), DirectoryError> {
        let bought: Vec<_> = dossier.bought.iter().map(|bought| bought.product).collect();
        let (history, purchases) = reading.history(dossier.customer.id)?;
        let guards = self.guards(reading.catalogue(), dossier);
        let asked = Asked {
            bought: &bought,
            history: &history,
            guards: &guards,
            day: day(self.now),
        };
        let learnt = reading.snapshot();
        let relation = learnt.and_then(|learnt| learnt.relations.of(&purchases, asked.day));
        let mut scratch = reading.scratch();
        let snapshot = learnt.map(|snapshot| (&snapshot.advice, &mut *scratch));
        Ok((suggest(reading.catalogue(), snapshot, asked), relation))
    }

    fn guards(self, catalogue: &Catalogue, dossier: &Dossier) -> Guards {
        let offers = self
            .journal
            .map(|journal| journal.offers_of(&dossier.customer.reference));
        let offers = offers.map_or_else(Vec::new, told);
        Guards {
            declined: declined(&offers, catalogue),
            durable: self.rules.durable.clone(),
            sensitive: self.rules.sensitive.clone(),
            opted_out: dossier.no_advertising,
        }
    }
}

/// When the customer said no to a product last, by their answers to offers, the newest first.
#[must_use]
pub fn declined(offers: &[Offer], catalogue: &Catalogue) -> HashMap<ProductId, Day> {
    let mut declined = HashMap::new();
    for offer in offers.iter().filter(|offer| offer.answer == OfferAnswer::Declined) {
        let same = |(_, product): &(&ProductId, &Product)| product.key == offer.product;
        for (id, _) in catalogue.products.iter().filter(same) {
            declined.entry(*id).or_insert(day(offer.at));
        }
    }
    declined
}

/// The day of a moment, in UTC.
#[must_use]
pub fn day(at: DateTime<Utc>) -> Day {
    Day::try_from(at.timestamp().div_euclid(86_400)).unwrap_or(Day::MAX)
}
