//! Pages of a list that is put together from several, the latest first. Things of one time keep their order among each
//! other, so that a page goes on behind those of its first time that were given before.

use chrono::{DateTime, Utc};

use crate::pop::view::PagePlace;

/// How many of each list must be read for a page of `most`, so that it can be told whether more follow.
pub(super) fn needed(behind: Option<PagePlace>, most: u32) -> u32 {
    let given = behind.map_or(0, |place| place.given);
    most.saturating_add(given).saturating_add(1)
}

/// The page of what was read behind a place, in its order, with where the next one begins.
pub(super) fn page<T>(
    all: Vec<T>,
    at: impl Fn(&T) -> DateTime<Utc>,
    behind: Option<PagePlace>,
    most: u32,
) -> (Vec<T>, Option<PagePlace>) {
    let mut given = behind.map_or(0, |place| place.given);
    let was_given = |one: &T| {
        let again = given > 0 && behind.is_some_and(|place| place.at == at(one));
        given -= u32::from(again);
        again
    };
    let mut was_given = was_given;
    let mut rest: Vec<T> = all.into_iter().filter(|one| !was_given(one)).collect();
    if rest.len() <= most as usize {
        return (rest, None);
    }
    rest.truncate(most as usize);
    let next = rest.last().map(|last| {
        let last = at(last);
        let of_that_time = rest.iter().filter(|one| at(one) == last).count();
        let before = behind.filter(|place| place.at == last).map_or(0, |place| place.given);
        PagePlace {
            at: last,
            given: before.saturating_add(u32::try_from(of_that_time).unwrap_or(u32::MAX)),
        }
    });
    (rest, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_any_size_give_everything_once_and_in_order_also_what_was_at_one_time() {
        let at = |&(second, _): &(i64, u32)| DateTime::from_timestamp(second, 0).unwrap_or_default();
        let all: Vec<(i64, u32)> = [9, 7, 7, 7, 7, 7, 7, 4, 4, 1].into_iter().zip(0..).collect();
        for most in 1..=all.len() + 1 {
            let most = u32::try_from(most).unwrap_or(1);
            let (mut given, mut behind, mut pages) = (Vec::new(), None, 0);
            loop {
                let since = |one: &&(i64, u32)| behind.is_none_or(|place: PagePlace| at(one) <= place.at);
                let read = all.iter().filter(since).take(needed(behind, most) as usize);
                let (page, next) = page(read.copied().collect(), at, behind, most);
                given.extend(page);
                (behind, pages) = (next, pages + 1);
                if behind.is_none() || pages > all.len() {
                    break;
                }
            }
            assert_eq!(given, all, "{most} a page");
        }
    }
}
