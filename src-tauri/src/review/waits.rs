//! Who waited in the last hour, minute by minute.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::figures::Target;
use crate::call::Wait;

/// How many minutes are looked at, the one that goes on among them.
pub const LAST_MINUTES: usize = 60;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// How callers waited in one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minute {
    /// Callers who waited at some time in it.
    pub waiting: u32,
    /// Of these, those who had waited longer than the target by its end.
    pub late: u32,
    /// The longest that any of them had waited by then, in seconds.
    pub longest: u32,
}

impl Minute {
    fn add(&mut self, longest: u32, target: Target) {
        self.waiting += 1;
        self.late += u32::from(longest > target.seconds);
        self.longest = self.longest.max(longest);
    }
}

/// How callers waited in the last hour. Takes in callers, one by one and in any order.
#[derive(Clone, Debug)]
pub struct LastHour {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    target: Target,
    queue: String,
    minutes: [Minute; LAST_MINUTES],
    all: Minute,
}

impl LastHour {
    /// Of the minute of `now` and those before it; of one queue alone, or, where `queue` is empty, of all callers.
    #[must_use]
    pub fn until(now: DateTime<Utc>, target: Target, queue: &str) -> Self {
        let this_minute = now.trunc_subsecs(0) - TimeDelta::seconds(now.timestamp().rem_euclid(60));
        let before = MINUTE * i32::try_from(LAST_MINUTES - 1).unwrap_or(0);
        LastHour {
            from: this_minute - before,
            // this very moment is one of them
            until: now + TimeDelta::milliseconds(1),
            target,
            queue: queue.to_owned(),
            minutes: [Minute::default(); LAST_MINUTES],
            all: Minute::default(),
        }
    }

    /// When the first of the minutes began.
    #[must_use]
    pub fn begins(&self) -> DateTime<Utc> {
        self.from
    }

    /// Takes in when one caller waited. What ended before it began, as a clock that was set back makes it, tells nothing and is no
    /// wait.
    pub fn add(&mut self, waits: &[Wait]) {
        let mut longest = [None; LAST_MINUTES];
        let of_queue = |wait: &&Wait| self.queue.is_empty() || wait.queue.as_ref() == Some(&self.queue);
        let lasted = |wait: &&Wait| wait.until.is_none_or(|until| wait.from < until);
        for wait in waits.iter().filter(of_queue).filter(lasted) {
            self.place(wait, &mut longest);
        }
        for (minute, longest) in self.minutes.iter_mut().zip(longest) {
            longest.into_iter().for_each(|longest| minute.add(longest, self.target));
        }
        if let Some(longest) = longest.into_iter().flatten().max() {
            self.all.add(longest, self.target);
        }
    }

    /// How long a wait had lasted by the end of each minute that it has a part of.
    fn place(&self, wait: &Wait, longest: &mut [Option<u32>; LAST_MINUTES]) {
        // whoever waits now does so also where the clock was set back to before they began
        let now = self.until - TimeDelta::milliseconds(1);
        let from = wait.until.map_or(wait.from.min(now), |_| wait.from);
        let mut begins = self.from;
        for longest in longest {
            let ends = (begins + MINUTE).min(self.until);
            let until = wait.until.unwrap_or(self.until).min(ends);
            if from < ends && until > begins {
                let waited = u32::try_from((until - wait.since).num_seconds().max(0)).unwrap_or(u32::MAX);
                *longest = Some(longest.unwrap_or(0).max(waited));
            }
            begins += MINUTE;
        }
    }

    /// Every minute, the first at the beginning.
    #[must_use]
    pub fn minutes(&self) -> &[Minute] {
        &self.minutes
    }

    /// All of them together; every caller is counted once.
    #[must_use]
    pub fn all(&self) -> Minute {
        self.all
    }
}
