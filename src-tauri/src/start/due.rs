//! When which source is read. Pure: time is an argument.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::sources::Wish;

/// After the start, so that the first calls have the machine for themselves.
const FIRST: TimeDelta = TimeDelta::seconds(10);
/// Files are looked at when nothing has changed for so long.
const REST: TimeDelta = TimeDelta::seconds(3);
/// When somebody else writes to the cache, it is tried again after this.
const TURN: TimeDelta = TimeDelta::minutes(1);

/// When the sources are due, in the order of the settings, and what is wished of their next runs.
#[derive(Debug)]
pub(super) struct Due(Vec<One>);

#[derive(Debug)]
struct One {
    /// How often; `None`: only when somebody asks.
    every: Option<TimeDelta>,
    at: Option<DateTime<Utc>>,
    wish: Wish,
}

/// How a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ran {
    /// To its end, or it failed: in either case the next one comes at its time.
    Through,
    /// The source wants to be left alone until then.
    NotBefore(DateTime<Utc>),
    /// Somebody else wrote to the cache, so nothing was done.
    Taken,
}

impl Due {
    /// Sources of which each is read so often, begun at `now`.
    pub(super) fn new(every: impl Iterator<Item = Option<Duration>>, now: DateTime<Utc>) -> Self {
        let one = |every: Option<Duration>| One {
            every: every.and_then(|every| TimeDelta::from_std(every).ok()),
            at: every.map(|_| now + FIRST),
            wish: Wish::default(),
        };
        Due(every.map(one).collect())
    }

    /// How many sources there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// When a source is read next, if by itself.
    pub(super) fn at(&self, source: usize) -> Option<DateTime<Utc>> {
        self.0[source].at
    }

    /// The source that is due first, and when.
    pub(super) fn next(&self) -> Option<(DateTime<Utc>, usize)> {
        let times = self.0.iter().enumerate();
        times.filter_map(|(source, one)| Some((one.at?, source))).min()
    }

    /// A person wants it now. What was wished before still is.
    pub(super) fn asked(&mut self, source: usize, wish: Wish, now: DateTime<Utc>) {
        let one = &mut self.0[source];
        one.wish.allow_deletes |= wish.allow_deletes;
        one.wish.whole |= wish.whole;
        one.at = Some(now);
    }

    /// Its files changed. Every change puts it off: a file that is being written is waited for.
    pub(super) fn changed(&mut self, source: usize, now: DateTime<Utc>) {
        self.0[source].at = Some(now + REST);
    }

    /// A run begins: what was wished of it.
    pub(super) fn begin(&mut self, source: usize) -> Wish {
        std::mem::take(&mut self.0[source].wish)
    }

    /// A run with this wish came out so.
    pub(super) fn ran(&mut self, source: usize, wish: Wish, ran: Ran, now: DateTime<Utc>) {
        let one = &mut self.0[source];
        let usual = one.every.map(|every| now + every);
        one.at = match ran {
            Ran::Through => usual,
            Ran::NotBefore(time) => usual.map(|usual| usual.max(time)),
            Ran::Taken => {
                one.wish = wish;
                Some(now + TURN)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURELY: Wish = Wish {
        whole: false,
        allow_deletes: true,
    };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// One every quarter of an hour, one by hand, one every minute.
    fn three() -> Due {
        let every = [Some(900), None, Some(60)].map(|every| every.map(Duration::from_secs));
        Due::new(every.into_iter(), at(0))
    }

    #[test]
    fn each_comes_in_its_time_and_one_that_is_read_by_hand_never_by_itself() {
        let mut due = three();
        assert_eq!(due.next(), Some((at(10), 0)));
        due.ran(0, Wish::default(), Ran::Through, at(12));
        assert_eq!(due.next(), Some((at(10), 2)));
        due.ran(2, Wish::default(), Ran::Through, at(13));
        assert_eq!(due.next(), Some((at(73), 2)));
        assert_eq!((due.at(0), due.at(1)), (Some(at(912)), None));
    }

    #[test]
    fn a_file_that_is_being_written_is_waited_for() {
        let mut due = three();
        (100..130).for_each(|second| due.changed(1, at(second)));
        assert_eq!(due.at(1), Some(at(132)));
        due.ran(1, Wish::default(), Ran::Through, at(140));
        assert_eq!(due.at(1), None);
    }

    #[test]
    fn a_source_that_wants_to_be_left_alone_is_not_read_sooner_but_when_a_person_says_so() {
        let mut due = three();
        due.ran(2, Wish::default(), Ran::NotBefore(at(5_000)), at(20));
        assert_eq!(due.at(2), Some(at(5_000)));
        due.ran(0, Wish::default(), Ran::NotBefore(at(30)), at(20));
        assert_eq!(due.at(0), Some(at(920)), "its own time is later");
        due.asked(2, Wish::default(), at(100));
        assert_eq!(due.next(), Some((at(100), 2)));
    }

    #[test]
    fn what_was_wished_outlives_a_run_that_had_no_turn_and_no_other() {
        let mut due = three();
        due.asked(1, SURELY, at(50));
        due.asked(1, Wish::default(), at(51));
        let wish = due.begin(1);
        assert_eq!(wish, SURELY);
        due.ran(1, wish, Ran::Taken, at(52));
        assert_eq!(due.at(1), Some(at(112)));
        let wish = due.begin(1);
        assert_eq!(wish, SURELY);
        due.ran(1, wish, Ran::Through, at(113));
        assert_eq!(due.begin(1), Wish::default());
    }
}
