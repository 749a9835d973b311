//! Who waited in the last hour: over the edges of it, in two queues, passed on, and told by a clock that was set back.

mod kept;
mod lived;

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::call::Wait;
use ringside::review::{LAST_MINUTES, LastHour, Minute, Target};

/// Half a minute past eleven.
fn now() -> DateTime<Utc> {
    at(3_630)
}

/// So many seconds after ten.
fn at(second: i64) -> DateTime<Utc> {
    let ten = Utc.with_ymd_and_hms(2026, 11, 24, 10, 0, 0).single().expect("a time");
    ten + TimeDelta::seconds(second)
}

/// When the first of the minutes begins.
const FIRST: i64 = 60;

/// A wait in a queue, which began with the call.
fn wait(queue: &str, from: i64, until: Option<i64>) -> Wait {
    since(from, queue, from, until)
}

/// A wait in a queue of whoever waited before.
fn since(since: i64, queue: &str, from: i64, until: Option<i64>) -> Wait {
    Wait {
        from: at(from),
        until: until.map(at),
        since: at(since),
        queue: Some(queue.to_owned()).filter(|queue| !queue.is_empty()),
    }
}

fn hour(callers: &[Vec<Wait>], queue: &str) -> LastHour {
    let mut hour = LastHour::until(now(), Target::default(), queue);
    callers.iter().for_each(|waits| hour.add(waits));
    hour
}

/// The minutes in which anybody waited: how many, how many too long, and the longest.
fn told(hour: &LastHour) -> Vec<(usize, u32, u32, u32)> {
    let minutes = hour.minutes().iter().enumerate();
    let told = minutes.map(|(nth, one)| (nth, one.waiting, one.late, one.longest));
    told.filter(|(_, waiting, ..)| *waiting > 0).collect()
}

fn of(callers: &[Vec<Wait>], queue: &str) -> Vec<(usize, u32, u32, u32)> {
    told(&hour(callers, queue))
}

fn all(callers: &[Vec<Wait>], queue: &str) -> (u32, u32, u32) {
    let Minute { waiting, late, longest } = hour(callers, queue).all();
    (waiting, late, longest)
}

#[test]
fn an_hour_is_the_minute_that_goes_on_and_the_fifty_nine_before_it() {
    let hour = LastHour::until(now() + TimeDelta::microseconds(7), Target::default(), "");
    assert_eq!((hour.begins(), hour.minutes().len()), (at(FIRST), LAST_MINUTES));
    let on_the_minute = LastHour::until(at(3_600), Target::default(), "");
    assert_eq!(on_the_minute.begins(), at(60));
    assert_eq!((hour.all(), told(&hour)), (Minute::default(), Vec::new()));
}

#[test]
fn a_wait_is_too_long_from_the_minute_in_which_it_passes_the_target() {
    let callers = [
        vec![wait("sales", FIRST + 50, Some(FIRST + 75))],
        vec![wait("sales", FIRST + 10, Some(FIRST + 30))],
    ];
    assert_eq!(of(&callers, ""), [(0, 2, 0, 20), (1, 1, 1, 25)]);
    assert_eq!(all(&callers, ""), (2, 1, 25));
}

#[test]
fn a_wait_over_the_edge_of_the_hour_counts_in_it_with_all_of_its_length() {
    let ends_at_the_edge = vec![wait("sales", 0, Some(FIRST))];
    assert_eq!(of(&[ends_at_the_edge], ""), []);
    let a_second_later = vec![wait("sales", 0, Some(FIRST + 1))];
    assert_eq!(of(&[a_second_later], ""), [(0, 1, 1, 61)]);
    let before_and_still = [vec![wait("sales", -6_000, None)]];
    let minutes = of(&before_and_still, "");
    assert_eq!(minutes.len(), LAST_MINUTES);
    assert_eq!(minutes[0], (0, 1, 1, 6_000 + 120));
    assert_eq!(
        minutes[59],
        (59, 1, 1, 6_000 + 3_630),
        "until this moment and no further"
    );
    assert_eq!(all(&before_and_still, ""), (1, 1, 9_630), "once, however many minutes");
}

#[test]
fn a_caller_who_waits_at_this_moment_waits_in_the_last_minute() {
    assert_eq!(of(&[vec![wait("sales", 3_630, None)]], ""), [(59, 1, 0, 0)]);
    let mut on_the_minute = LastHour::until(at(3_600), Target::default(), "");
    on_the_minute.add(&[wait("sales", 3_590, None)]);
    assert_eq!(told(&on_the_minute), [(58, 1, 0, 10), (59, 1, 0, 10)]);
}

#[test]
fn in_two_queues_a_caller_is_one_caller_and_waits_in_each_as_long_as_they_were_in_it() {
    let overflowed = vec![
        wait("sales", FIRST, Some(FIRST + 70)),
        since(FIRST, "orders", FIRST + 70, Some(FIRST + 130)),
    ];
    let callers = [overflowed, vec![wait("orders", FIRST + 5, Some(FIRST + 15))]];
    assert_eq!(of(&callers, ""), [(0, 2, 1, 60), (1, 1, 1, 120), (2, 1, 1, 130)]);
    assert_eq!(of(&callers, "sales"), [(0, 1, 1, 60), (1, 1, 1, 70)]);
    assert_eq!(
        of(&callers, "orders"),
        [(0, 1, 0, 10), (1, 1, 1, 120), (2, 1, 1, 130)],
        "since the call began"
    );
    assert_eq!(all(&callers, ""), (2, 1, 130));
    assert_eq!(of(&callers, "sale"), [], "a queue goes by its whole name");
}

#[test]
fn a_caller_without_a_queue_is_in_none_of_them() {
    let rang = [vec![wait("", FIRST, Some(FIRST + 10))]];
    assert_eq!(of(&rang, ""), [(0, 1, 0, 10)]);
    assert_eq!(of(&rang, "sales"), []);
}

#[test]
fn a_clock_that_was_set_back_makes_no_wait_longer_than_it_was() {
    let answered_before_it_came = vec![wait("sales", FIRST, Some(FIRST - 3_595))];
    assert_eq!(of(&[answered_before_it_came], ""), []);
    let answered_as_it_came = vec![wait("sales", FIRST + 9, Some(FIRST + 9))];
    assert_eq!(of(&[answered_as_it_came], ""), []);
    let came_later_than_now_and_waits = vec![wait("sales", 3_630 + 3_000, None)];
    assert_eq!(
        of(&[came_later_than_now_and_waits], "sales"),
        [(59, 1, 0, 0)],
        "they are there"
    );
    let came_and_went_later_than_now = vec![wait("sales", 5_000, Some(5_060))];
    assert_eq!(of(&[came_and_went_later_than_now], ""), []);
    let goes_on_after_now = vec![wait("sales", 3_620, Some(7_000))];
    assert_eq!(of(&[goes_on_after_now], ""), [(59, 1, 0, 10)]);
    let waited_before_it_began = vec![since(5_000, "sales", 3_600, Some(3_610))];
    assert_eq!(of(&[waited_before_it_began], ""), [(59, 1, 0, 0)]);
}

#[test]
fn times_that_no_clock_has_are_borne() {
    let far = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
    for from in far {
        for until in [None, Some(far[0]), Some(far[1])] {
            let strange = Wait {
                from,
                until,
                since: from,
                queue: None,
            };
            assert!(hour(&[vec![strange]], "").all().waiting <= 1);
        }
    }
}

#[test]
fn counted_again_second_by_second_every_minute_says_the_same() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let callers: Vec<Vec<Wait>> = (0..80)
        .map(|_| {
            let mut second = random.random_range(-600..3_600);
            let mut began = second;
            let mut waits = Vec::new();
            for _ in 0..random.random_range(1..4) {
                let until = second + random.random_range(1..200);
                let open = until > 3_630;
                let queue = ["sales", "orders", ""][random.random_range(0..3)];
                waits.push(since(began, queue, second, (!open).then_some(until)));
                second = until;
                if random.random_ratio(1, 3) {
                    second += random.random_range(10..300);
                    began = second;
                }
                if open || second > 3_630 {
                    break;
                }
            }
            waits
        })
        .collect();
    for queue in ["", "sales", "orders"] {
        let hour = hour(&callers, queue);
        for (nth, minute) in hour.minutes().iter().enumerate() {
            let first = FIRST + 60 * i64::try_from(nth).expect("small");
            let seconds = first..(first + 60).min(3_631);
            assert_eq!(*minute, by_hand(&callers, queue, seconds), "minute {nth} of {queue:?}");
        }
    }
}

/// Every second of a minute for itself: who waits in it, and how long they have by its end.
fn by_hand(callers: &[Vec<Wait>], queue: &str, seconds: std::ops::Range<i64>) -> Minute {
    let mut minute = Minute::default();
    for waits in callers {
        let in_queue = |wait: &&Wait| queue.is_empty() || wait.queue.as_deref() == Some(queue);
        let waited = seconds.clone().flat_map(|second| {
            let there =
                move |wait: &&Wait| wait.from <= at(second) && wait.until.is_none_or(|until| at(second) < until);
            let end = at((second + 1).min(3_630));
            let there = waits.iter().filter(in_queue).filter(there);
            there.map(move |wait| (end - wait.since).num_seconds())
        });
        let Some(longest) = waited.max() else { continue };
        minute.waiting += 1;
        minute.late += u32::from(longest > 20);
        minute.longest = minute.longest.max(u32::try_from(longest).expect("a wait"));
    }
    minute
}
