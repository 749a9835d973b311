//! The last hour, from recorded calls: it says of every moment what the live board says of it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::{CallId, Wait};
use ringside::desk::PageRequest;
use ringside::feed::Signal;
use ringside::journal::Journal;
use ringside::pop::view::BoardView;
use ringside::review::{LastHour, Minute, Period, Target};
use ringside::words::Saying;

use super::{Seated, TO_THE_END, recorded};

/// Every recorded call.
fn recordings() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls");
    let folders = fs::read_dir(folder).expect("recordings");
    let recorded = folders.map(|entry| entry.expect("an entry").path());
    let recorded = recorded.filter(|path| path.join("recording.ami").is_file());
    let mut names: Vec<String> = recorded
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    assert!(names.len() > 30, "only {names:?}");
    names
}

type Callers = Vec<(CallId, Vec<Wait>)>;

impl Seated {
    fn callers(&mut self) -> Callers {
        self.page(PageRequest::Callers).expect("callers")
    }

    fn waiting(&mut self) -> BoardView {
        self.page(PageRequest::Board).expect("a board")
    }

    /// What the journal has of the calls from outside, and what the desk has beside it.
    fn stories(&mut self) -> Callers {
        let on = self.callers();
        let journal = Journal::open(&self.folder.path().join("journal.db"), &self.key).expect("a journal");
        let day = Period {
            from: self.now - TimeDelta::hours(12),
            until: self.now + TimeDelta::hours(12),
        };
        let mut stories = journal.waits(day).expect("read");
        let known: HashSet<CallId> = stories.iter().map(|(call, _)| call.clone()).collect();
        stories.extend(on.into_iter().filter(|(call, _)| !known.contains(call)));
        stories
    }
}

/// All of the hour until `now`.
fn all(stories: &[(CallId, Vec<Wait>)], now: DateTime<Utc>, queue: &str) -> Minute {
    let mut hour = LastHour::until(now, Target::default(), queue);
    stories.iter().for_each(|(_, waits)| hour.add(waits));
    hour.all()
}

/// Who still waits at `far`, long after all that is told: those who wait now.
fn waits_on(stories: &[(CallId, Vec<Wait>)], far: DateTime<Utc>, queue: &str) -> (u32, u32) {
    let Minute { waiting, longest, .. } = all(stories, far, queue);
    (waiting, longest)
}

/// The same of the board.
fn on_the_board(board: &BoardView, far: DateTime<Utc>, queue: &str) -> (u32, u32) {
    let waiting = board.waiting.iter();
    let waiting = waiting.filter(|one| queue.is_empty() || one.queue.as_deref() == Some(queue));
    let waits: Vec<u32> = waiting
        .map(|one| u32::try_from((far - one.since).num_seconds()).expect("a wait"))
        .collect();
    let most = waits.iter().max().copied().unwrap_or_default();
    (u32::try_from(waits.len()).expect("few"), most)
}

#[test]
fn at_every_moment_of_every_recorded_call_those_wait_who_wait_on_the_board_and_as_long() {
    for recording in recordings() {
        let mut seat = Seated::at(&["109"]);
        let now = seat.now;
        seat.signal(Signal::Up { caveat: None }, now);
        let far = now + TimeDelta::hours(10);
        for (nth, (since, event)) in recorded(&recording).into_iter().enumerate() {
            seat.signal(Signal::Event(event.clone()), now + since);
            let (board, stories) = (seat.waiting(), seat.callers());
            for queue in ["", "support"] {
                assert_eq!(
                    waits_on(&stories, far, queue),
                    on_the_board(&board, far, queue),
                    "{recording}, in {queue:?} after event {nth}: {event:?}"
                );
            }
        }
    }
}

#[test]
fn when_a_recorded_call_is_over_the_journal_says_how_long_the_board_showed_it_waiting() {
    for recording in recordings() {
        let mut seat = Seated::at(&["109"]);
        let now = seat.now;
        seat.signal(Signal::Up { caveat: None }, now);
        let mut longest: BTreeMap<String, i64> = BTreeMap::new();
        let mut events = recorded(&recording).into_iter().peekable();
        while let Some((since, event)) = events.next() {
            seat.signal(Signal::Event(event), now + since);
            let until = events.peek().map_or(since, |(next, _)| *next);
            if until > since {
                for one in seat.waiting().waiting {
                    let waited = (now + until - one.since).num_seconds();
                    let most = longest.entry(one.call).or_default();
                    *most = waited.max(*most);
                }
            }
        }
        let all = all(&seat.stories(), now + TimeDelta::minutes(50), "");
        let on = u32::try_from(seat.waiting().waiting.len()).expect("few");
        assert_eq!(on, 0, "{recording}: it is not over");
        let most = longest.values().max().copied().unwrap_or_default();
        let late = longest.values().filter(|waited| **waited > 20).count();
        assert_eq!(
            (i64::from(all.waiting), i64::from(all.late), i64::from(all.longest)),
            (
                i64::try_from(longest.len()).expect("few"),
                i64::try_from(late).expect("few"),
                most
            ),
            "{recording}"
        );
    }
}

#[test]
fn nobody_is_said_to_wait_after_the_phone_system_was_lost() {
    let mut seat = Seated::at(&["109"]);
    let now = seat.now;
    seat.signal(Signal::Up { caveat: None }, now);
    seat.play("queue_abandoned", 2.0);
    let far = now + TimeDelta::hours(10);
    assert_eq!(waits_on(&seat.callers(), far, "").0, 1);
    let lost = now + TimeDelta::seconds(4);
    seat.signal(Signal::Lost(Saying::quoted("the line is cut")), lost);
    assert_eq!(waits_on(&seat.callers(), far, ""), (0, 0));
    let until_then = all(&seat.callers(), now + TimeDelta::minutes(1), "");
    assert!(until_then.waiting == 1 && until_then.longest <= 4, "{until_then:?}");
}

#[test]
fn the_board_names_the_queue_of_missed_callers_and_counts_in_each_who_was_reached() {
    let mut seat = Seated::at(&["109"]);
    let now = seat.now;
    seat.signal(Signal::Up { caveat: None }, now);
    seat.play("in_missed", TO_THE_END);
    assert_eq!(seat.waiting().missed[0].queue, None, "a phone rang without a queue");
    seat.now += TimeDelta::minutes(2);
    seat.play("queue_abandoned", TO_THE_END);
    let board = seat.waiting();
    assert_eq!(board.missed[0].queue.as_deref(), Some("support"), "of the last call");
    let queues = |board: &BoardView| {
        let queues = board.queues.iter();
        queues.map(|one| (one.queue.clone(), one.reached)).collect::<Vec<_>>()
    };
    assert_eq!(queues(&board), [("support".to_owned(), 0)]);
    let call = CallId(board.missed[0].person.call.clone());
    seat.page(|reply| PageRequest::CloseMissed(call, true, reply))
        .expect("closed");
    let board = seat.waiting();
    assert_eq!((board.missed.len(), board.reached), (0, 1));
    assert_eq!(queues(&board), [("support".to_owned(), 1)]);
}
