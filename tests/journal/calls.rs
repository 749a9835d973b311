//! The log of calls: what is written reads back, in pages, and is closed after a stop.

use ringside::call::{CallId, Direction, Outcome, Presentation, Side, Then, Trust};

use super::{answered, id, journal, key, open, ringing};

#[test]
fn a_call_reads_back_as_it_was_written_and_twice_written_is_one() {
    let (folder, mut journal) = journal();
    let call = answered("1", 0);
    journal.put_call(&ringing("1", 0)).expect("ringing");
    journal.put_call(&call).expect("answered");
    journal.put_call(&call).expect("again");
    drop(journal);
    let logged = open(folder.path()).calls(None, 10).expect("calls");
    assert_eq!(logged.iter().map(|l| &l.call).collect::<Vec<_>>(), [&call]);
}

#[test]
fn every_word_for_what_happens_on_the_phone_is_kept_for_ever() {
    let (folder, mut journal) = journal();
    let mut call = answered("1", 0);
    for direction in [Direction::In, Direction::Out, Direction::Internal] {
        for outcome in [
            None,
            Some(Outcome::Answered),
            Some(Outcome::Missed),
            Some(Outcome::Busy),
            Some(Outcome::Rejected),
            Some(Outcome::Failed),
        ] {
            (call.direction, call.outcome) = (direction, outcome);
            journal.put_call(&call).expect("written");
            assert_eq!(journal.call(&call.id).expect("read").expect("there").call, call);
        }
    }
    (call.trust, call.presentation) = (Trust::NotVerifiedC, Presentation::Restricted);
    (call.ended_by, call.then) = (Some(Side::Pbx), Some(Then::Voicemail));
    journal.put_call(&call).expect("written");
    drop(journal);
    let stored = ringside::store::open_database(&folder.path().join("journal.db"), &key(7)).expect("open");
    let words: String = stored
        .query_row(
            "SELECT concat_ws(' ', direction, outcome, trust, presentation, ended_by, went_to) FROM calls",
            [],
            |row| row.get(0),
        )
        .expect("words");
    assert_eq!(words, "internal failed not_verified_c restricted pbx voicemail");
}

#[test]
fn pages_of_the_log_follow_each_other_without_gap_or_repetition() {
    let (_folder, mut journal) = journal();
    // Three calls a minute share their start, so that only the id tells them apart.
    for number in 0..30 {
        journal
            .put_call(&answered(&format!("{number:02}"), number / 3))
            .expect("written");
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = journal.calls(cursor.as_ref(), 7).expect("a page");
        let Some(last) = page.last() else { break };
        cursor = Some(last.call.cursor());
        seen.extend(page.into_iter().map(|logged| logged.call.id));
    }
    let newest_first: Vec<CallId> = (0..30).rev().map(|number| id(&format!("{number:02}"))).collect();
    assert_eq!(seen, newest_first);
}

#[test]
fn a_call_that_was_on_when_ringside_stopped_is_closed_at_the_next_start() {
    let (folder, mut journal) = journal();
    let mut talking = answered("2", 5);
    (talking.ended, talking.outcome, talking.ended_by, talking.talked_seconds) = (None, None, None, None);
    talking.lines[1].talked_until = None;
    journal.put_call(&ringing("1", 0)).expect("written");
    journal.put_call(&talking).expect("written");
    drop(journal);

    let mut journal = open(folder.path());
    assert_eq!(journal.open_calls().expect("read").len(), 2);
    assert_eq!(journal.close_unfinished().expect("closed"), 2);
    let closed = journal.calls(None, 10).expect("read");
    let ends: Vec<_> = closed
        .iter()
        .map(|l| (l.call.ended, l.call.outcome, l.call.unfinished))
        .collect();
    assert_eq!(
        ends,
        [
            (talking.answered, Some(Outcome::Answered), true),
            (ringing("1", 0).lines[0].rang, None, true)
        ]
    );
    assert_eq!(journal.close_unfinished().expect("nothing left"), 0);
}
