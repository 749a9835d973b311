//! How a caller was looked up, as the trace shows it. Pure, over what was found.

use super::identify::Found;
use crate::call::{Call, Line};
use crate::matching::Reason;
use crate::number::{CallerId, Given};
use crate::pop::view::{CustomerView, Grade, GradeReason, LookedView, PopView, ReadAs, ReadingView, TracedCandidate};

/// The lookup of the other side of `call`.
pub(super) fn view(call: &Call, lines: &[Line], found: &Found) -> LookedView {
    let how = &found.how;
    let candidates: Vec<TracedCandidate> = how
        .reasons
        .iter()
        .filter_map(|(reference, reason, ext)| {
            let (customer, grade) = named(&found.pop, &reference.0)?;
            Some(TracedCandidate {
                customer: customer.clone(),
                grade,
                reason: reason_view(*reason),
                ext: ext.clone(),
            })
        })
        .collect();
    let withheld = how.caller == CallerId::Withheld;
    let came = call.other_side(lines).number;
    LookedView {
        number: (!withheld && !came.is_empty()).then_some(came),
        region: how.region.map(|region| region.code().to_owned()),
        readings: reading(&how.caller, how.holders).into_iter().collect(),
        unreadable: match &how.caller {
            CallerId::Unreadable(_, why) => Some((*why).into()),
            CallerId::Withheld | CallerId::Extension(_) | CallerId::Number(_) => None,
        },
        verdict: found.pop.verdict,
        more: u32::try_from(how.holders.saturating_sub(candidates.len())).unwrap_or(u32::MAX),
        candidates,
        chosen: how.chosen,
    }
}

fn reading(caller: &CallerId, holders: usize) -> Option<ReadingView> {
    let (number, read_as) = match caller {
        CallerId::Withheld | CallerId::Unreadable(..) => return None,
        CallerId::Extension(ext) => (ext.clone(), ReadAs::Extension),
        CallerId::Number(number) => {
            let read_as = match number.given {
                Given::International => ReadAs::International,
                Given::National => ReadAs::National,
            };
            (number.key.to_string(), read_as)
        }
    };
    Some(ReadingView {
        number,
        read_as,
        holders: u32::try_from(holders).unwrap_or(u32::MAX),
    })
}

/// The customer of that name in what the panel shows, and the grade.
fn named<'a>(pop: &'a PopView, reference: &str) -> Option<(&'a CustomerView, Grade)> {
    let one = pop.customer.iter().filter_map(|customer| Some((customer, pop.grade?)));
    let several = pop.candidates.iter().map(|one| (&one.customer, one.grade));
    one.chain(several).find(|(customer, _)| customer.reference == reference)
}

fn reason_view(reason: Reason) -> GradeReason {
    match reason {
        Reason::BothInternational => GradeReason::BothInternational,
        Reason::StoredNational => GradeReason::StoredNational,
        Reason::CallerNational => GradeReason::CallerNational,
        Reason::BothNational => GradeReason::BothNational,
    }
}
