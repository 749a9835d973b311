//! A sync that is killed.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::customer::Currency;
use ringside::directory::Directory;
use ringside::number::Region;
use ringside::source::Settings;
use ringside::source::files::Files;
use ringside::source::sync::{self, Progress, Surroundings};

use super::{World, plan, said};
use crate::directory::{Cache, KEY, day};

const VICTIM: &str = "RINGSIDE_TEST_SYNC_VICTIM";
const CUSTOMERS: usize = 200;
/// What a run tells: each stream as it begins, and each of its batches.
const STEPS: usize = 22;

/// Writes the files of a shop that differ from those of the generation before in a third of the rows.
fn write(folder: &Path, generation: usize) {
    let there = |n: &usize| !(n + generation).is_multiple_of(40);
    let changed = |n: usize| {
        if (n + generation).is_multiple_of(3) {
            generation
        } else {
            0
        }
    };
    let mut customers = "customer_id,name,phone,email\n".to_owned();
    let mut orders = "customer_id,order_id,timestamp,product_id,qty,price\n".to_owned();
    let mut invoices = "customer_id,invoice,due,open\n".to_owned();
    for n in (0..CUSTOMERS).filter(there) {
        let version = changed(n);
        customers += &format!("C{n},Name {version} of {n},+49 30 2312{n:04},c{n}@example.org\n");
        for line in 0..2 {
            orders += &format!("C{n},O{n},2026-01-0{},P{line},1,{version}.50\n", 1 + line);
        }
        invoices += &format!("C{n},I{n},2026-02-01,{version}.25\n");
    }
    for (name, text) in [("customers", customers), ("orders", orders), ("invoices", invoices)] {
        std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
    }
}

fn source(folder: &Path) -> Files {
    let settings = Settings {
        region: Region::from_code("DE"),
        area: String::new(),
        currency: Currency::EUR,
        maps: Vec::new(),
        leave_out: Vec::new(),
        at: day(1),
    };
    Files::new(folder.to_owned(), settings, None)
        .at_once()
        .in_batches_of(50)
}

fn run(cache: &Path, folder: &Path, around: &mut dyn Surroundings) {
    let place = Directory::open(cache, &KEY).unwrap().place();
    let report = sync::run(&mut source(folder), &place, &plan("shop"), around).unwrap();
    assert_eq!(report.failed, None);
    assert_eq!((report.tally.refused, report.tally.held), (0, 0), "{report:?}");
}

/// Tells every step, so that whoever kills it knows how far it is.
struct Telling(World);

impl Surroundings for Telling {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn chance(&mut self) -> f64 {
        self.0.chance()
    }

    fn wait(&mut self, time: Duration) -> bool {
        self.0.wait(time)
    }

    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    fn progress(&mut self, _: &Progress) {
        println!("step");
    }
}

#[test]
#[ignore = "the process that the next test kills; it needs a cache to work on"]
fn a_sync_to_be_killed() {
    let Ok(task) = std::env::var(VICTIM) else { return };
    let (cache, folder) = task.split_once('\n').unwrap();
    run(Path::new(cache), Path::new(folder), &mut Telling(World::at(1)));
    writeln!(std::io::stdout(), "ended").unwrap();
    std::thread::park();
}

/// Kills a sync `delay` after it told so many steps; whether it had ended by then.
fn kill(cache: &Path, folder: &Path, steps: usize, delay: Duration) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "source_sync::death::a_sync_to_be_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(VICTIM, format!("{}\n{}", cache.display(), folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let (mut left, mut ended) = (steps, false);
    while left > 0 && !ended {
        let line = told.next().unwrap();
        ended = line.contains("ended");
        left -= usize::from(line.contains("step"));
    }
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
    ended || told.any(|line| line.contains("ended"))
}

#[test]
fn a_sync_killed_at_fifty_random_moments_leaves_a_whole_cache_and_the_next_run_ends_with_the_same_data() {
    let (cache, files) = (Cache::new(), tempfile::tempdir().unwrap());
    let folder: PathBuf = files.path().to_owned();
    write(&folder, 0);
    run(&cache.path(), &folder, &mut World::at(1));
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut unfinished, mut resumed) = (0, 0);
    for generation in 1..=50 {
        write(&folder, generation);
        let delay = Duration::from_millis(random.random_range(0..20));
        let ended = kill(&cache.path(), &folder, random.random_range(1..=STEPS), delay);
        unfinished += u32::from(!ended);
        let (whole, given): (String, i64) = {
            let sql = cache.sql();
            let check = sql.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            let given = sql
                .query_row("SELECT count(*) FROM given", [], |row| row.get(0))
                .unwrap();
            (check, given)
        };
        assert_eq!(whole, "ok");
        resumed += u32::from(given > 0);
        run(&cache.path(), &folder, &mut World::at(1));
        if generation % 10 == 0 {
            let undisturbed = Cache::new();
            run(&undisturbed.path(), &folder, &mut World::at(1));
            let (left, right) = (said(&cache), said(&undisturbed));
            assert!(left == right, "another cache after generation {generation}");
        }
        let kept = Directory::open(&cache.path(), &KEY)
            .unwrap()
            .place()
            .kept("shop")
            .unwrap();
        assert_eq!(
            usize::try_from(kept.customers).unwrap(),
            (0..CUSTOMERS).filter(|n| !(n + generation).is_multiple_of(40)).count()
        );
    }
    assert!(
        unfinished > 25 && resumed > 5,
        "{unfinished} were killed before their end, {resumed} in a stream"
    );
}
