//! Who of those who share a number stands first. Pure.

use chrono::{DateTime, Utc};

use super::view::{CandidateView, ChosenView, Grade, WhyView};
use super::{Known, customer_view};
use crate::customer::Customer;

/// How many who share a number are named.
const CANDIDATES: usize = 10;

/// One of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Who.
    pub customer: Customer,
    /// How the number matched.
    pub grade: Grade,
    /// Why that grade.
    pub why: Option<WhyView>,
    /// When they last bought or called.
    pub last_contact: Option<DateTime<Utc>>,
    /// That they were chosen at earlier calls of this number.
    pub chosen: Option<ChosenView>,
    /// How many of their tickets are open.
    pub open_tickets: u32,
}

impl Candidate {
    /// The one whom a number only hints at.
    pub(super) fn of(known: Known) -> Self {
        let dossier = known.dossier;
        Candidate {
            last_contact: dossier.orders.first().map(|order| order.at),
            chosen: None,
            open_tickets: u32::try_from(dossier.tickets.len()).unwrap_or(u32::MAX),
            customer: dossier.customer,
            grade: known.grade,
            why: known.why,
        }
    }
}

/// The company itself first, then people: whoever was chosen last for this number, then by the latest contact, by what
/// is open, and by the reference, so that nobody changes place without a reason.
pub(super) fn ranked(mut several: Vec<Candidate>) -> Vec<CandidateView> {
    let companies: Vec<String> = several.iter().filter_map(Candidate::company_of_a_person).collect();
    several.sort_by_cached_key(|one| {
        let is_company = one.customer.name.is_empty() && companies.contains(&one.customer.company.to_lowercase());
        std::cmp::Reverse((
            is_company,
            one.chosen.as_ref().map(|chosen| chosen.at),
            one.last_contact,
            one.open_tickets,
            std::cmp::Reverse(one.customer.reference.clone()),
        ))
    });
    several.truncate(CANDIDATES);
    several.into_iter().map(view).collect()
}

impl Candidate {
    fn company_of_a_person(&self) -> Option<String> {
        let Customer { name, company, .. } = &self.customer;
        (!name.is_empty() && !company.is_empty()).then(|| company.to_lowercase())
    }
}

fn view(one: Candidate) -> CandidateView {
    CandidateView {
        customer: customer_view(&one.customer),
        grade: one.grade,
        why: one.why,
        last_contact: one.last_contact,
        chosen: one.chosen,
        open_tickets: one.open_tickets,
    }
}
