//! What comes batch by batch, and what a source no longer gives.

use super::*;
use ringside::directory::{DirectoryError, Ended, RunTally, Sync};
use ringside::source::pull::{Batch, Extent, Keyed, Mark, Stream};
use ringside::source::record::InvoiceRow;

const CUSTOMERS: (&str, Keyed) = ("customers", Keyed::Customer);
const ORDERS: (&str, Keyed) = ("orders", Keyed::Order);
const INVOICES: (&str, Keyed) = ("invoices", Keyed::Invoice);
const BALANCES: (&str, Keyed) = ("balances", Keyed::Balance);

fn begin(cache: &Cache, at: i64) -> Sync {
    cache.open().place().begin_sync("files", 0, day(at)).unwrap()
}

fn stream((name, kind): (&str, Keyed)) -> Stream {
    Stream {
        name: name.to_owned(),
        kind,
    }
}

fn batch(records: &[Record], mark: &str) -> Batch {
    Batch {
        records: records.to_vec(),
        mark: Some(Mark(mark.to_owned())),
        ..Batch::default()
    }
}

/// One run that reads one stream whole.
fn whole(cache: &Cache, at: i64, what: (&str, Keyed), records: &[Record]) -> (Ended, RunTally) {
    let mut sync = begin(cache, at);
    sync.stream(&stream(what), true).unwrap();
    sync.take(&batch(records, "end")).unwrap();
    let ended = sync.end_stream(Extent::Whole).unwrap();
    (ended, sync.finish(day(at), None).unwrap())
}

fn people(numbers: std::ops::Range<usize>) -> Vec<Record> {
    numbers.map(|n| customer(&format!("C{n}"), &[])).collect()
}

fn keys(cache: &Cache) -> u64 {
    cache.open().place().kept("files").unwrap().customers
}

#[test]
fn what_was_synced_answers_and_is_as_old_as_the_last_run_that_ended() {
    let cache = Cache::new();
    let records = [
        customer("ALFKI", &[phone(491_701)]),
        customer("BERGS", &[phone(491_702)]),
    ];
    whole(&cache, 1, CUSTOMERS, &records);
    let (_, tally) = whole(&cache, 5, CUSTOMERS, &records);
    assert_eq!((tally.added, tally.changed, tally.unchanged), (0, 0, 2));
    let known = cache.dossier("ALFKI");
    assert_eq!(known.customer.seen, day(5));
    assert_eq!(holders(&mut cache.open(), 491_701).len(), 1);
    let mut failed = begin(&cache, 9);
    failed.stream(&stream(CUSTOMERS), true).unwrap();
    failed
        .finish(day(9), Some("the disk of the source was pulled out"))
        .unwrap();
    assert_eq!(cache.dossier("ALFKI").customer.seen, day(5));
    let runs = cache.open().place().runs("files", 10).unwrap();
    assert_eq!(runs.len(), 3);
    assert_eq!(runs[0].error.as_deref(), Some("the disk of the source was pulled out"));
    assert_eq!((runs[1].began, runs[1].ended), (day(5), Some(day(5))));
}

#[test]
fn a_mark_is_kept_with_the_records_behind_it_and_the_last_one_when_the_stream_has_ended() {
    let cache = Cache::new();
    let mut first = begin(&cache, 1);
    assert_eq!(first.stream(&stream(CUSTOMERS), true).unwrap(), None);
    first.take(&batch(&people(0..3), "three")).unwrap();
    first.take(&batch(&people(3..6), "six")).unwrap();
    drop(first);
    assert_eq!(keys(&cache), 6);
    let mut second = begin(&cache, 2);
    let mark = second.stream(&stream(CUSTOMERS), true).unwrap();
    assert_eq!(mark, Some(Mark("three".to_owned())));
    second.take(&batch(&people(3..6), "six")).unwrap();
    second.take(&batch(&people(6..7), "seven")).unwrap();
    // what was given before the kill counts as given
    assert_eq!(second.end_stream(Extent::Whole).unwrap(), Ended::default());
    second.finish(day(2), None).unwrap();
    assert_eq!(keys(&cache), 7);
    let runs = cache.open().place().runs("files", 10).unwrap();
    assert!(runs[1].error.as_deref().unwrap().contains("interrupted"));
    let mut third = begin(&cache, 3);
    let mark = third.stream(&stream(CUSTOMERS), true).unwrap();
    assert_eq!(mark, Some(Mark("seven".to_owned())));
    third.start_over().unwrap();
    drop(third);
    assert_eq!(begin(&cache, 4).stream(&stream(CUSTOMERS), true).unwrap(), None);
}

#[test]
fn few_that_are_missing_go_with_all_that_is_theirs_and_many_are_held_until_somebody_says_so() {
    let cache = Cache::new();
    whole(&cache, 1, CUSTOMERS, &people(0..400));
    let orders = [
        line("C399", "o1", 1, "tea", 100),
        line("C1", "o2", 1, "tea", 100),
        line("C1", "o2", 1, "cup", 50),
    ];
    whole(&cache, 1, ORDERS, &orders);
    let (ended, _) = whole(&cache, 2, CUSTOMERS, &people(0..390));
    assert_eq!((ended.removed, ended.held), (10, 0));
    let sql = cache.sql();
    let count = |sql_text: &str| sql.query_row(sql_text, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM purchases"), 2);
    assert_eq!(count("SELECT count(*) FROM order_numbers"), 1);
    let (ended, tally) = whole(&cache, 3, CUSTOMERS, &people(0..100));
    assert_eq!((ended.removed, ended.held), (0, 290));
    assert_eq!((keys(&cache), tally.held), (390, 290));
    // one of them is there after all
    whole(&cache, 4, ("others", Keyed::Ticket), &[]);
    let mut again = begin(&cache, 5);
    again.stream(&stream(CUSTOMERS), true).unwrap();
    again.take(&batch(&people(389..390), "end")).unwrap();
    again.end_stream(Extent::Changes).unwrap();
    again.finish(day(5), None).unwrap();
    let mut allowed = begin(&cache, 6);
    assert_eq!(allowed.drop_held().unwrap(), 289);
    allowed.finish(day(6), None).unwrap();
    let kept = cache.open().place().kept("files").unwrap();
    assert_eq!((kept.customers, kept.held.len()), (101, 0));
    assert_eq!(cache.dossier("C1").lines.len(), 2);
    let check: String = cache
        .sql()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn what_the_source_says_is_gone_goes_as_far_as_nobody_has_to_be_asked() {
    let cache = Cache::new();
    whole(&cache, 1, CUSTOMERS, &people(0..100));
    let gone = |keys: std::ops::Range<usize>| Batch {
        gone: keys.map(|n| format!("C{n}")).collect(),
        ..Batch::default()
    };
    let mut sync = begin(&cache, 2);
    sync.stream(&stream(CUSTOMERS), true).unwrap();
    sync.take(&gone(0..4)).unwrap();
    drop(sync);
    // what went before a kill counts
    let mut sync = begin(&cache, 3);
    sync.stream(&stream(CUSTOMERS), true).unwrap();
    sync.take(&gone(0..50)).unwrap();
    sync.end_stream(Extent::Changes).unwrap();
    assert_eq!(sync.finish(day(3), None).unwrap().held, 40);
    assert_eq!(keys(&cache), 90);
}

#[test]
fn an_order_that_comes_for_another_customer_is_theirs_alone_and_one_that_is_gone_is_gone_from_the_sums() {
    let cache = Cache::new();
    whole(&cache, 1, CUSTOMERS, &people(0..2));
    whole(
        &cache,
        1,
        ORDERS,
        &[line("C0", "o1", 1, "tea", 100), line("C0", "o2", 2, "tea", 300)],
    );
    whole(
        &cache,
        2,
        ORDERS,
        &[line("C1", "o1", 1, "tea", 100), line("C0", "o2", 2, "tea", 300)],
    );
    assert_eq!(cache.dossier("C0").orders.len(), 1);
    assert_eq!(cache.dossier("C1").orders[0].number, "o1");
    let mut sync = begin(&cache, 3);
    sync.stream(&stream(ORDERS), true).unwrap();
    sync.take(&Batch {
        gone: vec!["o2".to_owned()],
        ..Batch::default()
    })
    .unwrap();
    sync.end_stream(Extent::Changes).unwrap();
    sync.finish(day(3), None).unwrap();
    let known = cache.dossier("C0");
    assert!(known.orders.is_empty() && known.lines.is_empty() && known.bought.is_empty());
}

#[test]
fn sums_and_relations_are_the_same_whether_orders_came_at_once_or_in_many_batches() {
    let (at_once, by_batch) = (Cache::new(), Cache::new());
    let lines: Vec<Record> = (0..200)
        .flat_map(|n| {
            let (who, order) = (format!("C{}", n % 7), format!("o{n}"));
            let products = [["tea", "cup"], ["pot", "pan"]][usize::from(n % 3 == 0)];
            products.map(|product| line(&who, &order, n, product, 100 + n))
        })
        .collect();
    let all: Vec<Record> = people(0..7).into_iter().chain(lines.iter().cloned()).collect();
    at_once.import(&all);
    whole(&by_batch, 100, CUSTOMERS, &people(0..7));
    let mut sync = begin(&by_batch, 100);
    sync.stream(&stream(ORDERS), true).unwrap();
    for part in lines.chunks(14) {
        sync.take(&batch(part, "x")).unwrap();
    }
    sync.end_stream(Extent::Whole).unwrap();
    sync.finish(day(100), None).unwrap();
    for table in ["purchases", "order_totals", "bought", "related", "order_numbers"] {
        assert_eq!(rows(&at_once, table), rows(&by_batch, table), "{table}");
    }
    assert!(!rows(&by_batch, "related").is_empty());
}

fn rows(cache: &Cache, table: &str) -> Vec<String> {
    let sql = cache.sql();
    let columns: Vec<String> = sql
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let joined: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
    let text = format!("SELECT {} FROM {table} ORDER BY 1", joined.join(" || ',' || "));
    let mut statement = sql.prepare(&text).unwrap();
    let found = statement.query_map([], |row| row.get(0)).unwrap();
    found.collect::<Result<_, _>>().unwrap()
}

fn invoice(customer: &str, number: &str, open: i64, due: i64) -> Record {
    Record::Invoice(InvoiceRow {
        customer: customer.to_owned(),
        number: number.to_owned(),
        currency: Currency::EUR,
        total: 1_000,
        open,
        issued: None,
        due: day(due),
    })
}

#[test]
fn what_is_owed_follows_from_open_invoices_and_ages_by_itself() {
    let cache = Cache::new();
    whole(&cache, 1, CUSTOMERS, &people(0..1));
    let invoices = [
        invoice("C0", "1", 100, 120),
        invoice("C0", "2", 10, 90),
        invoice("C0", "3", 1, 50),
        invoice("C0", "4", 0, 1),
    ];
    whole(&cache, 1, INVOICES, &invoices);
    let owed = |at: i64| {
        let mut directory = cache.open();
        let reading = directory.read().unwrap();
        let id = reading
            .by_reference(&CustomerRef::new("files", "C0"))
            .unwrap()
            .unwrap()
            .id;
        let balances = reading.dossier(id, day(at)).unwrap().unwrap().balances;
        let balance = balances[0];
        let parts = [
            balance.not_due,
            balance.overdue_30,
            balance.overdue_60,
            balance.overdue_more,
        ];
        assert_eq!(parts.iter().sum::<i64>(), balance.open.minor);
        (balance.open.minor, parts)
    };
    assert_eq!(owed(100), (111, [100, 10, 1, 0]));
    assert_eq!(owed(125), (111, [0, 100, 10, 1]));
    // a payment that was not set against an invoice yet: the source's own balance is less, and the oldest is paid first
    let balance = |open| {
        Record::Balance(BalanceRow {
            customer: "C0".to_owned(),
            currency: Currency::EUR,
            open,
            not_due: open,
            overdue_30: 0,
            overdue_60: 0,
            overdue_more: 0,
            as_of: day(2),
        })
    };
    whole(&cache, 2, BALANCES, &[balance(106)]);
    assert_eq!(owed(125), (106, [0, 100, 6, 0]));
    whole(&cache, 3, BALANCES, &[balance(120)]);
    assert_eq!(owed(125), (120, [9, 100, 10, 1]));
    // settled: the source gives no balance, and the invoices are paid
    whole(&cache, 4, BALANCES, &[]);
    whole(&cache, 4, INVOICES, &[invoice("C0", "1", 0, 120)]);
    let left = cache.dossier("C0").balances;
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn one_writes_at_a_time_and_the_other_is_told_at_once() {
    let cache = Cache::new();
    let sync = begin(&cache, 1);
    let place = cache.open().place();
    assert!(matches!(
        place.begin_sync("shop", 0, day(1)).err(),
        Some(DirectoryError::Taken)
    ));
    assert!(matches!(
        cache.open().begin_import("files", day(1)).err(),
        Some(DirectoryError::Taken)
    ));
    drop(sync);
    assert!(cache.open().begin_import("files", day(1)).is_ok());
}
