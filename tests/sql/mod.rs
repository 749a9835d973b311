//! Databases as sources: the same questions to SQLite, a real PostgreSQL and a real MariaDB, each started for the test.

mod servers;

use std::path::Path;

use ringside::customer::Currency;
use ringside::number::Region;
use ringside::source::Settings;
use ringside::source::pull::{Batch, Extent, Mark, PullError, Source as _, Stopped};
use ringside::source::record::Record;
use ringside::source::sql::{SqlSource, parse, trial};
use servers::Server;

const TABLES: &str = "
CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(80), phone VARCHAR(40), mobile VARCHAR(40), changed TIMESTAMP);
CREATE TABLE sold (number INT, person INT, article VARCHAR(20), amount DECIMAL(12,2), at DATE, changed TIMESTAMP);
";

const QUERIES: &str = r#"
[[query]]
name = "people"
gives = "customers"
sql = "SELECT id, name, phone, mobile, changed FROM people WHERE changed >= {since} ORDER BY id"
watermark = "changed"
map = { customer = "id", phone = ["phone", "mobile"] }

[[query]]
name = "sold"
gives = "orders"
sql = """
SELECT number AS "order", person AS customer, article AS product, amount, at AS date, changed FROM sold
WHERE number IN (SELECT number FROM sold WHERE changed >= {since}) ORDER BY number"""
watermark = "changed"
"#;

fn settings() -> Settings {
    Settings {
        region: Region::from_code("DE"),
        area: "30".to_owned(),
        currency: Currency::EUR,
        maps: Vec::new(),
        leave_out: Vec::new(),
        at: "2026-11-28T12:00:00Z".parse().expect("a time"),
    }
}

/// The statements that fill the tables: people 1 to `people`, and two lines of each order.
fn rows(people: usize) -> Vec<String> {
    let person = |n: usize| {
        format!(
            "({n}, 'Person {n}', '+49 30 23125{:03}', NULL, '2026-11-20 10:00:00')",
            n % 1000
        )
    };
    let line = |n: usize, article: &str| format!("({n}, {n}, '{article}', 12.50, '2026-11-01', '2026-11-20 10:00:00')");
    let people: Vec<usize> = (1..=people).collect();
    people
        .chunks(500)
        .flat_map(|chunk| {
            let persons: Vec<String> = chunk.iter().map(|n| person(*n)).collect();
            let lines: Vec<String> = chunk.iter().flat_map(|n| [line(*n, "A"), line(*n, "B")]).collect();
            [
                format!("INSERT INTO people VALUES {}", persons.join(", ")),
                format!("INSERT INTO sold VALUES {}", lines.join(", ")),
            ]
        })
        .collect()
}

fn source(database: &str, queries: &str, folder: &Path) -> SqlSource {
    let text = format!("title = \"Shop\"\n[database]\n{database}\n{queries}");
    let file = parse(Path::new("shop.toml"), &text).expect("a good file");
    SqlSource::new(file, folder.to_owned(), None, settings()).expect("usable")
}

fn pull(source: &mut SqlSource, at: usize, mark: Option<&Mark>) -> (Vec<Batch>, Result<Extent, PullError>) {
    let stream = source.streams()[at].clone();
    let mut batches = Vec::new();
    let end = source.pull(&stream, mark, &mut |batch| {
        batches.push(batch);
        Ok::<(), Stopped>(())
    });
    (batches, end)
}

fn keys(batches: &[Batch]) -> Vec<String> {
    let key = |record: &Record| match record {
        Record::Customer(row) => row.key.clone(),
        Record::OrderLine(row) => format!("{}/{}", row.order, row.product),
        _ => String::new(),
    };
    batches.iter().flat_map(|batch| &batch.records).map(key).collect()
}

fn mark(batches: &[Batch]) -> Option<Mark> {
    batches.iter().rev().find_map(|batch| batch.mark.clone())
}

/// What holds for every kind of database. `run` sends a statement as somebody who may write.
fn reads_whole_and_then_what_changed(database: &str, folder: &Path, run: &mut dyn FnMut(&str)) {
    const PEOPLE: usize = 11_300;
    TABLES
        .split(';')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
        .for_each(&mut *run);
    rows(PEOPLE).iter().for_each(|statement| run(statement));
    let mut source = source(database, QUERIES, folder);

    let (people, end) = pull(&mut source, 0, None);
    assert!(matches!(end, Ok(Extent::Whole)), "{end:?}");
    assert_eq!(keys(&people).len(), PEOPLE);
    assert!(people.len() >= 3, "in batches: {}", people.len());
    let Record::Customer(first) = &people[0].records[0] else {
        panic!("a customer")
    };
    assert_eq!((first.name.as_str(), first.phones.len()), ("Person 1", 1));
    assert_eq!(first.phones[0].label, "phone");

    let (sold, end) = pull(&mut source, 1, None);
    assert!(matches!(end, Ok(Extent::Whole)), "{end:?}");
    assert_eq!(keys(&sold).len(), 2 * PEOPLE);
    for batch in &sold {
        assert_eq!(batch.records.len() % 2, 0, "an order is never cut in two");
        assert_eq!(batch.refused, []);
    }
    let Record::OrderLine(line) = &sold[0].records[0] else {
        panic!("a line")
    };
    assert_eq!((line.amount.minor, line.quantity_milli), (1250, 1000));

    run("UPDATE people SET phone = '+49 30 99887766', changed = '2026-11-25 09:00:00' WHERE id = 7");
    run("UPDATE sold SET amount = 15, changed = '2026-11-25 09:00:00' WHERE number = 9 AND article = 'A'");
    // the first mark is at 10:00:00 of the 20th, and two minutes before that are asked again: everybody
    let (_, again) = pull(&mut source, 0, mark(&people).as_ref());
    assert!(matches!(again, Ok(Extent::Changes)), "{again:?}");
    let later = Some(Mark("2026-11-25 08:59:00".to_owned()));
    let (changed, _) = pull(&mut source, 0, later.as_ref());
    assert_eq!(keys(&changed), ["7"]);
    assert!(
        mark(&changed).is_some_and(|mark| mark.0.starts_with("2026-11-25 09:00:00")),
        "{:?}",
        mark(&changed)
    );
    let (order, _) = pull(&mut source, 1, later.as_ref());
    assert_eq!(keys(&order).len(), 2, "an order whole");

    for (sql, part) in [
        ("SELECT id AS customer, nam AS name FROM people", "nam"),
        ("SELECT id AS customer, name FROM peeple", "peeple"),
        ("SELECT id, name FROM people", "it gives id, name"),
        ("SELECT id AS customer FROM people WHERE", "correct the SQL"),
    ] {
        let queries = format!("[[query]]\nname = \"people\"\ngives = \"customers\"\nsql = \"{sql}\"");
        let end = pull(&mut self::source(database, &queries, folder), 0, None).1;
        let said = end.expect_err(sql).to_string();
        assert!(
            said.starts_with("Shop (people): ") && (said.contains(part) || database.contains("sqlite")),
            "{sql}: {said}"
        );
    }
    let hostile = Some(Mark("'; DROP TABLE people; --".to_owned()));
    assert!(matches!(
        pull(&mut source, 0, hostile.as_ref()).1,
        Err(PullError::MarkExpired { .. })
    ));
}

#[test]
fn sqlite_is_read_whole_and_then_what_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = rusqlite::Connection::open(folder.path().join("shop.db")).expect("opened");
    let mut run = |sql: &str| connection.execute_batch(sql).expect(sql);
    reads_whole_and_then_what_changed("kind = \"sqlite\"\nfile = \"shop.db\"", folder.path(), &mut run);
}

#[test]
fn postgresql_is_read_whole_and_then_what_changed_and_nothing_can_be_written() {
    let Some(server) = Server::postgres() else { return };
    let database = server.database("writer");
    reads_whole_and_then_what_changed(&database, Path::new("/"), &mut |sql| server.run(sql));
    let said = source(&database, QUERIES, Path::new("/")).remarks().expect("reached");
    assert!(said.iter().any(|said| said.contains("may also write")), "{said:?}");
    server.run("CREATE USER reader");
    server.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    assert_eq!(
        source(&server.database("reader"), QUERIES, Path::new("/"))
            .remarks()
            .expect("reached"),
        Vec::<String>::new()
    );
    // the second lock: a function that writes is a SELECT to whoever reads the words
    server.run("CREATE FUNCTION sly() RETURNS TABLE(customer INT, name TEXT) LANGUAGE sql AS 'DELETE FROM people RETURNING id, name'");
    let sly = "[[query]]\nname = \"sly\"\ngives = \"customers\"\nsql = \"SELECT customer, name FROM sly()\"";
    let said = pull(&mut source(&database, sly, Path::new("/")), 0, None)
        .1
        .expect_err("refused")
        .to_string();
    assert!(said.contains("read-only transaction"), "{said}");
}

#[test]
fn mariadb_is_read_whole_and_then_what_changed_and_nothing_can_be_written() {
    let Some(server) = Server::mariadb() else { return };
    let database = server.database("writer");
    reads_whole_and_then_what_changed(&database, Path::new("/"), &mut |sql| server.run(sql));
    let said = source(&database, QUERIES, Path::new("/")).remarks().expect("reached");
    assert!(said.iter().any(|said| said.contains("may also write")), "{said:?}");
    server.run("CREATE USER reader@'127.0.0.1'");
    server.run("GRANT SELECT ON shop.* TO reader@'127.0.0.1'");
    assert_eq!(
        source(&server.database("reader"), QUERIES, Path::new("/"))
            .remarks()
            .expect("reached"),
        Vec::<String>::new()
    );
}

#[test]
fn a_database_that_is_away_is_tried_again_later() {
    let database = "kind = \"postgresql\"\nhost = \"127.0.0.1\"\nport = 1\ndatabase = \"x\"\nuser = \"x\"";
    let end = pull(&mut source(database, QUERIES, Path::new("/")), 0, None).1;
    assert!(matches!(end, Err(PullError::Later { .. })), "{end:?}");
}

#[test]
fn lines_of_an_order_that_do_not_stand_together_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = rusqlite::Connection::open(folder.path().join("shop.db")).expect("opened");
    let values = "VALUES (1, 1, 'A', 5, '2026-11-01'), (2, 1, 'A', 5, '2026-11-01'), (1, 1, 'B', 5, '2026-11-01')";
    connection
        .execute_batch(&format!(
            "CREATE TABLE s (\"order\", customer, product, amount, date); INSERT INTO s {values}"
        ))
        .expect("made");
    let query = "[[query]]\nname = \"sold\"\ngives = \"orders\"\nsql = \"SELECT * FROM s\"";
    let end = pull(
        &mut source("kind = \"sqlite\"\nfile = \"shop.db\"", query, folder.path()),
        0,
        None,
    )
    .1;
    assert!(end.expect_err("refused").to_string().contains("add ORDER BY"));
}

#[test]
fn a_file_that_would_write_or_is_wrong_is_refused_by_line() {
    let head = "title = \"Shop\"\n[database]\nkind = \"sqlite\"\nfile = \"x\"\n";
    for (query, part) in [
        ("sql = \"DELETE FROM t\"", "only a SELECT"),
        ("sql = \"SELECT 1\"\nwatermark = \"x\"", "does not say {since}"),
        ("sql = \"SELECT {since}\"", "name the column"),
        (
            "sql = \"SELECT 1\"\nmap = { custmer = \"id\" }",
            "did you mean `customer`?",
        ),
        ("sqll = \"SELECT 1\"", "did you mean `sql`?"),
    ] {
        let text = format!("{head}[[query]]\nname = \"q\"\ngives = \"customers\"\n{query}");
        let said = parse(Path::new("shop.toml"), &text).expect_err(query).to_string();
        assert!(said.contains(part) && said.contains("line "), "{said}");
    }
}

#[test]
fn a_walk_says_what_each_query_gives_and_keeps_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = rusqlite::Connection::open(folder.path().join("shop.db")).expect("opened");
    connection.execute_batch(TABLES).expect("made");
    rows(3)
        .iter()
        .for_each(|statement| connection.execute_batch(statement).expect("filled"));
    let text = format!("title = \"Shop\"\n[database]\nkind = \"sqlite\"\nfile = \"shop.db\"\n{QUERIES}");
    let walk = |text: &str| trial(Path::new("shop.toml"), text, folder.path().to_owned(), None, settings());
    let found = walk(&text);
    let steps: Vec<&str> = found.steps.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(
        steps,
        ["file", "password", "connection", "stream people", "stream sold"]
    );
    assert!(found.is_good(), "{:?}", found.steps);
    let seen = found.steps[3].seen.as_ref().expect("seen");
    assert_eq!(seen.records, 3);
    assert!(
        seen.example.contains(&("name", "Person 1".to_owned())),
        "{:?}",
        seen.example
    );

    let found = walk(&text.replace("FROM people", "FROM pepole"));
    assert!(
        !found.is_good() && found.steps[3].said.contains("pepole"),
        "{:?}",
        found.steps
    );
    let found = walk(&text.replace("file = \"shop.db\"", "file = \"gone.db\""));
    assert_eq!((found.steps.len(), found.is_good()), (3, false), "{:?}", found.steps);
    let found = walk(&text.replace("title =", "titel ="));
    assert!(
        found.steps.len() == 1 && found.steps[0].said.contains("did you mean `title`?"),
        "{:?}",
        found.steps
    );
}
