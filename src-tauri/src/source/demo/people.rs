//! The customers of the demo shop: who they are, where they call from, how they buy and pay.

use std::collections::HashSet;

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::cast::{CAST, HOUSES};
use super::lands::{Block, LANDS, Land, Town};
use crate::number::{Given, Key};
use crate::source::record::{CustomerRow, PhoneRow};

/// Customers, counting every contact of a shared number.
pub(super) const CUSTOMERS: usize = 400;

/// Somebody who buys.
pub(super) struct Person {
    pub(super) row: CustomerRow,
    pub(super) habit: Habit,
    /// Currency of the invoices, and what 1000 euro cents come to in its minor unit.
    pub(super) currency: (&'static str, i64),
}

/// How somebody buys and pays.
#[derive(Clone, Copy)]
pub(super) struct Habit {
    /// Days between two orders.
    pub(super) rhythm: u32,
    /// Days since the first order.
    pub(super) since: u32,
    /// Days since the last order, 0 for who still buys.
    pub(super) until: u32,
    pub(super) pays: Pays,
}

/// When somebody pays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pays {
    /// With the order.
    AtOnce,
    /// Within the term.
    InTime,
    /// After reminders.
    Late,
}

impl Habit {
    fn draw(rng: &mut ChaCha8Rng, private: bool) -> Habit {
        let since = rng.random_range(40..730);
        let lapsed = rng.random_bool(0.1);
        Habit {
            rhythm: if private {
                rng.random_range(45..120)
            } else {
                rng.random_range(9..60)
            },
            since,
            until: if lapsed { since / 2 } else { 0 },
            pays: match rng.random_range(0..100) {
                _ if private => Pays::AtOnce,
                0..14 => Pays::Late,
                _ => Pays::InTime,
            },
        }
    }
}

/// Everybody, the cast first, the same for the same generator. `home` is the country whose numbers
/// are written without the country code and where most customers live.
pub(super) fn people(rng: &mut ChaCha8Rng, home: &str) -> Vec<Person> {
    let mut crowd = Crowd {
        home,
        used: HashSet::new(),
        people: Vec::with_capacity(CUSTOMERS),
    };
    for &(code, name, company, town, raw, habit) in &CAST {
        let phone = international(raw);
        crowd.used.extend(phone.key);
        crowd.add(code, (name, company, town), vec![phone], habit, ("EUR", 1000));
    }
    for house in HOUSES {
        crowd.house(rng, house);
    }
    while crowd.people.len() < CUSTOMERS {
        crowd.single(rng);
    }
    crowd.people
}

/// Numbers of `count` people who are no customers, with their country code.
pub(super) fn strangers(rng: &mut ChaCha8Rng, home: &str, count: usize) -> Vec<String> {
    let draw = |_| {
        let land = land(rng, home);
        let Block(before, first, last, width) = block(land, rng);
        let number = rng.random_range(last - (last - first) / 5..=last);
        let digits: String = before.chars().filter(char::is_ascii_digit).collect();
        format!("+{}{digits}{number:0width$}", land.calling)
    };
    (0..count).map(draw).collect()
}

/// Customers as they are made up.
struct Crowd<'a> {
    home: &'a str,
    used: HashSet<Key>,
    people: Vec<Person>,
}

impl Crowd<'_> {
    /// Three or four people who share a number; some have one of their own besides.
    fn house(&mut self, rng: &mut ChaCha8Rng, house: &str) {
        let land = land(rng, self.home);
        let Some(Town(town, block)) = land.towns.choose(rng) else {
            return;
        };
        let shared = self.phone(rng, land, *block, "work");
        for _ in 0..rng.random_range(3..=4) {
            let mut phones = vec![shared.clone()];
            if rng.random_bool(0.3) {
                phones.push(self.phone(rng, land, land.mobile, "mobile"));
            }
            let name = format!("{} {}", pick(rng, land.first), pick(rng, land.last));
            let habit = Habit::draw(rng, false);
            self.add(land.code, (&name, house, town), phones, habit, land.currency);
        }
    }

    fn single(&mut self, rng: &mut ChaCha8Rng) {
        let land = land(rng, self.home);
        let Some(Town(town, block)) = land.towns.choose(rng) else {
            return;
        };
        let (first, last) = (pick(rng, land.first), pick(rng, land.last));
        let private = rng.random_bool(0.22);
        let company = if private {
            String::new()
        } else {
            pick(rng, land.companies).replace("{}", last)
        };
        let mut phones = vec![self.phone(rng, land, *block, if private { "home" } else { "work" })];
        if rng.random_bool(if land.code == "DE" { 0.15 } else { 0.35 }) {
            phones.push(self.phone(rng, land, land.mobile, "mobile"));
        }
        if rng.random_bool(0.01) {
            phones.push(PhoneRow {
                raw: "see invoice".to_owned(),
                key: None,
                ..phones[0].clone()
            });
        }
        let habit = Habit::draw(rng, private);
        self.add(
            land.code,
            (&format!("{first} {last}"), &company, town),
            phones,
            habit,
            land.currency,
        );
    }

    fn add(
        &mut self,
        code: &str,
        (name, company, town): (&str, &str, &str),
        phones: Vec<PhoneRow>,
        habit: Habit,
        currency: (&'static str, i64),
    ) {
        let key = (10_001 + self.people.len()).to_string();
        let row = CustomerRow {
            email: format!("{key}@customers.example"),
            key,
            name: name.to_owned(),
            company: company.to_owned(),
            city: town.to_owned(),
            country: Some(code.to_owned()),
            phones,
            vat: String::new(),
            no_advertising: None,
            same_as: Vec::new(),
        };
        self.people.push(Person { row, habit, currency });
    }

    /// A number nobody has yet, of the lower four fifths of a block; the rest is the strangers'.
    fn phone(&mut self, rng: &mut ChaCha8Rng, land: &Land, block: Block, label: &str) -> PhoneRow {
        let Block(before, first, last, width) = block;
        let (count, calling) = ((last - first) * 4 / 5, land.calling);
        let start = rng.random_range(0..count);
        let written = |step| format!("+{calling} {before} {:0width$}", first + (start + step) % count);
        let free = (0..count)
            .map(|step| international(&written(step)))
            .find(|phone| phone.key.is_some_and(|key| !self.used.contains(&key)));
        let mut phone = free.unwrap_or_else(|| international(&written(0)));
        self.used.extend(phone.key);
        label.clone_into(&mut phone.label);
        if land.code == self.home && rng.random_bool(0.7) {
            phone.raw = phone.raw.replacen(&format!("+{calling} "), land.trunk, 1);
            phone.given = Given::National;
        }
        phone
    }
}

fn land(rng: &mut ChaCha8Rng, home: &str) -> &'static Land {
    let mut draw = rng.random_range(0..100);
    for land in &LANDS {
        if draw < land.share {
            // The shop's own country takes the place of the first, where most customers live.
            let ours = LANDS.iter().find(|other| other.code == home);
            return match ours {
                Some(ours) if land.code == LANDS[0].code => ours,
                Some(ours) if land.code == ours.code => &LANDS[0],
                _ => land,
            };
        }
        draw -= land.share;
    }
    &LANDS[0]
}

fn block(land: &Land, rng: &mut ChaCha8Rng) -> Block {
    land.towns.choose(rng).map_or(land.mobile, |Town(_, block)| *block)
}

fn pick(rng: &mut ChaCha8Rng, words: &[&'static str]) -> &'static str {
    words.choose(rng).copied().unwrap_or_default()
}

fn international(raw: &str) -> PhoneRow {
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    PhoneRow {
        raw: raw.to_owned(),
        label: "work".to_owned(),
        key: digits.parse().ok().and_then(Key::new),
        given: Given::International,
        ext: None,
    }
}
