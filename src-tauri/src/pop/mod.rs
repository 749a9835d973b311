//! What a pop is: pure, over what `directory` and `matching` gave.
//!
//! It reads no clock, file or network and asks nobody: what is to be shown is handed in, what is
//! shown comes out. It never shows a record that the number does not surely name.

mod candidates;
mod cover;
mod events;
mod health;
mod presence;
pub mod purchases;
mod relation;
mod suits;
pub mod view;

use chrono::{DateTime, FixedOffset, Utc};

use crate::advisor::relation::Relation;
use crate::advisor::tier::Tier;
use crate::advisor::{Advised, Catalogue};
use crate::customer::{Balance, Customer, Money};
use crate::directory::{Dossier, Ticket};
pub use crate::words::said_view;
pub use candidates::Candidate;
pub use cover::{Cover, cover, is_covered};
pub use events::{event_of, events_of};
pub use health::{NumberHealth, finding_view};
pub use presence::Presence;
use relation::relation_view;
use suits::suggestion;
pub use suits::{guard_view, paused_view, silenced_view};
use view::{
    BalanceView, CustomerView, Grade, MoneyView, OpenItemView, OpenWhat, Origin, OtherBalance, PastNoteView, Pause,
    PopView, ReasonView, RecordView, TicketKind, TierView, Trust, VerdictKind, WordView,
};

/// How many notes there is room for.
const NOTES: usize = 3;

/// Who is calling, as far as it is known, with what is known of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// The caller withheld the number.
    Withheld,
    /// One of the company's own outside numbers.
    Own,
    /// A colleague.
    Internal,
    /// Nobody the cache knows.
    Unknown,
    /// One customer.
    One(Box<Known>),
    /// One customer whom the number only hints at.
    Perhaps(Box<Candidate>),
    /// Several customers share the number.
    Several(Vec<Candidate>),
}

/// The one customer, and everything about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// How surely the number names them.
    pub grade: Grade,
    /// Why that grade; `None` when the number does not name them at all.
    pub why: Option<ReasonView>,
    /// What the sources know.
    pub dossier: Dossier,
    /// What would suit them next, and what was not said.
    pub advised: Advised,
    /// What kind of relation they have with the shop, where that is known.
    pub relation: Option<Relation>,
    /// The highest tier of the shop that they have reached.
    pub tier: Option<Tier>,
    /// What is open by the journal: promises, the first due first, then tickets.
    pub open: Vec<OpenItemView>,
    /// The notes of earlier calls, the newest first.
    pub notes: Vec<PastNoteView>,
    /// The agent's word that it is them.
    pub word: Option<WordView>,
}

/// What the phone system said of the caller.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallerLine {
    /// The number as people write it; `None` when withheld.
    pub number: Option<String>,
    /// The name that came with the call.
    pub name: Option<String>,
    /// ISO 3166 alpha-2 code of the number's country.
    pub country: Option<String>,
    /// The attestation that came with the call.
    pub trust: Trust,
}

/// What the panel shows, at `now`, to somebody whose clock is `offset` from UTC. `catalogue` has the products that
/// the suggestions speak of.
///
/// A customer whom the number names only ambiguously stands as the one candidate, and no record opens before an agent
/// says so.
#[must_use]
pub fn view_of(line: CallerLine, who: Who, catalogue: &Catalogue, now: DateTime<Utc>, offset: FixedOffset) -> PopView {
    let mut view = bare(line, kind(&who));
    match who {
        Who::Withheld => {
            view.number = None;
            view.country = None;
        }
        Who::Own | Who::Internal | Who::Unknown => {}
        Who::Perhaps(one) => view.candidates = candidates::ranked(vec![*one]),
        Who::One(known) if known.grade == Grade::Ambiguous && known.word.is_none() => {
            view.candidates = candidates::ranked(vec![Candidate::of(*known)]);
        }
        Who::One(known) => show(&mut view, *known, catalogue, now, offset),
        Who::Several(several) => view.candidates = candidates::ranked(several),
    }
    view
}

fn kind(who: &Who) -> VerdictKind {
    match who {
        Who::Withheld => VerdictKind::Withheld,
        Who::Own => VerdictKind::Own,
        Who::Internal => VerdictKind::Internal,
        Who::Unknown => VerdictKind::Unknown,
        Who::One(_) | Who::Perhaps(_) => VerdictKind::One,
        Who::Several(_) => VerdictKind::Several,
    }
}

fn bare(line: CallerLine, verdict: VerdictKind) -> PopView {
    PopView {
        verdict,
        number: line.number,
        caller_name: line.name.filter(|_| verdict != VerdictKind::One),
        country: line.country,
        trust: line.trust,
        grade: None,
        why: None,
        customer: None,
        candidates: Vec::new(),
        balance: None,
        purchases: None,
        relation: None,
        tier: None,
        suggestions: Vec::new(),
        paused: Vec::new(),
        open: Vec::new(),
        notes: Vec::new(),
        covered: Vec::new(),
        uncovered: None,
        shared_by: 0,
        word: None,
        records: Vec::new(),
    }
}

fn show(view: &mut PopView, known: Known, catalogue: &Catalogue, now: DateTime<Utc>, offset: FixedOffset) {
    let Known {
        grade,
        why,
        dossier,
        advised,
        relation,
        tier,
        open,
        mut notes,
        word,
    } = known;
    let main = purchases::main_currency(&dossier.orders);
    view.grade = Some(grade);
    view.why = why;
    view.balance = chosen(&dossier.balances, main).map(|at| {
        let source = dossier.balance_sources.get(at).unwrap_or(&dossier.customer.source);
        balance_view(&dossier.balances[at], source, &dossier.other_balances)
    });
    view.records = dossier.records.iter().map(record_view).collect();
    let suggestions = advised.suggestions.iter();
    view.suggestions = suggestions.filter_map(|one| suggestion(one, catalogue)).collect();
    view.relation = relation.and_then(relation_view);
    view.tier = tier.map(|Tier { name, entitles, .. }| TierView { name, entitles });
    view.open = open;
    view.open.extend(dossier.tickets.iter().map(open_item));
    view.paused = pauses(view);
    notes.truncate(NOTES);
    view.notes = notes;
    view.word = word;
    view.customer = Some(customer_view(&dossier.customer));
    view.purchases = purchases::view(dossier, now, offset);
}

/// The head line of a customer: the person stands above the company, and a company alone stands there itself.
#[must_use]
pub fn customer_view(customer: &Customer) -> CustomerView {
    let (name, company) = match (text(&customer.name), text(&customer.company)) {
        (Some(name), company) => (name, company),
        (None, Some(company)) => (company, None),
        (None, None) => (customer.reference.to_string(), None),
    };
    CustomerView {
        reference: customer.reference.to_string(),
        name,
        company,
        city: text(&customer.city),
        country: customer.country.clone(),
    }
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// An amount as the user interface takes it.
#[must_use]
pub fn money_view(money: Money) -> MoneyView {
    MoneyView {
        minor: money.minor,
        currency: money.currency.code().to_owned(),
        digits: money.currency.digits(),
    }
}

/// Of balances in several currencies the place of one that is overdue, else of the one in the currency the customer buys
/// in.
fn chosen(balances: &[Balance], main: Option<crate::customer::Currency>) -> Option<usize> {
    (0..balances.len()).min_by_key(|&at| {
        let balance = &balances[at];
        (
            balance.overdue() <= 0,
            Some(balance.open.currency) != main,
            balance.open.currency,
        )
    })
}

/// What one of several records says.
fn record_view(record: &Customer) -> RecordView {
    RecordView {
        reference: record.reference.to_string(),
        name: text(&record.name),
        company: text(&record.company),
        city: text(&record.city),
        country: record.country.clone(),
        origin: Origin {
            source: record.source.clone(),
            at: record.seen,
        },
    }
}

fn balance_view(balance: &Balance, source: &str, others: &[(Balance, String)]) -> BalanceView {
    let overdue = balance.overdue();
    let ageing = [
        balance.not_due,
        balance.overdue_30,
        balance.overdue_60,
        balance.overdue_more,
    ];
    BalanceView {
        open: money_view(balance.open),
        overdue: (overdue > 0).then(|| {
            money_view(Money {
                minor: overdue,
                currency: balance.open.currency,
            })
        }),
        ageing: if overdue > 0 { ageing.to_vec() } else { Vec::new() },
        origin: as_of(balance, source),
        others: others
            .iter()
            .filter(|(other, _)| other.open.currency == balance.open.currency)
            .map(|(other, source)| OtherBalance {
                open: money_view(other.open),
                origin: as_of(other, source),
            })
            .collect(),
    }
}

fn as_of(balance: &Balance, source: &str) -> Origin {
    Origin {
        source: source.to_owned(),
        at: balance.as_of,
    }
}

/// Why the suggestions of such a view are not shown unless the agent wants them.
#[must_use]
pub fn pauses(view: &PopView) -> Vec<Pause> {
    let overdue = view.balance.as_ref().is_some_and(|balance| balance.overdue.is_some());
    let is_complaint = |item: &OpenItemView| {
        matches!(
            item.what,
            OpenWhat::Ticket {
                about: TicketKind::Complaint,
                ..
            }
        )
    };
    let complaint = view.open.iter().any(is_complaint);
    let held = [(overdue, Pause::Overdue), (complaint, Pause::Complaint)];
    held.into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, pause)| pause)
        .collect()
}

fn open_item(ticket: &Ticket) -> OpenItemView {
    OpenItemView {
        what: OpenWhat::SourceTicket,
        subject: ticket.subject.clone(),
        number: ticket.number.clone(),
        origin: Origin {
            source: ticket.source.clone(),
            at: ticket.seen,
        },
        call: None,
    }
}

#[cfg(test)]
mod tests;
