//! What imports change, and what they leave.

use super::*;
use ringside::directory::{DirectoryError, Outcome, Tally};

#[test]
fn importing_the_same_twice_changes_nothing() {
    let cache = Cache::new();
    let first = cache.import(&shop());
    assert_eq!(
        first.order_lines,
        Tally {
            added: 3,
            ..Tally::default()
        }
    );
    assert_eq!(first.customers.added, 2);
    let before = contents(&cache);
    let second = cache.import(&shop());
    let same = |unchanged| Tally {
        unchanged,
        ..Tally::default()
    };
    let (customers, products, order_lines) = (same(2), same(2), same(3));
    assert_eq!(
        second,
        Counts {
            customers,
            products,
            order_lines,
            balances: same(1),
            invoices: Tally::default(),
            tickets: same(2)
        }
    );
    assert_eq!(contents(&cache), before);
}

#[test]
fn two_equal_lines_of_an_order_are_two_purchases_at_every_import() {
    let cache = Cache::new();
    let twice = [
        customer("ALFKI", &[]),
        line("ALFKI", "o1", 1, "tea", 100),
        line("ALFKI", "o1", 1, "tea", 100),
    ];
    assert_eq!(cache.import(&twice).order_lines.added, 2);
    assert_eq!(
        cache.import(&twice).order_lines,
        Tally {
            unchanged: 2,
            ..Tally::default()
        }
    );
    assert_eq!(cache.dossier("ALFKI").orders[0].amount, euro(200));
}

#[test]
fn lines_of_an_order_in_another_sequence_are_the_same_order() {
    let cache = Cache::new();
    let mut records = vec![
        customer("ALFKI", &[]),
        line("ALFKI", "o1", 1, "tea", 100),
        line("ALFKI", "o2", 2, "pot", 5),
        line("ALFKI", "o1", 1, "tea", 300),
    ];
    cache.import(&records);
    records[1..].reverse();
    assert_eq!(
        cache.import(&records).order_lines,
        Tally {
            unchanged: 3,
            ..Tally::default()
        }
    );
}

#[test]
fn an_order_given_anew_replaces_that_order_and_no_other() {
    let cache = Cache::new();
    cache.import(&shop());
    let counts = cache.import(&[line("ALFKI", "o1", 3, "tea", 150)]);
    assert_eq!(
        counts.order_lines,
        Tally {
            changed: 1,
            removed: 1,
            ..Tally::default()
        }
    );
    let dossier = cache.dossier("ALFKI");
    let orders: Vec<_> = dossier
        .orders
        .iter()
        .map(|order| (order.number.as_str(), order.at, order.amount.minor))
        .collect();
    assert_eq!(orders, [("o1", day(3), 150), ("o2", day(2), 200)]);
    assert_eq!(dossier.bought.len(), 1);
}

#[test]
fn a_customer_keeps_the_row_and_loses_the_number_that_is_gone() {
    let cache = Cache::new();
    cache.import(&shop());
    let before = cache.dossier("BERGS").customer.id;
    assert_eq!(
        cache
            .import(&[customer("BERGS", &[phone(4_930_777)])])
            .customers
            .changed,
        1
    );
    let mut directory = cache.open();
    assert_eq!(holders(&mut directory, 4_930_777)[0].customer, before);
    assert_eq!(holders(&mut directory, 4_930_999).len(), 1);
}

#[test]
fn an_order_in_two_currencies_is_never_summed_across_them() {
    let cache = Cache::new();
    let mut dollars = line("ALFKI", "o1", 1, "pot", 700);
    if let Record::OrderLine(row) = &mut dollars {
        row.amount.currency = Currency::from_code("USD").unwrap();
    }
    cache.import(&[customer("ALFKI", &[]), line("ALFKI", "o1", 1, "tea", 100), dollars]);
    let mut sums: Vec<_> = cache
        .dossier("ALFKI")
        .orders
        .iter()
        .map(|order| order.amount.minor)
        .collect();
    sums.sort_unstable();
    assert_eq!(sums, [100, 700]);
}

#[test]
fn a_balance_in_a_currency_that_is_no_longer_given_is_settled() {
    let cache = Cache::new();
    cache.import(&[
        customer("ALFKI", &[]),
        balance("ALFKI", "EUR", 300),
        balance("ALFKI", "USD", 50),
    ]);
    assert_eq!(cache.dossier("ALFKI").balances.len(), 2);
    let counts = cache.import(&[balance("ALFKI", "EUR", 0)]);
    assert_eq!((counts.balances.changed, counts.balances.removed), (1, 1));
    assert_eq!(
        cache
            .dossier("ALFKI")
            .balances
            .iter()
            .map(|one| one.open)
            .collect::<Vec<_>>(),
        [euro(0)]
    );
}

#[test]
fn a_line_of_an_unknown_customer_is_left_out_and_counted() {
    let cache = Cache::new();
    let mut import = cache.open().begin_import("files", day(1)).unwrap();
    assert_eq!(
        import.record(&line("NOBODY", "o1", 1, "tea", 1)).unwrap(),
        Outcome::UnknownCustomer
    );
    assert_eq!(
        import.finish().unwrap().order_lines,
        Tally {
            unknown_customer: 1,
            ..Tally::default()
        }
    );
}

#[test]
fn an_import_that_is_dropped_leaves_no_trace() {
    let cache = Cache::new();
    cache.import(&shop());
    let before = contents(&cache);
    let mut import = cache.open().begin_import("files", day(101)).unwrap();
    import.record(&customer("CHOPS", &[phone(4_930_555)])).unwrap();
    import.record(&line("ALFKI", "o9", 9, "tea", 1)).unwrap();
    drop(import);
    assert_eq!(contents(&cache), before);
}

#[test]
fn readers_go_on_during_an_import_and_see_it_whole_afterwards() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut reader = cache.open();
    assert_eq!(dossier(&mut reader, "ALFKI").lines.len(), 3);
    let mut import = cache.open().begin_import("files", day(101)).unwrap();
    import.record(&customer("ALFKI", &[phone(4_930_555)])).unwrap();
    import.record(&line("ALFKI", "o9", 9, "jam", 1)).unwrap();
    assert_eq!(dossier(&mut reader, "ALFKI").lines.len(), 3);
    assert!(holders(&mut reader, 4_930_555).is_empty());
    import.finish().unwrap();
    assert_eq!(dossier(&mut reader, "ALFKI").lines.len(), 4);
    assert_eq!(holders(&mut reader, 4_930_555).len(), 1);
}

#[test]
fn a_second_import_is_refused_while_one_runs() {
    let cache = Cache::new();
    let directory = cache.open();
    let running = directory.begin_import("files", day(1)).unwrap();
    assert!(matches!(
        directory.begin_import("files", day(1)),
        Err(DirectoryError::Taken)
    ));
    drop(running);
    assert!(directory.begin_import("files", day(1)).is_ok());
}

#[test]
fn a_balance_that_came_to_the_same_again_is_unchanged_and_as_old_as_it_was_computed() {
    let cache = Cache::new();
    cache.import(&[customer("ALFKI", &[]), balance("ALFKI", "EUR", 300)]);
    let Record::Balance(row) = balance("ALFKI", "EUR", 300) else {
        unreachable!("a balance")
    };
    let again = Record::Balance(BalanceRow { as_of: day(95), ..row });
    let counts = cache.import(&[again]);
    assert_eq!((counts.balances.changed, counts.balances.unchanged), (0, 1));
    assert_eq!(cache.dossier("ALFKI").balances[0].as_of, day(95));
}
