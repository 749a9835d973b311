//! A shop that does not exist: a delicatessen wholesaler with customers in several countries.
//!
//! Made up from a seed, so that a first start has something to show and a test something to measure.
//! The same seed makes the same shop, as old as `now` wants it. It does not know who calls when.

mod cast;
mod goods;
mod lands;
mod people;
mod trade;

use chrono::{DateTime, TimeDelta, Utc};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::record::{BalanceRow, ProductRow, Record, TicketRow};
use crate::customer::{Currency, Money};
use people::Person;
use trade::Order;

/// The name of this source.
pub const NAME: &str = "demo";

/// Numbers that call and are no customer's.
const STRANGERS: usize = 40;

/// Service requests.
const TICKETS: usize = 60;

/// Streams of the one seed, so that a change in one part leaves the others as they are.
const PEOPLE: u64 = 1;
const STRANGE: u64 = 2;
const SERVICE: u64 = 3;
const TRADE: u64 = 1000;

const SUBJECTS: [&str; 14] = [
    "Pallet label unreadable",
    "Two jars broken on arrival",
    "Delivery came after 10:00 again",
    "Invoice shows the old address",
    "Wants the winter price list",
    "Olive oil leaked in the box",
    "Credit note for returned cheese",
    "One case short",
    "Asks for organic certificates",
    "Wrong vintage delivered",
    "Change of opening hours",
    "Best-before date too near",
    "Second invoice for one order",
    "Wants to pay by direct debit",
];

/// The shop at one moment.
pub struct Shop {
    people: Vec<Person>,
    orders: Vec<Order>,
    tickets: Vec<TicketRow>,
    strangers: Vec<String>,
    now: DateTime<Utc>,
}

/// Somebody whose call shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The number with its country code, for example `+493023125118`.
    pub number: String,
    /// The person, empty for a number that several people share or nobody has.
    pub name: String,
    /// What is special.
    pub kind: CallerKind,
    /// Orders so far: who buys more calls more.
    pub orders: usize,
}

/// What is special about a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerKind {
    /// A customer with nothing overdue.
    Regular,
    /// A customer who owes what is past its due date.
    Overdue,
    /// A number that several customers have.
    Shared,
    /// Nobody's.
    Stranger,
}

impl Shop {
    /// The shop of `seed` as it stands at `now`. `home` is its ISO 3166 alpha-2 country: most customers live
    /// there, and their numbers are often written without the country code. For a country that the shop has
    /// no names of (it has those of DE, HR, ES, FR, GB, US, TR, PL, IT) most customers live in Germany.
    #[must_use]
    pub fn new(seed: u64, home: &str, now: DateTime<Utc>) -> Self {
        let people = people::people(&mut rng(seed, PEOPLE), home);
        let mut orders: Vec<Order> = Vec::new();
        for ((customer, person), stream) in people.iter().enumerate().zip(TRADE..) {
            orders.extend(trade::orders(&mut rng(seed, stream), customer, person, now));
        }
        orders.sort_by_key(|order| (order.at, order.customer));
        let tickets = tickets(&mut rng(seed, SERVICE), &people, now);
        let strangers = people::strangers(&mut rng(seed, STRANGE), home, STRANGERS);
        Shop {
            people,
            orders,
            tickets,
            strangers,
            now,
        }
    }

    /// Every row, in the order in which a store wants them: products, customers, order lines (the oldest
    /// first), balances, tickets.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        let products = (0..goods::COUNT).map(product).map(Record::Product);
        let customers = self.people.iter().map(|person| Record::Customer(person.row.clone()));
        let lines = self
            .orders
            .iter()
            .zip(10_001..)
            .filter_map(|(order, number)| trade::rows(&self.people[order.customer], order, number));
        let balances = self.balances().into_iter().flatten().map(Record::Balance);
        products
            .chain(customers)
            .chain(lines.flatten().map(Record::OrderLine))
            .chain(balances)
            .chain(self.tickets.iter().cloned().map(Record::Ticket))
    }

    /// Everybody who may call: each number of a customer once, then strangers.
    #[must_use]
    pub fn callers(&self) -> Vec<Caller> {
        let (balances, orders) = (self.balances(), self.orders_by_customer());
        let mut callers: Vec<Caller> = Vec::new();
        for (index, person) in self.people.iter().enumerate() {
            let overdue = balances[index].as_ref().is_some_and(|row| row.open > row.not_due);
            let kind = if overdue {
                CallerKind::Overdue
            } else {
                CallerKind::Regular
            };
            for key in person.row.phones.iter().filter_map(|phone| phone.key) {
                let (number, count) = (key.to_string(), orders[index].len());
                match callers.iter_mut().find(|caller| caller.number == number) {
                    Some(shared) => {
                        shared.kind = CallerKind::Shared;
                        shared.name.clear();
                        shared.orders += count;
                    }
                    None => callers.push(Caller {
                        number,
                        name: person.row.name.clone(),
                        kind,
                        orders: count,
                    }),
                }
            }
        }
        let stranger = |number: &String| Caller {
            number: number.clone(),
            name: String::new(),
            kind: CallerKind::Stranger,
            orders: 0,
        };
        callers.extend(self.strangers.iter().map(stranger));
        callers
    }

    fn orders_by_customer(&self) -> Vec<Vec<&Order>> {
        let mut orders = vec![Vec::new(); self.people.len()];
        for order in &self.orders {
            orders[order.customer].push(order);
        }
        orders
    }

    fn balances(&self) -> Vec<Option<BalanceRow>> {
        let orders = self.orders_by_customer();
        self.people
            .iter()
            .zip(orders)
            .map(|(person, orders)| trade::balance(person, &orders, self.now))
            .collect()
    }
}

fn product(index: usize) -> ProductRow {
    let (name, category, cents) = goods::good(index);
    ProductRow {
        key: goods::key(index),
        name: name.to_owned(),
        category: category.to_owned(),
        price: Currency::from_code("EUR").map(|currency| Money { minor: cents, currency }),
        discontinued: index % 40 == 39,
        restrictions: Default::default(),
    }
}

/// Requests of customers; those of the last weeks are open more often than not.
fn tickets(rng: &mut ChaCha8Rng, people: &[Person], now: DateTime<Utc>) -> Vec<TicketRow> {
    let midnight = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let mut tickets: Vec<TicketRow> = Vec::new();
    for number in 0..TICKETS {
        // The first few belong to those who ring at every demo.
        let Some(person) = people.get(number).filter(|_| number < 8).or_else(|| people.choose(rng)) else {
            continue;
        };
        let days = if number < 8 {
            rng.random_range(1..9)
        } else {
            rng.random_range(1..200)
        };
        tickets.push(TicketRow {
            customer: person.row.key.clone(),
            number: format!("T-{}", 501 + number),
            subject: SUBJECTS[(number + rng.random_range(0..2)) % SUBJECTS.len()].to_owned(),
            open: days < 9 || (days < 30 && rng.random_bool(0.6)),
            at: midnight - TimeDelta::days(days) + TimeDelta::minutes(rng.random_range(480..1020)),
        });
    }
    tickets
}

fn rng(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

#[cfg(test)]
mod tests;
