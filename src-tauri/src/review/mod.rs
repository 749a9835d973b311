//! What a period of calls came to: the figures that a supervisor reads, each by the field's standard definition.
//!
//! Pure: it reads no clock and no store; calls are handed in one by one, and the time zone that days and hours are of is an
//! argument. `figures` has the definitions, `spread` a distribution, `days` what a local day is, `report` all of it side
//! by side with the period before, `sheet` its tables.

mod days;
mod figures;
mod report;
mod sheet;
mod spread;

pub use days::{Period, local_days};
pub use figures::{Figures, Reviewed, Target};
pub use report::{AgentFigures, Cell, Report, Reporter};
pub use sheet::{Part, Sheet, Value, sheet};
pub use spread::Spread;
