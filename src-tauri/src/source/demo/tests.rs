//! The shop is believable, measured.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::TimeZone;

use super::*;
use crate::number::{self, Given, Region};
use crate::source::record::{BalanceRow, CustomerRow, OrderLineRow};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 9, 30, 0).single().expect("a moment")
}

fn shop() -> Shop {
    Shop::new(7, "DE", now())
}

fn customers(shop: &Shop) -> Vec<CustomerRow> {
    shop.records()
        .filter_map(|r| if let Record::Customer(row) = r { Some(row) } else { None })
        .collect()
}

fn lines(shop: &Shop) -> Vec<OrderLineRow> {
    shop.records()
        .filter_map(|r| {
            if let Record::OrderLine(row) = r {
                Some(row)
            } else {
                None
            }
        })
        .collect()
}

fn balances(shop: &Shop) -> Vec<BalanceRow> {
    shop.records()
        .filter_map(|r| if let Record::Balance(row) = r { Some(row) } else { None })
        .collect()
}

#[test]
fn the_same_seed_makes_the_same_shop_and_another_seed_another() {
    let rows = |seed| Shop::new(seed, "DE", now()).records().collect::<Vec<_>>();
    assert!(rows(7) == rows(7));
    assert!(rows(7) != rows(8));
}

#[test]
fn who_calls_does_not_change_with_the_day() {
    let later = Shop::new(7, "DE", now() + TimeDelta::days(100));
    assert!(shop().callers() == later.callers());
    assert!(customers(&shop()) == customers(&later));
}

#[test]
fn it_has_the_size_of_a_real_shop() {
    let shop = shop();
    let (people, lines) = (customers(&shop), lines(&shop));
    assert_eq!(people.len(), 400);
    assert!((6_000..60_000).contains(&lines.len()), "{}", lines.len());
    let orders: HashSet<&str> = lines.iter().map(|line| line.order.as_str()).collect();
    assert!((3_000..15_000).contains(&orders.len()), "{}", orders.len());
    let countries: HashSet<_> = people.iter().filter_map(|row| row.country.as_deref()).collect();
    assert!(
        countries.is_superset(&HashSet::from(["DE", "HR", "ES", "US", "FR", "GB", "TR", "PL", "IT"])),
        "{countries:?}"
    );
    let german = people.iter().filter(|row| row.country.as_deref() == Some("DE")).count();
    assert!((140..260).contains(&german), "{german}");
    let private = people.iter().filter(|row| row.company.is_empty()).count();
    assert!((50..130).contains(&private), "{private}");
}

#[test]
fn keys_are_unique_and_every_row_refers_to_one() {
    let shop = shop();
    let mut known = HashSet::new();
    for record in shop.records() {
        let (new, refers) = match record {
            Record::Product(row) => (Some(row.key), vec![]),
            Record::Customer(row) => (Some(row.key), vec![]),
            Record::OrderLine(row) => (None, vec![row.customer, row.product]),
            Record::Balance(row) => (None, vec![row.customer]),
            Record::Invoice(row) => (Some(row.number), vec![row.customer]),
            Record::Ticket(row) => (Some(row.number), vec![row.customer]),
        };
        assert!(refers.iter().all(|key| known.contains(key)), "{refers:?}");
        assert!(new.is_none_or(|key| known.insert(key)));
    }
}

#[test]
fn all_happened_before_now_and_within_two_years() {
    let shop = shop();
    let age = |at: DateTime<Utc>| now() - at;
    let two_years = TimeDelta::days(731);
    assert!(
        lines(&shop)
            .iter()
            .all(|line| age(line.at) > TimeDelta::zero() && age(line.at) < two_years)
    );
    assert!(lines(&shop).iter().any(|line| age(line.at) > TimeDelta::days(700)));
    assert!(lines(&shop).iter().any(|line| age(line.at) < TimeDelta::days(3)));
    assert!(shop.tickets.iter().all(|ticket| age(ticket.at) > TimeDelta::zero()));
    assert!(
        lines(&shop)
            .iter()
            .all(|line| line.quantity_milli > 0 && line.amount.minor > 0)
    );
}

#[test]
fn goods_of_one_basket_are_bought_together_far_more_often_than_chance() {
    let mut orders: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for line in lines(&shop()) {
        let good = line.product[2..].parse::<usize>().expect("a number") - 1001;
        orders.entry(line.order).or_default().insert(good);
    }
    let (mut one, mut both) = (HashMap::new(), HashMap::new());
    for goods in orders.values() {
        for a in goods {
            *one.entry(*a).or_insert(0) += 1;
            goods
                .range(a + 1..)
                .for_each(|b| *both.entry((*a, *b)).or_insert(0) += 1);
        }
    }
    for basket in 0..goods::BASKETS.len() {
        let (anchor, companion) = (basket * 4, basket * 4 + 1);
        let together = both[&(anchor, companion)];
        assert!(together >= 10, "basket {basket}: {together}");
        let chance = f64::from(one[&anchor]) * f64::from(one[&companion]) / orders.len() as f64;
        let lift = f64::from(together) / chance;
        assert!(lift > 4.0, "basket {basket}: lift {lift:.1}");
    }
    let across: i32 = (0..20)
        .map(|b| both.get(&(b * 4, b * 4 + 5)).copied().unwrap_or(0))
        .sum();
    let within: i32 = (0..20).map(|b| both[&(b * 4, b * 4 + 1)]).sum();
    assert!(within > across * 5, "{within} within, {across} across");
}

#[test]
fn some_owe_what_is_overdue_in_every_bucket_and_most_do_not() {
    let balances = balances(&shop());
    let sum = |row: &BalanceRow| row.not_due + row.overdue_30 + row.overdue_60 + row.overdue_more;
    assert!(balances.iter().all(|row| row.open == sum(row)));
    let some = |count: usize| (5..balances.len() / 3).contains(&count);
    assert!(some(balances.iter().filter(|row| row.overdue_30 > 0).count()));
    assert!(some(balances.iter().filter(|row| row.overdue_60 > 0).count()));
    assert!(balances.iter().filter(|row| row.overdue_more > 0).count() >= 3);
    assert!(balances.iter().filter(|row| row.open == 0).count() > 50);
    let currencies: HashSet<_> = balances.iter().map(|row| row.currency.code().to_owned()).collect();
    assert_eq!(currencies.len(), 3, "{currencies:?}");
}

#[test]
fn numbers_are_shared_only_within_one_house() {
    let mut houses: HashMap<_, HashSet<String>> = HashMap::new();
    let mut people: HashMap<_, usize> = HashMap::new();
    for row in customers(&shop()) {
        for key in row.phones.iter().filter_map(|phone| phone.key) {
            houses.entry(key).or_default().insert(row.company.clone());
            *people.entry(key).or_default() += 1;
        }
    }
    assert!(houses.values().all(|companies| companies.len() == 1), "{houses:?}");
    let shared = people.values().filter(|&&count| count > 1).count();
    assert_eq!(shared, 12, "eleven houses and Hotel Marjan");
    assert!(people.values().all(|&count| count <= 4));
}

#[test]
fn callers_are_of_every_kind_and_strangers_are_nobodys() {
    for seed in 0..20 {
        let shop = Shop::new(seed, "DE", now());
        let callers = shop.callers();
        let kind = |kind| callers.iter().filter(|caller| caller.kind == kind).count();
        assert!(
            kind(CallerKind::Overdue) >= 10 && kind(CallerKind::Regular) >= 200,
            "seed {seed}"
        );
        assert_eq!(
            (kind(CallerKind::Shared), kind(CallerKind::Stranger)),
            (12, 40),
            "seed {seed}"
        );
        assert_eq!(callers[0].kind, CallerKind::Overdue, "Jürgen Strauß owes, seed {seed}");
        assert_eq!(callers[0].number, "+493023125118");
        let numbers: HashSet<_> = callers.iter().map(|caller| caller.number.as_str()).collect();
        assert!(
            numbers.len() >= callers.len() - 3,
            "only a stranger may call from one number twice"
        );
        let customers = &callers[..callers.len() - 40];
        assert!(
            customers
                .iter()
                .all(|caller| shop.strangers.iter().all(|stranger| *stranger != caller.number))
        );
    }
}

#[test]
fn another_home_moves_the_shop_there() {
    let shop = Shop::new(7, "GB", now());
    let british = customers(&shop)
        .iter()
        .filter(|row| row.country.as_deref() == Some("GB"))
        .count();
    assert!((140..260).contains(&british), "{british}");
    let rows = customers(&shop);
    let nationally = rows
        .iter()
        .flat_map(|row| row.phones.clone())
        .filter(|phone| phone.raw.starts_with('0'));
    assert!(nationally.count() > 100);
}

#[test]
fn open_requests_belong_to_some_and_the_cast_has_one() {
    let shop = shop();
    let open = shop.tickets.iter().filter(|ticket| ticket.open).count();
    assert!((8..35).contains(&open), "{open}");
    assert!(
        shop.tickets
            .iter()
            .any(|ticket| ticket.open && ticket.customer == "10001")
    );
}

/// A number that its country gives out, or one of the two mobile ranges kept for fiction that the plans leave out.
fn plausible(key: number::Key) -> bool {
    let fiction = ["+3363998", "+447700900"];
    number::is_valid(key) || fiction.iter().any(|range| key.to_string().starts_with(range))
}

#[test]
fn every_number_is_read_from_its_text_as_its_key() {
    for home in ["DE", "GB", "US", "HR", "IT"] {
        let region = Region::from_code(home);
        let shop = Shop::new(3, home, now());
        let mut unreadable = 0;
        for phone in customers(&shop).iter().flat_map(|row| &row.phones) {
            let read = number::read(&phone.raw, region).ok();
            assert_eq!(read.as_ref().map(|number| number.key), phone.key, "{phone:?} in {home}");
            assert!(
                phone.key.is_none() || read.is_some_and(|number| number.given == phone.given),
                "{phone:?}"
            );
            assert!(phone.key.is_none_or(plausible), "{phone:?} in {home}");
            unreadable += usize::from(phone.key.is_none());
        }
        assert!(unreadable < 12, "{unreadable}");
        for stranger in &shop.strangers {
            assert!(
                number::read(stranger, None).is_ok_and(|number| plausible(number.key)),
                "{stranger}"
            );
        }
        let nationally = customers(&shop)
            .iter()
            .flat_map(|row| &row.phones)
            .filter(|p| p.given == Given::National)
            .count();
        assert!(nationally > 100, "{nationally} in {home}");
    }
}
