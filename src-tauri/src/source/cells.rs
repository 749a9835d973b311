//! The cells of one row, read by what they mean: texts, dates, amounts.
//!
//! It knows the columns' meanings and ways of writing, and no records.

use chrono::{DateTime, Utc};

use super::date::Order;
use super::mapping::{Field, Mapping};
use super::money::{Decimal, NotDecimal, Point, currency_in};
use super::sheet::Settings;
use super::{Reason, date};
use crate::customer::{Currency, Money};

/// One row with what is needed to read its cells.
pub(super) struct Cells<'r> {
    pub(super) mapping: &'r Mapping,
    pub(super) settings: &'r Settings,
    /// The sign before the cents, one for each column.
    pub(super) points: &'r [Point],
    /// Day or month first, one for each column.
    pub(super) orders: &'r [(Order, bool)],
    pub(super) fields: &'r [String],
}

impl Cells<'_> {
    /// The text of a column, trimmed.
    pub(super) fn at(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |cell| cell.trim())
    }

    /// The text of a field; empty when there is no such column.
    pub(super) fn text(&self, field: Field) -> &str {
        self.mapping.column(field).map_or("", |column| self.at(column))
    }

    /// The text of a field; `None` when there is no such column.
    pub(super) fn known(&self, field: Field) -> Option<&str> {
        self.mapping.column(field).map(|column| self.at(column))
    }

    /// Does the field have a text?
    pub(super) fn has(&self, field: Field) -> bool {
        !self.text(field).is_empty()
    }

    pub(super) fn needed(&self, field: Field) -> Result<String, Reason> {
        match self.text(field) {
            "" => Err(Reason::Missing(field)),
            text => Ok(text.to_owned()),
        }
    }

    pub(super) fn date(&self, field: Field) -> Result<Option<DateTime<Utc>>, Reason> {
        let filled = |column: &usize| !self.at(*column).is_empty();
        let Some(column) = self.mapping.column(field).filter(filled) else {
            return Ok(None);
        };
        let text = self.at(column);
        date::read(text, self.orders[column].0)
            .map(Some)
            .ok_or_else(|| Reason::NotADate(field, text.to_owned()))
    }

    pub(super) fn decimal(&self, field: Field, column: usize) -> Result<Option<Decimal>, Reason> {
        let text = self.at(column);
        if text.is_empty() {
            return Ok(None);
        }
        Decimal::read(text, self.points[column])
            .map(Some)
            .map_err(|why| match why {
                NotDecimal::NotAnAmount => Reason::NotAnAmount(field, text.to_owned()),
                NotDecimal::TooLarge => Reason::TooLarge(field, text.to_owned()),
            })
    }

    pub(super) fn number(&self, field: Field) -> Result<Option<Decimal>, Reason> {
        self.mapping
            .column(field)
            .map_or(Ok(None), |column| self.decimal(field, column))
    }

    /// The currency of an amount: of its own cell, of the currency column, of its header, of the shop.
    pub(super) fn currency(&self, column: usize) -> Result<Currency, Reason> {
        if let Some(currency) = currency_in(self.at(column)) {
            return Ok(currency);
        }
        if self.has(Field::Currency) {
            let text = self.text(Field::Currency);
            let read = Currency::from_code(text).or_else(|| currency_in(text));
            return read.ok_or_else(|| Reason::NotACurrency(text.to_owned()));
        }
        let header = self.mapping.columns.get(column).map_or("", |column| &column.header);
        Ok(currency_in(header).unwrap_or(self.settings.currency))
    }

    pub(super) fn money(&self, field: Field) -> Result<Option<Money>, Reason> {
        let Some(column) = self.mapping.column(field) else {
            return Ok(None);
        };
        let Some(amount) = self.decimal(field, column)? else {
            return Ok(None);
        };
        let currency = self.currency(column)?;
        let minor = amount
            .at(currency.digits())
            .ok_or_else(|| Reason::TooLarge(field, self.at(column).to_owned()))?;
        Ok(Some(Money { minor, currency }))
    }

    /// The sum of every column of a field, in minor units of `currency`.
    pub(super) fn sum(&self, field: Field, currency: Currency) -> Result<i64, Reason> {
        let mut sum = 0_i64;
        for column in self.mapping.columns_of(field) {
            let amount = self
                .decimal(field, column)?
                .map_or(Some(0), |amount| amount.at(currency.digits()));
            let total = amount.and_then(|minor| sum.checked_add(minor));
            sum = total.ok_or_else(|| Reason::TooLarge(field, self.at(column).to_owned()))?;
        }
        Ok(sum)
    }
}
