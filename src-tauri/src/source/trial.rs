//! What a walk through a source finds, step by step, before anything is kept: what each step gave, or what to do.

use std::path::Path;

use serde::Serialize;

use super::pull::{Batch, PullError, Refused};
use super::record::{PhoneRow, Record};

/// What a walk found.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    /// What people call the source; the file when it cannot be read.
    pub system: String,
    /// What the file was run against.
    pub tested: Option<String>,
    /// What the file was never run against.
    pub untested: Option<String>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What was tried.
    pub what: String,
    /// Did it work?
    pub good: bool,
    /// What it gave, or what to do.
    pub said: String,
    /// What the first page of a stream had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// What the first page of a stream had.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Seen {
    /// What its records are.
    pub gives: String,
    /// How many there were.
    pub records: usize,
    /// How many there are in all, where the system says so.
    pub total: Option<u64>,
    /// How many the system calls gone.
    pub gone: usize,
    /// One of them as it was understood: fields and values.
    pub example: Vec<(&'static str, String)>,
    /// What could not be used, the first few, as key and reason.
    pub refused: Vec<(String, String)>,
    /// How many could not be used.
    pub refused_count: usize,
    /// Where the next run would go on.
    pub mark: Option<String>,
}

/// How many of what cannot be used are listed.
const LISTED: usize = 5;

impl Trial {
    /// One of the source that the file at `path` describes.
    pub(super) fn of(path: &Path) -> Self {
        Trial {
            system: path.display().to_string(),
            tested: None,
            untested: None,
            steps: Vec::new(),
        }
    }

    /// Did every step work?
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.steps.iter().all(|step| step.good)
    }

    pub(super) fn step(&mut self, what: &str, good: bool, said: impl Into<String>) {
        self.steps.push(Step {
            what: what.to_owned(),
            good,
            said: said.into(),
            seen: None,
        });
    }
}

impl Seen {
    pub(super) fn take(&mut self, batch: Batch) {
        self.records += batch.records.len();
        self.total = self.total.or(batch.total);
        self.gone += batch.gone.len();
        if let Some(first) = batch.records.first().filter(|_| self.example.is_empty()) {
            self.example = fields(first);
        }
        self.refused_count += batch.refused.len();
        let room = LISTED.saturating_sub(self.refused.len());
        let listed = batch
            .refused
            .into_iter()
            .take(room)
            .map(|Refused { key, reason }| (key, reason.to_string()));
        self.refused.extend(listed);
        self.mark = batch.mark.map(|mark| mark.0).or(self.mark.take());
    }

    pub(super) fn step(self, stream: &str, error: Option<&PullError>) -> Step {
        let said = match error {
            Some(error) => error.to_string(),
            None if self.records == 0 && self.refused_count == 0 => {
                "nothing there: right for a new system; otherwise check what the user may read, and the query in the file".to_owned()
            }
            None if self.refused_count > 0 => format!(
                "{} used and {} not: check [stream.map] for what is listed",
                self.records, self.refused_count
            ),
            None => format!("{} on the first page", self.records),
        };
        Step {
            what: format!("stream {stream}"),
            good: error.is_none() && (self.records > 0 || self.refused_count == 0),
            said,
            seen: Some(self),
        }
    }
}

/// The fields of a record that have something, as people read them.
fn fields(record: &Record) -> Vec<(&'static str, String)> {
    let money = |money: crate::customer::Money| amount(money.minor, money.currency);
    let all: Vec<(&'static str, String)> = match record {
        Record::Customer(row) => vec![
            ("customer", row.key.clone()),
            ("name", row.name.clone()),
            ("company", row.company.clone()),
            ("city", row.city.clone()),
            ("country", row.country.clone().unwrap_or_default()),
            ("phone", row.phones.iter().map(phone).collect::<Vec<_>>().join(", ")),
            ("email", row.email.clone()),
            ("vat", row.vat.clone()),
        ],
        Record::Product(row) => vec![
            ("product", row.key.clone()),
            ("product_name", row.name.clone()),
            ("category", row.category.clone()),
            ("price", row.price.map(money).unwrap_or_default()),
            ("discontinued", if row.discontinued { "yes" } else { "" }.to_owned()),
        ],
        Record::OrderLine(row) => vec![
            ("order", row.order.clone()),
            ("customer", row.customer.clone()),
            ("date", row.at.format("%Y-%m-%d").to_string()),
            ("product", row.product.clone()),
            ("quantity", thousandths(row.quantity_milli)),
            ("amount", money(row.amount)),
        ],
        Record::Balance(row) => vec![
            ("customer", row.customer.clone()),
            ("open", amount(row.open, row.currency)),
            (
                "overdue",
                amount(row.overdue_30 + row.overdue_60 + row.overdue_more, row.currency),
            ),
        ],
        Record::Invoice(row) => vec![
            ("invoice", row.number.clone()),
            ("customer", row.customer.clone()),
            ("due", row.due.format("%Y-%m-%d").to_string()),
            ("open", amount(row.open, row.currency)),
        ],
        Record::Ticket(row) => vec![
            ("ticket", row.number.clone()),
            ("customer", row.customer.clone()),
            ("subject", row.subject.clone()),
            ("status", if row.open { "open" } else { "closed" }.to_owned()),
        ],
    };
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn phone(phone: &PhoneRow) -> String {
    let label = if phone.label.is_empty() {
        String::new()
    } else {
        format!(" ({})", phone.label)
    };
    let unread = if phone.key.is_none() {
        ", which is no number"
    } else {
        ""
    };
    format!("{}{label}{unread}", phone.raw)
}

fn amount(minor: i64, currency: crate::customer::Currency) -> String {
    let digits = currency.digits() as usize;
    let unit = 10_u64.pow(currency.digits());
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    if digits == 0 {
        return format!("{sign}{size} {}", currency.code());
    }
    format!("{sign}{}.{:0digits$} {}", size / unit, size % unit, currency.code())
}

fn thousandths(milli: i64) -> String {
    let text = format!(
        "{}{}.{:03}",
        if milli < 0 { "-" } else { "" },
        milli.unsigned_abs() / 1000,
        milli.unsigned_abs() % 1000
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
