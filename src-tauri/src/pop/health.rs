//! The report on stored numbers, as the user interface and the command line show it. Pure.

use super::customer_view;
use super::view::{FindingView, NumberHealthView, Problem, StoredView, UnreadableView};
use crate::directory::{Finding, NumberCounts, Stored};
use crate::number::{self, Key};

/// So many findings of each kind are listed.
const LISTED: usize = 200;

/// Puts the report together, finding by finding.
#[derive(Debug, Default)]
pub struct NumberHealth {
    view: NumberHealthView,
    listed: [usize; 4],
}

impl NumberHealth {
    /// Lists a finding, when there is room for one more of its kind.
    pub fn add(&mut self, finding: FindingView) {
        let listed = &mut self.listed[finding.problem as usize];
        *listed += 1;
        if *listed <= LISTED {
            self.view.findings.push(finding);
        } else {
            self.view.cut = true;
        }
    }

    /// The report, the findings by kind.
    #[must_use]
    pub fn finish(mut self, counts: NumberCounts, shared_from: u32) -> NumberHealthView {
        self.view.findings.sort_by_key(|finding| finding.problem);
        NumberHealthView {
            customers: counts.customers,
            numbers: counts.numbers,
            unreadable: counts.unreadable,
            shared: counts.shared,
            shared_from,
            own: counts.own,
            recycled: counts.recycled,
            ..self.view
        }
    }
}

/// A finding as it is shown.
#[must_use]
pub fn finding_view(finding: Finding) -> FindingView {
    match finding {
        Finding::Unreadable(stored, why) => FindingView {
            problem: Problem::Unreadable,
            number: None,
            holders: 1,
            stored: vec![stored_view(stored)],
            unreadable: Some(why.map_or(UnreadableView::ReadableNow, Into::into)),
        },
        Finding::Shared(key, holders, stored) => of_number(Problem::Shared, key, holders, stored),
        Finding::Own(key, holders, stored) => of_number(Problem::Own, key, holders, stored),
        Finding::Recycled(key, holders, stored) => of_number(Problem::Recycled, key, holders, (*stored).into()),
    }
}

fn of_number(problem: Problem, key: Key, holders: u32, stored: Vec<Stored>) -> FindingView {
    FindingView {
        problem,
        number: Some(number::display(key)),
        holders,
        stored: stored.into_iter().map(stored_view).collect(),
        unreadable: None,
    }
}

fn stored_view(stored: Stored) -> StoredView {
    StoredView {
        customer: customer_view(&stored.customer),
        raw: stored.raw,
        label: stored.label,
        last: stored.last,
    }
}
