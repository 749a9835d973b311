//! When a caller waits, as the events of their call tell it.

use ringside::call::{
    CallEvent, CallKey, CallTracker, Cause, Direction, Endpoint, LegKey, Line, Party, QueueOutcome, Then, Transfer,
    TransferKind,
};

use super::at;

fn call() -> CallKey {
    CallKey("1".to_owned())
}

/// The devices of an extension have its name and a letter.
fn leg(device: &str) -> LegKey {
    LegKey(device.to_owned())
}

fn to(phone: &str) -> Endpoint {
    match phone.strip_prefix('+') {
        Some(_) => Endpoint::Outside(phone.to_owned()),
        None => Endpoint::Line(Line(phone[..3].to_owned())),
    }
}

fn began(direction: Direction) -> CallEvent {
    CallEvent::Began {
        call: call(),
        direction,
        remote: Party::default(),
        called: "100".to_owned(),
        trunk: None,
        origin: None,
    }
}

fn queued(queue: &str) -> CallEvent {
    CallEvent::Queued {
        call: call(),
        queue: queue.to_owned(),
    }
}

fn unqueued(outcome: QueueOutcome) -> CallEvent {
    CallEvent::Unqueued { call: call(), outcome }
}

fn rings(device: &str) -> [CallEvent; 2] {
    let (call, leg) = (call(), leg(device));
    let offered = CallEvent::Offered {
        call: call.clone(),
        leg: leg.clone(),
        to: to(device),
    };
    [offered, CallEvent::Ringing { call, leg }]
}

fn talks(device: &str) -> CallEvent {
    CallEvent::Answered {
        call: call(),
        leg: leg(device),
    }
}

fn leaves(device: &str, cause: Cause) -> CallEvent {
    CallEvent::LegEnded {
        call: call(),
        leg: leg(device),
        cause,
    }
}

fn ended() -> CallEvent {
    CallEvent::Ended {
        call: call(),
        cause: Cause::Normal,
        by: None,
    }
}

/// From, until, since and the queue of each wait, in seconds.
fn waits(events: &[(i64, &[CallEvent])]) -> Vec<(i64, Option<i64>, i64, String)> {
    let mut tracker = CallTracker::default();
    for (second, events) in events {
        for event in *events {
            tracker.handle("pbx", event, at(*second));
        }
    }
    let seconds = |time: chrono::DateTime<chrono::Utc>| (time - at(0)).num_seconds();
    let call = tracker.calls().next().expect("the call");
    let waits = call.waits.iter();
    waits
        .map(|wait| {
            let queue = wait.queue.clone().unwrap_or_default();
            (seconds(wait.from), wait.until.map(seconds), seconds(wait.since), queue)
        })
        .collect()
}

fn wait(from: i64, until: i64, since: i64, queue: &str) -> (i64, Option<i64>, i64, String) {
    (from, Some(until), since, queue.to_owned())
}

#[test]
fn in_a_queue_a_caller_waits_until_somebody_talks_whatever_rings() {
    let lived = waits(&[
        (0, &[began(Direction::In)]),
        (2, &[queued("sales")]),
        (3, &rings("101")),
        (9, &[leaves("101", Cause::Rejected)]),
        (12, &rings("102")),
        (14, &[unqueued(QueueOutcome::Answered), talks("102")]),
        (90, &[leaves("102", Cause::Normal), ended()]),
    ]);
    assert_eq!(lived, [wait(2, 14, 0, "sales")]);
}

#[test]
fn who_overflows_to_another_queue_goes_on_waiting_in_that_and_who_gives_up_does_not() {
    let lived = waits(&[
        (0, &[began(Direction::In), queued("sales")]),
        (30, &[unqueued(QueueOutcome::TimedOut)]),
        (30, &[queued("orders")]),
        (75, &[unqueued(QueueOutcome::Abandoned), ended()]),
    ]);
    assert_eq!(lived, [wait(0, 30, 0, "sales"), wait(30, 75, 0, "orders")]);
}

#[test]
fn without_a_queue_a_caller_waits_while_one_of_our_phones_rings() {
    let lived = waits(&[
        (0, &[began(Direction::In)]),
        (1, &rings("101 a")),
        (1, &rings("101 b")),
        (4, &[leaves("101 b", Cause::Busy)]),
        (8, &[talks("101 a")]),
        (50, &[ended()]),
    ]);
    assert_eq!(lived, [wait(1, 8, 0, "")], "the other device still rang");
    let outside = waits(&[(0, &[began(Direction::In)]), (1, &rings("+385991234")), (9, &[ended()])]);
    assert_eq!(outside, []);
    for direction in [Direction::Out, Direction::Internal] {
        assert_eq!(waits(&[(0, &[began(direction)]), (1, &rings("101"))]), []);
    }
}

#[test]
fn who_was_talked_to_and_is_sent_to_a_queue_waits_since_that_talk() {
    let lived = waits(&[
        (0, &[began(Direction::In)]),
        (1, &rings("101")),
        (5, &[talks("101")]),
        (300, &[leaves("101", Cause::Normal)]),
        (302, &[queued("orders")]),
        (330, &rings("102")),
        (331, &[unqueued(QueueOutcome::Answered)]),
        (332, &[talks("102")]),
        (400, &[ended()]),
    ]);
    assert_eq!(lived, [wait(1, 5, 0, ""), wait(302, 332, 300, "orders")]);
}

#[test]
fn a_colleague_who_is_asked_is_no_wait_until_the_call_is_passed_on_while_their_phone_rings() {
    let passed = CallEvent::Transferred {
        call: call(),
        transfer: Transfer {
            kind: TransferKind::Blonde,
            by: Some(Line("101".to_owned())),
            to: Some(to("102")),
            consultation: None,
        },
    };
    let asked = CallEvent::Consulted {
        call: call(),
        leg: leg("102"),
        by: Line("101".to_owned()),
    };
    let [offered, ringing] = rings("102");
    let lived = waits(&[
        (0, &[began(Direction::In)]),
        (1, &rings("101")),
        (3, &[talks("101")]),
        (100, &[offered, asked, ringing]),
        (125, &[passed, leaves("101", Cause::Normal)]),
        (140, &[talks("102")]),
        (200, &[ended()]),
    ]);
    assert_eq!(lived, [wait(1, 3, 0, ""), wait(125, 140, 125, "")]);
}

#[test]
fn a_mailbox_ends_the_wait_and_a_clock_that_is_set_back_does_not_undo_it() {
    let mailbox = CallEvent::Diverted {
        call: call(),
        then: Then::Voicemail,
    };
    let lived = waits(&[
        (0, &[began(Direction::In), queued("sales")]),
        (20, &[mailbox]),
        (60, &[ended()]),
    ]);
    assert_eq!(lived, [wait(0, 20, 0, "sales")]);
    let set_back = waits(&[
        (3_600, &[began(Direction::In), queued("sales")]),
        (12, &rings("101")),
        (15, &[talks("101")]),
        (60, &[ended()]),
    ]);
    assert_eq!(set_back, [wait(3_600, 15, 3_600, "sales")], "as it was told");
}

#[test]
fn a_call_that_never_comes_to_rest_keeps_no_more_than_it_may() {
    let mut events = vec![(0, vec![began(Direction::In)])];
    for second in 1..2_000 {
        events.push((second, vec![queued(["sales", "orders"][usize::from(second % 2 == 0)])]));
    }
    let events: Vec<(i64, &[CallEvent])> = events
        .iter()
        .map(|(second, events)| (*second, events.as_slice()))
        .collect();
    let lived = waits(&events);
    assert_eq!(lived.len(), 400);
    assert!(lived.iter().all(|(_, until, ..)| until.is_some()));
}
