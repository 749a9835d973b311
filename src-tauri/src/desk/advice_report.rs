//! How well advice does in this shop, by its own past and by what was offered.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::advise::{HEEDED_FOR, answer, day, offered};
use crate::advisor::Advice;
use crate::advisor::relation::Segment;
use crate::advisor::report::{OfferTo, Report, report};
use crate::customer::CustomerRef;
use crate::directory::{Directory, DirectoryError, Reading, Snapshot};
use crate::journal::{Journal, JournalError, Offer};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NoAdviceReport {
    /// The purchases cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// What was offered cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Learns from all purchases, which takes seconds, and reports. A shop without purchases has a report in which all is silent.
///
/// # Errors
/// When the cache or the journal cannot be read.
pub fn advice_report(
    directory: &mut Directory,
    journal: &Journal,
    now: DateTime<Utc>,
) -> Result<Report, NoAdviceReport> {
    let offers = journal.offers_since(now - HEEDED_FOR)?;
    directory.heed(offers.iter().filter_map(offered));
    directory.learn()?;
    let reading = directory.read()?;
    let Some(learnt) = reading.snapshot() else {
        return Ok(report(&Advice::default(), &[]));
    };
    let segments = segments(&reading, learnt, &offers, now)?;
    let known = offers
        .iter()
        .filter_map(|offer| Some((offer, offer.customer.as_ref()?)));
    let offers: Vec<OfferTo<'_>> = known
        .map(|(offer, customer)| OfferTo {
            customer: &customer.0,
            segment: segments.get(customer).copied().flatten(),
            said: answer(offer).said,
        })
        .collect();
    Ok(report(&learnt.advice, &offers))
}

/// The segment of everybody who was offered something.
fn segments(
    reading: &Reading<'_>,
    learnt: &Snapshot,
    offers: &[Offer],
    now: DateTime<Utc>,
) -> Result<HashMap<CustomerRef, Option<Segment>>, DirectoryError> {
    let mut segments = HashMap::new();
    for customer in offers.iter().filter_map(|offer| offer.customer.as_ref()) {
        if segments.contains_key(customer) {
            continue;
        }
        let segment = match reading.by_reference(customer)? {
            Some(known) => {
                let (_, purchases) = reading.history(known.id)?;
                let relation = learnt.relations.of(&purchases, day(now));
                relation.and_then(|relation| relation.segment)
            }
            None => None,
        };
        segments.insert(customer.clone(), segment);
    }
    Ok(segments)
}
