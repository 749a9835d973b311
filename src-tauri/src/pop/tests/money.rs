//! A year of purchases and what is owed, as the panel adds them up.

use super::*;

#[test]
fn a_year_is_twelve_calendar_months_and_the_one_before_stands_beside_it() {
    let view = purchases(vec![
        order("o5", "2026-07-14T00:00:00Z", 500, "EUR"),
        order("o4", "2025-08-01T00:00:00Z", 400, "EUR"),
        order("o3", "2025-07-20T00:00:00Z", 300, "EUR"),
        order("o2", "2024-08-02T00:00:00Z", 200, "EUR"),
        order("o1", "2024-07-30T00:00:00Z", 100, "EUR"),
    ]);
    assert_eq!((view.year.minor, view.year_before.minor), (900, 500));
    assert_eq!(view.months, [400, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 500]);
    assert_eq!(view.months_before, [200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 300]);
    assert_eq!((view.orders, view.first), (5, at("2024-07-30T00:00:00Z")));
    assert_eq!((view.last_order.as_str(), view.last_value.unwrap().minor), ("o5", 500));
    assert_eq!(view.origin.at, at("2026-01-02T00:00:00Z"));
}

#[test]
fn months_are_those_of_the_agents_calendar() {
    // In Berlin it is already the first of July, in New York still the thirtieth of June.
    let late = || dossier(vec![order("o1", "2026-06-30T22:30:00Z", 100, "EUR")]);
    let seen_from = |hours: i32| {
        let offset = FixedOffset::east_opt(hours * 3_600).unwrap();
        super::purchases::view(late(), at("2026-07-15T10:00:00Z"), offset).unwrap()
    };
    assert_eq!(seen_from(2).months[10..], [0, 100]);
    assert_eq!(seen_from(-4).months[10..], [100, 0]);
    assert_eq!(seen_from(2).until, at("2026-07-01T10:00:00Z"));
    assert_eq!(seen_from(-4).until, at("2026-07-01T16:00:00Z"));
}

#[test]
fn amounts_of_another_currency_are_not_summed() {
    let view = purchases(vec![
        order("o3", "2026-07-03T00:00:00Z", 7_000, "JPY"),
        order("o2", "2026-07-02T00:00:00Z", 200, "EUR"),
        order("o1", "2026-07-01T00:00:00Z", 100, "EUR"),
    ]);
    assert_eq!((view.year.minor, view.year.currency.as_str()), (300, "EUR"));
    assert_eq!((view.orders, view.lines.len()), (3, 3));
    let last = view.last_value.unwrap();
    assert_eq!((last.minor, last.currency.as_str(), last.digits), (7_000, "JPY", 0));
}

#[test]
fn an_order_in_two_currencies_is_one_order_without_one_value() {
    let view = purchases(vec![
        order("o1", "2026-07-01T00:00:00Z", 100, "EUR"),
        order("o1", "2026-07-01T00:00:00Z", 900, "USD"),
    ]);
    assert_eq!((view.orders, view.last_value), (1, None));
}

#[test]
fn a_credit_note_lessens_the_month_and_is_no_order() {
    let view = purchases(vec![
        order("c1", "2026-07-02T00:00:00Z", -40, "EUR"),
        order("o1", "2026-07-01T00:00:00Z", 100, "EUR"),
    ]);
    assert_eq!((view.orders, view.last_order.as_str(), view.year.minor), (1, "o1", 60));
    let only = purchases(vec![order("c1", "2026-07-02T00:00:00Z", -40, "EUR")]);
    assert_eq!((only.orders, only.last_order.as_str()), (1, "c1"));
}

#[test]
fn an_order_dated_in_the_future_is_in_no_month() {
    let view = purchases(vec![order("o1", "2026-09-01T00:00:00Z", 100, "EUR")]);
    assert_eq!((view.orders, view.year.minor), (1, 0));
}

fn balance(open: i64, code: &str, overdue_30: i64) -> Balance {
    Balance {
        open: money(open, code),
        not_due: open - overdue_30,
        overdue_30,
        overdue_60: 0,
        overdue_more: 0,
        as_of: at("2026-07-10T00:00:00Z"),
    }
}

fn owing(balances: Vec<Balance>) -> view::BalanceView {
    let orders = vec![order("o1", "2026-07-01T00:00:00Z", 100, "USD")];
    shown(known(Dossier {
        balance_sources: vec!["files".into(); balances.len()],
        balances,
        ..dossier(orders)
    }))
    .balance
    .unwrap()
}

#[test]
fn what_is_overdue_is_shown_with_its_ageing() {
    let view = owing(vec![balance(500, "EUR", 200)]);
    assert_eq!((view.open.minor, view.overdue.unwrap().minor), (500, 200));
    assert_eq!(view.ageing, [300, 200, 0, 0]);
    assert_eq!(
        view.origin,
        Origin {
            source: "files".into(),
            at: at("2026-07-10T00:00:00Z")
        }
    );
}

#[test]
fn where_nothing_is_overdue_there_is_no_ageing() {
    let view = owing(vec![balance(500, "EUR", 0)]);
    assert_eq!((view.overdue, view.ageing), (None, vec![]));
}

#[test]
fn of_several_balances_the_overdue_one_is_shown_first() {
    assert_eq!(
        owing(vec![balance(500, "USD", 0), balance(9, "EUR", 9)]).open.currency,
        "EUR"
    );
    assert_eq!(
        owing(vec![balance(500, "EUR", 0), balance(9, "USD", 0)]).open.currency,
        "USD"
    );
}
