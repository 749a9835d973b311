//! How a caller was looked up, as the trace shows it. Pure, over what was found.

use super::identify::Found;
use crate::call::{Call, Line};
use crate::matching::Tried;
use crate::number::{self, CallerId, Given};
use crate::pop::view::{
    CustomerView, Grade, GuardView, LookedView, PopView, ReadAs, ReadingView, ReasonView, SilencedView, TracedCandidate,
};

/// The lookup of the other side of `call`. While what they owe is `covered`, it does not say that advice is paused because
/// they owe it.
pub(super) fn view(call: &Call, lines: &[Line], found: &Found, covered: bool) -> LookedView {
    let how = &found.how;
    let country = super::identify::key_of(&how.caller).and_then(number::country);
    let country = country.map(|region| region.code().to_owned());
    let candidates: Vec<TracedCandidate> = how
        .reasons
        .iter()
        .filter_map(|(reference, reason, ext)| {
            let (customer, grade) = named(&found.pop, &reference.0)?;
            Some(TracedCandidate {
                customer: customer.clone(),
                grade,
                reason: ReasonView {
                    code: *reason,
                    country: country.clone(),
                },
                ext: ext.clone(),
            })
        })
        .collect();
    let withheld = how.caller == CallerId::Withheld;
    let came = call.other_side(lines).number;
    LookedView {
        number: (!withheld && !came.is_empty()).then_some(came),
        region: how.region.map(|region| region.code().to_owned()),
        readings: readings(&how.caller, &how.tried),
        unreadable: match &how.caller {
            CallerId::Unreadable(_, why) => Some((*why).into()),
            CallerId::Withheld | CallerId::Extension(_) | CallerId::Number(_) => None,
        },
        verdict: found.pop.verdict,
        more: u32::try_from(how.holders.saturating_sub(candidates.len())).unwrap_or(u32::MAX),
        candidates,
        chosen: how.chosen,
        silenced: silenced(found, covered),
        guards_off: how.guards_off.clone(),
    }
}

fn silenced(found: &Found, covered: bool) -> Vec<SilencedView> {
    let mut silenced = found.silenced();
    silenced.retain(|one| !covered || one.guard != GuardView::Overdue);
    silenced
}

/// What was looked up, in order; an extension is not.
fn readings(caller: &CallerId, tried: &[Tried]) -> Vec<ReadingView> {
    if let CallerId::Extension(ext) = caller {
        return vec![ReadingView {
            number: ext.clone(),
            read_as: ReadAs::Extension,
            holders: 0,
        }];
    }
    let reading = |tried: &Tried| ReadingView {
        number: tried.reading.number.key.to_string(),
        read_as: read_as(tried.reading.number.given),
        holders: u32::try_from(tried.holders).unwrap_or(u32::MAX),
    };
    tried.iter().map(reading).collect()
}

fn read_as(given: Given) -> ReadAs {
    match given {
        Given::International => ReadAs::International,
        Given::National => ReadAs::National,
        Given::Repaired => ReadAs::Repaired,
        Given::NoArea => ReadAs::NoArea,
        Given::NoZero => ReadAs::NoZero,
        Given::NoNinth => ReadAs::NoNinth,
        Given::NoCountry => ReadAs::NoCountry,
        Given::Outside => ReadAs::Outside,
    }
}

/// The customer of that name in what the panel shows, and the grade.
fn named<'a>(pop: &'a PopView, reference: &str) -> Option<(&'a CustomerView, Grade)> {
    let one = pop.customer.iter().filter_map(|customer| Some((customer, pop.grade?)));
    let several = pop.candidates.iter().map(|one| (&one.customer, one.grade));
    one.chain(several).find(|(customer, _)| customer.reference == reference)
}
