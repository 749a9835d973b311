//! An import that is killed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

pub(super) const CUSTOMERS: usize = 200;
const VICTIM: &str = "RINGSIDE_TEST_VICTIM";

/// A shop whose every amount is `generation`.
pub(super) fn generation(generation: i64) -> Vec<Record> {
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
pub(super) fn kill_an_import(path: &Path, next: i64, steps: usize, delay: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "directory::death::an_import_to_be_killed",
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
            old += 1;
        } else {
            new += 1;
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
