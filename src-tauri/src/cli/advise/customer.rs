//! What would suit one customer, and what kind of relation they have, as lines of text.

use std::io::Write;

use chrono::{DateTime, Utc};

use super::AdviseError;
use crate::advisor::answers::Answers;
use crate::advisor::relation::{Relation, at_least};
use crate::advisor::tier::Tier;
use crate::advisor::{Advised, Asked, Guard, Guards, Kind, Suggestion, suggest};
use crate::customer::CustomerRef;
use crate::desk::{self, AdviceRules};
use crate::directory::{Directory, Reading};
use crate::journal::Journal;

/// Whom it is for, and what goes with them.
pub(super) struct Whom<'a> {
    /// The customer as they are named: `files/ALFKI`.
    pub(super) reference: &'a str,
    /// Say what was silenced, and by which guard.
    pub(super) explain: bool,
    /// Now.
    pub(super) now: DateTime<Utc>,
}

/// Answers for one customer.
///
/// # Errors
/// When there is no such customer, or the cache cannot be read.
pub(super) fn advise(
    directory: &mut Directory,
    whom: &Whom<'_>,
    (rules, journal): (&AdviceRules, &Journal),
    out: &mut impl Write,
) -> Result<(), AdviseError> {
    let offers = journal.offers_since(whom.now - desk::HEEDED_FOR)?;
    let answers: Vec<_> = offers.iter().map(desk::answer).collect();
    directory.heed(offers.iter().filter_map(desk::offered));
    directory.learn()?;
    let reading = directory.read()?;
    let found = reading.by_reference(&CustomerRef(whom.reference.to_owned()))?;
    let customer = found.ok_or_else(|| AdviseError::NoCustomer(whom.reference.to_owned()))?;
    let Some(dossier) = reading.dossier(customer.id, whom.now)? else {
        return Err(AdviseError::NoCustomer(whom.reference.to_owned()));
    };
    let (history, purchases) = reading.history(customer.id)?;
    let bought: Vec<_> = dossier.bought.iter().map(|one| one.product).collect();
    let day = desk::day(whom.now);
    let guards = &Guards {
        declined: desk::declined(&journal.offers_of(&customer.reference)?, reading.catalogue()),
        opted_out: dossier.no_advertising,
        ..rules.guards()
    };
    let asked = Asked {
        bought: &bought,
        history: &history,
        guards,
        answers: &Answers::learn(&answers, day),
        day,
    };
    let mut scratch = reading.scratch();
    let snapshot = reading.snapshot().map(|snapshot| (&snapshot.advice, &mut *scratch));
    let advised = suggest(reading.catalogue(), snapshot, asked);
    let relation = reading
        .snapshot()
        .and_then(|snapshot| snapshot.relations.of(&purchases, day));
    if let Some(Tier { name, entitles, .. }) = rules.tier(&dossier.orders, whom.now) {
        let entitles = if entitles.is_empty() {
            ""
        } else {
            &format!(": {entitles}")
        };
        writeln!(out, "tier       {name}{entitles}")?;
    }
    if let Some(relation) = relation {
        write!(out, "{}", related(&relation))?;
    }
    print(&reading, &advised, whom.explain, out)
}

fn print(reading: &Reading<'_>, advised: &Advised, explain: bool, out: &mut impl Write) -> Result<(), AdviseError> {
    let name = |id| {
        reading
            .catalogue()
            .products
            .get(&id)
            .map_or("?", |product| product.name.as_str())
    };
    if advised.suggestions.is_empty() {
        writeln!(out, "nothing suits that is known")?;
    }
    for one in &advised.suggestions {
        writeln!(out, "{}", said(one, name(one.product), name(one.with)))?;
    }
    if explain {
        for one in &advised.silenced {
            writeln!(out, "not said   {}: {}", name(one.product), because(one.guard))?;
        }
        for guard in &advised.off {
            writeln!(out, "guard off  {}: nothing is known for it", because(*guard))?;
        }
    }
    Ok(())
}

fn said(one: &Suggestion, name: &str, with: &str) -> String {
    let chance = one
        .chance
        .map(|chance| format!("  [{:.1} % next time]", chance * 100.0))
        .unwrap_or_default();
    let share = one
        .at_least_percent()
        .map(|percent| format!("at least {percent} in 100, "))
        .unwrap_or_default();
    let (together, of) = (one.together, one.of);
    match one.kind {
        Kind::CrossSell => format!("suits      {name}: {share}{together} of {of} baskets with {with}{chance}"),
        Kind::UpSell => format!("moved up   {name}: {share}{together} of {of} who had {with} and came back"),
        Kind::Again { every, due } => {
            let due =
                DateTime::from_timestamp(i64::from(due) * 86_400, 0).map(|due| due.format("%Y-%m-%d").to_string());
            let due = due.unwrap_or_default();
            format!("again      {name}: bought {together} times, about every {every} days, due {due}{chance}")
        }
    }
}

fn related(relation: &Relation) -> String {
    let mut lines = Vec::new();
    if let Some(segment) = relation.segment {
        lines.push(format!("segment    {segment:?}"));
    }
    if let (Some(orders), Some((value, currency))) = (relation.orders, relation.value) {
        let digits = currency.digits() as usize;
        let value = value / 10_f64.powf(f64::from(currency.digits()));
        let code = currency.code();
        lines.push(format!(
            "expected   {orders:.1} orders within a year, worth {value:.digits$} {code}"
        ));
    }
    if let Some((came, of)) = relation.came_back {
        let low = at_least(came, of) * 100.0;
        lines.push(format!(
            "comes back {came} of {of} such customers did within 90 days (at least {low:.0} in 100)"
        ));
    }
    if let Some(rhythm) = relation.rhythm {
        let late = if relation.overdue {
            ", and is silent for more than twice that"
        } else {
            ""
        };
        lines.push(format!("rhythm     orders about every {rhythm} days{late}"));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn because(guard: Guard) -> &'static str {
    match guard {
        Guard::Evidence => "fewer than five baskets speak for it",
        Guard::Discontinued => "it is no longer sold",
        Guard::Stock => "it is out of stock",
        Guard::Owned => "it lasts, and the customer has it",
        Guard::Declined => "the customer said no within 90 days",
        Guard::Sensitive => "it or its category is sensitive",
        Guard::OptedOut => "the customer wants no advertising",
    }
}
