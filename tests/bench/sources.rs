//! How fast a database is read into the encrypted cache, beside `psql \copy` and `.import` of the plain `sqlite3`.
//!
//! `cargo bench --bench sources` with PostgreSQL and sqlite3 installed. A shop has four rows for each customer: one with two
//! numbers, and three lines of two orders. Both sides read the same tables of the same server, one after the other, and the
//! cache ends with everything that a pop needs, where the plain one ends with two tables. Each size is read by a process of
//! its own, whose largest memory is taken. Figures go to standard output, and as JSON to the file that `RINGSIDE_BENCH_OUT` names.

mod figures;
#[allow(dead_code, reason = "shared with the tests, which also start MariaDB")]
#[path = "../sql/servers.rs"]
mod servers;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use ringside::customer::Currency;
use ringside::directory::Directory;
use ringside::number::Region;
use ringside::source::Settings;
use ringside::source::sql::{SqlSource, parse};
use ringside::source::sync::{self, Plan, Progress, Surroundings};

use figures::{Figure, Result};
use servers::Server;

/// Tells a process of this binary that it reads once: the folder, the description of the database and the customers.
const READ: &str = "RINGSIDE_BENCH_READ";

const QUERIES: &str = r#"
[[query]]
name = "people"
gives = "customers"
sql = "SELECT id AS customer, name, email, phone, mobile FROM people ORDER BY id"
map = { phone = ["phone", "mobile"] }
[[query]]
name = "sold"
gives = "orders"
sql = """SELECT number AS "order", person AS customer, article AS product, quantity, amount, at AS date FROM sold ORDER BY number"""
"#;

/// What one reading took.
struct Took {
    wall: f64,
    megabytes: f64,
}

fn main() -> Result<()> {
    if let Ok(task) = std::env::var(READ) {
        return read(&task);
    }
    let sizes: [usize; 2] = if figures::quick() {
        [2_000, 8_000]
    } else {
        [50_000, 200_000]
    };
    let server = Server::postgres().ok_or("PostgreSQL is not installed: apt install postgresql")?;
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for people in sizes {
        fill(&server, people);
        let folder = tempfile::Builder::new()
            .prefix("ringside-bench-")
            .tempdir_in("/var/tmp")?;
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
        plain.push(copy_and_import(&server, folder.path())?);
        ours.push(in_a_process(&server, folder.path(), people)?);
    }
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let pace = |at: usize, wall: f64| (sizes[at] * 4) as f64 / wall;
    let rows = [0, 1].map(|at| {
        let note = format!("{} rows, one transaction a batch, encrypted, indexed", sizes[at] * 4);
        let name = ["PostgreSQL into the cache", "the same, four times as many"][at];
        Figure::new(name, "rows/s", pace(at, ours[at].wall), pace(at, plain[at]), note)
    });
    let [small, large] = [&ours[0], &ours[1]].map(|took| took.megabytes);
    let memory = Figure::new(
        "largest memory, four times the rows",
        "MB",
        large,
        small,
        "floor: of a quarter of the rows",
    );
    let [small, large] = rows;
    figures::publish(&[small, large, memory])
}

fn fill(server: &Server, people: usize) {
    for statement in [
        "DROP TABLE IF EXISTS people, sold".to_owned(),
        format!(
            "CREATE TABLE people AS SELECT n AS id, 'Person ' || n AS name, 'p' || n || '@example.com' AS email,
             '+49 1512 ' || lpad(n::text, 7, '0') AS phone, '+49 1522 ' || lpad(n::text, 7, '0') AS mobile
             FROM generate_series(1, {people}) n"
        ),
        format!(
            "CREATE TABLE sold AS SELECT n * 2 + line % 2 AS number, n AS person, 'A-' || (n * 7 + line) % 5000 AS article,
             1 + line AS quantity, 12.50 + line AS amount, DATE '2026-01-01' + (n % 300) AS at
             FROM generate_series(1, {people}) n, generate_series(0, 2) line"
        ),
        "CREATE UNIQUE INDEX ON people (id)".to_owned(),
        "CREATE INDEX ON sold (number)".to_owned(),
        "ANALYZE".to_owned(),
    ] {
        server.run(&statement);
    }
}

/// The plain way: both tables as CSV, and CSV into a database that is not encrypted.
fn copy_and_import(server: &Server, folder: &Path) -> Result<f64> {
    let began = Instant::now();
    let shown = folder.display();
    server.run(&format!(
        "\\copy (SELECT * FROM people ORDER BY id) TO '{shown}/people.csv' CSV HEADER"
    ));
    server.run(&format!(
        "\\copy (SELECT * FROM sold ORDER BY number) TO '{shown}/sold.csv' CSV HEADER"
    ));
    for table in ["people", "sold"] {
        let import = format!(".import --csv {shown}/{table}.csv {table}");
        let status = Command::new("sqlite3")
            .arg(folder.join("plain.db"))
            .arg(import)
            .status();
        if !status
            .map_err(|_| "sqlite3 is not installed: apt install sqlite3")?
            .success()
        {
            return Err("sqlite3 could not import".into());
        }
    }
    Ok(began.elapsed().as_secs_f64())
}

fn in_a_process(server: &Server, folder: &Path, people: usize) -> Result<Took> {
    let task = format!("{}\n{people}\n{}", folder.display(), server.database("writer"));
    let output = Command::new(std::env::current_exe()?).env(READ, task).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = said
        .lines()
        .flat_map(str::split_whitespace)
        .filter_map(|word| word.parse().ok());
    match (output.status.success(), numbers.next(), numbers.next()) {
        (true, Some(wall), Some(megabytes)) => Ok(Took { wall, megabytes }),
        _ => Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// Reads once, and prints the seconds and the megabytes.
fn read(task: &str) -> Result<()> {
    let mut lines = task.splitn(3, '\n');
    let mut line = || lines.next().ok_or("three lines");
    let (folder, people, database) = (line()?, line()?.parse::<u64>()?, line()?);
    let folder = Path::new(folder);
    let file = parse(
        Path::new("shop.toml"),
        &format!("title = \"Shop\"\n[database]\n{database}\n{QUERIES}"),
    )?;
    let settings = Settings {
        region: Region::from_code("DE"),
        area: String::new(),
        currency: Currency::EUR,
        maps: Vec::new(),
        leave_out: Vec::new(),
        at: Utc::now(),
    };
    let directory = Directory::open(&folder.join("cache.db"), &[7; 32])?;
    let plan = Plan {
        name: "shop".to_owned(),
        precedence: 1,
        whole: false,
        allow_deletes: false,
    };
    let began = Instant::now();
    let mut source = SqlSource::new(file, folder.to_owned(), None, settings)?;
    let report = sync::run(&mut source, &directory.place(), &plan, &mut Alone)?;
    let wall = began.elapsed().as_secs_f64();
    if report.failed.is_some() || report.tally.added < people {
        return Err(format!("{report:?}").into());
    }
    println!("{wall} {}", largest_memory()?);
    Ok(())
}

/// The largest memory of this process so far, in megabytes.
fn largest_memory() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}

/// Nobody watches.
struct Alone;

impl Surroundings for Alone {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn chance(&mut self) -> f64 {
        0.5
    }

    fn wait(&mut self, _: Duration) -> bool {
        false
    }

    fn is_cancelled(&self) -> bool {
        false
    }

    fn progress(&mut self, _: &Progress) {}
}
