//! Rows of a file made into records: the typed, normalised form that is stored.
//!
//! It knows what a cell means by its field, and no file format. A row that cannot be used is given back with its reason.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, NaiveDate, Utc};

use super::cells::Cells;
use super::mapping::{Field, Kind};
use super::money::Decimal;
use super::record::{BalanceRow, CustomerRow, InvoiceRow, OrderLineRow, ProductRow, Record, TicketRow};
use super::sheet::Sheet;
use super::table::{Row, Table};
use super::{Reason, Rejected, SourceError, people};
use crate::customer::{Currency, Money, Restrictions};

/// A record and where it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The line that the row begins on, counted from 1.
    pub line: u64,
    /// The row as it stands there.
    pub raw: String,
    /// What it says.
    pub record: Record,
}

/// The records of a file, in its order.
pub struct Rows<'s> {
    sheet: &'s Sheet,
    reader: Table,
    ready: VecDeque<Result<Read, Rejected>>,
    /// How many invoices without a number each customer has for a day.
    unnumbered: HashMap<(String, NaiveDate), u32>,
    ended: bool,
}

impl<'s> Rows<'s> {
    pub(super) fn new(sheet: &'s Sheet) -> Result<Self, SourceError> {
        let mut reader = sheet.table()?;
        let _header = reader.next()?;
        reader.expect_columns(sheet.mapping.columns.len());
        Ok(Rows {
            sheet,
            reader,
            ready: VecDeque::new(),
            unnumbered: HashMap::new(),
            ended: false,
        })
    }

    /// Bytes of the file read so far, for a progress bar.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.reader.position()
    }

    /// The next record or the next row that cannot be used; `None` at the end.
    ///
    /// # Errors
    /// When the file itself can no longer be read.
    pub fn read(&mut self) -> Result<Option<Result<Read, Rejected>>, SourceError> {
        while self.ready.is_empty() && !self.ended {
            match self.reader.next()? {
                Some(row) => self.take(row),
                None => self.ended = true,
            }
        }
        Ok(self.ready.pop_front())
    }

    fn take(&mut self, row: Row) {
        let Row { line, raw, fields } = row;
        let expected = self.sheet.mapping.columns.len();
        let mut key = String::new();
        let records = fields.and_then(|fields| {
            let cells = self.sheet.cells(&fields);
            cells.text(key_field(self.sheet.mapping.kind)).clone_into(&mut key);
            if fields.iter().skip(expected).any(|field| !field.trim().is_empty()) {
                return Err(Reason::TooManyFields {
                    found: fields.len(),
                    expected,
                });
            }
            if self.sheet.mapping.kind == Kind::Invoices {
                return Ok(vec![Record::Invoice(self.invoice(&cells)?)]);
            }
            records(&cells)
        });
        match records {
            Ok(records) => {
                let read = |record| {
                    Ok(Read {
                        line,
                        raw: raw.clone(),
                        record,
                    })
                };
                self.ready.extend(records.into_iter().map(read));
            }
            Err(reason) => {
                let file = self.sheet.path.clone();
                self.ready.push_back(Err(Rejected {
                    file,
                    line,
                    reason,
                    key,
                    raw,
                }));
            }
        }
    }

    /// An invoice. One without a number is told apart by its customer and due day, so that it is the same the next day.
    fn invoice(&mut self, cells: &Cells<'_>) -> Result<InvoiceRow, Reason> {
        if cells.has(Field::Invoice) {
            return invoice(cells, cells.needed(Field::Invoice)?);
        }
        let customer = cells.needed(Field::Customer)?;
        let due = cells.date(Field::Due)?.ok_or(Reason::Missing(Field::Due))?;
        let nth = self.unnumbered.entry((customer.clone(), due.date_naive())).or_default();
        *nth += 1;
        let number = format!("{customer} {} {nth}", due.format("%Y-%m-%d"));
        invoice(cells, number)
    }
}

fn invoice(cells: &Cells<'_>, number: String) -> Result<InvoiceRow, Reason> {
    let open = cells.money(Field::Open)?.ok_or(Reason::Missing(Field::Open))?;
    Ok(InvoiceRow {
        customer: cells.needed(Field::Customer)?,
        number,
        currency: open.currency,
        total: open.minor,
        open: open.minor,
        issued: cells.date(Field::Date)?,
        due: cells.date(Field::Due)?.ok_or(Reason::Missing(Field::Due))?,
    })
}

/// What a record of a kind is found by.
pub(super) fn key_field(kind: Kind) -> Field {
    match kind {
        Kind::Customers | Kind::Balances => Field::Customer,
        Kind::Products => Field::Product,
        Kind::Orders => Field::Order,
        Kind::Invoices => Field::Invoice,
        Kind::Tickets => Field::Ticket,
    }
}

/// The records of a row; an invoice needs its number.
pub(super) fn records(cells: &Cells<'_>) -> Result<Vec<Record>, Reason> {
    Ok(match cells.mapping.kind {
        Kind::Customers => {
            let customer = people::customer(cells)?;
            let balance = cells.has(Field::Open).then(|| balance(cells, &customer)).transpose()?;
            let records = [Record::Customer(customer)];
            records.into_iter().chain(balance.map(Record::Balance)).collect()
        }
        Kind::Products => vec![Record::Product(product(cells)?)],
        Kind::Orders => vec![Record::OrderLine(order_line(cells)?)],
        Kind::Balances => {
            let customer = CustomerRow {
                key: cells.needed(Field::Customer)?,
                ..CustomerRow::default()
            };
            vec![Record::Balance(balance(cells, &customer)?)]
        }
        Kind::Invoices => vec![Record::Invoice(invoice(cells, cells.needed(Field::Invoice)?)?)],
        Kind::Tickets => vec![Record::Ticket(ticket(cells)?)],
    })
}

fn product(cells: &Cells<'_>) -> Result<ProductRow, Reason> {
    let key = cells.needed(Field::Product)?;
    let name = Some(cells.text(Field::ProductName))
        .filter(|name| !name.is_empty())
        .unwrap_or(&key);
    Ok(ProductRow {
        name: name.to_owned(),
        category: cells.text(Field::Category).to_owned(),
        price: cells.money(Field::Price)?,
        discontinued: is_yes(cells.text(Field::Discontinued)),
        restrictions: Restrictions {
            out_of_stock: out_of_stock(cells),
            durable: cells.known(Field::Durable).map(is_yes),
            sensitive: cells.known(Field::Sensitive).map(is_yes),
        },
        key,
    })
}

fn order_line(cells: &Cells<'_>) -> Result<OrderLineRow, Reason> {
    let customer = cells.needed(Field::Customer)?;
    let product = cells.needed(Field::Product)?;
    let at = cells.date(Field::Date)?.ok_or(Reason::Missing(Field::Date))?;
    let order = match cells.text(Field::Order) {
        // A source without order numbers: what a customer bought in one go is one order.
        "" => format!("{customer} {}", at.format("%Y-%m-%d %H:%M")),
        order => order.to_owned(),
    };
    let quantity = cells.number(Field::Quantity)?.unwrap_or(Decimal::ONE);
    let too_large = |field: Field| Reason::TooLarge(field, cells.text(field).to_owned());
    let amount = match cells.money(Field::Amount)? {
        Some(amount) => amount,
        None => {
            let missing = || Reason::Missing(Field::Price);
            let column = cells.mapping.column(Field::Price).ok_or_else(missing)?;
            let price = cells.decimal(Field::Price, column)?.ok_or_else(missing)?;
            let currency = cells.currency(column)?;
            let minor = price
                .times(quantity)
                .at(currency.digits())
                .ok_or_else(|| too_large(Field::Price))?;
            Money { minor, currency }
        }
    };
    let quantity_milli = quantity.at(3).ok_or_else(|| too_large(Field::Quantity))?;
    Ok(OrderLineRow {
        customer,
        order,
        at,
        product,
        quantity_milli,
        amount,
    })
}

fn nothing(customer: String, currency: Currency, as_of: DateTime<Utc>) -> BalanceRow {
    BalanceRow {
        customer,
        currency,
        open: 0,
        not_due: 0,
        overdue_30: 0,
        overdue_60: 0,
        overdue_more: 0,
        as_of,
    }
}

/// A balance row. Where only a sum of what is overdue is known, it stands as the mildest: 1 to 30 days.
fn balance(cells: &Cells<'_>, customer: &CustomerRow) -> Result<BalanceRow, Reason> {
    let money = [Field::Open, Field::Overdue, Field::Overdue30, Field::NotDue];
    let column = money.into_iter().find_map(|field| cells.mapping.column(field));
    let currency = cells.currency(column.ok_or(Reason::Missing(Field::Open))?)?;
    let as_of = cells.date(Field::AsOf)?.unwrap_or(cells.settings.at);
    let sum = |field| cells.sum(field, currency);
    let mut row = nothing(customer.key.clone(), currency, as_of);
    (row.overdue_30, row.overdue_60) = (sum(Field::Overdue30)?, sum(Field::Overdue60)?);
    (row.overdue_more, row.not_due) = (sum(Field::OverdueMore)?, sum(Field::NotDue)?);
    let known = row
        .overdue_30
        .saturating_add(row.overdue_60)
        .saturating_add(row.overdue_more);
    if cells.has(Field::Overdue) {
        row.overdue_30 = row
            .overdue_30
            .saturating_add(sum(Field::Overdue)?.saturating_sub(known));
    }
    let overdue = row
        .overdue_30
        .saturating_add(row.overdue_60)
        .saturating_add(row.overdue_more);
    if cells.has(Field::Open) {
        row.open = sum(Field::Open)?;
        row.not_due = row.open.saturating_sub(overdue);
    } else {
        row.open = row.not_due.saturating_add(overdue);
    }
    Ok(row)
}

fn ticket(cells: &Cells<'_>) -> Result<TicketRow, Reason> {
    Ok(TicketRow {
        customer: cells.needed(Field::Customer)?,
        number: cells.needed(Field::Ticket)?,
        subject: cells.needed(Field::Subject)?,
        open: !is_closed(cells.text(Field::Status)),
        at: cells.date(Field::Date)?.unwrap_or(cells.settings.at),
    })
}

/// Whether there is none left: by the number in stock, or a word for it. Any other words say nothing.
fn out_of_stock(cells: &Cells<'_>) -> Option<bool> {
    if let Ok(Some(left)) = cells.number(Field::Stock) {
        return left.at(3).map(|left| left <= 0);
    }
    let text = crate::number::plain(cells.text(Field::Stock));
    let gone = [
        "soldout",
        "outofstock",
        "ausverkauft",
        "agotado",
        "rasprodano",
        "epuise",
    ];
    match text.as_str() {
        gone_or_no if is_no(gone_or_no) || gone.contains(&gone_or_no) => Some(true),
        left if is_yes(left) => Some(false),
        _ => None,
    }
}

fn is_yes(text: &str) -> bool {
    let text = crate::number::plain(text);
    [
        "1",
        "yes",
        "y",
        "true",
        "t",
        "x",
        "ja",
        "j",
        "si",
        "s",
        "da",
        "d",
        "oui",
        "o",
        "wahr",
        "verdadero",
        "vrai",
        "discontinued",
    ]
    .contains(&text.as_str())
}

/// A clear no.
pub(super) fn is_no(text: &str) -> bool {
    let text = crate::number::plain(text);
    let words = [
        "0", "no", "n", "false", "f", "nein", "ne", "non", "falsch", "falso", "faux",
    ];
    words.contains(&text.as_str())
}

fn is_closed(text: &str) -> bool {
    let text = crate::number::plain(text);
    let words = [
        "closed",
        "solved",
        "resolved",
        "done",
        "geschlossen",
        "erledigt",
        "gelost",
        "cerrado",
        "resuelto",
        "zatvoren",
        "rijesen",
        "ferme",
        "resolu",
    ];
    words.iter().any(|word| text.starts_with(word))
}
