//! Several records read as one person: each fact from the record that is believed, the others beside it.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::reading::{CUSTOMER, Reading, customer};
use super::{DirectoryError, Dossier};
use crate::customer::{Customer, CustomerId};

/// How many lines a dossier has.
const LINES: usize = 10;

impl Reading<'_> {
    /// The record that leads the one in row `id`; the row itself when it is alone.
    pub(super) fn leader(&self, id: CustomerId) -> Result<CustomerId, DirectoryError> {
        if !self.facts.persons {
            return Ok(id);
        }
        let sql = "SELECT coalesce(person, id) FROM customers WHERE id = ?1";
        let mut find = self.connection.prepare_cached(sql)?;
        let mut rows = find.query([id.0])?;
        Ok(match rows.next()? {
            Some(row) => CustomerId(row.get(0)?),
            None => id,
        })
    }

    /// The rows of the records of the one in row `id`, the one that is believed first; the row itself when it is alone.
    pub(super) fn record_ids(&self, id: CustomerId) -> Result<Vec<CustomerId>, DirectoryError> {
        if !self.facts.persons {
            return Ok(vec![id]);
        }
        let records = self.records(self.leader(id)?)?.into_iter();
        let records: Vec<CustomerId> = records.map(|record| record.id).collect();
        Ok(if records.is_empty() { vec![id] } else { records })
    }

    /// The records of the person in row `person`, the one that is believed first.
    pub fn records(&self, person: CustomerId) -> Result<Vec<Customer>, DirectoryError> {
        let sql = [CUSTOMER, "c.person = ?1 ORDER BY c.id <> ?1, s.precedence, c.id"].concat();
        let mut find = self.connection.prepare_cached(&sql)?;
        let records = find.query_map([person.0], customer)?;
        Ok(records.collect::<Result<_, _>>()?)
    }

    /// The person of several records: what the first does not say, the next one may.
    pub(super) fn person(&self, person: CustomerId) -> Result<Option<Customer>, DirectoryError> {
        let mut records = self.records(person)?.into_iter();
        let Some(mut first) = records.next() else {
            return Ok(None);
        };
        for other in records {
            for (text, also) in [
                (&mut first.name, other.name),
                (&mut first.company, other.company),
                (&mut first.city, other.city),
            ] {
                if text.is_empty() {
                    *text = also;
                }
            }
            first.country = first.country.or(other.country);
        }
        Ok(Some(first))
    }

    /// Adds what the other records of a person say to what the first does.
    pub(super) fn with_others(&self, mut dossier: Dossier, now: DateTime<Utc>) -> Result<Dossier, DirectoryError> {
        let first = dossier.customer.id;
        let records = self.records(first)?;
        for record in records.iter().filter(|record| record.id != first) {
            let other = self.of_record(record.clone(), now)?;
            add(&mut dossier, other);
        }
        dossier
            .orders
            .sort_by(|a, b| (Reverse(a.at), &a.number).cmp(&(Reverse(b.at), &b.number)));
        // Two sources may know one order.
        dossier
            .orders
            .dedup_by(|a, b| (a.at, &a.number, a.amount) == (b.at, &b.number, b.amount));
        dossier.lines.sort_by_key(|line| Reverse(line.at));
        dossier.lines.truncate(LINES);
        dossier
            .bought
            .sort_unstable_by_key(|one| (one.product, Reverse(one.last)));
        dossier.bought.dedup_by_key(|one| one.product);
        dossier
            .bought
            .sort_unstable_by_key(|one| (Reverse(one.last), one.product));
        dossier.tickets.sort_by_key(|ticket| Reverse(ticket.at));
        dossier.records = records;
        Ok(dossier)
    }
}

fn add(dossier: &mut Dossier, other: Dossier) {
    let Dossier {
        customer: _,
        balances,
        balance_sources,
        other_balances: _,
        orders,
        orders_seen,
        lines,
        bought,
        tickets,
        no_advertising,
        records: _,
    } = other;
    // What somebody owes is what the first source that knows it says: two may know the same debt.
    for (balance, source) in balances.into_iter().zip(balance_sources) {
        let mut known = dossier.balances.iter();
        match known.find(|one| one.open.currency == balance.open.currency) {
            None => {
                dossier.balances.push(balance);
                dossier.balance_sources.push(source);
            }
            Some(known) if known.open != balance.open => dossier.other_balances.push((balance, source)),
            Some(_) => {}
        }
    }
    dossier.orders.extend(orders);
    dossier.lines.extend(lines);
    dossier.bought.extend(bought);
    dossier.tickets.extend(tickets);
    dossier.orders_seen = dossier.orders_seen.max(orders_seen);
    dossier.no_advertising = match (dossier.no_advertising, no_advertising) {
        // Whoever said it once does not want any.
        (Some(true), _) | (_, Some(true)) => Some(true),
        (known, other) => known.or(other),
    };
}
