//! Keys as people write them.

use super::{Key, Region, plan};
use phonenumber::Metadata;

/// The number in international format, `+49 30 23125101`. The grouping is the numbering plan's; a number that fits
/// none is written with the country code apart.
#[must_use]
pub fn display(key: Key) -> String {
    let digits = key.get().to_string();
    let Some((code, national)) = plan::part(&digits).filter(|_| key.is_whole()) else {
        return key.to_string();
    };
    let grouped = plan::of_code(code)
        .first()
        .and_then(|plan| grouped(plan.meta(), national));
    format!("+{code} {}", grouped.unwrap_or_else(|| national.to_owned()))
}

/// The country that gives out the number; for a number that nobody gives out, the only country of its code.
#[must_use]
pub fn country(key: Key) -> Option<Region> {
    let digits = key.get().to_string();
    let (code, national) = plan::part(&digits).filter(|_| key.is_whole())?;
    match plan::of_code(code) {
        [only] => only.region(),
        _ => plan::giving_out(code, national)?.region(),
    }
}

/// The groups that people write the national digits in, `30` and `23125101`.
pub(super) fn groups(key: Key) -> Vec<String> {
    display(key).split([' ', '-']).skip(1).map(str::to_owned).collect()
}

fn grouped(meta: &Metadata, national: &str) -> Option<String> {
    let formats = if meta.international_formats().is_empty() {
        meta.formats()
    } else {
        meta.international_formats()
    };
    let format = formats.iter().find(|format| {
        let leads = format.leading_digits().last();
        let leads = leads.is_none_or(|leading| leading.find(national).is_some_and(|found| found.start() == 0));
        leads
            && format
                .pattern()
                .find(national)
                .is_some_and(|found| found.as_str() == national)
    })?;
    Some(format.pattern().replace(national, format.format()).into_owned())
}
