//! The customer cache on a real disk: imports, what a pop reads, damage, and sudden death.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, TimeZone, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::customer::{Currency, CustomerId, CustomerRef, Money};
use ringside::directory::{Counts, Directory, DirectoryError, Dossier, Holder, Opened, Outcome, Tally};
use ringside::number::{Given, Key};
use ringside::source::record::{BalanceRow, CustomerRow, OrderLineRow, PhoneRow, ProductRow, Record, TicketRow};
use rusqlite::Connection;
use tempfile::TempDir;

const KEY: [u8; 32] = [7; 32];

struct Cache {
    folder: TempDir,
}

impl Cache {
    fn new() -> Self {
        Cache {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("cache.db")
    }

    fn open(&self) -> Directory {
        Directory::open(&self.path(), &KEY).unwrap()
    }

    fn import(&self, records: &[Record]) -> Counts {
        import(&self.open(), records, day(100))
    }

    /// The file as SQL sees it, for the tests of what is in it and for damaging it.
    fn sql(&self) -> Connection {
        let connection = Connection::open(self.path()).unwrap();
        let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
        connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).unwrap();
        connection
    }

    fn dossier(&self, key: &str) -> Dossier {
        dossier(&mut self.open(), key)
    }
}

fn import(directory: &Directory, records: &[Record], at: DateTime<Utc>) -> Counts {
    let mut import = directory.begin_import("files", at).unwrap();
    for record in records {
        import.record(record).unwrap();
    }
    import.finish().unwrap()
}

fn dossier(directory: &mut Directory, key: &str) -> Dossier {
    let reading = directory.read().unwrap();
    let customer = reading.by_reference(&CustomerRef::new("files", key)).unwrap().unwrap();
    reading.dossier(customer.id).unwrap().unwrap()
}

fn holders(directory: &mut Directory, digits: u64) -> Vec<Holder> {
    directory.read().unwrap().holders(Key::new(digits).unwrap()).unwrap()
}

fn day(day: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(1_700_000_000 + day * 86_400, 0).unwrap()
}

fn euro(minor: i64) -> Money {
    Money {
        minor,
        currency: Currency::from_code("EUR").unwrap(),
    }
}

fn phone(digits: u64) -> PhoneRow {
    let key = Key::new(digits);
    PhoneRow {
        raw: format!("+{digits}"),
        label: "phone".into(),
        key,
        given: Given::International,
        ext: None,
    }
}

fn customer(key: &str, phones: &[PhoneRow]) -> Record {
    let (name, company) = (format!("Name of {key}"), format!("Company of {key}"));
    Record::Customer(CustomerRow {
        key: key.into(),
        name,
        company,
        phones: phones.to_vec(),
        ..CustomerRow::default()
    })
}

fn product(key: &str) -> Record {
    let (name, category) = (format!("Product {key}"), String::new());
    Record::Product(ProductRow {
        key: key.into(),
        name,
        category,
        price: Some(euro(500)),
        discontinued: false,
    })
}

fn line(customer: &str, order: &str, at: i64, product: &str, minor: i64) -> Record {
    Record::OrderLine(OrderLineRow {
        customer: customer.into(),
        order: order.into(),
        at: day(at),
        product: product.into(),
        quantity_milli: 1_000,
        amount: euro(minor),
    })
}

fn balance(customer: &str, currency: &str, open: i64) -> Record {
    Record::Balance(BalanceRow {
        customer: customer.into(),
        currency: Currency::from_code(currency).unwrap(),
        open,
        not_due: open,
        overdue_30: 0,
        overdue_60: 0,
        overdue_more: 0,
        as_of: day(90),
    })
}

fn ticket(customer: &str, number: &str, open: bool) -> Record {
    let subject = format!("About {number}");
    Record::Ticket(TicketRow {
        customer: customer.into(),
        number: number.into(),
        subject,
        open,
        at: day(80),
    })
}

fn shop() -> Vec<Record> {
    vec![
        customer("ALFKI", &[phone(49_30_123), phone(49_30_999)]),
        customer("BERGS", &[phone(49_30_999)]),
        product("tea"),
        product("pot"),
        line("ALFKI", "o1", 1, "tea", 100),
        line("ALFKI", "o1", 1, "pot", 900),
        line("ALFKI", "o2", 2, "tea", 200),
        balance("ALFKI", "EUR", 300),
        ticket("ALFKI", "t1", true),
        ticket("ALFKI", "t2", false),
    ]
}

/// Every row of every table but the ages of the copies.
fn contents(cache: &Cache) -> Vec<String> {
    let sql = cache.sql();
    let mut rows = Vec::new();
    for (table, columns) in [
        ("customers", "id, source, key, name, company, city, country, email, vat"),
        ("phones", "*"),
        ("unread_phones", "*"),
        ("products", "*"),
        ("purchases", "*"),
        ("order_totals", "*"),
        ("bought", "*"),
        ("related", "*"),
        ("balances", "*"),
        ("tickets", "id, source, number, customer_id, subject, open, at"),
    ] {
        let mut statement = sql.prepare(&format!("SELECT {columns} FROM {table}")).unwrap();
        let width = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            rows.push(
                (0..width)
                    .map(|i| format!("{:?}|", row.get_ref(i).unwrap()))
                    .collect::<String>()
                    + table,
            );
        }
    }
    rows
}

#[test]
fn a_missing_cache_is_an_empty_one() {
    let cache = Cache::new();
    let mut directory = cache.open();
    assert_eq!(directory.opened(), Opened::New);
    assert!(holders(&mut directory, 49_30_123).is_empty());
    assert_eq!(cache.open().opened(), Opened::Existing);
}

#[test]
fn a_shared_number_names_everybody_who_has_it() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut directory = cache.open();
    assert_eq!(holders(&mut directory, 49_30_123).len(), 1);
    let mut shared: Vec<_> = holders(&mut directory, 49_30_999)
        .iter()
        .map(|holder| holder.customer)
        .collect();
    shared.sort();
    assert_eq!(shared, [CustomerId(1), CustomerId(2)]);
}

#[test]
fn a_holder_says_how_the_number_was_given_and_the_extension() {
    let cache = Cache::new();
    let national = PhoneRow {
        given: Given::National,
        ext: Some("42".into()),
        ..phone(49_30_123)
    };
    cache.import(&[customer("ALFKI", &[national, phone(49_30_124)])]);
    let mut directory = cache.open();
    let expected = Holder {
        customer: CustomerId(1),
        given: Given::National,
        ext: Some("42".into()),
    };
    assert_eq!(holders(&mut directory, 49_30_123), [expected]);
    assert_eq!(holders(&mut directory, 49_30_124)[0].given, Given::International);
}

#[test]
fn a_number_that_nobody_could_read_is_kept_and_never_matched() {
    let cache = Cache::new();
    let unread = PhoneRow {
        key: None,
        raw: "ask Maria".into(),
        ..phone(1)
    };
    cache.import(&[customer(
        "ALFKI",
        &[
            unread.clone(),
            PhoneRow {
                raw: "n/a".into(),
                ..unread
            },
        ],
    )]);
    assert!(holders(&mut cache.open(), 1).is_empty());
    let kept: i64 = cache
        .sql()
        .query_row("SELECT count(*) FROM unread_phones", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 2);
}

#[test]
fn a_dossier_has_everything_the_source_gave() {
    let cache = Cache::new();
    cache.import(&shop());
    let dossier = cache.dossier("ALFKI");
    assert_eq!(dossier.customer.name, "Name of ALFKI");
    assert_eq!(dossier.customer.reference, CustomerRef("files/ALFKI".into()));
    assert_eq!(dossier.customer.seen, day(100));
    assert_eq!(dossier.balances[0].open, euro(300));
    let orders: Vec<_> = dossier
        .orders
        .iter()
        .map(|order| (order.number.as_str(), order.amount.minor))
        .collect();
    assert_eq!(orders, [("o2", 200), ("o1", 1_000)]);
    let lines: Vec<_> = dossier
        .lines
        .iter()
        .map(|line| (line.order.as_str(), line.product_name.as_str()))
        .collect();
    assert_eq!(
        lines,
        [("o2", "Product tea"), ("o1", "Product tea"), ("o1", "Product pot")]
    );
    assert_eq!(
        dossier.bought.iter().map(|one| one.last).collect::<Vec<_>>(),
        [day(2), day(1)]
    );
    assert_eq!(
        dossier
            .tickets
            .iter()
            .map(|ticket| ticket.number.as_str())
            .collect::<Vec<_>>(),
        ["t1"]
    );
    assert_eq!(dossier.orders_seen, Some(day(100)));
}

#[test]
fn the_last_ten_lines_are_shown_with_the_product_names() {
    let cache = Cache::new();
    let mut records = vec![customer("ALFKI", &[])];
    records.extend((1..=25).map(|day| line("ALFKI", &format!("o{day}"), day, "unheard-of", day)));
    cache.import(&records);
    let lines = cache.dossier("ALFKI").lines;
    assert_eq!(
        lines.iter().map(|line| line.amount.minor).collect::<Vec<_>>(),
        (16..=25).rev().collect::<Vec<_>>()
    );
    assert_eq!(lines[0].product_name, "unheard-of");
}

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
            .import(&[customer("BERGS", &[phone(49_30_777)])])
            .customers
            .changed,
        1
    );
    let mut directory = cache.open();
    assert_eq!(holders(&mut directory, 49_30_777)[0].customer, before);
    assert_eq!(holders(&mut directory, 49_30_999).len(), 1);
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
fn two_sources_may_use_the_same_keys() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut other = cache.open().begin_import("shop", day(1)).unwrap();
    other.record(&customer("ALFKI", &[])).unwrap();
    assert_eq!(
        other.record(&line("BERGS", "o1", 1, "tea", 1)).unwrap(),
        Outcome::UnknownCustomer
    );
    assert_eq!(other.finish().unwrap().customers.added, 1);
    let mut directory = cache.open();
    let reading = directory.read().unwrap();
    let theirs = reading
        .by_reference(&CustomerRef::new("shop", "ALFKI"))
        .unwrap()
        .unwrap();
    assert!(reading.dossier(theirs.id).unwrap().unwrap().orders.is_empty());
}

#[test]
fn an_import_that_is_dropped_leaves_no_trace() {
    let cache = Cache::new();
    cache.import(&shop());
    let before = contents(&cache);
    let mut import = cache.open().begin_import("files", day(101)).unwrap();
    import.record(&customer("CHOPS", &[phone(49_30_555)])).unwrap();
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
    import.record(&customer("ALFKI", &[phone(49_30_555)])).unwrap();
    import.record(&line("ALFKI", "o9", 9, "jam", 1)).unwrap();
    assert_eq!(dossier(&mut reader, "ALFKI").lines.len(), 3);
    assert!(holders(&mut reader, 49_30_555).is_empty());
    import.finish().unwrap();
    assert_eq!(dossier(&mut reader, "ALFKI").lines.len(), 4);
    assert_eq!(holders(&mut reader, 49_30_555).len(), 1);
}

#[test]
fn a_product_renamed_by_another_process_has_its_new_name_at_the_next_pop() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut desktop = cache.open();
    assert_eq!(dossier(&mut desktop, "ALFKI").lines[0].product_name, "Product tea");
    let Record::Product(row) = product("tea") else {
        unreachable!("a product is a product")
    };
    cache.import(&[Record::Product(ProductRow {
        name: "Green tea".into(),
        ..row
    })]);
    assert_eq!(dossier(&mut desktop, "ALFKI").lines[0].product_name, "Green tea");
}

#[test]
fn one_answer_is_of_one_moment() {
    let cache = Cache::new();
    cache.import(&shop());
    let mut desktop = cache.open();
    let reading = desktop.read().unwrap();
    let holder = reading.holders(Key::new(49_30_123).unwrap()).unwrap()[0].customer;
    cache.import(&[line("ALFKI", "o9", 9, "tea", 1)]);
    assert_eq!(reading.dossier(holder).unwrap().unwrap().orders.len(), 2);
    drop(reading);
    assert_eq!(dossier(&mut desktop, "ALFKI").orders.len(), 3);
}

#[test]
fn products_that_go_together_are_learnt_from_the_orders() {
    let cache = Cache::new();
    let mut records = vec![customer("ALFKI", &[]), product("tea"), product("pot"), product("jam")];
    for n in 0..8 {
        records.push(line("ALFKI", &format!("both{n}"), n, "tea", 1));
        records.push(line("ALFKI", &format!("both{n}"), n, "pot", 1));
    }
    records.extend((0..60).map(|n| line("ALFKI", &format!("jam{n}"), n, "jam", 1)));
    cache.import(&records);
    let mut directory = cache.open();
    let related: Vec<_> = directory
        .read()
        .unwrap()
        .catalogue()
        .related
        .iter()
        .flat_map(|(one, others)| others.iter().map(|other| (one.0, other.other.0, other.together)))
        .collect();
    assert_eq!(related.len(), 2);
    assert!(related.contains(&(1, 2, 8)) && related.contains(&(2, 1, 8)));
}

#[test]
fn a_second_import_is_refused_while_one_runs() {
    let cache = Cache::new();
    let directory = cache.open();
    let running = directory.begin_import("files", day(1)).unwrap();
    assert!(matches!(
        directory.begin_import("files", day(1)),
        Err(DirectoryError::Busy(_))
    ));
    drop(running);
    assert!(directory.begin_import("files", day(1)).is_ok());
}

#[test]
fn a_wrong_key_is_said_to_be_one() {
    let cache = Cache::new();
    cache.import(&shop());
    let error = Directory::open(&cache.path(), &[8; 32]).err().unwrap();
    assert!(matches!(error, DirectoryError::WrongKey { .. }));
    assert!(error.to_string().contains("delete it and import again"), "{error}");
    assert_eq!(cache.dossier("ALFKI").orders.len(), 2);
}

#[test]
fn no_customer_data_stands_in_the_file_in_the_clear() {
    let cache = Cache::new();
    let directory = cache.open();
    import(&directory, &shop(), day(100));
    for file in fs::read_dir(cache.folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"ALFKI" || window == b"SQLit"));
    }
}

#[test]
fn a_file_of_something_else_is_an_error_and_is_left_alone() {
    let cache = Cache::new();
    fs::write(cache.path(), "customer,phone\n".repeat(1_000)).unwrap();
    assert!(matches!(
        Directory::open(&cache.path(), &KEY).err().unwrap(),
        DirectoryError::WrongKey { .. }
    ));
    assert!(fs::read_to_string(cache.path()).unwrap().starts_with("customer,phone"));
}

#[test]
fn another_database_with_the_same_key_is_left_alone() {
    let cache = Cache::new();
    cache
        .sql()
        .execute_batch("CREATE TABLE calls (note TEXT); INSERT INTO calls VALUES ('kept')")
        .unwrap();
    assert!(matches!(
        Directory::open(&cache.path(), &KEY).err().unwrap(),
        DirectoryError::Foreign { .. }
    ));
    let note: String = cache
        .sql()
        .query_row("SELECT note FROM calls", [], |row| row.get(0))
        .unwrap();
    assert_eq!(note, "kept");
}

#[test]
fn a_cache_of_a_newer_version_is_emptied_and_said_to_be() {
    let cache = Cache::new();
    cache.import(&shop());
    cache
        .sql()
        .execute_batch("CREATE TABLE invented (x); PRAGMA user_version = 999")
        .unwrap();
    let mut directory = cache.open();
    assert_eq!(directory.opened(), Opened::Rebuilt);
    assert!(holders(&mut directory, 49_30_123).is_empty());
    import(&directory, &shop(), day(100));
    assert_eq!(holders(&mut directory, 49_30_123).len(), 1);
    assert_eq!(cache.open().opened(), Opened::Existing);
}

#[test]
fn a_damaged_cache_is_an_error_that_says_what_to_do() {
    let cache = Cache::new();
    let mut records = vec![customer("ALFKI", &[phone(49_30_123)])];
    records.extend((0..2_000).map(|n| line("ALFKI", &format!("order number {n}"), n, "tea", n)));
    cache.import(&records);
    let whole = fs::read(cache.path()).unwrap();
    let mut errors = 0;
    for page in 0..whole.len() / 4_096 {
        let mut bytes = whole.clone();
        for byte in &mut bytes[page * 4_096 + 100..page * 4_096 + 200] {
            *byte ^= 0x55;
        }
        fs::write(cache.path(), bytes).unwrap();
        if let Err(error) = read_everything(&cache.path()) {
            assert!(
                error.to_string().contains("delete it and import again"),
                "page {page}: {error:?}"
            );
            errors += 1;
        }
    }
    assert!(errors > 3, "the damage was seen {errors} times");
}

fn read_everything(path: &Path) -> Result<(), DirectoryError> {
    let mut directory = Directory::open(path, &KEY)?;
    let reading = directory.read()?;
    for holder in reading.holders(Key::new(49_30_123).unwrap())? {
        reading.dossier(holder.customer)?;
    }
    drop(reading);
    let mut import = directory.begin_import("files", day(101))?;
    import.record(&line("ALFKI", "order number 7", 7, "tea", 7))?;
    import.finish()?;
    Ok(())
}

#[test]
fn a_folder_that_is_not_there_is_an_error_that_names_it() {
    let error = Directory::open(Path::new("/nowhere/at/all/cache.db"), &KEY)
        .err()
        .unwrap();
    assert!(matches!(error, DirectoryError::Open { .. }));
    assert!(error.to_string().contains("/nowhere/at/all/cache.db"));
}

const CUSTOMERS: usize = 200;
const VICTIM: &str = "RINGSIDE_TEST_VICTIM";

/// A shop whose every amount is `generation`.
fn generation(generation: i64) -> Vec<Record> {
    let keys = (0..CUSTOMERS).map(|n| format!("C{n}"));
    let lines =
        |key: String| (0..40).map(move |n| line(&key, &format!("o{}", n / 4), n / 4, &format!("p{n}"), generation));
    let named = |key: String| CustomerRow {
        key,
        name: generation.to_string(),
        ..CustomerRow::default()
    };
    keys.clone()
        .map(|key| Record::Customer(named(key)))
        .chain(keys.flat_map(lines))
        .collect()
}

#[test]
#[ignore = "the process that the next test kills; it needs a cache to work on"]
fn an_import_to_be_killed() {
    let Ok(task) = std::env::var(VICTIM) else { return };
    let (number, path) = task.split_once(' ').unwrap();
    let directory = Directory::open(Path::new(path), &KEY).unwrap();
    let mut import = directory.begin_import("files", day(2)).unwrap();
    let mut output = std::io::stdout();
    for (n, record) in generation(number.parse().unwrap()).iter().enumerate() {
        import.record(record).unwrap();
        if n % 1_000 == 0 {
            writeln!(output, "step").unwrap();
        }
    }
    writeln!(output, "step finishing").unwrap();
    import.finish().unwrap();
    writeln!(output, "step finished").unwrap();
    std::thread::park();
}

/// Kills an import of `next` once it told `steps` steps and `delay` passed.
fn kill_an_import(path: &Path, next: i64, steps: usize, delay: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "directory::an_import_to_be_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(VICTIM, format!("{next} {}", path.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    assert_eq!(told.filter(|line| line.contains("step")).take(steps).count(), steps);
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn an_import_killed_at_any_moment_leaves_the_old_data_or_the_new() {
    let cache = Cache::new();
    cache.import(&generation(1));
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let (mut now, mut old, mut new) = (1, 0, 0);
    for round in 0..12u64 {
        // Nine steps while rows are taken, the tenth as the writing begins, the eleventh when it is done.
        let steps = if round == 0 { 11 } else { random.random_range(6..=10) };
        kill_an_import(
            &cache.path(),
            now + 1,
            steps,
            Duration::from_millis(random.random_range(0..80)),
        );
        let mut directory = cache.open();
        let mut found = Vec::new();
        for n in 0..CUSTOMERS {
            let dossier = dossier(&mut directory, &format!("C{n}"));
            assert_eq!(dossier.orders.len(), 10);
            found.push(dossier.customer.name.parse::<i64>().unwrap());
            found.extend(dossier.orders.iter().map(|order| order.amount.minor / 4));
            found.extend(dossier.lines.iter().map(|line| line.amount.minor));
        }
        assert!(
            found.iter().all(|one| *one == found[0]),
            "half of an import in round {round}"
        );
        assert!(found[0] == now || found[0] == now + 1);
        if found[0] == now {
            old += 1
        } else {
            new += 1
        }
        now = found[0];
        let whole: String = cache
            .sql()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(whole, "ok");
    }
    assert!(
        old > 0 && new > 0,
        "{old} rounds kept the old data and {new} had the new"
    );
}
