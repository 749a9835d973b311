//! Numbering plans: which digits are the country's, which the subscriber's, and what is a number at all.
//!
//! Metadata and formatting are `phonenumber`'s; the reading is our own, after libphonenumber's
//! `parseHelper`, because that crate's parser loses digits of international input when a region is given,
//! strips Russia's 8 twice, and anchors its patterns at the start alone (wrong or no result for 16 % of valid
//! input). Each pattern is compiled once, anchored at both ends, outside that crate's cache of 100 behind one lock.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use phonenumber::Metadata;
use phonenumber::metadata::DATABASE;
use regex::{Regex, RegexBuilder};

use super::Region;

/// The longest country code, in digits.
const COUNTRY_CODE_DIGITS: usize = 3;
/// National numbers without a trunk prefix are shorter everywhere.
const LONG_NATIONAL_DIGITS: usize = 12;
/// Mexico dialled these before its ten digits until 2019, and trunks and files still carry them; today's metadata has
/// dropped them (Plan Técnico Fundamental de Numeración, IFT 2018).
const MEXICO: (u16, [&str; 4], usize) = (52, ["044", "045", "01", "1"], 10);
/// The shortest subscriber number anywhere: four digits, on Niue and Saint Helena.
pub(super) const MIN_NATIONAL_DIGITS: usize = 4;

static PLANS: LazyLock<Plans> = LazyLock::new(Plans::load);

struct Plans {
    by_code: HashMap<u16, Vec<Plan>>,
    by_region: HashMap<Region, (u16, usize)>,
}

/// The plan of one region, or of one code that belongs to no region (`+800`).
pub(super) struct Plan {
    meta: &'static Metadata,
    reading: OnceLock<Reading>,
    given_out: OnceLock<Option<Regex>>,
}

/// What reading needs of a plan, compiled at first use.
struct Reading {
    general: Option<Regex>,
    leading: Option<Regex>,
    trunk: Option<Regex>,
    idd: Option<Regex>,
    lengths: Vec<usize>,
    local_lengths: Vec<usize>,
}

/// A number parted by its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Significant {
    /// Country code.
    pub(super) code: u16,
    /// The digits behind it, leading zeros kept.
    pub(super) national: String,
    /// The plan had to be repaired: an outdated or carrier prefix was dropped or a digit moved (Argentina's 15,
    /// Mexico's 1, Brazil's carriers).
    pub(super) repaired: bool,
}

impl Plans {
    fn load() -> Self {
        let mut plans = Plans {
            by_code: HashMap::new(),
            by_region: HashMap::new(),
        };
        for code in 1..1000 {
            for meta in DATABASE.by_code(&code).unwrap_or_default() {
                let list = plans.by_code.entry(code).or_default();
                if let Some(region) = Region::from_code(meta.id()) {
                    plans.by_region.insert(region, (code, list.len()));
                }
                list.push(Plan {
                    meta,
                    reading: OnceLock::new(),
                    given_out: OnceLock::new(),
                });
            }
        }
        plans
    }
}

/// The plan of a region.
pub(super) fn of_region(region: Region) -> Option<&'static Plan> {
    let (code, index) = PLANS.by_region.get(&region)?;
    of_code(*code).get(*index)
}

/// The plans that share a country code, the main one first; empty for a code that is not assigned.
pub(super) fn of_code(code: u16) -> &'static [Plan] {
    PLANS.by_code.get(&code).map_or(&[], Vec::as_slice)
}

/// International digits (no plus) parted into country code and the rest. `None` when no country has the code.
pub(super) fn part(digits: &str) -> Option<(u16, &str)> {
    (1..=COUNTRY_CODE_DIGITS.min(digits.len())).find_map(|length| {
        let (code, rest) = digits.split_at(length);
        let code = code.parse().ok()?;
        (!digits.starts_with('0') && !of_code(code).is_empty()).then_some((code, rest))
    })
}

/// The number that international digits (no plus) mean. `None` when no country has the code.
pub(super) fn international(digits: &str) -> Option<Significant> {
    let (code, rest) = part(digits)?;
    let plan = of_code(code).first()?;
    let mut number = plan.significant(rest);
    let bare = number.national.trim_start_matches('0');
    if bare.len() < number.national.len() && !plan.is_viable(&number.national) && plan.is_viable(bare) {
        // `+351 (0)21…`: the bracketed zero of a country that dials none.
        number.national = bare.to_owned();
    }
    Some(number)
}

/// The plan, among those of the code, that gives out the number today; `None` when none does.
pub(super) fn giving_out(code: u16, national: &str) -> Option<&'static Plan> {
    let plans = of_code(code);
    let shared = plans.len() > 1;
    plans
        .iter()
        .find(|plan| match &plan.reading().leading {
            Some(leading) if shared => leading.is_match(national),
            _ => plan.gives_out(national),
        })
        .filter(|plan| plan.gives_out(national))
}

impl Plan {
    /// The metadata, for formatting.
    pub(super) fn meta(&self) -> &'static Metadata {
        self.meta
    }

    /// The region, `None` for a code that belongs to none.
    pub(super) fn region(&self) -> Option<Region> {
        Region::from_code(self.meta.id())
    }

    /// The country code.
    pub(super) fn code(&self) -> u16 {
        self.meta.country_code()
    }

    /// Compiles what reading needs, so that the first call does not wait for it.
    pub(super) fn warm(&self) {
        self.reading();
        self.given_out();
    }

    /// The digits behind the country's own way of dialling abroad (`00`, `011`), when the text begins with it.
    pub(super) fn behind_idd<'t>(&self, digits: &'t str) -> Option<&'t str> {
        let found = self.reading().idd.as_ref()?.find(digits)?;
        let rest = &digits[found.end()..];
        (!rest.is_empty() && !rest.starts_with('0')).then_some(rest)
    }

    /// The number that national digits mean, with or without the trunk prefix. When nothing fits, what is left
    /// after a literal trunk prefix: numbers of older plans stay readable, the same from inside and outside.
    pub(super) fn significant(&self, digits: &str) -> Significant {
        let number = |national: &str, repaired| Significant {
            code: self.code(),
            national: national.to_owned(),
            repaired,
        };
        let stripped = self.strip_abolished(digits).or_else(|| self.strip_trunk(digits));
        if let Some((stripped, repaired)) = stripped.filter(|(stripped, _)| self.has_length_of_a_number(stripped)) {
            return number(&stripped, repaired);
        }
        let literal = self
            .meta
            .national_prefix()
            .and_then(|prefix| digits.strip_prefix(prefix));
        match literal.filter(|rest| rest.len() >= MIN_NATIONAL_DIGITS && !self.is_viable(digits)) {
            Some(rest) => number(rest, false),
            None => number(digits, false),
        }
    }

    /// The number behind the own country code without a plus (`4930…` in Germany): when the digits as they stand are no
    /// number here (libphonenumber's rule), or are longer than national numbers get without a trunk prefix.
    pub(super) fn behind_own_code(&self, digits: &str) -> Option<Significant> {
        let rest = digits.strip_prefix(&self.code().to_string())?;
        let (potential, _) = self.strip_trunk(rest).unwrap_or_else(|| (rest.to_owned(), false));
        let better = !self.is_viable(digits) || digits.len() >= LONG_NATIONAL_DIGITS;
        (better && self.is_viable(&potential) || self.fit(digits) == Fit::TooLong).then(|| self.significant(rest))
    }

    /// Is the country code what the country dials before its own numbers too, as in North America?
    pub(super) fn dials_its_code(&self) -> bool {
        self.meta.national_prefix() == Some(self.code().to_string().as_str())
    }

    /// What is dialled before area codes inside the country, `0` in most.
    pub(super) fn trunk_prefix(&self) -> Option<&str> {
        self.meta.national_prefix()
    }

    /// The number behind `00` and the own country code. Brazil dials a carrier's two digits behind `00`, and 55 is one:
    /// `0055 51…` is nobody's call to Peru.
    pub(super) fn behind_own_idd(&self, digits: &str) -> Option<Significant> {
        let rest = digits.strip_prefix("00")?.strip_prefix(&self.code().to_string())?;
        let number = self.significant(rest);
        self.gives_out(&number.national).then_some(number)
    }

    /// Do the digits look like a number of this plan?
    pub(super) fn is_viable(&self, national: &str) -> bool {
        self.reading()
            .general
            .as_ref()
            .is_some_and(|general| general.is_match(national))
    }

    fn gives_out(&self, national: &str) -> bool {
        self.is_viable(national) && self.given_out().is_some_and(|kinds| kinds.is_match(national))
    }

    /// What is left without the trunk prefix, and whether more than that prefix changed. `None`: nothing to strip.
    fn strip_trunk(&self, digits: &str) -> Option<(String, bool)> {
        let captures = self.reading().trunk.as_ref()?.captures(digits)?;
        let matched = captures.get(0)?;
        let rest = &digits[matched.end()..];
        let last = captures.get(captures.len() - 1).filter(|_| captures.len() > 1);
        let stripped = match (self.meta.national_prefix_transform_rule(), last) {
            (Some(rule), Some(_)) => {
                let mut moved = String::new();
                captures.expand(rule, &mut moved);
                moved + rest
            }
            _ => rest.to_owned(),
        };
        if matched.is_empty() || (self.is_viable(digits) && !self.is_viable(&stripped)) {
            return None;
        }
        let plainly = self
            .meta
            .national_prefix()
            .and_then(|prefix| digits.strip_prefix(prefix));
        let repaired = plainly != Some(&stripped);
        Some((stripped, repaired))
    }

    /// What is left without a prefix that the plan has abolished.
    fn strip_abolished(&self, digits: &str) -> Option<(String, bool)> {
        let (code, prefixes, length) = MEXICO;
        let mut rests = prefixes.iter().filter_map(|prefix| digits.strip_prefix(prefix));
        let rest = rests.find(|rest| self.code() == code && rest.len() == length)?;
        Some((rest.to_owned(), true))
    }

    fn has_length_of_a_number(&self, national: &str) -> bool {
        matches!(self.fit(national), Fit::Possible | Fit::TooLong)
    }

    fn fit(&self, national: &str) -> Fit {
        let Reading {
            lengths, local_lengths, ..
        } = self.reading();
        let length = national.len();
        match (lengths.first(), lengths.last()) {
            _ if local_lengths.contains(&length) => Fit::LocalOnly,
            _ if lengths.contains(&length) => Fit::Possible,
            (Some(&least), _) if length < least => Fit::TooShort,
            (_, Some(&most)) if length > most => Fit::TooLong,
            _ => Fit::Odd,
        }
    }

    fn reading(&self) -> &Reading {
        self.reading.get_or_init(|| Reading::of(self.meta))
    }

    fn given_out(&self) -> Option<&Regex> {
        let kinds = || {
            kinds(self.meta)
                .map(|kind| kind.national_number().as_str())
                .collect::<Vec<_>>()
                .join("|")
        };
        self.given_out.get_or_init(|| compile(&kinds(), "$")).as_ref()
    }
}

/// How a length fits a plan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Possible,
    LocalOnly,
    TooShort,
    TooLong,
    /// Between the shortest and the longest, and not given out.
    Odd,
}

impl Reading {
    fn of(meta: &Metadata) -> Self {
        let mut lengths: Vec<usize> = kinds(meta)
            .flat_map(|k| k.possible_length())
            .map(|&l| l.into())
            .collect();
        lengths.sort_unstable();
        lengths.dedup();
        let mut local_lengths: Vec<usize> = kinds(meta)
            .flat_map(|k| k.possible_local_length())
            .map(|&l| l.into())
            .collect();
        local_lengths.retain(|length| !lengths.contains(length));
        let trunk = meta
            .national_prefix_for_parsing()
            .map(|p| p.as_str())
            .or(meta.national_prefix());
        Reading {
            general: compile(meta.descriptors().general().national_number().as_str(), "$"),
            leading: meta.leading_digits().and_then(|p| compile(p.as_str(), "")),
            trunk: trunk.and_then(|p| compile(p, "")),
            idd: meta.international_prefix().and_then(|p| compile(p.as_str(), "")),
            lengths,
            local_lengths,
        }
    }
}

/// The kinds of number that a plan gives out.
fn kinds(meta: &Metadata) -> impl Iterator<Item = &phonenumber::metadata::Descriptor> {
    let of = meta.descriptors();
    [
        of.fixed_line(),
        of.mobile(),
        of.toll_free(),
        of.premium_rate(),
        of.shared_cost(),
        of.personal_number(),
        of.voip(),
        of.pager(),
        of.uan(),
        of.voicemail(),
    ]
    .into_iter()
    .flatten()
}

/// A metadata pattern anchored at the start and, with `end` = `$`, at the end. ASCII digits alone: texts are folded
/// before they get here, and the Unicode digit class makes each program many times larger.
fn compile(pattern: &str, end: &str) -> Option<Regex> {
    let ascii = pattern.replace(r"\d", "[0-9]");
    RegexBuilder::new(&format!("^(?:{ascii}){end}"))
        .ignore_whitespace(true)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_every_plan_compiles() {
        let plans: Vec<&Plan> = PLANS.by_code.values().flatten().collect();
        assert_eq!(plans.len(), 254);
        for plan in plans {
            let reading = plan.reading();
            assert!(
                reading.general.is_some() && plan.given_out().is_some(),
                "{}",
                plan.meta.id()
            );
            assert_eq!(
                reading.trunk.is_some(),
                plan.meta.national_prefix_for_parsing().is_some() || plan.meta.national_prefix().is_some()
            );
            assert_eq!(reading.idd.is_some(), plan.meta.international_prefix().is_some());
            assert!(!reading.lengths.is_empty(), "{}", plan.meta.id());
        }
    }

    #[test]
    fn every_region_has_a_plan() {
        for &region in Region::all() {
            assert_eq!(of_region(region).and_then(Plan::region), Some(region));
        }
    }
}
