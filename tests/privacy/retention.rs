//! What is older than the settings keep it goes, and nothing else.

use chrono::Utc;
use ringside::call::CallId;
use ringside::journal::{Act, AuditFilter, Journal};
use ringside::start::{Old, Retained, Tidy};

use super::{Shop, days_ago, now, settings};

fn retained(shop: &Shop, more: &str) -> Retained {
    Retained::new(&settings(&format!("[retention]\n{more}")), &shop.unlocked)
}

fn rows(old: &[Old]) -> Vec<(&str, u64)> {
    old.iter().map(|one| (one.what, one.rows)).collect()
}

#[test]
fn without_a_word_everything_is_kept_for_ever() {
    let shop = Shop::full();
    let forever = Retained::new(&settings(""), &shop.unlocked);
    assert!(forever.is_forever());
    assert_eq!(forever.drop_old(now(), || true).expect("dropped"), []);
    assert_eq!(shop.journal().counts().expect("counted").calls, 10);
}

#[test]
fn a_look_says_what_would_go_and_drops_nothing() {
    let shop = Shop::full();
    let retained = retained(&shop, "calls = 26\nnotes = 28\n");
    let looked = retained.look(now()).expect("looked");
    assert_eq!(shop.journal().counts().expect("counted").calls, 10);
    let dropped = retained.drop_old(now(), || true).expect("dropped");
    assert_eq!(rows(&looked)[0], rows(&dropped)[0]);
    assert_eq!(rows(&looked)[1], ("calls", 4));
}

#[test]
fn old_calls_go_with_all_that_hangs_on_them_and_later_ones_stay() {
    let shop = Shop::full();
    retained(&shop, "calls = 26\n")
        .drop_old(now(), || true)
        .expect("dropped");
    let journal = shop.journal();
    for (call, stays) in [
        ("chat-1701", false),
        ("chat-1801", false),
        ("chat-1802", true),
        ("chat-1704", true),
    ] {
        let call = CallId(call.to_owned());
        assert_eq!(journal.call(&call).expect("read").is_some(), stays, "{call:?}");
    }
    assert_eq!(journal.note(&CallId("chat-1701".to_owned())).expect("read"), None);
    assert_eq!(
        journal.disposition(&CallId("chat-1701".to_owned())).expect("read"),
        None
    );
    assert_eq!(
        journal
            .calls_noted(&["betoniertes".to_owned()], 5)
            .expect("searched")
            .len(),
        0
    );
    journal.check().expect("whole");
}

#[test]
fn what_is_open_is_kept_however_old_it_is() {
    let shop = Shop::full();
    let before = shop.journal().open_tasks(100).expect("read").len();
    retained(&shop, "tasks = 1\ntickets = 1\n")
        .drop_old(now(), || true)
        .expect("dropped");
    let journal = shop.journal();
    assert_eq!(journal.open_tasks(100).expect("read").len(), before);
    assert_eq!(
        journal
            .open_tickets_of(&super::reference("crm/17"))
            .expect("read")
            .len(),
        1
    );
}

#[test]
fn more_than_a_batch_goes_and_it_stops_between_two() {
    let shop = Shop::new();
    let mut journal = shop.journal();
    for nth in 0..450 {
        journal
            .save_note(&CallId(format!("n{nth}")), "old", days_ago(100))
            .expect("saved");
    }
    let retained = retained(&shop, "notes = 30\n");
    let some = retained.drop_old(now(), || false).expect("dropped");
    assert_eq!(rows(&some), [("notes", 200)]);
    let rest = retained.drop_old(now(), || true).expect("dropped");
    assert_eq!(rows(&rest), [("notes", 250)]);
}

#[test]
fn a_retention_stands_in_the_trail_and_can_drop_the_oldest_of_it() {
    let shop = Shop::full();
    let retained = retained(&shop, "audit = 1\ncontacts = 10\n");
    let later = now() + chrono::TimeDelta::hours(1);
    let dropped = retained.drop_old(later, || true).expect("dropped");
    assert_eq!(rows(&dropped), [("contacts", 2), ("audit", 2)]);
    let rows = shop.journal().audited(&AuditFilter::default(), None, 10).expect("read");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].entry.act, Act::Dropped);
    assert_eq!(rows[0].entry.detail, "contacts: 2, audit: 2");
}

#[test]
fn a_wrong_retention_says_what_would_be_right() {
    for (text, words) in [
        ("calls = 0", "from 1 to 36500"),
        ("calls = -3", "from 1 to 36500"),
        ("calls = \"a year\"", "whole number of days"),
        ("call = 30", "did you mean `calls`"),
        ("recordings = 3", "unknown field"),
    ] {
        let text = format!("[retention]\n{text}\n");
        let wrong = ringside::config::parse(std::path::Path::new("config.toml"), &text).expect_err("wrong");
        assert!(wrong.to_string().contains(words), "{wrong}");
    }
}

#[test]
fn the_running_application_ends_at_once_although_its_next_time_is_tomorrow() {
    let shop = Shop::full();
    let tidy = Tidy::start(retained(&shop, "calls = 1\n")).expect("started");
    let began = std::time::Instant::now();
    tidy.stop();
    assert!(began.elapsed().as_secs() < 5);
    let journal: Journal = shop.journal();
    assert!(journal.counts().expect("counted").calls > 0, "{}", Utc::now());
}
