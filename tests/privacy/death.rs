//! An erasure that is killed leaves everything, or is finished at the next start.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use ringside::start::People;

use super::pages::stored;
use super::people::{OWN, THEIRS};
use super::{Shop, now, pages_of, settings, unlocked};

const HOME: &str = "RINGSIDE_TEST_ERASING_HOME";

#[test]
#[ignore = "runs in a process of its own, started and killed by the next test"]
fn an_erasure_to_be_killed() {
    let Some(home) = std::env::var_os(HOME).map(PathBuf::from) else {
        return;
    };
    let (config, unlocked) = (settings(""), unlocked(&home));
    let people = People::new(&home, &config, &unlocked);
    let person = people.find("crm/17").expect("found");
    let mut out = std::io::stdout();
    writeln!(out, "begins").and_then(|()| out.flush()).expect("said");
    people.erase(&person, now()).expect("erased");
    writeln!(out, "done").and_then(|()| out.flush()).expect("said");
    std::thread::park();
}

fn kill_after(home: &Path, time: Duration) {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "privacy::death::an_erasure_to_be_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let begun = lines.map_while(Result::ok).any(|line| line == "begins");
    assert!(begun, "it came to its erasure");
    std::thread::sleep(time);
    child.kill().expect("killed");
    child.wait().expect("gone");
}

#[test]
fn an_erasure_that_is_killed_leaves_all_or_is_finished_at_the_next_start() {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(13);
    let (mut untouched, mut went_on) = (0, 0);
    for round in 0..6 {
        let shop = Shop::full();
        // the first at once; an erasure takes some tens of milliseconds here
        let time = Duration::from_millis(if round == 0 { 0 } else { random.random_range(1..120) });
        kill_after(shop.folder.path(), time);
        shop.journal().check().expect("the journal is whole");
        let begun = !shop.journal().erasures().expect("read").is_empty();
        let finished = shop.people().finish(now()).expect("finished");
        assert_eq!(begun, !finished.is_empty());
        if shop.people().find("crm/17").is_ok() {
            assert!(!begun, "what is begun is finished");
            untouched += 1;
            continue;
        }
        went_on += usize::from(begun);
        for file in pages_of(&shop.unlocked) {
            for word in THEIRS {
                assert!(
                    !file.have(word.as_bytes()),
                    "{word} in {} after {time:?}",
                    file.file.display()
                );
            }
            assert!(!file.have(&stored(OWN)));
        }
        let noted = shop
            .journal()
            .calls_noted(&["betoniertes".to_owned()], 5)
            .expect("searched");
        assert_eq!(noted.len(), 1, "notes are found by their words");
    }
    println!("{untouched} were left as they were, {went_on} were gone on with");
}
