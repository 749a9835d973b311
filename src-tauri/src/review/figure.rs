//! The figures of a report one by one: what each is called and how it is measured.

use super::figures::Figures;
use super::spread::Spread;

/// In what a figure is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// How many.
    Count,
    /// A part of one, 0 to 1.
    Share,
    /// Seconds.
    Seconds,
    /// Thousandths of a second.
    Millis,
}

/// A figure that has a name.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its lasting code.
    pub code: &'static str,
    /// Its name in English.
    pub name: &'static str,
    /// In what it is measured.
    pub unit: Unit,
    of: fn(&Figures) -> Option<f64>,
}

impl Figure {
    const fn new(code: &'static str, name: &'static str, unit: Unit, of: fn(&Figures) -> Option<f64>) -> Self {
        Figure { code, name, unit, of }
    }

    const fn count(code: &'static str, name: &'static str, of: fn(&Figures) -> Option<f64>) -> Self {
        Self::new(code, name, Unit::Count, of)
    }

    const fn share(code: &'static str, name: &'static str, of: fn(&Figures) -> Option<f64>) -> Self {
        Self::new(code, name, Unit::Share, of)
    }

    const fn seconds(code: &'static str, name: &'static str, of: fn(&Figures) -> Option<f64>) -> Self {
        Self::new(code, name, Unit::Seconds, of)
    }

    /// The figure of these calls; `None` where there is nothing to measure.
    #[must_use]
    pub fn of(&self, figures: &Figures) -> Option<f64> {
        (self.of)(figures)
    }
}

/// All of them, as they are read.
pub const FIGURES: &[Figure] = &[
    Figure::count("offered", "offered", |one| Some(f64::from(one.offered))),
    Figure::count("answered", "answered", |one| Some(f64::from(one.answered))),
    Figure::count("abandoned", "abandoned", |one| Some(f64::from(one.abandoned))),
    Figure::count("abandoned_in_target", "abandoned within the target", |one| {
        Some(f64::from(one.abandoned_in_target))
    }),
    Figure::count("missed", "missed", |one| Some(f64::from(one.missed))),
    Figure::count("refused", "refused", |one| Some(f64::from(one.refused))),
    Figure::count("unknown", "end not seen", |one| Some(f64::from(one.unknown))),
    Figure::share("service_level", "service level", Figures::service_level),
    Figure::share("abandonment", "abandonment", Figures::abandonment),
    Figure::seconds("wait_mean", "average speed of answer", |one| mean(one.wait)),
    Figure::seconds("wait_median", "wait, median", |one| median(one.wait)),
    Figure::seconds("wait_p90", "wait, nine of ten", |one| p90(one.wait)),
    Figure::seconds("wait_most", "wait, longest", |one| most(one.wait)),
    Figure::seconds("patience_median", "patience, median", |one| median(one.patience)),
    Figure::seconds("handle_mean", "average handle time", |one| mean(one.handle)),
    Figure::seconds("handle_median", "handle time, median", |one| median(one.handle)),
    Figure::seconds("handle_p90", "handle time, nine of ten", |one| p90(one.handle)),
    Figure::seconds("talk_mean", "talk, mean", |one| mean(one.talk)),
    Figure::seconds("wrap_up_mean", "wrap-up, mean", |one| mean(one.wrap_up)),
    Figure::count("outgoing", "outgoing", |one| Some(f64::from(one.outgoing))),
    Figure::count("outgoing_answered", "outgoing, answered", |one| {
        Some(f64::from(one.outgoing_answered))
    }),
    Figure::share("matched_rate", "matched rate", Figures::matched_rate),
    Figure::count("several", "several share the number", |one| {
        Some(f64::from(one.several))
    }),
    Figure::count("corrected", "corrected", |one| Some(f64::from(one.corrected))),
    Figure::count("promised", "callbacks due", |one| Some(f64::from(one.promised))),
    Figure::share("kept_rate", "callbacks kept in time", Figures::kept_rate),
    Figure::count("suggested", "suggestions made", |one| Some(f64::from(one.suggested))),
    Figure::share("accepted_rate", "suggestions accepted", Figures::accepted_rate),
    Figure::new("pop_median", "panel told after, median", Unit::Millis, |one| {
        median(one.pop).map(|micros| micros / 1e3)
    }),
];

fn mean(spread: Spread) -> Option<f64> {
    some(spread, spread.mean)
}

fn median(spread: Spread) -> Option<f64> {
    some(spread, f64::from(spread.median))
}

fn p90(spread: Spread) -> Option<f64> {
    some(spread, f64::from(spread.p90))
}

fn most(spread: Spread) -> Option<f64> {
    some(spread, f64::from(spread.most))
}

fn some(spread: Spread, value: f64) -> Option<f64> {
    (spread.count > 0).then_some(value)
}
