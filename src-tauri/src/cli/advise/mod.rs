//! `ringside advise`: what would suit a customer next, and how well that is known.

mod customer;
mod evaluate;
mod list;
mod report;

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};

pub use evaluate::{EvaluateError, evaluate};
pub use list::ListError;

use crate::advisor::champion::Task;
use crate::desk::{self, AdviceRules, NoAdviceReport};
use crate::directory::{Directory, DirectoryError};
use crate::journal::{Journal, JournalError};

/// Says what would suit a customer next.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AdviseArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// The customer, as the sources name them: files/ALFKI.
    #[arg(conflicts_with = "orders")]
    customer: Option<String>,
    /// Say also what was not suggested, and which guard silenced it.
    #[arg(long, requires = "customer")]
    explain: bool,
    /// Learn from these orders instead of the shop's own, and answer queries: CSV, may be gzipped, with the columns
    /// customer_id, timestamp, product_id, and as they are known qty and price.
    #[arg(long, value_name = "FILE", requires_all = ["queries", "out"])]
    orders: Option<PathBuf>,
    /// Whom to answer for: CSV with the columns customer_id, asof, and for `--task with` anchor.
    #[arg(long, value_name = "FILE", requires = "orders")]
    queries: Option<PathBuf>,
    /// What is asked: the next basket, what of it is new, or what goes with the anchor.
    #[arg(long, value_enum, default_value_t = Asked::Any)]
    task: Asked,
    /// Where the answers go: CSV with the columns customer_id, rank, product_id, prob.
    #[arg(long, value_name = "FILE", requires = "orders")]
    out: Option<PathBuf>,
}

/// The tasks, as they are typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Asked {
    Any,
    New,
    With,
}

impl From<Asked> for Task {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Any => Task::Any,
            Asked::New => Task::New,
            Asked::With => Task::With,
        }
    }
}

/// What else is asked.
#[derive(Subcommand, Debug)]
enum What {
    /// How well advice did on the shop's own past, which way is used and why, and how offers fall over the segments
    Report(report::ReportArgs),
    /// Customers to call: the most valuable, or those who came often and are silent now
    List(list::ListArgs),
}

/// Why there is no advice.
#[derive(Debug, thiserror::Error)]
pub enum AdviseError {
    /// Files could not be read or written.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The cache cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Nobody is called that.
    #[error("there is no customer `{0}`; `ringside search` finds the reference, such as files/ALFKI")]
    NoCustomer(String),
    /// Nothing was asked.
    #[error("name a customer, or `report`, or `list`, or --orders, --queries and --out")]
    Nothing,
    /// The journal, which has what they declined, cannot be read.
    #[error("cannot read what the customer said to earlier offers")]
    Journal(#[from] JournalError),
    /// There is no report.
    #[error(transparent)]
    Report(#[from] NoAdviceReport),
    /// The customers could not be listed.
    #[error(transparent)]
    List(#[from] ListError),
    /// The output is closed.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

impl AdviseArgs {
    /// Whether files of orders and queries are to be answered, for which no home is needed.
    #[must_use]
    pub fn is_evaluation(&self) -> bool {
        self.orders.is_some()
    }
}

/// Answers queries from files.
///
/// # Errors
/// When a file cannot be read or written, or lacks a column.
pub fn answer_files(args: &AdviseArgs, out: &mut impl Write) -> Result<(), AdviseError> {
    let (Some(orders), Some(queries), Some(answers)) = (&args.orders, &args.queries, &args.out) else {
        return Err(AdviseError::Nothing);
    };
    let said = evaluate(orders, queries, args.task.into(), answers)?;
    Ok(writeln!(out, "{said}")?)
}

/// Answers from the cache.
///
/// # Errors
/// When there is no such customer, or the cache or the journal cannot be read.
pub fn run(
    args: &AdviseArgs,
    directory: &mut Directory,
    (rules, journal): (&AdviceRules, &Journal),
    now: DateTime<Utc>,
    out: &mut impl Write,
) -> Result<(), AdviseError> {
    match (&args.what, &args.customer) {
        (Some(What::Report(args)), _) => {
            let made = desk::advice_report(directory, journal, now)?;
            Ok(report::print(&made, args, out)?)
        }
        (Some(What::List(args)), _) => {
            directory.learn()?;
            let reading = directory.read()?;
            let snapshot = reading.snapshot().ok_or(AdviseError::Nothing)?;
            Ok(list::list((&reading, snapshot), rules, args, now, out)?)
        }
        (None, Some(reference)) => {
            let explain = args.explain;
            customer::advise(
                directory,
                &customer::Whom {
                    reference,
                    explain,
                    now,
                },
                (rules, journal),
                out,
            )
        }
        (None, None) => Err(AdviseError::Nothing),
    }
}
