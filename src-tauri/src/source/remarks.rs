//! What there is to say of a table before it is read: how it is written, and what was guessed and could be wrong.
//!
//! It says it in codes with their values; the words stand in the message catalogue.

use super::date::Order;
use super::mapping::Field;
use super::sheet::{Form, Sheet};
use crate::words::Saying;

impl Sheet {
    /// How it is written: `UTF-8, semicolon`.
    #[must_use]
    pub fn written(&self) -> Saying {
        let format = match &self.form {
            Form::Text(format) => format,
            Form::Grid { grid, .. } if grid.name.is_empty() => return Saying::of(grid.written),
            Form::Grid { grid, .. } => {
                let as_what = Saying::of(grid.written);
                return Saying::of("import.as_sheet")
                    .with_said("as", as_what)
                    .with("sheet", &grid.name);
            }
        };
        let delimiter = match self.delimiter {
            ',' => "import.comma",
            ';' => "import.semicolon",
            '\t' => "import.tab",
            '|' => "import.bar",
            _ => "import.own_delimiter",
        };
        let parted = Saying::of(delimiter);
        Saying::of("import.as_text")
            .with("encoding", format.encoding.name())
            .with_said("parted", parted)
    }

    /// What was guessed and could be wrong: how dates that could be read two ways are read.
    #[must_use]
    pub fn remarks(&self) -> Vec<Saying> {
        let dates = [Field::Date, Field::Due, Field::AsOf]
            .into_iter()
            .filter_map(|field| self.mapping.column(field));
        let mut remarks = match &self.form {
            Form::Text(_) => Vec::new(),
            Form::Grid { grid, .. } => grid.remarks.clone(),
        };
        let header = |at: usize| self.mapping.columns[at].header.as_str();
        let numbers = self
            .mapping
            .columns_of(Field::Phone)
            .map(|at| (at, self.form.numbers(at)));
        let lost = |(at, count)| {
            Saying::of("import.zeros_lost")
                .with("column", header(at))
                .with("count", count)
        };
        remarks.extend(numbers.filter(|(_, count)| *count > 0).map(lost));
        let open = dates.filter(|at| self.open_dates.contains(at));
        remarks.extend(open.map(|at| order_saying(header(at), self.orders[at])));
        remarks
    }
}

/// How dates that could be read two ways are read, and by what.
fn order_saying(column: &str, (order, shown): (Order, bool)) -> Saying {
    let key = match (order, shown) {
        (Order::DayFirst, true) => "import.day_first_shown",
        (Order::DayFirst, false) => "import.day_first_usual",
        (Order::MonthFirst, true) => "import.month_first_shown",
        (Order::MonthFirst, false) => "import.month_first_usual",
    };
    Saying::of(key).with("column", column)
}
