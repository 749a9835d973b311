//! How well advice does in this shop: quality on its own past, calibration, the champion and why, stated shares against what came
//! later, and how offers fall over the segments. For a supervisor; no customer is named.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use ts_rs::TS;

use super::advice::Advice;
use super::answers::Said;
use super::champion::{Champion, Task, Voice, Way};
use super::check::Stated;
use super::relation::{LEAST_GROUP, Segment};

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(rename = "AdviceReport")]
pub struct Report {
    /// Question by question.
    pub tasks: Vec<TaskReport>,
    /// Stated shares of two products' company against the baskets after the day they were learnt.
    pub stated: Vec<Stated>,
    /// What was offered, by segment; groups of fewer than ten customers are not shown.
    pub segments: Vec<SegmentReport>,
    /// Customers in such groups.
    pub in_small_groups: u32,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TaskReport {
    /// `any`, `new` or `with`.
    pub task: &'static str,
    /// `speaks`; `popular` where nothing clearly beats what everybody buys; `silent` where nothing is known.
    pub voice: &'static str,
    /// The way that is used.
    pub champion: &'static str,
    /// Customers who came back after the day it was learnt.
    pub cases: usize,
    /// How each way did.
    pub ways: Vec<WayReport>,
    /// What was said of the champion's best places, and what came true, by fifths.
    pub calibration: Vec<BandReport>,
}

/// A way of ranking on the shop's own past.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct WayReport {
    /// Its name.
    pub way: &'static str,
    /// Share of the cases with a hit among five.
    pub hit_rate: f64,
    /// Mean gain of the first five.
    pub ndcg: f64,
    /// By how many standard errors it gains less or more than the champion.
    pub from_champion: f64,
}

/// Chances of about one size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct BandReport {
    /// Mean of what was said.
    pub said: f64,
    /// Share that came true.
    pub seen: f64,
    /// Of how many.
    pub of: usize,
}

/// What was offered to the customers of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SegmentReport {
    /// Which; `None` for those of whom nothing is known.
    pub segment: Option<&'static str>,
    /// How many customers.
    pub customers: u32,
    /// Products that were offered to them.
    pub offered: u32,
    /// How many were accepted.
    pub accepted: u32,
    /// How many were declined.
    pub declined: u32,
}

/// An offer to a customer of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferTo<'o> {
    /// To whom.
    pub customer: &'o str,
    /// The segment they are in.
    pub segment: Option<Segment>,
    /// What they said.
    pub said: Said,
}

/// Reports of a snapshot and of what was offered.
#[must_use]
pub fn report(advice: &Advice, offers: &[OfferTo<'_>]) -> Report {
    let (segments, in_small_groups) = by_segment(offers);
    Report {
        tasks: Task::ALL.map(|task| of_task(task, advice.champion(task))).into(),
        stated: advice.stated().to_vec(),
        segments,
        in_small_groups,
    }
}

fn of_task(task: Task, champion: &Champion) -> TaskReport {
    let used = Way::ALL.iter().position(|way| *way == champion.way).unwrap_or(0);
    let best = &champion.marks[used];
    let way = |(way, marks): (Way, &super::champion::Marks)| WayReport {
        way: way.name(),
        hit_rate: marks.hit_rate(),
        ndcg: marks.ndcg(),
        from_champion: marks.ahead_of(best),
    };
    let band = |band: &super::champion::Band| BandReport {
        said: band.said,
        seen: band.seen,
        of: band.of,
    };
    TaskReport {
        task: task.name(),
        voice: match champion.voice {
            Voice::Speaks => "speaks",
            Voice::Popular => "popular",
            Voice::Silent => "silent",
        },
        champion: champion.way.name(),
        cases: champion.marks[0].hits.len(),
        ways: Way::ALL.into_iter().zip(&champion.marks).map(way).collect(),
        calibration: champion.calibration.iter().map(band).collect(),
    }
}

/// The groups that are large enough to be judged, and how many customers are in the others.
fn by_segment(offers: &[OfferTo<'_>]) -> (Vec<SegmentReport>, u32) {
    let mut groups: BTreeMap<Option<Segment>, (HashSet<&str>, [u32; 3])> = BTreeMap::new();
    for offer in offers {
        let (customers, [offered, accepted, declined]) = groups.entry(offer.segment).or_default();
        customers.insert(offer.customer);
        *offered += 1;
        *accepted += u32::from(offer.said == Said::Accepted);
        *declined += u32::from(offer.said == Said::Declined);
    }
    let reports = groups
        .into_iter()
        .map(|(segment, (customers, [offered, accepted, declined]))| SegmentReport {
            segment: segment.map(Segment::name),
            customers: super::baskets::index(customers.len()),
            offered,
            accepted,
            declined,
        });
    let (shown, small): (Vec<_>, Vec<_>) = reports.partition(|one| one.customers >= LEAST_GROUP);
    (shown, small.iter().map(|one| one.customers).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_counted_by_segment_and_a_small_group_is_not_shown() {
        let customers: Vec<String> = (0..12).map(|nth| nth.to_string()).collect();
        let offer = |nth: usize, segment, said| OfferTo {
            customer: &customers[nth],
            segment,
            said,
        };
        let mut offers: Vec<_> = (0..10)
            .map(|nth| offer(nth, Some(Segment::Loyal), Said::Declined))
            .collect();
        offers.push(offer(0, Some(Segment::Loyal), Said::Accepted));
        offers.extend([
            offer(10, None, Said::Undecided),
            offer(11, Some(Segment::New), Said::Accepted),
        ]);
        let report = report(&Advice::default(), &offers);
        let loyal = SegmentReport {
            segment: Some("loyal"),
            customers: 10,
            offered: 11,
            accepted: 1,
            declined: 10,
        };
        assert_eq!((report.segments, report.in_small_groups), (vec![loyal], 2));
        assert!(
            report
                .tasks
                .iter()
                .all(|task| task.voice == "silent" && task.ways.len() == Way::ALL.len())
        );
    }
}
