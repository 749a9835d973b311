//! How long to wait for a source that does not answer, or that asked to be left alone. Pure.

use std::time::Duration;

/// The first wait.
const FIRST: Duration = Duration::from_secs(2);
/// The longest wait that nobody asked for.
const LONGEST: Duration = Duration::from_secs(120);
/// A run waits no longer than this even when asked to: the next one comes by then.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// Failures in a row after which a run gives up.
const MOST: u32 = 6;

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pause {
    /// Try again after this time.
    Wait(Duration),
    /// Leave it to the next run, not before this time where the source said so.
    GiveUp(Option<Duration>),
}

/// What follows after `failures` failures in a row before this one. `asked` is how long the source wants to be left alone:
/// it is never asked sooner. `chance` from 0 to 1 spreads those who failed together: each waits at least half its time.
pub(super) fn pause(failures: u32, asked: Option<Duration>, chance: f64) -> Pause {
    if failures >= MOST || asked.is_some_and(|asked| asked > PATIENCE) {
        return Pause::GiveUp(asked);
    }
    let time = FIRST.saturating_mul(1 << failures.min(16)).min(LONGEST);
    let spread = time.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0));
    Pause::Wait(match asked {
        Some(asked) => asked + FIRST.mul_f64(chance.clamp(0.0, 1.0)),
        None => spread,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_are_spread_and_end() {
        let wait = |failures, chance| match pause(failures, None, chance) {
            Pause::Wait(time) => time.as_secs_f64(),
            Pause::GiveUp(_) => f64::INFINITY,
        };
        assert_eq!([wait(0, 0.0), wait(0, 1.0)], [1.0, 2.0]);
        assert_eq!([wait(3, 0.0), wait(3, 1.0)], [8.0, 16.0]);
        assert!(wait(5, 1.0) <= 120.0);
        assert_eq!(pause(6, None, 0.5), Pause::GiveUp(None));
    }

    #[test]
    fn a_source_that_asked_for_time_is_never_asked_sooner() {
        let asked = Duration::from_secs(30);
        for chance in [0.0, 0.5, 1.0] {
            let Pause::Wait(time) = pause(0, Some(asked), chance) else {
                panic!("it waits");
            };
            assert!(time >= asked && time <= asked + FIRST, "{time:?}");
        }
        let hour = Duration::from_secs(3_600);
        assert_eq!(pause(0, Some(hour), 0.5), Pause::GiveUp(Some(hour)));
    }
}
