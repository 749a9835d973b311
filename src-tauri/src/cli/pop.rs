//! `ringside pop`: what the panel would show for a number, without a call.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use clap::Args;

use crate::call::Party;
use crate::desk::{self, AdviceRules, Identify, Moment, Via};
use crate::directory::{Directory, DirectoryError};
use crate::journal::{Journal, JournalError};
use crate::number::{CallerId, DialContext, Key, Region, Unreadable};
use crate::pop::view::{
    BalanceView, CandidateView, CustomerView, Grade, MoneyView, PopView, PurchasesView, SuggestionKind, SuggestionView,
    TierView, VerdictKind,
};

/// Shows what the panel would show for a number.
#[derive(Args, Debug)]
pub struct PopArgs {
    /// The caller's number, as a phone system or a person writes it.
    number: String,
    /// Country of numbers without a country code, by code or name: DE, Germany. Without it the home region.
    #[arg(long, value_name = "CC", value_parser = region)]
    region: Option<Region>,
    /// Print the whole pop as JSON.
    #[arg(long)]
    json: bool,
}

/// Where the command looks.
pub struct Surroundings {
    /// The cache.
    pub directory: Directory,
    /// How numbers without a country code are read.
    pub home: DialContext,
    /// Our own outside numbers.
    pub own: Vec<Key>,
    /// What the settings say of advice.
    pub advice: AdviceRules,
    /// How long one look waits for what all purchases teach.
    pub patience: Duration,
}

/// Why nothing could be shown.
#[derive(Debug, thiserror::Error)]
pub enum PopError {
    /// The argument is no number.
    #[error(
        "`{0}` is not a telephone number: {1}. Write it with the country code, such as +49 30 23125101, or name a --region"
    )]
    Unreadable(String, Unreadable),
    /// The cache cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The journal cannot be read.
    #[error("cannot read what was answered to earlier offers")]
    Journal(#[from] JournalError),
    /// The output is closed.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

/// Answers the command on `out`; `journal` has what agents said and wrote at earlier calls.
///
/// # Errors
/// When the argument is no number, or the cache cannot be read.
pub fn run(
    args: &PopArgs,
    surroundings: Surroundings,
    journal: &Journal,
    moment: Moment,
    out: &mut impl Write,
) -> Result<(), PopError> {
    let Surroundings {
        directory,
        home,
        own,
        advice,
        patience,
    } = surroundings;
    let context = DialContext {
        region: args.region.or(home.region),
        ..home
    };
    let mut identify = Identify::new(directory, context, HashMap::new(), own).advising(advice);
    let party = Party {
        number: args.number.clone(),
        ..Party::default()
    };
    let via = Via {
        feed: "",
        called: "",
        trunk: None,
    };
    if let CallerId::Unreadable(raw, why) = identify.read(via, &party) {
        return Err(PopError::Unreadable(raw, why));
    }
    identify.heed(journal.offers_since(moment.now - desk::HEEDED_FOR)?, moment.now);
    if !identify.learn_within(patience)? {
        writeln!(
            io::stderr(),
            "the purchases take longer to learn from than one look may wait: only what goes with what they bought is \
             suggested, and nothing is said of the relation; `ringside advise CUSTOMER` takes its time"
        )?;
    }
    let view = identify.find(via, &party, Some(journal), moment)?.pop;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &view).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        out.write_all(card(&view, moment.offset).as_bytes())?;
    }
    Ok(())
}

fn region(text: &str) -> Result<Region, String> {
    Region::parse(text).ok_or_else(|| format!("`{text}` is neither a country code such as DE nor a country's name"))
}

/// The pop as lines of text, in the order a person reads.
fn card(view: &PopView, offset: FixedOffset) -> String {
    let day = |at: DateTime<Utc>| at.with_timezone(&offset).format("%Y-%m-%d").to_string();
    let mut lines = vec![head(view)];
    lines.extend(view.customer.as_ref().and_then(place));
    lines.extend(view.candidates.iter().map(|one| candidate(one, day)));
    lines.extend(view.tier.as_ref().map(tier));
    lines.extend(view.balance.iter().map(|one| balance(one, day)));
    lines.extend(view.purchases.iter().flat_map(|block| purchases(block, day)));
    lines.extend(view.suggestions.iter().map(suggestion));
    lines.extend(
        view.open
            .iter()
            .map(|item| format!("Open      {} ({})", item.subject, item.number)),
    );
    lines.extend(
        view.notes
            .iter()
            .map(|note| format!("Note      {}  {}", day(note.at), note.text)),
    );
    lines.join("\n") + "\n"
}

fn head(view: &PopView) -> String {
    let number = view.number.as_deref().unwrap_or("number withheld");
    let who = match (view.verdict, &view.customer) {
        (VerdictKind::One, Some(customer)) => name(customer),
        (VerdictKind::One | VerdictKind::Several, _) => "somebody of these".to_owned(),
        (VerdictKind::Withheld, _) => "unknown".to_owned(),
        (VerdictKind::Own, _) => "one of our own numbers".to_owned(),
        (VerdictKind::Internal, _) => "a colleague".to_owned(),
        (VerdictKind::Unknown, _) => "not in the data".to_owned(),
    };
    match view.grade.map(grade) {
        Some(grade) => format!("{number}  {who}  [{grade}]"),
        None => format!("{number}  {who}"),
    }
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Exact => "exact",
        Grade::National => "national",
        Grade::Ambiguous => "ambiguous",
    }
}

fn name(customer: &CustomerView) -> String {
    match &customer.company {
        Some(company) => format!("{}, {company}", customer.name),
        None => customer.name.clone(),
    }
}

fn place(customer: &CustomerView) -> Option<String> {
    let parts: Vec<_> = [&customer.city, &customer.country]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Some(
        format!("          {} · {}", customer.reference, parts.join(", "))
            .trim_end_matches([' ', '·'])
            .to_owned(),
    )
}

fn candidate(one: &CandidateView, day: impl Fn(DateTime<Utc>) -> String) -> String {
    let last = one
        .last_contact
        .map(|at| format!("  last {}", day(at)))
        .unwrap_or_default();
    format!("          {}  [{}]{last}", name(&one.customer), grade(one.grade))
}

fn tier(TierView { name, entitles }: &TierView) -> String {
    format!("Tier      {name}: {entitles}")
        .trim_end_matches([':', ' '])
        .to_owned()
}

fn balance(balance: &BalanceView, day: impl Fn(DateTime<Utc>) -> String) -> String {
    let overdue = balance
        .overdue
        .as_ref()
        .map(|overdue| format!(", {} overdue", money(overdue)))
        .unwrap_or_default();
    format!(
        "Owes      {}{overdue}  (as of {})",
        money(&balance.open),
        day(balance.origin.at)
    )
}

fn purchases(block: &PurchasesView, day: impl Fn(DateTime<Utc>) -> String) -> Vec<String> {
    let mut lines = vec![format!(
        "Bought    {} orders since {}, the last {} ({}); {} in 12 months, {} in the 12 before",
        block.orders,
        day(block.first),
        day(block.last),
        block.last_order,
        money(&block.year),
        money(&block.year_before)
    )];
    lines.extend(block.lines.iter().map(|line| {
        let quantity = quantity(line.quantity_milli);
        format!(
            "          {}  {:<10} {quantity:>8} × {}  {}",
            day(line.at),
            line.order,
            line.name,
            money(&line.amount)
        )
    }));
    lines
}

fn suggestion(one: &SuggestionView) -> String {
    let SuggestionView {
        name,
        with_name,
        together,
        of,
        ..
    } = one;
    match one.kind {
        SuggestionKind::CrossSell => match one.at_least_percent {
            Some(percent) => {
                format!("Suggest   {name}: at least {percent} in 100 orders with {with_name} ({together} of {of})")
            }
            None => format!("Suggest   {name}: {together} of {of} orders with {with_name}"),
        },
        SuggestionKind::Again => {
            let every = one.every_days.unwrap_or(0);
            let due = one
                .due
                .map(|due| format!(", due {}", due.format("%Y-%m-%d")))
                .unwrap_or_default();
            format!("Again     {name}: bought {together} times, about every {every} days{due}")
        }
        SuggestionKind::UpSell => match one.at_least_percent {
            Some(percent) => {
                format!(
                    "Moved up  {name}: at least {percent} in 100 who had {with_name} ({together} of {of} who came back)"
                )
            }
            None => format!("Moved up  {name}: {together} of {of} who had {with_name} and came back"),
        },
    }
}

/// Thousandths as people write them: 12, 1.5, 0.025.
fn quantity(milli: i64) -> String {
    decimal(milli, 3).trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn money(money: &MoneyView) -> String {
    format!("{} {}", decimal(money.minor, money.digits), money.currency)
}

/// A whole number of the smallest unit, with `digits` behind the point.
fn decimal(units: i64, digits: u32) -> String {
    let scale = 10u64.pow(digits);
    let sign = if units < 0 { "-" } else { "" };
    let (whole, rest) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    if digits == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest:0width$}", width = digits as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        assert_eq!(decimal(123_456, 2), "1234.56");
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(700, 0), "700");
        assert_eq!(decimal(1_005, 3), "1.005");
    }

    #[test]
    fn quantities_have_no_idle_zeros() {
        assert_eq!(
            ["12000", "1500", "25", "100000", "-2000", "0"].map(|milli| quantity(milli.parse().unwrap_or(0))),
            ["12", "1.5", "0.025", "100", "-2", "0"]
        );
    }
}
