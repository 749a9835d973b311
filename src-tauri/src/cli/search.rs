//! `ringside search`: customers by whatever is remembered of them.

use std::io::{self, Write};

use clap::Args;
use serde_json::{Value, json};

use crate::directory::{Directory, DirectoryError, Hit, Matched};

/// Finds customers by name, company, telephone number, e-mail address or order number.
///
/// Words and numbers may be unfinished, accents do not matter, and one mistake in a word is forgiven.
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// What is looked for
    #[arg(required = true, value_name = "TEXT", allow_hyphen_values = true)]
    text: Vec<String>,
    /// At most so many customers
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Print a JSON array with an object for each customer
    #[arg(long)]
    json: bool,
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The cache cannot be read.
    #[error("{0}")]
    Directory(#[from] DirectoryError),
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[from] io::Error),
}

/// Runs the command; the result goes to `out`.
///
/// # Errors
/// When the cache cannot be read. That nobody is found is no error.
pub fn run(args: &SearchArgs, directory: &mut Directory, out: &mut dyn Write) -> Result<(), SearchError> {
    let hits = directory
        .read()?
        .search(&args.text.join(" "), usize::from(args.limit))?;
    if args.json {
        let hits: Vec<Value> = hits.iter().map(as_json).collect();
        writeln!(out, "{:#}", Value::Array(hits))?;
        return Ok(());
    }
    if hits.is_empty() {
        writeln!(out, "nobody is found")?;
    }
    for hit in &hits {
        writeln!(out, "{}: {} {}", who(hit), word(hit.matched), hit.text)?;
    }
    Ok(())
}

fn who(hit: &Hit) -> String {
    let customer = &hit.customer;
    let names = [&customer.name, &customer.company, &customer.city];
    let names: Vec<&str> = names
        .into_iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    format!("{} {}", customer.reference, names.join(", "))
}

fn as_json(hit: &Hit) -> Value {
    json!({
        "customer": hit.customer.reference.0, "name": hit.customer.name, "company": hit.customer.company,
        "city": hit.customer.city, "matched": word(hit.matched), "text": hit.text,
    })
}

fn word(matched: Matched) -> &'static str {
    match matched {
        Matched::Name => "name",
        Matched::Company => "company",
        Matched::Number => "number",
        Matched::Email => "email",
        Matched::Order => "order",
    }
}
