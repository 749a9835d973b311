//! Values of a service or a database made into records, by the rules that hold for the columns of a file.
//!
//! It knows fields and kinds. It knows neither paths into answers nor queries: who read the values says which field each
//! one is.

use super::cells::Cells;
use super::date::Order;
use super::mapping::{Column, Field, Kind, Mapping};
use super::money::Point;
use super::pull::Keyed;
use super::record::Record;
use super::sheet::Settings;
use super::{Reason, phones_of, rows};
use crate::number::{self, Region};

/// What the values of a stream mean.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    mapping: Mapping,
    points: Vec<Point>,
    orders: Vec<(Order, bool)>,
    settings: Settings,
}

impl Shape {
    /// The shape of records of `kind` whose values are `fields`, in this order; telephone numbers are given apart.
    ///
    /// # Errors
    /// What the kind cannot do without and is no field here.
    pub(super) fn new(kind: Kind, fields: &[Field], settings: &Settings) -> Result<Self, Vec<Field>> {
        let column = |field: &Field| Column {
            header: String::new(),
            field: Some(*field),
        };
        let mapping = Mapping {
            kind,
            columns: fields.iter().map(column).collect(),
        };
        let missing: Vec<Field> = mapping
            .missing()
            .into_iter()
            .filter(|field| *field != Field::Phone)
            .chain(Some(rows::key_field(kind)).filter(|key| !fields.contains(key)))
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Shape {
            points: vec![Point::Dot; fields.len()],
            orders: vec![(Order::DayFirst, true); fields.len()],
            mapping,
            settings: settings.clone(),
        })
    }

    /// The records of one row: `cells` has a text for each field, `phones` a label and a text for each number.
    pub(super) fn records(&self, cells: &[String], phones: &[(String, String)]) -> Result<Vec<Record>, Reason> {
        let cells = Cells {
            mapping: &self.mapping,
            settings: &self.settings,
            points: &self.points,
            orders: &self.orders,
            fields: cells,
        };
        let mut records = rows::records(&cells)?;
        for record in &mut records {
            if let Record::Customer(customer) = record {
                let phones: Vec<(&str, &str)> = phones.iter().map(|(label, text)| (&**label, &**text)).collect();
                let home = number::Home {
                    region: self.settings.region,
                    area: self.settings.area.clone(),
                };
                let country = customer.country.as_deref().and_then(Region::from_code);
                customer.phones = phones_of(&phones, country, &home);
            }
        }
        Ok(records)
    }
}

/// What a stream of a kind is keyed by.
pub(super) fn keyed(kind: Kind) -> Keyed {
    match kind {
        Kind::Customers => Keyed::Customer,
        Kind::Balances => Keyed::Balance,
        Kind::Products => Keyed::Product,
        Kind::Orders => Keyed::Order,
        Kind::Invoices => Keyed::Invoice,
        Kind::Tickets => Keyed::Ticket,
    }
}
