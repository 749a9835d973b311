//! What suits a customer, by what the directory learnt and what they said to earlier offers.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::identify::Identify;
use super::words::told;
use crate::advisor::answers::{Answer, Answers, Said};
use crate::advisor::baskets::Day;
use crate::advisor::relation::Relation;
use crate::advisor::tier::{self, Order, Tier, TierRules};
use crate::advisor::{Advised, Asked, Catalogue, Guards, ProductId, suggest};
use crate::config::{self, Config};
use crate::customer::{Currency, Customer, Product};
use crate::directory::{DirectoryError, Dossier, Offered, OrderTotal, Reading};
use crate::journal::{Journal, Offer, OfferAnswer};

/// What the settings say of advice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdviceRules {
    /// Categories whose products last: what a customer has of them is not offered again. Lower case.
    pub durable: HashSet<String>,
    /// Categories that are never suggested nor named as a reason. Lower case.
    pub sensitive: HashSet<String>,
    /// The shop's tiers, the highest first.
    pub tiers: Vec<Tier>,
}

impl AdviceRules {
    /// From categories as people write them.
    #[must_use]
    pub fn of(durable: &[String], sensitive: &[String]) -> Self {
        let [durable, sensitive] =
            [durable, sensitive].map(|names| names.iter().map(|name| name.trim().to_lowercase()).collect());
        AdviceRules {
            durable,
            sensitive,
            tiers: Vec::new(),
        }
    }

    /// Those of the settings.
    #[must_use]
    pub fn of_settings(config: &Config) -> Self {
        let home = config.currency();
        AdviceRules {
            tiers: config.tiers.iter().map(|one| tier_of(one, home)).collect(),
            ..AdviceRules::of(&config.advice.durable, &config.advice.sensitive)
        }
    }

    /// The guards that do not depend on a customer.
    #[must_use]
    pub fn guards(&self) -> Guards {
        Guards {
            durable: self.durable.clone(),
            sensitive: self.sensitive.clone(),
            ..Guards::default()
        }
    }

    /// The highest tier that a customer with these orders has reached.
    #[must_use]
    pub fn tier(&self, orders: &[OrderTotal], now: DateTime<Utc>) -> Option<&Tier> {
        if self.tiers.is_empty() {
            return None;
        }
        let orders: Vec<Order<'_>> = orders.iter().map(order_of).collect();
        tier::reached(&self.tiers, &orders, day(now))
    }
}

impl Identify {
    /// Learns from what customers answered to offers, beside what was heeded before. A later answer in a call takes the place
    /// of the one before it.
    pub fn heed(&mut self, offers: Vec<Offer>, now: DateTime<Utc>) {
        self.directory.heed(offers.iter().filter_map(offered));
        self.offers.retain(|one| {
            !offers
                .iter()
                .any(|later| later.call == one.call && later.product == one.product)
        });
        self.offers.extend(offers);
        let answers: Vec<_> = self.offers.iter().map(answer).collect();
        self.answers = Answers::learn(&answers, day(now));
    }

    /// Learns from all purchases, waiting for at most `patience`. Whether it was enough.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn learn_within(&mut self, patience: Duration) -> Result<bool, DirectoryError> {
        self.directory.learn_within(patience)
    }
}

/// With what a customer is known: the journal, the settings, and the moment.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) journal: Option<&'a Journal>,
    pub(super) rules: &'a AdviceRules,
    pub(super) answers: &'a Answers,
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
            answers: self.answers,
            day: day(self.now),
        };
        let learnt = reading.snapshot();
        let relation = learnt.and_then(|learnt| learnt.relations.of(&purchases, asked.day));
        let mut scratch = reading.scratch();
        let snapshot = learnt.map(|snapshot| (&snapshot.advice, &mut *scratch));
        Ok((suggest(reading.catalogue(), snapshot, asked), relation))
    }

    fn guards(self, catalogue: &Catalogue, dossier: &Dossier) -> Guards {
        let alone = std::slice::from_ref(&dossier.customer);
        let records = if dossier.records.is_empty() {
            alone
        } else {
            &dossier.records
        };
        let mut offers: Vec<Offer> = self.journal.map_or_else(Vec::new, |journal| {
            let of = |record: &Customer| told(journal.offers_of(&record.reference));
            records.iter().flat_map(of).collect()
        });
        offers.sort_by_key(|offer| Reverse(offer.at));
        Guards {
            declined: declined(&offers, catalogue),
            opted_out: dossier.no_advertising,
            ..self.rules.guards()
        }
    }

    /// The highest tier that the customer of a dossier has reached.
    pub(super) fn tier(self, dossier: &Dossier) -> Option<Tier> {
        self.rules.tier(&dossier.orders, self.now).cloned()
    }
}

fn order_of(one: &OrderTotal) -> Order<'_> {
    Order {
        day: day(one.at),
        number: &one.number,
        amount: one.amount,
    }
}

/// A tier of the settings, whose sums are in whole units.
fn tier_of(one: &config::Tier, home: Currency) -> Tier {
    let currency = one.currency.unwrap_or(home);
    let minor = |units: Option<u32>| units.map(|units| i64::from(units) * 10_i64.pow(currency.digits()));
    Tier {
        name: one.name.clone(),
        entitles: one.entitles.clone(),
        rules: TierRules {
            currency,
            value: minor(one.value),
            value_a_year: minor(one.value_a_year),
            orders: one.orders,
            orders_a_year: one.orders_a_year,
            years: one.years,
        },
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

/// So long answers to offers are learnt from.
pub const HEEDED_FOR: TimeDelta = TimeDelta::days(730);

/// An answer as it is learnt from.
#[must_use]
pub fn answer(offer: &Offer) -> Answer {
    Answer {
        product: offer.product.clone(),
        agent: offer.line.0.clone(),
        said: match offer.answer {
            OfferAnswer::Accepted => Said::Accepted,
            OfferAnswer::Declined => Said::Declined,
            OfferAnswer::Offered | OfferAnswer::NotNow => Said::Undecided,
        },
        day: day(offer.at),
    }
}

/// An offer, whatever was said to it, as it may have prompted a purchase; `None` where it is not known to whom.
#[must_use]
pub fn offered(offer: &Offer) -> Option<Offered> {
    Some(Offered {
        customer: offer.customer.clone()?,
        product: offer.product.clone(),
        day: day(offer.at),
    })
}

/// The day of a moment, in UTC.
#[must_use]
pub fn day(at: DateTime<Utc>) -> Day {
    Day::try_from(at.timestamp().div_euclid(86_400)).unwrap_or(Day::MAX)
}
