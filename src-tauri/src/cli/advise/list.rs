//! Customers to call: the most valuable, or those who came often and are silent. A campaign's start.
//!
//! Whoever wants no advertising is left out, and that is counted.

#![allow(
    clippy::cast_possible_truncation,
    reason = "what is expected of a customer fits in minor units; a larger one is cut"
)]

use std::cmp::Reverse;
use std::io::{self, Write};

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::advisor::baskets::Day;
use crate::advisor::relation::{Relation, Segment};
use crate::customer::{Customer, CustomerId};
use crate::desk::{self, AdviceRules};
use crate::directory::{DirectoryError, Reading, Snapshot};

/// Whom to list, and how.
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// Which customers
    #[arg(value_enum)]
    group: Group,
    /// At most so many customers
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Print a JSON array with an object for each customer
    #[arg(long)]
    json: bool,
}

/// The groups that can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Group {
    /// Those who buy often and lately
    Valuable,
    /// Those who bought often and are silent now
    AtRisk,
}

impl Group {
    fn has(self, segment: Segment) -> bool {
        match self {
            Group::Valuable => matches!(segment, Segment::Champion | Segment::Loyal),
            Group::AtRisk => matches!(segment, Segment::AtRisk | Segment::CannotLose),
        }
    }
}

struct Listed {
    id: CustomerId,
    relation: Relation,
    last: Day,
    tier: Option<String>,
}

/// Prints the list: by currency, and in each the worthiest first.
///
/// # Errors
/// When the cache cannot be read or the output is closed.
pub(super) fn list(
    (reading, learnt): (&Reading<'_>, &Snapshot),
    rules: &AdviceRules,
    args: &ListArgs,
    now: DateTime<Utc>,
    out: &mut impl Write,
) -> Result<(), ListError> {
    let (day, mut listed) = (desk::day(now), Vec::new());
    reading.everyone(|id, purchases| {
        let relation = learnt.relations.of(&purchases, day);
        let wanted = relation.filter(|one| one.segment.is_some_and(|segment| args.group.has(segment)));
        if let (Some(relation), Some(&last)) = (wanted, purchases.days.last()) {
            listed.push(Listed {
                id,
                relation,
                last,
                tier: None,
            });
        }
    })?;
    listed.sort_by_key(|one| {
        let value = one.relation.value;
        let minor = value.map(|(minor, _)| Reverse(minor.round() as i64));
        (
            value.map(|(_, currency)| currency).is_none(),
            value.map(|(_, currency)| currency),
            minor,
            one.id,
        )
    });
    let (mut rows, mut opted_out) = (Vec::new(), 0_u32);
    for mut one in listed {
        if rows.len() == args.limit as usize {
            break;
        }
        match reading.no_advertising(one.id)? {
            Some(true) => opted_out += 1,
            Some(false) | None => {
                one.tier = rules.tier(&reading.orders(one.id)?, now).map(|tier| tier.name.clone());
                rows.extend(reading.customer(one.id)?.map(|customer| (customer, one)));
            }
        }
    }
    Ok(print(&rows, opted_out, args.json, out)?)
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The cache cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The output is closed.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

fn print(rows: &[(Customer, Listed)], opted_out: u32, json: bool, out: &mut impl Write) -> io::Result<()> {
    if json {
        let all: Vec<Value> = rows.iter().map(|(customer, one)| object(customer, one)).collect();
        return writeln!(out, "{:#}", Value::Array(all));
    }
    for (customer, one) in rows {
        writeln!(out, "{}", line(customer, one))?;
    }
    if rows.is_empty() {
        writeln!(out, "nobody: too little is known, or nobody is in that group")?;
    }
    if opted_out > 0 {
        writeln!(out, "left out, because they want no advertising: {opted_out}")?;
    }
    Ok(())
}

fn line(customer: &Customer, one: &Listed) -> String {
    let name = match customer.company.as_str() {
        "" => customer.name.as_str(),
        company => company,
    };
    let segment = one.relation.segment.map_or("", Segment::name);
    let last = date(one.last).map(|last| last.to_string()).unwrap_or_default();
    let worth = one.relation.value.map(|(minor, currency)| {
        let digits = currency.digits();
        let value = minor / 10_f64.powf(f64::from(digits));
        format!("  {value:.*} {} a year", digits as usize, currency.code())
    });
    let reference = &customer.reference;
    let tier = one.tier.as_ref().map(|tier| format!("  {tier}")).unwrap_or_default();
    format!(
        "{reference}  {name}  {segment}{tier}  last order {last}{}",
        worth.unwrap_or_default()
    )
}

fn object(customer: &Customer, one: &Listed) -> Value {
    let Relation {
        segment,
        came_back,
        orders,
        value,
        rhythm,
        overdue,
    } = one.relation;
    json!({
        "reference": customer.reference,
        "name": customer.name,
        "company": customer.company,
        "segment": segment.map(Segment::name),
        "tier": one.tier,
        "last_order": date(one.last),
        "orders_a_year": orders,
        "value_a_year": value.map(|(minor, currency)| json!({ "minor": minor.round() as i64, "currency": currency })),
        "came_back": came_back.map(|(came, of)| json!({ "came": came, "of": of })),
        "every_days": rhythm,
        "overdue": overdue,
    })
}

fn date(day: Day) -> Option<NaiveDate> {
    DateTime::from_timestamp(i64::from(day) * 86_400, 0).map(|at| at.date_naive())
}
