//! What agents said of a number at earlier calls, beside what the sources say: whom they linked it to, and whom they
//! chose.
//!
//! Numbers that were linked hold like imported ones; a choice ranks and never opens anything. It reads the journal and
//! writes nothing.

use chrono::{DateTime, Utc};

use crate::customer::{Customer, CustomerId, CustomerRef};
use crate::directory::{DirectoryError, Dossier, Holder, Reading};
use crate::journal::{Choice, Chosen, Created, DESK, Fact, Journal, JournalError, Link, Said, is_created};
use crate::number::{Given, Key};
use crate::pop::view::{ChosenView, WordKind, WordView};

/// The words about one number. Without a journal there are none.
pub(super) struct Words<'j> {
    journal: Option<&'j Journal>,
    number: Option<Key>,
    linked: Vec<Linked>,
}

struct Linked {
    customer: Customer,
    said: Said,
    kind: WordKind,
}

impl<'j> Words<'j> {
    /// What was said about `number`. A linked customer that the cache does not know, for example before it is filled
    /// again, is left out.
    pub(super) fn of(
        journal: Option<&'j Journal>,
        number: Option<Key>,
        reading: &Reading<'_>,
    ) -> Result<Self, DirectoryError> {
        let links = match (journal, number) {
            (Some(journal), Some(number)) => told(journal.links(number)),
            (None, _) | (_, None) => Vec::new(),
        };
        let mut linked = Vec::with_capacity(links.len());
        for Link { customer, said } in links {
            let created = journal.and_then(|journal| told(journal.created(&customer)));
            let made_then = created.as_ref().is_some_and(|created| created.said.call == said.call);
            if let Some(customer) = known(created, &customer, reading)? {
                let kind = if made_then { WordKind::Created } else { WordKind::Linked };
                linked.push(Linked { customer, said, kind });
            }
        }
        Ok(Words {
            journal,
            number,
            linked,
        })
    }

    /// Those who have the number by an agent's word.
    pub(super) fn holders(&self) -> impl Iterator<Item = Holder> + '_ {
        self.linked.iter().map(|linked| Holder {
            customer: linked.customer.id,
            given: Given::International,
            ext: None,
        })
    }

    /// The customer in row `id`, of the cache or made by an agent.
    pub(super) fn customer(&self, id: CustomerId, reading: &Reading<'_>) -> Result<Option<Customer>, DirectoryError> {
        match self.made(id) {
            Some(customer) => Ok(Some(customer.clone())),
            None => reading.customer(id),
        }
    }

    /// Everything that is known of that customer: of one that an agent made, what the agent wrote.
    pub(super) fn dossier(
        &self,
        id: CustomerId,
        reading: &Reading<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Dossier>, DirectoryError> {
        match self.made(id) {
            Some(customer) => Ok(Some(bare(customer.clone()))),
            None => {
                let dossier = reading.dossier(id, now)?;
                Ok(dossier.map(|dossier| pinned(self.journal, dossier)))
            }
        }
    }

    /// By whose word the number is this customer's.
    pub(super) fn of_customer(&self, id: CustomerId) -> Option<WordView> {
        let linked = self.linked.iter().find(|linked| linked.customer.id == id)?;
        Some(view(&linked.said, linked.kind, false))
    }

    /// The agent's word that `customer` is who is calling now.
    pub(super) fn of_call(&self, word: &Choice, customer: &Customer) -> WordView {
        let linked = self
            .linked
            .iter()
            .find(|linked| linked.customer.id == customer.id && linked.said.call == word.said.call);
        let made = || {
            let created = self.journal.and_then(|journal| told(journal.created(&word.customer)));
            created.is_some_and(|created| created.said.call == word.said.call)
        };
        let kind = match linked {
            Some(linked) => linked.kind,
            None if made() => WordKind::Created,
            None => WordKind::Chosen,
        };
        view(&word.said, kind, true)
    }

    /// Who was chosen at earlier calls of the number.
    pub(super) fn chosen(&self) -> Vec<Chosen> {
        match (self.journal, self.number) {
            (Some(journal), Some(number)) => told(journal.chosen(number)),
            (None, _) | (_, None) => Vec::new(),
        }
    }

    fn made(&self, id: CustomerId) -> Option<&Customer> {
        let linked = self.linked.iter().find(|linked| linked.customer.id == id);
        linked
            .map(|linked| &linked.customer)
            .filter(|customer| is_created(&customer.reference))
    }
}

/// What the sources know of a customer, with what people wrote in its place.
pub(super) fn pinned(journal: Option<&Journal>, mut dossier: Dossier) -> Dossier {
    let Some(journal) = journal.filter(|journal| told(journal.has_edits())) else {
        return dossier;
    };
    for reference in references(&dossier).into_iter().rev() {
        for edit in told(journal.edits(&reference)) {
            match edit.fact {
                Fact::Name => dossier.customer.name = edit.value,
                Fact::Company => dossier.customer.company = edit.value,
                Fact::City => dossier.customer.city = edit.value,
            }
        }
    }
    dossier
}

/// Every record of a customer, the one that is believed first: under each of them something may have been written.
pub(super) fn references(dossier: &Dossier) -> Vec<CustomerRef> {
    match dossier.records.is_empty() {
        true => vec![dossier.customer.reference.clone()],
        false => dossier.records.iter().map(|record| record.reference.clone()).collect(),
    }
}

/// How a choice is shown; `last` when it is the latest of its number.
pub(super) fn chosen_view(chosen: &Chosen, last: bool) -> ChosenView {
    ChosenView {
        line: chosen.said.line.0.clone(),
        at: chosen.said.at,
        times: chosen.times,
        last,
    }
}

/// The customer that `reference` names: in the cache, or made by an agent.
pub(super) fn customer(
    journal: Option<&Journal>,
    reference: &CustomerRef,
    reading: &Reading<'_>,
) -> Result<Option<Customer>, DirectoryError> {
    let created = journal.and_then(|journal| told(journal.created(reference)));
    known(created, reference, reading)
}

/// A customer that an agent made as every other room speaks of one. Its row is no row of the cache: those are positive.
pub(super) fn made_customer(created: Created) -> Customer {
    Customer {
        id: CustomerId(-created.id),
        reference: created.reference,
        name: created.card.name,
        company: created.card.company,
        city: String::new(),
        country: None,
        source: DESK.to_owned(),
        seen: created.said.at,
    }
}

/// What is known of a customer of whom no source tells anything.
pub(super) fn bare(customer: Customer) -> Dossier {
    Dossier {
        customer,
        balances: Vec::new(),
        balance_sources: Vec::new(),
        other_balances: Vec::new(),
        orders: Vec::new(),
        orders_seen: None,
        lines: Vec::new(),
        bought: Vec::new(),
        tickets: Vec::new(),
        no_advertising: None,
        records: Vec::new(),
    }
}

fn known(
    created: Option<Created>,
    reference: &CustomerRef,
    reading: &Reading<'_>,
) -> Result<Option<Customer>, DirectoryError> {
    match created {
        Some(created) => Ok(Some(made_customer(created))),
        None => reading.by_reference(reference),
    }
}

fn view(said: &Said, kind: WordKind, in_this_call: bool) -> WordView {
    WordView {
        kind,
        line: said.line.0.clone(),
        at: said.at,
        in_this_call,
    }
}

/// A journal that cannot be read must not keep a caller from being shown: then it is as if nothing had been said.
pub(super) fn told<T: Default>(read: Result<T, JournalError>) -> T {
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "what agents said of a caller could not be read");
        T::default()
    })
}
