//! What the panel says of the relation with a customer, from the import to the view.
#![allow(clippy::unwrap_used)]

use ringside::advisor::relation::{LEAST_GROUP, Paid, Purchases, Relations};
use ringside::customer::{Currency, Restrictions};
use ringside::desk::AdviceRules;
use ringside::pop::view::CameBackView;

use super::pot::{Pot, look};

fn shop() -> Pot {
    Pot {
        orders: 20,
        again: 3,
        crowd: true,
        ..Pot::default()
    }
}

#[test]
fn the_panel_says_segment_rhythm_and_how_many_like_them_came_back() {
    let found = look(&shop(), AdviceRules::default());
    let relation = found.pop.relation.unwrap();
    assert!(relation.segment.is_some());
    assert_eq!(relation.every_days, Some(20));
    assert!(!relation.overdue);
    let CameBackView { came, of } = relation.came_back.unwrap();
    assert!(came <= of && of >= LEAST_GROUP, "{came} of {of}");
    assert!(relation.orders.unwrap() > 1.0);
    assert_eq!(relation.value.unwrap().currency, "EUR");
}

#[test]
fn a_relation_takes_nothing_away_and_is_absent_where_nothing_was_learnt() {
    let quiet = Pot {
        crowd: false,
        restrictions: Restrictions::default(),
        ..shop()
    };
    assert_eq!(look(&quiet, AdviceRules::default()).pop.relation, None);
    let learnt = look(&shop(), AdviceRules::default());
    assert_eq!(learnt.pop.paused, []);
    assert!(!learnt.pop.suggestions.is_empty());
    assert!(learnt.pop.purchases.is_some());
}

fn customer(days: &[i32], currency: Currency, sum: i64) -> Purchases {
    let days_paid = u32::try_from(days.len()).unwrap();
    Purchases {
        days: days.to_vec(),
        paid: Some(Paid {
            currency,
            days: days_paid,
            sum,
        }),
    }
}

#[test]
fn money_is_compared_and_expected_in_each_currency_for_itself() {
    let yen = Currency::from_code("JPY").unwrap();
    let mut all = Vec::new();
    for nth in 0..100 {
        let days = [nth % 30, 60 + nth % 30, 120 + nth % 30];
        all.push(customer(&days, Currency::EUR, 30_00 + i64::from(nth)));
        all.push(customer(&days, yen, 5_000_000 + i64::from(nth)));
    }
    let relations = Relations::learn(&all, 160);
    let value = |one: &Purchases| relations.of(one, 160).unwrap().value.unwrap();
    let (euro, of_euro) = value(&all[0]);
    let (yens, of_yen) = value(&all[1]);
    assert_eq!((of_euro, of_yen), (Currency::EUR, yen));
    assert!(yens > 1_000.0 * euro, "{euro} {yens}");
    let dollar = Currency::from_code("USD").unwrap();
    let other = relations.of(&customer(&[1, 61, 121], dollar, 9_999), 160).unwrap();
    assert_eq!(other.value, None, "nobody else pays in that currency");
    assert!(other.orders.is_some());
}

#[test]
fn a_small_group_is_not_judged() {
    let all: Vec<Purchases> = (0..9).map(|nth| customer(&[nth], Currency::EUR, 500)).collect();
    let relation = Relations::learn(&all, 120).of(&all[0], 120).unwrap();
    assert_eq!(relation.came_back, None);
    assert_eq!(relation.segment, None);
}
