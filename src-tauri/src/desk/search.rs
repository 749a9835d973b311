//! Customers that fit what an agent has typed so far: of the sources, and made by agents.

use super::identify::Identify;
use super::request::DeskError;
use super::state::Desk;
use super::words::{made_customer, told};
use crate::directory::{self, DirectoryError, Hit, Matched};
use crate::journal::{Created, Journal};
use crate::number::{self, Key};
use crate::pop;
use crate::pop::view::{HitBy, HitView};

/// How many customers are offered.
const HITS: usize = 8;
/// Fewer digits are anybody's number.
const LEAST_DIGITS: usize = 3;

impl Desk {
    pub(super) fn search(&mut self, typed: &str) -> Result<Vec<HitView>, DeskError> {
        let mut hits = made(&self.journal, typed);
        hits.extend(self.identify.search(typed, HITS).map_err(DeskError::Directory)?);
        hits.truncate(HITS);
        Ok(hits)
    }
}

impl Identify {
    /// Customers of the sources that fit what has been typed so far.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn search(&mut self, typed: &str, limit: usize) -> Result<Vec<HitView>, DirectoryError> {
        let hits = self.directory.read()?.search(typed, limit)?;
        Ok(hits.into_iter().map(of_source).collect())
    }
}

/// Customers that agents made are few: all of them are looked at, the newest first.
fn made(journal: &Journal, typed: &str) -> Vec<HitView> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    let made = told(journal.all_created()).into_iter();
    made.filter_map(|created| of_desk(journal, created, typed))
        .take(HITS)
        .collect()
}

fn of_desk(journal: &Journal, created: Created, typed: &str) -> Option<HitView> {
    let card = &created.card;
    let texts = [
        (HitBy::Name, &card.name),
        (HitBy::Company, &card.company),
        (HitBy::Email, &card.email),
    ];
    let all = [card.name.as_str(), &card.company, &card.email].join(" ");
    let by_text = directory::fits(typed, &all).then(|| {
        let fit = texts.iter().find(|(_, text)| directory::fits(typed, text));
        let (by, text) = fit.unwrap_or(&texts[0]);
        (*by, (*text).clone())
    });
    let by_number = || {
        let numbers = told(journal.numbers_of(&created.reference));
        let number = numbers.into_iter().find(|number| has(*number, typed))?;
        Some((HitBy::Number, number::display(number)))
    };
    let (by, text) = by_text.or_else(by_number)?;
    Some(HitView {
        customer: pop::customer_view(&made_customer(created)),
        by,
        text,
    })
}

/// Whether the typed digits stand in the number, without what is dialled before it at home.
fn has(number: Key, typed: &str) -> bool {
    let is_between = |c: char| c.is_whitespace() || "+-./()".contains(c);
    let digits: String = typed.chars().filter(|c| !is_between(*c)).collect();
    let digits = digits.trim_start_matches('0');
    digits.len() >= LEAST_DIGITS && number.get().to_string().contains(digits)
}

fn of_source(hit: Hit) -> HitView {
    let by = match hit.matched {
        Matched::Name => HitBy::Name,
        Matched::Company => HitBy::Company,
        Matched::Number => HitBy::Number,
        Matched::Email => HitBy::Email,
        Matched::Order => HitBy::Order,
    };
    HitView {
        customer: pop::customer_view(&hit.customer),
        by,
        text: hit.text,
    }
}
