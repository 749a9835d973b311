//! What a period of calls came to: the figures that a supervisor reads, each by the field's standard definition.
//!
//! Pure: it reads no clock and no store; calls are handed in one by one, and the time zone that days and hours are of is an
//! argument. `figures` has the definitions, `figure` their names, `spread` a distribution, `after` what was promised and suggested,
//! `days` what a local day is, `report` all of it side by side with the period before, `sheet` its tables, `written` these in the forms
//! that other programs read, `waits` who waited in the last hour.

mod after;
mod days;
mod figure;
mod figures;
mod report;
mod sheet;
mod spread;
mod waits;
mod written;

pub use after::{Promise, Reaction, Suggested};
pub use days::{Period, a_week_before, local_days};
pub use figure::{FIGURES, Figure, Unit};
pub use figures::{Figures, Reviewed, Target};
pub use report::{AgentFigures, Cell, HANDLE_BANDS, Only, Reactions, Report, Reporter, WAIT_BANDS};
pub use sheet::{PARTS, Part, Sheet, Value, sheet};
pub use spread::Spread;
pub use waits::{LAST_MINUTES, LastHour, Minute};
pub use written::{csv, workbook};
