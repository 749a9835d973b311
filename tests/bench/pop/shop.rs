//! The shop that is imported and called: made up from a seed, the same in every run.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::customer::{Currency, Money};
use ringside::number::{Given, Key};
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record, TicketRow};

use crate::Sizes;

/// A seeded shop: a few customers buy a hundred times as much as most, a few products sell to everybody,
/// and every fourth product has a companion that is often bought with it.
pub(crate) struct Shop {
    /// Products, customers, balances and tickets.
    pub(crate) people: Vec<Record>,
    pub(crate) lines: Vec<OrderLineRow>,
    /// The number of each customer, in E.164.
    pub(crate) numbers: Vec<String>,
    pub(crate) now: DateTime<Utc>,
}

impl Shop {
    pub(crate) fn new(sizes: &Sizes) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(20_260_101);
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_600);
        let euro = Currency::from_code("EUR").expect("EUR is in ISO 4217");
        let mut shop = Shop {
            people: Vec::new(),
            lines: Vec::new(),
            numbers: Vec::new(),
            now,
        };
        for product in 0..sizes.products {
            shop.people.push(Record::Product(ProductRow {
                key: product.to_string(),
                name: format!("Product number {product} in a box of twelve"),
                category: format!("Category {}", product % 40),
                price: Some(Money {
                    minor: i64::from(product % 900 + 100),
                    currency: euro,
                }),
                discontinued: product % 50 == 0,
                restrictions: Default::default(),
            }));
        }
        for customer in 0..sizes.customers {
            shop.customer(customer, euro, &mut random);
        }
        shop.orders(sizes, euro, &mut random);
        shop
    }

    fn customer(&mut self, n: u32, currency: Currency, random: &mut ChaCha8Rng) {
        // One in twenty shares a switchboard with nineteen others.
        let digits = if random.random_ratio(1, 20) {
            4_930_200_000_000 + u64::from(n / 400)
        } else {
            4_930_100_000_000 + u64::from(n)
        };
        let number = format!("+{digits}");
        let key = n.to_string();
        let phone = PhoneRow {
            raw: number.clone(),
            label: "phone".into(),
            key: Key::new(digits),
            given: Given::International,
            ext: None,
        };
        self.people.push(Record::Customer(CustomerRow {
            key: key.clone(),
            name: format!("Given Family{n}"),
            company: format!("Company {n} Trading Ltd"),
            city: format!("Town {}", n % 900),
            country: Some("DE".into()),
            phones: vec![phone],
            ..CustomerRow::default()
        }));
        if random.random_ratio(1, 3) {
            let (open, not_due) = (90_000, 50_000);
            let (overdue_30, overdue_60, overdue_more) = (30_000, 10_000, 0);
            let as_of = self.now;
            let customer = key.clone();
            self.people.push(Record::Balance(BalanceRow {
                customer,
                currency,
                open,
                not_due,
                overdue_30,
                overdue_60,
                overdue_more,
                as_of,
            }));
        }
        if random.random_ratio(1, 20) {
            let (number, subject) = (format!("T{n}"), "The second box came open".into());
            self.people.push(Record::Ticket(TicketRow {
                customer: key,
                number,
                subject,
                open: true,
                at: self.now,
            }));
        }
        self.numbers.push(number);
    }

    fn orders(&mut self, sizes: &Sizes, currency: Currency, random: &mut ChaCha8Rng) {
        let mut order = 0u32;
        while self.lines.len() < sizes.lines {
            let customer = skewed(random, sizes.customers, 3);
            let at = self.now - TimeDelta::seconds(random.random_range(0..3 * 365 * 86_400));
            order += 1;
            for _ in 0..random.random_range(1..5) {
                let product = skewed(random, sizes.products, 2);
                self.line(customer, order, product, at, currency);
                if product.is_multiple_of(4) && random.random_ratio(1, 2) {
                    self.line(customer, order, product + 1, at, currency);
                }
            }
        }
        self.lines.truncate(sizes.lines);
        // As a shop system exports them: by order, orders by time.
        self.lines.sort_by(|a, b| (a.at, &a.order).cmp(&(b.at, &b.order)));
    }

    fn line(&mut self, customer: u32, order: u32, product: u32, at: DateTime<Utc>, currency: Currency) {
        self.lines.push(OrderLineRow {
            customer: customer.to_string(),
            order: (10_000_000 + order).to_string(),
            at,
            product: product.to_string(),
            quantity_milli: 3_000,
            amount: Money {
                minor: i64::from(product % 900 + 100) * 3,
                currency,
            },
        });
    }
}

/// One of `count`, the first much more often than the last.
fn skewed(random: &mut ChaCha8Rng, count: u32, draws: u32) -> u32 {
    (0..draws).fold(count - 1, |most, _| random.random_range(0..=most))
}
