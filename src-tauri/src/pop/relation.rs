//! What the panel says of the relation with a customer.

#![allow(
    clippy::cast_possible_truncation,
    reason = "what is expected of a customer fits in minor units; a larger one is cut"
)]

use super::money_view;
use super::view::{CameBackView, RelationView, SegmentView};
use crate::advisor::relation::{Relation, Segment};
use crate::customer::Money;

/// The relation as it is shown; `None` where there is nothing to say.
pub(super) fn relation_view(relation: Relation) -> Option<RelationView> {
    let Relation {
        segment,
        came_back,
        orders,
        value,
        rhythm,
        overdue,
    } = relation;
    let value = value.map(|(minor, currency)| Money {
        minor: minor.round() as i64,
        currency,
    });
    let view = RelationView {
        segment: segment.map(segment_view),
        came_back: came_back.map(|(came, of)| CameBackView { came, of }),
        orders: orders.map(|orders| (orders * 10.0).round() / 10.0),
        value: value.map(money_view),
        every_days: rhythm.and_then(|days| u32::try_from(days.max(1)).ok()),
        overdue,
    };
    let known =
        view.segment.is_some() || view.came_back.is_some() || view.orders.is_some() || view.every_days.is_some();
    known.then_some(view)
}

fn segment_view(segment: Segment) -> SegmentView {
    match segment {
        Segment::Champion => SegmentView::Champion,
        Segment::Loyal => SegmentView::Loyal,
        Segment::New => SegmentView::New,
        Segment::Regular => SegmentView::Regular,
        Segment::AtRisk => SegmentView::AtRisk,
        Segment::CannotLose => SegmentView::CannotLose,
        Segment::Dormant => SegmentView::Dormant,
    }
}
