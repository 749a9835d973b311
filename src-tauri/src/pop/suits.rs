//! What the panel says of suggestions, and the trace of those that were silenced.

use chrono::{DateTime, Utc};

use super::money_view;
use super::view::{GuardView, Pause, PopView, SilencedView, SuggestionKind, SuggestionView};
use crate::advisor::{Advised, Catalogue, Guard, Kind, Suggestion};

/// A suggestion with its names; `None` when the catalogue has lost a product.
pub(super) fn suggestion(one: &Suggestion, catalogue: &Catalogue) -> Option<SuggestionView> {
    let product = catalogue.products.get(&one.product)?;
    let (kind, every, due) = match one.kind {
        Kind::CrossSell => (SuggestionKind::CrossSell, None, None),
        Kind::UpSell => (SuggestionKind::UpSell, None, None),
        Kind::Again { every, due } => (SuggestionKind::Again, u32::try_from(every).ok(), moment(due)),
    };
    Some(SuggestionView {
        kind,
        product: product.key.clone(),
        name: product.name.clone(),
        price: product.price.map(money_view),
        with_name: catalogue.products.get(&one.with)?.name.clone(),
        together: one.together,
        of: one.of,
        at_least_percent: one.at_least_percent(),
        chance_percent: one.chance.map(percent),
        every_days: every,
        due,
        answer: None,
    })
}

/// Rounded down, so that no more is promised than is known.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a chance is between 0 and 1"
)]
fn percent(chance: f32) -> u32 {
    (chance * 100.0).floor() as u32
}

fn moment(day: i32) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(i64::from(day) * 86_400, 0)
}

/// What was not said, for the trace.
#[must_use]
pub fn silenced_view(advised: &Advised, catalogue: &Catalogue) -> Vec<SilencedView> {
    let named = advised.silenced.iter().filter_map(|one| {
        Some(SilencedView {
            name: catalogue.products.get(&one.product)?.name.clone(),
            guard: guard_view(one.guard),
        })
    });
    named.collect()
}

/// What a view has and does not show unless the agent wants it, for the trace.
#[must_use]
pub fn paused_view(view: &PopView) -> Vec<SilencedView> {
    let guard = |pause: &Pause| match pause {
        Pause::Overdue => GuardView::Overdue,
        Pause::Complaint => GuardView::Complaint,
    };
    let of = |guard: GuardView| {
        let named = move |one: &SuggestionView| SilencedView {
            name: one.name.clone(),
            guard,
        };
        view.suggestions.iter().map(named)
    };
    view.paused.iter().map(guard).flat_map(of).collect()
}

/// A guard as the trace names it.
#[must_use]
pub fn guard_view(guard: Guard) -> GuardView {
    match guard {
        Guard::Evidence => GuardView::Evidence,
        Guard::Discontinued => GuardView::Discontinued,
        Guard::Stock => GuardView::Stock,
        Guard::Owned => GuardView::Owned,
        Guard::Declined => GuardView::Declined,
        Guard::Sensitive => GuardView::Sensitive,
        Guard::OptedOut => GuardView::OptedOut,
    }
}
