//! Answers queries from a file of orders, for a judgement by somebody else.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a logarithm of a price needs no more than 24 bits"
)]

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate};

use crate::advisor::Advice;
use crate::advisor::baskets::{Baskets, Day, Gather};
use crate::advisor::champion::{Task, Voice};
use crate::advisor::features::Scratch;
use crate::advisor::history::History;

/// How long an answer may be.
const MOST: usize = 20;

/// Why orders or queries could not be read, or answers not written.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The file is not there or not readable.
    #[error("cannot read {}", .0.display())]
    Open(PathBuf, #[source] io::Error),
    /// The file is not CSV.
    #[error("{} is not CSV with a header", .0.display())]
    Csv(PathBuf, #[source] csv::Error),
    /// A column is missing.
    #[error("{} has no column `{name}`; its header must name it", .0.display(), name = .1)]
    Column(PathBuf, &'static str),
    /// A cell is not what its column says.
    #[error("{} line {line}: `{text}` is not a date such as 2026-05-31 or 2026-05-31 14:00:00", .0.display(), line = .1, text = .2)]
    Date(PathBuf, u64, String),
    /// The answers cannot be written.
    #[error("cannot write the answers")]
    Write(#[source] csv::Error),
    /// The output is closed.
    #[error("cannot write the output")]
    Output(#[source] io::Error),
}

/// Learns from `orders`, answers `queries` and writes the answers; says in a line what was done.
///
/// # Errors
/// See [`EvaluateError`].
pub fn evaluate(orders: &Path, queries: &Path, task: Task, answers: &Path) -> Result<String, EvaluateError> {
    let Orders {
        baskets,
        prices,
        customers,
        products,
    } = Orders::read(orders)?;
    let numbers: HashMap<&str, u32> = products.iter().map(String::as_str).zip(0..).collect();
    let advice = Advice::learn(&baskets, prices);
    let mut writer = csv::Writer::from_path(answers).map_err(EvaluateError::Write)?;
    let header = ["customer_id", "rank", "product_id", "prob"];
    writer.write_record(header).map_err(EvaluateError::Write)?;
    let mut table = Table::open(queries, &["customer_id", "asof"], &["anchor"])?;
    let (mut scratch, mut history, mut asked) = (Scratch::default(), History::default(), 0u64);
    while let Some([customer, asof, anchor, _, _]) = table.next()? {
        asked += 1;
        let day = table.day(asof)?;
        history.clear();
        for &basket in customers
            .get(table.cell(customer))
            .map_or(&[][..], |&one| baskets.of_customer(one))
        {
            if baskets.day(basket) < day {
                history.push(baskets.day(basket), baskets.items(basket));
            }
        }
        let anchor = anchor.and_then(|at| numbers.get(table.cell(Some(at))).copied());
        let ranked = advice.rank(&mut scratch, &history, (task, anchor), day, MOST);
        for (rank, one) in (1..).zip(ranked) {
            let (rank, chance): (u32, _) = (rank, format!("{:.6}", one.chance));
            let product = &products[one.product as usize];
            let row = [table.cell(customer), &rank.to_string(), product, &chance];
            writer.write_record(row).map_err(EvaluateError::Write)?;
        }
    }
    writer.flush().map_err(|error| EvaluateError::Write(error.into()))?;
    let champion = advice.champion(task);
    let (way, cases) = (champion.way.name(), champion.marks[0].hits.len());
    Ok(match champion.voice {
        Voice::Speaks => format!("{asked} queries answered by {way}, which did best in {cases} replayed cases"),
        Voice::Popular => {
            format!("{asked} queries answered by {way}; nothing clearly beats popularity in {cases} cases")
        }
        Voice::Silent => format!("{asked} queries, no answers: nothing is known beyond what sells, by {cases} cases"),
    })
}

/// Orders with their texts as numbers.
struct Orders {
    baskets: Baskets,
    prices: Vec<f32>,
    customers: HashMap<String, u32>,
    products: Vec<String>,
}

impl Orders {
    fn read(path: &Path) -> Result<Self, EvaluateError> {
        let mut table = Table::open(path, &["customer_id", "timestamp", "product_id"], &["qty", "price"])?;
        let mut gather = Gather::default();
        let (mut customers, mut numbers) = (HashMap::new(), HashMap::new());
        let (mut products, mut prices): (Vec<String>, Vec<(f64, f64)>) = (Vec::new(), Vec::new());
        while let Some([customer, at, product, quantity, price]) = table.next()? {
            let number = |cell| table.cell(cell).parse::<f64>().ok();
            if quantity.is_some_and(|_| number(quantity).is_some_and(|quantity| quantity <= 0.0)) {
                continue;
            }
            let day = table.day(at)?;
            let customer = numbered(&mut customers, table.cell(customer));
            let product_number = numbered(&mut numbers, table.cell(product));
            if product_number as usize == products.len() {
                products.push(table.cell(product).to_owned());
                prices.push((0.0, 0.0));
            }
            if let Some(price) = number(price).filter(|&price| price > 0.0) {
                let known = &mut prices[product_number as usize];
                *known = (known.0 + price, known.1 + 1.0);
            }
            gather.add(customer, product_number, day);
        }
        let logarithm = |(sum, count): (f64, f64)| (sum / count).ln() as f32;
        Ok(Orders {
            baskets: gather.baskets(),
            prices: prices.into_iter().map(logarithm).collect(),
            customers,
            products,
        })
    }
}

fn numbered(known: &mut HashMap<String, u32>, text: &str) -> u32 {
    if let Some(&number) = known.get(text) {
        return number;
    }
    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
    known.insert(text.to_owned(), next);
    next
}

/// A CSV file of which some columns are read, wherever they stand.
struct Table {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read>>,
    row: csv::StringRecord,
    columns: [Option<usize>; 5],
}

impl Table {
    fn open(path: &Path, needed: &[&'static str], welcome: &[&'static str]) -> Result<Self, EvaluateError> {
        let failed = |error| EvaluateError::Open(path.to_owned(), error);
        let file = BufReader::new(File::open(path).map_err(failed)?);
        let zipped = path.extension().is_some_and(|ending| ending == "gz");
        let bytes: Box<dyn Read> = match zipped {
            true => Box::new(flate2::read::MultiGzDecoder::new(file)),
            false => Box::new(file),
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let header = reader
            .headers()
            .map_err(|error| EvaluateError::Csv(path.to_owned(), error))?;
        let mut columns = [None; 5];
        for (column, name) in columns.iter_mut().zip(needed.iter().chain(welcome)) {
            let wanted = |title: &str| title.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case(name);
            *column = header.iter().position(wanted);
            if column.is_none() && needed.contains(name) {
                return Err(EvaluateError::Column(path.to_owned(), name));
            }
        }
        Ok(Table {
            path: path.to_owned(),
            reader,
            row: csv::StringRecord::new(),
            columns,
        })
    }

    /// Where the cells of the next row are.
    fn next(&mut self) -> Result<Option<[Option<usize>; 5]>, EvaluateError> {
        let more = self.reader.read_record(&mut self.row);
        let more = more.map_err(|error| EvaluateError::Csv(self.path.clone(), error))?;
        Ok(more.then_some(self.columns))
    }

    fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|at| self.row.get(at)).unwrap_or_default().trim()
    }

    fn day(&self, column: Option<usize>) -> Result<Day, EvaluateError> {
        let text = self.cell(column);
        let line = || self.row.position().map_or(0, csv::Position::line);
        day(text).ok_or_else(|| EvaluateError::Date(self.path.clone(), line(), text.to_owned()))
    }
}

/// The day of a moment: seconds since 1970, or a text that begins with a date.
fn day(text: &str) -> Option<Day> {
    let date = text.get(..10).and_then(|date| date.parse::<NaiveDate>().ok());
    let seconds = || DateTime::from_timestamp(text.parse().ok()?, 0).map(|at| at.date_naive());
    let days = date
        .or_else(seconds)?
        .signed_duration_since(NaiveDate::default())
        .num_days();
    Day::try_from(days).ok()
}
