//! The shop of a million customers, made up row by row: every row follows from its number, nothing is kept.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::customer::{Currency, Money};
use ringside::number::{Given, Key};
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record, TicketRow};

const GIVEN: [&str; 32] = [
    "Maria", "José", "Anna", "Peter", "Ana", "Ivan", "Marko", "Carmen", "Jürgen", "Sabine", "Luis", "Lucía", "Željka",
    "Petra", "Michael", "Jennifer", "David", "Linda", "Antonio", "Manuel", "Isabel", "Björn", "Ines", "Tomislav",
    "John", "Mary", "Robert", "Susan", "Stjepan", "Dolores", "Wolfgang", "Heike",
];
const SYLLABLES: [&str; 40] = [
    "an", "ber", "cor", "del", "est", "fan", "gor", "hal", "iva", "jon", "kar", "lem", "mar", "nov", "ost", "pet",
    "qui", "ros", "san", "tom", "ulr", "ver", "wil", "xan", "yor", "zel", "ma", "ri", "na", "lo", "pe", "ño", "mü",
    "šk", "ko", "vić", "ez", "son", "ler", "mann",
];
const TRADES: [&str; 10] = [
    "Trading", "Foods", "Tools", "Optics", "Textil", "Café", "Bau", "Media", "Logistik", "Garden",
];
const FORMS: [&str; 5] = ["GmbH", "Ltd", "S.L.", "d.o.o.", "Inc"];
/// Country, code, and where its numbers begin: ten digits and one in twenty a switchboard's.
const COUNTRIES: [(&str, u64, u64); 5] = [
    ("DE", 49, 3_020_000_000),
    ("ES", 34, 911_000_000),
    ("HR", 385, 912_000_000),
    ("US", 1, 2_125_000_000),
    ("GB", 44, 2_070_000_000),
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) customers: u32,
    pub(crate) lines: u32,
    pub(crate) products: u32,
}

pub(crate) struct Shop {
    pub(crate) sizes: Sizes,
    pub(crate) now: DateTime<Utc>,
    euro: Currency,
}

impl Shop {
    pub(crate) fn new(sizes: Sizes) -> Self {
        Shop {
            sizes,
            now: DateTime::UNIX_EPOCH + TimeDelta::days(20_600),
            euro: Currency::from_code("EUR").expect("EUR is in ISO 4217"),
        }
    }

    fn random(&self, kind: u64, n: u32) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(kind << 40 | u64::from(n))
    }

    pub(crate) fn product(&self, n: u32) -> Record {
        Record::Product(ProductRow {
            key: n.to_string(),
            name: format!("Product number {n} in a box of twelve"),
            category: format!("Category {}", n % 40),
            price: Some(self.money(n, 1)),
            discontinued: n.is_multiple_of(50),
            restrictions: Default::default(),
        })
    }

    /// A customer with one number or two, and what belongs to them.
    pub(crate) fn customer(&self, n: u32) -> Vec<Record> {
        let mut random = self.random(1, n);
        let (given, family) = (GIVEN[skewed(&mut random, 32, 2) as usize], word(&mut random, 60_000));
        let trade = TRADES[random.random_range(0..TRADES.len())];
        let form = FORMS[random.random_range(0..FORMS.len())];
        let house = word(&mut random, 300_000);
        let company = if random.random_ratio(2, 3) {
            format!("{house} {trade} {form}")
        } else {
            String::new()
        };
        let plain = |text: &str| ringside::number::plain(text);
        let email = format!("{}.{}@{}.example", plain(given), plain(&family), plain(&house));
        let mut phones = vec![phone(self.number(n))];
        if random.random_ratio(2, 5) {
            phones.push(phone(self.second_number(n)));
        }
        let key = n.to_string();
        let mut records = vec![Record::Customer(CustomerRow {
            key: key.clone(),
            name: format!("{given} {family}"),
            company,
            city: format!("Town {}", n % 900),
            country: Some(COUNTRIES[(n % 5) as usize].0.into()),
            email,
            phones,
            ..CustomerRow::default()
        })];
        if n.is_multiple_of(3) {
            records.push(self.balance(key.clone()));
        }
        if n.is_multiple_of(20) {
            let subject = "The second box came open".into();
            records.push(Record::Ticket(TicketRow {
                customer: key,
                number: format!("T{n}"),
                subject,
                open: true,
                at: self.now,
            }));
        }
        records
    }

    fn balance(&self, customer: String) -> Record {
        let (open, not_due, overdue_30, overdue_60, overdue_more) = (90_000, 50_000, 30_000, 10_000, 0);
        Record::Balance(BalanceRow {
            customer,
            currency: self.euro,
            open,
            not_due,
            overdue_30,
            overdue_60,
            overdue_more,
            as_of: self.now,
        })
    }

    /// The number of a customer: one in twenty shares a switchboard with some others.
    pub(crate) fn number(&self, n: u32) -> u64 {
        let (_, code, first) = COUNTRIES[(n % 5) as usize];
        let national = if n % 100 < 5 {
            first + 900_000 + u64::from(n / 400)
        } else {
            first + 1_000_000 + u64::from(n / 5)
        };
        code * 10u64.pow(national.ilog10() + 1) + national
    }

    fn second_number(&self, n: u32) -> u64 {
        let (_, code, first) = COUNTRIES[(n % 5) as usize];
        let national = first + 2_000_000 + u64::from(n / 5);
        code * 10u64.pow(national.ilog10() + 1) + national
    }

    /// Order after order as a shop system exports them, by time. `keep` gets about `lines` lines.
    pub(crate) fn orders(&self, mut keep: impl FnMut(OrderLineRow) -> crate::Result<()>) -> crate::Result<()> {
        let (mut order, mut lines) = (0, 0);
        while lines < self.sizes.lines {
            for line in self.order(order) {
                lines += 1;
                keep(line)?;
            }
            order += 1;
        }
        Ok(())
    }

    /// The lines of one order. A few customers buy a hundred times as much as most, a few products sell to everybody,
    /// and every fourth product has a companion.
    pub(crate) fn order(&self, n: u32) -> Vec<OrderLineRow> {
        let mut random = self.random(2, n);
        let customer = spread(skewed(&mut random, self.sizes.customers, 2), self.sizes.customers).to_string();
        // About two lines and four fifths an order, over three years.
        let orders = i64::from(self.sizes.lines) * 10 / 28;
        let before = TimeDelta::days(3 * 365) - TimeDelta::seconds(i64::from(n) * 3 * 365 * 86_400 / orders);
        let at = self.now - before.max(TimeDelta::zero());
        let mut lines = Vec::new();
        for _ in 0..random.random_range(1..5) {
            let product = skewed(&mut random, self.sizes.products - 1, 2);
            lines.push(self.line(&customer, n, product, at));
            if product.is_multiple_of(4) && random.random_ratio(1, 2) {
                lines.push(self.line(&customer, n, product + 1, at));
            }
        }
        lines
    }

    fn line(&self, customer: &str, order: u32, product: u32, at: DateTime<Utc>) -> OrderLineRow {
        OrderLineRow {
            customer: customer.to_owned(),
            order: (10_000_000 + order).to_string(),
            at,
            product: product.to_string(),
            quantity_milli: 3_000,
            amount: self.money(product, 3),
        }
    }

    fn money(&self, product: u32, times: i64) -> Money {
        Money {
            minor: i64::from(product % 900 + 100) * times,
            currency: self.euro,
        }
    }
}

fn phone(digits: u64) -> PhoneRow {
    PhoneRow {
        raw: format!("+{digits}"),
        label: "phone".into(),
        key: Key::new(digits),
        given: Given::International,
        ext: None,
    }
}

/// One of `kinds` words, the first much more often than the last.
fn word(random: &mut ChaCha8Rng, kinds: u32) -> String {
    let mut seed = ChaCha8Rng::seed_from_u64(u64::from(skewed(random, kinds, 2)));
    let mut word: String = (0..seed.random_range(2..5))
        .map(|_| SYLLABLES[seed.random_range(0..SYLLABLES.len())])
        .collect();
    if let Some(first) = word.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// One of `count`, the first much more often than the last.
fn skewed(random: &mut ChaCha8Rng, count: u32, draws: u32) -> u32 {
    (0..draws).fold(count - 1, |most, _| random.random_range(0..=most))
}

/// The largest customers are not neighbours.
fn spread(n: u32, count: u32) -> u32 {
    u32::try_from(u64::from(n) * 2_654_435_761 % u64::from(count)).unwrap_or(0)
}
