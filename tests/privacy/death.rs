//! An erasure that is killed leaves everything, or is finished at the next start.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use ringside::pop::view::StartNotice;
use ringside::start::People;

use super::asked::start;
use super::pages::stored;
use super::people::{OWN, THEIRS, VICTIM};
use super::{Shop, now, pages_of, settings, unlocked};

const HOME: &str = "RINGSIDE_TEST_ERASING_HOME";

/// The home that this process is to work on until it is killed; none where nobody started it for that.
fn home_to_die_in() -> Option<PathBuf> {
    std::env::var_os(HOME).map(PathBuf::from)
}

fn say(word: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{word}").and_then(|()| out.flush()).expect("said");
}

#[test]
#[ignore = "runs in a process of its own, started and killed by a test below"]
fn an_erasure_to_be_killed() {
    let Some(home) = home_to_die_in() else { return };
    let (config, unlocked) = (settings(""), unlocked(&home));
    let people = People::new(&home, &config, &unlocked);
    let person = people.find("crm/17").expect("found");
    say("begins");
    people.erase(&person, now()).expect("erased");
    say("done");
    std::thread::park();
}

#[tokio::test]
#[ignore = "runs in a process of its own, started and killed by a test below"]
async fn a_wish_to_be_killed() {
    let Some(home) = home_to_die_in() else { return };
    let (config, unlocked) = (settings(""), unlocked(&home));
    let running = start(&home, &config, &unlocked);
    let people = People::new(&home, &config, &unlocked);
    say("begins");
    let asked = people.asked_to_erase(&running.desk, "crm/17".to_owned(), VICTIM.to_owned(), now());
    asked.await.expect("begun");
    say("done");
    std::thread::park();
}

#[test]
#[ignore = "runs in a process of its own, started and killed by a test below"]
fn a_start_to_be_killed() {
    let Some(home) = home_to_die_in() else { return };
    let (config, unlocked) = (settings(""), unlocked(&home));
    say("begins");
    let _running = start(&home, &config, &unlocked);
    say("done");
    std::thread::park();
}

/// Starts one of the tests above on `home`, and kills it that long after it came to its work; whether it had done it.
fn kill_after(test: &str, home: &Path, time: Duration) -> bool {
    let test = format!("privacy::death::{test}");
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", &test, "--ignored", "--nocapture"])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output"))
        .lines()
        .map_while(Result::ok);
    assert!(lines.any(|line| line == "begins"), "it came to its work");
    std::thread::sleep(time);
    child.kill().expect("killed");
    child.wait().expect("gone");
    lines.any(|line| line == "done")
}

/// Nothing of them is left in any page, and the journal is whole.
fn assert_gone(shop: &Shop, when: Duration) {
    for file in pages_of(&shop.unlocked) {
        let shown = file.file.display();
        for word in THEIRS {
            assert!(!file.have(word.as_bytes()), "{word} in {shown} after {when:?}");
        }
        assert!(!file.have(&stored(OWN)), "in {shown} after {when:?}");
    }
    let noted = shop
        .journal()
        .calls_noted(&["betoniertes".to_owned()], 5)
        .expect("searched");
    assert_eq!(noted.len(), 1, "notes are found by their words");
    shop.journal().check().expect("the journal is whole");
}

#[test]
fn an_erasure_that_is_killed_leaves_all_or_is_finished_at_the_next_start() {
    let mut random = ChaCha8Rng::seed_from_u64(13);
    let (mut untouched, mut went_on) = (0, 0);
    for round in 0..6 {
        let shop = Shop::full();
        // the first at once; an erasure takes some tens of milliseconds here
        let time = Duration::from_millis(if round == 0 { 0 } else { random.random_range(1..120) });
        kill_after("an_erasure_to_be_killed", shop.folder.path(), time);
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
        assert_gone(&shop, time);
    }
    println!("{untouched} were left as they were, {went_on} were gone on with");
}

#[test]
fn a_wish_that_is_killed_is_not_begun_or_is_done_by_the_next_start() {
    let mut random = ChaCha8Rng::seed_from_u64(17);
    let (mut untouched, mut went_on) = (0, 0);
    for round in 0..5 {
        let shop = Shop::full();
        // the last long after it was written down
        let time = Duration::from_millis(if round == 4 { 3_000 } else { random.random_range(0..30) });
        let answered = kill_after("a_wish_to_be_killed", shop.folder.path(), time);
        let begun = !shop.journal().erasures().expect("read").is_empty();
        assert!(begun || !answered, "what the window was told is on the disk");
        assert!(
            shop.people().find("crm/17").is_ok(),
            "nothing is taken out before the next start"
        );
        let running = shop.start();
        let said = running.erased.clone();
        running.stop();
        match begun {
            true => {
                assert!(
                    matches!(said[..], [StartNotice::Erased { finished: true, .. }]),
                    "{said:?}"
                );
                assert_gone(&shop, time);
                went_on += 1;
            }
            false => {
                assert_eq!(said, []);
                assert!(shop.people().find("crm/17").is_ok());
                untouched += 1;
            }
        }
    }
    println!("{untouched} were not begun, {went_on} were done");
}

#[test]
fn a_start_that_is_killed_while_it_erases_is_gone_on_with_by_the_next() {
    let mut random = ChaCha8Rng::seed_from_u64(19);
    for _ in 0..5 {
        let shop = Shop::full();
        let person = shop.people().find("crm/17").expect("found");
        shop.people().begin(&person, now()).expect("begun");
        let time = Duration::from_millis(random.random_range(0..120));
        kill_after("a_start_to_be_killed", shop.folder.path(), time);
        let left = shop.journal().erasures().expect("read").len();
        let running = shop.start();
        assert_eq!(running.erased.len(), left, "what is finished is not said again");
        running.stop();
        assert_gone(&shop, time);
    }
}
