//! What an import did, counted.

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not known.
    Added,
    /// It was known otherwise.
    Changed,
    /// It was known just so.
    Unchanged,
    /// An order line: [`Counts`] tell what became of it, once its order is whole.
    Taken,
    /// It names a customer that this source never gave; it was left out.
    UnknownCustomer,
    /// It is, or is of, somebody who was erased.
    LeftOut,
}

/// How many rows had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were not known.
    pub added: u64,
    /// Rows that were known otherwise.
    pub changed: u64,
    /// Rows that were known just so.
    pub unchanged: u64,
    /// Rows of the cache that the source no longer has: lines of an order that it gave anew, currencies of a
    /// balance that it gave anew.
    pub removed: u64,
    /// Rows left out because their customer is not known.
    pub unknown_customer: u64,
    /// Rows left out because they are of somebody who was erased.
    pub left_out: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: Tally) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
        self.unknown_customer += other.unknown_customer;
        self.left_out += other.left_out;
    }

    pub(super) fn note(&mut self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Added => self.added += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Taken => {}
            Outcome::UnknownCustomer => self.unknown_customer += 1,
            Outcome::LeftOut => self.left_out += 1,
        }
        outcome
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Customers.
    pub customers: Tally,
    /// Products.
    pub products: Tally,
    /// Order lines.
    pub order_lines: Tally,
    /// Balances.
    pub balances: Tally,
    /// Invoices.
    pub invoices: Tally,
    /// Tickets.
    pub tickets: Tally,
}
