//! The calls of the demo shop: who rings, and what the first calls show.
//!
//! The only file of the feeds that knows the demo shop.

use super::scene::{Caller, Inbound, Outgoing, Scene, Who};
use super::traffic::{Pace, Plan};
use crate::call::{Line, Trust};
use crate::source::demo::{self, CallerKind, Shop};

/// The number that the demo shop's customers dial.
const CALLED: &str = "+493023125000";

/// The queue that some of them wait in.
const QUEUE: &str = "orders";

impl Plan {
    /// Calls of the customers of `shop`, and of strangers, at line `mine` and its `colleagues`. The first ten
    /// calls show one thing after the other: who owes, who shares a number, who is unknown, who withholds.
    #[must_use]
    pub fn for_shop(shop: &Shop, mine: Line, colleagues: Vec<Line>, pace: Pace) -> Self {
        let everybody = shop.callers();
        let of = |kind| everybody.iter().filter(move |caller| caller.kind == kind).map(caller);
        let known = [CallerKind::Regular, CallerKind::Overdue, CallerKind::Shared];
        Plan {
            opening: opening(&of, colleagues.first()),
            callers: known.into_iter().flat_map(of).collect(),
            strangers: of(CallerKind::Stranger).collect(),
            mine,
            colleagues,
            called: CALLED.to_owned(),
            queues: vec![QUEUE.to_owned()],
            transfers: true,
            pace,
            day: None,
            calls: None,
        }
    }
}

fn opening<I: Iterator<Item = Caller>>(of: &impl Fn(CallerKind) -> I, colleague: Option<&Line>) -> Vec<Scene> {
    let inbound = |caller: Option<Caller>, outcome| Some(Scene::Inbound(Who::Shown(caller?), outcome));
    let regular = |place| of(CallerKind::Regular).nth(place);
    let scenes = [
        inbound(of(CallerKind::Overdue).next(), Inbound::Taken),
        inbound(of(CallerKind::Shared).next(), Inbound::Taken),
        inbound(of(CallerKind::Stranger).next(), Inbound::GivenUp),
        Some(Scene::Inbound(Who::Withheld, Inbound::Taken)),
        inbound(regular(0), Inbound::GivenUp),
        inbound(regular(0), Inbound::Taken),
        inbound(regular(1), Inbound::TakenByColleague),
        regular(2).map(|callee| Scene::Outgoing(callee, Outgoing::Talked)),
        inbound(regular(3), Inbound::Refused),
        colleague.map(|line| Scene::Internal(line.clone(), true)),
    ];
    scenes.into_iter().flatten().collect()
}

/// The more orders, the more calls. Attestation goes by the number, so that a caller keeps it.
fn caller(caller: &demo::Caller) -> Caller {
    let digits: u32 = caller.number.bytes().map(u32::from).sum();
    let trust = match digits % 10 {
        _ if caller.kind == CallerKind::Stranger => Trust::NotVerifiedB,
        0..6 => Trust::Verified,
        6 => Trust::NotVerifiedB,
        7 => Trust::NotVerifiedC,
        _ => Trust::Unknown,
    };
    let orders = u32::try_from(caller.orders).unwrap_or(u32::MAX).min(100);
    Caller {
        number: caller.number.clone(),
        name: String::new(),
        trust,
        weight: orders + 2,
    }
}
