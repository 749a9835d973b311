//! `ringside customer`, `ringside link` and `ringside unlink`: who somebody is in every source, and what people say of it.

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::Failure;
use crate::customer::{Balance, Customer, CustomerRef};
use crate::directory::{Directory, Dossier};
use crate::journal::{Act, Edit, Fact, Journal};
use crate::start::{AuditTrail, Sources};

/// Shows what every source says of a customer, and corrects it.
///
/// What you set stands before what the sources say, and stays when they are read again.
#[derive(Args, Debug)]
pub struct CustomerArgs {
    /// The customer, as source/key, for example shop/1001
    #[arg(value_name = "REF")]
    reference: String,
    /// Write a fact in the place of what the sources say: name, company or city; repeatable
    #[arg(long, value_name = "FACT=TEXT", value_parser = fact_and_text)]
    set: Vec<(Fact, String)>,
    /// Let the sources say a fact again; repeatable
    #[arg(long, value_name = "FACT", value_parser = fact)]
    unset: Vec<Fact>,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

/// Says that two records are one person or company.
#[derive(Args, Debug)]
pub struct LinkArgs {
    /// A record, as source/key
    #[arg(value_name = "REF")]
    one: String,
    /// A record of the same somebody
    #[arg(value_name = "REF")]
    other: String,
}

/// Says that a record is nobody else, whatever it has in common with others. Nothing is lost: both are again what they were.
#[derive(Args, Debug)]
pub struct UnlinkArgs {
    /// The record, as source/key
    #[arg(value_name = "REF")]
    reference: String,
}

/// The stores that these commands work on.
pub struct Stores {
    /// The cache.
    pub directory: Directory,
    /// The journal.
    pub journal: Journal,
    /// The sources, for linking anew.
    pub sources: Sources,
    /// Who says it stands there.
    pub trail: AuditTrail,
}

/// Shows a customer at `now`.
///
/// # Errors
/// When there is no such customer, or a store cannot be used.
pub fn show(args: &CustomerArgs, mut stores: Stores, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Failure> {
    let reference = CustomerRef(args.reference.clone());
    known(&mut stores.directory, &reference)?;
    let facts = args.set.iter().map(|(fact, _)| fact).chain(&args.unset);
    let facts: Vec<&str> = facts.map(|fact| fact.name()).collect();
    if !facts.is_empty() {
        stores
            .trail
            .note(Act::FactsChanged, &facts.join(", "), Some(&reference), now)?;
    }
    for (fact, text) in &args.set {
        stores.journal.edit(&reference, *fact, Some(text), now)?;
    }
    for fact in &args.unset {
        stores.journal.edit(&reference, *fact, None, now)?;
    }
    let reading = stores.directory.read()?;
    let found = reading.by_reference(&reference)?;
    let dossier = found
        .map(|customer| reading.dossier(customer.id, now))
        .transpose()?
        .flatten();
    let dossier = dossier.ok_or_else(|| unknown(&reference))?;
    let records = match dossier.records.is_empty() {
        true => vec![dossier.customer.clone()],
        false => dossier.records.clone(),
    };
    let mut edits = Vec::new();
    for record in &records {
        edits.extend(stores.journal.edits(&record.reference)?);
    }
    let document = document(&dossier, &records, &edits);
    match args.json {
        true => writeln!(out, "{document:#}")?,
        false => print(&dossier, &records, &edits, out)?,
    }
    Ok(())
}

/// Links two records.
///
/// # Errors
/// When one of them is not there, or a store cannot be used.
pub fn link(args: &LinkArgs, mut stores: Stores, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Failure> {
    let (one, other) = (CustomerRef(args.one.clone()), CustomerRef(args.other.clone()));
    if one == other {
        return Err("a record is itself already: name two".into());
    }
    known(&mut stores.directory, &one)?;
    known(&mut stores.directory, &other)?;
    stores.trail.note(Act::RecordsLinked, "", Some(&one), now)?;
    stores.journal.link_records(&one, &other, now)?;
    stores.sources.link()?;
    writeln!(
        out,
        "{one} and {other} are one from now on; `ringside unlink` parts them again"
    )?;
    Ok(())
}

/// Parts a record from all others.
///
/// # Errors
/// When it is not there, or a store cannot be used.
pub fn unlink(args: &UnlinkArgs, mut stores: Stores, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Failure> {
    let reference = CustomerRef(args.reference.clone());
    known(&mut stores.directory, &reference)?;
    stores.trail.note(Act::RecordsParted, "", Some(&reference), now)?;
    stores.journal.part_record(&reference, now)?;
    stores.sources.link()?;
    writeln!(out, "{reference} is by itself from now on")?;
    Ok(())
}

fn known(directory: &mut Directory, reference: &CustomerRef) -> Result<(), Failure> {
    let found = directory.read()?.by_reference(reference)?;
    found.map(|_| ()).ok_or_else(|| unknown(reference))
}

fn unknown(reference: &CustomerRef) -> Failure {
    format!("no source gave a customer `{reference}`; `ringside search` finds one by name").into()
}

/// A fact with what each record says of it.
fn values(fact: Fact, records: &[Customer]) -> Vec<(&Customer, &str)> {
    records
        .iter()
        .map(|record| {
            let text = match fact {
                Fact::Name => &record.name,
                Fact::Company => &record.company,
                Fact::City => &record.city,
            };
            (record, text.as_str())
        })
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn print(dossier: &Dossier, records: &[Customer], edits: &[Edit], out: &mut dyn Write) -> std::io::Result<()> {
    for fact in Fact::ALL {
        let values = values(fact, records);
        let edit = edits.iter().find(|edit| edit.fact == fact);
        let shown = edit.map_or_else(|| values.first().map_or("", |(_, text)| text), |edit| &edit.value);
        if shown.is_empty() {
            continue;
        }
        writeln!(out, "{:8} {shown}", fact.name())?;
        if let Some(edit) = edit {
            writeln!(out, "         written by hand on {}", edit.at.format("%Y-%m-%d"))?;
        }
        for (record, text) in values.iter().filter(|(_, text)| *text != shown) {
            writeln!(
                out,
                "         {text} ({}, {})",
                record.source,
                record.seen.format("%Y-%m-%d")
            )?;
        }
    }
    for (balance, source) in dossier.balances.iter().zip(&dossier.balance_sources) {
        let amount = decimal(balance);
        writeln!(out, "owes     {amount} {} ({source})", balance.open.currency.code())?;
    }
    for (balance, source) in &dossier.other_balances {
        let (amount, code) = (decimal(balance), balance.open.currency.code());
        let day = balance.as_of.format("%Y-%m-%d");
        writeln!(out, "         {amount} {code} ({source}, {day})")?;
    }
    writeln!(out, "orders   {}", dossier.orders.len())?;
    let names: Vec<String> = records.iter().map(|record| record.reference.to_string()).collect();
    writeln!(out, "records  {}", names.join(", "))
}

/// An amount with its cents.
fn decimal(balance: &Balance) -> String {
    let digits = balance.open.currency.digits() as usize;
    let minor = format!("{:0width$}", balance.open.minor.abs(), width = digits + 1);
    let sign = if balance.open.minor < 0 { "-" } else { "" };
    match digits {
        0 => format!("{sign}{minor}"),
        digits => format!(
            "{sign}{}.{}",
            &minor[..minor.len() - digits],
            &minor[minor.len() - digits..]
        ),
    }
}

fn document(dossier: &Dossier, records: &[Customer], edits: &[Edit]) -> Value {
    let record = |record: &Customer| {
        json!({
            "reference": record.reference,
            "source": record.source,
            "seen": record.seen,
            "name": record.name,
            "company": record.company,
            "city": record.city,
            "country": record.country,
        })
    };
    let facts = Fact::ALL.into_iter().map(|fact| {
        let values = values(fact, records);
        let edit = edits.iter().find(|edit| edit.fact == fact);
        let shown = edit.map_or_else(|| values.first().map_or("", |(_, text)| text), |edit| &edit.value);
        let others: Vec<Value> = values
            .iter()
            .filter(|(_, text)| *text != shown)
            .map(|(record, text)| json!({"value": text, "source": record.source, "seen": record.seen}))
            .collect();
        let source = values
            .iter()
            .find(|(_, text)| *text == shown)
            .map(|(record, _)| &record.source);
        json!({
            "fact": fact.name(),
            "value": shown,
            "source": if edit.is_some() { None } else { source },
            "written": edit.map(|edit| edit.at),
            "others": others,
        })
    });
    let owed = |balance: &Balance, source: &str| {
        json!({
            "open": balance.open.minor,
            "overdue": balance.overdue(),
            "currency": balance.open.currency,
            "source": source,
            "as_of": balance.as_of,
        })
    };
    let balances = dossier.balances.iter().zip(&dossier.balance_sources);
    let balances: Vec<Value> = balances.map(|(balance, source)| owed(balance, source)).collect();
    let others = dossier.other_balances.iter();
    let other_balances: Vec<Value> = others.map(|(balance, source)| owed(balance, source)).collect();
    json!({
        "reference": dossier.customer.reference,
        "facts": facts.collect::<Vec<_>>(),
        "records": records.iter().map(record).collect::<Vec<_>>(),
        "balances": balances,
        "other_balances": other_balances,
        "orders": dossier.orders.len(),
        "open_tickets": dossier.tickets.len(),
    })
}

fn fact(text: &str) -> Result<Fact, String> {
    Fact::named(text).ok_or_else(|| "a fact is name, company or city".to_owned())
}

fn fact_and_text(text: &str) -> Result<(Fact, String), String> {
    let (name, text) = text.split_once('=').ok_or("say FACT=TEXT, for example name=Anna")?;
    match text.trim() {
        "" => Err("to let the sources say it again, use --unset".to_owned()),
        text => Ok((fact(name)?, text.to_owned())),
    }
}
