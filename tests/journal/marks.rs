//! What a supervisor writes about calls: added to, never changed, gone with the call.

use chrono::TimeDelta;
use ringside::call::Line;
use ringside::journal::{CallFilter, Comment, Journal, LogEntry, Mark, Offer, OfferAnswer, Reviewer};

use super::{answered, id, journal, key, noon, open};

/// Who reviews.
pub(super) fn lucia() -> Reviewer {
    Reviewer {
        agent: "Lucía Ferrer".to_owned(),
        line: Line("109".to_owned()),
    }
}

fn entry(journal: &Journal, call: &str) -> LogEntry {
    journal.log_entry(&id(call)).expect("read").expect("in the log")
}

#[test]
fn comments_stand_in_the_order_they_were_written_after_a_crash() {
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    for (minute, text) in [(1, "Well done"), (2, "Card 4111 1111 1111 1111 read out")] {
        let at = noon() + TimeDelta::minutes(minute);
        assert!(journal.comment(&id("1"), &lucia(), text, at).expect("written"));
    }
    std::mem::forget(journal);
    let journal = open(folder.path());
    let expected = [(1, "Well done"), (2, "Card •••• •••• •••• 1111 read out")].map(|(minute, text)| Comment {
        at: noon() + TimeDelta::minutes(minute),
        by: lucia(),
        text: text.to_owned(),
    });
    assert_eq!(journal.comments(&id("1")).expect("read"), expected);
    assert_eq!(entry(&journal, "1").comments, 2);
}

#[test]
fn a_mark_replaces_another_and_the_history_keeps_both() {
    let (_folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    let marks = [Some(Mark::Coaching), Some(Mark::Coaching), Some(Mark::Reviewed), None];
    for (minute, mark) in (0..).zip(marks) {
        let at = noon() + TimeDelta::minutes(minute);
        assert!(journal.mark(&id("1"), &lucia(), mark, at).expect("written"));
        assert_eq!(entry(&journal, "1").mark, mark);
    }
    let told: Vec<_> = journal.marks(&id("1")).expect("read").into_iter().collect();
    let history: Vec<_> = told
        .iter()
        .map(|one| ((one.at - noon()).num_minutes(), one.mark))
        .collect();
    assert_eq!(
        history,
        [(0, Some(Mark::Coaching)), (2, Some(Mark::Reviewed)), (3, None)]
    );
    assert!(told.iter().all(|one| one.by == lucia()));
}

#[test]
fn a_mark_stays_when_the_call_is_written_again() {
    let (_folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    journal
        .mark(&id("1"), &lucia(), Some(Mark::Coaching), noon())
        .expect("marked");
    journal.put_call(&answered("1", 0)).expect("written");
    assert_eq!(entry(&journal, "1").mark, Some(Mark::Coaching));
}

#[test]
fn nothing_is_written_about_a_call_that_is_not_there() {
    let (_folder, mut journal) = journal();
    assert!(!journal.comment(&id("1"), &lucia(), "x", noon()).expect("read"));
    assert!(
        !journal
            .mark(&id("1"), &lucia(), Some(Mark::Reviewed), noon())
            .expect("read")
    );
    assert_eq!(journal.comments(&id("1")).expect("read"), []);
    assert_eq!(journal.marks(&id("1")).expect("read"), []);
}

#[test]
fn what_was_written_is_not_changed_by_sql_and_goes_with_the_call() {
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    journal.comment(&id("1"), &lucia(), "x", noon()).expect("written");
    journal
        .mark(&id("1"), &lucia(), Some(Mark::Coaching), noon())
        .expect("marked");
    drop(journal);
    let conn = ringside::store::open_database(&folder.path().join("journal.db"), &key(7)).expect("open");
    for sql in [
        "UPDATE call_comments SET text = 'y'",
        "UPDATE call_marks SET mark = 'reviewed'",
    ] {
        assert!(conn.execute(sql, []).is_err(), "{sql}");
    }
    conn.execute("DELETE FROM calls", []).expect("deleted");
    for table in ["call_comments", "call_marks"] {
        let sql = format!("SELECT count(*) FROM {table}");
        let left: i64 = conn.query_row(&sql, [], |row| row.get(0)).expect("counted");
        assert_eq!(left, 0, "{table}");
    }
}

#[test]
fn a_row_of_the_log_says_what_was_offered_and_whether_somebody_said_who_it_was() {
    let (_folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    for (product, answer) in [("tea", OfferAnswer::Accepted), ("pot", OfferAnswer::Declined)] {
        let offer = Offer {
            call: id("1"),
            product: product.to_owned(),
            product_name: product.to_owned(),
            customer: None,
            answer,
            line: Line("101".to_owned()),
            at: noon(),
        };
        journal.answer_offer(&offer).expect("written");
    }
    let rows = journal.log(&CallFilter::default(), None, 10).expect("read");
    let row = rows.first().expect("one");
    assert_eq!((row.offered, row.accepted, row.said, rows.len()), (2, 1, false, 1));
}

#[test]
fn every_extension_and_queue_is_named_once() {
    let (_folder, mut journal) = journal();
    assert_eq!(journal.agents_and_queues().expect("read"), (Vec::new(), Vec::new()));
    for (name, queue) in [
        ("1", Some("sales")),
        ("2", Some("orders")),
        ("3", None),
        ("4", Some("sales")),
    ] {
        let mut call = answered(name, 0);
        call.facts.queue = queue.map(str::to_owned);
        journal.put_call(&call).expect("written");
    }
    let (agents, queues) = journal.agents_and_queues().expect("read");
    assert_eq!(agents, ["101", "102"]);
    assert_eq!(queues, ["orders", "sales"]);
}
